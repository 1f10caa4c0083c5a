"""Golden payloads: their keys and the types under them, for they were composed by hand from the reference."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from chatdrill.model import (
    Act,
    Button,
    Delete,
    Echo,
    Edit,
    Event,
    File,
    Media,
    Message,
    Other,
    Press,
    React,
    Read,
    Referral,
    Start,
    Text,
    Write,
)
from chatdrill.wire.sheets import Golden, Happens, Step
from chatdrill_fakes.families.graph_sheets import PICTURE, attachment, send


def _text(words: str = "hi", **more: Any) -> Act:
    return Write(parts=(Text(text=words),), **more)


def _media(kind: Any, name: str | None = None) -> Act:
    return Write(parts=(Media(kind=kind, file=File(name=name)),))


def _other(kind: str) -> Act:
    return Write(parts=(Other(kind=kind),))


def _echo() -> Act:
    return Echo(message=Message(ids=("{sent}",), author="bot", parts=(Text(text="hi"),), at=0.0))


_AD = Referral(ref="A", source="ad", ad_id="1", headline="Sale", url="https://cdn.example/ad.jpg")
_PHOTO = Media(kind="photo", file=File())
_OTHERS = (
    *("ephemeral", "share", "ig_post", "ig_reel", "share_and_post", "story_mention", "like_heart", "unsupported"),
    "story_reply",
)

ACTS: dict[str, Act | Happens] = {
    "text": _text(),
    "quick_reply": Press(button=Button(title="Yes", kind="reply", payload="YES")),
    "postback": Press(button=Button(title="Help", kind="postback", payload="HELP")),
    "referral": Start(payload="flyer"),
    "text_from_an_ad": _text(referral=_AD),
    "text_from_a_product": _text(referral=Referral(source="product", product="5")),
    "images": Write(parts=(_PHOTO, _PHOTO)),
    "video": _media("video"),
    "audio": _media("voice"),
    "file": _media("document", "offer.pdf"),
    **{kind: _other(kind) for kind in _OTHERS},
    "reply": _text(reply_to="{sent}"),
    "reaction": React(message_id="{sent}", emoji="❤️"),
    "unsent": Delete(message_id="{mine}"),
    "edit": Edit(message_id="{mine}", parts=(Text(text="Linz"),)),
    "seen": Read(message_id="{sent}"),
    "echo": _echo(),
    "echo_of_a_picture": Happens(_echo(), after=(send(attachment("image", PICTURE)),)),
}
_EVENTS = ("optin", "pass_thread_control", "take_thread_control", "request_thread_control")
_BEFORE: tuple[Step, ...] = (_text("hello"), send({"text": "hello to you"}))


def _talking(act: Act | Happens) -> Happens:
    """An act in a conversation."""
    given = act if isinstance(act, Happens) else Happens(act)
    return Happens(given.act, after=(*_BEFORE, *given.after))


def _all() -> tuple[Golden, ...]:
    folder = resources.files("chatdrill_fakes.platforms.instagram").joinpath("golden")
    said, changed = (json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("messaging", "changes"))
    acts = ACTS | {name: Event(name=name) for name in _EVENTS}
    found = [
        Golden(name, _talking(acts[name]), value, said["source"], said["date"], "messaging.0", shape=True)
        for name, value in said["values"].items()
    ]
    changes = [
        Golden(name, Event(name=name), value, changed["source"], changed["date"], "changes.0.value", shape=True)
        for name, value in changed["values"].items()
    ]
    return (*found, *changes)


GOLDEN = _all()
