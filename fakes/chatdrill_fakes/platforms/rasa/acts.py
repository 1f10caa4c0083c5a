"""Every act of a visitor as what the page sends to the bot.

Source: rasa.com/docs, Your own website: REST channel (3.x, 2025). The payload of a button is the next message.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from chatdrill.errors import Unsupported
from chatdrill.model import Act, Media, Message, Press, Start, Text, Write
from chatdrill.wire import Update
from chatdrill_fakes.platforms.rasa.declared import LACKS
from chatdrill_fakes.platforms.rasa.state import Json, RasaChat, RasaState

Told = tuple[Update, ...]
_encode = msgspec.json.Encoder().encode


def encode(state: RasaState, to: str, act: Act, now: float) -> Told:
    """What the bot is told of an act; ``now`` is the chat's drill time. See ``Platform.encode``."""
    chat = state.chats.get(to)
    if chat is None:
        raise Unsupported(f"rasa: nobody has the sender {to!r}")
    encoder = _ENCODERS.get(type(act))
    if encoder is None:
        name = type(act).__name__.lower()
        raise Unsupported(f"rasa: {LACKS['block' if name == 'unblock' else name]}")
    return encoder(state, chat, act, now)


def _write(state: RasaState, chat: RasaChat, act: Write, at: float) -> Told:
    words = []
    for part in act.parts:
        if not isinstance(part, Text):
            tag = "media" if isinstance(part, Media) else str(type(part).__struct_config__.tag)
            raise Unsupported(f"rasa: {LACKS.get(tag, f'a visitor cannot send {tag} by the REST channel: write it')}")
        words.append(part.text)
    return _say(state, chat, "\n".join(words), at, "message")


def _press(state: RasaState, chat: RasaChat, act: Press, at: float) -> Told:
    button = act.button
    if button.kind == "url":
        return ()
    return _say(state, chat, button.payload or button.title, at, "message press", button.title)


def _start(state: RasaState, chat: RasaChat, act: Start, at: float) -> Told:
    ref = act.payload or (act.referral.ref if act.referral else None)
    chat.page = {**chat.page, **({"ref": ref} if ref else {})}
    return _say(state, chat, state.settings["start"], at, "message start")


def _say(state: RasaState, chat: RasaChat, text: str, at: float, kind: str, shown: str = "") -> Told:
    to, id = chat.address, state.chance.hex(16)
    chat.messages[id] = Message(ids=(id,), author="customer", parts=(Text(text=shown or text),), at=at)
    chat.opened, chat.last_customer_at = True, at
    return (Update(id=id, kind=kind, to=to, lane=to, body=_encode(message(chat, text, id)), made_at=at),)


def message(chat: RasaChat, text: str | None, id: str) -> Json:
    """What is sent. Messages have no id of their own, so a page that may send one again puts it where the bot can see it."""
    return {"sender": chat.address, "message": text, "metadata": {**chat.page, "message_id": id}}


_ENCODERS: dict[type, Callable[[RasaState, RasaChat, Any, float], Told]] = {
    Write: _write,
    Press: _press,
    Start: _start,
}
