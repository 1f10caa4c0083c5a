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
    Message,
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

from ..ids import millis
from ..limits import EDITS_MAX, LINKING_TOKEN_LIFE_S
from ..state import Json, MessengerChat, MessengerState
from .events import event
from .messages import contents
from .referrals import from_start
from .scene import Scene, Told
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
_VARIANTS = "\ufe0f🏻🏼🏽🏾🏿"
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
    return _ENCODERS[type(act)](Scene(state, chat, now), act)


def _press(scene: Scene, act: Press) -> Told:
    return _PRESSES[act.button.kind](scene, act.button)


def _silence(_scene: Scene, _button: Button) -> Told:
    """Something happens on the customer's phone only."""
    return ()


def _say_title(scene: Scene, button: Button) -> Told:
    record: Json = {"text": button.title, "quick_reply": {"payload": button.payload or ""}}
    return scene.customer_message(record, (Text(text=button.title),))


def _share_phone(scene: Scene, _button: Button) -> Told:
    return _share(scene, "phone", scene.chat.customer.phone)


def _share_email(scene: Scene, _button: Button) -> Told:
    return _share(scene, "email", scene.chat.customer.email)


def _share(scene: Scene, what: str, own: str) -> Told:
    """A chip with the customer's own phone or e-mail, which is both text and payload."""
    if not own:
        raise Unsupported(f"{scene.chat.customer.key} has no {what} to share")
    return scene.customer_message({"text": own, "quick_reply": {"payload": own}}, (Text(text=own),))


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
    menus = scene.chat.menu or profile.get("persistent_menu", [])
    for group in (*menus, *profile.get("ice_breakers", [])):
        for entry in group.get("call_to_actions", [group]):
            if title in (entry.get("title"), entry.get("question")):
                return str(entry.get("payload", ""))
    raise Unsupported(f"the button {title!r} has no payload, and neither the Page's menu nor its ice breakers have it")


def _edit(scene: Scene, act: Edit) -> Told:
    message = _own_message(scene.chat, act.message_id)
    texts = [part.text for part in act.parts if isinstance(part, Text)]
    if len(texts) != 1 or len(texts) != len(act.parts) or not any(isinstance(part, Text) for part in message.parts):
        raise Unsupported("on Messenger only a message of words can be edited, and only into words")
    count = scene.chat.edits.get(act.message_id, 0) + 1
    if count > EDITS_MAX:
        raise Unsupported(f"Messenger lets a customer edit a message {EDITS_MAX} times, not {count}")
    scene.chat.edits[act.message_id] = count
    edited = msgspec.structs.replace(message, parts=act.parts, edited_at=scene.at)
    scene.chat.keep(edited, {**scene.chat.records[act.message_id], "text": texts[0]})
    value: Json = {"mid": act.message_id, "text": texts[0], "num_edit": count}
    return scene.customer_event("message_edits", "message_edit", value, f"edit:{act.message_id}:{count}")


def _delete(scene: Scene, act: Delete) -> Told:
    """Messenger documents no event for a message taken back; only reading it shows that it is gone."""
    _own_message(scene.chat, act.message_id)
    scene.chat.deleted[act.message_id] = None
    return ()


def _react(scene: Scene, act: React) -> Told:
    _message(scene.chat, act.message_id)
    before = scene.chat.reactions.pop(act.message_id, None)
    if act.emoji is not None:
        scene.chat.reactions[act.message_id] = act.emoji
        scene.hear()
    emoji = act.emoji or before
    if emoji is None:
        return ()
    value: Json = {
        "reaction": _REACTIONS.get(emoji.rstrip(_VARIANTS), "other"),
        "emoji": emoji,
        "action": "react" if act.emoji else "unreact",
        "mid": act.message_id,
    }
    return scene.customer_event("message_reactions", "reaction", value, f"reaction:{act.message_id}:{millis(scene.at)}")


def _start(scene: Scene, act: Start) -> Told:
    """Get Started where the Page has that button and the thread is new; a referral where the thread exists.

    Ice breakers take the button's place: the customer presses one of them, or writes.
    """
    referral = from_start(act.payload, act.referral)
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
    watermark = millis(_message(scene.chat, message_id).at)
    id = f"read:{scene.chat.address}:{watermark}"
    return scene.customer_event("message_reads", "read", {"watermark": watermark}, id)


def _receipt(scene: Scene, act: Receipt) -> Told:
    """Delivered and read are told; that a message was sent or failed, the call's own answer said already."""
    if act.status == "read":
        return _read_up_to(scene, act.message_id)
    if act.status != "delivered":
        return ()
    watermark = millis(_message(scene.chat, act.message_id).at)
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


def _block(scene: Scene, _act: Block) -> Told:
    """The bot is not told; it learns from the error of its next message."""
    scene.chat.blocked = True
    return ()


def _unblock(scene: Scene, _act: Unblock) -> Told:
    scene.chat.blocked = False
    return ()


def _typing(_scene: Scene, _act: Typing) -> Told:
    """Messenger has no webhook for a customer who types."""
    return ()


def _message(chat: MessengerChat, message_id: str) -> Message:
    message = chat.messages.get(message_id)
    if message is None:
        raise Unsupported(f"there is no message {message_id!r} in the thread with {chat.customer.key}")
    return message


def _own_message(chat: MessengerChat, message_id: str) -> Message:
    message = _message(chat, message_id)
    if message.author != "customer":
        raise Unsupported(f"{chat.customer.key} can only change own messages; {message_id!r} is the {message.author}'s")
    return message


_PRESSES: dict[ButtonKind, Callable[[Scene, Button], Told]] = {
    "reply": _say_title,
    "postback": _postback,
    "callback": _postback,
    "request_contact": _share_phone,
    "request_email": _share_email,
    "other": _open_login,
    "url": _silence,
    "call": _silence,
    "copy": _silence,
    "request_location": _silence,
}
_ENCODERS: dict[type[Any], Callable[[Scene, Any], Told]] = {
    Write: write,
    Press: _press,
    Edit: _edit,
    Delete: _delete,
    React: _react,
    Start: _start,
    Typing: _typing,
    Read: _read,
    Block: _block,
    Unblock: _unblock,
    Receipt: _receipt,
    Echo: _echo,
    Event: event,
}
