"""Defects that show only when several people write at once."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from ..shoebot.bot import Bot
from ..shoebot.channels import Channel
from ..shoebot.conversations import Conversations
from ..shoebot.model import Event, State
from ..shoebot.store import Store
from .specimen import instead, specimen

_turn, _handle, _put, _load = Bot._turn, Bot._handle, Conversations.put, Store.load


async def _one_at_a_time(bot: Bot, burst: list[Event]) -> None:
    """A lock around the model, which takes two seconds."""
    async with bot.__dict__.setdefault("gate", asyncio.Lock()):
        await asyncio.sleep(2.0)
        await _handle(bot, burst)


async def _busy_lines(bot: Bot, burst: list[Event]) -> None:
    """More than five at a time are too many."""
    busy = bot.__dict__.setdefault("busy", [])
    if len(busy) >= 5:
        bot.store.finish(burst)
        return
    busy.append(burst)
    try:
        await asyncio.sleep(0.5)
        await _handle(bot, burst)
    finally:
        busy.remove(burst)


def _short_queue(line: Conversations, event: Event) -> None:
    """Six conversations fit in."""
    if event.conversation in line._lines or len(line._lines) < 6:
        _put(line, event)


async def _shared_turn(bot: Bot, channel: Channel, burst: list[Event]) -> None:
    """What is being answered is kept in the bot, across a wait."""
    bot.__dict__["burst"] = burst
    await asyncio.sleep(0.3)
    now = bot.__dict__["burst"]
    await _turn(bot, channel, [_for(event, burst[0].user) for event in now])
    if now is not burst:
        bot.store.finish(burst)


def _for(event: Event, user: str) -> Event:
    kept = {name: getattr(event, name) for name in Event.__slots__}
    return Event(**{**kept, "user": user})


async def _reads_early(bot: Bot, channel: Channel, burst: list[Event]) -> None:
    """The state of the moment before is good enough, whatever another worker has written since."""
    conversation = burst[0].conversation
    before = bot.store.load(conversation)
    bot.store.__dict__.setdefault("stale", {})[conversation] = bot.store.__dict__.get("next", {}).get(
        conversation, State()
    )
    bot.store.__dict__.setdefault("next", {})[conversation] = before
    await _turn(bot, channel, burst)


def _stale(store: Store, conversation: str) -> State:
    found = store.__dict__.get("stale", {}).pop(conversation, None)
    return found if found is not None else _load(store, conversation)


def _slow_for_many(limit: int) -> Any:
    async def handle(bot: Bot, burst: list[Event]) -> None:
        """The database is fast as long as few ask."""
        bot.__dict__["asking"] = bot.__dict__.get("asking", 0) + 1
        await asyncio.sleep(0.2 * bot.__dict__["asking"] ** 2 if bot.__dict__["asking"] > limit else 0.0)
        try:
            await _handle(bot, burst)
        finally:
            bot.__dict__["asking"] -= 1

    return instead(Bot, _handle=handle)


TEN, TWO = "Ten customers at once", "Two customers at once"
MANY = ("Where is order 553?", "Where is order 554?")

_load_of = partial(specimen, "load")
SPECIMENS = (
    _load_of("serves one customer after the other", "chatwoot#15204", "sla", TEN, instead(Bot, _handle=_one_at_a_time)),
    _load_of("serves one customer of WhatsApp's after the other", "chatwoot#15857", "sla", TEN, instead(Bot, _handle=_one_at_a_time),
             platform="whatsapp"),
    _load_of("hangs up when the line is busy", "chatwoot#7015", "expected", TEN, instead(Bot, _handle=_busy_lines)),
    _load_of("loses what does not fit into its queue", "chatwoot#9728", "expected", TEN, instead(Conversations, put=_short_queue)),
    _load_of("loses what does not fit into its queue, on Messenger", "chatwoot#9728", "expected", TEN,
             instead(Conversations, put=_short_queue), platform="messenger"),
    _load_of("answers one customer what another has asked", "waha#2241", "expected", f"{TWO} | {TEN}", instead(Bot, _turn=_shared_turn),
             minimum=MANY),
    _load_of("answers one customer of WhatsApp's what another has asked", "waha#2241", "expected", f"{TWO} | {TEN}",
             instead(Bot, _turn=_shared_turn), platform="whatsapp", minimum=MANY),
    _load_of("works with a state that is one turn old", "rasa#9305", "expected", "The reason comes first",
             (*instead(Bot, _turn=_reads_early), *instead(Store, load=_stale))),
    _load_of("is slow as soon as four ask", "chatwoot#15204", "sla", TEN, _slow_for_many(3)),
)  # fmt: skip
