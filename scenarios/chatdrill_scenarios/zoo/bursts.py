"""Defects in what a bot makes of messages that belong together."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from ..shoebot import conversations as conversations_module
from ..shoebot.bot import Bot
from ..shoebot.conversations import Conversations
from ..shoebot.model import Event
from .specimen import instead, specimen

_turn, _collect, _put, _handle = Bot._turn, Conversations._collect, Conversations.put, Bot._handle


async def _first_only(line: Conversations, queue: asyncio.Queue[Event]) -> list[Event]:
    """The rest was read as well, and nobody asked for it."""
    return (await _collect(line, queue))[:1]


async def _last_only(line: Conversations, queue: asyncio.Queue[Event]) -> list[Event]:
    """Each fragment replaces the one before."""
    return (await _collect(line, queue))[-1:]


async def _without_the_middle(line: Conversations, queue: asyncio.Queue[Event]) -> list[Event]:
    burst = await _collect(line, queue)
    return [burst[0], burst[-1]] if len(burst) > 1 else burst


async def _backwards(line: Conversations, queue: asyncio.Queue[Event]) -> list[Event]:
    return (await _collect(line, queue))[::-1]


async def _each_again(bot: Bot, burst: list[Event]) -> None:
    """The fragments so far are answered with each fragment."""
    for count in range(1, len(burst) + 1):
        await _handle(bot, burst[:count])


async def _two_at_most(line: Conversations, queue: asyncio.Queue[Event]) -> list[Event]:
    """A third fragment finds the buffer full."""
    return (await _collect(line, queue))[:2]


def _not_while_busy(line: Conversations, event: Event) -> None:
    """Whoever writes while the bot is at it is asked to come again, by nobody."""
    busy = line.__dict__.setdefault("busy", set())
    if event.conversation not in busy:
        _put(line, event)


async def _busy(bot: Bot, burst: list[Event]) -> None:
    busy = bot._conversations.__dict__.setdefault("busy", set())
    busy.add(burst[0].conversation)
    await asyncio.sleep(0.5)  # a model that thinks
    try:
        await _handle(bot, burst)
    finally:
        busy.discard(burst[0].conversation)


def _one_buffer(event: Event) -> str:
    """There is one buffer for all who write."""
    return event.channel


BURST, TWO, CORRECTED = "One answer for a burst", "Two questions in one burst", "A correction within a burst"
ON_AND_ON, FRAGMENTS = "Somebody who types on and on", "The fragmenter, fast"
THREE = ("Hi", "I ordered shoes last week", "order 553, where is it?")

_bursts = partial(specimen, "bursts")


def _collecting(how: Any) -> Any:
    return instead(Conversations, _collect=how)


SPECIMENS = (
    _bursts("answers the first fragment only", "chatwoot#15430", "expected", BURST, _collecting(_first_only), minimum=THREE[::2]),
    _bursts("answers the first fragment only, on WhatsApp", "openclaw#967", "expected", BURST, _collecting(_first_only),
            platform="whatsapp", minimum=THREE[::2]),
    _bursts("answers the last fragment only", "hermes-agent#35301", "expected", TWO, _collecting(_last_only),
            minimum=("How much is delivery?", "and when are you open?")),
    _bursts("loses the fragment in the middle", "evolution-api#1307", "expected", "Everything in one burst | " + FRAGMENTS,
            _collecting(_without_the_middle), minimum=("my shoes are torn", "order 553", "I have no photo")),
    _bursts("loses what does not fit into a buffer of two", "openfang#727", "expected", BURST, _collecting(_two_at_most), minimum=THREE),
    _bursts("puts fragments together backwards", "evolution-api#1307", "expected", CORRECTED, _collecting(_backwards),
            minimum=("Where is order 553?", "sorry, 554")),
    _bursts("answers each fragment", "openclaw#87002", "unexpected | expected", BURST, env=("SHOEBOT_DEBOUNCE_S=0.01",),
            minimum=("Hi", "order 553, where is it?")),
    _bursts("answers each fragment, on Messenger", "vercel/chat#208", "unexpected | expected", BURST, env=("SHOEBOT_DEBOUNCE_S=0.01",),
            platform="messenger", minimum=("Hi", "order 553, where is it?")),
    _bursts("answers what there is with every fragment", "chatwoot#15430", "unexpected | expected", BURST,
            instead(Bot, _handle=_each_again), minimum=("Hi", "order 553, where is it?"),
            fuzzed_by="says_nothing_twice"),
    _bursts("waits six seconds for more, also after one word", "hermes-agent#22602", "sla", BURST, env=("SHOEBOT_DEBOUNCE_S=6",),
            minimum=("Hi",)),
    _bursts("waits for the end of a burst without end", "hermes-agent#44973", "expected", ON_AND_ON,
            instead(conversations_module, PATIENCE=10_000)),
    _bursts("drops what comes while it is at work", "openlivery#28", "expected", "A word while the bot is at work",
            (*instead(Conversations, put=_not_while_busy), *instead(Bot, _handle=_busy)), minimum=("Hello", "where is order 553?"),
            fuzzed_by="answered"),
    _bursts("has one buffer for all customers", "glific#3705", "expected | no-cross-talk", "Two customers at once | Ten customers at once",
            instead(Event, conversation=property(_one_buffer)), minimum=("order 553", "order 554")),
)  # fmt: skip
