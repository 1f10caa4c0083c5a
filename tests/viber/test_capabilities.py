"""What is declared is what happens: every part, act and method, and nothing beyond."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from chatdrill.errors import SettingsError, Unsupported
from chatdrill.model import (
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
from chatdrill_fakes.platforms.viber import platform
from chatdrill_fakes.platforms.viber.routes import ROUTES
from viber.kit import BASE, NOW, PNG, TOKEN, Account

ROOT = Path(__file__).parents[2]
BUTTON = Button(title="Так", kind="postback", payload="yes")
STYLES: tuple[Any, ...] = ("inline", "reply", "quick_replies", "list")
SILENT = {"typing", "edit", "delete", "react"}


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
        "other": Other(kind="url"),
    }


@pytest.mark.parametrize("name", every_part(Account()))
def test_a_part_is_told_if_declared_and_refused_with_a_reason_if_not(account: Account, name: str) -> None:
    act = Write(parts=(every_part(account)[name],))
    if name in platform.capabilities.customer_parts:
        assert account.event(act)["message"]["type"]
    else:
        with pytest.raises(Unsupported, match=r"viber: a customer cannot send .*: .+"):
            account.updates(act)


def every_act(account: Account) -> dict[str, Any]:
    account.says()
    mine, sent = next(iter(account.chat.messages)), account.sent(type="text", text="Hi").id
    return {
        "write": Write(parts=(Text(text="x"),)),
        "press": Press(button=BUTTON, message_id=sent),
        "edit": Edit(message_id=mine, parts=(Text(text="y"),)),
        "delete": Delete(message_id=mine),
        "react": React(message_id=sent, emoji="👍"),
        "start": Start(payload="x"),
        "typing": Typing(),
        "receipt": Receipt(message_id=sent, status="delivered"),
        "read": Read(message_id=sent),
        "event": Event(name="client_status"),
        "block": Block(),
        "unblock": Unblock(),
    }


def test_every_act_is_told_or_declared_to_be_silent(account: Account) -> None:
    acts = every_act(account)
    assert set(acts) == platform.capabilities.acts
    told = {name: bool(account.updates(act)) for name, act in acts.items()}
    assert {name for name, is_told in told.items() if not is_told} == SILENT <= set(platform.capabilities.lacks)


def test_a_bot_never_sees_its_own_messages(account: Account) -> None:
    said = Message(ids=("?",), author="agent", parts=(Text(text="x"),), at=NOW)
    with pytest.raises(Unsupported, match="never shown its own"):
        account.updates(Echo(message=said))


def test_what_is_emulated_names_a_proof_that_exists() -> None:
    for entry in platform.coverage:
        file, _, test = entry.proof.partition("::")
        assert re.search(rf"^def {test}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE), entry
        assert entry.status == "supported" or entry.note, entry
    names = [entry.name for entry in platform.coverage]
    assert len(names) == len(set(names))


def test_every_method_and_event_is_declared() -> None:
    all_names = {entry.name for entry in platform.coverage}
    names = {name.split()[0] for name in all_names}
    assert set(ROUTES) <= names
    assert {name for name in platform.capabilities.events if name != "message"} <= {
        each.removeprefix("event ") for each in all_names
    }


def test_the_environment_points_a_bot_at_the_fake(account: Account) -> None:
    assert platform.environment(account.state, BASE) == {
        "VIBER_TOKEN": TOKEN,
        "VIBER_BOT_NAME": "Acme Help",
        "VIBER_BOT_URI": "acmehelp",
        "VIBER_BOT_ID": "pa:5123456789012345678",
        "VIBER_API_ROOT": f"{BASE}/pa",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [("devices", "0"), ("devices", "x"), ("api_version", "11"), ("device_os", "windows"), ("seen", "none")],
)
def test_a_setting_that_cannot_be_read_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"viber.{name} is"):
        Account(**{name: value})


def test_one_seed_gives_the_same_bytes_and_no_token_shows(account: Account) -> None:
    def bodies() -> list[bytes]:
        fresh = Account()
        return [
            update.body
            for act in (Start(payload="x"), Write(parts=(Text(text="Hi"),)))
            for update in fresh.updates(act)
        ]

    assert bodies() == bodies()
    assert TOKEN not in repr(account.state)
