"""What Infobip's reference says, as examples: what the conformance kit holds this fake to."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from chatdrill.model import Block, Customer, Event, Media, Receipt, Start, Text, Write
from chatdrill.model.parts import File, MediaKind
from chatdrill.wire import HttpRequest
from chatdrill.wire.sheets import Ask, Bound, Golden, Happens, Mistake, Refused, Sheet, Step
from chatdrill_fakes.platforms.infobip.statuses import REJECTED, STATUSES

_SEND, _OLD, _MMS = "/sms/3/messages", "/sms/2/text/advanced", "/mms/2/messages"
_INBOUND = "infobip.com/docs/api, SMS: receive inbound messages"
_REPORTS = "infobip.com/docs/api, SMS: delivery reports"


def believes(environment: Mapping[str, str], request: HttpRequest, now: float) -> bool:  # noqa: ARG001 (no date is signed)
    """Name and password, or the HMAC of the body, as the account says."""
    key = environment["INFOBIP_WEBHOOK_PASSWORD"]
    if environment["INFOBIP_WEBHOOK_AUTH"] == "basic":
        words = f"{environment['INFOBIP_WEBHOOK_USER']}:{key}".encode()
        expected = f"Basic {b64encode(words).decode()}"
        return hmac.compare_digest((request.header("Authorization") or "").encode(), expected.encode())
    digest = getattr(hashlib, environment["INFOBIP_HMAC_ALGORITHM"].lower().replace("_", ""))
    expected = hmac.new(key.encode(), request.body, digest).hexdigest()
    return hmac.compare_digest((request.header(environment["INFOBIP_HMAC_HEADER"]) or "").encode(), expected.encode())


def message(text: str = "Hello", to: str = "{to}", id: str | None = None, **fields: Any) -> dict[str, Any]:
    """A message of the newer API."""
    destination = {"to": to, **({"messageId": id} if id else {})}
    webhooks = {"delivery": {"url": "{webhook}/reports", "intermediateReport": True}}
    return {
        "sender": "{sender}",
        "destinations": [destination],
        "content": {"text": text},
        "webhooks": webhooks,
        **fields,
    }


def send(after: tuple[Step, ...] = (), options: Any = None, **fields: Any) -> Ask:
    """A message to the customer."""
    return Ask(_SEND, {"messages": [message(**fields)], **({"options": options} if options else {})}, after=after)


def older(text: str = "Hello", **fields: Any) -> Ask:
    """The same by the older API."""
    return Ask(
        _OLD,
        {
            "messages": [
                {
                    "from": "{sender}",
                    "destinations": [{"to": "{to}"}],
                    "text": text,
                    "notifyUrl": "{webhook}/reports",
                    **fields,
                }
            ]
        },
    )


def mms(url: str) -> Ask:
    """A file to the customer."""
    segments = [{"type": "TEXT", "text": "Look"}, {"type": "LINK", "contentUrl": url, "contentType": "image/png"}]
    return Ask(
        _MMS,
        {
            "messages": [
                {"sender": "{sender}", "destinations": [{"to": "{to}"}], "content": {"messageSegments": segments}}
            ]
        },
    )


def _file(kind: MediaKind) -> Write:
    return Write(parts=(Media(kind=kind, file=File(name=f"a.{kind}")),))


# ---------------------------------------------------------------------------------------------------------- webhooks

_SMS = {
    "messageId": "<0>", "from": "41790000001", "to": "447860099299", "text": "Where is my order?", "cleanText": "Where is my order?",
    "keyword": "", "receivedAt": "2026-11-20T22:05:45.000+0000", "smsCount": 1, "price": {"pricePerMessage": 0, "currency": "EUR"},
}  # fmt: skip
_FILE = {
    "messageId": "<0>", "from": "41790000001", "to": "447860099299", "message": [{"contentType": "image/png", "url": "<1>"}],
    "receivedAt": "2026-11-20T22:05:45.000+0000", "mmsCount": 1, "price": {"pricePerMessage": 0, "currency": "EUR"},
}  # fmt: skip
_DONE: dict[str, Any] = {
    "bulkId": "<0>", "messageId": "<0>", "to": "41790000001", "sender": "447860099299", "sentAt": "2026-11-20T22:05:45.000+0000",
    "doneAt": "2026-11-20T22:05:45.000+0000", "messageCount": 1, "mccMnc": "22801", "price": {"pricePerMessage": 0.01, "currency": "EUR"},
    "status": {"groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "DELIVERED_TO_HANDSET", "description": "Message delivered to handset"},
    "error": {"groupId": 0, "groupName": "OK", "id": 0, "name": "NO_ERROR", "description": "No Error", "permanent": False},
}  # fmt: skip
_OLD_DONE = {
    **{
        ("from" if key == "sender" else "smsCount" if key == "messageCount" else key): value
        for key, value in _DONE.items()
    },
    "error": {**_DONE["error"], "groupName": "Ok"},
}
_LOST = {
    **_DONE,
    "status": {"groupId": 2, "groupName": "UNDELIVERABLE", "id": 9, "name": "UNDELIVERABLE_NOT_DELIVERED", "description": "Message sent not delivered"},
    "error": {"groupId": 1, "groupName": "HANDSET_ERRORS", "id": 1, "name": "EC_UNKNOWN_SUBSCRIBER", "description": "Unknown subscriber", "permanent": True},
}  # fmt: skip
_OPERATOR = {
    **_DONE,
    "status": {
        **_DONE["status"],
        "id": 2,
        "name": "DELIVERED_TO_OPERATOR",
        "description": "Message delivered to operator",
    },
}
_CYRILLIC = "Где мой заказ? " * 6


def _sms(**fields: Any) -> dict[str, Any]:
    return {**_SMS, **({"cleanText": fields["text"]} if "text" in fields else {}), **fields}


def _told(status: Any, after: Ask, error: int | None = None) -> Happens:
    return Happens(Receipt(message_id="{sent}", status=status, error=error), after=(after,))


GOLDEN = (
    Golden("sms", Write(parts=(Text(text="Where is my order?"),)), _SMS, _INBOUND, "2026"),
    Golden("cyrillic", Write(parts=(Text(text=_CYRILLIC),)), _sms(text=_CYRILLIC, smsCount=2), _INBOUND, "2026"),
    Golden("keyword", Write(parts=(Text(text="STOP please"),)), _sms(text="STOP please", cleanText="please", keyword="STOP"), _INBOUND, "2026",
           settings={"keywords": "STOP, HELP"}),
    Golden("answer", Happens(Write(parts=(Text(text="Hi"),)), after=(send(webhooks={"callbackData": "dlg-77"}),)),
           {**_sms(text="Hi"), "callbackData": "dlg-77"}, _INBOUND, "2026"),
    Golden("start", Start(payload="ord_553"), _sms(text="ord_553"), _INBOUND, "2026"),
    Golden("stop", Block(), _sms(text="STOP"), _INBOUND, "2026"),
    Golden("mms", _file("photo"), _FILE, "infobip.com/docs/api, MMS: inbound messages", "2026"),
    Golden("delivered", _told("delivered", send()), _DONE, _REPORTS, "2026"),
    Golden("to the operator", _told("sent", send()), _OPERATOR, _REPORTS, "2026"),
    Golden("delivered, older", _told("delivered", older()), _OLD_DONE, _REPORTS, "2026"),
    Golden("lost", _told("failed", send(), 1), _LOST, _REPORTS, "2026"),
)  # fmt: skip
DRAWN = (r"^[0-9]{20}$|^<0>$", r"^https?://\S+/mms/1/\S+$|^<1>$")

# ------------------------------------------------------------------------------------------------------------- calls

_SCHEDULED = send(options={"schedule": {"bulkId": "bulk-9", "sendAt": "2026-11-22T10:00:00.000+0000"}})
_BULK, _STATUS = "/sms/1/bulks?bulkId=bulk-9", "/sms/1/bulks/status?bulkId=bulk-9"
_KEPT = Happens(_file("photo"), keeps={"file": "message.0.url"})
_OAUTH = {"client_id": "{client_id}", "client_secret": "{client_secret}", "grant_type": "client_credentials"}
_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
_BY_NAME = (("Authorization", "Basic {username}:{password}"),)
_QUERY = "username={username}&password={password}&from={sender}&to={to}&text=Hello"
EXAMPLES = (
    send(),
    send(text="What next?\n1. Status\n2. Return"),
    older(),
    Ask("/sms/2/text/single", {"from": "{sender}", "to": "{to}", "text": "Hello"}, headers=_BY_NAME),
    Ask(f"/sms/1/text/query?{_QUERY}", method="GET", headers=()),
    Ask(f"/sms/3/text/query?{_QUERY}", method="GET", headers=()),
    *(mms(f"https://a.test/x.{ending}") for ending in ("png", "mp4", "mp3", "pdf", "gif")),
    Ask("/sms/1/preview", {"text": "Hello"}),
    Ask("/sms/3/reports?limit=10", method="GET"),
    Ask("/sms/1/reports", method="GET"),
    Ask("/sms/3/logs", method="GET", after=(send(),)),
    Ask("/sms/1/logs", method="GET", after=(older(),)),
    Ask("/sms/1/inbox/reports", method="GET"),
    Ask(_BULK, method="GET", after=(_SCHEDULED,)),
    Ask(_BULK, {"sendAt": "2026-11-23T10:00:00.000+0000"}, method="PUT", after=(_SCHEDULED,)),
    Ask(_STATUS, method="GET", after=(_SCHEDULED,)),
    Ask(_STATUS, {"status": "CANCELED"}, method="PUT", after=(_SCHEDULED,)),
    Ask("/ct/1/log/end/{sent}", after=(send(),)),
    Ask("/auth/1/session", {"username": "{username}", "password": "{password}"}, headers=()),
    Ask("/auth/1/oauth2/token", _OAUTH, headers=_FORM),
    Ask("{file}", method="GET", after=(_KEPT,)),
)


def _rejected(status: int) -> Refused:
    return Refused(
        200,
        {"messages": [{"status": {"groupId": 5, "groupName": "REJECTED", "id": status, "name": STATUSES[status][1]}}]},
    )


_NEW_400 = Refused(400, {"errorCode": "E400"})
_OLD_400 = Refused(400, {"requestError": {"serviceException": {"messageId": "BAD_REQUEST", "text": "Bad request"}}})
ERRORS = (
    Mistake("no key", Ask(_SEND, {"messages": [message()]}, headers=()), Refused(401, {"errorCode": "E401"})),
    Mistake("no key, older", Ask(_OLD, {}, headers=()),
            Refused(401, {"requestError": {"serviceException": {"messageId": "UNAUTHORIZED", "text": "Invalid login details"}}})),
    Mistake("a wrong password", Ask("/auth/1/session", {"username": "x", "password": "y"}, headers=()), Refused(401)),
    Mistake("no messages", Ask(_SEND, {}), Refused(400, {"errorCode": "E400", "violations": [{"property": "messages", "violation": "must not be empty"}]})),
    Mistake("no messages, older", Ask(_OLD, {}), Refused(400, {"requestError": {"serviceException": {"validationErrors": {"messages": ["must not be empty"]}}}})),
    Mistake("no destinations", send(destinations=[]), Refused(400, {"violations": [{"property": "messages[0].destinations"}]})),
    Mistake("nothing to say", send(content={}), _NEW_400),
    Mistake("nothing to say, older", older(text=""), _OLD_400),
    Mistake("an unknown transliteration", send(content={"text": "x", "transliteration": "KLINGON"}), _NEW_400),
    Mistake("an unknown language", send(content={"text": "x", "language": {"languageCode": "XX"}}), _NEW_400),
    Mistake("destinations that are no list", send(destinations="x"), _NEW_400),
    Mistake("an odd date", send(options={"schedule": {"sendAt": "tomorrow"}}), _NEW_400),
    Mistake("no bulk", Ask("/sms/1/bulks?bulkId=x", method="GET"), Refused(404, {"requestError": {"serviceException": {"messageId": "NOT_FOUND"}}})),
    Mistake("no such path", Ask("/sms/9/messages", {}), Refused(404)),
    Mistake("another method", Ask(_SEND, {}, method="PUT"), Refused(405, {"errorCode": "E405"})),
    Mistake("a form", Ask(_SEND, {"text": "x"}, headers=(("Authorization", "App {api_key}"), *_FORM)), Refused(415, {"errorCode": "E415"})),
    Mistake("no number", send(to=""), Refused(200, {"messages": [{"status": {"id": 51, "name": "MISSING_TO"}}]})),
    Mistake("words for a number", send(to="Anna"), _rejected(52)),
    Mistake("somebody else's number", send(sender="447860000002"), _rejected(11)),
    Mistake("an odd sender", send(sender="#!*"), _rejected(13)),
    Mistake("the same id again", send((send(id="bench-1"),), id="bench-1"), _rejected(23)),
    Mistake("who said STOP", send((Block(),)), _rejected(14)),
    Mistake("an absent subscriber", send((Event(name="fate", data={"error": 27}),)), Refused(200, later=27)),
    *(Mistake(f"status {status}", send((Event(name="rejected", data={"status": status}),)),
              Refused(200, {"messages": [{"status": {"id": status}}]})) for status in sorted(REJECTED)),
)  # fmt: skip
_IN_SECONDS = Ask(_SEND, {"messages": [message(options={"validityPeriod": {"timeUnit": "SECONDS"}})]})
BOUNDS = (
    Bound("text", send(), _rejected(25), "messages.0.content.text", "漢"),
    Bound("messageId", send(), _NEW_400, "messages.0.destinations.0.messageId"),
    Bound("bulkId", send(), _NEW_400, "options.schedule.bulkId"),
    Bound("callbackData", send(), _NEW_400, "messages.0.webhooks.callbackData"),
    Bound("platform", send(), _NEW_400, "messages.0.options.platform.entityId"),
    Bound("validityPeriod", _IN_SECONDS, _NEW_400, "messages.0.options.validityPeriod.amount", 1),
    Bound("sender", send(), _rejected(13), "messages.0.sender"),
)
UNTRIED = {
    "to": "a number of that length is none: tests/sms_infobip/test_errors.py",
    "segments": "is met by what a text is made of: tests/sms_infobip/test_sending.py",
    "sendAt": "is a moment and no size: tests/sms_infobip/test_sending.py",
    "flood": "is about many calls: tests/sms_infobip/test_errors.py",
    "requests": "is about many calls: tests/sms_infobip/test_errors.py",
    "reports": "is about webhooks: the law batches_fit",
    "page": "more counts as this: tests/sms_infobip/test_queries.py",
}


SHEET = Sheet(
    headers=(("Authorization", "App {api_key}"),),
    says=send(text="{text}"),
    believes=believes,
    customer=Customer(key="anna", first_name="Anna", last_name="Huber", phone="+41 79 000 00 01", locale="de_CH"),
    golden=GOLDEN,
    drawn=DRAWN,
    examples=EXAMPLES,
    told=(
        Receipt(message_id="{sent}", status="failed", error=27),
        Receipt(message_id="{sent}", status="failed", error=375),
        Receipt(message_id="{sent}", status="failed", error=4101),
    ),
    refused=(
        Ask("/sms/2/binary/advanced", {"messages": []}),
        Ask("/subscriptions/1/subscription/SMS", {"events": ["DELIVERY"]}),
        send(content={"hex": "48"}),
    ),
    errors=ERRORS,
    bounds=BOUNDS,
    untried=UNTRIED,
    silent={"rejected": "the next send meets it", "fate": "the next message meets it"},
    file_key="url",
    file_asks=(Ask("{file}", method="GET"),),
)
