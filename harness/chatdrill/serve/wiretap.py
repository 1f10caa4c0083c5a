"""The last exchanges with the bot, byte by byte: what a person wants to see, and to send again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chatdrill.errors import UsageError
from chatdrill.serve.channel import Account
from chatdrill.serve.errands import Outcome
from chatdrill.serve.parcels import Parcel
from chatdrill.serve.scene import Scene
from chatdrill.trace import Attempt, Called
from chatdrill.wire import HttpFailure, HttpRequest, HttpResponse, Update

_KEEP_MAX = 5_000
_KEEP_MAX_BYTES = 64 * 1024 * 1024
BY_HAND_AGAIN = "sent again by hand"


@dataclass(frozen=True)
class Exchange:
    """A request and what became of it. ``updates`` and ``account`` are those of a webhook; a call has none."""

    request: HttpRequest
    answer: HttpResponse | HttpFailure
    account: Account[Any] | None = None
    updates: Sequence[Update] = ()
    number: int = 0

    @property
    def size_bytes(self) -> int:
        """What keeping it costs."""
        return len(self.request.body) + (len(self.answer.body) if isinstance(self.answer, HttpResponse) else 0)


class Wiretap:
    """Keeps the newest exchanges by the number of their record; what is too old or too much is forgotten, the oldest first."""

    def __init__(self, scene: Scene, *, keep_max: int = _KEEP_MAX, keep_max_bytes: int = _KEEP_MAX_BYTES) -> None:
        self._scene = scene
        self._keep_max, self._keep_max_bytes = keep_max, keep_max_bytes
        self._kept: dict[int, Exchange] = {}
        self._bytes = 0
        scene.notes.tap = self

    def sent(
        self, record: Attempt, account: Account[Any], updates: Sequence[Update], request: HttpRequest, outcome: Outcome
    ) -> None:
        """A webhook was answered, or not."""
        self._keep(record.n, Exchange(request, outcome.answer, account, tuple(updates), record.number))

    def called(self, record: Called, request: HttpRequest, response: HttpResponse) -> None:
        """A call of the bot was answered."""
        self._keep(record.n, Exchange(request, response))

    def _keep(self, n: int, exchange: Exchange) -> None:
        self._kept[n] = exchange
        self._bytes += exchange.size_bytes
        while len(self._kept) > self._keep_max or (self._bytes > self._keep_max_bytes and len(self._kept) > 1):
            self._bytes -= self._kept.pop(next(iter(self._kept))).size_bytes

    def exchange(self, n: int) -> Exchange:
        """The exchange of record ``n``; raises ``UsageError`` where there is none (any more)."""
        try:
            return self._kept[n]
        except KeyError:
            raise UsageError(f"record {n} is no exchange with the bot, or one so old that its bytes are gone") from None

    def again(self, n: int, copies: int) -> None:
        """Deliver the webhook of record ``n`` once more, or ``copies`` times in one breath: the same bytes with the same ids.

        What the bot answers is recorded and means nothing else. Raises ``UsageError`` for what is no webhook.
        """
        found = self.exchange(n)
        if found.account is None:
            raise UsageError(f"record {n} is a call of the bot; only a webhook can be sent again")
        courier = self._scene.courier_of(found.account, found.updates[0])
        for copy in range(copies):
            courier.copy(found.request, self._answered(found, found.account, found.number + 1 + copy))

    def _answered(self, found: Exchange, account: Account[Any], number: int) -> Callable[[Outcome], None]:
        scene, to = self._scene, found.updates[0].to
        parcel = Parcel(found.updates, (), scene.clock.now(), request=found.request)

        def answered(outcome: Outcome) -> None:
            at = account.at(to, scene.clock.now())
            ack = scene.courier_of(account, found.updates[0]).read_ack(parcel, outcome.answer, at)
            scene.notes.attempt(
                account,
                found.updates,
                found.request,
                outcome,
                ack,
                at=at,
                number=number,
                retry_in_s=None,
                note=BY_HAND_AGAIN,
            )

        return answered
