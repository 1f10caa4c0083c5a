"""The other calls about messages: reading, listing, redacting, cancelling, deleting, files, feedback. Source: twilio.com/docs (2026).

Codes of changes in a wrong state are not documented: they are 20001 here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from chatdrill.wire import HttpResponse
from chatdrill_fakes.platforms.twilio import limits
from chatdrill_fakes.platforms.twilio.calls import Answered, Asked
from chatdrill_fakes.platforms.twilio.errors import ApiError
from chatdrill_fakes.platforms.twilio.ids import rfc2822
from chatdrill_fakes.platforms.twilio.objects import list_page, message_object
from chatdrill_fakes.platforms.twilio.state import Json, Kept, Sms

_FINAL = ("delivered", "undelivered", "failed", "received", "canceled", "sent", "read")
_GONE = HttpResponse(204)


def _sms(asked: Asked) -> Sms:
    sms = asked.state.sms.get(asked.sid)
    if sms is None:
        raise ApiError(20404, asked.exchange.request.path)
    return sms


def read(asked: Asked) -> Answered:
    """One message."""
    sms = _sms(asked)
    return Answered(message_object(asked.state, sms), to=sms.chat)


def listed(asked: Asked) -> Answered:
    """Messages, the newest first, by number and day."""
    values = asked.values
    found = [sms for sms in reversed(asked.state.sms.values()) if _is_wanted(sms, values)]
    size = _number(values.get("PageSize"), limits.PAGE_SIZE, 1, limits.PAGE_SIZE_MAX)
    number = _number(values.get("Page"), 0, 0, 10**6)
    begin = number * size
    page = [message_object(asked.state, sms) for sms in found[begin : begin + size]]
    query = "".join(f"{name}={values[name]}&" for name in ("To", "From") if values.get(name)).replace("+", "%2B")
    body = list_page(asked.state, "messages", "Messages.json", page, (number, size, begin + size < len(found)), query)
    return Answered(body, root="Messages")


def _is_wanted(sms: Sms, values: Mapping[str, str]) -> bool:
    if values.get("To") not in (None, "", sms.to) or values.get("From") not in (None, "", sms.sender):
        return False
    day = datetime.fromtimestamp(sms.sent_at or sms.made_at, UTC).strftime("%Y-%m-%d")
    tests = {"DateSent": day == values.get("DateSent", "")[:10], "DateSent<": day <= values.get("DateSent<", "")[:10],
             "DateSent>": day >= values.get("DateSent>", "")[:10]}  # fmt: skip
    return all(holds for name, holds in tests.items() if values.get(name))


def _number(value: str | None, default: int, least: int, most: int) -> int:
    if value is None or not (value.isascii() and value.isdigit() and len(value) < 10):
        return default
    return max(least, min(most, int(value)))


def change(asked: Asked) -> Answered:
    """An empty text takes the words away; ``canceled`` stops what is scheduled."""
    sms, values = _sms(asked), asked.values
    if values.get("Status"):
        if values["Status"] != "canceled" or sms.status != "scheduled":
            raise ApiError(20001, note="only a scheduled message can be canceled")
        sms.status, sms.due_at = "canceled", None
    elif values.get("Body") == "":
        sms.body = ""
    else:
        raise ApiError(20001, note="Body can only become empty, Status only canceled")
    sms.updated_at = asked.now
    return Answered(message_object(asked.state, sms), to=sms.chat)


def delete(asked: Asked) -> Answered:
    """Gone for good, once it is over."""
    sms = _sms(asked)
    if sms.status not in _FINAL:
        raise ApiError(20001, note=f"a message that is {sms.status} cannot be deleted")
    del asked.state.sms[sms.sid]
    return Answered(raw=_GONE, to=sms.chat)


def feedback(asked: Asked) -> Answered:
    """What the customer did with it."""
    sms = _sms(asked)
    outcome = asked.values.get("Outcome", "confirmed")
    if outcome not in ("confirmed", "unconfirmed"):
        raise ApiError(20001, note="Outcome is confirmed or unconfirmed")
    at = rfc2822(asked.now)
    uri = f"{asked.state.root}/Messages/{sms.sid}/Feedback.json"
    body: Json = {"account_sid": asked.state.account, "message_sid": sms.sid, "outcome": outcome}
    return Answered(body | {"date_created": at, "date_updated": at, "uri": uri}, 201, "MessageFeedback", to=sms.chat)


# ------------------------------------------------------------------------------------------------------------- files


def _media_object(asked: Asked, sms: Sms, kept: Kept) -> Json:
    at = rfc2822(kept.at)
    return {
        "account_sid": asked.state.account,
        "content_type": kept.file.mime,
        "date_created": at,
        "date_updated": at,
        "parent_sid": sms.sid,
        "sid": kept.sid,
        "uri": f"{asked.state.root}/Messages/{sms.sid}/Media/{kept.sid}.json",
    }


def _kept(asked: Asked, sms: Sms) -> Kept:
    found = next((kept for kept in sms.media if kept.sid == asked.inner), None)
    if found is None:
        raise ApiError(20404, asked.exchange.request.path)
    return found


def media_list(asked: Asked) -> Answered:
    """The files of a message."""
    sms = _sms(asked)
    items = [_media_object(asked, sms, kept) for kept in sms.media]
    path = f"Messages/{sms.sid}/Media.json"
    body = list_page(asked.state, "media_list", path, items, (0, limits.PAGE_SIZE, False), "")
    return Answered(body, root="MediaList", to=sms.chat)


def media(asked: Asked) -> Answered:
    """A file: what is known of it with ``.json`` behind its address, else its bytes."""
    sms = _sms(asked)
    kept = _kept(asked, sms)
    if asked.exchange.request.path.endswith((".json", ".xml")):
        return Answered(_media_object(asked, sms, kept), root="Media", to=sms.chat)
    key = kept.file.sha256
    if key not in asked.state.blobs:
        raise ApiError(20404, asked.exchange.request.path)
    return Answered(raw=HttpResponse(200, (("Content-Type", kept.file.mime),), asked.state.blobs.get(key)), to=sms.chat)


def delete_media(asked: Asked) -> Answered:
    """A file is gone; the message stays."""
    sms = _sms(asked)
    gone = _kept(asked, sms)
    sms.media = tuple(kept for kept in sms.media if kept is not gone)
    return Answered(raw=_GONE, to=sms.chat)
