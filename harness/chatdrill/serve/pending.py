"""Which customers still have updates that the bot has not been sent."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable

from chatdrill.wire import Outbox, Update


class _Ledger:
    """The updates about one customer. It is kept while there are none: the next are not far."""

    __slots__ = ("sent", "updates", "waiters")

    def __init__(self) -> None:
        self.updates: dict[int, Update] = {}
        self.sent: dict[int, None] = {}  # an empty set takes thrice as much
        self.waiters: list[asyncio.Future[bool]] = []

    @property
    def quiet(self) -> bool:
        return len(self.sent) == len(self.updates)

    def settle(self) -> None:
        """Tell those who wait for quiet, if it is."""
        if not self.waiters or not self.quiet:
            return
        waiters, self.waiters = self.waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(True)


class Pending:
    """Counts the updates in an outbox by the customer they are about; every step costs the same, however many wait.

    An update of a polled bot counts as sent once its bytes were in an answer, though it stays in the outbox until the
    bot confirms it. ``listeners`` are told of such a one.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._ledgers: dict[str, _Ledger] = {}
        self._unseen: OrderedDict[int, Update] = OrderedDict()  # by identity; its first element is found in O(1)
        self.listeners: list[Callable[[Update], None]] = []
        outbox.watchers.append(self)

    def arrived(self, update: Update) -> None:
        """An update was put into the outbox."""
        self._unseen[id(update)] = update
        if update.to is not None:
            ledger = self._ledgers.get(update.to)
            if ledger is None:
                ledger = self._ledgers[update.to] = _Ledger()
            ledger.updates[id(update)] = update

    def removed(self, update: Update) -> None:
        """An update left the outbox."""
        key = id(update)
        self._unseen.pop(key, None)
        ledger = self._ledgers.get(update.to or "")
        if ledger is not None:
            ledger.updates.pop(key, None)
            ledger.sent.pop(key, None)
            ledger.settle()

    def answered(self, body: bytes) -> bool:
        """The bot got an answer with this body: whatever lies in it has been sent. True if there was something."""
        count = len(self._unseen)
        while self._unseen:
            update = next(iter(self._unseen.values()))
            if update.body not in body:
                break
            self.sent(update)
        return len(self._unseen) < count

    def sent(self, update: Update) -> None:
        """The bot has an update; one that left the outbox meanwhile does no harm."""
        if self._unseen.pop(id(update), None) is None:
            return
        self._mark_sent(update)
        for listener in self.listeners:
            listener(update)

    @property
    def all_sent(self) -> bool:
        """True if no update waits to be sent."""
        return not self._unseen

    def of(self, to: str) -> tuple[Update, ...]:
        """The updates about a customer that are in the outbox."""
        ledger = self._ledgers.get(to)
        return tuple(ledger.updates.values()) if ledger is not None else ()

    async def quiet(self, to: str, timeout_s: float) -> bool:
        """True once every update about the customer has been sent; false if that takes longer than ``timeout_s``."""
        ledger = self._ledgers.get(to)
        if ledger is None or ledger.quiet:
            return True
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        ledger.waiters.append(waiter)
        done, _ = await asyncio.wait((waiter,), timeout=timeout_s)
        return bool(done)

    def _mark_sent(self, update: Update) -> None:
        ledger = self._ledgers.get(update.to or "")
        if ledger is not None:
            ledger.sent[id(update)] = None
            ledger.settle()


class Departure:
    """Calls ``gone`` once none of ``updates`` is in an outbox any more: each was accepted or given up."""

    def __init__(self, updates: Iterable[Update], gone: Callable[[], None]) -> None:
        self._left = {id(update): update for update in updates}
        self._gone = gone

    def arrived(self, update: Update) -> None:
        """Others may come."""

    def removed(self, update: Update) -> None:
        """An update left the outbox."""
        if self._left.pop(id(update), None) is not None and not self._left:
            self._gone()
