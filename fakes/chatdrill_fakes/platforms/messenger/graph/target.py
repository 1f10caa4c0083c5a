"""What a path means: the node it names, the edge below that, and the method that belongs to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chatdrill_fakes.families import meta
from chatdrill_fakes.families.meta import GraphError

from ..state import MessengerState
from .call import Route
from .routes import PLACES, REFUSED, ROUTES
from .stickers import PACKS

_ID = re.compile(r"\d{5,30}(_\d{1,30}){0,2}|[mt]_[\w$:.=-]+|mid\.[\w$:.=-]+")
_ROOTS = ("debug_token", "sticker_packs", "sticker_search", "oauth", "search")


@dataclass(slots=True)
class Target:
    """``place`` is the kind of node (empty for what nobody knows), ``node`` its id."""

    place: str
    node: str
    edge: str
    method: str
    route: Route | None

    @classmethod
    def find(cls, state: MessengerState, segments: tuple[str, ...], method: str) -> Target:
        """Look a path up among the account's nodes and the routes."""
        place, node, edge = locate(state, segments)
        return cls(place, node, edge, method, ROUTES.get((place, edge, method)))

    def name(self, values: Mapping[str, Any]) -> str:
        """The call's name in the trace."""
        if self.route is None:
            return f"{self.method} {PLACES.get(self.place, '/{id}')}{'/' + self.edge[:60] if self.edge else ''}"
        return self.route.name if self.route.detail is None else f"{self.route.name} {self.route.detail(values)}"

    @property
    def support(self) -> Literal["supported", "partial", "refused", "unknown"]:
        """How far chatdrill emulates the call."""
        if self.route is not None:
            return self.route.support
        if (self.place, self.edge) in REFUSED:
            return "refused"
        return "supported" if self._is_foreign else "unknown"

    @property
    def is_unknown(self) -> bool:
        """True for a path without a route that Meta does not have either; no token is needed to see that."""
        return not (self._is_foreign or (self.place, self.edge) in REFUSED or self._has_other_methods)

    @property
    def note(self) -> str | None:
        """Why it is emulated in part, or not at all."""
        return REFUSED.get((self.place, self.edge)) if self.route is None else self.route.partial

    @property
    def _is_foreign(self) -> bool:
        """True for a well-formed id that is not this account's: that it does not exist is the whole answer."""
        return not self.place and _ID.fullmatch(self.node) is not None

    @property
    def _has_other_methods(self) -> bool:
        return any(known[:2] == (self.place, self.edge) for known in ROUTES)

    def problem(self) -> GraphError:
        """What Meta answers for a path it does not have; one that chatdrill leaves out says so."""
        if (self.place, self.edge) in REFUSED:
            return meta.not_emulated(f"{self.method} {PLACES[self.place]}/{self.edge} ({self.note})")
        if self._is_foreign or self._has_other_methods:
            return meta.unknown_object(self.node or "me", self.method)
        return GraphError(2500, f"Unknown path components: /{self.edge or self.node}")


def locate(state: MessengerState, segments: tuple[str, ...]) -> tuple[str, str, str]:
    """The kind of the node in a path, its id, and the edge below it."""
    if not segments:
        return "root", "", ""
    first, rest = segments[0], "/".join(segments[1:])
    if first in ("me", state.page_id):
        return "page", state.page_id, rest
    if first in state.chats:
        return "user", first, rest
    if first == "sticker_packs" and len(segments) > 1 and segments[1] in PACKS:
        return "pack", segments[1], "/".join(segments[2:])
    if first in _ROOTS:
        return "root", "", first if first == "oauth" else "/".join(segments)
    return _kind(state, first), first, rest


def _kind(state: MessengerState, node: str) -> str:
    """What an id belongs to. Messages and conversations go with their chat, which the harness may have closed."""
    if state.mids.get(node) in state.chats:
        return "message"
    if state.threads.get(node) in state.chats:
        return "conversation"
    if node == state.app_id:
        return "app"
    return "persona" if node in state.personas else "label" if node in state.labels else ""
