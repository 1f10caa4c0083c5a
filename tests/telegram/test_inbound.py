"""What customers do, as the bot is told."""

from __future__ import annotations

import json

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Block,
    Button,
    Card,
    Carousel,
    Contact,
    Delete,
    Echo,
    Edit,
    KeyboardRemoved,
    Location,
    Message,
    Other,
    Press,
    React,
    Read,
    Receipt,
    Referral,
    Span,
    Start,
    Text,
    Typing,
    Unblock,
    Write,
)
from chatdrill_fakes.platforms.telegram import platform


def test_an_update_has_a_line_break_after_its_id(drill):
    (update,) = drill.queue(Write(parts=(Text(text="hi"),)))
    assert update.body.startswith(b'{"update_id":%s,\n"message":{"message_id":' % update.id.encode())
    assert update.to == drill.to and update.made_at == drill.now and update.expires_at == drill.now + 86_400


def test_the_new_message_is_remembered_under_its_id(drill):
    before = set(drill.chat.messages)
    message = drill.write("hi", reply_to=None)
    (key,) = set(drill.chat.messages) - before
    assert key == str(message["message_id"])
    assert drill.chat.messages[key].text == "hi" and drill.chat.messages[key].author == "customer"


def test_start_carries_the_payload_of_the_link(strangers):
    (update,) = strangers.act(Start(payload="ord_553"))
    message = update["message"]
    assert message["text"] == "/start ord_553"
    assert message["entities"] == [{"offset": 0, "length": 6, "type": "bot_command"}]
    assert strangers.chat.opened
    assert strangers.act(Start())[0]["message"]["text"] == "/start"


def test_a_referral_starts_the_bot_before_the_words(strangers):
    updates = strangers.act(Write(parts=(Text(text="hi"),), referral=Referral(ref="ad1")))
    assert [u["message"]["text"] for u in updates] == ["/start ad1", "hi"]


def test_a_payload_that_no_link_can_carry_is_refused_before_anything_happens(strangers):
    with pytest.raises(Unsupported, match="start payload"):
        strangers.act(Start(payload="no spaces"))
    assert not strangers.chat.messages


@pytest.mark.parametrize(
    ("kind", "field", "wanted"),
    [
        ("photo", "photo", None),
        ("document", "document", {"file_name", "mime_type", "file_id", "file_unique_id", "file_size"}),
        ("audio", "audio", {"duration", "file_name", "mime_type", "file_id", "file_unique_id", "file_size"}),
        ("voice", "voice", {"duration", "mime_type", "file_id", "file_unique_id", "file_size"}),
        ("video", "video", {"duration", "width", "height", "file_name", "mime_type", "file_id", "file_unique_id"}),
        ("video_note", "video_note", {"duration", "length", "file_id", "file_unique_id", "file_size"}),
        ("animation", "animation", {"file_name", "mime_type", "duration", "width", "height", "thumbnail", "thumb"}),
        ("sticker", "sticker", {"width", "height", "emoji", "is_animated", "is_video", "type", "thumbnail"}),
    ],
)
def test_every_kind_of_file_can_be_sent(drill, samples, kind, field, wanted):
    part = drill.media(kind, samples[kind], "name.bin", emoji="👍" if kind == "sticker" else None)
    message = drill.write(part)
    assert field in message and (wanted is None or wanted <= set(message[field]))


def test_places_are_printed_with_six_decimals(drill):
    (update,) = drill.queue(Write(parts=(Location(latitude=50.45, longitude=30.523333),)))
    assert b'"location":{"latitude":50.450000,"longitude":30.523333}' in update.body
    venue = drill.write(Location(latitude=1, longitude=2, name="Acme shop", address="1 Main St"))
    assert venue["venue"]["title"] == "Acme shop" and venue["location"] == venue["venue"]["location"]


def test_a_live_location_moves_by_edits(drill):
    message = drill.write(Location(latitude=1, longitude=2, live_period_s=900))
    key = str(message["message_id"])
    moved = drill.act(Edit(message_id=key, parts=(Location(latitude=1.5, longitude=2, live_period_s=900),)))
    assert moved[0]["edited_message"]["location"]["live_period"] == 900
    stopped = drill.act(Edit(message_id=key, parts=(Location(latitude=1.5, longitude=2),)))
    assert stopped[0]["edited_message"]["location"] == {"latitude": 1.5, "longitude": 2}


def test_only_an_own_contact_carries_the_customers_id(drill):
    own = drill.write(Contact(name="Olena Kovalenko", phone="+380 50 111-22-33", own=True))["contact"]
    assert own["user_id"] == int(drill.to) and own["phone_number"] == "380501112233"
    other = drill.write(Contact(name="Petro Shop", phone="+48123456789"))["contact"]
    assert other == {"phone_number": "48123456789", "first_name": "Petro", "last_name": "Shop"}


def test_a_phone_number_begins_with_plus_where_the_setting_says_so(make_drill):
    drill = make_drill(contact_plus="yes")
    assert drill.write(Contact(name="O", phone="+48 1", own=True))["contact"]["phone_number"] == "+481"


def test_a_reply_shows_the_message_without_its_own_reply(drill):
    first = drill.write("one")
    second = drill.write("two", reply_to=str(first["message_id"]))
    third = drill.write("three", reply_to=str(second["message_id"]))
    assert third["reply_to_message"]["text"] == "two" and "reply_to_message" not in third["reply_to_message"]


def test_a_forwarded_message_has_an_origin_and_the_older_fields(drill):
    message = drill.write("see this", forwarded=True)
    assert message["forward_origin"]["type"] == "hidden_user"
    assert message["forward_sender_name"] and message["forward_date"] == message["forward_origin"]["date"]


def test_an_edit_is_told_once(drill):
    drill.now += 10
    key = str(drill.write("order #553")["message_id"])
    drill.now += 5
    edited = drill.act(Edit(message_id=key, parts=(Text(text="order #554"),)))[0]["edited_message"]
    assert edited["edit_date"] == edited["date"] + 5 and edited["text"] == "order #554"
    assert drill.act(Edit(message_id=key, parts=(Text(text="order #554"),))) == []


def test_a_long_text_is_cut_as_the_apps_cut_it(drill):
    updates = drill.act(Write(parts=(Text(text="x" * 5000),)))
    assert [len(u["message"]["text"]) for u in updates] == [4096, 904]


def test_blocking_and_unblocking_are_told_once(drill):
    (update,) = drill.act(Block())
    change = update["my_chat_member"]
    assert list(change) == ["chat", "from", "date", "old_chat_member", "new_chat_member"]
    assert change["new_chat_member"] == {"user": drill.state.bot, "status": "kicked", "until_date": 0}
    assert drill.chat.blocked and drill.act(Block()) == []
    assert drill.act(Unblock())[0]["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert not drill.chat.blocked and drill.act(Unblock()) == []


def test_writing_to_a_blocked_bot_unblocks_it_first(drill):
    drill.act(Block())
    assert [next(iter(set(u) - {"update_id"})) for u in drill.act(Start())] == ["my_chat_member", "message"]


def test_reactions_are_told_to_bots_that_asked_for_them(drill):
    key = str(drill.send(text="x")["message_id"])
    assert drill.act(React(message_id=key, emoji="👍")) == []
    drill.call("getUpdates", allowed_updates=["message_reaction"])
    (update,) = drill.act(React(message_id=key))
    assert update["message_reaction"]["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    assert update["message_reaction"]["new_reaction"] == []


def test_what_telegram_never_tells_brings_no_update(drill):
    key = str(drill.write("x")["message_id"])
    for act in (Typing(), Read(message_id=key), Delete(message_id=key)):
        assert drill.act(act) == []
    assert key not in drill.chat.stored


def test_reply_buttons_are_said_and_requests_are_answered(drill):
    def press(kind, **more):
        return drill.act(Press(button=Button(title="T", kind=kind, **more)))

    assert press("reply")[0]["message"]["text"] == "T"
    assert press("request_contact")[0]["message"]["contact"]["user_id"] == int(drill.to)
    assert "location" in press("request_location")[0]["message"]
    assert press("copy", payload="x") == press("url", url="https://acme.test") == []
    started = press("url", url="https://t.me/acme_help_bot?start=ord_1")
    assert started[0]["message"]["text"] == "/start ord_1"


def test_an_inline_button_is_found_by_its_title(drill):
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y:1"}]]}
    message_id = drill.send(text="?", reply_markup=markup)["message_id"]
    (update,) = drill.act(Press(button=Button(title="Yes", kind="callback")))
    assert update["callback_query"]["message"]["message_id"] == message_id and update["callback_query"]["data"] == "y:1"


def test_queries_queue_by_user_and_live_shorter(drill):
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    drill.send(text="?", reply_markup=markup)
    (query,) = drill.queue(Press(button=Button(title="Yes", kind="callback", payload="y")))
    (message,) = drill.queue(Write(parts=(Text(text="hi"),)))
    assert query.lane != message.lane and query.expires_at == query.made_at + 150


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (Write(parts=()), "at least one part"),
        (Write(parts=(Text(text=" "),)), "visible"),
        (Write(parts=(Carousel(cards=(Card(title="x"),)),)), "carousel"),
        (Write(parts=(Text(text="x"), Location(latitude=1, longitude=2))), "one after the other"),
        (Write(parts=(Other(kind="holo"),)), "holo"),
        (Write(parts=(Text(text="x"),), reply_to="1"), "to reply to"),
        (Edit(message_id="1", parts=(Text(text="x"),)), "no message of this customer"),
        (Delete(message_id="1"), "no message of this customer"),
        (React(message_id="1", emoji="👍"), "to react to"),
        (Press(button=Button(title="x", kind="postback"), message_id="1"), "callback"),
        (Press(button=Button(title="x", kind="callback")), "no message shows"),
        (Press(button=Button(title="x", kind="other")), "event"),
        (Receipt(message_id="1", status="read"), "403"),
        (Echo(message=Message(ids=("1",), author="bot", parts=(), at=0.0)), "never come back"),
        (Write(parts=(KeyboardRemoved(),)), "only a bot removes keyboards"),
        (Write(parts=(Location(latitude=1, longitude=2, name="Shop", live_period_s=60),)), "does not move"),
    ],
)
def test_what_cannot_be_said_is_refused_with_advice(drill, act, words):
    before = len(drill.chat.messages)
    with pytest.raises(Unsupported, match=words):
        drill.act(act)
    assert len(drill.chat.messages) == before


def test_an_entry_of_the_menu_says_its_command(drill):
    (update,) = drill.act(Press(button=Button(title="/status", kind="postback")))
    assert update["message"]["text"] == "/status"
    assert update["message"]["entities"] == [{"offset": 0, "length": 7, "type": "bot_command"}]


def test_files_need_their_bytes_and_albums_their_kind(drill, samples):
    photo = drill.media("photo", samples["photo"])
    with pytest.raises(Unsupported, match="album"):
        drill.write(photo, drill.media("voice", samples["voice"]))
    with pytest.raises(Unsupported, match="no caption"):
        drill.write(drill.media("sticker", samples["sticker"]), "words")
    with pytest.raises(Unsupported, match="not a picture"):
        drill.write(drill.media("photo", b"hello"))


def test_an_unknown_address_is_refused(drill):
    with pytest.raises(Unsupported, match="nobody has the address"):
        platform.encode(drill.state, "5", Typing(), drill.now)


def test_updates_the_bot_did_not_ask_for_are_left_out_and_spend_no_id(drill):
    drill.call("getUpdates", allowed_updates=["callback_query"])
    before = drill.state.next_update_id
    assert drill.queue(Write(parts=(Text(text="hi"),))) == [] and drill.state.next_update_id == before


def test_customers_never_see_each_other(drill):
    anna = drill.join("anna")
    mine, hers = drill.write("a"), drill.write("b", to=anna)
    assert mine["chat"]["id"] != hers["chat"]["id"] and hers["from"]["first_name"] == "Anna"
    assert str(hers["message_id"]) not in drill.chat.messages


def test_the_same_seed_gives_the_same_bytes(make_drill):
    def run():
        drill = make_drill()
        return [u.body for u in drill.queue(Write(parts=(Text(text="hi"),)))]

    assert run() == run()


def test_lone_surrogates_do_not_break_the_json(drill):
    (update,) = drill.queue(Write(parts=(Text(text="a\ud800b"),)))
    assert json.loads(update.body)["message"]["text"] == "a\ufffdb"


def test_texts_keep_their_formatting_when_they_are_joined_and_cut(drill):
    bold, italic = (Text(text="x", spans=(Span(0, 1, style),)) for style in ("bold", "italic"))
    assert [(e["offset"], e["type"]) for e in drill.write(bold, italic)["entities"]] == [(0, "bold"), (2, "italic")]
    long = Text(text="a" * 4090 + "b" * 20, spans=(Span(4090, 20, "bold"),))
    first, second = (update["message"] for update in drill.act(Write(parts=(long,))))
    assert first["entities"] == [{"offset": 4090, "length": 6, "type": "bold"}]
    assert second["entities"] == [{"offset": 0, "length": 14, "type": "bold"}]


def test_an_address_of_a_contact_travels_in_its_vcard(drill):
    card = drill.write(Contact(name="Petro P", phone="+380 50", email="p@acme.test"))["contact"]
    assert "EMAIL:p@acme.test" in card["vcard"].splitlines() and "user_id" not in card
