"""Every act of a customer as the pushes that the bot gets.

Source: developers.weixin.qq.com, receiving standard messages and events, menu events (2026).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Act,
    Block,
    Button,
    Delete,
    Event,
    Press,
    Read,
    Start,
    Text,
    Typing,
    Unblock,
    Write,
)
from chatdrill_fakes.platforms.wechat import declared, kf, menus
from chatdrill_fakes.platforms.wechat.events import event
from chatdrill_fakes.platforms.wechat.objects import Scene, Told
from chatdrill_fakes.platforms.wechat.state import WeChatState
from chatdrill_fakes.platforms.wechat.writing import write


def encode(state: WeChatState, to: str, act: Act, now: float) -> Told:
    """The pushes of an act; ``now`` is the chat's drill time. See ``Platform.encode``."""
    chat = state.chats.get(to)
    if chat is None:
        raise Unsupported(f"wechat: nobody with the openid {to!r} has joined")
    encoder = _ENCODERS.get(type(act))
    if encoder is None:
        name = str(type(act).__struct_config__.tag)
        raise Unsupported(f"wechat: {declared.LACKS.get(name, f'there is no {name}')}")
    kf.settle(chat, now)
    return encoder(Scene(state, chat, now), act)


def _write(scene: Scene, act: Write) -> Told:
    """Who has gone must follow again before they can write."""
    back = () if scene.chat.subscribed else _subscribe(scene, "")
    return back + write(scene, act)


def _start(scene: Scene, act: Start) -> Told:
    """The account is found, perhaps by a code with a scene. Who follows it already is told of only by such a code."""
    chat = scene.chat
    code = act.payload or (act.referral.ref if act.referral else None) or ""
    if not chat.opened or not chat.subscribed:
        return _subscribe(scene, code)
    if not code:
        return ()
    chat.scene = code
    scene.click()
    return scene.event("SCAN", {"EventKey": code, **menus.ticket(scene.state, code)})


def _subscribe(scene: Scene, code: str) -> Told:
    chat = scene.chat
    chat.subscribed, chat.blocked, chat.scene, chat.subscribed_at = True, False, code, scene.at
    scene.click()
    key = {"EventKey": f"qrscene_{code}", **menus.ticket(scene.state, code)} if code else {"EventKey": ""}
    return scene.event("subscribe", key)


def _block(scene: Scene, _act: Block) -> Told:
    """The customer unfollows; nothing reaches them any more."""
    chat = scene.chat
    if not chat.subscribed:
        return ()
    chat.subscribed, chat.blocked, chat.remaining, chat.session = False, True, 0, None
    return scene.event("unsubscribe", {"EventKey": ""})


def _unblock(scene: Scene, _act: Unblock) -> Told:
    return () if scene.chat.subscribed else _subscribe(scene, "")


def _press(scene: Scene, act: Press) -> Told:
    """A line of a message is said; a button of the account's menu is an event."""
    if not scene.chat.subscribed:
        raise Unsupported("wechat: who does not follow the account has no chat with it")
    if act.message_id is not None:
        return _tap(scene, act.button, act.message_id)
    scene.click()
    told = menus.pressed(scene, act.button)
    return told if told is not None else scene.event("CLICK", {"EventKey": act.button.payload or act.button.title})


def _tap(scene: Scene, button: Button, message_id: str) -> Told:
    """The words are the customer's own message; the quota grows by the first choice out of each message only."""
    chat = scene.chat
    if button.kind == "url":
        return ()
    told = scene.message("text", {"Content": button.title, "bizmsgmenuid": _number(button)}, (Text(text=button.title),))
    if message_id not in chat.tapped:
        chat.tapped.add(message_id)
        scene.click()
    return told


def _number(button: Button) -> str:
    """Ids come back if they are numbers; others were seen to come back as 0."""
    id = button.payload or ""
    return id if id.isascii() and id.isdigit() else "0"


def _nothing(_scene: Scene, _act: Any) -> Told:
    """Something happens on the customer's phone only."""
    return ()


_ENCODERS: dict[type, Callable[[Scene, Any], Told]] = {
    Write: _write,
    Press: _press,
    Start: _start,
    Block: _block,
    Unblock: _unblock,
    Event: event,
    Read: _nothing,
    Typing: _nothing,
    Delete: _nothing,
}
