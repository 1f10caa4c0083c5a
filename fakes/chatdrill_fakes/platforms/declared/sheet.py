"""The shipped company's chat as examples: what the conformance kit holds a declared messenger to."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from chatdrill.model import (
    Block,
    Contact,
    Customer,
    Delete,
    Edit,
    Event,
    Location,
    Media,
    Press,
    Read,
    Receipt,
    Start,
    Text,
    Typing,
    Write,
)
from chatdrill.model.parts import Button, File
from chatdrill.wire import HttpRequest
from chatdrill.wire.sheets import Ask, Bound, Golden, Happens, Mistake, Refused, Sheet, Step

_SEND, _CHAT = "/v1/messages", "/v1/chats/{to}"
_PICTURE, _PDF = "https://a.test/p.png", "https://a.test/f.pdf"
_SOURCE, _DATE = "platforms/declared/examples/company.yaml", "2026-11"
_STALE_S = 300.0
_HELLO = Write(parts=(Text(text="Where is order 553?"),))


def believes(environment: Mapping[str, str], request: HttpRequest, now: float) -> bool:
    """The signature of time and raw body under the secret, and a time that is not long ago."""
    stamp, given = request.header("X-Acme-Timestamp") or "", request.header("X-Acme-Signature") or ""
    if not stamp.isascii() or not stamp.isdigit() or abs(now - int(stamp)) > _STALE_S:
        return False
    mac = hmac.new(environment["DECLARED_SECRET"].encode(), f"{stamp}.".encode() + request.body, hashlib.sha256)
    return hmac.compare_digest(given.encode(), f"sha256={mac.hexdigest()}".encode())


def send(after: tuple[Step, ...] = (), **message: Any) -> Ask:
    """A message to the customer."""
    return Ask(_SEND, {"chat": "{to}", **message}, after=after)


def _refused(status: int, code: str) -> Refused:
    return Refused(status, {"error": {"code": code}})


# --------------------------------------------------------------------------------------------------------- webhooks

_ASKED = send(text="Which size?", buttons=[{"title": "42", "payload": "size:42"}])
_HEAD = {"id": "00000000-0000-4000-8000-000000000000", "at": 1795212345000}
_WHO = {"id": "c-00000000", "name": "Anna Nowak", "language": "de"}
_PLACE = Location(latitude=48.2, longitude=16.37, name="Shop", address="Ring 1")


def _golden(name: str, act: Any, shape: bool = False, **fields: Any) -> Golden:
    whole = fields.pop("whole", True)
    head = {"event": name.partition(".")[0], **_HEAD, "chat": _WHO if whole else {"id": _WHO["id"]}}
    return Golden(name, act, {**head, **fields}, _SOURCE, _DATE, shape=shape)


_FILE = {"url": "http://127.0.0.1/_files/x", "name": "bill.pdf", "type": "application/pdf", "size": 10}
GOLDEN = (
    _golden("message", _HELLO, message={"id": "m-00000000", "text": "Where is order 553?", "files": []}),
    _golden(
        "message.file",
        Write(parts=(Media(kind="document", file=File(name="bill.pdf"), caption=Text(text="here")),)),
        message={"id": "m-00000000", "text": "here", "files": [_FILE]},
    ),
    _golden(
        "message.place",
        Write(parts=(_PLACE,)),
        message={
            "id": "m-00000000",
            "files": [],
            "location": {"latitude": 48.2, "longitude": 16.37, "name": "Shop", "address": "Ring 1"},
        },
    ),
    _golden(
        "message.contact",
        Write(parts=(Contact(name="Eva", phone="+436601234567"),)),
        message={"id": "m-00000000", "files": [], "contact": {"name": "Eva", "phone": "+436601234567"}},
    ),
    _golden(
        "press",
        Happens(Press(button=Button(title="42", kind="postback", payload="size:42"), message_id="{sent}"), (_ASKED,)),
        press={"message": "m-00000000", "payload": "size:42", "title": "42"},
    ),
    _golden("start", Start(payload="order_553"), link="order_553"),
    _golden("typing", Typing(), whole=False),
    _golden(
        "edit",
        Happens(Edit(message_id="{mine}", parts=(Text(text="no, 554"),)), (_HELLO,)),
        whole=False,
        message={"id": "m-00000000", "text": "no, 554"},
    ),
    _golden("delete", Happens(Delete(message_id="{mine}"), (_HELLO,)), whole=False, message={"id": "m-00000000"}),
    _golden("read", Happens(Read(message_id="{sent}"), (_ASKED,)), whole=False, message={"id": "m-00000000"}),
)
DRAWN = (
    r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
    r"^c-\d+$",
    r"^m-\d+$",
    r"^http://\S+/_files/\S+$",
)

# ------------------------------------------------------------------------------------------------------------- calls

_SENT = send(text="Hello")
_PHOTO = Happens(Write(parts=(Media(kind="photo", file=File(name="a.png")),)), keeps={"file": "message.files.0.url"})
EXAMPLES = (
    send(text="Hello", buttons=[{"title": "Yes", "payload": "yes"}, {"title": "Shop", "url": "https://a.test/"}]),
    send(text="A shoe", files=[{"url": _PICTURE}]),
    send(files=[{"url": _PDF}, {"url": "https://a.test/v.mp4"}, {"url": "https://a.test/s.mp3"}]),
    send(location={"latitude": 48.2, "longitude": 16.37}),
    Ask(_SEND, {"chat": "{to}", "text": "upload"}, files={"file": ("f.pdf", "document")}),
    Ask(f"{_CHAT}/messages/{{sent}}", {"text": "Hello again"}, "PATCH", after=(_SENT,)),
    Ask(f"{_CHAT}/messages/{{sent}}", None, "DELETE", after=(_SENT,)),
    Ask(f"{_CHAT}/typing", {}),
    Ask(f"{_CHAT}/messages/{{mine}}/read", {}),
    Ask("{file}", method="GET", after=(_PHOTO,)),
    Ask(
        "",
        answers='{"messages": [{"text": "Hello"}, {"text": "?", "buttons": [{"title": "Yes", "payload": "yes"}]}]}',
        after=(_HELLO,),
    ),
)
_STRANGER, _GONE = "c-99999999", "m-99999999"
_EDIT = {"text": "x"}
_MISSING = _refused(404, "message_not_found")
_UNKNOWN = _refused(404, "chat_not_found")
_BAD = _refused(400, "bad_request")
_EMPTY = _refused(422, "empty_message")
ERRORS = (
    Mistake("no token", Ask(_SEND, {"chat": "{to}", "text": "x"}, headers=()), _refused(401, "unauthorized")),
    Mistake(
        "bare token",
        Ask(_SEND, {"chat": "{to}", "text": "x"}, headers=(("Authorization", "{token}"),)),
        _refused(401, "unauthorized"),
    ),
    Mistake("no such path", Ask("/v1/message", {"chat": "{to}", "text": "x"}), _refused(404, "not_found")),
    Mistake("no such method", Ask(_SEND, {"chat": "{to}", "text": "x"}, "PUT"), _refused(404, "not_found")),
    Mistake("no such file", Ask("/_files/x", method="GET"), _refused(404, "not_found")),
    Mistake("a list", Ask(_SEND, ["x"]), _BAD),
    Mistake("nobody", Ask(_SEND, {"text": "x"}), _BAD),
    Mistake("stranger", Ask(_SEND, {"chat": _STRANGER, "text": "x"}), _UNKNOWN),
    Mistake("typing to a stranger", Ask(f"/v1/chats/{_STRANGER}/typing", {}), _UNKNOWN),
    Mistake("nothing to say", send(), _EMPTY),
    Mistake("buttons alone", send(buttons=[{"title": "x"}]), _EMPTY),
    Mistake("text of a wrong type", send(text=["x"]), _BAD),
    Mistake("buttons of a wrong type", send(text="x", buttons={"title": "x"}), _BAD),
    Mistake("button without a title", send(text="x", buttons=[{"payload": "x"}]), _BAD),
    Mistake("half a place", send(location={"latitude": 1}), _BAD),
    Mistake("place beyond the pole", send(location={"latitude": 91, "longitude": 1}), _BAD),
    Mistake("edit of nothing", Ask(f"{_CHAT}/messages/{_GONE}", _EDIT, "PATCH"), _MISSING),
    Mistake("edit of the customer's", Ask(f"{_CHAT}/messages/{{mine}}", _EDIT, "PATCH"), _MISSING),
    Mistake("edit to nothing", Ask(f"{_CHAT}/messages/{{sent}}", {}, "PATCH", after=(_SENT,)), _EMPTY),
    Mistake("delete of nothing", Ask(f"{_CHAT}/messages/{_GONE}", None, "DELETE"), _MISSING),
    Mistake("read of nothing", Ask(f"{_CHAT}/messages/{_GONE}/read", {}), _MISSING),
    Mistake("who has gone", send((Block(),), text="x"), _refused(403, "blocked")),
    Mistake(
        "as the scenario wants",
        send((Event(name="api_error", data={"error": "too_fast"}),), text="x"),
        Refused(429, {"error": {"code": "too_many_requests"}}, {"Retry-After": "1"}),
    ),
)
BOUNDS = (
    Bound("text_max", send(), _refused(422, "text_too_long"), "text", "ї"),
    Bound("files_max", send(), _refused(422, "too_many_files"), "files", {"url": "https://a.test/{i}.png"}),
    Bound("buttons_max", send(text="?"), _refused(422, "too_many_buttons"), "buttons", {"title": "{i}"}),
)

SHEET = Sheet(
    headers=(("Authorization", "Bearer {token}"),),
    says=send(text="{text}"),
    believes=believes,
    customer=Customer(key="anna", first_name="Anna", last_name="Nowak", phone="+4915155501234", locale="de_DE"),
    golden=GOLDEN,
    drawn=DRAWN,
    examples=EXAMPLES,
    told=(Receipt(message_id="{sent}", status="delivered"), Read(message_id="{sent}")),
    errors=ERRORS,
    bounds=BOUNDS,
    untried={"requests_per_minute": "is about many calls: tests/declared/test_company.py"},
    silent={"api_error": "the next message meets it"},
    file_key="url",
    file_asks=(Ask("{file}", method="GET"),),
    stale_after_s=_STALE_S,
)
