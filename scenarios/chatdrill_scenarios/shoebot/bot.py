"""The bot at work: takes events in, lets the brain answer bursts, sends the answers out."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import pictures
from .alarms import next_alarm, ring, unsaid
from .api import Api, ApiError
from .brain import respond
from .channels import Channel
from .channels.email import Email
from .config import Settings
from .conversations import Conversations
from .counter import Counter
from .desks import Desk, News
from .desks.amocrm import AmoCrm
from .desks.bitrix24 import Bitrix24
from .desks.botframework import BotFramework
from .desks.chat2desk import Chat2Desk
from .desks.chatwoot import Chatwoot
from .desks.generic import Generic
from .desks.intercom import Intercom
from .desks.messenger_inbox import MessengerInbox
from .desks.zendesk import Zendesk
from .hearing import Heard
from .lending import Files
from .model import Event, Reply, Say, State
from .phone import Phone
from .posting import Mailbox
from .roster import channels
from .skills import desk as desk_skill
from .skills import survey
from .store import Store
from .texts import text
from .timers import Timers
from .turn import Turn

log = logging.getLogger("shoebot")

ASSETS = Path(__file__).resolve().parent.parent / "media"
DRAIN_S = 5.0
GREETINGS_MAX = 1000  # a webhook comes again within the hour, or never
# Nobody wants to be asked every hour how it was.
SURVEY_EVERY_S = 86_400.0
# The loop's clock and the one on the wall differ by a hair: a timer may ring before its time.
EARLY_S = 1.0
DESKS: Mapping[str, Callable[[Settings, Api], Desk]] = {
    "chatwoot": Chatwoot,
    "intercom": Intercom,
    "messenger_inbox": MessengerInbox,
    "zendesk": Zendesk,
}
# These take links, and no bytes.
LINKING: Mapping[str, Callable[[Settings, Api, Files], Desk]] = {
    "amocrm": AmoCrm,
    "bitrix24": Bitrix24,
    "chat2desk": Chat2Desk,
    "botframework": BotFramework,
    "generic": Generic,
}
# These are a part of a channel, whose webhooks tell of them.
HOSTS: Mapping[str, str] = {"messenger_inbox": "messenger"}
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


class Bot:
    """Create it in a running event loop. `ready` is set once the webhooks are registered or given up."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.policy = settings.policy
        self.loop = asyncio.get_running_loop()
        self.ready = asyncio.Event()
        self.store = Store(settings["SHOEBOT_DB"])
        self.files = Files(self.store, settings.public_url)
        self._api = Api(settings.speed)
        self._desk_api = Api(settings.speed, tries=1)
        self.channels = channels(settings, self._api, ASSETS, self.files, self.store)
        self._conversations = Conversations(self._handle, settings.debounce_s)
        self._timers = Timers(self._wake)
        self.counter = self._counter()
        for conversation, due in self.store.alarms():
            self._timers.set(conversation, due)
        for event in self.store.open_events():
            self._conversations.put(event)
        self.phone = Phone(self.settings, self.store, self.channels)
        self._greetings: dict[str, bytes] = {}
        self._mailbox = Mailbox(self.settings["EMAIL_ADDRESS"], self._take_mail)
        self._starting = asyncio.create_task(self._register())

    def _counter(self) -> Counter | None:
        name = self.settings["SHOEBOT_DESK"]
        if not name:
            return None
        if name in LINKING:
            desk = LINKING[name](self.settings, self._desk_api, self.files)
        elif name in DESKS:
            desk = DESKS[name](self.settings, self._desk_api)
        else:
            raise ValueError(f"SHOEBOT_DESK: unknown {name!r}; known are {sorted([*DESKS, *LINKING])}")
        put, speed = self._conversations.put, self.settings.speed
        return Counter(desk, self.store, put, self._send, speed, HOSTS.get(name, ""))

    async def _register(self) -> None:
        if self.settings["EMAIL_MX_PORT"] and Email.name in self.channels:
            await self._mailbox.open(self.settings["SHOEBOT_HOST"], int(self.settings["EMAIL_MX_PORT"]))
        services: list[Channel | Desk] = [*self.channels.values(), *([self.counter.desk] if self.counter else ())]
        await asyncio.gather(*(self._register_at(service) for service in services))
        self.ready.set()

    async def _register_at(self, service: Channel | Desk) -> None:
        try:
            await service.register()
        except ApiError as error:
            log.warning("%s is not reachable, carrying on without it: %s", service.name, error)

    def _take_mail(self, sender: str, raw: bytes) -> None:
        self.receive(self.channels[Email.name], Email.delivered(sender, raw))

    def receive(self, channel: Channel, update: Mapping[str, Any]) -> None:
        """Files what is new. Whatever a platform invents next must not make it redeliver for a week."""
        try:
            items = list(channel.items(update))
        except _MALFORMED:
            log.exception("%s sent an update that does not look like one", channel.name)
            return
        for item in items:
            try:
                self._file(channel.events(item))
            except _MALFORMED:  # the rest of the batch may be sound
                log.exception("%s sent an item that does not look like one", channel.name)

    def greet(self, channel: Channel, update: Mapping[str, Any]) -> bytes | None:
        """The answer to a webhook by which alone its customer can be reached; None for any other webhook. The same webhook gets
        the same answer, for the first one may have been lost."""
        try:
            event = channel.opening(update)
        except _MALFORMED:
            log.exception("%s sent an opening that does not look like one", channel.name)
            return None
        if event is None:
            return None
        if event.id not in self._greetings:
            if len(self._greetings) >= GREETINGS_MAX:
                del self._greetings[next(iter(self._greetings))]
            self._greetings[event.id] = self._greeting(channel, event)
        return self._greetings[event.id]

    def _greeting(self, channel: Channel, event: Event) -> bytes:
        state = self.store.load(event.conversation)
        if not self.store.accept(event) or state.ticket:
            return b""
        state, replies = respond(state, [event], now=time.time(), policy=self.policy)
        # No alarm is set: who never writes cannot be reminded of anything.
        self.store.finish([event], state)
        if event.name:
            self.store.remember_name(event.conversation, event.name)
        if self.counter:
            self.counter.note_answered(event.conversation, replies)
        return channel.greeting(event, replies)

    def receive_news(self, raw: bytes) -> None:
        """Files what the desk tells."""
        assert self.counter is not None
        try:
            self.counter.receive(self.counter.desk.news(raw))
        except _MALFORMED:
            log.exception("%s sent something that does not look like news", self.counter.desk.name)

    def _file(self, events: Iterator[Event]) -> None:
        for event in events:
            if self.store.accept(event):
                self._conversations.put(event)

    def _wake(self, conversation: str) -> None:
        """An alarm takes its place in the line, behind what the customer is saying at this moment."""
        channel, _, user = conversation.partition(":")
        self._conversations.put(Event(channel, user, "alarm", "alarm"))

    async def idle(self) -> None:
        await self._conversations.idle()

    async def close(self) -> None:
        self._starting.cancel()
        self._mailbox.close()
        self._timers.close()
        if self.counter:
            self.counter.close()
        await self._conversations.drain(DRAIN_S / self.settings.speed)
        await self._api.close()
        await self._desk_api.close()
        self.store.close()

    async def _handle(self, burst: list[Event]) -> None:
        channel = self.channels.get(burst[0].channel)
        if channel is None:
            return  # left over in the inbox from a platform that is switched off now
        said = [event for event in burst if event.kind not in ("alarm", "desk")]
        try:
            if said:
                await self._turn(channel, said)
            elif burst[-1].kind == "alarm":
                await self._speak_unasked(channel, burst[0].conversation, burst[0].user)
            for news in (event.news for event in burst if event.news is not None):
                await self._hear_news(channel, burst[-1], news)
        except Exception:
            self.store.finish([event for event in burst if event.kind != "alarm"])  # it would fail again
            raise

    async def _turn(self, channel: Channel, burst: list[Event]) -> None:
        for event in burst:
            if event.callback_id:
                await self._try(channel.confirm(event))
            if event.name:
                self.store.remember_name(event.conversation, event.name)
        seen = [self.phone.followed(await self._examined(channel, event)) for event in burst]
        conversation = burst[0].conversation
        before = self.store.load(conversation)
        state, replies = respond(before, seen, now=time.time(), policy=self.policy)
        if self.counter:
            state, replies = await self._with_people(self.counter, channel, seen, before, state, replies)
            self.counter.note_answered(conversation, replies)
        # Before sending: after a crash a customer may miss an answer and ask again, but never gets it twice.
        self.store.finish(burst, state, self._set_alarm(conversation, state))
        if replies:
            await self._try(channel.attend(burst[-1]))
        for reply in replies:
            if not await self._send(channel, burst[0].user, reply):
                break

    async def _with_people(
        self,
        counter: Counter,
        channel: Channel,
        burst: list[Event],
        before: State,
        state: State,
        replies: list[Reply],
    ) -> tuple[State, list[Reply]]:
        """What a turn means for the people at the desk: somebody is called, or sent away, or reads it."""
        counter.note_said(burst)
        if before.ticket and state.with_person:
            if not await counter.pass_on(channel, before, burst):
                return await self._answer_instead(counter, channel, burst, before)
        elif before.ticket:
            await counter.end(before, "The customer has gone back to the bot.")
            state.ticket, state.accepted = "", False
        elif state.with_person and not before.with_person:
            state, replies = await counter.hand_over(channel, burst[-1], state, replies)
        if state.rated_ticket and state.survey.isdigit() and not before.survey.isdigit():
            await counter.rate(state)
        return state, replies

    async def _answer_instead(
        self, counter: Counter, channel: Channel, burst: list[Event], before: State
    ) -> tuple[State, list[Reply]]:
        """The agent closed as the customer wrote: what was meant for them is the bot's to answer, or to call the next one."""
        back = replace(before)
        says = self._come_back(back, asks=False)
        back.resolved_at = 0.0  # the talk goes on
        state, replies = respond(back, burst, now=time.time(), policy=self.policy)
        return await self._with_people(counter, channel, burst, back, state, [*says, *replies])

    async def _hear_news(self, channel: Channel, event: Event, news: News) -> None:
        """An agent has come, has written, or is done."""
        counter, conversation = self.counter, event.conversation
        assert counter is not None
        state, says = self.store.load(conversation), []
        silence_s = time.time() - state.heard_at
        if news.kind in ("accepted", "reply") and news.in_charge:
            if state.with_person or not await counter.is_over(news):
                self._let_in(state, news, conversation)
        elif news.kind == "closed" and state.ticket == news.ticket and await counter.closed(news):
            says = self._come_back(state, asks=not counter.desk.asks_for_rating)
        elif news.kind == "failed" and state.ticket == news.ticket:
            counter.failed(news.ticket)
            state.with_person, state.accepted, state.ticket = False, False, ""
            says = [Say(text("person.failed", state.language))]
        self.store.finish([event], state, self._set_alarm(conversation, state))
        if news.kind == "reply":
            await counter.tell(channel, event.user, news)
        elif news.kind == "asked":
            await self._send(channel, event.user, Say(news.text, author="agent"))
        says = [say for say in says if not isinstance(say, Say) or channel.may_say(say, silence_s)]
        for say in says:
            await self._send(channel, event.user, say)
        counter.note_answered(conversation, says)

    def _let_in(self, state: State, news: News, conversation: str) -> None:
        """Somebody has come, called or not."""
        if not state.with_person:
            state.with_person, state.ticket, state.handed_at = True, news.ticket, time.time()
            self.store.open_ticket(news.ticket, conversation)
        state.accepted = True

    def _come_back(self, state: State, *, asks: bool) -> list[Reply]:
        turn = Turn(state, Heard(), time.time(), self.policy)
        desk_skill.come_back(turn)
        if self.counter and not asks and self.counter.desk.hears_rating:
            state.survey, state.surveyed_at = survey.DESKS, time.time()
        recently = time.time() - state.surveyed_at < SURVEY_EVERY_S
        if recently or not (asks and self.policy.rating_s):
            return turn.replies()
        asking = Turn(state, Heard(), time.time(), self.policy)
        survey.ask(asking)
        return [*turn.replies(), *asking.replies()]

    def _set_alarm(self, conversation: str, state: State) -> float | None:
        alarm = next_alarm(state, self.policy)
        due = alarm.due if alarm else None
        self._timers.set(conversation, due)
        return due

    async def _speak_unasked(self, channel: Channel, conversation: str, user: str) -> None:
        """An alarm has rung: says what is due, as far as the platform lets it through."""
        state, now = self.store.load(conversation), time.time()
        alarm = next_alarm(state, self.policy)
        if alarm is None or alarm.due > now + EARLY_S:  # the customer was quicker, or the clock was set back
            self._set_alarm(conversation, state)
            return
        if self.counter and alarm.kind == "wait" and await self.counter.has_come(state.ticket):
            self._set_alarm(conversation, state)  # behind the news
            return
        silence_s, had_person, has_asked = now - state.heard_at, state.with_person, bool(state.held)
        state, says = ring(state, alarm, now=now, policy=self.policy)
        if self.counter and state.with_person and not had_person:
            event = Event(channel.name, user, f"{alarm.kind}:{alarm.due:.0f}", "alarm")
            state, left = await self.counter.hand_over(channel, event, state, [*says])
            says = [say for say in left if isinstance(say, Say)]
        allowed = [say for say in says if channel.may_say(say, silence_s)]
        if held := [say for say in says if say not in allowed]:
            keep = channel.can_reopen or any(say.author == "agent" for say in held)
            state = unsaid(state, alarm.kind, keep=keep)
        self.store.save(conversation, state, self._set_alarm(conversation, state))
        for say in allowed:
            await self._try(channel.send(user, say))
        if self.counter:
            self.counter.note_answered(conversation, allowed)
        if held and channel.can_reopen and not has_asked:
            await self._try(channel.reopen(user, state.language))

    async def _send(self, channel: Channel, user: str, reply: Reply) -> bool:
        return await self._try(channel.send(user, reply))

    async def _try(self, call: Any) -> bool:
        """A refused call (blocked, window closed, overload for too long) ends the turn, not the bot."""
        try:
            await call
        except ApiError as error:
            log.warning("%s", error)
            return False
        return True

    async def _examined(self, channel: Channel, event: Event) -> Event:
        """The event with its picture looked at, so that the brain judges evidence and not file names."""
        if event.media is None or not pictures.wanted(event):
            return event
        try:
            media = pictures.examined(event.media, await channel.fetch(event.media))
        except (ApiError, KeyError) as error:
            log.warning("a picture could not be fetched: %s", error)
            return replace(event, media=replace(event.media, verdict="lost"))
        if media.verdict == "image":
            self.store.keep_picture(event.conversation, media.sha256, media.size_bytes)
        return replace(event, media=media)
