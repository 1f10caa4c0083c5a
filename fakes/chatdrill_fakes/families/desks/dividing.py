"""One account at a desk that several workers hold: whose a call is, read off the desk's table of routes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chatdrill.wire import DeskState, HttpRequest, read_arguments
from chatdrill.wire.doors import EVERY_DOOR
from chatdrill_fakes.families.desks.routing import Route, find

S = TypeVar("S", bound=DeskState[Any])
Known = Callable[[S, str], bool]


@dataclass(frozen=True)
class Division(Generic[S]):
    """How calls name what a worker has handed out.

    ``owned`` matches the paths of routes (with their braces) whose variable parts ``params`` are such ids, the first one that
    is there; ``fields`` are arguments that hold one (``from.id``: in an object, or in the first object of a list). ``shared``
    matches the paths by which the account itself is changed. ``known`` says whether this worker knows a word that the
    bot chose by itself; ``words`` are the variable parts that hold one.
    """

    routes: Sequence[Route]
    owned: re.Pattern[str]
    params: tuple[str, ...]
    fields: tuple[str, ...]
    shared: re.Pattern[str]
    words: tuple[str, ...] = ()
    known: Known[S] | None = None

    def owner_of(self, state: S, request: HttpRequest) -> str | None:
        """See ``chatdrill.wire.doors.Divisible``."""
        found = find(self.routes, request.method, request.path)
        if found is None:
            return None
        route, params = found
        if self.owned.match(route.path):
            named = next((params[name] for name in self.params if name in params), None)
            if named is not None:
                return named
        if request.method != "GET" and self.shared.match(route.path):
            return EVERY_DOOR
        if self.known is not None and any(self.known(state, params[word]) for word in self.words if word in params):
            return state.chance.marked("00")  # nothing but the mark of this worker
        return next(self._in_arguments(request), None)

    def _in_arguments(self, request: HttpRequest) -> Iterator[str]:
        if not self.fields:
            return
        values = read_arguments(request).values
        for name in self.fields:
            found = _inside(values, name.split("."))
            if isinstance(found, str | int) and not isinstance(found, bool) and found != "":
                yield str(found)


def _inside(value: object, path: Sequence[str]) -> object:
    for name in path:
        if isinstance(value, list):
            value = value[0] if value else None
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


class Divided(Generic[S]):
    """What a desk needs beside its ``division``: its files lie in tickets, so none is borrowed."""

    # The contract fixes the arguments.
    # ruff: noqa: ARG002

    division: Division[S]

    def owner_of(self, state: S, request: HttpRequest) -> str | None:
        """Whose call this is, where several workers hold the account."""
        return self.division.owner_of(state, request)

    def borrows(self, state: S, request: HttpRequest) -> Sequence[str]:
        """Nothing."""
        return ()

    def lend(self, state: S, id: str) -> bytes | None:
        """Nothing."""
        return None

    def borrow(self, state: S, loan: bytes) -> None:
        """Never asked for."""
