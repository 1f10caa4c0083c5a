"""What Viber's reference says, as examples: what the conformance kit holds this fake to."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from chatdrill.model import (
    Block,
    Contact,
    Customer,
    Event,
    Location,
    Media,
    Other,
    Read,
    Receipt,
    Start,
    Text,
    Unblock,
    Write,
)
from chatdrill.model.parts import File, MediaKind
from chatdrill.wire import HttpRequest
from chatdrill.wire.sheets import Ask, Bound, Golden, Happens, Mistake, Refused, Sheet, Step
from chatdrill_fakes.platforms.viber.errors import NAMES
from chatdrill_fakes.platforms.viber.webhooks import SIGNATURE, signature

_SEND = "/pa/send_message"
_PICTURE, _VIDEO, _PDF = "https://a.test/p.png", "https://a.test/v.mp4", "https://a.test/f.pdf"
_KEYS = {"Type": "keyboard", "Buttons": [{"ActionBody": "menu", "Text": "Menu"}]}
_CARDS = {"Type": "rich_media", "Buttons": [{"ActionBody": "buy", "Text": "Buy", "Columns": 6, "Rows": 7}]}
_SENT_ALL = "developers.viber.com, REST API: callbacks"


def believes(environment: Mapping[str, str], request: HttpRequest, now: float) -> bool:  # noqa: ARG001 (no date is signed)
    """The signature of the raw body under the bot's token."""
    expected = signature(environment["VIBER_TOKEN"], request.body)
    return hmac.compare_digest((request.header(SIGNATURE) or "").encode(), expected.encode())


def send(after: tuple[Step, ...] = (), **message: Any) -> Ask:
    """A message to the customer."""
    return Ask(_SEND, {"receiver": "{to}", "sender": {"name": "Acme"}, **message}, after=after)


def _refused(status: int) -> Refused:
    return Refused(200, {"status": status})


def _files(*kinds: MediaKind) -> tuple[Write, ...]:
    return tuple(Write(parts=(Media(kind=kind, file=File(name=f"a.{kind}")),)) for kind in kinds)


# --------------------------------------------------------------------------------------------------------- callbacks

_ASKED = send(type="text", text="?", tracking_data="step=2")
_MESSAGES: dict[str, Write] = {
    "text": Write(parts=(Text(text="Where is order 553?"),)),
    "contact": Write(parts=(Contact(name="Petro", phone="+380502223344"),)),
    "url": Write(parts=(Other(kind="url"),)),
    "location": Write(parts=(Location(latitude=50.45, longitude=30.5233, address="Khreshchatyk St"),)),
    "picture": Write(parts=(Media(kind="photo", file=File(name="photo.png"), caption=Text(text="broken lid")),)),
    "video": _files("video")[0],
    "file": _files("document")[0],
    "sticker": _files("sticker")[0],
}
_SHAPES = ("picture", "video", "file", "sticker")  # whose sizes are those of the sample
_KNOWN = {"send_name": "yes", "send_photo": "yes"}


def _golden() -> tuple[Golden, ...]:
    text = (resources.files("chatdrill_fakes.platforms.viber") / "golden" / "callbacks.json").read_text("utf-8")
    whole = json.loads(text)
    messages = tuple(
        Golden(
            name, Happens(act, after=(_ASKED,)), whole[name]["message"], _SENT_ALL, "2026", "message", name in _SHAPES
        )
        for name, act in _MESSAGES.items()
    )
    opened = Golden("conversation_started", Start(payload="order_553"), whole["conversation_started"]["user"],
                    _SENT_ALL, "2026", "user", settings=_KNOWN)  # fmt: skip
    back = Golden("subscribed", Happens(Unblock(), after=(Block(),)), whole["subscribed"]["user"],
                  _SENT_ALL, "2026", "user", settings=_KNOWN)  # fmt: skip
    return (*messages, opened, back)


DRAWN = (
    r"https?://\S+/vibes/\S+|^media-url$",
    r"https?://\S+/download_photo\S+|^photo-url$",
    r"[A-Za-z0-9+/]{22}==|^user-id$",
)

# ------------------------------------------------------------------------------------------------------------- calls

EXAMPLES = (
    send(type="text", text="Hello", keyboard=_KEYS),
    send(type="picture", media=_PICTURE, text="A shoe"),
    send(type="video", media=_VIDEO, size=1),
    send(type="file", media=_PDF, size=1, file_name="f.pdf"),
    send(type="contact", contact={"name": "Shop", "phone_number": "+380441112233"}),
    send(type="location", location={"lat": 50.45, "lon": 30.52}),
    send(type="url", media="https://a.test/x"),
    send(type="url", media="https://a.test/x.gif"),
    send(type="sticker", sticker_id=46105),
    send(type="rich_media", rich_media=_CARDS, min_api_version=7),
    send(keyboard=_KEYS),
    Ask("/pa/set_webhook", {"url": "https://bot.example/viber", "event_types": ["seen"]}),
    Ask("/pa/broadcast_message", {"broadcast_list": ["{to}"], "type": "text", "text": "Hello"}),
    Ask("/pa/get_account_info", {}),
    Ask("/pa/get_user_details", {"id": "{to}"}),
    Ask("/pa/get_online", {"ids": ["{to}"]}),
    Ask("{file}", method="GET", after=(Happens(_files("photo")[0], keeps={"file": "message.media"}),)),
)
_MET = (7, 8, 9, 10, 11, 12, 15, 16, 18, 19, 20, 21, 22, 23, 24)  # that no call brings about by itself
ERRORS = (
    Mistake("no token", Ask("/pa/get_account_info", {}, headers=()), Refused(200, {"status": 2, "status_message": "missing_auth_token"})),
    Mistake("unknown type", send(type="dance"), _refused(3)),
    Mistake("nothing to say", send(type="text"), _refused(4)),
    Mistake("stranger", Ask(_SEND, {"receiver": "AAAAAAAAAAAAAAAAAAAAAA==", "type": "text", "text": "x"}), _refused(5)),
    Mistake("who has gone", send((Block(),), type="text", text="x"), _refused(6)),
    Mistake("too new", send(type="text", text="x", min_api_version=11), _refused(13)),
    Mistake("too old", send(type="rich_media", rich_media=_CARDS), _refused(14)),
    Mistake("inline", send(type="text", text="x", chat_id="a"), _refused(17)),
    Mistake("no keys", send(keyboard={"Type": "keyboard", "Buttons": []}),
            Refused(200, {"status": 3, "status_message": "keyboard is not valid. [array is too short..."})),
    *(
        Mistake(NAMES[status], send((Event(name="api_error", data={"status": status}),), type="text", text="x"), _refused(status))
        for status in _MET
    ),
)  # fmt: skip


def _button(**fields: Any) -> Ask:
    keyboard = {"Type": "keyboard", "Buttons": [{"ActionBody": "menu", "Text": "Menu", **fields}]}
    return send(type="text", text="?", min_api_version=3, keyboard=keyboard)


_KEY = "keyboard.Buttons.0"
_BROADCAST = Ask("/pa/broadcast_message", {"type": "text", "text": "x"})
BOUNDS = (
    Bound("text", send(type="text"), _refused(3), "text", "ї"),
    Bound("caption", send(type="picture", media=_PICTURE), _refused(3), "text", "ї"),
    Bound("tracking_data", send(type="text", text="x"), _refused(3), "tracking_data"),
    Bound("sender.name", send(type="text", text="x"), _refused(3), "sender.name"),
    Bound("contact.name", send(type="contact", contact={"phone_number": "1"}), _refused(3), "contact.name"),
    Bound("contact.phone_number", send(type="contact", contact={"name": "x"}), _refused(3), "contact.phone_number", "1"),
    Bound("file_name", send(type="file", media=_PDF, size=1), _refused(3), "file_name"),
    Bound("get_online", Ask("/pa/get_online", {"ids": []}), _refused(3), "ids", "x{i}"),
    Bound("broadcast_list", _BROADCAST, _refused(3), "broadcast_list", "x{i}"),
    Bound("keyboard.columns", _button(), _refused(3), f"{_KEY}.Columns", 1),
    Bound("button.rows", _button(), _refused(3), f"{_KEY}.Rows", 1),
    Bound("browser.title", _button(InternalBrowser={}), _refused(3), f"{_KEY}.InternalBrowser.CustomTitle"),
    Bound("media.link", Ask("{file}", method="GET", after=(Happens(_files("photo")[0], keeps={"file": "message.media"}),)),
          Refused(403)),
    Bound("min_api_version", send(type="text", text="x"), _refused(13), "min_api_version", 1),
)  # fmt: skip
_LATER = "is told later, as failed: tests/viber/test_media.py"
_RATES = "is about many calls: tests/viber/test_limits.py"
UNTRIED = {
    "body": "is about the whole body: tests/viber/test_limits.py",
    "url": "is an address, not any text: tests/viber/test_limits.py",
    "broadcasts": _RATES,
    "unanswered": _RATES,
    "get_user_details": _RATES,
    "picture.size.android": _LATER,
    "picture.size.ios": _LATER,
    "thumbnail.size": _LATER,
    "video.size": _LATER,
    "video.duration": _LATER,
    "file.size": _LATER,
    "undelivered": "customers of a drill are always reached",
}

SHEET = Sheet(
    headers=(("X-Viber-Auth-Token", "{token}"),),
    says=send(type="text", text="{text}"),
    believes=believes,
    customer=Customer(key="olena", first_name="Olena", last_name="K.", phone="+380501112233", locale="uk_UA"),
    opening=(Write(parts=(Text(text="Hi"),)),),
    golden=_golden(),
    drawn=DRAWN,
    examples=EXAMPLES,
    told=(Read(message_id="{sent}"), Receipt(message_id="{sent}", status="failed"), Block(), Start()),
    refused=(Ask("/pa/post", {"from": "{to}", "type": "text", "text": "x"}),),
    errors=ERRORS,
    bounds=BOUNDS,
    untried=UNTRIED,
    parts={"other": Other(kind="url")},
    silent={"api_error": "the next send meets it", "account_status": "every send meets it"},
    file_key="media",
    file_asks=(Ask("{file}", method="GET"),),
)
