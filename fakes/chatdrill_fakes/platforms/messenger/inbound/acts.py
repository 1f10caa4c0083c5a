"""Every act of a customer as the updates that the bot gets."""

from __future__ import annotations

from typing import Any

from chatdrill.model import (
    Act,
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
    Write,
)
from chatdrill_fakes.families.graph import acting
from chatdrill_fakes.families.graph import scene as scenes
from chatdrill_fakes.families.graph.acting import Encoder
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

_REACTIONS = {"👎": "dislike", "😆": "smile", "😀": "smile", "😂": "smile", "🙂": "smile"}
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


def _tap(scene: Scene, button: Button) -> Told:
    return acting.tap(scene, button, scene.chat.menu)


def _open_login(scene: Scene, button: Button) -> Told:
    """An ``account_link`` button opens the bot's login page with a token; the event comes when the login is done."""
    if button.payload == "account_link":
        token = f"ALT{scene.state.chance.base64url(40)}"
        scene.state.linking_tokens[token] = (scene.chat.address, scene.at + LINKING_TOKEN_LIFE_S)
        return ()
    if button.payload != "account_unlink":
        return acting.no_such(scene, button)
    return event(scene, Event(name="account_linking", data={"status": "unlinked"}))


def _delete(scene: Scene, act: Delete) -> Told:
    """Messenger documents no event for a message taken back; only reading it shows that it is gone."""
    acting.own_message(scene.chat, act.message_id)
    scene.chat.deleted[act.message_id] = None
    return ()


def _reaction(mid: str, emoji: str, is_taken_back: bool) -> Json:
    return {
        "reaction": acting.reaction_word(emoji, _REACTIONS),
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
    return acting.arrive(scene, referral, "messaging_referrals")


def _read(scene: Scene, act: Read) -> Told:
    return _read_up_to(scene, act.message_id)


def _read_up_to(scene: Scene, message_id: str) -> Told:
    watermark = millis(acting.message_of(scene.chat, message_id).at)
    id = f"read:{scene.chat.address}:{watermark}"
    return scene.customer_event("message_reads", "read", {"watermark": watermark}, id)


def _receipt(scene: Scene, act: Receipt) -> Told:
    """Delivered and read are told; that a message was sent or failed, the call's own answer said already."""
    if act.status == "read":
        return _read_up_to(scene, act.message_id)
    if act.status != "delivered":
        return ()
    watermark = millis(acting.message_of(scene.chat, act.message_id).at)
    value: Json = {"mids": [act.message_id], "watermark": watermark}
    id = f"delivery:{scene.chat.address}:{watermark}:{act.message_id[-8:]}"
    return scene.customer_event("message_deliveries", "delivery", value, id)


def _echo(scene: Scene, act: Echo) -> Told:
    """The bot's own message again, or one that a person wrote in the Page Inbox."""

    def shown(record: Json, message: Message) -> Json:
        app_id = scene.state.human_app if message.author != "bot" else int(scene.state.app_id)
        return {"mid": record["mid"], "is_echo": True, "app_id": app_id, **record}  # Meta writes the id first

    return acting.echo(scene, act, lambda message: contents(scene, message), shown)


_PRESSERS = {**acting.PRESSERS, "postback": _tap, "callback": _tap, "other": _open_login}
_ENCODERS: dict[type[Any], Encoder] = {
    **acting.ENCODERS,
    Write: write,
    Press: acting.pressing(_PRESSERS),
    Edit: lambda scene, act: acting.edit(scene, act, "message_edits"),
    Delete: _delete,
    React: lambda scene, act: acting.react(scene, act, _reaction),
    Start: _start,
    Read: _read,
    Receipt: _receipt,
    Echo: _echo,
    Event: event,
}
