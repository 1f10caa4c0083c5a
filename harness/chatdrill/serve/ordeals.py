"""What a fault does to a parcel on its way to the bot."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from chatdrill.clock import Clock
from chatdrill.serve.channel import Account
from chatdrill.serve.errands import Done, Outcome
from chatdrill.serve.faults import Fault, Kind, Strike
from chatdrill.serve.notes import Notes
from chatdrill.serve.parcels import Cancellable, Parcel, role_of
from chatdrill.wire import Ack, HttpFailure, HttpRequest, HttpResponse


class Road(Protocol):
    """The courier, as far as a fault may lead it astray."""

    def send(self, parcel: Parcel, done: Done | None = None) -> None:
        """Send it; ``done`` is told how that ended, instead of the courier itself."""

    def answered(self, parcel: Parcel, outcome: Outcome) -> None:
        """An attempt ended."""

    def read_ack(self, parcel: Parcel, answer: HttpResponse | HttpFailure, at: float) -> Ack:
        """What an answer means."""

    def again_s(self, parcel: Parcel, failure: HttpFailure) -> float | None:
        """How long the vendor waits after this failure, or ``None`` where it gives up."""

    def hold(self, parcel: Parcel) -> None:
        """Let it wait without a connection, so that it is in nobody's way but its own customer's."""

    def set_aside(self, parcel: Parcel) -> None:
        """Let others of its lane pass until it is sent after all."""

    def send_if_wanted(self, parcel: Parcel) -> None:
        """Send what was held up, unless nobody waits for it any more."""

    def lose(self, parcel: Parcel, reason: str) -> None:
        """Give it up before it was sent."""

    def copy(self, request: HttpRequest, done: Done) -> Cancellable:
        """Send a request beside everything else."""

    def fill(self, parcel: Parcel, most: int) -> None:
        """Put up to ``most`` updates into a parcel."""


_RANDOM = 12  # characters: the last group of a UUID, and less than the random part of a ULID
_ALIKE = ("0123456789", "abcdef", "ABCDEFGHJKMNPQRSTVWXYZ")


def renewed(request: HttpRequest, name: str) -> HttpRequest:
    """The same request with another id, of the same shape, in this header."""
    headers = tuple((key, _other(value) if key.lower() == name.lower() else value) for key, value in request.headers)
    return HttpRequest(request.method, request.url, headers, request.body)


def _other(id: str) -> str:
    drawn = hashlib.sha256(id.encode()).digest()
    return id[:-_RANDOM] + "".join(_like(*each) for each in zip(id[-_RANDOM:], drawn, strict=False))


def _like(char: str, drawn: int) -> str:
    """Another character of the same kind."""
    kind = next((kind for kind in _ALIKE if char in kind), char)
    others = kind.replace(char, "") or char
    return others[drawn % len(others)]


class Ordeals:
    """Carries faults out, for one courier."""

    def __init__(self, road: Road, account: Account[Any], notes: Notes, clock: Clock) -> None:
        self._road = road
        self._account = account
        self._notes = notes
        self._clock = clock
        self._id_header = account.service.delivery.id_header or ""
        self._aside: list[tuple[Parcel, Fault]] = []
        self._twins: set[Cancellable] = set()

    def begin(self, parcel: Parcel, strike: Strike) -> None:
        """A fault strikes a parcel that is about to be sent."""
        fault = strike.fault
        if strike.by == "chance" and fault.kind in ("reset", "unacknowledged"):
            again_s = self._road.again_s(parcel, HttpFailure("reset", fault.note))
            if again_s is None:  # there would be no other attempt, so this would be another fault
                self._road.send(parcel)
                return
            strike = replace(strike, late_s=again_s)
        if (
            fault.kind == "renewed" and parcel.request.header(self._id_header) is None
        ):  # one hook of a desk may have none
            self._road.send(parcel)
            return
        if fault.kind == "unacknowledged":  # there may be nothing to lose
            self._road.send(parcel, partial(self._unheard, parcel, strike))
            return
        self._note(parcel, strike)
        _DOES[fault.kind](self, parcel, fault)

    def passed(self, parcel: Parcel) -> None:
        """A parcel was answered: what it overtook follows. What is ``late`` waits longer, unless it was edited meanwhile."""
        if not self._aside:
            return
        lanes = {update.lane for update in parcel.updates}
        is_edit = any("edit" in update.kind for update in parcel.updates)
        for waiting, fault in tuple(self._aside):
            is_released = fault.kind == "swap" or is_edit
            if is_released and not lanes.isdisjoint(update.lane for update in waiting.updates):
                self._take_back(waiting)

    def close(self) -> None:
        """Forget the copies that are on their way."""
        for twin in tuple(self._twins):
            twin.cancel()
        self._twins.clear()
        self._aside.clear()

    def _note(self, parcel: Parcel, strike: Strike) -> None:
        parcel.note = strike.fault.note
        role = role_of(self._account, parcel)
        self._notes.injected(self._account, strike, role, parcel.updates[0].to, updates=parcel.updates)

    def _duplicate(self, parcel: Parcel, fault: Fault) -> None:
        parcel.copies += fault.copies
        self._road.send(parcel)

    def _twin(self, parcel: Parcel, fault: Fault) -> None:
        """Send it and its copy in one breath."""
        self._road.send(parcel)
        self._copy(parcel, parcel.request, fault)

    def _renew(self, parcel: Parcel, fault: Fault) -> None:
        """Once the bot has taken it, tell the same in another request."""

        def answered(outcome: Outcome) -> None:
            request, at = parcel.request, self._account.at(parcel.updates[0].to, self._clock.now())
            if self._road.read_ack(parcel, outcome.answer, at).ok:
                self._copy(parcel, renewed(request, self._id_header), fault)
            self._road.answered(parcel, outcome)

        self._road.send(parcel, answered)

    def _copy(self, parcel: Parcel, request: HttpRequest, fault: Fault) -> None:
        """What the bot says to a copy is written down and means nothing else."""
        updates, number = parcel.updates, parcel.number + 1
        at = self._account.at(updates[0].to, self._clock.now())

        def answered(outcome: Outcome) -> None:
            self._twins.discard(errand)
            ack = self._road.read_ack(parcel, outcome.answer, at)
            self._notes.attempt(
                self._account, updates, request, outcome, ack, at=at, number=number, retry_in_s=None, note=fault.note
            )

        errand = self._road.copy(request, answered)
        self._twins.add(errand)

    def _unheard(self, parcel: Parcel, strike: Strike, outcome: Outcome) -> None:
        """The bot's answer is lost; one that refuses, or that has a call in it which nothing could repeat, is not."""
        ack = self._road.read_ack(parcel, outcome.answer, self._account.at(parcel.updates[0].to, self._clock.now()))
        if ack.ok and not ack.calls:
            self._note(parcel, strike)
            outcome = Outcome(HttpFailure("reset", strike.fault.note), outcome.took_s, outcome.note)
        self._road.answered(parcel, outcome)

    def _delay(self, parcel: Parcel, fault: Fault) -> None:
        self._road.hold(parcel)
        asyncio.get_running_loop().call_later(fault.delay_s, self._road.send_if_wanted, parcel)

    def _falsify(self, parcel: Parcel, fault: Fault) -> None:
        self._road.send(parcel, partial(self._answered_falsely, parcel, fault))

    def _answered_falsely(self, parcel: Parcel, fault: Fault, outcome: Outcome) -> None:
        headers = (("Retry-After", str(fault.retry_after_s)),) if fault.retry_after_s is not None else ()
        answer = HttpResponse(fault.status, headers, (fault.body or "").encode())
        self._road.answered(parcel, Outcome(answer, outcome.took_s, outcome.note))

    def _reset(self, parcel: Parcel, fault: Fault) -> None:
        failed = Outcome(HttpFailure("reset", fault.note), 0.0)
        asyncio.get_running_loop().call_soon(self._road.answered, parcel, failed)

    def _lose(self, parcel: Parcel, fault: Fault) -> None:
        self._road.lose(parcel, fault.note)

    def _gather(self, parcel: Parcel, fault: Fault) -> None:
        self._road.hold(parcel)
        self._clock.call_later(fault.delay_s, partial(self._send_gathered, parcel, fault.copies))

    def _send_gathered(self, parcel: Parcel, most: int) -> None:
        self._road.fill(parcel, most)
        self._road.send_if_wanted(parcel)

    def _set_aside(self, parcel: Parcel, fault: Fault) -> None:
        """Let others of its lane overtake it; where none comes it goes by itself in a while."""
        self._aside.append((parcel, fault))
        self._road.set_aside(parcel)
        self._clock.call_later(fault.delay_s, partial(self._take_back, parcel))

    def _take_back(self, parcel: Parcel) -> None:
        entry = next((entry for entry in self._aside if entry[0] is parcel), None)
        if entry is not None:
            self._aside.remove(entry)
            self._road.send_if_wanted(parcel)


_DOES: dict[Kind, Callable[[Ordeals, Parcel, Fault], None]] = {
    "status": Ordeals._falsify,
    "delay": Ordeals._delay,
    "reset": Ordeals._reset,
    "duplicate": Ordeals._duplicate,
    "drop": Ordeals._lose,
    "swap": Ordeals._set_aside,
    "late": Ordeals._set_aside,
    "twin": Ordeals._twin,
    "renewed": Ordeals._renew,
    "gather": Ordeals._gather,
}
