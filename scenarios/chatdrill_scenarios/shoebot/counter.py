"""The way to the people: hands conversations over, passes words on both ways, and takes conversations back.

What was said is kept, so that whoever comes can read it. A handover has a key, every message an id; whatever is done twice
with the same one is done once. Nothing here decides what the bot says: it calls the desk and tells the state what it did.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from .api import ApiError
from .channels import Channel
from .desks import Desk, File, Handover, Line, Link, News, Person
from .model import Event, Media, Reply, Say, State
from .pace import unhurried
from .shown import event_words, left_of, reply_words, without_cards
from .store import Store
from .texts import text

log = logging.getLogger("shoebot")

# The customer hears by then that somebody is being called, even if the desk has not answered yet.
PROMPT_S = 2.0
# A lost webhook is made up for by looking: often while people talk, seldom when nothing happens.
LOOK_S = ((600.0, 30.0), (2 * 3600.0, 600.0), (3 * 86_400.0, 12 * 3600.0))
LINES_MAX = 200
TRIES_MAX = 5
BACKOFF_S = 0.5
CONFLICT = 409
TOO_LATE = "the customer has been silent for longer than the platform allows"
GRAIN_S = 0.001  # timers may ring so much too early

T = TypeVar("T")
Send = Callable[[Channel, str, Reply], Awaitable[bool]]


class TicketOver(Exception):
    """An agent has closed the ticket that a message was for."""


class Counter:
    """One desk. `put` queues what it tells in the customer's line; `send` sends a reply and says whether that worked.

    `host` is the channel that the desk is a part of, if it is: there a ticket is the customer's id, and while the people have
    the conversation the channel takes nothing from the bot.
    """

    def __init__(
        self,
        desk: Desk,
        store: Store,
        put: Callable[[Event], None],
        send: Send,
        speed: float,
        host: str = "",
    ) -> None:
        self.desk = desk
        self.host = host
        self._speed = speed
        self._store = store
        self._put = put
        self._send = send
        self._looks: dict[str, asyncio.TimerHandle] = {}
        self._looking: set[asyncio.Task[None]] = set()
        self._opening = 0
        self._early: list[News] = []
        self._ended: dict[str, int] = {}  # when tickets were over: whoever takes one then has accepted anew
        self._free_at: dict[str, float] = {}  # the loop's time until which the desk has asked for patience, by ticket
        self._numbers = itertools.count()  # two answers may be given at one moment
        for ticket, _ in store.open_tickets():
            self._look_later(ticket, time.time())

    def close(self) -> None:
        for handle in self._looks.values():
            handle.cancel()
        for task in self._looking:
            task.cancel()

    # --------------------------------------------------------------------------------------------- what was said

    def note_said(self, burst: Iterable[Event]) -> None:
        """Keeps what the customer has sent."""
        for event in burst:
            words = event_words(event)
            if event.is_unsent and not self._store.unlog(event.conversation, f"{event.channel}:{event.message_id}"):
                continue  # nobody has seen it, and nobody will
            if words or event.media:
                self._store.log(event.conversation, _mark(event), "customer", words, time.time(), event.media)

    def note_answered(self, conversation: str, replies: Iterable[Reply]) -> None:
        """Keeps what the bot says."""
        for reply in replies:
            words = reply_words(reply)
            if words:
                mark = f"bot:{time.time_ns()}:{next(self._numbers)}"
                self._store.log(conversation, mark, "bot", words, time.time(), None)

    # ---------------------------------------------------------------------------------------------- handing over

    async def hand_over(
        self, channel: Channel, event: Event, state: State, replies: list[Reply]
    ) -> tuple[State, list[Reply]]:
        """Calls somebody, and says so once it is true; who waits for the desk for long hears of it meanwhile.

        If nobody can be called, the customer hears that, and the bot stays in charge.
        """
        if self.host == channel.name:
            if await self._is_closed(event.user, otherwise=True):  # else the bot died on its way back from there
                await self._say(channel, event.user, replies)
            replies = []
        key = f"{event.conversation}:{event.id}"
        opening = asyncio.ensure_future(self._open_once(channel, event, state, key))
        done, _ = await asyncio.wait({opening}, timeout=PROMPT_S)
        if not done:
            await self._say(channel, event.user, replies)
            replies = []
        try:
            ticket = await opening
        except ApiError as error:
            log.warning("nobody could be called: %s", error)
            state = replace(state, with_person=False, ticket="")
            return state, [Say(text("person.failed", state.language))]
        self._look_later(ticket, time.time())
        mute = bool(self.host)
        return replace(state, ticket=ticket, handed_at=time.time(), accepted=False, wait_told=mute), replies

    async def _say(self, channel: Channel, user: str, replies: Iterable[Reply]) -> None:
        for reply in replies:
            await self._send(channel, user, reply)

    async def _open_once(self, channel: Channel, event: Event, state: State, key: str) -> str:
        """A desk may tell of a ticket before it has answered the call that made it; that is news once the ticket is known."""
        self._opening += 1
        try:
            ticket = await self._open(channel, event, state, key)
            self._store.open_ticket(ticket, event.conversation)
        finally:
            self._opening -= 1
            early = self._early
            self._early = []
            self.receive(early)
        return ticket

    async def _open(self, channel: Channel, event: Event, state: State, key: str) -> str:
        lines = [await self._line(channel, *row) for row in self._store.lines(event.conversation, LINES_MAX)]
        told = {**state.told, **({"phone": state.phone} if state.phone else {})}
        facts = {name: without_cards(value) for name, value in told.items()}
        handover = Handover(key, self._person(event.conversation, state), channel.name, lines, facts)
        ticket = await self._patiently(lambda _: self.desk.open(handover))
        self._store.shown(event.conversation, [line.id for line in lines])
        return ticket

    async def _line(self, channel: Channel, mark: str, author: str, words: str, at: float, media: Media | None) -> Line:
        file = await self._file(channel, media) if media else None
        return Line(mark, "customer" if author == "customer" else "bot", words, at, file)

    async def _file(self, channel: Channel, media: Media) -> File | None:
        """The bytes, as the platform's links expire; a file that is gone stays a word."""
        try:
            content = await channel.fetch(media)
        except (ApiError, KeyError) as error:
            log.warning("a file could not be fetched: %s", error)
            return None
        ending = {"image/jpeg": "jpg", "image/png": "png", "audio/ogg": "ogg", "video/mp4": "mp4"}.get(media.mime, "")
        name = f"file.{ending}" if ending else "file"
        return File(name, media.mime or "application/octet-stream", content)

    def _person(self, conversation: str, state: State) -> Person:
        name = self._store.name_of(conversation) or conversation
        return Person(conversation, name, state.language or "en", state.phone)

    # ------------------------------------------------------------------------------------------------- passing on

    async def pass_on(self, channel: Channel, state: State, burst: Iterable[Event]) -> bool:
        """Shows the agents what the customer does, in order and once. False if they closed at that moment: it was too late for them."""
        for event in left_of(burst):
            if event.kind in ("press", "start", "desk", "alarm"):
                continue
            if self.host and not event.aside and await self._is_closed(state.ticket, otherwise=False):
                self._forget(state.ticket)  # the conversation has come back untold
                return False
            person = self._person(event.conversation, state)
            file = await self._file(channel, event.media) if event.media else None
            line = Line(_mark(event), "customer", event_words(event), time.time(), file)
            if not self._store.begin_showing(event.conversation, line.id):
                continue
            try:
                if event.kind == "edit":
                    await self._patiently(partial(self._change, state.ticket, person, line), state.ticket)
                else:
                    await self._patiently(partial(self._show, state.ticket, person, line), state.ticket)
            except ApiError as error:
                log.error("the desk did not take a message: %s", error)
            except TicketOver:
                self._store.take_back(event.conversation, line.id)
                self._forget(state.ticket)
                return False
        self._look_later(state.ticket, time.time())
        return True

    async def _show(self, ticket: str, person: Person, line: Line, attempt: int) -> None:
        await self._unless_over(ticket, self.desk.pass_on(ticket, person, line, again=attempt > 0))

    async def _change(self, ticket: str, person: Person, line: Line, _: int) -> None:
        await self._unless_over(ticket, self.desk.change(ticket, person, line))

    async def _unless_over(self, ticket: str, call: Awaitable[None]) -> None:
        """A conflict may be an end: raises `TicketOver` then."""
        try:
            await call
        except ApiError as error:
            if error.status == CONFLICT and any(item.kind == "closed" for item in await self._recent(ticket)):
                raise TicketOver(ticket) from error
            raise

    async def _patiently(self, call: Callable[[int], Awaitable[T]], of: str = "") -> T:
        """Once more where the desk was busy or its answer was lost; the desk's adapter sees to it that nothing is done twice."""
        loop = asyncio.get_running_loop()
        for attempt in range(TRIES_MAX):
            await self._until_free(of)
            try:
                return await call(attempt)
            except ApiError as error:
                if attempt == TRIES_MAX - 1 or (400 <= error.status < 500 and error.status not in (CONFLICT, 423, 429)):
                    raise
                wait_s = (error.retry_after_s or BACKOFF_S * 2**attempt) / self._speed
                if error.retry_after_s and of:  # whoever else calls about this ticket waits as well
                    self._free_at[of] = max(self._free_at.get(of, 0.0), loop.time() + wait_s)
                else:
                    await asyncio.sleep(wait_s)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _until_free(self, of: str) -> None:
        """Until the desk wants to be asked about a ticket again."""
        while of and (early_s := self._free_at.get(of, 0.0) - asyncio.get_running_loop().time()) > GRAIN_S:
            await asyncio.sleep(early_s)

    async def _recent(self, ticket: str) -> list[News]:
        """What has happened in a ticket, asked once."""
        await self._until_free(ticket)
        return await self.desk.recent(ticket)

    async def end(self, state: State, why: str) -> None:
        """The customer has gone back to the bot."""
        self._forget(state.ticket)
        try:
            await self._patiently(lambda _: self.desk.end(state.ticket, why))
        except ApiError as error:
            log.error("the desk did not take the end of a conversation: %s", error)

    async def rate(self, state: State) -> None:
        try:
            await self._patiently(lambda _: self.desk.rate(state.rated_ticket, int(state.survey)))
        except ApiError as error:
            log.error("the desk did not take a rating: %s", error)

    # ------------------------------------------------------------------------------------------------ being told

    def receive(self, news: Iterable[News]) -> None:
        """Queues what happened at the desk in the line of the customer whom it concerns; what is known already is not new."""
        for item in news:
            conversation = self._conversation_of(item.ticket)
            if conversation is None:
                if self._opening:
                    self._early.append(item)
                continue
            if item.kind == "look":
                self._start_look(item.ticket, time.time())
                continue
            event = self._event(conversation, item)
            if self._store.accept(event):
                self._put(event)

    def _conversation_of(self, ticket: str) -> str | None:
        return f"{self.host}:{ticket}" if self.host else self._store.conversation_of(ticket)

    def _event(self, conversation: str, news: News) -> Event:
        channel, _, user = conversation.partition(":")
        again = f":{self._ended[news.ticket]}" if news.kind == "accepted" and news.ticket in self._ended else ""
        return Event(channel, user, f"{self.desk.name}:{news.ticket}:{news.id}{again}", "desk", news=news)

    async def has_come(self, ticket: str) -> bool:
        """True if somebody has taken a ticket without a webhook that says so, or if that news is still in the line."""
        conversation = self._store.conversation_of(ticket)
        if conversation is None:
            return False
        try:
            recent = await self._recent(ticket)
        except ApiError as error:
            log.warning("the desk cannot be looked at: %s", error)
            return False
        self.receive(recent)
        came = [item for item in recent if item.kind in ("accepted", "reply") and item.in_charge]
        return any(self._store.is_waiting(self._event(conversation, item)) for item in came)

    async def tell(self, channel: Channel, user: str, news: News) -> None:
        """Passes an agent's message on, unless the platform lets nothing through so long after the customer's last word; the desk hears
        whether it arrived."""
        heard_at = self._store.load(f"{channel.name}:{user}").heard_at
        silence_s = time.time() - heard_at if heard_at else 0.0
        is_late = not channel.may_say(Say(news.text, author="agent"), silence_s)
        why = TOO_LATE if is_late else await self._pass_reply_on(channel, user, news)
        try:
            await self._patiently(lambda _: self.desk.confirm(news, delivered=not why, why=why))
        except ApiError as error:
            log.warning("the desk did not take a receipt: %s", error)
        self._look_later(news.ticket, time.time())

    async def _pass_reply_on(self, channel: Channel, user: str, news: News) -> str:
        """What went wrong, or nothing."""
        try:
            if news.text:
                await channel.send(user, Say(news.text, author="agent"))
            for link in news.files:
                await channel.hand(user, File(link.name, link.mime, await self._load(link)))
        except ApiError as error:
            return str(error)
        return ""

    async def _load(self, link: Link) -> bytes:
        return await self._patiently(lambda _: self.desk.load(link))

    # ------------------------------------------------------------------------------------ looking for what was lost

    def _forget(self, ticket: str) -> None:
        self._store.close_ticket(ticket)
        self._free_at.pop(ticket, None)
        self._ended[ticket] = time.time_ns()
        if handle := self._looks.pop(ticket, None):
            handle.cancel()

    def failed(self, ticket: str) -> None:
        """Nobody has taken it."""
        self._forget(ticket)

    async def is_over(self, news: News) -> bool:
        """True if a ticket that somebody took is closed again: the webhook came late."""
        return await self._is_closed(news.ticket, otherwise=False)

    async def _is_closed(self, ticket: str, *, otherwise: bool) -> bool:
        """`otherwise` where the desk cannot be looked at."""
        try:
            return any(item.kind == "closed" for item in await self._recent(ticket))
        except ApiError as error:
            log.warning("the desk cannot be looked at: %s", error)
            return otherwise

    async def closed(self, news: News) -> bool:
        """True if a ticket is closed now; a late webhook may tell of something that is over."""
        try:
            recent = await self._patiently(lambda _: self.desk.recent(news.ticket), news.ticket)
        except ApiError as error:
            log.warning("the desk cannot be looked at: %s", error)
            recent = [news]
        is_closed = any(item.kind == "closed" for item in recent)
        if is_closed:
            self._forget(news.ticket)
        return is_closed

    def _look_later(self, ticket: str, since: float) -> None:
        if handle := self._looks.pop(ticket, None):
            handle.cancel()
        quiet_s = time.time() - since
        wait_s = next((every for upto, every in LOOK_S if quiet_s < upto), None)
        if wait_s is None:
            return  # until something happens there
        loop = asyncio.get_running_loop()
        self._looks[ticket] = loop.call_later(wait_s, partial(self._start_look, ticket, since, is_urgent=False))

    def _start_look(self, ticket: str, since: float, *, is_urgent: bool = True) -> None:
        task = asyncio.create_task(self._look(ticket, since, is_urgent))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _look(self, ticket: str, since: float, is_urgent: bool) -> None:
        unhurried.set(not is_urgent)
        was_open = self._store.is_open(ticket)
        try:
            recent = await self._patiently(lambda _: self.desk.recent(ticket), ticket)
            if was_open and not self._store.is_open(ticket):  # whoever had it when this was asked has gone meanwhile
                recent = [replace(item, in_charge=False) for item in recent if item.kind != "accepted"]
            self.receive(recent)
        except (ApiError, KeyError, TypeError, ValueError) as error:
            log.warning("the desk cannot be looked at: %s", error)
        if self._store.is_open(ticket):
            self._look_later(ticket, since)


def _mark(event: Event) -> str:
    """The id of a message for the desk: the platform's, with its name in front."""
    edit = f":edit:{event.id}" if event.kind == "edit" else ""
    return f"{event.channel}:{event.message_id or event.id}{edit}"
