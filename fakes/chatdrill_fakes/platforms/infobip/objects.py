"""What webhooks and answers are made of: inbound messages, delivery reports, logs."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from chatdrill.wire import Update
from chatdrill_fakes.platforms.infobip.state import InfobipState, Json, Sms
from chatdrill_fakes.platforms.infobip.statuses import error_object, status_object

Told = tuple[Update, ...]
PRICE, CURRENCY, NETWORK = 0.01, "EUR", "22801"
"""Samples: a bot must not count on them."""
FILES = "/mms/1/inbound/media/"
_encode = msgspec.json.Encoder().encode


def body_of(value: Json) -> bytes:
    """The exact bytes of one result."""
    return _encode(value)


@lru_cache(maxsize=1024)
def _second(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def stamp(at: float) -> str:
    """``2026-09-21T16:00:00.120+0000``."""
    whole = int(at)
    return f"{_second(whole)}.{int((at - whole) * 1000):03}+0000"


def price(of: float = PRICE) -> Json:
    """What it cost."""
    return {"pricePerMessage": of, "currency": CURRENCY}


def split_keyword(state: InfobipState, text: str) -> tuple[str, str]:
    """The keyword in front of a text, if the number has it, and the text without it."""
    word, _, rest = text.strip().partition(" ")
    return (word.upper(), rest.strip()) if word.upper() in state.keywords else ("", text)


def report(sms: Sms, status: int, at: float) -> Json:
    """A delivery report, in the shape of the API that the message came by."""
    head: Json = {"bulkId": sms.bulk, "messageId": sms.id, "to": sms.to}
    head |= {"sender": sms.sender} if sms.is_new else {"from": sms.sender}
    head |= {"sentAt": stamp(sms.made_at), "doneAt": stamp(at)}
    head |= {("messageCount" if sms.is_new else "smsCount"): sms.count, "mccMnc": NETWORK}
    if sms.callback_data is not None:
        head["callbackData"] = sms.callback_data
    head |= {
        "price": price(),
        "status": _bare(status_object(status)),
        "error": error_object(sms.error, old=not sms.is_new),
    }
    if sms.platform:
        head |= {"platform": sms.platform} if sms.is_new else sms.platform
    return {**head, "campaignReferenceId": sms.campaign} if sms.campaign else head


def _bare(status: Json) -> Json:
    return {key: value for key, value in status.items() if key != "action"}


def log(sms: Sms) -> Json:
    """A message as the logs have it."""
    content: Json = {"text": sms.text}
    return {
        **({"sender": sms.sender, "destination": sms.to} if sms.is_new else {"from": sms.sender, "to": sms.to}),
        "bulkId": sms.bulk,
        "messageId": sms.id,
        "sentAt": stamp(sms.made_at),
        "doneAt": stamp(sms.done_at if sms.done_at is not None else sms.made_at),
        **(
            {"messageCount": sms.count, "content": content} if sms.is_new else {"smsCount": sms.count, "text": sms.text}
        ),
        "price": price(),
        "status": _bare(status_object(sms.status)),
        "error": error_object(sms.error, old=not sms.is_new),
        "mccMnc": NETWORK,
    }
