"""The bot at work: takes events in, lets the brain answer bursts, sends the answers out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import pictures
from .api import Api, ApiError
from .brain import respond
from .channels import Channel
from .channels.messenger import Messenger
from .channels.telegram import Telegram
from .channels.whatsapp import WhatsApp
from .config import Settings
from .conversations import Conversations
from .model import Event
from .store import Store

log = logging.getLogger("shoebot")

ASSETS = Path(__file__).resolve().parent.parent / "media"
DRAIN_S = 5.0
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError)


class Bot:
    """Create it in a running event loop. `ready` is set once the webhooks are registered or given up."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.loop = asyncio.get_running_loop()
        self.ready = asyncio.Event()
        self.store = Store(settings["SHOEBOT_DB"])
        self._api = Api(settings.speed)
        self.channels = self._channels()
        self._conversations = Conversations(self._handle, settings.debounce_s)
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

    async def idle(self) -> None:
        await self._conversations.idle()

    async def close(self) -> None:
        self._starting.cancel()
        await self._conversations.drain(DRAIN_S / self.settings.speed)
        await self._api.close()
        self.store.close()

    async def _handle(self, burst: list[Event]) -> None:
        channel = self.channels.get(burst[0].channel)
        if channel is None:
            return  # left over in the inbox from a platform that is switched off now
        try:
            await self._turn(channel, burst)
        except Exception:
            self.store.finish(burst)  # it would fail again after the next start
            raise

    async def _turn(self, channel: Channel, burst: list[Event]) -> None:
        for event in burst:
            if event.callback_id:
                await self._try(channel.confirm(event))
        seen = [await self._examined(channel, event) for event in burst]
        state, replies = respond(self.store.load(burst[0].conversation), seen)
        # Before sending: after a crash a customer may miss an answer and ask again, but never gets it twice.
        self.store.finish(burst, state)
        if replies:
            await self._try(channel.attend(burst[-1]))
        for reply in replies:
            if not await self._try(channel.send(burst[0].user, reply)):
                break

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
