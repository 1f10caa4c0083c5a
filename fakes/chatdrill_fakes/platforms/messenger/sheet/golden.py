"""Golden payloads: their keys and the types under them, for they were composed by hand from the reference."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from chatdrill.model import (
    Act,
    Button,
    Echo,
    Edit,
    Event,
    File,
    Location,
    Media,
    Message,
    Other,
    Part,
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
from chatdrill.wire.sheets import Golden, Happens, Step
from chatdrill_fakes.families.graph_sheets import POSTBACK, post, send, template

from .calls import GET_STARTED


def _text(words: str = "hi", **more: Any) -> Act:
    return Write(parts=(Text(text=words),), **more)


def _media(kind: Any, name: str | None = None, **more: Any) -> Act:
    return Write(parts=(Media(kind=kind, file=File(name=name), **more),))


def _part(part: Part) -> Act:
    return Write(parts=(part,))


def _other(kind: str, **data: Any) -> Act:
    return _part(Other(kind=kind, data=data))


def _event(name: str, **data: Any) -> Act:
    return Event(name=name, data=data)


def _echo(author: Any = "bot", words: str = "hi") -> Act:
    return Echo(message=Message(ids=("{sent}",), author=author, parts=(Text(text=words),), at=0.0))


_AD = Referral(ref="A", source="ad", ad_id="1", headline="Sale", url="https://cdn.example/ad.jpg")
_PREVIEW = {"text": "https://a.example", "url": "https://l.facebook.com/l.php?u=a", "title": "A"}
_PHOTO = Media(kind="photo", file=File())

ACTS: dict[str, Act | Happens] = {
    "text": _text(),
    "text_with_command": _text("/track 77"),
    "text_from_an_ad": _text(referral=_AD),
    "text_from_a_product": _text(referral=Referral(source="product", product="5")),
    "reply": _text(reply_to="{mine}"),
    "quick_reply": Press(button=Button(title="Yes", kind="reply", payload="YES")),
    "postback": Press(button=Button(title="Help", kind="postback", payload="HELP")),
    "referral": Start(payload="flyer"),
    "images": Write(parts=(_PHOTO, _PHOTO)),
    "audio": _media("voice"),
    "video": _media("video"),
    "file": _media("document", "offer.pdf"),
    "sticker": _media("sticker", emoji="👍"),
    "link_preview": _other("fallback", **_PREVIEW),
    "unsupported_share": _other("fallback"),
    "reel": _other("reel"),
    "post": _other("post"),
    "product": _part(Products(ids=("MUG-01",))),
    "appointment": _other("appointment_booking"),
    "location": _part(Location(latitude=48.2, longitude=16.3)),
    "reaction": React(message_id="{sent}", emoji="❤️"),
    "edit": Edit(message_id="{mine}", parts=(Text(text="Linz"),)),
    "delivery": Receipt(message_id="{sent}", status="delivered"),
    "read": Read(message_id="{sent}"),
    "echo": Happens(_echo(), after=(send({"text": "hi", "metadata": "order-77"}),)),
    "echo_of_a_person": Echo(message=Message(ids=(), author="agent", parts=(Text(text="Hi, Eva here"),), at=0.0)),
    "echo_of_a_template": Happens(
        _echo(), after=(template("button", text="Choose", buttons=[{**POSTBACK, "title": "A", "payload": "A"}]),)
    ),
    "optin": _event("optin"),
    "optin_by_checkbox": _event("optin", ref="x", user_ref="u"),
    "optout": _event("optout"),
    "account_linked": _event("account_linking"),
    "account_unlinked": _event("account_linking", status="unlinked"),
    "pass_thread_control": _event("pass_thread_control"),
    "take_thread_control": _event("take_thread_control"),
    "request_thread_control": _event("request_thread_control"),
    "app_roles": _event("app_roles"),
    "policy_enforcement": _event("policy_enforcement"),
    "feedback": _event("messaging_feedback"),
    "thumb": _event("response_feedback"),
    "order": _event("order"),
    "lead": _event("form"),
    "game": _event("game_play"),
}
_COMMANDS = [{"locale": "default", "commands": [{"name": "track", "description": "Where"}]}]
_BEFORE: tuple[Step, ...] = (
    _text("hello"),
    post("/me/messenger_profile", commands=_COMMANDS),
    send({"text": "hello to you"}),
)
_STARTED = Happens(Start(payload="flyer"), after=(post("/me/messenger_profile", get_started=GET_STARTED),))


def _talking(act: Act | Happens) -> Happens:
    """An act in a conversation."""
    given = act if isinstance(act, Happens) else Happens(act)
    return Happens(given.act, after=(*_BEFORE, *given.after))


def _all() -> tuple[Golden, ...]:
    folder = resources.files("chatdrill_fakes.platforms.messenger").joinpath("golden")
    said, changed = (json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("messaging", "changes"))
    found = []
    for name, value in said["values"].items():
        act = _STARTED if name == "get_started" else _talking(ACTS[name])
        found.append(Golden(name, act, value, said["source"], said["date"], "messaging.0", shape=True))
    for name, value in changed["values"].items():
        found.append(
            Golden(name, _event(name), value, changed["source"], changed["date"], "changes.0.value", shape=True)
        )
    return tuple(found)


GOLDEN = _all()
