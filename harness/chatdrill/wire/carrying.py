"""What a service may be able to do beside sending the same webhook again to one address: WebSockets, and stamps of redelivery."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

from chatdrill.wire.contract import Service
from chatdrill.wire.http import HttpFailure, HttpRequest, HttpResponse
from chatdrill.wire.sockets import Data, Heard
from chatdrill.wire.state import ChannelState, Update

S = TypeVar("S", bound=ChannelState[Any])


@runtime_checkable
class Conversing(Service[S], Protocol[S]):
    """A service to which a bot opens WebSockets: ``handle`` answers the handshake by ``Handled.accept``, ``request`` may give a
    ``SocketMessage``."""

    def hears(self, state: S, socket: str, data: Data, now: float) -> Heard:
        """What the bot said over a socket. Never raises for anything a bot may say."""

    def hung_up(self, state: S, socket: str, code: int, now: float) -> None:
        """A socket is closed, by whichever side; ``code`` is the closing code, 1006 where none came."""


@runtime_checkable
class Resending(Service[S], Protocol[S]):
    """A service whose redeliveries are not the same byte by byte: they say that they are some, or have a date and a proof of their own."""

    def again(
        self,
        state: S,
        updates: Sequence[Update],
        request: HttpRequest,
        answer: HttpResponse | HttpFailure,
        number: int,
        now: float,
    ) -> HttpRequest:
        """``request`` as it goes out for the ``number``-th time (from 2 on), after the bot's last ``answer``: of the
        same updates to the same path."""
