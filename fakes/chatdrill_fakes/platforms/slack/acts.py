"""Every act of a customer as what the bot is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Act,
    Block,
    Delete,
    Echo,
    Edit,
    Event,
    Press,
    React,
    Read,
    Receipt,
    Start,
    Typing,
    Unblock,
    Write,
)
from chatdrill_fakes.platforms.slack.declared import LACKS
from chatdrill_fakes.platforms.slack.events import event
from chatdrill_fakes.platforms.slack.interactions import press
from chatdrill_fakes.platforms.slack.objects import Scene, Told, own_message
from chatdrill_fakes.platforms.slack.state import SlackState
from chatdrill_fakes.platforms.slack.writing import delete, edit, react, write

_NEVER = {Block: "block", Unblock: "block", Receipt: "receipt"}


def encode(state: SlackState, to: str, act: Act, now: float) -> Told:
    """What the bot is told of an act; ``now`` is the chat's drill time. See ``Platform.encode``."""
    chat = state.chats.get(to)
    if chat is None:
        raise Unsupported(f"slack: nobody with the id {to!r} has joined")
    encoder = _ENCODERS.get(type(act))
    if encoder is None:
        raise Unsupported(f"slack: {LACKS[_NEVER[type(act)]]}")
    return encoder(Scene(state, chat, now), act)


def _start(scene: Scene, _act: Start) -> Told:
    """The chat with the bot is opened."""
    scene.chat.opened = True
    fields = {
        "user": scene.chat.address,
        "channel": scene.chat.dm,
        "tab": "messages",
        "event_ts": scene.state.stamp(scene.at),
    }
    return scene.tell({"type": "app_home_opened", **fields})


def _echo(scene: Scene, act: Echo) -> Told:
    """The bot is told of its own message, also of one that another part of the app has posted."""
    ts = act.message.ids[0] if act.message.ids else ""
    for room in (scene.dm, *scene.state.rooms.values()):
        if ts in room.messages:
            raw = room.messages[ts]
            return scene.tell_message(room, raw, kind="message.file_share" if raw.get("files") else "message.echo")
    raw = own_message(scene.state, scene.state.stamp(scene.at), text=act.message.text)
    scene.dm.messages[raw["ts"]] = raw
    return scene.tell_message(scene.dm, raw, kind="message.echo")


def _nothing(_scene: Scene, _act: Any) -> Told:
    """Something happens on the customer's screen only."""
    return ()


_ENCODERS: dict[type, Callable[[Scene, Any], Told]] = {
    Write: write,
    Press: press,
    Edit: edit,
    Delete: delete,
    React: react,
    Start: _start,
    Echo: _echo,
    Event: event,
    Typing: _nothing,
    Read: _nothing,
}
