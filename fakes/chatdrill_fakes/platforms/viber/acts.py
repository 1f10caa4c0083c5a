"""Every act of a customer as the callbacks that the bot gets.

Source: developers.viber.com, REST API and Keyboards (2026); that a shared number comes with the button's words is what production
clients rely on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Act,
    Block,
    Button,
    Contact,
    Delete,
    Edit,
    Event,
    Location,
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
from chatdrill_fakes.platforms.viber.events import event
from chatdrill_fakes.platforms.viber.objects import Scene, Told
from chatdrill_fakes.platforms.viber.state import Json, ViberState
from chatdrill_fakes.platforms.viber.writing import content, say, write

# Where customers are who share their place by a button: the model knows no place of theirs.
_HERE = Location(latitude=50.450001, longitude=30.523333)


def encode(state: ViberState, to: str, act: Act, now: float) -> Told:
    """The callbacks of an act; ``now`` is the chat's drill time. See ``Platform.encode``."""
    chat = state.chats.get(to)
    if chat is None:
        raise Unsupported(f"viber: nobody with the id {to!r} has joined")
    encoder = _ENCODERS.get(type(act))
    if encoder is None:
        raise Unsupported("viber: a bot is never shown its own messages")
    return encoder(Scene(state, chat, now), act)


def _start(scene: Scene, act: Start) -> Told:
    """The chat is opened, by a link with a context or without; that is no message and subscribes nobody."""
    context = act.payload or (act.referral.ref if act.referral else None)
    fields: Json = {"type": "open", **({"context": context} if context else {})}
    fields |= {"user": scene.user(), "subscribed": scene.chat.subscribed}
    return scene.tell("conversation_started", scene.state.new_token(), fields)


def _block(scene: Scene, _act: Block) -> Told:
    """Messages are switched off, or the bot is blocked: Viber tells both alike."""
    chat = scene.chat
    if chat.blocked:
        return ()
    chat.blocked, chat.subscribed, chat.tracking = True, False, None
    return scene.tell("unsubscribed", scene.state.new_token(), {"user_id": chat.address})


def _unblock(scene: Scene, _act: Unblock) -> Told:
    """Messages are switched on again; what the bot had tracked is forgotten."""
    chat = scene.chat
    if chat.subscribed:
        return ()
    chat.blocked, chat.subscribed, chat.tracking = False, True, None
    return scene.tell("subscribed", scene.state.new_token(), {"user": scene.user()})


# ---------------------------------------------------------------------------------------------------------- receipts


def _receipt(scene: Scene, act: Receipt) -> Told:
    """Delivered comes from each device, seen once; that a message was sent, the answer to the call said already."""
    token = act.message_id
    if act.status == "read":
        scene.chat.unseen = [one for one in scene.chat.unseen if one != token]
        return _seen(scene, [token])
    if act.status == "delivered" and scene.state.receipts:
        fields: Json = {"user_id": scene.chat.address}
        tolds = (
            scene.tell("delivered", token, fields, id=f"{token}:delivered:{number}")
            for number in range(scene.state.devices)
        )
        return tuple(update for told in tolds for update in told)
    if act.status == "failed":
        why = scene.chat.failed.setdefault(token, "message validation failed")
        return scene.tell("failed", token, {"user_id": scene.chat.address, "desc": why}, id=f"{token}:failed")
    return ()


def _read(scene: Scene, act: Read) -> Told:
    """Whoever opens the chat has seen all of it."""
    unseen = scene.chat.unseen
    if act.message_id not in unseen:
        return ()
    seen, left = _split_after(unseen, act.message_id)
    scene.chat.unseen = left
    return _seen(scene, seen if scene.state.settings["seen"] == "all" else seen[-1:])


def _split_after(tokens: list[str], last: str) -> tuple[list[str], list[str]]:
    cut = tokens.index(last) + 1
    return tokens[:cut], tokens[cut:]


def _seen(scene: Scene, tokens: list[str]) -> Told:
    if not scene.state.receipts:
        return ()
    told: Told = ()
    for token in tokens:
        told += scene.tell("seen", token, {"user_id": scene.chat.address}, id=f"{token}:seen")
    return told


# ------------------------------------------------------------------------------------------------------------ presses


def _press(scene: Scene, act: Press) -> Told:
    raw = _raw(scene, act)
    return _PRESSES[act.button.kind](scene, act.button, raw.get("Silent") in (True, "true"))


def _raw(scene: Scene, act: Press) -> Json:
    """The button as the bot sent it; nothing for one that a scenario made up."""
    if act.message_id is None:
        return {}
    for one in scene.chat.pressables.get(act.message_id, ()):
        if one.button == act.button:
            if one.is_key and scene.chat.keyboard != act.message_id:
                raise Unsupported(
                    f"viber: the keyboard with {act.button.title!r} is gone: a later message of the bot came without one"
                )
            return one.raw
    return {}


def _reply(scene: Scene, button: Button, silent: bool) -> Told:
    words = button.payload if button.payload is not None else button.title
    return say(scene, content(scene, Text(text=words)), (Text(text=words),), silent=silent)


def _open_url(scene: Scene, button: Button, silent: bool) -> Told:
    """The page opens, and unless the button is silent its address is said, too."""
    if silent or not button.url:
        return ()
    part = Text(text=button.url)
    return say(scene, content(scene, part), (part,))


def _share_phone(scene: Scene, button: Button, silent: bool) -> Told:
    customer = scene.chat.customer
    if not customer.phone:
        raise Unsupported(f"viber: {customer.key} has no phone number to share")
    part = Contact(name=customer.name, phone=customer.phone.lstrip("+"), own=True)
    shared = {**content(scene, part), **({"text": button.payload} if button.payload else {})}
    return say(scene, shared, (part,), silent=silent)


def _share_place(scene: Scene, button: Button, silent: bool) -> Told:
    shared = {**content(scene, _HERE), **({"text": button.payload} if button.payload else {})}
    return say(scene, shared, (_HERE,), silent=silent)


def _nothing(_scene: Scene, _act: Any, _silent: bool = False) -> Told:
    """Something happens on the customer's phone only."""
    return ()


_PRESSES: dict[ButtonKind, Callable[[Scene, Button, bool], Told]] = {
    "postback": _reply,
    "reply": _reply,
    "callback": _reply,
    "url": _open_url,
    "request_contact": _share_phone,
    "request_location": _share_place,
    "request_email": _nothing,
    "call": _nothing,
    "copy": _nothing,
    "other": _nothing,
}
_ENCODERS: dict[type, Callable[[Scene, Any], Told]] = {
    Write: write,
    Press: _press,
    Start: _start,
    Read: _read,
    Block: _block,
    Unblock: _unblock,
    Receipt: _receipt,
    Event: event,
    Edit: _nothing,
    Delete: _nothing,
    React: _nothing,
    Typing: _nothing,
}
