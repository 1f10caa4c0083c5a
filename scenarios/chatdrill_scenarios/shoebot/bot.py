"""The bot at work: takes events in, lets the brain answer bursts, sends the answers out."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import pictures
from .alarms import next_alarm, ring, unsaid
from .api import Api, ApiError
from .brain import respond
from .channels import Channel
from .channels.messenger import Messenger
from .channels.telegram import Telegram
from .channels.whatsapp import WhatsApp
from .config import Settings
from .conversations import Conversations
from .model import Event, State
from .store import Store
from .timers import Timers

log = logging.getLogger("shoebot")

ASSETS = Path(__file__).resolve().parent.parent / "media"
DRAIN_S = 5.0
# The loop's clock and the one on the wall differ by a hair: a timer may ring before its time.
EARLY_S = 1.0
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError)


class Bot:
    """Create it in a running event loop. `ready` is set once the webhooks are registered or given up."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.policy = settings.policy
        self.loop = asyncio.get_running_loop()
        self.ready = asyncio.Event()
        self.store = Store(settings["SHOEBOT_DB"])
        self._api = Api(settings.speed)
        self.channels = self._channels()
        self._conversations = Conversations(self._handle, settings.debounce_s)
        self._timers = Timers(self._wake)
        for conversation, due in self.store.alarms():
            self._timers.set(conversation, due)
        for event in self.store.open_events():
            self._conversations.put(event)
        self._starting = asyncio.create_task(self._register())

    def _channels(self) -> dict[str, Channel]:
        every: tuple[Channel, ...] = (
            Telegram(self.settings, self._api, ASSETS),
            WhatsApp(self.settings, self._api, ASSETS),
            Messenger(self.settings, self._api, ASSETS),
        )
        return {channel.name: channel for channel in every if channel.name in self.settings.platforms}

    async def _register(self) -> None:
        await asyncio.gather(*(self._register_at(channel) for channel in self.channels.values()))
        self.ready.set()

    async def _register_at(self, channel: Channel) -> None:
        try:
            await channel.register()
        except ApiError as error:
            log.warning("%s is not reachable, carrying on without it: %s", channel.name, error)

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
        self._timers.close()
        await self._conversations.drain(DRAIN_S / self.settings.speed)
        await self._api.close()
        self.store.close()

    async def _handle(self, burst: list[Event]) -> None:
        channel = self.channels.get(burst[0].channel)
        if channel is None:
            return  # left over in the inbox from a platform that is switched off now
        said = [event for event in burst if event.kind != "alarm"]
        if not said:
            await self._speak_unasked(channel, burst[0].conversation, burst[0].user)
            return
        try:
            await self._turn(channel, said)
        except Exception:
            self.store.finish(said)  # it would fail again after the next start
            raise

    async def _turn(self, channel: Channel, burst: list[Event]) -> None:
        for event in burst:
            if event.callback_id:
                await self._try(channel.confirm(event))
        seen = [await self._examined(channel, event) for event in burst]
        conversation = burst[0].conversation
        state, replies = respond(self.store.load(conversation), seen, now=time.time(), policy=self.policy)
        # Before sending: after a crash a customer may miss an answer and ask again, but never gets it twice.
        self.store.finish(burst, state, self._set_alarm(conversation, state))
        if replies:
            await self._try(channel.attend(burst[-1]))
        for reply in replies:
            if not await self._try(channel.send(burst[0].user, reply)):
                break

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
        silence_s = now - state.heard_at
        state, says = ring(state, alarm, now=now, policy=self.policy)
        allowed = [say for say in says if channel.may_say(say, silence_s)]
        if held := [say for say in says if say not in allowed]:
            keep = channel.can_reopen or any(say.author == "agent" for say in held)
            state = unsaid(state, alarm.kind, keep=keep)
        self.store.save(conversation, state, self._set_alarm(conversation, state))
        for say in allowed:
            await self._try(channel.send(user, say))
        if held and channel.can_reopen:
            await self._try(channel.reopen(user, state.language))

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
