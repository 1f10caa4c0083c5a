"""Actions, reactions, answers to presses, pins, and questions about chats."""

from __future__ import annotations

import pytest

from chatdrill.model import Activity, Button, Event, Press, PressAnswered, Reacted

TOO_OLD = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def press(drill):
    markup = {"inline_keyboard": [[{"text": "553", "callback_data": "o:553"}]]}
    asked = drill.send(text="553?", reply_markup=markup)
    button = Button(title="553", kind="callback", payload="o:553")
    (update,) = drill.act(Press(button=button, message_id=str(asked["message_id"])))
    return update["callback_query"]


def test_a_press_is_a_callback_query_on_the_message(drill, press):
    assert list(press) == ["id", "from", "message", "chat_instance", "data"]
    assert press["data"] == "o:553" and press["message"]["text"] == "553?" and press["message"]["reply_markup"]
    assert int(press["id"]) >> 32 == int(drill.to) & 0x7FFFFFFF and int(press["chat_instance"])


def test_a_press_is_answered_once(drill, press):
    handled = drill.handle("answerCallbackQuery", {"callback_query_id": press["id"], "text": "ok", "show_alert": True})
    assert handled.effects == (PressAnswered(to=drill.to, press_id=press["id"], text="ok", alert=True),)
    assert drill.error("answerCallbackQuery", callback_query_id=press["id"]) == TOO_OLD


def test_late_and_unknown_answers_are_refused(drill, press):
    assert drill.error("answerCallbackQuery", callback_query_id="12") == TOO_OLD
    assert drill.error("answerCallbackQuery") == TOO_OLD
    too_long = {"callback_query_id": press["id"], "text": "x" * 201}
    assert drill.error("answerCallbackQuery", **too_long) == "400 Bad Request: MESSAGE_TOO_LONG"
    drill.now += 61
    assert drill.error("answerCallbackQuery", callback_query_id=press["id"]) == TOO_OLD


def test_a_press_on_a_deleted_message_shows_it_as_inaccessible(drill, press):
    message_id = press["message"]["message_id"]
    drill.call("deleteMessage", chat_id=drill.to, message_id=message_id)
    (update,) = drill.act(Press(button=Button(title="553", kind="callback", payload="x"), message_id=str(message_id)))
    assert update["callback_query"]["message"] == {
        "message_id": message_id,
        "chat": press["message"]["chat"],
        "date": 0,
    }


@pytest.mark.parametrize(
    ("said", "shown"), [("typing", "typing"), ("upload_audio", "upload_voice"), ("TYPING", "typing")]
)
def test_actions_are_shown(drill, said, shown):
    assert drill.handle("sendChatAction", {"chat_id": drill.to, "action": said}).effects == (
        Activity(to=drill.to, action=shown),
    )


def test_unknown_actions_are_refused(drill):
    error = drill.error("sendChatAction", chat_id=drill.to, action="sleeping")
    assert error == "400 Bad Request: wrong parameter action in request"


def test_a_reaction_is_set_and_taken_back(drill):
    asked = drill.write("thanks")["message_id"]
    like = [{"type": "emoji", "emoji": "👍"}]
    handled = drill.handle("setMessageReaction", {"chat_id": drill.to, "message_id": asked, "reaction": like})
    assert handled.effects == (Reacted(to=drill.to, message_id=str(asked), emoji="👍"),)
    handled = drill.handle("setMessageReaction", {"chat_id": drill.to, "message_id": asked, "reaction": []})
    assert handled.effects == (Reacted(to=drill.to, message_id=str(asked)),)


@pytest.mark.parametrize(
    ("reaction", "error"),
    [
        ("{", "can't parse reaction types JSON object"),
        ({}, "expected an Array of ReactionType"),
        (["x"], "can't parse ReactionType: expected an Object"),
        ([{"type": "paid"}], "can't parse ReactionType: invalid reaction type specified"),
        ([{"type": "emoji", "emoji": "🥒"}], "REACTION_INVALID"),
        ([{"type": "emoji", "emoji": "👍"}] * 2, "REACTIONS_TOO_MANY"),
    ],
)
def test_wrong_reactions_are_refused(drill, reaction, error):
    asked = drill.write("x")["message_id"]
    found = drill.error("setMessageReaction", chat_id=drill.to, message_id=asked, reaction=reaction)
    assert found == f"400 Bad Request: {error}"


def test_pins_come_back_as_a_service_message_and_in_get_chat(drill):
    message = drill.send(text="keep this")
    handled = drill.handle("pinChatMessage", {"chat_id": drill.to, "message_id": message["message_id"]})
    (update,) = drill.act(handled.later[0].act)
    assert update["message"]["pinned_message"]["text"] == "keep this" and update["message"]["from"]["is_bot"]
    assert drill.call("getChat", chat_id=drill.to)["pinned_message"]["message_id"] == message["message_id"]
    assert drill.call("unpinChatMessage", chat_id=drill.to) is True
    assert drill.error("unpinChatMessage", chat_id=drill.to) == "400 Bad Request: message to unpin not found"
    assert drill.call("unpinAllChatMessages", chat_id=drill.to) is True


def test_a_customers_chat_can_be_asked_about(drill):
    chat = drill.call("getChat", chat_id=drill.to)
    assert chat["active_usernames"] == ["olena_k"] and chat["type"] == "private" and chat["max_reaction_count"] == 11
    assert drill.call("getChatMember", chat_id=drill.to, user_id=drill.to)["status"] == "member"
    assert drill.call("getChatMemberCount", chat_id=drill.to) == 2
    assert drill.call("getUserProfilePhotos", user_id=drill.to) == {"total_count": 0, "photos": []}
    assert drill.error("getChatMember", chat_id=drill.to, user_id=9) == "400 Bad Request: user not found"
    assert drill.error("getUserProfilePhotos") == "400 Bad Request: invalid user_id specified"


def test_a_group_that_was_left_takes_no_messages(drill, group):
    drill.act(Event(name="my_chat_member", data={"chat": group}))
    assert drill.call("sendMessage", chat_id=group["id"], text="hi")["chat"]["title"] == "Acme support"
    assert drill.call("getChatAdministrators", chat_id=group["id"])[0]["status"] == "creator"
    assert drill.call("leaveChat", chat_id=group["id"]) is True
    error = drill.error("sendMessage", chat_id=group["id"], text="hi")
    assert error == "403 Forbidden: bot is not a member of the group chat"


def test_a_draft_is_only_shown(drill):
    handled = drill.handle("sendMessageDraft", {"chat_id": drill.to, "draft_id": 1, "text": "He"})
    assert handled.effects == (Activity(to=drill.to, action="typing"),) and handled.call.support == "partial"


def test_an_answer_to_a_press_may_open_the_bots_own_link(drill):
    markup = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    key = str(drill.send(text="?", reply_markup=markup)["message_id"])
    (update,) = drill.act(Press(button=Button(title="A", kind="callback", payload="a"), message_id=key))
    query = update["callback_query"]["id"]
    error = drill.error("answerCallbackQuery", callback_query_id=query, url="https://evil.test/?start=a")
    assert error == "400 Bad Request: URL_INVALID"
    assert drill.call("answerCallbackQuery", callback_query_id=query, url="t.me/acme_help_bot?start=a") is True


def test_customers_the_bot_never_met_are_unknown(drill):
    stranger = int(drill.join("petro"))
    assert drill.error("getUserProfilePhotos", user_id=stranger) == "400 Bad Request: user not found"
    assert drill.error("getChatMember", chat_id=drill.to, user_id=stranger) == "400 Bad Request: user not found"
