"""One call of the bot while it is being answered, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from chatdrill.model import Effect
from chatdrill.wire import Exchange, Fetch, Later, Upload

from .state import Shared

S_co = TypeVar("S_co", bound=Shared, covariant=True)


class Asked(msgspec.Struct, Generic[S_co]):
    """A call whose path and token were found good. ``node`` is the id in its path, ``values`` its arguments."""

    state: S_co
    exchange: Exchange
    node: str
    version: str | None
    values: Mapping[str, Any]
    files: Mapping[str, Upload]

    @property
    def now(self) -> float:
        """The listener's clock; a chat may be ahead of it."""
        return self.exchange.now

    @property
    def chat(self) -> Any:
        """The chat whose id stands in the path."""
        return self.state.chats[self.node]


class Answered(msgspec.Struct):
    """The answer's JSON ``value``, or a ``wait`` for what must be read before. ``note`` goes into the trace."""

    value: Any = None
    effects: tuple[Effect, ...] = ()
    later: tuple[Later, ...] = ()
    wait: Fetch | None = None
    note: str | None = None


Handler = Callable[[Asked[Any]], Answered]
Endpoint = tuple[str, str, Handler]
"""An edge of a node, a method, and what answers it."""
Detail = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Route:
    """A method of the API.

    ``token`` says whose token it wants (``page``, ``app``, ``any`` or ``none``); ``detail`` words the call's kind for the trace;
    ``partial`` what is missing.
    """

    name: str
    handler: Handler
    token: str = "page"
    detail: Detail | None = None
    partial: str | None = None


def success() -> Answered:
    """``{"success": true}``"""
    return Answered({"success": True})
