"""Several workers behind one bot: each is a door that the bot's calls may come in by, and the owner of a chat handles them.

The ids that a worker hands out end in its mark, so a call says whose it is. A door hands a call that is another's on, and
relays the answer. A call that fetches what waits for the bot goes to the first door, which has that of the others brought. A call that changes what all share is made at the door that it came to and echoed to the others, with the
same chance, so that all of them know the same. A file of another's is borrowed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, cast

from msgspec import structs

from chatdrill.clock import real_monotonic, real_now
from chatdrill.errors import Unsupported
from chatdrill.seeds import Seed, Stream, door_of
from chatdrill.serve.answers import Dialogue, HangUp
from chatdrill.serve.bureau import Bureau
from chatdrill.serve.channel import NOBODY, Account, Office
from chatdrill.serve.forwarding import Address, Caller, Entrance, Neighbour
from chatdrill.serve.frames import (
    Answered,
    Borrow,
    Collect,
    Forward,
    Hello,
    Known,
    Lent,
    Ping,
    Pong,
    Question,
    Settled,
    Share,
    Whose,
)
from chatdrill.serve.frames import Reply as Said
from chatdrill.serve.gathering import Collector, Tray, answered
from chatdrill.serve.notes import Notes, Source
from chatdrill.serve.options import Doors
from chatdrill.serve.reception import Reception, Reply
from chatdrill.serve.sharing import check_doors, check_index
from chatdrill.serve.websocket import ABNORMAL
from chatdrill.wire import Call, HttpRequest, HttpResponse
from chatdrill.wire.doors import EVERY_DOOR, FIRST_DOOR, Divisible

_UNREACHED = 503
_REFUSED = 409  # what a request meets that does not fit the state of the account (RFC 9110, 15.5.10)
_SEED_BITS = 63
_SURE = 2  # of ``Bureau.sureness``


class _Visit(NamedTuple):
    """One call; when it came in, its request says by this door's monotonic clock."""

    channel: Account[Any]
    request: HttpRequest
    base_url: str
    source: Source
    polls: bool = False

    @property
    def service(self) -> Divisible[Any]:
        """The fake; that it can be divided was checked when it came onto the stage."""
        return cast(Divisible[Any], self.channel.service)

    def spent_s(self) -> float:
        """Real seconds since the call came in."""
        return real_monotonic() - self.request.came_at


class Gate:
    """One door. It takes the place of the reception for calls that come over the wire."""

    def __init__(
        self,
        doors: Doors,
        *,
        seed: Seed,
        accounts: Callable[[], Mapping[str, Account[Any]]],
        reception: Reception,
        bureau: Bureau,
        notes: Notes,
    ) -> None:
        check_doors(doors)
        self.options = doors
        self._chance = seed.door_stream(doors.index, "doors")
        self._accounts = accounts
        self._reception = reception
        self._bureau = bureau
        self._notes = notes
        self._log: list[Share] = []
        self._heard: dict[Caller, int] = {}
        self._born = real_now()
        self._neighbours: dict[int, Neighbour] = {}
        self._warned: set[str] = set()
        self._polled: dict[str, Account[Any]] = {}
        self._collectors: dict[tuple[str, int], Collector] = {}
        self._trays: dict[str, Tray] = {}
        self._entrance = Entrance(doors.key, doors.index, self._answer, lambda caller: self._heard.get(caller, 0))

    @property
    def address(self) -> Address:
        """Where the other doors reach this one; right once the stage is open."""
        return self.options.host, self._entrance.port

    async def open(self) -> None:
        """Let the other doors in; raises ``OSError``."""
        await self._entrance.listen(self.options.host, self.options.port)

    def close(self) -> None:
        """Hang up on everybody. Calls that wait for another door get the vendor's error."""
        for collector in self._collectors.values():
            collector.task.cancel()
        for neighbour in self._neighbours.values():
            neighbour.close()
        self._entrance.close()

    def meet(self, addresses: Mapping[int, Address]) -> None:
        """Say where the other doors are, by index; an index that is known gets another address, none is forgotten.

        Raises ``UsageError`` for an index that no mark can say.
        """
        for index, address in addresses.items():
            check_index(index)
            if index == self.options.index:
                continue
            if index not in self._neighbours:
                hello = Hello(0, self.options.key, self.options.index, self._born, index)
                self._neighbours[index] = Neighbour(index, hello, self.options.timeout_s, self._changed)
            self._neighbours[index].at(address, self._log)
        self._collect_all()

    def _changed(self, index: int, why: str | None) -> None:
        what = "answers again" if why is None else f"does not answer: {why}; its conversations cannot be reached"
        self._notes.trouble("infrastructure", f"door {index} (asked by door {self.options.index}) {what}")

    # ---------------------------------------------------------------------------------------- calls of the bot

    def take(
        self, channel: Account[Any], request: HttpRequest, *, base_url: str, source: Source = "http"
    ) -> Reply | Awaitable[Reply]:
        """Answer a request of the bot, here or wherever its owner is."""
        if not request.came_at:  # a call inside the answer to a webhook
            request = structs.replace(request, came_at=real_monotonic())
        visit = _Visit(channel, request, base_url, source)
        if isinstance(channel, Office) and channel.resident is not None:  # it has no calls of its own
            return self._take_here(visit)
        try:
            owner = visit.service.owner_of(channel.state, request)
        except Unsupported as error:
            return self._refused(channel, str(error))
        except Exception as error:  # noqa: BLE001  a platform's bug must not stop the others
            self._notes.our_bug(channel, f"finding the owner of {request.method} {request.path}", error)
            owner = None
        if owner == EVERY_DOOR:
            return self._take_shared(visit)
        if owner == FIRST_DOOR:
            visit = visit._replace(polls=True)
            if self.options.index == 0:
                return self._take_poll(visit)
        neighbour = None if owner is None else self._neighbours.get(_index_in(owner))
        if neighbour is not None:
            return self._forward(neighbour, visit)
        if owner is None and isinstance(channel, Office) and self._neighbours:
            return self._take_unclaimed(channel, visit)
        return self._take_here(visit)

    def _refused(self, channel: Account[Any], why: str) -> HttpResponse:
        if why not in self._warned:
            self._warned.add(why)
            self._notes.trouble("infrastructure", why, channel=channel)
        return channel.service.refusal(channel.state, _REFUSED, None)

    def _forward(self, neighbour: Neighbour, visit: _Visit) -> asyncio.Future[Reply]:
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

        def done(said: Said | None) -> None:
            if not answer.done():
                answer.set_result(_relayed(said) or self._unreached(neighbour, visit))

        call = Forward(0, visit.channel.name, visit.request, visit.base_url, visit.spent_s(), visit.polls)
        neighbour.ask(call, done)
        return answer

    def _unreached(self, neighbour: Neighbour, visit: _Visit) -> HttpResponse:
        """The vendor's error, in the trace of this door: the owner's has nothing of it."""
        channel, request = visit.channel, visit.request
        response = channel.service.refusal(channel.state, _UNREACHED, None)
        call = Call(f"{request.method} {request.path}", ok=False)
        note = f"door {neighbour.index}, whose it is, does not answer"
        took_s = visit.spent_s()
        self._notes.called(channel, call, response, role=NOBODY, took_s=took_s, source=visit.source, note=note)
        return response

    # ---------------------------------------------------------------------------------------------- at the owner

    def _take_here(self, visit: _Visit) -> Reply | Awaitable[Reply]:
        if not (isinstance(visit.channel, Office) and visit.channel.resident is not None):
            named = visit.service.borrows(visit.channel.state, visit.request)
            missing = [id for id in named if _index_in(id) in self._neighbours]
            if missing:
                return self._take_with_loans(visit, missing)
        return self._receive(visit)

    def _receive(self, visit: _Visit) -> Reply | Awaitable[Reply]:
        return self._reception.take(visit.channel, visit.request, base_url=visit.base_url, source=visit.source)

    async def _take_with_loans(self, visit: _Visit, missing: list[str]) -> Reply:
        channel = visit.channel
        questions = [(self._neighbours[_index_in(id)], Borrow(0, channel.name, id)) for id in dict.fromkeys(missing)]
        for said in await asyncio.gather(*(_said(neighbour, question) for neighbour, question in questions)):
            if isinstance(said, Lent) and said.loan is not None:
                visit.service.borrow(channel.state, said.loan)
        return await _awaited(self._receive(visit))

    def _take_poll(self, visit: _Visit) -> Reply | Awaitable[Reply]:
        """From the first poll on, what waits at the other doors is brought here."""
        reply = self._take_here(visit)
        self._polled[visit.channel.name] = visit.channel
        self._collect_all()
        for (name, _), collector in self._collectors.items():
            if name == visit.channel.name:
                collector.look()
        return reply

    def _collect_all(self) -> None:
        for name, account in self._polled.items():
            for index, neighbour in self._neighbours.items():
                if (name, index) not in self._collectors:
                    self._collectors[name, index] = Collector(account, neighbour)

    # ------------------------------------------------------------------------------------- calls without an owner

    async def _take_shared(self, visit: _Visit) -> Reply:
        channel, request, base_url = visit.channel, visit.request, visit.base_url
        seed, now = self._chance.getrandbits(_SEED_BITS), self._reception.now()
        reply = await _awaited(
            self._reception.take_shared(
                channel, request, base_url=base_url, chance=Stream(seed), now=now, is_echo=False
            )
        )
        if isinstance(reply, HttpResponse) and reply.status < 400:
            self._log.append(Share(0, len(self._log), channel.name, request, base_url, seed, now))
            await asyncio.gather(*(_heard(neighbour) for neighbour in self._neighbours.values()))
        return reply

    async def _take_unclaimed(self, office: Office, visit: _Visit) -> Reply:
        """A desk is told of people by whatever the bot knows of them, so the doors are asked who knows this one."""
        own = self._bureau.sureness(office, visit.request)
        if own < _SURE:
            neighbours = list(self._neighbours.values())
            question = Whose(0, office.name, visit.request)
            answers = await asyncio.gather(*(_said(neighbour, question) for neighbour in neighbours))
            known = [said.sureness if isinstance(said, Known) else 0 for said in answers]
            if max(known) > own:
                return await self._forward(neighbours[known.index(max(known))], visit)
        return await _awaited(self._take_here(visit))

    # -------------------------------------------------------------------------------- questions of other doors

    def _answer(self, question: Question, caller: Caller) -> Said | Awaitable[Said]:
        if isinstance(question, Ping):
            return Pong(question.n)
        account = None if isinstance(question, Hello) else self._accounts().get(question.account)
        if account is None:
            return Answered(question.n, None)
        if isinstance(question, Forward):
            request = structs.replace(question.request, came_at=real_monotonic() - question.spent_s)
            visit = _Visit(account, request, question.base_url, "http", question.polls)
            return _answered(question.n, self._take_poll(visit) if visit.polls else self._take_here(visit))
        if isinstance(question, Share):
            return self._echo(account, question, caller)
        if isinstance(question, Collect | Settled):
            return self._hand_over(account, question)
        if isinstance(question, Whose):
            return Known(question.n, self._sureness(account, question.request))
        assert isinstance(question, Borrow)
        return Lent(question.n, cast(Divisible[Any], account.service).lend(account.state, question.id))

    def _hand_over(self, account: Account[Any], question: Collect | Settled) -> Said | Awaitable[Said]:
        """What waits here for a bot that polls at the first door."""
        if account.name not in self._trays:
            self._trays[account.name] = Tray(account)
        tray = self._trays[account.name]
        if isinstance(question, Collect):
            return tray.collect(question)
        tray.settle(question)
        return Pong(question.n)

    def _sureness(self, account: Account[Any], request: HttpRequest) -> int:
        owner = cast(Divisible[Any], account.service).owner_of(account.state, request)
        is_own = owner is not None and _index_in(owner) == self.options.index
        return _SURE if is_own else self._bureau.sureness(account, request)

    def _echo(self, account: Account[Any], share: Share, caller: Caller) -> Said | Awaitable[Said]:
        """Do what the bot did at another door; what was heard before is not done again."""
        if share.number < self._heard.get(caller, 0):
            return Answered(share.n, None)
        self._heard[caller] = share.number + 1
        reply = self._reception.take_shared(
            account,
            share.request,
            base_url=share.base_url,
            chance=Stream(share.seed),
            now=share.now,
            is_echo=True,
        )
        return _answered(share.n, reply)


def _index_in(id: str) -> int:
    index = door_of(id)
    return -1 if index is None else index


def _relayed(said: Said | None) -> Reply | None:
    if not isinstance(said, Answered):
        return None
    return said.response if said.response is not None else HangUp(reset=said.reset)


def _answered(n: int, reply: Reply | Awaitable[Reply]) -> Said | Awaitable[Said]:
    if isinstance(reply, HttpResponse | HangUp | Dialogue):
        return _told(n, reply)
    return _answered_later(n, reply)


async def _answered_later(n: int, reply: Awaitable[Reply]) -> Said:
    return _told(n, await reply)


def _told(n: int, reply: Reply) -> Said:
    if isinstance(reply, Dialogue):  # a WebSocket belongs to the door that it came to
        reply.closed(ABNORMAL)
        return Answered(n, HttpResponse(_REFUSED))
    return Answered(n, reply) if isinstance(reply, HttpResponse) else Answered(n, None, reply.reset)


def _said(neighbour: Neighbour, question: Question) -> asyncio.Future[Said | None]:
    return answered(lambda done: neighbour.ask(question, done))


def _heard(neighbour: Neighbour) -> asyncio.Future[Said | None]:
    return answered(neighbour.tell_shared)


async def _awaited(reply: Reply | Awaitable[Reply]) -> Reply:
    return reply if isinstance(reply, HttpResponse | HangUp | Dialogue) else await reply
