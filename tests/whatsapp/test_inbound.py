"""Inbound messages beside their golden payloads: ids, times, albums, edits, echoes."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import msgspec
import pytest

import chatdrill_fakes.platforms.whatsapp as wire
from chatdrill.errors import Unsupported
from chatdrill.model import (
    Block,
    Button,
    Carousel,
    Contact,
    Customer,
    Delete,
    Echo,
    Edit,
    Event,
    Keyboard,
    Media,
    Message,
    Press,
    React,
    Start,
    Text,
    Typing,
    Write,
)
from chatdrill_fakes.platforms.whatsapp import platform
from whatsapp.acts import BOT_MESSAGE, bot_says
from whatsapp.kit import ACCOUNT, BASE, NOW, NUMBER, PNG, Account, masked

GOLDEN: dict[str, Any] = msgspec.json.decode((Path(wire.__file__).parent / "golden" / "messages.json").read_bytes())


def say(text: str = "Hallo", **more: Any) -> Write:
    return Write(parts=(Text(text=text),), **more)


def first_id(account: Account) -> str:
    return next(iter(account.chat.messages))


def test_the_envelope_names_account_number_and_field(account: Account) -> None:
    (update,) = account.updates(say())
    entry = msgspec.json.decode(update.body)
    assert list(entry) == ["id", "changes"]
    assert (entry["id"], entry["changes"][0]["field"]) == (ACCOUNT, "messages")
    metadata = {"display_phone_number": "15550107788", "phone_number_id": NUMBER}
    assert entry["changes"][0]["value"]["metadata"] == metadata


def test_an_update_carries_the_id_that_a_bot_deduplicates_by(account: Account) -> None:
    (update,) = account.updates(say())
    assert (
        update.id == first_id(account) == msgspec.json.decode(update.body)["changes"][0]["value"]["messages"][0]["id"]
    )
    assert (update.kind, update.to, update.lane) == ("messages.text", account.to, account.to)


def test_a_message_id_has_the_inner_structure_of_a_wamid(account: Account) -> None:
    account.updates(say())
    packed = b64decode(first_id(account).removeprefix("wamid."))
    number = account.to.encode()
    assert packed.startswith(b"\x1c\x18" + bytes([len(number)]) + number + b"\x15\x02\x00\x12\x18\x143A")
    assert packed.endswith(b"\x00") and len(packed) == len(number) + 30


def test_times_are_seconds_in_a_string_and_follow_the_chat(account: Account) -> None:
    account.chat.ahead_s = 3600.0
    assert account.message(say())["timestamp"] == str(int(NOW) + 3600)


def test_media_carry_a_base64_hash_and_a_link_that_ends_after_five_minutes(account: Account) -> None:
    photo = account.message(Write(parts=(Media(kind="photo", file=account.file(PNG)),)))["image"]
    assert photo["sha256"] == b64encode(hashlib.sha256(PNG).digest()).decode()
    assert photo["url"].startswith(f"{BASE}/whatsapp_business/attachments/?mid={photo['id']}&source=webhook")
    assert f"&ext={int(NOW) + 300}&hash=A" in photo["url"]


def test_a_text_beside_a_photo_becomes_its_caption(account: Account) -> None:
    photo = Media(kind="photo", file=account.file(PNG))
    assert account.message(Write(parts=(Text(text="kaputt"), photo)))["image"]["caption"] == "kaputt"


def test_an_album_is_several_messages_and_the_act_made_them_all(account: Account) -> None:
    photo = Media(kind="photo", file=account.file(PNG))
    messages = account.messages(Write(parts=(photo, photo, Text(text="beide kaputt"))))
    assert [message["type"] for message in messages] == ["image", "image"]
    assert [message["image"].get("caption") for message in messages] == ["beide kaputt", None]
    assert list(account.chat.messages) == [message["id"] for message in messages]


def test_a_text_beside_a_voice_note_stays_a_message_of_its_own(account: Account) -> None:
    voice = Media(kind="voice", file=account.file(b"OggS" + b"\0" * 30))
    assert [m["type"] for m in account.messages(Write(parts=(voice, Text(text="hör mal"))))] == ["audio", "text"]


@pytest.mark.parametrize("kind", ["url", "call", "copy"])
def test_pressing_a_button_that_leaves_the_chat_tells_the_bot_nothing(account: Account, kind: Any) -> None:
    button = Button(title="Weiter", kind=kind, url="https://atelier.example")
    asked = bot_says(account, Text(text="?"), Keyboard(style="inline", rows=((button,),)))
    assert account.updates(Press(button=button, message_id=asked)) == []


def test_a_tap_on_an_ice_breaker_is_an_ordinary_text(account: Account) -> None:
    message = account.message(Press(button=Button(title="Preise?", kind="postback")))
    assert message["text"] == {"body": "Preise?"} and "context" not in message


def test_a_button_that_asks_for_the_location_cannot_just_be_pressed(account: Account) -> None:
    button = Button(title="Send location", kind="request_location")
    with pytest.raises(Unsupported, match="send the location"):
        account.updates(Press(button=button, message_id=BOT_MESSAGE))


def test_a_reply_names_who_wrote_the_quoted_message(account: Account) -> None:
    account.updates(say())
    assert account.message(say(reply_to=first_id(account)))["context"]["from"] == account.to
    bot_says(account, Text(text="?"))
    assert account.message(say(reply_to=BOT_MESSAGE))["context"]["from"] == "15550107788"


@pytest.mark.parametrize("act", [Typing(), Block()])
def test_what_whatsapp_never_tells_makes_no_update(account: Account, act: Any) -> None:
    assert account.updates(act) == []


def test_a_start_without_a_link_is_a_greeting(account: Account) -> None:
    assert account.message(Start())["text"] == {"body": "Hi"}


def test_what_a_customer_cannot_send_is_refused_with_a_reason(account: Account) -> None:
    with pytest.raises(Unsupported, match="carousel; send photos"):
        account.updates(Write(parts=(Carousel(cards=()),)))
    with pytest.raises(Unsupported, match="send a video"):
        account.updates(Write(parts=(Media(kind="video_note", file=account.file(b"x")),)))


def test_an_unknown_event_suggests_the_nearest() -> None:
    with pytest.raises(Unsupported, match="did you mean 'request_welcome'"):
        Account().updates(Event(name="request_welcom"))


def test_an_edit_on_a_cloud_number_arrives_as_unsupported(account: Account) -> None:
    account.updates(say())
    message = account.message(Edit(message_id=first_id(account), parts=(Text(text="morgen?"),)))
    assert message["unsupported"] == {"type": "edit"} and message["errors"][0]["code"] == 131051


def test_an_edit_on_a_coexistence_number_carries_the_new_text() -> None:
    account = Account(coexistence="yes")
    account.updates(say())
    message = account.message(Edit(message_id=first_id(account), parts=(Text(text="morgen?"),)))
    new = {"context": {"id": "M0"}, "text": {"body": "morgen?"}, "type": "text"}
    assert message["edit"] == {"original_message_id": first_id(account), "message": new}


def test_an_edit_after_fifteen_minutes_is_not_possible(account: Account) -> None:
    account.updates(say())
    account.now += 901
    with pytest.raises(Unsupported, match="older than 15 minutes"):
        account.updates(Edit(message_id=first_id(account), parts=(Text(text="x"),)))


def test_a_deletion_is_told_on_coexistence_numbers_only(account: Account) -> None:
    account.updates(say())
    assert account.updates(Delete(message_id=first_id(account))) == []
    other = Account(coexistence="yes")
    other.updates(say())
    sent = first_id(other)
    assert other.message(Delete(message_id=sent))["revoke"] == {"original_message_id": sent}


def test_an_echo_exists_on_coexistence_numbers_only(account: Account) -> None:
    echo = Echo(message=Message(ids=("?",), author="agent", parts=(Text(text="Eva hier"),), at=NOW))
    with pytest.raises(Unsupported, match="coexistence"):
        account.updates(echo)
    (change,) = Account(coexistence="yes").changes(echo)
    assert change["field"] == "smb_message_echoes"
    assert masked(change["value"]) == masked(GOLDEN["echo"])


def test_hidden_numbers_leave_only_the_user_id() -> None:
    account = Account(quirks="hidden_numbers")
    (change,) = account.changes(say())
    message, contact = change["value"]["messages"][0], change["value"]["contacts"][0]
    assert "from" not in message and "wa_id" not in contact
    assert message["from_user_id"] == contact["user_id"] == account.chat.user_id


def test_two_customers_with_one_phone_get_two_numbers(account: Account) -> None:
    twin = platform.join(account.state, account.chat.customer, 0.0)
    assert twin != account.to and twin.isdecimal() and len(twin) == len(account.to)


def test_a_customer_without_a_phone_gets_a_number(account: Account) -> None:
    assert platform.join(account.state, Customer(key="x", first_name="X"), 0.0).isdecimal()


def test_after_a_change_of_number_messages_come_from_the_new_one(account: Account) -> None:
    account.updates(Event(name="user_changed_number", data={"wa_id": "4915199900000"}))
    assert account.message(say())["from"] == "4915199900000"


def test_a_reaction_is_no_message_of_the_chat(account: Account) -> None:
    account.updates(React(message_id=BOT_MESSAGE, emoji="👍"))
    assert account.chat.messages == {}


def test_an_account_error_comes_without_messages(account: Account) -> None:
    (change,) = account.changes(Event(name="account_error"))
    (found,) = change["value"]["errors"]
    assert found["code"] == 130429 and "messages" not in change["value"]
    assert found["href"] == "/documentation/business-messaging/whatsapp/support/error-codes"
    assert found["error_data"]["details"].startswith("Message failed to send because there were too many messages")


@pytest.mark.parametrize(("later_s", "told"), [(30 * 86_400, True), (30 * 86_400 + 1, False)])
def test_a_reaction_to_an_old_message_is_not_told(account: Account, later_s: int, told: bool) -> None:
    bot_says(account, Text(text="?"))
    account.now += later_s
    assert bool(account.updates(React(message_id=BOT_MESSAGE, emoji="👍"))) is told


def test_a_contact_without_a_phone_has_no_phones(account: Account) -> None:
    (card,) = account.message(Write(parts=(Contact(name="Eva Lang", phone=""),)))["contacts"]
    assert card == {"name": {"formatted_name": "Eva Lang", "first_name": "Eva", "last_name": "Lang"}}


@pytest.mark.parametrize(("phone", "wa_id"), [("+52 55 1234 5678", "5215512345678"), ("+43 660 1", "436601")])
def test_a_customer_has_the_number_that_whatsapp_makes_of_theirs(account: Account, phone: str, wa_id: str) -> None:
    assert platform.join(account.state, Customer(key="x", first_name="X", phone=phone), 0.0) == wa_id
