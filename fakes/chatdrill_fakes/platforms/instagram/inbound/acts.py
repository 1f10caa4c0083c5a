"""Every act of a customer as the updates that the bot gets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Act,
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
    Write,
)
from chatdrill_fakes.families.graph import acting
from chatdrill_fakes.families.graph import scene as scenes
from chatdrill_fakes.families.graph.acting import Content, Encoder
from chatdrill_fakes.families.graph.referrals import from_start
from chatdrill_fakes.families.graph.scene import Told
from chatdrill_fakes.families.graph.state import Json

from ..limits import EDITABLE_S
from ..state import InstagramState
from .events import event
from .scene import Scene
from .writing import ENTRANCES, attachment, write

_REACTIONS = {"😆": "laugh", "😂": "laugh"}


def encode(state: InstagramState, to: str, act: Act, now: float) -> Told:
    """The updates that tell the bot of an act; ``now`` is the chat's drill time. See ``Platform.encode``."""
    chat = state.chats[to]
    told = _ENCODERS[type(act)](scenes.Scene(state, chat, now), act)
    if isinstance(act, Write | Press):  # who wrote or tapped lets the profile be read; reactions and comments do not
        chat.consented = chat.consented or chat.opened
    return told


def _edit(scene: Scene, act: Edit) -> Told:
    written = acting.own_message(scene.chat, act.message_id).at
    if scene.at - written > EDITABLE_S:
        raise Unsupported(f"Instagram lets a customer edit a message for {EDITABLE_S // 60} minutes")
    return acting.edit(scene, act, "message_edit")


def _delete(scene: Scene, act: Delete) -> Told:
    """An unsent message: the bot is told, and must forget what it said."""
    acting.own_message(scene.chat, act.message_id)
    scene.chat.deleted[act.message_id] = None
    value: Json = {"mid": act.message_id, "is_deleted": True}
    return scene.customer_event("messages", "message", value, f"unsent:{act.message_id}")


def _reaction(mid: str, emoji: str, is_taken_back: bool) -> Json:
    if is_taken_back:
        return {"mid": mid, "action": "unreact"}
    return {
        "mid": mid,
        "action": "react",
        "reaction": acting.reaction_word(emoji, _REACTIONS),
        "emoji": emoji,
    }


def _start(scene: Scene, act: Start) -> Told:
    """There is no button to start with."""
    return acting.arrive(scene, from_start(ENTRANCES, act.payload, act.referral), "messaging_referral")


def _read(scene: Scene, act: Read) -> Told:
    return _seen(scene, act.message_id)


def _seen(scene: Scene, message_id: str) -> Told:
    acting.message_of(scene.chat, message_id)
    return scene.customer_event("messaging_seen", "read", {"mid": message_id}, f"read:{message_id}")


def _receipt(scene: Scene, act: Receipt) -> Told:
    """Only that a message was seen is told: there are no delivery events."""
    return _seen(scene, act.message_id) if act.status == "read" else ()


def _echo(scene: Scene, act: Echo) -> Told:
    """The bot's own message again, or one that a person wrote in the app or the inbox."""

    def contents(message: Message) -> Iterator[Content]:
        return acting.contents(message, lambda media: attachment(scene, media))

    return acting.echo(scene, act, contents, lambda record, _message: {**record, "is_echo": True})


_ENCODERS: dict[type[Any], Encoder] = {
    **acting.ENCODERS,
    Write: write,
    Press: acting.pressing(acting.PRESSERS),
    Edit: _edit,
    Delete: _delete,
    React: lambda scene, act: acting.react(scene, act, _reaction),
    Start: _start,
    Read: _read,
    Receipt: _receipt,
    Echo: _echo,
    Event: event,
}
