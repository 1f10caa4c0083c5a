"""Defects in passing the agents' words on to the customer: HO-28 to HO-33."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...shoebot.api import ApiError
from ...shoebot.channels import Channel
from ...shoebot.channels.telegram import Telegram
from ...shoebot.counter import Counter
from ...shoebot.desks import Line, News
from ...shoebot.desks import chatwoot as chatwoot_module
from ...shoebot.desks.chatwoot import Chatwoot
from ...shoebot.desks.generic import Generic
from ...shoebot.model import Reply, State
from ...shoebot.store import Store
from ..specimen import instead, of_handoff
from .inbound import BUSY, TWICE, _is_always_new
from .quiet import _later

_tell, _pass_reply_on, _said_of = Counter.tell, Counter._pass_reply_on, chatwoot_module._said
_send, _recent = Telegram.send, Generic.recent


async def _to_the_last_chat(counter: Counter, channel: Channel, user: str, news: News) -> str:
    """One variable for the chat that is being served."""
    last = counter._store._db.execute("SELECT conversation FROM log ORDER BY rowid DESC LIMIT 1").fetchone()[0]
    return await _pass_reply_on(counter, channel, last.partition(":")[2], news)


async def _to_everybody(counter: Counter, channel: Channel, user: str, news: News) -> str:
    """The room is the desk's, and all who wait for a person are in it."""
    for (conversation,) in counter._store._db.execute("SELECT DISTINCT conversation FROM tickets").fetchall():
        await _pass_reply_on(counter, channel, conversation.partition(":")[2], news)
    return ""


async def _never_the_same_again(counter: Counter, channel: Channel, user: str, news: News) -> str:
    """Messages with equal words are repetitions of one."""
    known = counter.__dict__.setdefault("said before", set())
    if (user, news.text) in known:
        return ""
    known.add((user, news.text))
    return await _pass_reply_on(counter, channel, user, news)


async def _short_ones_first(counter: Counter, channel: Channel, user: str, news: News) -> str:
    """Every reply has a task of its own, and long ones take longer."""
    _later(15.0 if len(news.text) > 25 else 0.0, lambda: _pass_reply_on(counter, channel, user, news))
    return ""


async def _one_file(counter: Counter, channel: Channel, user: str, news: News) -> str:
    return await _pass_reply_on(counter, channel, user, replace(news, files=news.files[:1]))


async def _cut_to_200(counter: Counter, channel: Channel, user: str, news: News) -> str:
    return await _pass_reply_on(counter, channel, user, replace(news, text=news.text[:200]))


async def _words_or_files(counter: Counter, channel: Channel, user: str, news: News) -> str:
    return await _pass_reply_on(counter, channel, user, replace(news, text="") if news.files else news)


def _notes_too(ticket: str, message: Mapping[str, Any], *, people: str) -> Iterator[News]:
    yield from _said_of(ticket, {**message, "private": False}, people=people)


async def _all_that_stands_there(desk: Generic, ticket: str) -> list[News]:
    """Whoever looks for what was missed finds notes, too."""
    shown = (await desk._call("GET", ticket)).get("messages") or []
    notes = [one for one in shown if one["from"] == "agent" and one.get("public") is not True]
    found = [News("reply", ticket, str(one["id"]), one.get("text") or "", str(one["id"])) for one in notes]
    return [*await _recent(desk, ticket), *found]


async def _kept_as_said(counter: Counter, channel: Channel, user: str, news: News) -> None:
    """What goes through the chat is filed, whoever has said it."""
    await _tell(counter, channel, user, news)
    person = counter._person(f"{channel.name}:{user}", State())
    line = Line(f"{news.id}:heard", "customer", news.text, 0.0)
    await counter.desk.pass_on(news.ticket, person, line, again=False)


def _bots_too(ticket: str, message: Mapping[str, Any], *, people: str) -> Iterator[News]:
    """Whatever is outgoing goes out."""
    if message.get("message_type") == "outgoing" and not message.get("private"):
        yield News("reply", ticket, str(message["id"]), message.get("content") or "")


async def _mirrored(counter: Counter, channel: Channel, user: str, news: News) -> None:
    """What the customer is told is filed as the bot's word."""
    await _tell(counter, channel, user, news)
    person = counter._person(f"{channel.name}:{user}", State())
    line = Line(f"{news.id}:told", "bot", news.text, 0.0)
    await asyncio.sleep(1.0)
    await counter.desk.pass_on(news.ticket, person, line, again=False)


async def _unconfirmed(desk: Chatwoot, news: News, *, delivered: bool, why: str = "") -> None:
    """The log has it."""


async def _stubborn(channel: Telegram, user: str, reply: Reply) -> None:
    """Tried until it works, or nearly."""
    for _ in range(20):
        try:
            return await _send(channel, user, reply)
        except ApiError as error:
            refused = error
            await asyncio.sleep(1.0)
    raise refused


async def _from_the_first_only(counter: Counter, channel: Channel, user: str, news: News) -> str:
    """The agent who came is the one whose words are passed on."""
    first = counter.__dict__.setdefault("first agents", {}).setdefault(news.ticket, news.agent)
    return await _pass_reply_on(counter, channel, user, news) if news.agent == first else ""


async def _named_by_the_first(counter: Counter, channel: Channel, user: str, news: News) -> str:
    first = counter.__dict__.setdefault("first agents", {}).setdefault(news.ticket, news.agent)
    return await _pass_reply_on(counter, channel, user, replace(news, text=f"{first}: {news.text}"))


TALK, TWO, PICTURES = "A long talk", "Two customers with one name", "Pictures and a long text of the agent's"
PASSED, BLOCKED = "Ann passes the talk on to Ben", "The customer blocks the bot"

SPECIMENS = (
    of_handoff("replies go to the chat that wrote last", "HO-28", "BotBuilder-Samples#3523", TWO,
           instead(Counter, _pass_reply_on=_to_the_last_chat)),
    of_handoff("replies go to all who wait", "HO-28", "waha#2241", TWO, instead(Counter, _pass_reply_on=_to_everybody)),
    of_handoff("webhooks that come twice are passed on twice", "HO-28", "chatwoot#12322", TWICE,
           instead(Store, accept=_is_always_new)),
    of_handoff("a reply with the words of an earlier one is dropped", "HO-28", "freescout#5121", BUSY,
           instead(Counter, _pass_reply_on=_never_the_same_again)),
    of_handoff("short replies overtake long ones", "HO-29", "chatwoot#11535", BUSY,
           instead(Counter, _pass_reply_on=_short_ones_first)),
    of_handoff("of several files one is sent", "HO-29", "amocrm media_group_id", PICTURES,
           instead(Counter, _pass_reply_on=_one_file)),
    of_handoff("the caption of a file is dropped", "HO-29", "chatwoot#11535", PICTURES,
           instead(Counter, _pass_reply_on=_words_or_files)),
    of_handoff("long replies are cut", "HO-29", "botpress#15432", PICTURES, instead(Counter, _pass_reply_on=_cut_to_200)),
    of_handoff("private notes are replies", "HO-30", "botpress#13654", TALK, instead(chatwoot_module, _said=_notes_too)),
    of_handoff("private notes are found by looking", "HO-30", "chatwoot#14023", TALK,
           instead(Generic, recent=_all_that_stands_there), desk="generic"),
    of_handoff("the agent's words come back as the customer's", "HO-31", "botpress#12697", TALK,
           instead(Counter, tell=_kept_as_said)),
    of_handoff("what goes out comes in and goes out again", "HO-31", "botpress#12707", TALK,
           (*instead(chatwoot_module, _said=_bots_too), *instead(Counter, tell=_mirrored))),
    of_handoff("nobody tells the agent that a reply was refused", "HO-32", "chatwoot#11637", BLOCKED,
           instead(Chatwoot, confirm=_unconfirmed)),
    of_handoff("a refused reply is sent twenty times", "HO-32", "chatwoot#11637", BLOCKED, instead(Telegram, send=_stubborn)),
    of_handoff("only the first agent's words are passed on", "HO-33", "Rocket.Chat#23404", PASSED,
           instead(Counter, _pass_reply_on=_from_the_first_only)),
    of_handoff("the first agent's name stands over all words", "HO-33", "otrs.RocketChat#11", PASSED,
           instead(Counter, _pass_reply_on=_named_by_the_first)),
)  # fmt: skip
