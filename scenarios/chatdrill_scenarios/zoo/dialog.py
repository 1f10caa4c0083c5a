"""Defects in the talk itself: answers that come twice or not, buttons, forms, order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from ..shoebot import bot as bot_module
from ..shoebot import brain, words
from ..shoebot.bot import Bot
from ..shoebot.brain import respond
from ..shoebot.channels import Channel
from ..shoebot.channels.telegram import Telegram
from ..shoebot.model import Event, Picture, Pin, Reply, Say, State
from ..shoebot.skills import forms, talk
from ..shoebot.turn import Turn
from .specimen import instead, specimen

_send, _turn, _call, _replies = Bot._send, Bot._turn, Telegram._call, Turn.replies
_reassure, _attend = talk.reassure, Telegram.attend
_typing: set[asyncio.Task[None]] = set()


async def _twice(bot: Bot, channel: Channel, user: str, reply: Reply) -> bool:
    """Sent by the turn, and by whoever looks whether it was sent."""
    await _send(bot, channel, user, reply)
    return await _send(bot, channel, user, reply)


async def _progress(bot: Bot, channel: Channel, burst: list[Event]) -> None:
    """A word before each answer."""
    await _send(bot, channel, burst[0].user, Say("One moment, please."))
    await _turn(bot, channel, burst)


async def _one_by_one(bot: Bot, channel: Channel, user: str, reply: Reply) -> bool:
    """A message for each paragraph."""
    if isinstance(reply, Say) and "\n\n" in reply.text:
        *before, last = reply.text.split("\n\n")
        for part in before:
            await _send(bot, channel, user, Say(part))
        return await _send(bot, channel, user, replace(reply, text=last))
    return await _send(bot, channel, user, reply)


async def _keyboard_left(channel: Telegram, event: Event) -> None:
    await _call(channel, "answerCallbackQuery", callback_query_id=event.callback_id)


async def _old_press(channel: Telegram, event: Event) -> None:
    """The id is that of the message, not of the press."""
    await _call(channel, "answerCallbackQuery", callback_query_id=event.id)
    await _call(channel, "editMessageReplyMarkup", chat_id=int(event.user), message_id=int(event.menu_id))


async def _buttons_of_another(channel: Telegram, event: Event) -> None:
    """The message with the buttons is the next one, surely."""
    await _call(channel, "answerCallbackQuery", callback_query_id=event.callback_id)
    await _call(channel, "editMessageReplyMarkup", chat_id=int(event.user), message_id=int(event.menu_id) + 1)


async def _types_on(channel: Telegram, event: Event) -> None:
    """Nobody tells the typing that the answer is out."""

    async def typing() -> None:
        while True:
            await _attend(channel, event)
            await asyncio.sleep(4.0)

    task = asyncio.get_running_loop().create_task(typing())
    _typing.add(task)
    task.add_done_callback(_typing.discard)


async def _stalls(bot: Bot, channel: Channel, burst: list[Event]) -> None:
    """A model that never answers when it is asked for two things."""
    if any("?" in event.text and "order" in event.text for event in burst):
        await asyncio.sleep(86_400.0)
    await _turn(bot, channel, burst)


async def _slowly(bot: Bot, channel: Channel, burst: list[Event]) -> None:
    await asyncio.sleep(9.0)
    await _turn(bot, channel, burst)


async def _first_slowly(bot: Bot, channel: Channel, burst: list[Event]) -> None:
    """The model is loaded for each new customer."""
    if not bot.store.load(burst[0].conversation).met:
        await asyncio.sleep(9.0)
    await _turn(bot, channel, burst)


def _without_buttons(turn: Turn) -> list[Reply]:
    return [replace(reply, buttons=()) if isinstance(reply, Say) else reply for reply in _replies(turn)]


def _words_only(turn: Turn) -> list[Reply]:
    return [reply for reply in _replies(turn) if not isinstance(reply, Pin | Picture)]


def _last_part_only(turn: Turn) -> list[Reply]:
    """One answer is enough."""
    turn.parts = turn.parts[-1:]
    return _replies(turn)


def _any_number(turn: Turn) -> None:
    """Every number is an order that is on its way."""
    if turn.heard.orders:
        turn.state.facts["order"], turn.state.misses = "553", 0


def _always_the_same(state: State, burst: Iterable[Event], **more: Any) -> tuple[State, list[Reply]]:
    """Whatever is asked."""
    after, replies = respond(state, burst, **more)
    return after, [Say("Thank you for your message. We will look into it.")] if replies else []


def _echoes_words(state: State, burst: Iterable[Event], **more: Any) -> tuple[State, list[Reply]]:
    events = list(burst)
    after, replies = respond(state, events, **more)
    return after, [Say(events[-1].text)] if replies and events[-1].text else replies


def _promises(turn: Turn) -> None:
    """The number is made before the return is."""
    turn.say("return.done", number="R-0", order=turn.state.facts["order"], reason=turn.words("reason.other"))
    turn.state.task, turn.state.facts, turn.state.topic = "", {}, ""


def _reassured_each_time(turn: Turn) -> None:
    turn.state.reassured = False
    _reassure(turn)


def _silent_if_puzzled(turn: Turn) -> None:
    """Better nothing than something wrong."""


def _not_back(turn: Turn) -> None:
    """Who has called a person has one, for ever."""


def _without(rule: Any, other: Any) -> Any:
    return instead(brain, RULES=tuple((applies, other if act is rule else act) for applies, act in brain.RULES))


_WITHOUT_PERSON = {**words.INTENTS, "person": words.INTENTS["bot"]}

BURST, MENU, BUTTONS = "One answer for a burst", "A menu is pressed once", "A fitting by buttons"
TWO, CHART = "Two questions in one burst", "The size chart"
HI, STATUS = ("Hello",), ("Where is order 553?",)

_dialog = partial(specimen, "dialog")
SPECIMENS = (
    _dialog("says everything twice", "fazer-ai/agents#158", "unexpected | expected", BURST, instead(Bot, _send=_twice), minimum=STATUS,
            fuzzed_by="says_nothing_twice"),
    _dialog("says everything twice on WhatsApp", "NousResearch/hermes-agent#102079", "unexpected | expected", BURST,
            instead(Bot, _send=_twice), platform="whatsapp", minimum=STATUS,
            fuzzed_by="says_nothing_twice"),
    _dialog("asks for a moment before each answer", "botium-core#211", "unexpected | expected", BURST, instead(Bot, _turn=_progress),
            minimum=STATUS),
    _dialog("says one thing in several messages", "BotTester#18", "unexpected | expected", TWO, instead(Bot, _send=_one_by_one),
            minimum=("Delivery, and hours?",)),
    _dialog("leaves the buttons under what was answered", "microsoft/BotFramework-Emulator#181", "expected", MENU,
            instead(Telegram, confirm=_keyboard_left), minimum=("/start", "(Order status)")),
    _dialog("confirms another press", "telegram answerCallbackQuery", "calls-accepted | setup-accepted", MENU, instead(Telegram, confirm=_old_press),
            minimum=("/start", "(Order status)")),
    _dialog("takes the buttons from another message", "telegram editMessageReplyMarkup", "calls-accepted", MENU,
            instead(Telegram, confirm=_buttons_of_another), minimum=("/start", "(Order status)")),
    _dialog("types for ever", "botpress#14493", "typing", "The acknowledgement is lost",
            instead(Telegram, attend=_types_on), minimum=HI),
    _dialog("stalls at a question", "openfang#605", "expected", BURST, instead(Bot, _turn=_stalls), minimum=STATUS,
            fuzzed_by="answered"),
    _dialog("answers after nine seconds", "chatwoot#15204", "sla", BURST, instead(Bot, _turn=_slowly), minimum=HI),
    _dialog("takes nine seconds for the first answer", "chatwoot#6548", "sla", BURST, instead(Bot, _turn=_first_slowly), minimum=HI),
    _dialog("offers no buttons", "botium-bindings#39", "expected", BUTTONS, instead(Turn, replies=_without_buttons), minimum=HI),
    _dialog("sends words only", "botframework-sdk#4337", "expected", CHART, instead(Turn, replies=_words_only), minimum=("sizes?",)),
    _dialog("answers one of two questions", "chatwoot#15430", "expected", TWO, instead(Turn, replies=_last_part_only),
            minimum=("Delivery, and hours?",)),
    _dialog("believes any number", "tau-bench#57", "expected", "An unknown number, twice",
            instead(forms, _FILLERS={**forms._FILLERS, "status": _any_number}), minimum=("Where is order 999?",)),
    _dialog("says the same to everybody", "rasa#3955", "expected", "Hello again", instead(bot_module, respond=_always_the_same), minimum=HI),
    _dialog("repeats what it hears", "botpress#12707", "expected", "Hello again", instead(bot_module, respond=_echoes_words), minimum=HI),
    _dialog("registers a return that it knows nothing of", "tau2-bench#316", "expected", "The reason comes first",
            instead(forms, FORMS={**forms.FORMS, "return": replace(forms.FORMS["return"], finish=_promises)})),
    _dialog("reassures at each nudge", "botium-core#120", "expected | unexpected", "One reassurance is enough",
            _without(talk.reassure, _reassured_each_time), minimum=("where is my order", "??", "hello??")),
    _dialog("is silent about what it does not understand", "waha#1627", "expected", "The bot gives up", instead(talk, puzzle=_silent_if_puzzled),
            minimum=("abracadabra",),
            fuzzed_by="answered"),
    _dialog("does not hear who wants a person", "tau2-bench#305", "expected", "The angry customer wants a person",
            instead(words, INTENTS=_WITHOUT_PERSON), minimum=("I want to talk to a person",)),
    _dialog("never comes back from the person", "fazer-ai/agents#457", "expected", "Call a person, and come back",
            _without(talk.welcome_back, _not_back)),
)  # fmt: skip
