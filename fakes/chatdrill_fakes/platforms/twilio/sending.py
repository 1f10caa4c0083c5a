"""Sending a message by the REST API: what is checked, in which order, and what becomes of it.

Source: twilio.com/docs, Messaging: Message resource; test credentials (their numbers are honoured); error dictionary (2026).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from chatdrill.model import Event, Keyboard, Media, Message, Part, Receipt, Sent
from chatdrill.wire import Later, with_choices
from chatdrill_fakes.families.sms import broken_at, e164, is_alphanumeric, is_e164, is_short_code
from chatdrill_fakes.families.sms.links import kind_of
from chatdrill_fakes.platforms.twilio import ids, limits, shelf
from chatdrill_fakes.platforms.twilio.calls import Answered, Asked
from chatdrill_fakes.platforms.twilio.errors import ApiError
from chatdrill_fakes.platforms.twilio.objects import message_object, segments_of
from chatdrill_fakes.platforms.twilio.state import Kept, Sms, TwilioChat, TwilioState

TO_MAGIC = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
FROM_MAGIC = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
VALID_MAGIC = "+15005550006"
_CHANNELS = ("whatsapp", "messenger", "rcs")
_FLAGS = {
    "ForceDelivery": ("true", "false"), "ProvideFeedback": ("true", "false"), "SmartEncoded": ("true", "false"),
    "ShortenUrls": ("true", "false"), "SendAsMms": ("true", "false"), "RiskCheck": ("enable", "disable"),
    "ContentRetention": ("retain", "discard"), "AddressRetention": ("retain", "obfuscate"), "ScheduleType": ("fixed",),
    "TrafficType": ("free",),
}  # fmt: skip


def send(asked: Asked) -> Answered:
    """``POST /Messages``: one message to one number."""
    state, values = asked.state, asked.values
    to, sender, service = _addresses(asked)
    body = values.get("Body", "")
    urls = asked.every("MediaUrl")
    _check_content(asked, body, urls)
    due_at = _due_at(asked, service)
    wait = shelf.to_fetch(state, urls, asked.exchange)
    if wait is not None:
        return Answered(wait=wait)
    chat = state.chats.get(to)
    _check_receiver(state, chat, to, urls)
    files, fate = shelf.take(state, urls, asked.exchange)
    segments = segments_of(body, len(files))
    if state.limited and state.queue.take(asked.now, segments):
        raise ApiError(21611)
    at = asked.now if chat is None else chat.at(asked.now)
    media = tuple(Kept(state.new_sid("ME"), one.file, at) for one in files)
    sms = Sms(
        sid=state.new_sid("MM" if media else "SM"), chat=None if chat is None else to, sender=None if service else sender, to=to,
        body=body, direction="outbound-api", status="scheduled" if due_at else "accepted" if service else "queued",
        made_at=at, segments=segments, media=media, service=service, callback=values.get("StatusCallback") or state.status_callback,
        fate=fate, due_at=due_at,
    )  # fmt: skip
    state.sms[sms.sid] = sms
    return _sent(asked, sms, chat, at)


def _sent(asked: Asked, sms: Sms, chat: TwilioChat | None, at: float) -> Answered:
    made = message_object(asked.state, sms)
    label = "scheduled" if sms.due_at else "MMS" if sms.media else "SMS"
    if chat is None:
        sms.status = "sent"
        return Answered(made, 201, label=label, note="nobody in this drill has this number")
    sms.fate = sms.fate or chat.fate
    if sms.due_at is not None:
        due = Later(sms.due_at - at, chat.address, Event(name="scheduled message is due", data={"sid": sms.sid}))
        return Answered(made, 201, to=chat.address, label=label, later=(due,))
    sms.sender = asked.state.number if sms.sender is None else sms.sender
    effects, later = deliver(asked.state, chat, sms, at)
    return Answered(made, 201, to=chat.address, label=label, effects=effects, later=later, note=note_of(sms.body))


def note_of(body: str) -> str | None:
    """What is odd about a text, for the trace."""
    place = broken_at(body)
    return None if place is None else f"a character is torn at place {place}: the customer sees a replacement for it"


# ------------------------------------------------------------------------------------------------------------ checks


def _addresses(asked: Asked) -> tuple[str, str, str | None]:
    """The number that gets the message, who sends it, and the service, where that decides."""
    values, state = asked.values, asked.state
    to, sender, service = values.get("To", ""), values.get("From", ""), values.get("MessagingServiceSid", "")
    if not to:
        raise ApiError(21604)
    if not sender and not service:
        raise ApiError(21603)
    if to.partition(":")[0] in _CHANNELS:
        raise ApiError(21211, to, note="chatdrill emulates SMS and MMS of Twilio, and no other channel", refused=True)
    _check_sender(state, sender, service)
    if is_short_code(to):
        raise ApiError(21265, to)
    number = e164(to if to.startswith("+") else f"+{to}")
    if number is None:
        raise ApiError(21211, to)
    if number == sender:
        raise ApiError(21266, to)
    if number in TO_MAGIC:
        raise ApiError(TO_MAGIC[number], to)
    if number.startswith(state.blocked_regions):
        raise ApiError(21408, to)
    if state.verified and number not in state.verified:
        raise ApiError(21608, to)
    return number, sender or state.number, service or None


def _check_sender(state: TwilioState, sender: str, service: str) -> None:
    if service and not sender:
        if service == state.service:
            return
        raise ApiError(
            21703 if ids.is_sid(service, "MG") else 20404, service if ids.is_sid(service, "MG") else "MessagingService"
        )
    if sender in FROM_MAGIC:
        raise ApiError(FROM_MAGIC[sender], sender)
    if sender in (state.number, VALID_MAGIC):
        return
    if is_e164(sender) or is_short_code(sender):
        raise ApiError(21606, sender)
    if not is_alphanumeric(sender):
        raise ApiError(21212, sender)


def _check_content(asked: Asked, body: str, urls: list[str]) -> None:
    values = asked.values
    if values.get("ContentSid"):
        raise ApiError(21655, values["ContentSid"], note="chatdrill emulates no content templates", refused=True)
    if not body.strip() and not urls:
        raise ApiError(21602)
    if len(body) > limits.BODY_MAX:
        raise ApiError(21617)
    if len(urls) > limits.MEDIA_MAX:
        raise ApiError(21623)
    if urls and not all(map(is_url, urls)):
        raise ApiError(21620)
    if values.get("StatusCallback") and not is_url(values["StatusCallback"]):
        raise ApiError(21609, values["StatusCallback"])
    validity = values.get("ValidityPeriod")
    if validity and not _is_within(validity, limits.VALIDITY_MIN_S, limits.VALIDITY_MAX_S):
        raise ApiError(20001, note=f"ValidityPeriod is 1 to {limits.VALIDITY_MAX_S} seconds")
    for name in values:
        if name in _FLAGS and values[name] and values[name].lower() not in _FLAGS[name]:
            raise ApiError(20001, note=f"{name} is one of {', '.join(_FLAGS[name])}")


def _is_within(value: str, least: int, most: int) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 8 and least <= int(value) <= most


def is_url(value: str) -> bool:
    """True for an absolute address."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _due_at(asked: Asked, service: str | None) -> float | None:
    """When a scheduled message is due, in drill time of its chat."""
    values = asked.values
    if not values.get("ScheduleType") and not values.get("SendAt"):
        return None
    if not (values.get("ScheduleType") and values.get("SendAt") and service):
        raise ApiError(20001, note="a scheduled message has ScheduleType, SendAt and MessagingServiceSid")
    try:
        at = datetime.fromisoformat(values["SendAt"]).timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise ApiError(20001, note="SendAt is no date of ISO 8601") from error
    chat = asked.state.chats.get(values.get("To", ""))
    ahead_s = at - (asked.now if chat is None else chat.at(asked.now))
    if not limits.SCHEDULE_MIN_S <= ahead_s <= limits.SCHEDULE_MAX_S:
        raise ApiError(20001, note="SendAt is 300 seconds to 35 days ahead")
    return at


def _check_receiver(state: TwilioState, chat: TwilioChat | None, to: str, urls: list[str]) -> None:
    """What depends on the customer."""
    if chat is not None and chat.fails_next:
        raise ApiError(chat.fails_next.pop(0), to)
    if chat is not None and chat.blocked:
        raise ApiError(21610)
    if urls and state.settings["mms"] == "no":
        raise ApiError(21621, state.number)
    if urls and state.settings["mms"] == "us" and not to.startswith("+1"):
        raise ApiError(21622, to)


# ----------------------------------------------------------------------------------------------------------- delivery


_ORDERS: dict[str, tuple[tuple[float, Literal["sent", "delivered"]], ...]] = {
    "delivered": ((limits.SENT_AFTER_S, "sent"), (limits.FATE_AFTER_S, "delivered")),
    "swapped": ((limits.SENT_AFTER_S, "delivered"), (limits.FATE_AFTER_S, "sent")),
    "sent": ((limits.SENT_AFTER_S, "sent"),),
    "no": (),
}
"""What is told of a message after how many seconds, by the setting ``receipts``."""


def show(chat: TwilioChat, sms: Sms, at: float) -> Sent:
    """The message on the customer's screen; its choices, if it numbers any."""
    words: tuple[Part, ...] = with_choices(sms.body) if sms.body else ()
    choices = [part for part in words if isinstance(part, Keyboard)]
    files = [Media(kind=kind_of(kept.file), file=kept.file) for kept in sms.media]
    parts = (*words[:1], *files, *choices)
    message = Message(ids=(sms.sid,), author="bot", parts=parts, at=at, sender=sms.sender)
    chat.messages[sms.sid] = message
    return Sent(to=chat.address, message=message)


def deliver(state: TwilioState, chat: TwilioChat, sms: Sms, at: float) -> tuple[tuple[Sent, ...], tuple[Later, ...]]:
    """What the customer sees, and what is told of the message later. One that fails is not seen."""
    if sms.fate is not None:
        return (), (
            Later(limits.FATE_AFTER_S, chat.address, Receipt(message_id=sms.sid, status="failed", error=sms.fate)),
        )
    return (show(chat, sms, at),), _receipts(state, chat, sms)


def _receipts(state: TwilioState, chat: TwilioChat, sms: Sms) -> tuple[Later, ...]:
    told = _ORDERS[state.settings["receipts"]]
    return tuple([Later(after_s, chat.address, Receipt(message_id=sms.sid, status=word)) for after_s, word in told])
