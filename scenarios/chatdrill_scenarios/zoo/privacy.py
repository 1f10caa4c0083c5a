"""Defects by which somebody reads what is not theirs, or what nobody should repeat."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from ..shoebot import bot as bot_module
from ..shoebot.bot import Bot
from ..shoebot.brain import respond
from ..shoebot.channels import Channel
from ..shoebot.model import Event, Reply, Say, State
from ..shoebot.skills import questions
from ..shoebot.turn import Turn
from .specimen import instead, specimen

_send, _turn, _answer = Bot._send, Bot._turn, questions.answer


async def _by_the_last_name(bot: Bot, channel: Channel, user: str, reply: Reply) -> bool:
    """The name is that of whoever was written down last."""
    row = bot.store._db.execute("SELECT name FROM names ORDER BY rowid DESC LIMIT 1").fetchone()
    if isinstance(reply, Say) and row:
        reply = replace(reply, text=f"{row[0]}, {reply.text}")
    return await _send(bot, channel, user, reply)


async def _whose_order_it_is(bot: Bot, channel: Channel, burst: list[Event]) -> None:
    """An order has an owner, who is told to whoever asks."""
    owners = bot.__dict__.setdefault("owners", {})
    name = next((event.name for event in burst if event.name), "")
    for event in burst:
        if "553" in event.text and owners.setdefault("553", name) not in ("", name):
            await _send(bot, channel, event.user, Say(f"Order 553 belongs to {owners['553']}."))
    await _turn(bot, channel, burst)


async def _to_whoever_wrote_last(bot: Bot, channel: Channel, burst: list[Event]) -> None:
    """The chat is kept beside the turn, and the turn takes its time."""
    bot.__dict__["chat"] = burst[-1].user
    await asyncio.sleep(0.1)
    await _turn(bot, channel, [replace(event, user=bot.__dict__["chat"]) for event in burst])


async def _sent_to_the_last(bot: Bot, channel: Channel, user: str, reply: Reply) -> bool:
    """One connection, and its chat is set by whoever used it last."""
    bot.__dict__["chat"] = user
    await asyncio.sleep(0.05)
    return await _send(bot, channel, bot.__dict__["chat"], reply)


async def _to_everybody(bot: Bot, channel: Channel, user: str, reply: Reply) -> bool:
    """A list of receivers that is never emptied."""
    everybody = bot.__dict__.setdefault("everybody", [])
    if user not in everybody:
        everybody.append(user)
    sent = [await _send(bot, channel, one, reply) for one in everybody]
    return all(sent)


def _in_full(turn: Turn) -> None:
    _answer(turn)
    if turn.heard.phone:
        turn.say("contact", tail=turn.heard.phone)


def _cached(state: State, burst: Iterable[Event], **more: Any) -> tuple[State, list[Reply]]:
    """The same question has the same answer, whoever asks, in whatever state."""
    events = list(burst)
    key = (events[0].channel, events[-1].kind, events[-1].text)
    after, replies = respond(state, events, **more)
    return after, _answers.setdefault(key, replies) if events[-1].text else replies


_answers: dict[tuple[str, str, str], list[Reply]] = {}


def _quotes(state: State, burst: Iterable[Event], **more: Any) -> tuple[State, list[Reply]]:
    """What was not understood is said again."""
    events = list(burst)
    after, replies = respond(state, events, **more)
    if after.puzzled and replies and isinstance(replies[0], Say):
        quoted = replace(replies[0], text=f"{replies[0].text} You wrote: {events[-1].text}")
        replies = [quoted, *replies[1:]]
    return after, replies


TWO, ORDER, CARD, TEN = "Two customers at once", "One order, two customers", "A card number", "Ten customers at once"
PHONE = "A phone number to call back"
BOTH = ("Where is order 553?",) * 2

_privacy = partial(specimen, "privacy")
SPECIMENS = (
    _privacy("greets by the name of another customer", "freescout#3231", "no-cross-talk", TEN, instead(Bot, _send=_by_the_last_name),
             minimum=("Hello", "Hello")),
    _privacy("tells whose order it is", "chatwoot#12322", "no-cross-talk", ORDER, instead(Bot, _turn=_whose_order_it_is), minimum=BOTH),
    _privacy("tells on WhatsApp whose order it is", "chatwoot#12322", "no-cross-talk", ORDER, instead(Bot, _turn=_whose_order_it_is),
             platform="whatsapp", minimum=BOTH),
    _privacy("answers whoever wrote last", "waha#2241", "expected", f"{TWO} | {TEN}", instead(Bot, _turn=_to_whoever_wrote_last),
             minimum=("order 553", "order 554")),
    _privacy("sends to whoever was sent to last", "waha#2241", "expected", f"{TEN} | {TWO}", instead(Bot, _send=_sent_to_the_last),
             minimum=("order 553", "order 554")),
    _privacy("sends to whoever was sent to last, on WhatsApp", "waha#2241", "expected", f"{TEN} | {TWO}",
             instead(Bot, _send=_sent_to_the_last), platform="whatsapp", minimum=("order 553", "order 554")),
    _privacy("sends every answer to everybody", "freescout#5121", "expected | unexpected", TWO, instead(Bot, _send=_to_everybody),
             minimum=("order 553", "order 554")),
    _privacy("says a telephone number in full", "zendesk redaction", "expected", PHONE, instead(questions, answer=_in_full),
             minimum=("(the own contact)",)),
    _privacy("gives one customer the answer that another got", "langwatch#7663", "expected",
             "Hello again", instead(bot_module, respond=_cached)),
    _privacy("repeats card numbers and passwords", "zendesk redaction", "expected", CARD, instead(bot_module, respond=_quotes),
             minimum=("my card is 4111 1111 1111 1111",)),
    _privacy("repeats card numbers and passwords on Messenger", "zendesk redaction", "expected", CARD, instead(bot_module, respond=_quotes),
             platform="messenger", minimum=("my card is 4111 1111 1111 1111",)),
)  # fmt: skip
