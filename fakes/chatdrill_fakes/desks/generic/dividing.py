"""One account at a declared desk that several workers hold: which calls are whose, by the places that the file names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chatdrill.wire import HttpRequest, read_arguments
from chatdrill_fakes.desks.generic.spec import Ask
from chatdrill_fakes.desks.generic.state import GenericState
from chatdrill_fakes.families.declared.ids import ID_NAMES
from chatdrill_fakes.families.declared.places import find as find_place
from chatdrill_fakes.families.declared.values import word_of
from chatdrill_fakes.families.desks.dividing import own_mark

_NAMED = ("ticket", "message")


def owner_of(state: GenericState, request: HttpRequest) -> str | None:
    """See ``chatdrill.wire.doors.Divisible``. An id that does not end in what counts says nothing: the workers are asked."""
    asks = (None, *state.spec.requests)  # the first route is that of the files
    for route, ask in zip(state.routes, asks, strict=True):
        found = route.pattern.fullmatch(request.path) if route.method == request.method else None
        if found is not None:
            return _owner(state, ask, request, found.groupdict())
    return None


def _owner(state: GenericState, ask: Ask | None, request: HttpRequest, params: Mapping[str, str]) -> str | None:
    if ask is None:
        return params.get("key")
    for kind, id in _named(ask, request, params):
        if kind == "ticket" and id in state.tickets:
            return own_mark(state)
        if state.spec.ids[kind].endswith(tuple(f"{{{name}}}" for name in ID_NAMES)):
            return id
    return None


def _named(ask: Ask, request: HttpRequest, params: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    values = read_arguments(request).values
    for kind in _NAMED:
        place = ask.read.get(kind)
        id = word_of(find_place(place, values, request, params)) if isinstance(place, str) else None
        if id is not None:
            yield kind, id
