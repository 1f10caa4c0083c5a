"""Edits and deletions by the bot."""

from __future__ import annotations

import pytest

from chatdrill.model import Deleted, Edited, Keyboard

NOT_MODIFIED = (
    "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
YES = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}


@pytest.fixture
def sent(drill):
    message = drill.send(text="first", reply_markup=YES)
    return {"chat_id": drill.to, "message_id": message["message_id"]}


@pytest.fixture
def photo(drill, samples):
    file_id = drill.write(drill.media("photo", samples["photo"]))["photo"][0]["file_id"]
    message = drill.call("sendPhoto", chat_id=drill.to, photo=file_id, caption="old")
    return {"chat_id": drill.to, "message_id": message["message_id"]}


def test_an_edited_text_is_dated_and_loses_its_keyboard(drill, sent):
    drill.now += 60
    handled = drill.handle("editMessageText", {**sent, "text": "second"})
    (effect,) = handled.effects
    assert isinstance(effect, Edited) and effect.message.text == "second" and effect.message.edited_at == drill.now
    message = drill.call("editMessageText", **sent, text="third", reply_markup=YES)
    assert list(message)[:5] == ["message_id", "from", "chat", "date", "edit_date"]
    assert message["edit_date"] == message["date"] + 60 and message["reply_markup"] == YES


def test_an_edit_that_changes_nothing_is_an_error(drill, sent):
    assert drill.error("editMessageText", **sent, text="first", reply_markup=YES) == NOT_MODIFIED
    assert drill.error("editMessageReplyMarkup", **sent, reply_markup=YES) == NOT_MODIFIED


def test_the_keyboard_alone_can_be_changed_and_removed(drill, sent):
    no = {"inline_keyboard": [[{"text": "No", "callback_data": "n"}]]}
    assert drill.call("editMessageReplyMarkup", **sent, reply_markup=no)["reply_markup"] == no
    assert "reply_markup" not in drill.call("editMessageReplyMarkup", **sent)
    assert not any(isinstance(p, Keyboard) for p in drill.chat.messages[str(sent["message_id"])].parts)


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("editMessageText", {"message_id": 999999, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"text": "x"}, "message to edit not found"),
        ("editMessageText", {}, "message text is empty"),
        ("editMessageCaption", {"caption": "x"}, "there is no caption in the message to edit"),
        ("editMessageText", {"text": "x", "reply_markup": {"force_reply": True}}, "inline keyboard expected"),
        ("editMessageMedia", {}, 'parameter "media" is required'),
        ("editMessageLiveLocation", {}, "latitude is empty"),
        (
            "editMessageLiveLocation",
            {"latitude": 1, "longitude": 2},
            "there is no live location in the message to edit",
        ),
    ],
)
def test_edits_that_cannot_be(drill, sent, method, arguments, error):
    place = {} if error == "message to edit not found" else sent
    found = drill.error(method, **{"chat_id": drill.to, **place, **arguments})
    assert found == f"400 Bad Request: {error}"


def test_an_edit_needs_an_address(drill):
    assert drill.error("editMessageText", text="x") == "400 Bad Request: message identifier is not specified"


def test_only_own_messages_are_edited(drill):
    asked = drill.write("mine")
    error = drill.error("editMessageText", chat_id=drill.to, message_id=asked["message_id"], text="x")
    assert error == "400 Bad Request: message can't be edited"


def test_captions_and_media_are_replaced(drill, photo, samples, read):
    assert drill.call("editMessageCaption", **photo, caption="new")["caption"] == "new"
    assert "caption" not in drill.call("editMessageCaption", **photo)
    assert (
        drill.error("editMessageText", **photo, text="x") == "400 Bad Request: there is no text in the message to edit"
    )
    media = {"type": "document", "media": "attach://d"}
    handled = drill.upload("editMessageMedia", {"d": ("a.pdf", samples["document"])}, **photo, media=media)
    assert read(handled)["document"]["file_name"] == "a.pdf" and handled.effects[0].message.media[0].kind == "document"


def test_a_live_location_moves_and_stops(drill):
    sent = drill.call("sendLocation", chat_id=drill.to, latitude=50.45, longitude=30.52, live_period=900)
    where = {"chat_id": drill.to, "message_id": sent["message_id"]}
    moved = drill.call("editMessageLiveLocation", **where, latitude=50.46, longitude=30.53, heading=90)
    assert moved["location"] == {"latitude": 50.46, "longitude": 30.53, "live_period": 900, "heading": 90}
    stopped = drill.call("stopMessageLiveLocation", **where)
    assert stopped["location"] == {"latitude": 50.46, "longitude": 30.53}


def test_deleted_messages_are_gone(drill, sent):
    handled = drill.handle("deleteMessage", sent)
    assert handled.response.body == b'{"ok":true,"result":true}'
    assert handled.effects == (Deleted(to=drill.to, message_ids=(str(sent["message_id"]),)),)
    assert drill.error("deleteMessage", **sent) == "400 Bad Request: message to delete not found"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "chat identifier is not specified"),
        ({"chat_id": 1}, "message identifier is not specified"),
        ({"chat_id": 1, "message_id": 5}, "chat not found"),
    ],
)
def test_a_deletion_needs_its_arguments(drill, arguments, error):
    assert drill.error("deleteMessage", **arguments) == f"400 Bad Request: {error}"


def test_messages_older_than_two_days_stay(drill, sent):
    drill.now += 48 * 3600 + 1
    error = drill.error("deleteMessage", **sent)
    assert error == "400 Bad Request: message can't be deleted for everyone"


def test_a_batch_skips_what_is_missing(drill, sent):
    asked = drill.write("mine")["message_id"]
    handled = drill.handle("deleteMessages", {"chat_id": drill.to, "message_ids": [sent["message_id"], asked, 999999]})
    assert handled.effects[0].message_ids == (str(sent["message_id"]), str(asked))


@pytest.mark.parametrize(
    ("ids", "error"),
    [
        ("", "message identifiers are not specified"),
        ("[", "can't parse message_ids JSON object"),
        ({}, "expected an Array of message identifiers"),
        ([True], "message identifier must be a Number"),
        (["x"], "can't parse message identifier as a Number"),
        ([0], "invalid message identifier specified"),
        ([1] * 101, "too many message identifiers specified"),
    ],
)
def test_wrong_batches_are_refused(drill, ids, error):
    assert drill.error("deleteMessages", chat_id=drill.to, message_ids=ids) == f"400 Bad Request: {error}"


def test_a_poll_is_closed_once(drill):
    poll = drill.call("sendPoll", chat_id=drill.to, question="Q?", options=["a", {"text": "b"}])
    where = {"chat_id": drill.to, "message_id": poll["message_id"]}
    assert drill.call("stopPoll", **where)["is_closed"] is True
    assert drill.error("stopPoll", **where) == "400 Bad Request: poll has already been closed"
