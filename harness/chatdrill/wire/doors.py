"""What a fake must be able to say before several workers can stand for one bot's account: whose a call is, and what it borrows.

Every worker is a door. The ids that a worker hands out end in its mark (``chatdrill.seeds.DoorStream``), so a call names its
owner by the id of the chat, the message or the file that it is about. All of this is pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

from chatdrill.errors import Unsupported
from chatdrill.seeds import door_of
from chatdrill.wire.contract import Service
from chatdrill.wire.http import HttpRequest
from chatdrill.wire.state import ChannelState, Update

S = TypeVar("S", bound=ChannelState[Any])

EVERY_DOOR = "*"
"""In the place of an id: the call changes what all workers share (a webhook's address, a profile), so all of them must hear it."""

FIRST_DOOR = "*00"
"""In the place of an id: the call fetches what waits at all workers. The first one answers it; the others bring it theirs."""


def one_owner(ids: Iterable[str], what: str) -> str | None:
    """Of several ids in one call the first, if one worker has handed them all out; ``None`` if there are none.

    Raises ``Unsupported``, which names ``what`` the call does, for ids of different workers.
    """
    named = list(ids)
    if len({door_of(id) for id in named}) > 1:
        raise Unsupported(f"{what} is about chats of several workers; to try that, use one worker")
    return named[0] if named else None


@runtime_checkable
class Divisible(Service[S], Protocol[S]):
    """A service whose account several workers can hold together."""

    def owner_of(self, state: S, request: HttpRequest) -> str | None:
        """The id that decides whose call this is: it ends in the owner's mark.

        ``EVERY_DOOR`` for a change of the account itself, ``None`` where any worker can answer. Raises ``Unsupported`` for what
        no worker can answer alone; the text says what to do instead. Changes nothing, and never raises anything else.
        """

    def borrows(self, state: S, request: HttpRequest) -> Sequence[str]:
        """The ids of files that the call names and that this account's part has not."""

    def lend(self, state: S, id: str) -> bytes | None:
        """A file for another worker, or ``None`` if there is none with this id."""

    def borrow(self, state: S, loan: bytes) -> None:
        """Keep what another worker has lent, under the same id."""


@runtime_checkable
class Pollable(Divisible[S], Protocol[S]):
    """A divisible service from which a bot can fetch its updates: ``owner_of`` says ``FIRST_DOOR`` of the call."""

    def wanted(self, state: S) -> list[str]:
        """The kinds of updates that the bot has asked for."""

    def want(self, state: S, kinds: Sequence[str]) -> None:
        """The bot has asked for these at the first worker."""

    def adopt(self, state: S, update: Update) -> Update:
        """Another worker's update under the next id of this one's."""
