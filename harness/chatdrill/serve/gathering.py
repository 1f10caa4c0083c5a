"""A bot that polls asks one door, and must get the updates of all: the first door has those of the others brought, and puts them
into its own outbox under ids of its own, for a bot confirms all ids below the one that it names.

A door keeps its updates until the first one says what became of them. So nothing is lost with a connection, and each door knows
whether the bot has fetched what its own customers said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

from chatdrill.clock import real_now
from chatdrill.serve.channel import Account
from chatdrill.serve.forwarding import Neighbour
from chatdrill.serve.frames import Collect, Collected, Parcel, Reply, Settled
from chatdrill.wire import Update
from chatdrill.wire.doors import Pollable

_HOLD_S = 10.0
"""Real seconds that a door waits for something to hand over, before it says that there was nothing."""
_PARCELS_MAX = 100
_PER_S = 1_000_000
_REST_S = 0.25  # between questions to a door that does not answer


class Tray:
    """What waits at this door for a bot that polls at the first one, by numbers that only grow."""

    def __init__(self, account: Account[Any]) -> None:
        self._account = account
        self._last = int(
            real_now() * _PER_S
        )  # so that a worker which is started anew goes on above what it said before
        self._waiting: dict[int, Update] = {}
        self._numbers: dict[int, int] = {}  # by identity
        self._asking: set[asyncio.Future[None]] = set()
        outbox = account.state.outbox
        for update in outbox:
            self.arrived(update)
        outbox.watchers.append(self)

    def arrived(self, update: Update) -> None:
        """An update was put into the outbox."""
        self._last += 1
        self._waiting[self._last] = update
        self._numbers[id(update)] = self._last
        self._wake()

    def removed(self, update: Update) -> None:
        """An update left the outbox."""
        self._waiting.pop(self._numbers.pop(id(update), 0), None)

    async def collect(self, question: Collect) -> Collected:
        """What has come after what was ``heard`` of; waits for something, though not for ever."""
        self._account.polled = True
        found = self._after(question.heard)
        if not found:
            asking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._asking.add(asking)
            await asyncio.wait((asking,), timeout=_HOLD_S)
            self._asking.discard(asking)
            found = self._after(question.heard)
        return Collected(question.n, found)

    def _after(self, heard: int) -> list[Parcel]:
        if self._account.state.webhook_url is not None:  # they go there
            return []
        found = [(number, update) for number, update in self._waiting.items() if number > heard][:_PARCELS_MAX]
        return [(number, each.kind, each.lane, each.body, each.made_at) for number, each in found]

    def settle(self, question: Settled) -> None:
        """What the bot has been sent, what it has confirmed, and what it asks for."""
        cast(Pollable[Any], self._account.service).want(self._account.state, question.wanted)
        for number in question.sent:
            update = self._waiting.get(number)
            if update is not None:
                self._account.pending.sent(update)
        for number in question.gone:
            update = self._waiting.get(number)
            if update is not None:
                self._account.state.outbox.remove(update)

    def _wake(self) -> None:
        for asking in self._asking:
            if not asking.done():
                asking.set_result(None)


class Collector:
    """Brings the updates of one other door to the account here, as long as its ``task`` runs."""

    def __init__(self, account: Account[Any], neighbour: Neighbour) -> None:
        self._account = account
        self._neighbour = neighbour
        self._numbers: dict[int, int] = {}  # by identity
        self._sent: list[int] = []
        self._gone: list[int] = []
        self._is_telling = False
        self._service = cast(Pollable[Any], account.service)
        self._wanted: list[str] = []
        account.state.outbox.watchers.append(self)
        account.pending.listeners.append(self._was_sent)
        self.look()
        self.task = asyncio.create_task(self._collect())

    async def _collect(self) -> None:
        account, heard = self._account, 0
        while True:
            question = Collect(0, account.name, heard)
            said = await answered(lambda done, asked=question: self._neighbour.ask(asked, done))  # type: ignore[misc]
            if not isinstance(said, Collected):
                await asyncio.sleep(_REST_S)
                continue
            for number, kind, lane, body, made_at in said.updates:
                heard = number
                own = self._service.adopt(account.state, Update(str(number), kind, None, lane, body, made_at))
                self._numbers[id(own)] = number
                account.state.outbox.put(own)

    def look(self) -> None:
        """The bot has polled: perhaps it asks for other kinds now."""
        wanted = self._service.wanted(self._account.state)
        if wanted != self._wanted:
            self._wanted = wanted
            self._tell_soon()

    def arrived(self, update: Update) -> None:
        """An update was put into the outbox: by this, or by the door's own customers."""

    def removed(self, update: Update) -> None:
        """The bot has confirmed an update, or it was dropped."""
        number = self._numbers.pop(id(update), None)
        if number is not None:
            self._gone.append(number)
            self._tell_soon()

    def _was_sent(self, update: Update) -> None:
        number = self._numbers.get(id(update))
        if number is not None:
            self._sent.append(number)
            self._tell_soon()

    def _tell_soon(self) -> None:
        if not self._is_telling:
            self._is_telling = True
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        self._is_telling = False
        sent, gone, self._sent, self._gone = self._sent, self._gone, [], []
        self._neighbour.ask(Settled(0, self._account.name, self._wanted, sent, gone), lambda _said: None)


def answered(ask: Callable[[Callable[[Reply | None], None]], None]) -> asyncio.Future[Reply | None]:
    """The answer to a question that is asked with something to call."""
    future: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()
    ask(lambda said: None if future.done() else future.set_result(said))
    return future
