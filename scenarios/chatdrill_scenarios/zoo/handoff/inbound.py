"""Defects in passing the customer's words on to people: HO-22 to HO-27."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any

from ...shoebot import counter as counter_module
from ...shoebot import shown as shown_module
from ...shoebot.bot import Bot
from ...shoebot.channels import Channel
from ...shoebot.counter import Counter
from ...shoebot.desks import Line, News, Person
from ...shoebot.desks.chatwoot import Chatwoot
from ...shoebot.model import Event, State
from ...shoebot.store import Store
from ..specimen import instead, of_handoff

_pass_on, _hear_news, _words_of, _accept = Counter.pass_on, Bot._hear_news, shown_module.event_words, Store.accept
_ODD = ("sticker", "location", "contact")


async def _once(counter: Counter, call: Callable[[int], Awaitable[Any]]) -> Any:
    """A call that fails has failed."""
    return await call(0)


async def _added_again(desk: Chatwoot, ticket: str, person: Person, line: Line, *, again: bool) -> None:
    await desk._add(ticket, person, line)


def _is_always_new(store: Store, *known: object) -> bool:
    """Whoever counts updates by a cache that forgets has never seen any."""
    if len(known) == 1 and isinstance(known[0], Event):
        _accept(store, known[0])
    return True


async def _answers_left_out(counter: Counter, channel: Channel, state: State, burst: Iterable[Event]) -> None:
    """Words that the bot would understand are the bot's."""
    await _pass_on(counter, channel, state, [event for event in burst if "?" not in event.text])


async def _backwards(counter: Counter, channel: Channel, state: State, burst: Iterable[Event]) -> None:
    await _pass_on(counter, channel, state, list(burst)[::-1])


def _now_and_then(seconds: float) -> Any:
    async def pass_on(counter: Counter, channel: Channel, state: State, burst: Iterable[Event]) -> None:
        """Messages wait until the next round of a job."""
        await asyncio.sleep(seconds)
        await _pass_on(counter, channel, state, burst)

    return pass_on


async def _once_accepted(counter: Counter, channel: Channel, state: State, burst: Iterable[Event]) -> None:
    """There is nobody yet to whom anything could be passed on."""
    if state.accepted:
        await _pass_on(counter, channel, state, burst)


async def _flushes(bot: Bot, channel: Channel, event: Event, news: News) -> None:
    """What was said while nobody was there is shown to whoever comes, whether it stands there or not."""
    before = bot.store.load(event.conversation)
    await _hear_news(bot, channel, event, news)
    if news.kind != "accepted" or before.accepted or bot.counter is None:
        return
    person = bot.counter._person(event.conversation, before)
    rows = bot.store._db.execute("SELECT mark, words, at FROM log WHERE author = 'customer' ORDER BY rowid").fetchall()
    for mark, words, at in rows[1:]:
        await bot.counter.desk.pass_on(news.ticket, person, Line(f"{mark}:late", "customer", words, at), again=False)


async def _edits_as_new(counter: Counter, channel: Channel, state: State, burst: Iterable[Event]) -> None:
    """An update with a text in it is a message."""
    marked = [replace(event, kind="text", message_id=event.id) if event.kind == "edit" else event for event in burst]
    for event in marked:
        counter._store.log(event.conversation, counter_module._mark(event), "customer", event.text, time.time(), None)
    await _pass_on(counter, channel, state, marked)


async def _without_edits(counter: Counter, channel: Channel, state: State, burst: Iterable[Event]) -> None:
    await _pass_on(counter, channel, state, [event for event in burst if event.kind != "edit"])


async def _words_and_files(counter: Counter, channel: Channel, state: State, burst: Iterable[Event]) -> None:
    await _pass_on(counter, channel, state, [event for event in burst if event.kind not in _ODD])


def _only_named(event: Event) -> str:
    return f"[{event.kind}]" if event.kind in _ODD else _words_of(event)


BUSY, STUMBLES, TWICE = (
    "A busy talk with a person",
    "A message while the desk stumbles",
    "Every message is delivered twice",
)
CHANGED = "A message is changed"

SPECIMENS = (
    of_handoff("a message that the desk refuses once is given up", "HO-22", "waha#1627", STUMBLES,
           instead(Counter, _patiently=_once)),
    of_handoff("a message whose answer was lost is posted again", "HO-22", "chatwoot#11901", STUMBLES,
           instead(Chatwoot, pass_on=_added_again)),
    of_handoff("updates that come twice are passed on twice", "HO-22", "chatwoot#13523", TWICE,
           instead(Store, accept=_is_always_new, begin_showing=_is_always_new)),
    of_handoff("questions are kept from the agent", "HO-22", "Laiye hand-over", BUSY,
           instead(Counter, pass_on=_answers_left_out)),
    of_handoff("a burst is passed on backwards", "HO-23", "chatwoot#14060", BUSY, instead(Counter, pass_on=_backwards)),
    of_handoff("messages wait for a job that runs every 40 seconds", "HO-24", "glific#3705", BUSY,
           instead(Counter, pass_on=_now_and_then(40.0))),
    of_handoff("every message takes eight seconds", "HO-24", "glific#3705", BUSY,
           instead(Counter, pass_on=_now_and_then(8.0))),
    of_handoff("what is said before somebody comes is lost", "HO-25", "botpress#13755", BUSY,
           instead(Counter, pass_on=_once_accepted)),
    of_handoff("what was said before is shown again to whoever comes", "HO-25", "botpress#13755", BUSY,
           instead(Bot, _hear_news=_flushes)),
    of_handoff("an edit is a message of its own", "HO-26", "chatwoot#10637", CHANGED,
           instead(Counter, pass_on=_edits_as_new)),
    of_handoff("edits are not passed on", "HO-26", "evolution-api#453", CHANGED, instead(Counter, pass_on=_without_edits)),
    of_handoff("stickers, places and contacts are dropped", "HO-27", "botpress#13805", BUSY,
           instead(Counter, pass_on=_words_and_files)),
    of_handoff("places and contacts are named, not told", "HO-27", "chatwoot is_unsupported", BUSY,
           instead(counter_module, event_words=_only_named)),
)  # fmt: skip
