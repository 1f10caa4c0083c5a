"""What Rasa's documentation says, as examples: what the conformance kit holds this fake to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill.model import Button, Customer, Press, Start, Text, Write
from chatdrill.wire import HttpRequest
from chatdrill.wire.sheets import Ask, Bound, Golden, Happens, Mistake, Refused, Sheet, Step

_CALLBACK = "/callback/{callback_token}"
_JSON = (("Content-Type", "application/json"),)
_LINES = (("Content-Type", "text/event-stream"),)
_WROTE = Write(parts=(Text(text="Where is my order?"),))
_FOR = {"recipient_id": "{to}"}


def believes(environment: Mapping[str, str], request: HttpRequest, now: float) -> bool:  # noqa: ARG001
    """Rasa's channels look at nothing; the proxy before them knows a word."""
    return request.header("Authorization") == f"Bearer {environment['RASA_PROXY_TOKEN']}"


def _answers(*messages: Any, after: tuple[Step, ...] = (Happens(_WROTE),), **more: Any) -> Ask:
    """Messages in the answer to what the visitor wrote."""
    return Ask("", answers=msgspec.json.encode(list(messages)).decode(), headers=_JSON, after=after, **more)


def _says(text: str, headers: Any = _JSON) -> Ask:
    """An answer as it stands."""
    return Ask("", answers=text, headers=headers, after=(Happens(_WROTE),))


def _calls_back(**message: Any) -> Ask:
    return Ask(_CALLBACK, {**_FOR, **message})


# ---------------------------------------------------------------------------------------------------------- messages

_DOCS, _SOURCE = "rasa.com/docs, Your own website: REST channel", "rasa/core/channels/rest.py"
_PAGE = {"page": "/shoes", "name": "Anna Nowak", "language": "de"}


def _told(text: str, **page: str) -> dict[str, Any]:
    return {"sender": "<0>", "message": text, "metadata": {**_PAGE, **page, "message_id": "<1>"}}


_OFFERED = _calls_back(text="Agreed?", buttons=[{"title": "Yes", "payload": '/affirm{"sure": true}'}])
_PRESSED = Press(button=Button(title="Yes", kind="postback", payload='/affirm{"sure": true}'), message_id="{sent}")


def _golden(name: str, text: str, told: str | None = None, **page: str) -> Golden:
    return Golden(name, Write(parts=(Text(text=text),)), _told(told or text, **page), _DOCS, "2025")


GOLDEN = (
    _golden("message", "Where is my order?"),
    _golden("cyrillic", "Где мой заказ?"),
    _golden("lines", "one\ntwo"),
    _golden("an intent that is typed", '/order{"id": 77}'),
    _golden("signs", 'a "quote" \\ and </script>'),
    _golden("emoji", "👍"),
    Golden("two parts", Write(parts=(Text(text="Hello"), Text(text="there"))), _told("Hello\nthere"), _DOCS, "2025"),
    Golden("press", Happens(_PRESSED, after=(_OFFERED,)), _told('/affirm{"sure": true}'), "rasa.com/docs, Responses: buttons", "2025"),
    Golden("start", Start(), _told("/session_start"), _SOURCE, "2025"),
    Golden("start by a link", Start(payload="ord_553"), _told("/session_start", ref="ord_553"), _SOURCE, "2025"),
    Golden("another start", Start(), _told("/greet"), _SOURCE, "2025", settings={"start": "/greet"}),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------------------- calls

EXAMPLES = (
    _answers({**_FOR, "text": "Let me look"}, {**_FOR, "text": "Which one?", "buttons": [{"title": "77", "payload": '/order{"id":77}'}]}),
    *(_answers({**_FOR, "image": f"https://a.test/x.{ending}"}) for ending in ("png", "gif")),
    *(_answers({**_FOR, "attachment": f"https://a.test/x.{ending}"}) for ending in ("mp4", "mp3", "pdf")),
    _answers({**_FOR, "attachment": {"type": "image", "payload": {"src": "https://a.test/x.png"}}}),
    _answers({**_FOR, "custom": {"widget": "map"}}),
    _answers({**_FOR, "text": "See", "elements": [{"title": "Runner", "subtitle": "42", "image_url": "https://a.test/x.png",
                                                   "buttons": [{"title": "See", "url": "https://a.test/"}]}]}),
    _answers({**_FOR, "text": "Soon?", "quick_replies": [{"title": "Yes", "payload": "/affirm", "content_type": "text"}]}),
    _answers(),
    _says('{"recipient_id":"{to}","text":"one"}\n{"recipient_id":"{to}","text":"two"}\n', _LINES),
    _OFFERED,
    _calls_back(image="https://a.test/x.png"),
)  # fmt: skip


def _wrong(name: str, *messages: Any) -> Mistake:
    return Mistake(name, _answers(*messages), _BAD)


_BAD = Refused(400, {"status": "failure"})
_HI = {**_FOR, "text": "Hi"}
ERRORS = (
    _wrong("not an object", "Hi"),
    _wrong("for nobody", {"text": "Hi"}),
    _wrong("for another one", {"recipient_id": "default", "text": "Hi"}),
    _wrong("a second one for another one", _HI, {"recipient_id": "default", "text": "Hi"}),
    _wrong("a recipient that is a number", {"recipient_id": 5, "text": "Hi"}),
    _wrong("nothing in it", _FOR),
    _wrong("an empty text", {**_FOR, "text": ""}),
    _wrong("a text that is none", {**_FOR, "text": ["Hi"]}),
    _wrong("buttons that are none", {**_FOR, "text": "Hi", "buttons": {"title": "x"}}),
    _wrong("a button that is none", {**_FOR, "text": "Hi", "buttons": ["x"]}),
    _wrong("a button without a title", {**_FOR, "text": "Hi", "buttons": [{"payload": "/x"}]}),
    _wrong("a button without a payload", {**_FOR, "text": "Hi", "buttons": [{"title": "x"}]}),
    _wrong("an element without a title", {**_FOR, "elements": [{"subtitle": "x"}]}),
    _wrong("an image that is none", {**_FOR, "image": 5}),
    _wrong("an image at a path", {**_FOR, "image": "/static/x.png"}),
    _wrong("an attachment at a path", {**_FOR, "attachment": "x.pdf"}),
    _wrong("custom that is none", {**_FOR, "custom": 5}),
    Mistake("one message and no list", _says('{"recipient_id":"{to}","text":"Hi"}'), _BAD),
    Mistake("a word", _says("ok"), _BAD),
    Mistake("a page", _says("<html></html>", (("Content-Type", "text/html"),)), _BAD),
    Mistake("lines that are events", _says('data: {"recipient_id":"{to}"}', _LINES), _BAD),
    Mistake("a callback with a list", Ask(_CALLBACK, b'[{"recipient_id":"x","text":"Hi"}]'), _BAD),
    Mistake("a callback for a stranger", Ask(_CALLBACK, {"recipient_id": "default", "text": "Hi"}), _BAD),
    Mistake("a callback that is no JSON", Ask(_CALLBACK, b"Hi"), _BAD),
    Mistake("a callback by GET", Ask(_CALLBACK, method="GET"), Refused(405, {"status": "failure"})),
    Mistake("another callback", Ask("/callback/x", _HI), Refused(403, {"status": "failure"})),
    Mistake("elsewhere", Ask("/webhooks/rest/webhook", _HI), Refused(404, {"status": "failure"})),
)
_AROUND = len(msgspec.json.encode({"recipient_id": "web-0123456789ab", "text": ""}))
BOUNDS = (Bound("answer", _calls_back(), _BAD, "text", "x", fixed=_AROUND),)

SHEET = Sheet(
    says=_calls_back(text="{text}"),
    believes=believes,
    customer=Customer(key="anna", first_name="Anna", last_name="Nowak", locale="de_DE"),
    golden=GOLDEN,
    drawn=(r"^web-[0-9a-f]{12}$|^<0>$", r"^[0-9a-f]{16}$|^<1>$"),
    examples=EXAMPLES,
    refused=(
        Ask("/socket.io/?EIO=4&transport=polling", method="GET"),
        Ask("/conversations/{to}/tracker/events", {"event": "pause"}),
    ),
    errors=ERRORS,
    bounds=BOUNDS,
)
