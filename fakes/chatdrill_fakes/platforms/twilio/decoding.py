"""Webhooks read back as acts: the opposite of ``acts`` and of what a caller does.

Source: twilio.com/docs, Messaging: webhook request, status callbacks; TwiML for Programmable Voice: Twilio's request; WhatsApp: webhook
request (2026). STOP and START are words of the customer's, and stay so: said again, they mean the same again.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from chatdrill.model import Button, Event, Location, Media, Part, Press, Receipt, Text, Write
from chatdrill.wire import HttpRequest
from chatdrill.wire.reading import Reads, Said, bare_media, unread_event
from chatdrill_fakes.families.kinds import kind_of_mime

Fields = Mapping[str, Any]
READS = Reads(
    acts=frozenset(("write", "receipt")),
    parts=frozenset(("text", "media.photo", "media.video", "media.audio", "media.document", "media.animation")),
    loses=frozenset(("write.reply_to", "write.forwarded", "write.referral", "text.spans", "media.caption", "media.emoji")),
    events=frozenset(("calls", "keys", "speaks")),
)  # fmt: skip
CALL_STATUS = "call.status"
"""What tells of a call and asks for no document."""
_FATES = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
}
_TOLD_OF_CALLS = frozenset(("CallbackSource", "RecordingStatus", "ConferenceSid", "TranscriptionSid"))
_FILES_MAX = 100


def fields_of(request: HttpRequest) -> Fields:
    """The fields of a webhook: a form, or the query of a GET."""
    if not request.body:
        return dict(request.query)
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace"))


def read_request(request: HttpRequest) -> Iterator[Said]:
    """What a webhook tells of. Raises ``ValueError`` for a body that is none of Twilio's."""
    if request.body[:1] in (b"[", b"{"):
        return _streamed(request.body)
    token = request.header("i-twilio-idempotency-token") or f"{request.url} {request.body!r}"
    return read_fields(fields_of(request), str(zlib.crc32(token.encode("utf-8", "replace"))))


def read_fields(fields: Fields, number: str = "0") -> Iterator[Said]:
    """The same of fields. ``number`` tells the requests of one telephone call from each other."""
    if not fields.get("AccountSid"):
        raise ValueError("there is no AccountSid")
    sid = str(fields.get("MessageSid") or fields.get("SmsSid") or "")
    if fields.get("CallSid"):
        yield _call(fields, number)
    elif sid and fields.get("MessageStatus"):
        yield _status(fields, sid)
    elif sid and fields.get("From"):
        yield _message(fields, sid)
    else:
        yield unread_event(None, str(fields.get("EventType") or "webhook"), dict(fields), by_platform=True)


# ------------------------------------------------------------------------------------------------------- messages


def _message(fields: Fields, sid: str) -> Said:
    act: Write | Press = Write(parts=_parts(fields))
    if fields.get("ButtonPayload") or fields.get("ListId"):
        act = _press(fields)
    to = str(fields["From"])
    return Said(to=to, act=act, ids=(sid,), update=sid, person=_person(fields, to), kind="message")


def _person(fields: Fields, address: str) -> dict[str, str]:
    """An SMS tells a number; WhatsApp by Twilio a name as well."""
    first, _, last = str(fields.get("ProfileName") or "").partition(" ")
    found = {"phone": address.rpartition(":")[2], "first_name": first, "last_name": last}
    return {name: value for name, value in found.items() if value}


def _press(fields: Fields) -> Press:
    title = str(fields.get("ListTitle") or fields.get("ButtonText") or fields.get("Body") or "")
    payload = str(fields.get("ListId") or fields.get("ButtonPayload"))
    of = fields.get("OriginalRepliedMessageSid")
    return Press(button=Button(title=title, kind="postback", payload=payload), message_id=str(of) if of else None)


def _parts(fields: Fields) -> tuple[Part, ...]:
    words = str(fields.get("Body") or "")
    text = (Text(text=words),) if words else ()
    found = (*text, *_files(fields), *_place(fields))
    return found or (Text(text=""),)


def _files(fields: Fields) -> Iterator[Media]:
    count = str(fields.get("NumMedia") or "0")
    for number in range(min(int(count), _FILES_MAX) if count.isascii() and count.isdigit() else 0):
        mime = str(fields.get(f"MediaContentType{number}") or "")
        url = fields.get(f"MediaUrl{number}")
        yield bare_media(kind_of_mime(mime), mime=mime, url=str(url) if url else None)


def _place(fields: Fields) -> Iterator[Location]:
    if fields.get("Latitude") and fields.get("Longitude"):
        label, address = fields.get("Label"), fields.get("Address")
        yield Location(
            latitude=float(fields["Latitude"]),
            longitude=float(fields["Longitude"]),
            name=str(label) if label else None,
            address=str(address) if address else None,
        )


def _status(fields: Fields, sid: str) -> Said:
    """The fate of a message of the bot's, as far as there is a word for it: not for ``queued`` and ``sending``."""
    word, to, code = str(fields["MessageStatus"]), str(fields.get("To") or ""), str(fields.get("ErrorCode") or "")
    head: dict[str, Any] = {"update": f"{sid}:{word}"}
    status = _FATES.get(word)
    if status is None or not to:
        return unread_event(to or None, f"status {word}", dict(fields), by_platform=True, **head)
    error = int(code) if code.isascii() and code.isdigit() and len(code) < 10 else None
    return Said(to=to, act=Receipt(message_id=sid, status=status, error=error), **head)  # type: ignore[arg-type]  # one of four


# ---------------------------------------------------------------------------------------------------------- calls


def _call(fields: Fields, number: str) -> Said:
    """A request of a telephone call, or what is told of one."""
    outbound = str(fields.get("Direction") or "inbound").startswith("outbound")
    to = str(fields.get("To" if outbound else "From") or "") or None
    head: dict[str, Any] = {"update": f"{fields['CallSid']}:{number}", "person": {"phone": to} if to else {}}
    if to is None or fields.keys() & _TOLD_OF_CALLS:
        return unread_event(to, CALL_STATUS, dict(fields), by_platform=True, **head)
    head["kind"] = "call"
    if fields.get("Digits"):
        return Said(to=to, act=Event(name="keys", data={"digits": str(fields["Digits"])}), **head)
    if fields.get("SpeechResult"):
        return Said(to=to, act=Event(name="speaks", data={"words": str(fields["SpeechResult"])}), **head)
    if fields.get("CallStatus") == "ringing" and not outbound:
        return Said(to=to, act=Event(name="calls"), **head)
    return unread_event(to, "call.goes on", dict(fields), by_platform=True, **head)


# ----------------------------------------------------------------------------------------------------- event streams


def _streamed(body: bytes) -> Iterator[Said]:
    """Event Streams: cloud events, each kept as it is."""
    try:
        events = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"no JSON: {error}") from error
    for event in events if isinstance(events, list) else [events]:
        if not isinstance(event, dict) or not str(event.get("type", "")).startswith("com.twilio."):
            raise ValueError("the JSON is no event of Event Streams")
        yield unread_event(None, "event_stream", event, by_platform=True, update=str(event.get("id") or ""))
