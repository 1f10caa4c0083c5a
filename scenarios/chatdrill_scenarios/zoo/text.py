"""Defects in what a bot makes of letters: emoji, other directions, lengths, mark-up."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ..shoebot import hearing, turn
from ..shoebot.bot import Bot
from ..shoebot.channels import telegram as telegram_module
from ..shoebot.channels import whatsapp as whatsapp_module
from ..shoebot.channels.telegram import Telegram
from ..shoebot.channels.whatsapp import WhatsApp
from ..shoebot.model import Button, Event, Reply, Say
from ..shoebot.texts import label as _label
from .specimen import Patch, instead, specimen

_listen, _call, _events, _send = hearing.listen, Telegram._call, Telegram.events, Bot._send
_turn, _whatsapp_events = Bot._turn, WhatsApp.events
Item = Mapping[str, Any]
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_RIGHT_TO_LEFT = ("R", "AL")


def _afraid_of(fear: Any) -> Any:
    async def turn(bot: Bot, channel: Any, burst: list[Event]) -> None:
        if any(fear(event.text) for event in burst):
            raise UnicodeError("cannot be written down")
        await _turn(bot, channel, burst)

    return instead(Bot, _turn=turn)


def _refuses(fear: Any) -> tuple[Patch, ...]:
    """The same in the door, before anything is acknowledged."""

    def events(channel: Telegram, item: Item) -> Iterator[Event]:
        for event in _events(channel, item):
            if fear(event.text):
                raise OSError("Incorrect string value")  # which nobody catches there
            yield event

    return instead(Telegram, events=events)


def _has_emoji(words: str) -> bool:
    return bool(_ASTRAL.search(words))


def _has_joined(words: str) -> bool:
    return "\u200d" in words


def _goes_left(words: str) -> bool:
    return any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in words)


def _is_long(words: str) -> bool:
    return len(words) > 1000


def _is_longest(words: str) -> bool:
    return len(words) >= 4000


def _looks_like_code(words: str) -> bool:
    return "{" in words and words.format() is not None  # the braces of whoever wrote them


def _ascii_only(channel: Telegram, item: Item) -> Iterator[Event]:
    """A database of another century."""
    for event in _events(channel, item):
        yield _with_text(event, event.text.encode("ascii", "ignore").decode())


def _latin(channel: WhatsApp, item: Item) -> Iterator[Event]:
    """UTF-8 that is read as Latin-1."""
    for event in _whatsapp_events(channel, item):
        yield _with_text(event, event.text.encode().decode("latin-1"))


def _escaped(channel: Telegram, item: Item) -> Iterator[Event]:
    for event in _events(channel, item):
        yield _with_text(
            event, html.escape(event.text).replace("\n", "<br>").replace("?", "&#63;").replace(" ", "&nbsp;")
        )


def _with_text(event: Event, text: str) -> Event:
    kept = {name: getattr(event, name) for name in Event.__slots__}
    return Event(**{**kept, "text": text})


def _short_ones(channel: WhatsApp, item: Item) -> Iterator[Event]:
    for event in _whatsapp_events(channel, item):
        if len(event.text) > 4096:
            raise OSError("Data too long for column")  # which nobody catches there
        yield event


def _verbose(payload: str, language: str) -> str:
    """Labels that were written for a page."""
    return f"{_label(payload, language)}, if that is what you would like"


def _in_mode(mode: str) -> Any:
    async def call(channel: Telegram, method: str, **arguments: Any) -> dict[str, Any]:
        more = {"parse_mode": mode} if method == "sendMessage" else {}
        return await _call(channel, method, **arguments, **more)

    return instead(Telegram, _call=call)


def _by_name(mode: str) -> Any:
    async def send(bot: Bot, channel: Any, user: str, reply: Reply) -> bool:
        """The customer's name stands in front, as it is, in a text with mark-up."""
        name = bot.store.name_of(f"{channel.name}:{user}")
        if isinstance(reply, Say) and name:
            reply = Say(f"<b>{name}</b>, {reply.text}", reply.buttons, reply.menu, reply.author)
        return await _send(bot, channel, user, reply)

    return (*instead(Bot, _send=send), *_in_mode(mode))


def _whole(text: str, length_max: int) -> list[str]:
    """A message is a message."""
    return [text]


def _cut(text: str, length_max: int) -> list[str]:
    return [text[:length_max]]


def _as_it_is(label: str, length_max: int) -> str:
    return label


def _long_payloads(buttons: Sequence[Button]) -> dict[str, Any]:
    """The whole state travels in the button."""
    keys = [{"text": one.label, "callback_data": f"{one.payload}|{'state=' * 12}"} for one in buttons]
    return {"inline_keyboard": [[key] for key in keys]}


def _unfolded(words: str) -> str:
    """Letters with marks are other letters."""
    return words.casefold()


STRANGE, LONG, LONGEST = "Strange texts", "A very long message", "As long as a message can be"
NAMED, ALL, HI = "A name with marks in it", "Everything at once", ("Hello",)

_text = partial(specimen, "text")
SPECIMENS = (
    _text("is struck dumb by an emoji", "botpress#15432", "expected", STRANGE, _afraid_of(_has_emoji), minimum=("\U0001f60d",),
            fuzzed_by="answered"),
    _text("is struck dumb by an emoji, on Messenger", "chatwoot#11753", "expected", STRANGE, _afraid_of(_has_emoji),
          platform="messenger", minimum=("\U0001f60d",),
            fuzzed_by="answered"),
    _text("fails at an emoji made of several", "botpress#13426", "probe:text-emoji | acknowledged", STRANGE, _refuses(_has_joined),
          minimum=("\U0001f468\u200d\U0001f469\u200d\U0001f467",)),
    _text("is struck dumb by writing from right to left", "chatwoot#15770", "expected", STRANGE, _afraid_of(_goes_left),
          minimum=("\u0623\u064a\u0646 \u0637\u0644\u0628\u064a 553",),
            fuzzed_by="answered"),
    _text("fails at writing from right to left", "chatwoot#15770", "probe:text-right-to-left | acknowledged", STRANGE,
          _refuses(_goes_left), minimum=("\u0623\u064a\u0646 \u0637\u0644\u0628\u064a 553",)),
    _text("is struck dumb by a long text", "botpress#15432", "expected", LONG, _afraid_of(_is_long)),
    _text("fails at a text of 4,096 characters", "botpress#15432", "probe:text-longest | acknowledged", LONGEST, _refuses(_is_longest)),
    _text("is struck dumb by a text of 4,096 characters, on WhatsApp", "botpress#15432", "expected", LONGEST, _afraid_of(_is_longest),
          platform="whatsapp"),
    _text("fails at a text of 4,097 characters", "botpress#15432", "probe:text-too-long", "",
          instead(WhatsApp, events=_short_ones), platform="whatsapp"),
    _text("reads the first five hundred characters", "botpress#15432", "expected", LONG, instead(hearing, TEXT_MAX=500)),
    _text("stumbles over braces", "botpress#13426", "expected", STRANGE, _afraid_of(_looks_like_code), minimum=("is {it}?",),
            fuzzed_by="answered"),
    _text("keeps ASCII only", "glific#3705", "expected", "Two questions in one burst", instead(Telegram, events=_ascii_only)),
    _text("reads UTF-8 as Latin-1", "waha#667", "expected", "Two questions in one burst", instead(WhatsApp, events=_latin),
          platform="whatsapp"),
    _text("reads escaped words", "chatwoot#12322", "expected", "Second thoughts", instead(Telegram, events=_escaped)),
    _text("writes Markdown without escaping it", "telegraf#918", "calls-accepted | setup-accepted", "Returns are counted", _in_mode("MarkdownV2"), minimum=HI),
    _text("greets by a name that is mark-up", "python-telegram-bot#1828", "calls-accepted | setup-accepted", NAMED, _by_name("HTML"), minimum=HI),
    _text("writes more on a button than WhatsApp takes", "whatsapp limits", "calls-accepted", "A fitting by buttons | Second thoughts",
          (*instead(whatsapp_module, short=_as_it_is), *instead(turn, label=_verbose)), platform="whatsapp"),
    _text("gives WhatsApp four buttons", "whatsapp limits", "calls-accepted", "Hello again", instead(whatsapp_module, BUTTONS_MAX=10),
          platform="whatsapp", minimum=HI),
    _text("puts more into a button than Telegram takes", "telegram limits", "calls-accepted", "Hello again",
          instead(telegram_module, _keyboard=_long_payloads), minimum=HI),
    _text("knows words only with all their accents", "rasa#6796", "expected", "Questions in Polish", instead(hearing, fold=_unfolded)),
)  # fmt: skip
