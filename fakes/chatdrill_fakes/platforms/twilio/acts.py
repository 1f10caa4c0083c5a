"""Every act of a customer as the webhooks that the bot gets.

Source: twilio.com/docs, Messaging: webhook request, opt-out keywords, status callbacks (2026). A choice, for Twilio does not say: START from
somebody who has not left is a message like any other; what is longer than 1600 characters comes as several messages.
"""

from __future__ import annotations

from chatdrill.errors import Unsupported
from chatdrill.model import Act, Event, Media, Message, Part, Press, Receipt, Sent, Text, Write
from chatdrill.wire import Update, typed
from chatdrill_fakes.families.sms import Keyword, acting, keyword_in
from chatdrill_fakes.platforms.twilio import errors, limits
from chatdrill_fakes.platforms.twilio.declared import LACKS
from chatdrill_fakes.platforms.twilio.events import event
from chatdrill_fakes.platforms.twilio.objects import Told, form, inbound_fields, segments_of, signed_form, status_fields
from chatdrill_fakes.platforms.twilio.sending import show
from chatdrill_fakes.platforms.twilio.state import Kept, Sms, TwilioChat, TwilioState
from chatdrill_fakes.platforms.twilio.voice import acting as voice

_ANSWERS: dict[tuple[str, Keyword], str] = {
    ("long_code", "STOP"): "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.",
    ("long_code", "START"): "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    ("long_code", "HELP"): "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    ("toll_free", "STOP"): 'NETWORK MSG: You replied with the word "stop" which blocks all texts sent from this number. Text back "unstop" to receive messages again.',
    ("toll_free", "START"): 'NETWORK MSG: You have replied "unstop" and will begin receiving messages again from this number.',
}  # fmt: skip
_REPORTED = {"sent": ("sent", "delivered"), "delivered": ("delivered",)}


Here = acting.Scene[TwilioState, TwilioChat]


def encode(state: TwilioState, to: str, act: Act, now: float) -> Told:
    """The webhooks of an act; ``now`` is the chat's drill time. See ``Platform.encode``."""
    return acting.encode("twilio", LACKS, _ENCODERS, state, to, act, now)


# ------------------------------------------------------------------------------------------------------- messages


def _write(scene: Here, act: Write) -> Told:
    """One message with all its words and files, or as many as it takes."""
    words, files = acting.pieces("twilio", LACKS, act.parts)
    told: Told = ()
    while files or words:
        body, rest = words[: limits.BODY_MAX], words[limits.BODY_MAX :]
        told += _say(scene, body, files[: limits.MEDIA_MAX])
        words, files = rest, files[limits.MEDIA_MAX :]
        scene.at += 0.001  # messages of one act follow each other
    return told


def _say(scene: Here, body: str, files: list[Media]) -> Told:
    """One message of the customer: remember it, tell of it, and answer it where Twilio does that by itself."""
    state, chat = scene.state, scene.chat
    if files and not _has_mms(state, chat):
        raise Unsupported("twilio: no MMS comes from this customer's country, or to this number (setting mms)")
    sid = state.new_sid("MM" if files else "SM")
    media = tuple(Kept(state.new_sid("ME"), one.file, scene.at) for one in files)
    sms = Sms(
        sid=sid, chat=chat.address, sender=chat.address, to=state.number, body=body, direction="inbound", status="received",
        made_at=scene.at, segments=segments_of(body, len(media)), media=media,
        service=state.service if state.in_service else None, sent_at=scene.at,
    )  # fmt: skip
    state.sms[sid] = sms
    parts: tuple[Part, ...] = (*((Text(text=body),) if body else ()), *files)
    chat.messages[sid] = Message(ids=(sid,), author="customer", parts=parts, at=scene.at)
    chat.opened, chat.last_customer_at = True, scene.at
    _mind_keyword(scene, sms)
    kind = "message.mms" if media else "message.sms"
    to = chat.address
    fields = inbound_fields(state, chat, sms)
    return (Update(id=sid, kind=kind, to=to, lane=to, body=signed_form(state, fields), made_at=scene.at),)


def _has_mms(state: TwilioState, chat: TwilioChat) -> bool:
    how = state.settings["mms"]
    return how == "yes" or (how == "us" and chat.address.startswith("+1"))


def _mind_keyword(scene: Here, sms: Sms) -> None:
    """STOP blocks, START lets through again, HELP explains; the webhook is called all the same."""
    word = None if sms.media else keyword_in(sms.body)
    if word is None:
        return
    state, chat, how = scene.state, scene.chat, scene.state.settings["sender"]
    if state.settings["opt_out"] == "no" or how == "short_code" or (word == "START" and not chat.blocked):
        return
    again = word == "STOP" and chat.blocked
    if word != "HELP":
        chat.blocked = word == "STOP"
    if state.settings["opt_out"] == "advanced":
        sms.opt_out = word
    text = _ANSWERS.get((how, word))
    if text is not None and not again:
        sid = state.new_sid("SM")
        message = Message(ids=(sid,), author="platform", parts=(Text(text=text),), at=scene.at)
        state.effects.append(Sent(to=chat.address, message=message))


def _press(scene: Here, act: Press) -> Told:
    """The number of a choice; of what is heard on the phone, its key."""
    if voice.is_key(scene.chat, act.message_id):
        key = act.button.payload or act.button.title
        return voice.happens(scene.state, scene.chat, Event(name="keys", data={"digits": key}), scene.at) or ()
    return _write(scene, typed(act))


# ---------------------------------------------------------------------------------------------------- what becomes of it


def _receipt(scene: Here, act: Receipt) -> Told:
    """A message goes on its way; the callback comes if it has an address. ``read`` is not told, for SMS has nothing of the kind."""
    sms = scene.state.sms.get(act.message_id)
    if sms is None:
        return ()
    if act.status == "failed":
        sms.error = act.error or sms.fate or 30008
        return status(scene, sms, errors.FATES.get(sms.error, errors.UNDELIVERED), sms.error)
    if act.status not in _REPORTED:
        return ()
    return status(scene, sms, act.status, None)


def status(scene: Here, sms: Sms, word: str, error: int | None) -> Told:
    """A new status of a message, and the callback that tells it. What is delivered stays so."""
    if sms.status != "delivered":
        sms.status = word
    sms.updated_at = scene.at
    if word in ("sent", "delivered") and sms.sent_at is None:
        sms.sent_at = scene.at
    if not sms.callback:
        return ()
    to, fields = scene.chat.address, status_fields(scene.state, sms, word, error)
    if word == "delivered":
        fields.append(("RawDlrDoneDate", _done(scene.at)))
    return (
        Update(id=f"{sms.sid}:{word}", kind=f"status.{word}", to=to, lane=f"{to} status", body=form(fields),
               made_at=scene.at, hook=scene.state.hook(sms.callback)),
    )  # fmt: skip


def _done(at: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(int(at), UTC).strftime("%y%m%d%H%M")


def _event(scene: Here, act: Event) -> Told:
    """Twilio's own: what is due is shown first, then what happens on the phone."""
    if act.name == DUE:
        return _due(scene, str(act.data.get("sid", "")))
    told = voice.happens(scene.state, scene.chat, act, scene.at)
    if told is not None:
        return told
    return event(scene.state, scene.chat, act, scene.at)


DUE = "scheduled message is due"
"""What the platform does by itself; no scenario can name it."""


def _due(scene: Here, sid: str) -> Told:
    sms = scene.state.sms.get(sid)
    if sms is None or sms.status != "scheduled":
        return ()
    sms.sender, sms.due_at = scene.state.number, None
    if scene.chat.blocked:
        sms.error = 21610
        return status(scene, sms, "failed", 21610)
    told = status(scene, sms, "queued", None)
    scene.state.effects.append(show(scene.chat, sms, scene.at))
    if sms.fate is not None:
        sms.error = sms.fate
        return told + status(scene, sms, errors.FATES.get(sms.fate, errors.UNDELIVERED), sms.fate)
    return told + status(scene, sms, "sent", None) + status(scene, sms, "delivered", None)


_ENCODERS = {**acting.encoders(_write, _receipt, _event), Press: _press}
