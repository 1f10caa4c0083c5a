"""Delivers the updates of one account to the bot, as the vendor would: order, time-out, retries, giving up.

Updates queue in *lanes*; of each lane one *parcel* is on its way at a time (``order`` says when the next may follow). A
parcel is one request: its bytes are made once and sent again unchanged, unless the platform is ``wire.Resending``. Nothing
here searches: an update costs the same whether ten or ten thousand others wait.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from chatdrill.clock import Clock
from chatdrill.seeds import Stream
from chatdrill.serve.channel import Account
from chatdrill.serve.chores import Chores
from chatdrill.serve.errands import Done, Outcome
from chatdrill.serve.faults import Faults
from chatdrill.serve.heads import stamped
from chatdrill.serve.notes import Notes
from chatdrill.serve.options import DeliverOptions
from chatdrill.serve.ordeals import Ordeals
from chatdrill.serve.parcels import Bot, Cancellable, Lane, Parcel, request_of, role_of
from chatdrill.wire import Ack, Hook, HttpFailure, HttpRequest, HttpResponse, Update

BOT_DROPPED = "the bot asked to drop it"
EXPIRED = "expired"


class Courier:
    """Carries what lies in the account's outbox for ``hook`` (``None``: for its webhook) whenever it is known where to.

    ``lost`` is told what was given up.
    """

    def __init__(
        self,
        account: Account[Any],
        hook: Hook | None = None,
        *,
        bot: Bot,
        notes: Notes,
        clock: Clock,
        chance: Stream,
        faults: Faults,
        options: DeliverOptions,
        chores: Chores,
        execute: Callable[[Account[Any], HttpRequest], None],
        lost: Callable[[Account[Any], Sequence[Update]], None] = lambda account, updates: None,  # noqa: ARG005
    ) -> None:
        self._account = account
        self._hook = hook
        self._service = account.service
        self._stamps = clock.is_virtual
        self._outbox = account.state.outbox
        self._bot = bot
        self._notes = notes
        self._clock = clock
        self._chance = chance
        self._faults = faults
        self._options = options
        self._chores = chores
        self._execute = execute
        self._lost = lost
        delivery = account.service.delivery
        self._strict = delivery.order == "strict"
        self._retry_plan = (hook and hook.retry) or delivery.retry
        self._timeout_s = options.ack_timeout_s or (hook and hook.ack_timeout_s) or delivery.ack_timeout_s
        self._limit = min(options.concurrency or delivery.concurrency_max, delivery.concurrency_max)
        self._batch = max(1, min(options.batch, delivery.batch_max))
        self._url: str | None = None
        self._held: dict[int, Parcel | None] = {}  # by identity of the update: None while it queues
        self._lanes: defaultdict[str, Lane] = defaultdict(Lane)
        self._ready: deque[Lane] = deque()
        self._due: deque[Parcel] = deque()
        self._out: set[Parcel] = set()
        self._ordeals = Ordeals(self, account, notes, clock)
        self._woken = False
        self._closed = False

    def start(self) -> None:
        """Begin to carry."""
        self._outbox.watchers.append(self)
        self._outbox.listeners.append(self._wake)
        self._wake()

    def carries(self, update: Update) -> bool:
        """True for an update that is this courier's to deliver."""
        return update.hook is self._hook

    def close(self) -> None:
        """Stop; what is on its way is forgotten."""
        self._closed = True
        for parcel in self._out:
            if parcel.errand is not None:
                parcel.errand.cancel()
        self._ordeals.close()
        self._let_go()

    def drop(self, updates: Sequence[Update], reason: str) -> None:
        """Give up these updates of one customer, also those that wait for another attempt."""
        if not updates:
            return
        for update in updates:
            parcel = self._held.pop(id(update), None)
            self._outbox.remove(update)
            self._abandon(parcel)
        self._notes.dropped(self._account, updates, reason)

    def forget(self) -> None:
        """Empty the queues and the outbox without a word in the trace."""
        self._let_go()
        self._outbox.clear()

    # --------------------------------------------------------------------------------------- from the outbox

    def arrived(self, update: Update) -> None:
        """An update was put into the outbox."""
        if self._url is not None and update.hook is self._hook:
            self._queue(update)

    def removed(self, update: Update) -> None:
        """An update left the outbox; the courier takes its own off ``_held`` first, so this one was the bot's wish."""
        if id(update) in self._held:
            self._notes.dropped(self._account, (update,), BOT_DROPPED)
            self._abandon(self._held.pop(id(update)))

    def _wake(self) -> None:
        """Look around once this turn of the loop is over: a platform may be in the middle of something."""
        if not self._woken and not self._closed:
            self._woken = True
            asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        self._woken = False
        if self._closed:
            return
        url = (self._account.state.webhook_url if self._hook is None else self._hook.url) or None
        if url != self._url:
            self._move(url)
        self._pump()

    def _move(self, url: str | None) -> None:
        """The bot's address changed."""
        before, self._url = self._url, url
        self._notes.webhook(self._account, url)
        if url is None:
            self._let_go()
        elif before is None:
            for update in self._outbox:
                if self.carries(update):
                    self._queue(update)

    def _let_go(self) -> None:
        for parcel in self._held.values():
            if parcel is not None and parcel.wait is not None:
                parcel.wait.cancel()
        self._held.clear()
        self._lanes.clear()
        self._ready.clear()
        self._due.clear()

    # ------------------------------------------------------------------------------------------------- queues

    def _queue(self, update: Update) -> None:
        self._held[id(update)] = None
        lane = self._lanes[update.lane]
        lane.queue.append(update)
        if not lane.placed:
            lane.placed = True
            self._ready.append(lane)

    def _release(self, lanes: Sequence[Lane]) -> None:
        for lane in lanes:
            if lane.queue:
                self._ready.append(lane)
            else:
                lane.placed = False

    def _pump(self) -> None:
        limit = min(self._limit, self._account.state.connections_max or self._limit)
        while self._url is not None and len(self._out) < limit and (self._due or self._ready):
            now = self._clock.now()
            parcel = self._due.popleft() if self._due else self._pack(now)
            if parcel is not None and self._address(parcel, now):
                self._dispatch(parcel)

    def _pack(self, now: float) -> Parcel | None:
        updates: list[Update] = []
        lanes: list[Lane] = []
        while self._ready and len(updates) < self._batch:
            lane = self._ready.popleft()
            taken = self._take(lane, self._batch - len(updates), now)
            updates += taken
            if taken:
                lanes.append(lane)
            else:
                self._release((lane,))
        return Parcel(updates, lanes, now) if updates else None

    def _take(self, lane: Lane, room: int, now: float) -> list[Update]:
        taken: list[Update] = []
        while lane.queue and len(taken) < room:
            update = lane.queue.pop(0)
            if id(update) not in self._held:
                continue
            if self._expired(update, now):
                self.drop((update,), EXPIRED)
            else:
                taken.append(update)
        return taken

    def _expired(self, update: Update, when: float) -> bool:
        return update.expires_at is not None and self._account.at(update.to, when) > update.expires_at

    # ----------------------------------------------------------------------------------------------- attempts

    def _address(self, parcel: Parcel, now: float) -> bool:
        """Make the parcel's bytes, unless it has some that still lead to the bot."""
        if parcel.url == self._url and parcel.failed is None:
            return True
        try:  # signed by the clock that the bot lives by, however far ahead the chat is in which it happened
            parcel.request = request_of(self._service, self._account.state, parcel, self._url, now)
        except Exception as error:  # noqa: BLE001  a platform's bug must not stop the others
            self._notes.our_bug(self._account, f"encoding {parcel.updates[0].kind}", error)
            self._give_up(parcel, "chatdrill could not encode it")
            return False
        parcel.url, parcel.failed = self._url, None
        for update in parcel.updates:
            if id(update) in self._held:
                self._held[id(update)] = parcel
        return True

    def _dispatch(self, parcel: Parcel) -> None:
        parcel.number += 1
        parcel.note = None
        is_copy, parcel.copied = parcel.copied, False
        self._out.add(parcel)
        if self._faults.active and not is_copy:
            kinds = tuple(update.kind for update in parcel.updates)
            role = partial(role_of, self._account, parcel)
            strike = self._faults.strike("webhook", self._account, kinds, role, first=parcel.number == 1)
            if strike is not None:
                self._ordeals.begin(parcel, strike)
                return
        self.send(parcel)

    def _alive(self, parcel: Parcel) -> list[Update]:
        return [update for update in parcel.updates if id(update) in self._held]

    def send(self, parcel: Parcel, done: Done | None = None) -> None:
        """Send it; ``done`` is told how that ended, instead of the courier itself."""
        # A redelivery is the same but for the time, which is the drill's news and not the platform's.
        request = stamped(parcel.request, self._clock.now()) if self._stamps else parcel.request
        parcel.errand = self._bot.start(request, self._timeout_s, done or partial(self.answered, parcel))

    def answered(self, parcel: Parcel, outcome: Outcome) -> None:
        if self._closed:
            return
        self._out.discard(parcel)
        parcel.errand = None
        account, updates, number, note = self._account, parcel.updates, parcel.number, parcel.note
        at = account.at(updates[0].to, self._clock.now())
        ack = self.read_ack(parcel, outcome.answer, at)
        delay_s, reason = (None, "") if ack.ok else self._plan(parcel, ack)
        self._notes.attempt(
            account, updates, parcel.request, outcome, ack, at=at, number=number, retry_in_s=delay_s, note=note
        )
        if ack.ok:
            self._accepted(parcel)
        elif delay_s is None:
            self._give_up(parcel, reason)
        else:
            parcel.failed = outcome.answer
            self._try_again(parcel, delay_s)
        for call in ack.calls:
            self._execute(self._account, call)
        self._ordeals.passed(parcel)
        if self._due or self._ready:
            self._wake()  # what is next leaves together, when all that has come is dealt with

    def read_ack(self, parcel: Parcel, answer: HttpResponse | HttpFailure, at: float) -> Ack:
        try:
            return self._service.read_ack(self._account.state, parcel.updates, answer, at)
        except Exception as error:  # noqa: BLE001  a platform's bug must not stop the others
            self._notes.our_bug(self._account, "reading the answer to a webhook", error)
            return Ack(ok=isinstance(answer, HttpResponse) and 200 <= answer.status < 300)

    def _plan(self, parcel: Parcel, ack: Ack) -> tuple[float | None, str]:
        """Drill seconds until the next attempt, or why there is none."""
        alive = self._alive(parcel)
        if not alive:
            return None, ""
        if not self._options.retries:
            return None, "not accepted, and retries are switched off"
        elapsed_s = self._clock.now() - parcel.first_at
        delay_s = self._retry_plan.delay_s(parcel.number, elapsed_s, self._chance)
        if delay_s is None or (ack.attempts_max is not None and parcel.number >= ack.attempts_max):
            return None, f"not accepted in {parcel.number} attempt{'' if parcel.number == 1 else 's'}"
        delay_s = ack.retry_after_s if ack.retry_after_s is not None else delay_s
        if all(self._expired(update, self._clock.now() + delay_s) for update in alive):
            return None, EXPIRED
        return delay_s, ""

    def _accepted(self, parcel: Parcel) -> None:
        if parcel.copies:
            parcel.copies, parcel.copied = parcel.copies - 1, True
            self._due.append(parcel)
            return
        for update in parcel.updates:
            self._held.pop(id(update), None)
            self._outbox.remove(update)
        self.release_of(parcel)

    def _give_up(self, parcel: Parcel, reason: str) -> None:
        for update in self._alive(parcel):
            self.drop((update,), reason)
        self.release_of(parcel)
        self._lost(self._account, parcel.updates)

    def _try_again(self, parcel: Parcel, delay_s: float) -> None:
        if not self._strict:
            self.release_of(parcel)
        parcel.wait = self._chores.start(self._wait(parcel, delay_s))

    async def _wait(self, parcel: Parcel, delay_s: float) -> None:
        await self._clock.sleep(delay_s)
        parcel.wait = None
        self._due.append(parcel)
        self._pump()

    def release_of(self, parcel: Parcel) -> None:
        lanes, parcel.lanes = parcel.lanes, ()
        self._release(lanes)

    def _abandon(self, parcel: Parcel | None) -> None:
        """An update of a parcel is gone: with the last of them goes the wait for another attempt."""
        if parcel is None or parcel.wait is None or self._alive(parcel):
            return
        parcel.wait.cancel()
        parcel.wait = None
        self.release_of(parcel)
        self._wake()

    # ------------------------------------------------------------------------------------------------- faults

    def again_s(self, parcel: Parcel, failure: HttpFailure) -> float | None:
        """How long the vendor waits after this failure, or ``None`` where it gives up."""
        ack = self.read_ack(parcel, failure, self._account.at(parcel.updates[0].to, self._clock.now()))
        return self._plan(parcel, ack)[0]

    def hold(self, parcel: Parcel) -> None:
        """Let it wait without a connection, so that it is in nobody's way but its own customer's."""
        self._out.discard(parcel)

    def set_aside(self, parcel: Parcel) -> None:
        """Let others of its lane pass until it is sent after all."""
        self._out.discard(parcel)
        self.release_of(parcel)

    def lose(self, parcel: Parcel, reason: str) -> None:
        """Give it up before it was sent."""
        self._out.discard(parcel)
        self._give_up(parcel, reason)

    def copy(self, request: HttpRequest, done: Done) -> Cancellable:
        """Send a request beside everything else."""
        return self._bot.start(stamped(request, self._clock.now()) if self._stamps else request, self._timeout_s, done)

    def send_if_wanted(self, parcel: Parcel) -> None:
        """Send what was held up, unless nobody waits for it any more."""
        if self._closed:
            return
        self._out.add(parcel)
        if self._alive(parcel):
            self.send(parcel)
            return
        self._out.discard(parcel)
        self.release_of(parcel)
        self._pump()

    def fill(self, parcel: Parcel, most: int) -> None:
        """Put up to ``most`` updates into a parcel: what waits of its own customers first, then of others."""
        if self._closed or not self._alive(parcel):
            return
        now, room = self._clock.now(), min(most, self._service.delivery.batch_max)
        updates, lanes = list(parcel.updates), list(parcel.lanes)
        for lane in lanes:
            updates += self._take(lane, room - len(updates), now)
        while self._ready and len(updates) < room:
            lane = self._ready.popleft()
            lanes.append(lane)
            updates += self._take(lane, room - len(updates), now)
        parcel.updates, parcel.lanes, parcel.url = updates, lanes, None
        self._address(parcel, now)
