"""One account at a desk that several workers hold: whose a call is, read off the desk's table of routes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chatdrill.wire import DeskState, HttpRequest, read_arguments
from chatdrill.wire.doors import EVERY_DOOR
from chatdrill_fakes.families.desks.routing import Route, find
from chatdrill_fakes.families.faces import Unlent

S = TypeVar("S", bound=DeskState[Any])
Known = Callable[[S, str], bool]


@dataclass(frozen=True)
class Division(Generic[S]):
    """How calls name what a worker has handed out.

    ``owned`` matches the paths of routes (with their braces) whose variable parts ``params`` are such ids, the first one that
    is there; ``fields`` are arguments that hold one (``from.id``: in an object, or in the first object of a list). ``shared``
    matches the paths by which the account itself is changed. ``known`` says whether this worker knows a word that the
    bot chose by itself; ``words`` are the variable parts that hold one, or an id, if it has its ``shape``. ``path`` makes of a
    request's path what the table has.
    """

    routes: Sequence[Route]
    owned: re.Pattern[str]
    params: tuple[str, ...]
    fields: tuple[str, ...]
    shared: re.Pattern[str]
    words: tuple[str, ...] = ()
    known: Known[S] | None = None
    shape: re.Pattern[str] | None = None
    path: Callable[[str], str] = str

    def owner_of(self, state: S, request: HttpRequest) -> str | None:
        """See ``chatdrill.wire.doors.Divisible``."""
        found = find(self.routes, request.method, self.path(request.path))
        if found is None:
            return None
        route, params = found
        if self.owned.match(route.path):
            named = next((params[name] for name in self.params if name in params), None)
            if named is not None:
                return named
        if request.method != "GET" and self.shared.match(route.path):
            return EVERY_DOOR
        words = [params[word] for word in self.words if word in params]
        if self.known is not None and any(self.known(state, word) for word in words):
            return own_mark(state)
        if self.shape is not None:
            words = [word for word in words if self.shape.fullmatch(word)]
            if words:
                return words[0]
        return next(self._in_arguments(request), None)

    def _in_arguments(self, request: HttpRequest) -> Iterator[str]:
        if self.fields:
            yield from named_in(read_arguments(request).values, self.fields)


def own_mark(state: DeskState[Any]) -> str:
    """Nothing but the mark of this worker."""
    return state.chance.marked("00")


def named_in(value: object, fields: Iterable[str]) -> Iterator[str]:
    """The texts and numbers that lie at ``fields`` of an object, as text."""
    for name in fields:
        found = inside(value, name.split("."))
        if isinstance(found, str | int) and not isinstance(found, bool) and found != "":
            yield str(found)


def inside(value: object, path: Sequence[str]) -> object:
    """What lies at a path of names in objects, or in the first objects of lists; ``None`` if there is nothing."""
    for name in path:
        if isinstance(value, list):
            value = value[0] if value else None
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


class Divided(Unlent, Generic[S]):
    """What a desk needs beside its ``division``: its files lie in tickets, so none is borrowed."""

    division: Division[S]

    def owner_of(self, state: S, request: HttpRequest) -> str | None:
        """Whose call this is, where several workers hold the account."""
        return self.division.owner_of(state, request)
