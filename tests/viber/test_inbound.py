"""What the bot is told of a customer's acts."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Block,
    Button,
    Contact,
    Delete,
    Edit,
    Location,
    Media,
    Other,
    Press,
    React,
    Referral,
    Start,
    Text,
    Typing,
    Unblock,
    Write,
)
from chatdrill_fakes.platforms.viber import platform
from viber.kit import NOW, PNG, Account, keys, status


def pressed(account: Account, button: Button, message_id: str | None) -> list[dict[str, Any]]:
    return account.told(Press(button=button, message_id=message_id))


@pytest.mark.parametrize("start", [Start(payload="order_553"), Start(referral=Referral(ref="order_553"))])
def test_opening_a_link_tells_its_context(account: Account, start: Start) -> None:
    event = account.event(start)
    assert (event["event"], event["type"], event["context"]) == ("conversation_started", "open", "order_553")
    assert event["user"]["id"] == account.to and event["subscribed"] is False


def test_opening_the_chat_subscribes_nobody_and_writing_does_without_an_event(account: Account) -> None:
    assert "context" not in account.event(Start())
    assert status(account.send(type="text", text="Hi")) == 6
    assert account.says()["event"] == "message"
    assert status(account.send(type="text", text="Hi")) == 0
    assert account.event(Start())["subscribed"] is True


def test_leaving_and_coming_back_are_told_once(talk: Account) -> None:
    gone = talk.event(Block())
    assert (gone["event"], gone["user_id"], talk.told(Block())) == ("unsubscribed", talk.to, [])
    assert status(talk.send(type="text", text="Hi")) == 6
    back = talk.event(Unblock())
    assert (back["event"], back["user"]["id"], talk.told(Unblock())) == ("subscribed", talk.to, [])
    assert status(talk.send(type="text", text="Hi")) == 0


def test_tracking_data_come_back_until_the_next_message_of_the_bot(talk: Account) -> None:
    talk.sent(type="text", text="Which size?", tracking_data="step=2")
    assert [talk.says()["message"]["tracking_data"] for _ in range(2)] == ["step=2", "step=2"]
    talk.sent(type="text", text="Thanks")
    assert "tracking_data" not in talk.says()["message"]


def test_who_comes_back_has_no_tracking_data(talk: Account) -> None:
    talk.sent(type="text", text="Which size?", tracking_data="step=2")
    talk.updates(Block())
    talk.updates(Unblock())
    assert "tracking_data" not in talk.says()["message"]


def test_a_text_comes_as_it_was_written_with_a_token_beyond_53_bits(account: Account) -> None:
    event = account.says("Де 👟‍🔥 <b>553</b>?")
    assert event["message"] == {"type": "text", "text": "Де 👟‍🔥 <b>553</b>?"}
    assert 2**53 < event["message_token"] < 2**63 and event["timestamp"] == int(NOW * 1000)


def test_names_and_pictures_are_told_to_bots_that_asked_and_of_customers_that_agree() -> None:
    sender = Account().says()["sender"]
    assert sender["name"] == "Subscriber" and "avatar" not in sender
    known = Account(send_name="yes", send_photo="yes").says()["sender"]
    assert known["name"] == "Olena K." and "/download_photo?dlid=" in known["avatar"]
    shy = Account(send_name="yes", send_photo="yes", personalization="no").says()["sender"]
    assert shy["name"] == "Subscriber" and "avatar" not in shy
    assert (known["country"], known["language"], known["api_version"]) == ("UA", "uk", 10)


def test_photos_chosen_together_come_one_by_one(account: Account) -> None:
    photo = Media(kind="photo", file=account.file(PNG), caption=Text(text="lid"))
    events = account.told(Write(parts=(photo, photo)))
    assert [event["message"]["type"] for event in events] == ["picture", "picture"]
    assert len({event["message_token"] for event in events}) == 2


def test_a_caption_that_a_file_cannot_carry_follows(account: Account) -> None:
    voice = Media(kind="voice", file=account.file(b"OggS" + b"\0" * 60, name="v.ogg"), caption=Text(text="listen"))
    assert [one["message"]["type"] for one in account.told(Write(parts=(voice,)))] == ["file", "text"]


def test_a_files_size_stands_under_both_names(account: Account) -> None:
    part = Media(kind="document", file=account.file(b"%PDF-1.4", name="i.pdf"))
    message = account.event(Write(parts=(part,)))["message"]
    assert (message["file_name"], message["file_size"], message["size"]) == ("i.pdf", 8, 8)


def test_a_stickers_number_is_its_files_name(account: Account) -> None:
    named = Media(kind="sticker", file=account.file(PNG, name="46105.png"))
    assert account.event(Write(parts=(named,)))["message"]["sticker_id"] == 46105


def test_a_links_preview_may_hold_anything(account: Account) -> None:
    part = Other(kind="url", data={"media": "https://a.test/x", "text": "x"})
    assert account.event(Write(parts=(part,)))["message"] == {"type": "url", "media": "https://a.test/x", "text": "x"}
    with pytest.raises(Unsupported, match="'urls'"):
        account.updates(Write(parts=(Other(kind="urls"),)))


@pytest.mark.parametrize(
    "act", [Edit(message_id="1", parts=(Text(text="x"),)), Delete(message_id="1"), React(message_id="1"), Typing()]
)
def test_the_bot_is_not_told_of(talk: Account, act: Any) -> None:
    assert talk.told(act) == []


def test_an_empty_message_cannot_be_sent(account: Account) -> None:
    with pytest.raises(Unsupported, match="empty"):
        account.updates(Write(parts=()))


# ------------------------------------------------------------------------------------------------------- pressing


def test_a_press_says_the_action_body_with_tracking_data(talk: Account) -> None:
    shown = talk.sent(type="text", text="Menu?", keyboard=keys(), tracking_data="t")
    (event,) = pressed(talk, shown.buttons[0], shown.id)
    assert event["message"] == {"type": "text", "text": "menu", "tracking_data": "t"} and event["silent"] is False


def test_a_silent_press_is_marked(talk: Account) -> None:
    raw = {"ActionBody": "menu", "Text": "Menu", "Silent": True}
    shown = talk.sent(type="text", text="?", keyboard=keys(raw))
    assert pressed(talk, shown.buttons[0], shown.id)[0]["silent"] is True


def test_a_link_is_said_unless_its_button_is_silent(talk: Account) -> None:
    raw = {"ActionType": "open-url", "ActionBody": "https://a.test/1", "Text": "Open"}
    quiet = {**raw, "ActionBody": "https://a.test/2", "Silent": "true"}
    shown = talk.sent(type="text", text="?", keyboard=keys(raw, quiet))
    told = [pressed(talk, button, shown.id) for button in shown.buttons]
    assert [[event["message"]["text"] for event in one] for one in told] == [["https://a.test/1"], []]


def test_a_shared_number_comes_with_the_buttons_words(talk: Account) -> None:
    raw = {"ActionType": "share-phone", "ActionBody": "#phone", "Text": "Share"}
    shown = talk.sent(type="text", text="?", keyboard=keys(raw), min_api_version=3)
    (event,) = pressed(talk, shown.buttons[0], shown.id)
    assert event["message"]["type"] == "contact" and event["message"]["text"] == "#phone"
    assert event["message"]["contact"]["phone_number"] == "380501112233"
    card = talk.event(Write(parts=(Contact(name="Petro", phone="+380502223344"),)))["message"]
    assert "text" not in card and card["contact"]["phone_number"] == "+380502223344"


def test_a_place_is_shared_by_a_button(talk: Account) -> None:
    raw = {"ActionType": "location-picker", "ActionBody": "#place", "Text": "Here"}
    shown = talk.sent(type="text", text="?", keyboard=keys(raw), min_api_version=3)
    (event,) = pressed(talk, shown.buttons[0], shown.id)
    assert event["message"]["type"] == "location" and event["message"]["text"] == "#place"
    place = talk.event(Write(parts=(Location(latitude=50.45, longitude=30.52, name="Shop"),)))["message"]
    assert place["location"] == {"lat": 50.45, "lon": 30.52, "address": "Shop"}


def test_keys_are_gone_with_the_next_message_without_a_keyboard(talk: Account) -> None:
    shown = talk.sent(type="text", text="Menu?", keyboard=keys())
    again = talk.sent(type="text", text="Menu!", keyboard=keys())
    with pytest.raises(Unsupported, match="'Menu' is gone"):
        pressed(talk, shown.buttons[0], shown.id)
    assert pressed(talk, again.buttons[0], again.id)
    talk.sent(type="text", text="Bye")
    with pytest.raises(Unsupported, match="'Menu' is gone"):
        pressed(talk, again.buttons[0], again.id)


def test_behind_a_hidden_input_field_nobody_writes(talk: Account) -> None:
    talk.sent(type="text", text="?", keyboard=keys(InputFieldState="hidden"), min_api_version=4)
    with pytest.raises(Unsupported, match="hides the input field"):
        talk.says()
    talk.sent(type="text", text="Now?")
    assert talk.says()["event"] == "message"


def test_an_unknown_address_is_refused_in_words(account: Account) -> None:
    with pytest.raises(Unsupported, match="nobody with the id"):
        platform.encode(account.state, "x", Typing(), NOW)
