"""What a path means: the node it names, the edge below that, and the method that belongs to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from chatdrill_fakes.families import meta
from chatdrill_fakes.families.meta import GraphError

from .call import Detail, Endpoint, Handler, Route
from .state import Shared

Key = tuple[str, str, str]
"""The kind of the node in a path, the edge below it and the HTTP method."""


@dataclass(frozen=True, slots=True)
class Api:
    """Every path of a product.

    ``places`` are the kinds of nodes and how a call's name shows them (``/me``, ``/{psid}``); ``refused`` has the edges that Meta
    has and chatdrill does not emulate, and why; ``locate`` finds the kind of the node in a path, its id, and the edge
    below it. ``missing`` says what is missing in calls that a route's ``detail`` names, ``ids`` how ids look.
    """

    places: Mapping[str, str]
    routes: Mapping[Key, Route]
    refused: Mapping[tuple[str, str], str]
    missing: Mapping[str, str]
    locate: Callable[[Any, tuple[str, ...]], tuple[str, str, str]]
    ids: re.Pattern[str]


def route(
    places: Mapping[str, str],
    place: str,
    edge: str,
    method: str,
    handler: Handler,
    *,
    token: str = "page",
    detail: Detail | None = None,
    partial: str | None = None,
) -> tuple[Key, Route]:
    """An entry of ``Api.routes``, named by its path."""
    name = f"{method} {places[place]}{'/' + edge if edge else ''}"
    return (place, edge, method), Route(name, handler, token, detail, partial)


def below(
    places: Mapping[str, str], place: str, endpoints: Iterable[Endpoint], *, token: str = "page"
) -> Iterator[tuple[Key, Route]]:
    """Entries for edges of one kind of node that every product has."""
    return (route(places, place, edge, method, handler, token=token) for edge, method, handler in endpoints)


class Target(msgspec.Struct):
    """``place`` is the kind of node (empty for what nobody knows), ``node`` its id."""

    api: Api
    place: str
    node: str
    edge: str
    method: str
    route: Route | None

    @classmethod
    def find(cls, api: Api, state: Shared, segments: tuple[str, ...], method: str) -> Target:
        """Look a path up among the account's nodes and the routes."""
        place, node, edge = api.locate(state, segments)
        return cls(api, place, node, edge, method, api.routes.get((place, edge, method)))

    def told(self, values: Mapping[str, Any]) -> tuple[str, str | None]:
        """The call's name in the trace, and what it lacks."""
        route = self.route
        if route is None:
            edge = f"/{self.edge[:60]}" if self.edge else ""
            return f"{self.method} {self.api.places.get(self.place, '/{id}')}{edge}", self.note
        if route.detail is None:
            return route.name, route.partial
        kind = route.detail(values)
        return f"{route.name} {kind}", self.api.missing.get(kind) or route.partial

    def support(self, lacks: str | None) -> Literal["supported", "partial", "refused", "unknown"]:
        """How far chatdrill emulates the call, of which it ``lacks`` something, or nothing."""
        if self.route is not None:
            return "supported" if lacks is None else "partial"
        if (self.place, self.edge) in self.api.refused:
            return "refused"
        return "supported" if self._is_foreign else "unknown"

    @property
    def is_unknown(self) -> bool:
        """True for a path without a route that Meta does not have either; no token is needed to see that."""
        return not (self._is_foreign or (self.place, self.edge) in self.api.refused or self._has_other_methods)

    @property
    def note(self) -> str | None:
        """Why it is emulated in part, or not at all."""
        return self.api.refused.get((self.place, self.edge)) if self.route is None else self.route.partial

    @property
    def _is_foreign(self) -> bool:
        """True for a well-formed id that is not this account's: that it does not exist is the whole answer."""
        return not self.place and self.api.ids.fullmatch(self.node) is not None

    @property
    def _has_other_methods(self) -> bool:
        return any(known[:2] == (self.place, self.edge) for known in self.api.routes)

    def problem(self) -> GraphError:
        """What Meta answers for a path it does not have; one that chatdrill leaves out says so."""
        if (self.place, self.edge) in self.api.refused:
            return meta.not_emulated(f"{self.method} {self.api.places[self.place]}/{self.edge} ({self.note})")
        if self._is_foreign or self._has_other_methods:
            return meta.unknown_object(self.node or "me", self.method)
        return GraphError(2500, f"Unknown path components: /{self.edge or self.node}")
