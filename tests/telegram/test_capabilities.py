"""The declared capabilities are what the wire does: all of them, and nothing beside them."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import (
    ACT_NAMES,
    MEDIA_KINDS,
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
    KeyboardRemoved,
    Location,
    Message,
    Order,
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
from chatdrill_fakes.platforms.telegram import platform
from chatdrill_fakes.platforms.telegram.state import UPDATE_NAMES

CAPABLE = platform.capabilities
PARTS = {
    "text": Text(text="hi"),
    "location": Location(latitude=1, longitude=2),
    "contact": Contact(name="Olena", phone="+48123"),
    "other": Other(kind="dice"),
    "keyboard": Keyboard(style="reply", rows=()),
    "keyboard_removed": KeyboardRemoved(),
    "reply_forced": ReplyForced(),
    "carousel": Carousel(cards=()),
    "template": Template(name="t", language="en"),
    "order": Order(items=()),
    "products": Products(ids=()),
    "form": Form(name="f"),
}
SILENT = {"typing", "read", "delete"}  # allowed, and explained in ``lacks``: no bot is told


def _act(name, own, sent):
    return {
        "write": Write(parts=(Text(text="hi"),)),
        "press": Press(button=Button(title="A", kind="callback", payload="a"), message_id=sent),
        "edit": Edit(message_id=own, parts=(Text(text="changed"),)),
        "delete": Delete(message_id=own),
        "react": React(message_id=sent, emoji="👍"),
        "start": Start(payload="ref"),
        "typing": Typing(),
        "read": Read(message_id=sent),
        "block": Block(),
        "unblock": Unblock(),
        "receipt": Receipt(message_id=sent, status="read"),
        "echo": Echo(message=Message(ids=(sent,), author="bot", parts=(), at=0.0)),
        "event": Event(name="inline_query"),
    }[name]


@pytest.mark.parametrize("name", [*PARTS, *(f"media.{kind}" for kind in MEDIA_KINDS)])
def test_a_customer_sends_the_declared_parts_and_no_others(drill, samples, name):
    kind = name.removeprefix("media.")
    part = drill.media(kind, samples[kind]) if name.startswith("media.") else PARTS[name]
    if name in CAPABLE.customer_parts:
        message = drill.write(part)
        assert drill.chat.messages[str(message["message_id"])].parts[0].__class__ is part.__class__
    else:
        with pytest.raises(Unsupported) as refused:
            drill.write(part)
        assert str(refused.value) == f"telegram: {CAPABLE.lacks[name]}"


@pytest.mark.parametrize("name", ACT_NAMES)
def test_a_customer_does_the_declared_acts_and_no_others(drill, name):
    drill.call("getUpdates", allowed_updates=list(UPDATE_NAMES))
    own = str(drill.write("own")["message_id"])
    markup = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    sent = str(drill.send(text="?", reply_markup=markup)["message_id"])
    if name == "unblock":
        drill.act(Block())
    if name in CAPABLE.acts:
        assert (drill.act(_act(name, own, sent)) == []) == (name in SILENT) and set(CAPABLE.lacks) >= SILENT
    else:
        with pytest.raises(Unsupported) as refused:
            drill.act(_act(name, own, sent))
        assert str(refused.value) == f"telegram: {CAPABLE.lacks[name]}"


def test_every_declared_word_is_one_that_is_tried_here():
    media = {f"media.{kind}" for kind in MEDIA_KINDS}
    assert CAPABLE.customer_parts <= {*PARTS, *media} and CAPABLE.acts <= set(ACT_NAMES)
    assert set(PARTS) - CAPABLE.customer_parts <= set(CAPABLE.lacks)
