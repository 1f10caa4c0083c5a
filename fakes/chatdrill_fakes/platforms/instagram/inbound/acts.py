"""Every act of a customer as the updates that the bot gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Act,
    Block,
    Button,
    Delete,
    Echo,
    Edit,
    Event,
    Press,
    React,
    Read,
    Receipt,
    Start,
    Text,
    Typing,
    Unblock,
    Write,
)
from chatdrill.model.parts import ButtonKind
from chatdrill.wire import Update
from chatdrill_fakes.families.graph import scene as scenes
from chatdrill_fakes.families.graph.acting import (
    VARIANTS,
    block,
    contents,
    edit,
    message_of,
    own_message,
    react,
    say_title,
    share_email,
    share_phone,
    silence,
    unblock,
)
from chatdrill_fakes.families.graph.menus import entries, payload_of
from chatdrill_fakes.families.graph.referrals import from_start
from chatdrill_fakes.families.graph.scene import Told
from chatdrill_fakes.families.graph.state import Json, millis

from ..limits import EDITABLE_S
from ..state import InstagramState
from .events import event
from .scene import Scene
from .writing import ENTRANCES, attachment, write

_REACTIONS = {
    "👍": "like",
    "❤": "love",
    "😍": "love",
    "😆": "laugh",
    "😂": "laugh",
    "😮": "wow",
    "😢": "sad",
    "😭": "sad",
    "😠": "angry",
    "😡": "angry",
}


def encode(state: InstagramState, to: str, act: Act, now: float) -> Told:
    """The updates that tell the bot of an act; ``now`` is the chat's drill time. See ``Platform.encode``."""
    chat = state.chats[to]
    told = _ENCODERS[type(act)](scenes.Scene(state, chat, now), act)
    if isinstance(act, Write | Press):  # who wrote or tapped lets the profile be read; reactions and comments do not
        chat.consented = chat.consented or chat.opened
    return told


def _press(scene: Scene, act: Press) -> Told:
    return _PRESSES[act.button.kind](scene, act.button)


def _postback(scene: Scene, button: Button) -> Told:
    payload = button.payload if button.payload is not None else payload_of(entries(scene.state), button.title)
    if payload is None:
        raise Unsupported(
            f"the button {button.title!r} has no payload, and neither the menu nor the ice breakers have it"
        )
    referral, scene.chat.referral = scene.chat.referral, None  # how the customer came rides on the first tap
    return scene.postback(button.title, payload, referral, (Text(text=button.title),))


def _edit(scene: Scene, act: Edit) -> Told:
    written = own_message(scene.chat, act.message_id).at
    if scene.at - written > EDITABLE_S:
        raise Unsupported(f"Instagram lets a customer edit a message for {EDITABLE_S // 60} minutes")
    return edit(scene, act, "message_edit")


def _delete(scene: Scene, act: Delete) -> Told:
    """An unsent message: the bot is told, and must forget what it said."""
    own_message(scene.chat, act.message_id)
    scene.chat.deleted[act.message_id] = None
    value: Json = {"mid": act.message_id, "is_deleted": True}
    return scene.customer_event("messages", "message", value, f"unsent:{act.message_id}")


def _reaction(mid: str, emoji: str, is_taken_back: bool) -> Json:
    if is_taken_back:
        return {"mid": mid, "action": "unreact"}
    word = _REACTIONS.get(emoji.rstrip(VARIANTS), "other")
    return {"mid": mid, "action": "react", "reaction": word, "emoji": emoji}


def _start(scene: Scene, act: Start) -> Told:
    """There is no button to start with: how somebody came is told at once in a known thread, else with the first message."""
    referral = from_start(ENTRANCES, act.payload, act.referral)
    if not scene.chat.opened:
        scene.chat.referral = referral
        return ()
    if referral is None:
        return ()
    scene.hear()
    id = f"referral:{scene.chat.address}:{millis(scene.at)}"
    return scene.customer_event("messaging_referral", "referral", referral, id)


def _read(scene: Scene, act: Read) -> Told:
    return _seen(scene, act.message_id)


def _seen(scene: Scene, message_id: str) -> Told:
    message_of(scene.chat, message_id)
    return scene.customer_event("messaging_seen", "read", {"mid": message_id}, f"read:{message_id}")


def _receipt(scene: Scene, act: Receipt) -> Told:
    """Only that a message was seen is told: there are no delivery events."""
    return _seen(scene, act.message_id) if act.status == "read" else ()


def _echo(scene: Scene, act: Echo) -> Told:
    """The bot's own message again, or one that a person wrote in the app or the inbox."""
    message, chat = act.message, scene.chat
    if message.ids and message.id in chat.records:
        return scene.echo({**chat.records[message.id], "is_echo": True}, message.id, chat.messages[message.id].at)
    told: list[Update] = []
    for number, (content, parts) in enumerate(contents(message, lambda media: attachment(scene, media))):
        mid = message.id if message.ids and number == 0 else scene.state.new_mid(chat)
        scene.state.mids[mid] = chat.address
        record: Json = {"mid": mid, **content}
        chat.keep(msgspec.structs.replace(message, ids=(mid,), parts=parts, at=scene.at), record)
        told.extend(scene.echo({**record, "is_echo": True}, mid, scene.at))
    return tuple(told)


def _typing(_scene: Scene, _act: Typing) -> Told:
    """Instagram has no webhook for a customer who types."""
    return ()


def _no_such(_scene: Scene, button: Button) -> Told:
    raise Unsupported(f"Instagram has no button {button.payload!r} that a customer could press")


_PRESSES: dict[ButtonKind, Callable[[Scene, Button], Told]] = {
    "reply": say_title,
    "postback": _postback,
    "callback": _postback,
    "request_contact": share_phone,
    "request_email": share_email,
    "other": _no_such,
    "url": silence,
    "call": silence,
    "copy": silence,
    "request_location": silence,
}
_ENCODERS: dict[type[Any], Callable[[Scene, Any], Told]] = {
    Write: write,
    Press: _press,
    Edit: _edit,
    Delete: _delete,
    React: lambda scene, act: react(scene, act, _reaction),
    Start: _start,
    Typing: _typing,
    Read: _read,
    Block: block,
    Unblock: unblock,
    Receipt: _receipt,
    Echo: _echo,
    Event: event,
}
