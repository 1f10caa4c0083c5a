"""What a courier carries, and where to: lanes of updates, the parcels that are made of them, the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from chatdrill.serve.channel import NOBODY, Account, Role
from chatdrill.serve.errands import Done
from chatdrill.wire import ChannelState, HttpFailure, HttpRequest, HttpResponse, Resending, Service, Update


class Cancellable(Protocol):
    """A request under way."""

    def cancel(self) -> None:
        """Forget it."""


class Bot(Protocol):
    """A way to the bot: over HTTP, or into an application in this process."""

    def start(self, request: HttpRequest, timeout_s: float, done: Done) -> Cancellable:
        """Send a request and call ``done`` when it is over: never before this method has returned."""


_UNWRITTEN = HttpRequest("POST", "")


class Lane:
    """Updates that keep their order. A lane is kept while there are none: the next are not far."""

    __slots__ = ("placed", "queue")

    def __init__(self) -> None:
        self.queue: list[Update] = []  # a deque takes 700 bytes, and nearly always this is empty
        self.placed = False  # in the line of ready lanes, or its parcel is out


class Parcel(msgspec.Struct, eq=False):
    """Updates that travel together, in one request. ``copied``: this attempt is a copy that a fault asked for. ``failed`` is what came
    of the attempt before."""

    updates: Sequence[Update]
    lanes: Sequence[Lane]
    first_at: float
    number: int = 0
    copies: int = 0
    copied: bool = False
    request: HttpRequest = _UNWRITTEN
    url: str | None = None
    note: str | None = None
    failed: HttpResponse | HttpFailure | None = None
    errand: Cancellable | None = None
    wait: asyncio.Task[None] | None = None


def request_of(
    service: Service[Any], state: ChannelState[Any], parcel: Parcel, url: str | None, at: float
) -> HttpRequest:
    """The request of a parcel on its way to ``url``: made once, but for what some vendors say in a redelivery."""
    request = parcel.request if parcel.url == url else service.request(state, parcel.updates, at)
    if parcel.failed is not None and isinstance(service, Resending):
        request = service.again(state, parcel.updates, request, parcel.failed, parcel.number + 1, at)
    return request


def role_of(account: Account[Any], parcel: Parcel) -> Role:
    """Whose all is that is in a parcel; where it is of several cases, no fault of one of them may strike it."""
    roles = {account.role(update.to) for update in parcel.updates}
    if len(roles) == 1:
        return roles.pop()
    cases = {role.case for role in roles}
    return Role(cases.pop()) if len(cases) == 1 else NOBODY
