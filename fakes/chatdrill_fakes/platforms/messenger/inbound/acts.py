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
from chatdrill_fakes.families.graph.menus import payload_of
from chatdrill_fakes.families.graph.referrals import from_start
from chatdrill_fakes.families.graph.scene import Told
from chatdrill_fakes.families.graph.state import Json, millis

from ..limits import LINKING_TOKEN_LIFE_S
from ..state import MessengerState
from .events import event
from .messages import contents
from .referrals import ENTRANCES
from .scene import Scene
from .writing import write

_REACTIONS = {
    "👍": "like",
    "👎": "dislike",
    "❤": "love",
    "😍": "love",
    "😆": "smile",
    "😀": "smile",
    "😂": "smile",
    "🙂": "smile",
    "😮": "wow",
    "😢": "sad",
    "😭": "sad",
    "😠": "angry",
    "😡": "angry",
}
_GET_STARTED = {
    "de": "Los geht’s",
    "en": "Get Started",
    "es": "Empezar",
    "fr": "Démarrer",
    "it": "Inizia",
    "pl": "Rozpocznij",
    "pt": "Começar",
    "ru": "Начать",
    "uk": "Почати",
}


def encode(state: MessengerState, to: str, act: Act, now: float) -> Told:
    """The updates that tell the bot of an act; ``now`` is the chat's drill time. See ``Platform.encode``."""
    chat = state.chats[to]
    if chat.banned and not isinstance(act, Receipt | Echo | Event):
        return ()  # what the Page banned never arrives
    return _ENCODERS[type(act)](scenes.Scene(state, chat, now), act)


def _press(scene: Scene, act: Press) -> Told:
    return _PRESSES[act.button.kind](scene, act.button)


def _postback(scene: Scene, button: Button) -> Told:
    payload = button.payload if button.payload is not None else _menu_payload(scene, button.title)
    referral, scene.chat.referral = scene.chat.referral, None  # how the customer came rides on the first tap
    return scene.postback(button.title, payload, referral, (Text(text=button.title),))


def _open_login(scene: Scene, button: Button) -> Told:
    """An ``account_link`` button opens the bot's login page with a token; the event comes when the login is done."""
    if button.payload == "account_link":
        token = f"ALT{scene.state.chance.base64url(40)}"
        scene.state.linking_tokens[token] = (scene.chat.address, scene.at + LINKING_TOKEN_LIFE_S)
        return ()
    if button.payload != "account_unlink":
        raise Unsupported(f"Messenger has no button {button.payload!r} that a customer could press")
    return event(scene, Event(name="account_linking", data={"status": "unlinked"}))


def _menu_payload(scene: Scene, title: str) -> str:
    """What an entry of the persistent menu, or an ice breaker, stands for."""
    profile = scene.state.profile
    menu = scene.chat.menu or profile.get("persistent_menu", [])
    payload = payload_of([*menu, *profile.get("ice_breakers", [])], title)
    if payload is None:
        raise Unsupported(
            f"the button {title!r} has no payload, and neither the Page's menu nor its ice breakers have it"
        )
    return payload


def _delete(scene: Scene, act: Delete) -> Told:
    """Messenger documents no event for a message taken back; only reading it shows that it is gone."""
    own_message(scene.chat, act.message_id)
    scene.chat.deleted[act.message_id] = None
    return ()


def _reaction(mid: str, emoji: str, is_taken_back: bool) -> Json:
    return {
        "reaction": _REACTIONS.get(emoji.rstrip(VARIANTS), "other"),
        "emoji": emoji,
        "action": "unreact" if is_taken_back else "react",
        "mid": mid,
    }


def _start(scene: Scene, act: Start) -> Told:
    """Get Started where the Page has that button and the thread is new; a referral where the thread exists.

    Ice breakers take the button's place: the customer presses one of them, or writes.
    """
    referral = from_start(ENTRANCES, act.payload, act.referral)
    profile = scene.state.profile
    get_started = None if "ice_breakers" in profile else profile.get("get_started")
    if not scene.chat.opened and get_started is not None:
        title = _GET_STARTED.get(scene.chat.customer.language, _GET_STARTED["en"])
        return scene.postback(title, get_started["payload"], referral, (Text(text=title),))
    if not scene.chat.opened:
        scene.chat.referral = referral  # it rides along with the first message or tap
        return ()
    if referral is None:
        return ()
    scene.hear()
    id = f"referral:{scene.chat.address}:{millis(scene.at)}"
    return scene.customer_event("messaging_referrals", "referral", referral, id)


def _read(scene: Scene, act: Read) -> Told:
    return _read_up_to(scene, act.message_id)


def _read_up_to(scene: Scene, message_id: str) -> Told:
    watermark = millis(message_of(scene.chat, message_id).at)
    id = f"read:{scene.chat.address}:{watermark}"
    return scene.customer_event("message_reads", "read", {"watermark": watermark}, id)


def _receipt(scene: Scene, act: Receipt) -> Told:
    """Delivered and read are told; that a message was sent or failed, the call's own answer said already."""
    if act.status == "read":
        return _read_up_to(scene, act.message_id)
    if act.status != "delivered":
        return ()
    watermark = millis(message_of(scene.chat, act.message_id).at)
    value: Json = {"mids": [act.message_id], "watermark": watermark}
    id = f"delivery:{scene.chat.address}:{watermark}:{act.message_id[-8:]}"
    return scene.customer_event("message_deliveries", "delivery", value, id)


def _echo(scene: Scene, act: Echo) -> Told:
    """The bot's own message again, or one that a person wrote in the Page Inbox."""
    message, chat = act.message, scene.chat
    app_id = scene.state.human_app if message.author != "bot" else int(scene.state.app_id)
    if message.ids and message.id in chat.records:
        known: Json = {"is_echo": True, "app_id": app_id, **chat.records[message.id]}
        return scene.echo(_ordered(known), message.id, chat.messages[message.id].at)
    told: list[Update] = []
    for number, (content, parts) in enumerate(contents(scene, message)):
        mid = message.id if message.ids and number == 0 else scene.state.new_mid(chat)
        scene.state.mids[mid] = chat.address
        record: Json = {"mid": mid, **content}
        chat.keep(msgspec.structs.replace(message, ids=(mid,), parts=parts, at=scene.at), record)
        told.extend(scene.echo(_ordered({"is_echo": True, "app_id": app_id, **record}), mid, scene.at))
    return tuple(told)


def _ordered(echo: Json) -> Json:
    """Meta writes the id first."""
    return {"mid": echo["mid"], **echo}


def _typing(_scene: Scene, _act: Typing) -> Told:
    """Messenger has no webhook for a customer who types."""
    return ()


_PRESSES: dict[ButtonKind, Callable[[Scene, Button], Told]] = {
    "reply": say_title,
    "postback": _postback,
    "callback": _postback,
    "request_contact": share_phone,
    "request_email": share_email,
    "other": _open_login,
    "url": silence,
    "call": silence,
    "copy": silence,
    "request_location": silence,
}
_ENCODERS: dict[type[Any], Callable[[Scene, Any], Told]] = {
    Write: write,
    Press: _press,
    Edit: lambda scene, act: edit(scene, act, "message_edits"),
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
