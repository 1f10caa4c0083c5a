"""What is declared is what happens: every part, act and event, and nothing beyond."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import (
    ACT_NAMES,
    Block,
    Button,
    Card,
    Carousel,
    Contact,
    Delete,
    Echo,
    Edit,
    Event,
    Form,
    Keyboard,
    KeyboardRemoved,
    Location,
    Media,
    Message,
    Order,
    OrderItem,
    Other,
    Press,
    Products,
    React,
    Read,
    Receipt,
    ReplyForced,
    Start,
    Template,
    Text,
    Typing,
    Unblock,
    Write,
)
from chatdrill.model.parts import MEDIA_KINDS
from chatdrill_fakes.platforms.whatsapp import platform
from whatsapp.kit import NOW, PNG, Account

BUTTON = Button(title="Ja", kind="postback", payload="yes")
STYLES: tuple[Any, ...] = ("inline", "reply", "quick_replies", "list")
SILENT = {"typing", "block", "unblock"}
UNTOLD_EVENTS = {"next_send_fails"}


def every_part(account: Account) -> dict[str, Any]:
    return {
        "text": Text(text="x"),
        **{f"media.{kind}": Media(kind=kind, file=account.file(PNG)) for kind in MEDIA_KINDS},
        "location": Location(latitude=1, longitude=2),
        "contact": Contact(name="Eva", phone="+431"),
        **{f"keyboard.{style}": Keyboard(style=style, rows=((BUTTON,),)) for style in STYLES},
        "keyboard_removed": KeyboardRemoved(),
        "reply_forced": ReplyForced(),
        "carousel": Carousel(cards=(Card(title="x"),)),
        "template": Template(name="x", language="de"),
        "order": Order(items=(OrderItem(id="MUG-01"),)),
        "products": Products(ids=("MUG-01",)),
        "form": Form(name="flow"),
        "other": Other(kind="poll"),
    }


@pytest.mark.parametrize("name", every_part(Account()))
def test_a_part_is_told_if_declared_and_refused_with_a_reason_if_not(account: Account, name: str) -> None:
    act = Write(parts=(every_part(account)[name],))
    if name in platform.capabilities.customer_parts:
        assert account.message(act)["type"]
    else:
        with pytest.raises(Unsupported, match=r"whatsapp: a customer cannot send .*[;:] .+"):
            account.updates(act)


def every_act(account: Account) -> dict[str, Any]:
    account.updates(Write(parts=(Text(text="x"),)))
    mine, sent = next(iter(account.chat.messages)), account.send_text()
    said = Message(ids=("?",), author="agent", parts=(Text(text="Eva hier"),), at=NOW)
    return {
        "write": Write(parts=(Text(text="x"),)),
        "press": Press(button=BUTTON, message_id=sent),
        "edit": Edit(message_id=mine, parts=(Text(text="y"),)),
        "react": React(message_id=sent, emoji="👍"),
        "start": Start(payload="x"),
        "typing": Typing(),
        "receipt": Receipt(message_id=sent, status="sent"),
        "read": Read(message_id=sent),
        "block": Block(),
        "unblock": Unblock(),
        "echo": Echo(message=said),
        "event": Event(name="security"),
        "delete": Delete(message_id=mine),
    }


def test_every_act_is_told_or_declared_to_be_silent() -> None:
    account = Account(coexistence="yes")
    acts = every_act(account)
    assert set(acts) == set(ACT_NAMES) == platform.capabilities.acts
    told = {name: bool(account.updates(act)) for name, act in acts.items()}
    assert {name for name, is_told in told.items() if not is_told} == SILENT
    assert {"typing", "block"} <= set(platform.capabilities.lacks)


def test_every_declared_event_is_told() -> None:
    account = Account(coexistence="yes")
    account.updates(Write(parts=(Text(text="x"),)))
    told = {name for name in platform.capabilities.events if account.updates(Event(name=name))}
    assert platform.capabilities.events - told == UNTOLD_EVENTS


def test_the_words_under_a_sound_are_a_message_of_their_own(account: Account) -> None:
    voice = Media(kind="voice", file=account.file(b"OggS" + b"\0" * 30), caption=Text(text="hör mal"))
    assert [message["type"] for message in account.messages(Write(parts=(voice,)))] == ["audio", "text"]


@pytest.mark.parametrize("data", [{"type": None}, {"text": 5}, {"code": [1]}, {"errors": None}])
def test_odd_data_of_an_event_are_told_or_refused(account: Account, data: dict[str, Any]) -> None:
    for name in platform.capabilities.events:
        try:
            assert isinstance(account.updates(Event(name=name, data=data)), list)
        except Unsupported as refused:
            assert str(refused).startswith("whatsapp")
