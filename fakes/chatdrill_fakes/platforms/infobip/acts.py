"""Every act of a customer as the results that the bot gets.

Source: infobip.com/docs/api, SMS: receive inbound messages, delivery reports; MMS: inbound messages (2026). A choice, for Infobip leaves it to
the account: STOP puts a customer on the blocklist and START takes them off, without an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Act,
    Block,
    Event,
    Media,
    Message,
    Part,
    Press,
    Read,
    Receipt,
    Start,
    Text,
    Typing,
    Unblock,
    Write,
)
from chatdrill.wire import Update, typed
from chatdrill_fakes.families.sms import keyword_in, segmented
from chatdrill_fakes.families.sms.lacks import GREETING
from chatdrill_fakes.platforms.infobip.declared import LACKS
from chatdrill_fakes.platforms.infobip.events import event
from chatdrill_fakes.platforms.infobip.objects import FILES, Told, body_of, price, report, split_keyword, stamp
from chatdrill_fakes.platforms.infobip.sending import DUE, show
from chatdrill_fakes.platforms.infobip.state import InfobipChat, InfobipState, Json, Sms
from chatdrill_fakes.platforms.infobip.statuses import status_of

_REPORTED = {"sent": 2, "delivered": 5}


@dataclass(slots=True)
class Scene:
    """An act of a customer (or upon one) at drill time ``at``."""

    state: InfobipState
    chat: InfobipChat
    at: float


def encode(state: InfobipState, to: str, act: Act, now: float) -> Told:
    """The results of an act; ``now`` is the chat's drill time. See ``Platform.encode``."""
    chat = state.chats.get(to)
    if chat is None:
        raise Unsupported(f"infobip: nobody with the number {to!r} has joined")
    encoder = _ENCODERS.get(type(act))
    if encoder is None:
        raise Unsupported(f"infobip: {LACKS.get(type(act).__name__.lower(), 'a customer cannot do that')}")
    return encoder(Scene(state, chat, now), act)


def _write(scene: Scene, act: Write) -> Told:
    words: list[str] = []
    files: list[Media] = []
    for part in act.parts:
        if isinstance(part, Text):
            words.append(part.text)
        elif isinstance(part, Media):
            files.append(part)
            words += [part.caption.text] if part.caption else []
        else:
            tag = str(type(part).__struct_config__.tag)
            raise Unsupported(
                f"infobip: {LACKS.get(tag, f'a customer cannot send {tag}: there is nothing of the kind in SMS')}"
            )
    text = "\n".join(words)
    if not text and not files:
        raise Unsupported("infobip: a customer cannot send an empty message")
    return _say(scene, text, files)


def _say(scene: Scene, text: str, files: list[Media]) -> Told:
    """One message of the customer: remember it, tell of it, and keep it for who asks."""
    state, chat, at = scene.state, scene.chat, scene.at
    id = state.new_id()
    parts: tuple[Part, ...] = (*((Text(text=text),) if text else ()), *files)
    chat.messages[id] = Message(ids=(id,), author="customer", parts=parts, at=at)
    chat.opened, chat.last_customer_at = True, at
    word = keyword_in(text) if state.blocks and not files else None
    if word in ("STOP", "START"):
        chat.stopped = chat.blocked = word == "STOP"
    result = _mms(scene, id, text, files) if files else _sms(scene, id, text)
    if chat.callback_data is not None:
        result["callbackData"] = chat.callback_data
    state.inbox[id] = result
    kind = "inbound.mms" if files else "inbound.sms"
    return (Update(id=id, kind=kind, to=chat.address, lane=chat.address, body=body_of(result), made_at=at),)


def _sms(scene: Scene, id: str, text: str) -> Json:
    keyword, clean = split_keyword(scene.state, text)
    return {
        "messageId": id,
        "from": scene.chat.address,
        "to": scene.state.number,
        "text": text,
        "cleanText": clean,
        "keyword": keyword,
        "receivedAt": stamp(scene.at),
        "smsCount": segmented(text).count,
        "price": price(0),
    }


def _mms(scene: Scene, id: str, text: str, files: list[Media]) -> Json:
    state = scene.state
    pieces: list[Json] = [{"contentType": "text/plain", "value": text}] if text else []
    for one in files:
        key = state.chance.hex(32)
        state.files[key] = (one.file, scene.chat.address)
        pieces.append({"contentType": one.file.mime, "url": f"{state.known_url}{FILES}{key}"})
    return {
        "messageId": id,
        "from": scene.chat.address,
        "to": state.number,
        "message": pieces,
        "receivedAt": stamp(scene.at),
        "mmsCount": 1,
        "price": price(0),
    }


def _press(scene: Scene, act: Press) -> Told:
    return _write(scene, typed(act))


def _start(scene: Scene, act: Start) -> Told:
    words = act.payload or (act.referral.ref if act.referral else None) or GREETING
    return _say(scene, words, [])


def _block(scene: Scene, _act: Block) -> Told:
    return _say(scene, "STOP", [])


def _unblock(scene: Scene, _act: Unblock) -> Told:
    return _say(scene, "START", [])


def _nothing(_scene: Scene, _act: Any) -> Told:
    """Something happens on the customer's phone only."""
    return ()


# ------------------------------------------------------------------------------------------------------------ reports


def _receipt(scene: Scene, act: Receipt) -> Told:
    """What became of a message; that it has reached the operator is told only to who asked for it. Nobody reports reading."""
    sms = scene.state.sms.get(act.message_id)
    if sms is None:
        return ()
    if act.status == "failed":
        sms.error = act.error or sms.fate or 255
        return _reported(scene, sms, status_of(sms.error))
    if act.status not in _REPORTED or (act.status == "sent" and not sms.wants_operator):
        return ()
    return _reported(scene, sms, _REPORTED[act.status])


def _reported(scene: Scene, sms: Sms, status: int) -> Told:
    state, to = scene.state, scene.chat.address
    sms.status, sms.done_at = status, scene.at
    result = report(sms, status, scene.at)
    if not sms.url:
        state.reports.append(
            (sms.id, report(_as(sms, True), status, scene.at), report(_as(sms, False), status, scene.at))
        )
        return ()
    return (
        Update(id=f"{sms.id}:{status}", kind=f"report.{result['status']['name']}", to=to, lane=f"{to} reports",
               body=body_of(result), made_at=scene.at, hook=state.hook(sms.url, "reports")),
    )  # fmt: skip


def _as(sms: Sms, is_new: bool) -> Sms:
    return replace(sms, is_new=is_new)


def _event(scene: Scene, act: Event) -> Told:
    if act.name != DUE:
        return event(scene.state, scene.chat, act, scene.at)
    sms = scene.state.sms.get(str(act.data.get("id", "")))
    bulk = None if sms is None else scene.state.bulks.get(sms.bulk)
    if sms is None or bulk is None or sms.due_at is None or bulk.status != "PENDING" or bulk.due_at > scene.at + 0.001:
        return ()  # it was put off, stopped or sent meanwhile
    sms.due_at, bulk.status = None, "FINISHED"
    if scene.chat.stopped:
        sms.error = 2052
        return _reported(scene, sms, status_of(sms.error))
    sms.status = 26
    if sms.fate is None:
        scene.state.effects.append(show(scene.chat, sms, scene.at))
    sms.error = sms.fate or 0
    return _reported(scene, sms, status_of(sms.error))


_ENCODERS: dict[type, Callable[[Scene, Any], Told]] = {
    Write: _write,
    Press: _press,
    Start: _start,
    Block: _block,
    Unblock: _unblock,
    Typing: _nothing,
    Read: _nothing,
    Receipt: _receipt,
    Event: _event,
}
