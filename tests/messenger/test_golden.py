"""What is sent has the keys, and under each the type, of the payloads composed by hand from the vendor's reference."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatdrill.model import (
    Button,
    Echo,
    Edit,
    Event,
    Location,
    Media,
    Message,
    Other,
    Press,
    Products,
    React,
    Read,
    Receipt,
    Referral,
    Start,
    Text,
    Write,
)
from chatdrill_fakes.platforms import messenger

GOLDEN = Path(messenger.__file__).parent / "golden"


def golden(name: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))["values"]
    return values


def text(words: str = "hi", **more: Any) -> Write:
    return Write(parts=(Text(text=words),), **more)


def media(kind: Any, **more: Any) -> Callable[[Any, str, str], Any]:
    name = "offer.pdf" if kind == "document" else None
    return lambda page, to, mid: Write(parts=(Media(kind=kind, file=page.file(name=name), **more),))


def other(kind: str, **data: Any) -> Callable[[Any, str, str], Any]:
    return lambda page, to, mid: Write(parts=(Other(kind=kind, data=data),))


def event(name: str, **data: Any) -> Callable[[Any, str, str], Any]:
    return lambda page, to, mid: Event(name=name, data=data)


def echo(page: Any, to: str, message: dict[str, Any], **more: Any) -> Any:
    return Echo(message=page.send(to, message, **more).effect.message)


AD = Referral(ref="A", source="ad", ad_id="1", headline="Sale", url="https://cdn.example/ad.jpg")
CHOICE = {"template_type": "button", "text": "Choose", "buttons": [{"type": "postback", "title": "A", "payload": "A"}]}
PREVIEW = {"text": "https://a.example", "url": "https://l.facebook.com/l.php?u=a", "title": "A"}
EVA = Message(ids=(), author="agent", parts=(Text(text="Hi, Eva here"),), at=0.0)
ACTS: dict[str, Callable[[Any, str, str], Any]] = {
    "text": lambda page, to, mid: text(),
    "text_with_command": lambda page, to, mid: text("/track 77"),
    "text_from_an_ad": lambda page, to, mid: text(referral=AD),
    "text_from_a_product": lambda page, to, mid: text(referral=Referral(source="product", product="5")),
    "reply": lambda page, to, mid: text(reply_to=page.says(to)),
    "quick_reply": lambda page, to, mid: Press(button=Button(title="Yes", kind="reply", payload="YES")),
    "postback": lambda page, to, mid: Press(button=Button(title="Help", kind="postback", payload="HELP")),
    "referral": lambda page, to, mid: Start(payload="flyer"),
    "images": lambda page, to, mid: Write(parts=(page.photo(), page.photo())),
    "audio": media("voice"),
    "video": media("video"),
    "file": media("document"),
    "sticker": media("sticker", emoji="👍"),
    "link_preview": other("fallback", **PREVIEW),
    "unsupported_share": other("fallback"),
    "reel": other("reel"),
    "post": other("post"),
    "product": lambda page, to, mid: Write(parts=(Products(ids=("MUG-01",)),)),
    "appointment": other("appointment_booking"),
    "location": lambda page, to, mid: Write(parts=(Location(latitude=48.2, longitude=16.3),)),
    "reaction": lambda page, to, mid: React(message_id=mid, emoji="❤️"),
    "edit": lambda page, to, mid: Edit(message_id=page.says(to), parts=(Text(text="Linz"),)),
    "delivery": lambda page, to, mid: Receipt(message_id=mid, status="delivered"),
    "read": lambda page, to, mid: Read(message_id=mid),
    "echo": lambda page, to, mid: echo(page, to, {"text": "hi", "metadata": "order-77"}),
    "echo_of_a_person": lambda page, to, mid: Echo(message=EVA),
    "echo_of_a_template": lambda page, to, mid: echo(page, to, {"attachment": {"type": "template", "payload": CHOICE}}),
    "optin": event("optin"),
    "optin_by_checkbox": event("optin", ref="x", user_ref="u"),
    "optout": event("optout"),
    "account_linked": event("account_linking"),
    "account_unlinked": event("account_linking", status="unlinked"),
    "pass_thread_control": event("pass_thread_control"),
    "take_thread_control": event("take_thread_control"),
    "request_thread_control": event("request_thread_control"),
    "app_roles": event("app_roles"),
    "policy_enforcement": event("policy_enforcement"),
    "feedback": event("messaging_feedback"),
    "thumb": event("response_feedback"),
    "order": event("order"),
    "lead": event("form"),
    "game": event("game_play"),
}


def shape(value: Any) -> Any:
    """The keys of a payload and the types under them, in their order."""
    if isinstance(value, dict):
        return [(key, shape(one)) for key, one in value.items()]
    if isinstance(value, list):
        return [shape(one) for one in value]
    return type(value).__name__


@pytest.mark.parametrize("name", ACTS)
def test_what_is_sent_has_the_golden_shape(page: Any, anna: str, name: str) -> None:
    page.subscribe(*page.state.page_fields, "message_echoes")
    commands = [{"locale": "default", "commands": [{"name": "track", "description": "Where"}]}]
    page.call("POST", "/v25.0/me/messenger_profile", {"commands": commands})
    mid = page.send(anna, {"text": "hello"}).json["message_id"]
    assert shape(page.event(anna, ACTS[name](page, anna, mid))) == shape(golden("messaging")[name])


def test_get_started_has_the_golden_shape(page: Any, fresh: str) -> None:
    page.call("POST", "/v25.0/me/messenger_profile", {"get_started": {"payload": "GET_STARTED"}})
    assert shape(page.event(fresh, Start(payload="flyer"))) == shape(golden("messaging")["get_started"])


@pytest.mark.parametrize("name", golden("changes"))
def test_a_change_has_the_golden_shape(page: Any, anna: str, name: str) -> None:
    (entry,) = page.entries(anna, Event(name=name))
    assert shape(entry["changes"]) == shape([{"field": name, "value": golden("changes")[name]}])


def test_every_golden_payload_is_compared() -> None:
    assert golden("messaging").keys() == {*ACTS, "get_started"}
