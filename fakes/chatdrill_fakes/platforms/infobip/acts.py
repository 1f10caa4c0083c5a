"""Every act of a customer as the results that the bot gets.

Source: infobip.com/docs/api, SMS: receive inbound messages, delivery reports; MMS: inbound messages (2026). A choice, for Infobip leaves it to
the account: STOP puts a customer on the blocklist and START takes them off, without an answer.
"""

from __future__ import annotations

from msgspec.structs import replace

from chatdrill.model import Act, Event, Media, Message, Part, Receipt, Text, Write
from chatdrill.wire import Update
from chatdrill_fakes.families.sms import acting, keyword_in, segmented
from chatdrill_fakes.platforms.infobip.declared import LACKS
from chatdrill_fakes.platforms.infobip.events import event
from chatdrill_fakes.platforms.infobip.objects import FILES, Told, body_of, price, report, split_keyword, stamp
from chatdrill_fakes.platforms.infobip.sending import DUE, show
from chatdrill_fakes.platforms.infobip.state import InfobipChat, InfobipState, Json, Sms
from chatdrill_fakes.platforms.infobip.statuses import status_of

_REPORTED = {"sent": 2, "delivered": 5}


Here = acting.Scene[InfobipState, InfobipChat]


def encode(state: InfobipState, to: str, act: Act, now: float) -> Told:
    """The results of an act; ``now`` is the chat's drill time. See ``Platform.encode``."""
    return acting.encode("infobip", LACKS, _ENCODERS, state, to, act, now)


def _write(scene: Here, act: Write) -> Told:
    return _say(scene, *acting.pieces("infobip", LACKS, act.parts))


def _say(scene: Here, text: str, files: list[Media]) -> Told:
    """One message of the customer: remember it, tell of it, and keep it for who asks."""
    state, chat, at = scene.state, scene.chat, scene.at
    id = state.new_id()
    parts: tuple[Part, ...] = (*((Text(text=text),) if text else ()), *files)
    chat.messages[id] = Message(ids=(id,), author="customer", parts=parts, at=at)
    chat.opened, chat.last_customer_at = True, at
    word = keyword_in(text) if state.blocks and not files else None
    if word in ("STOP", "START"):
        chat.blocked = word == "STOP"
    result = _mms(scene, id, text, files) if files else _sms(scene, id, text)
    if chat.callback_data is not None:
        result["callbackData"] = chat.callback_data
    state.inbox[id] = result
    kind = "inbound.mms" if files else "inbound.sms"
    return (Update(id=id, kind=kind, to=chat.address, lane=chat.address, body=body_of(result), made_at=at),)


def _sms(scene: Here, id: str, text: str) -> Json:
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


def _mms(scene: Here, id: str, text: str, files: list[Media]) -> Json:
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


# ------------------------------------------------------------------------------------------------------------ reports


def _receipt(scene: Here, act: Receipt) -> Told:
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


def _reported(scene: Here, sms: Sms, status: int) -> Told:
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


def _event(scene: Here, act: Event) -> Told:
    if act.name != DUE:
        return event(scene.state, scene.chat, act, scene.at)
    sms = scene.state.sms.get(str(act.data.get("id", "")))
    bulk = None if sms is None else scene.state.bulks.get(sms.bulk)
    if sms is None or bulk is None or sms.due_at is None or bulk.status != "PENDING" or bulk.due_at > scene.at + 0.001:
        return ()  # it was put off, stopped or sent meanwhile
    sms.due_at, bulk.status = None, "FINISHED"
    if scene.chat.blocked:
        sms.error = 2052
        return _reported(scene, sms, status_of(sms.error))
    sms.status = 26
    if sms.fate is None:
        scene.state.effects.append(show(scene.chat, sms, scene.at))
    sms.error = sms.fate or 0
    return _reported(scene, sms, status_of(sms.error))


_ENCODERS = acting.encoders(_write, _receipt, _event)
