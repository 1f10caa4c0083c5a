"""What Twilio's reference says, as examples: what the conformance kit holds this fake to."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from chatdrill.model import Block, Customer, Event, Media, Receipt, Start, Text, Write
from chatdrill.model.parts import File, MediaKind
from chatdrill.wire import HttpRequest
from chatdrill.wire.sheets import Ask, Bound, Golden, Happens, Mistake, Refused, Sheet, Step
from chatdrill_fakes.platforms.twilio.errors import REFUSED
from chatdrill_fakes.platforms.twilio.voice import sheet as voice

_ROOT = "/2010-04-01/Accounts/{account_sid}"
_MESSAGES = f"{_ROOT}/Messages.json"
_BY_KEY = (("Authorization", "Basic {api_key}:{api_secret}"), ("Content-Type", "application/x-www-form-urlencoded"))
_PICTURE = "https://a.test/p.png"
_DOCS = "twilio.com/docs, Messaging: webhook request"


def believes(environment: Mapping[str, str], request: HttpRequest, now: float) -> bool:  # noqa: ARG001 (no date is signed)
    """The signature of the address and the form, or of the address with the hash of the JSON in it."""
    given = parse_qs(urlsplit(request.url).query).get("bodySHA256")
    data = request.url
    if given:
        if given[0] != hashlib.sha256(request.body).hexdigest():
            return False
    else:
        pairs = set(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        data += "".join(name + value for name, value in sorted(pairs))
    mac = hmac.new(environment["TWILIO_AUTH_TOKEN"].encode(), data.encode("utf-8", "replace"), hashlib.sha1)
    return hmac.compare_digest((request.header("X-Twilio-Signature") or "").encode(), b64encode(mac.digest()))


def send(after: tuple[Step, ...] = (), shows: str = "", **fields: Any) -> Ask:
    """A message to the customer."""
    return Ask(_MESSAGES, {"To": "{to}", "From": "{phone_number}", **fields}, after=after, shows=shows)


def _refused(code: int) -> Refused:
    return Refused(
        REFUSED[code][0],
        {"code": code, "status": REFUSED[code][0], "more_info": f"https://www.twilio.com/docs/errors/{code}"},
    )


def _file(kind: MediaKind) -> Write:
    return Write(parts=(Media(kind=kind, file=File(name=f"a.{kind}")),))


# ---------------------------------------------------------------------------------------------------------- webhooks

_SMS = {
    "ToCountry": "US", "ToState": "DC", "SmsMessageSid": "<0>", "NumMedia": "0", "ToCity": "WASHINGTON", "FromZip": "20005",
    "SmsSid": "<0>", "FromState": "DC", "SmsStatus": "received", "FromCity": "WASHINGTON", "Body": "Where is my order?",
    "FromCountry": "US", "To": "+12025550199", "ToZip": "20005", "NumSegments": "1", "MessageSid": "<0>",
    "AccountSid": "AC5d0c1e7a94b2483fa6c0d8e1f2b3a475", "From": "+12025550147", "ApiVersion": "2010-04-01",
}  # fmt: skip
_HEAD = {
    name: value
    for name, value in _SMS.items()
    if name not in ("NumSegments", "MessageSid", "AccountSid", "From", "ApiVersion")
}
_TAIL = {name: _SMS[name] for name in ("NumSegments", "MessageSid", "AccountSid", "From", "ApiVersion")}
_MMS = {**_HEAD, "NumMedia": "1", "Body": "", "MediaContentType0": "image/png", "MediaUrl0": "<1>", **_TAIL}
_STATUS = {
    "SmsSid": "<0>", "SmsStatus": "delivered", "MessageStatus": "delivered", "To": "+12025550147", "MessageSid": "<0>",
    "AccountSid": "AC5d0c1e7a94b2483fa6c0d8e1f2b3a475", "From": "+12025550199", "ApiVersion": "2010-04-01", "RawDlrDoneDate": "2611210925",
}  # fmt: skip
_STATUS_HEAD = {name: value for name, value in _STATUS.items() if name != "RawDlrDoneDate"}
_TWO = {**_HEAD, "NumMedia": "2", "Body": "torn", "MediaContentType0": "image/png", "MediaUrl0": "<1>",
        "MediaContentType1": "application/pdf", "MediaUrl1": "<1>", **_TAIL}  # fmt: skip
_SERVED = {**_HEAD, "Body": "Hi", "MessagingServiceSid": "MG8c1f5b2e7d9a4064b3e8f1a2c5d7906e", **_TAIL}
_LEFT = {**_HEAD, "Body": "STOP", "OptOutType": "STOP", **_TAIL}
GOLDEN = (
    Golden("sms", Write(parts=(Text(text="Where is my order?"),)), _SMS, _DOCS, "2026"),
    Golden("mms", _file("photo"), _MMS, _DOCS, "2026"),
    Golden("cyrillic", Write(parts=(Text(text="Где мой заказ? " * 6),)), {**_SMS, "Body": "Где мой заказ? " * 6, "NumSegments": "2"}, _DOCS, "2026"),
    Golden("start", Start(payload="ord_553"), {**_SMS, "Body": "ord_553"}, _DOCS, "2026"),
    Golden("two files", Write(parts=(*_file("photo").parts, *_file("document").parts, Text(text="torn"))), _TWO, _DOCS, "2026"),
    Golden("in a service", Write(parts=(Text(text="Hi"),)), _SERVED, _DOCS, "2026", settings={"in_service": "yes"}),
    Golden("stop", Block(), {**_SMS, "Body": "STOP"}, "twilio.com/docs, Messaging: opt-out keywords", "2026"),
    Golden("stop, advanced", Block(), _LEFT, "twilio.com/docs, Advanced Opt-Out", "2026", settings={"opt_out": "advanced"}),
    Golden("undelivered", Happens(Receipt(message_id="{sent}", status="failed", error=30006), after=(send(Body="Hi", StatusCallback="{webhook}/status"),)),
           {**_STATUS_HEAD, "SmsStatus": "undelivered", "MessageStatus": "undelivered", "ErrorCode": "30006"},
           "twilio.com/docs, Messaging: status callbacks", "2026"),
    Golden("delivered", Happens(Receipt(message_id="{sent}", status="delivered"), after=(send(Body="Hi", StatusCallback="{webhook}/status"),)),
           _STATUS, "twilio.com/docs, Messaging: status callbacks", "2026", shape=True),
)  # fmt: skip
DRAWN = (r"\b(SM|MM|ME)[0-9a-f]{32}$|^<0>$", r"^https?://\S+/Media/\S+$|^<1>$")

# ------------------------------------------------------------------------------------------------------------- calls

_SENT = send(Body="Hello", StatusCallback="{webhook}/status")
_MINE = f"{_ROOT}/Messages/{{sent}}"
_KEPT = Happens(_file("photo"), keeps={"file": "MediaUrl0", "message": "MessageSid"})
_NUMBER = f"{_ROOT}/IncomingPhoneNumbers/{{phone_number_sid}}.json"
_SCHEDULED = {"MessagingServiceSid": "{messaging_service_sid}", "ScheduleType": "fixed", "Body": "Later"}
EXAMPLES = (
    _SENT,
    send(Body="What next?\n1. Status\n2. Return"),
    send(MessagingServiceSid="{messaging_service_sid}", From=None, Body="Hello"),
    send(Body="A shoe", MediaUrl=[_PICTURE, "https://a.test/v.mp4"]),
    *(send(MediaUrl=f"https://a.test/x.{ending}") for ending in ("mp3", "pdf", "gif")),
    Ask(_MESSAGES, {"To": "{to}", **_SCHEDULED, "SendAt": "2026-11-22T10:00:00Z"}, keeps={"due": "sid"}),
    Ask(_MESSAGES, method="GET", after=(_SENT,)),
    Ask(f"{_MINE}.json", method="GET", headers=_BY_KEY, after=(_SENT,)),
    Ask(f"{_MINE}.json", {"Body": ""}, after=(_SENT,)),
    Ask(f"{_MINE}.json", method="DELETE", after=(_SENT, Receipt(message_id="{sent}", status="delivered"))),
    Ask(f"{_MINE}/Feedback.json", {"Outcome": "confirmed"}, after=(_SENT,)),
    Ask(f"{_ROOT}/Messages/{{message}}/Media.json", method="GET", after=(_KEPT,)),
    Ask("{file}", method="GET", after=(_KEPT,)),
    Ask("{file}.json", method="GET", after=(_KEPT,)),
    Ask("{file}.json", method="DELETE", after=(_KEPT,)),
    Ask(f"{_ROOT}/IncomingPhoneNumbers.json", method="GET"),
    Ask(_NUMBER, method="GET"),
    Ask(_NUMBER, {"SmsUrl": "http://127.0.0.1:9090/other", "SmsMethod": "POST"}),
    Ask("", answers="<Response><Message>Hello</Message></Response>", headers=(("Content-Type", "text/xml"),)),
)

_MET = (
    20003,
    20006,
    20429,
    20500,
    20503,
    21211,
    21408,
    21601,
    21611,
    21612,
    21614,
    21619,
    21621,
    21622,
    21654,
    21656,
    21659,
    21660,
)
ERRORS = (
    Mistake("no credentials", Ask(_MESSAGES, {"To": "{to}"}, headers=(("Content-Type", "application/x-www-form-urlencoded"),)),
            Refused(401, {"code": 20003}, {"WWW-Authenticate": 'Basic realm="Twilio API"'})),
    Mistake("another account", Ask("/2010-04-01/Accounts/AC00/Messages.json", {"To": "{to}"}), _refused(20404)),
    Mistake("nobody's message", Ask(f"{_ROOT}/Messages/SM{'0' * 32}.json", method="GET"), _refused(20404)),
    Mistake("an unknown method", Ask(_MESSAGES, {}, method="PUT"), _refused(20004)),
    Mistake("no number", send(To=None, Body="x"), _refused(21604)),
    Mistake("no sender", send(From=None, Body="x"), _refused(21603)),
    Mistake("nothing to say", send(), _refused(21602)),
    Mistake("no phone number", send(To="+1202", Body="x"), _refused(21211)),
    Mistake("a short code", send(To="55555", Body="x"), _refused(21265)),
    Mistake("to itself", send(To="{phone_number}", Body="x"), _refused(21266)),
    Mistake("somebody else's number", send(From="+12025550111", Body="x"), _refused(21606)),
    Mistake("an odd sender", send(From="!!!", Body="x"), _refused(21212)),
    Mistake("an odd callback", send(Body="x", StatusCallback="/status"), _refused(21609)),
    Mistake("an odd file", send(Body="x", MediaUrl="ftp://x/y"), _refused(21620)),
    Mistake("an unknown service", send(From=None, MessagingServiceSid=f"MG{'0' * 32}", Body="x"), _refused(21703)),
    Mistake("who said STOP", send((Write(parts=(Text(text=" stop "),)),), Body="x"), _refused(21610)),
    Mistake("a trial account", send(To="+12025550188", Body="x"), _refused(21608), settings={"verified_only": "+12025550147"}),
    Mistake("a region that is off", send(To="+447946000001", Body="x"), _refused(21408), settings={"blocked_regions": "+44"}),
    Mistake("no MMS on this number", send(MediaUrl=_PICTURE), _refused(21621), settings={"mms": "no"}),
    Mistake("a landline", send((Event(name="fate", data={"code": 30006}),), Body="x"), Refused(201, later=30006)),
    *(Mistake(f"code {code}", send((Event(name="api_error", data={"code": code}),), Body="x"), _refused(code)) for code in _MET),
    *(Mistake(f"to {to}", send(To=to, Body="x"), _refused(code))
      for to, code in {"+15005550001": 21211, "+15005550002": 21612, "+15005550003": 21408, "+15005550004": 21610, "+15005550009": 21614}.items()),
    *(Mistake(f"from {sender}", send(From=sender, Body="x"), _refused(code))
      for sender, code in {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}.items()),
)  # fmt: skip
BOUNDS = (
    Bound("body", send(), _refused(21617), "Body", "ї"),
    Bound("media", send(Body="x"), _refused(21623), "MediaUrl", "https://a.test/{i}.png"),
    Bound("validity", send(Body="x"), _refused(20001), "ValidityPeriod", 1),
    Bound("sender.name", send(Body="x"), _refused(21212), "From"),
)
_TWIML = "stands in the answer to a webhook: tests/sms_twilio/test_twiml.py"
UNTRIED = {
    "media.total": "is about the files behind the addresses: tests/sms_twilio/test_sending.py",
    "schedule.least": "is a moment and no size: tests/sms_twilio/test_sending.py",
    "schedule.most": "is a moment and no size: tests/sms_twilio/test_sending.py",
    "queue": "is about many calls: tests/sms_twilio/test_sending.py",
    "page_size": "more counts as this: tests/sms_twilio/test_messages.py",
    "twiml": _TWIML,
    "twiml.messages": _TWIML,
    "twiml.redirects": _TWIML,
    "loop": _TWIML,
    "retries": "is about an address: tests/sms_twilio/test_webhooks.py",
}

SHEET = Sheet(
    headers=(
        ("Authorization", "Basic {account_sid}:{auth_token}"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ),
    says=send(Body="{text}", StatusCallback="{webhook}/status"),
    believes=believes,
    customer=Customer(key="anna", first_name="Anna", last_name="Smith", phone="+1 202 555 0147", locale="en_US"),
    golden=(*GOLDEN, *voice.GOLDEN),
    drawn=(f"{DRAWN[0]}|{voice.DRAWN[0]}", DRAWN[1]),
    examples=(*EXAMPLES, *voice.EXAMPLES),
    told=(
        Receipt(message_id="{sent}", status="sent"),
        Receipt(message_id="{sent}", status="failed", error=30003),
        Receipt(message_id="{sent}", status="failed", error=30001),
        *voice.TOLD,
    ),
    refused=(
        send(ContentSid=f"HX{'0' * 32}"),
        send(To="whatsapp:{to}", From="whatsapp:{phone_number}", Body="x"),
        *voice.REFUSED,
    ),
    errors=(*ERRORS, *voice.ERRORS),
    bounds=(*BOUNDS, *voice.BOUNDS),
    untried={**UNTRIED, **voice.UNTRIED},
    silent={"api_error": "the next send meets it", "fate": "the next message meets it", **voice.SILENT},
    file_key="MediaUrl0",
    file_asks=(Ask("{file}", method="GET"),),
)
