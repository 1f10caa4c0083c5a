"""Every act of a customer as the events that the bot gets. Source: developers.line.biz, Messaging API reference: webhook events (2026-08)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.model import Act, Block, Delete, Edit, Event, Press, React, Read, Start, Text, Typing, Unblock, Write
from chatdrill_fakes.platforms.line.declared import LACKS
from chatdrill_fakes.platforms.line.events import event
from chatdrill_fakes.platforms.line.pressing import press
from chatdrill_fakes.platforms.line.scene import Scene, Told
from chatdrill_fakes.platforms.line.state import LineState
from chatdrill_fakes.platforms.line.writing import say, write


def encode(state: LineState, to: str, act: Act, now: float) -> Told:
    """The events of an act; ``now`` is the chat's drill time. See ``Platform.encode``."""
    chat = state.chats.get(to)
    if chat is None:
        raise Unsupported(f"line: nobody with the id {to!r} has joined")
    encoder = _ENCODERS.get(type(act))
    if encoder is None:
        raise Unsupported(f"line: {LACKS[type(act).__name__.lower()]}")
    return encoder(Scene(state, chat, now), act)


def _start(scene: Scene, act: Start) -> Told:
    """The account is added, which tells of no link; what a link carries stands ready in the input field, and is sent. A friend who comes
    by a link adds nothing."""
    chat = scene.chat
    told: Told = ()
    words = act.payload or (act.referral.ref if act.referral else None)
    if not chat.friend or chat.blocked or not (chat.followed or words):
        told = scene.tell("follow", {"follow": {"isUnblocked": chat.blocked}})
        chat.followed = chat.friend = True
        chat.blocked = False
        scene.at += 0.001
    if words:
        told += say(scene, Text(text=words))
    return told


def _block(scene: Scene, _act: Block) -> Told:
    chat = scene.chat
    if chat.blocked:
        return ()
    chat.blocked, chat.quick = True, None
    return scene.tell("unfollow", {})


def _unblock(scene: Scene, _act: Unblock) -> Told:
    chat = scene.chat
    if not chat.blocked:
        return ()
    chat.blocked, chat.friend, chat.followed = False, True, True
    return scene.tell("follow", {"follow": {"isUnblocked": True}})


def _delete(scene: Scene, act: Delete) -> Told:
    """The message is gone, and so is its file."""
    scene.chat.unsent.add(act.message_id)
    return scene.tell("unsend", {"unsend": {"messageId": act.message_id}})


def _nothing(_scene: Scene, _act: Any) -> Told:
    """Something that LINE tells no bot."""
    return ()


_ENCODERS: dict[type, Callable[[Scene, Any], Told]] = {
    Write: write,
    Press: press,
    Start: _start,
    Block: _block,
    Unblock: _unblock,
    Delete: _delete,
    Event: event,
    Edit: _nothing,
    React: _nothing,
    Typing: _nothing,
    Read: _nothing,
}
