"""Every callback, key by key and in order, against its golden payload; and the signature's test vector."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

import chatdrill_fakes.platforms.viber as wire
from chatdrill.model import (
    Act,
    Block,
    Button,
    Contact,
    Event,
    File,
    Location,
    Media,
    Other,
    Press,
    Read,
    Receipt,
    Start,
    Text,
    Unblock,
    Write,
)
from chatdrill_fakes.platforms.viber.webhooks import signature
from viber.kit import PNG, TOKEN, Account, keys, masked

GOLDEN: dict[str, Any] = msgspec.json.decode((Path(wire.__file__).parent / "golden" / "callbacks.json").read_bytes())
PHONE = {"ActionType": "share-phone", "ActionBody": "#phone", "Text": "Share"}


def media(account: Account, kind: Any, name: str, content: bytes = PNG, **about: Any) -> Write:
    return Write(parts=(Media(kind=kind, file=account.file(content, name=name), **about),))


def asked(account: Account, **message: Any) -> str:
    """The bot has asked something, and waits for the answer."""
    account.says()
    return account.sent(type="text", text="?", tracking_data="step=2", **message).id


def answered(make: Callable[[Account], Act]) -> Callable[[Account], Act]:
    def after(account: Account) -> Act:
        asked(account)
        return make(account)

    return after


def share_phone(account: Account) -> Act:
    message_id = asked(account, keyboard=keys(PHONE), min_api_version=3)
    return Press(button=account.chat.pressables[message_id][0].button, message_id=message_id)


def unblock(account: Account) -> Act:
    account.updates(Block())
    return Unblock()


CLIP = File(size_bytes=2_210_010, mime="video/mp4", duration_s=9.2, url="https://x.test/vibes/v.mp4")
ACTS: dict[str, Callable[[Account], Act]] = {
    "webhook": lambda _: Event(name="webhook"),
    "text": answered(lambda _: Write(parts=(Text(text="Where is order 553?"),))),
    "picture": answered(lambda account: media(account, "photo", "photo.png", caption=Text(text="broken lid"))),
    "video": answered(lambda _: Write(parts=(Media(kind="video", file=CLIP),))),
    "file": answered(lambda account: media(account, "document", "invoice.pdf", b"%PDF-1.4")),
    "sticker": answered(lambda account: media(account, "sticker", "thumb.webp")),
    "contact": answered(lambda _: Write(parts=(Contact(name="Petro", phone="+380502223344"),))),
    "url": answered(lambda _: Write(parts=(Other(kind="url"),))),
    "location": answered(
        lambda _: Write(parts=(Location(latitude=50.45, longitude=30.5233, address="Khreshchatyk St"),))
    ),
    "shared_phone": share_phone,
    "conversation_started": lambda _: Start(payload="order_553"),
    "subscribed": unblock,
    "unsubscribed": lambda _: Block(),
    "delivered": lambda account: Receipt(message_id=asked(account), status="delivered"),
    "seen": lambda account: Read(message_id=asked(account)),
    "failed": lambda account: Receipt(message_id=asked(account), status="failed"),
}


@pytest.mark.parametrize("name", ACTS)
def test_a_callback_has_the_shape_of_its_golden_payload(name: str) -> None:
    account = Account(send_name="yes", send_photo="yes")
    event = masked(account.event(ACTS[name](account)))
    assert json.dumps(event) == json.dumps(masked(GOLDEN[name]))  # the order counts, too


def test_every_golden_callback_is_made_by_an_act() -> None:
    assert set(GOLDEN) - {"source"} == set(ACTS)


def test_the_signature_is_that_of_the_test_vector() -> None:
    body = b'{"event":"webhook","timestamp":1767225600123,"chat_hostname":"SN-CHAT-05_","message_token":5753750845017966998}'
    assert signature(TOKEN, body) == "da2310c63b330b31c7d3d65ca1f6f39a9f4ebded7476ad74e78bdbf4597369ef"


def test_a_button_out_of_nowhere_is_said_as_its_payload(account: Account) -> None:
    event = account.event(Press(button=Button(title="Menu", kind="postback", payload="menu")))
    assert event["message"]["text"] == "menu"
