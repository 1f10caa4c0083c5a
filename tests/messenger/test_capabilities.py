"""What is declared is what happens: every part, act and event is tried, and nothing undeclared passes in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import (
    ACT_NAMES,
    Block,
    Button,
    Carousel,
    Contact,
    Delete,
    Echo,
    Edit,
    Event,
    Form,
    Keyboard,
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
    Start,
    Template,
    Text,
    Typing,
    Unblock,
    Write,
)
from chatdrill.model.parts import MEDIA_KINDS, Card, KeyboardRemoved, ReplyForced
from chatdrill_fakes.platforms.messenger import limits as numbers
from chatdrill_fakes.platforms.messenger import platform

CAN = platform.capabilities
BUTTON = Button(title="A", kind="postback", payload="A")
PARTS: dict[str, Callable[[Any], Any]] = {
    "text": lambda page: Text(text="hi"),
    "location": lambda page: Location(latitude=48.2, longitude=16.3),
    "contact": lambda page: Contact(name="Anna Huber", phone="+436601234567", own=True),
    "order": lambda page: Order(items=(OrderItem(id="MUG-01"),)),
    "products": lambda page: Products(ids=("MUG-01",)),
    "form": lambda page: Form(name="customer_feedback", values={"q-csat": 4}),
    "other": lambda page: Other(kind="reel"),
    "keyboard.inline": lambda page: Keyboard(style="inline", rows=((BUTTON,),)),
    "keyboard.quick_replies": lambda page: Keyboard(style="quick_replies", rows=((BUTTON,),)),
    "keyboard.reply": lambda page: Keyboard(style="reply", rows=((BUTTON,),)),
    "keyboard.list": lambda page: Keyboard(style="list", rows=((BUTTON,),)),
    "keyboard_removed": lambda page: KeyboardRemoved(),
    "reply_forced": lambda page: ReplyForced(),
    "carousel": lambda page: Carousel(cards=(Card(title="Mug"),)),
    "template": lambda page: Template(name="parcel_update", language="en"),
    **{f"media.{kind}": lambda page, kind=kind: Media(kind=kind, file=page.file()) for kind in MEDIA_KINDS},
}
# Acts that the bot hears of, and those that it never does.
TOLD: dict[str, Callable[[str, str], Any]] = {
    "write": lambda mine, bots: Write(parts=(Text(text="hi"),)),
    "press": lambda mine, bots: Press(button=BUTTON),
    "edit": lambda mine, bots: Edit(message_id=mine, parts=(Text(text="ho"),)),
    "react": lambda mine, bots: React(message_id=bots, emoji="❤️"),
    "start": lambda mine, bots: Start(payload="flyer-17"),
    "read": lambda mine, bots: Read(message_id=bots),
    "receipt": lambda mine, bots: Receipt(message_id=bots, status="delivered"),
    "echo": lambda mine, bots: Echo(message=Message(ids=(), author="agent", parts=(Text(text="Eva"),), at=0.0)),
    "event": lambda mine, bots: Event(name="optin"),
}
SILENT: dict[str, Callable[[str], Any]] = {
    "delete": lambda mine: Delete(message_id=mine),
    "typing": lambda mine: Typing(),
    "block": lambda mine: Block(),
    "unblock": lambda mine: Unblock(),
}


@pytest.fixture
def asked(page: Any, anna: str) -> str:
    """A customer whom the bot has asked for the phone number, and who has all there is told to the bot."""
    page.subscribe(*numbers.FIELDS)
    page.send(anna, {"text": "Your number?", "quick_replies": [{"content_type": "user_phone_number"}]})
    return anna


@pytest.mark.parametrize("name", PARTS)
def test_a_declared_part_arrives_and_any_other_is_refused(page: Any, asked: str, name: str) -> None:
    act = Write(parts=(PARTS[name](page),))
    if name in CAN.customer_parts:
        (event,) = page.events(asked, act)
        assert event["sender"] == {"id": asked}
    else:
        with pytest.raises(Unsupported, match="Messenger"):
            page.events(asked, act)


def test_every_part_was_tried() -> None:
    assert PARTS.keys() >= CAN.customer_parts


@pytest.mark.parametrize("name", TOLD)
def test_a_declared_act_is_told(page: Any, asked: str, name: str) -> None:
    mine, bots = page.says(asked), page.send(asked, {"text": "hi"}).json["message_id"]
    assert len(page.events(asked, TOLD[name](mine, bots))) == 1


@pytest.mark.parametrize("name", SILENT)
def test_an_act_that_the_bot_never_hears_of_says_so(page: Any, asked: str, name: str) -> None:
    assert page.events(asked, SILENT[name](page.says(asked))) == []
    assert CAN.lacks["block" if name == "unblock" else name]


def test_every_act_is_declared_and_was_tried() -> None:
    assert {*TOLD, *SILENT} == CAN.acts == set(ACT_NAMES)


@pytest.mark.parametrize("name", sorted(CAN.events - {"api_error"}))
def test_a_declared_event_is_told(page: Any, asked: str, name: str) -> None:
    (entry,) = page.entries(asked, Event(name=name))
    assert ("changes" in entry) != ("messaging" in entry)


def test_an_undeclared_event_is_refused(page: Any, asked: str) -> None:
    with pytest.raises(Unsupported, match="did you mean"):
        page.events(asked, Event(name="message_echos"))


def test_nobody_sends_nothing(page: Any, asked: str) -> None:
    for act in (Write(parts=()), Echo(message=Message(ids=(), author="agent", parts=(), at=0.0))):
        with pytest.raises(Unsupported):
            page.events(asked, act)


INSIDE = {"DAY_S", "MEGABYTE", "PROFILE_PERIOD_S"}
"""Numbers that others are made of, or whose unit names them."""


def test_every_number_that_is_enforced_is_declared() -> None:
    declared = {one.value for one in platform.limits}
    enforced = {name: value for name, value in vars(numbers).items() if isinstance(value, int | float)}
    assert {name for name, value in enforced.items() if value not in declared} <= INSIDE


def test_no_secret_shows_in_the_state_or_in_a_call(page: Any, anna: str) -> None:
    secrets = [page.state.settings[one.name] for one in platform.settings if one.secret]
    calls = [
        page.send(anna, {"text": "hi"}),
        page.call("GET", "/v25.0/me/accounts"),
        page.call("GET", "/v25.0/debug_token", input_token=page.state.page_token),
        page.call("POST", "/v25.0/", {"batch": [{"method": "GET", "relative_url": "me"}]}),
    ]
    shown = repr(page.state) + "".join(repr(one.handled.call) for one in calls)
    assert not [one for one in secrets if one in shown]
