"""What the bot is told of a customer's acts, beyond the golden payloads."""

from __future__ import annotations

import msgspec
import pytest

from chatdrill.errors import SettingsError, Unsupported
from chatdrill.model import Delete, Edit, Event, Media, Press, React, Text, Write
from chatdrill.model.parts import Button
from slack_app.kit import Account


def write(words: str, **more: str) -> Write:
    return Write(parts=(Text(text=words),), **more)  # type: ignore[arg-type]


def test_every_ts_is_its_own_and_later_than_the_one_before(account):
    stamps = [account.says(str(number)) for number in range(30)]
    assert len(set(stamps)) == 30 and stamps == sorted(stamps, key=float)
    account.now += 5
    assert float(account.says()) == account.now


def test_a_thread_has_one_level_and_counts_its_replies(account):
    root = account.post()["ts"]
    first = account.event(write("a", reply_to=root))
    second = account.event(write("b", reply_to=first["ts"]))
    parent = account.state.rooms[account.dm].messages[root]
    assert first["thread_ts"] == second["thread_ts"] == root and second["parent_user_id"] == account.state.bot_user
    assert (parent["reply_count"], parent["reply_users"], parent["latest_reply"]) == (2, [account.to], second["ts"])


def test_a_parent_that_is_deleted_leaves_a_tombstone(account):
    root = account.says()
    account.event(write("more", reply_to=root))
    gone = account.event(Delete(message_id=root))
    assert (gone["subtype"], gone["message"]["subtype"]) == ("message_changed", "tombstone")
    assert account.event(Delete(message_id=account.says()))["subtype"] == "message_deleted"


def test_a_preview_of_a_link_is_a_change_and_no_edit(account):
    ts = account.says("https://shop.example/1")
    edited = account.event(Edit(message_id=ts, parts=(Text(text="new"),)))
    preview = account.event(Event(name="message.message_changed"))
    assert "edited" in edited["message"] and edited["previous_message"]["text"] == "<https://shop.example/1>"
    assert preview["message"]["attachments"] and preview["message"]["text"] == preview["previous_message"]["text"]


def test_a_mention_is_told_twice_with_one_ts(account):
    message, mention = account.told(Event(name="app_mention", data={"text": "help"}))
    assert message["ts"] == mention["ts"] and message["channel_type"] == "channel" and "channel_type" not in mention
    answer = account.call("chat.postMessage", channel=account.channel, text="here", thread_ts=message["ts"])
    assert [effect.to for effect in answer.effects] == [account.to]
    assert account.call("chat.postMessage", channel=account.channel, text="all").effects == ()


def test_reactions_come_and_go(account):
    ts = account.says()
    assert account.event(React(message_id=ts, emoji="\N{PARTY POPPER}"))["reaction"] == "tada"
    assert account.event(React(message_id=ts))["type"] == "reaction_removed"
    assert account.told(React(message_id=ts)) == []


@pytest.mark.parametrize(
    ("kind", "subtype"), [("voice", "slack_audio"), ("video_note", "slack_video"), ("photo", None)]
)
def test_clips_are_files_with_a_subtype(account, kind, subtype):
    event, shared = account.told(Write(parts=(Media(kind=kind, file=account.file(b"%PDF-1.4")),)))
    assert event["files"][0].get("subtype") == subtype and shared["file_id"] == event["files"][0]["id"]


def test_the_bot_is_told_of_its_own_words_unless_that_is_off():
    loud, silent = Account(), Account(echo="no")
    calls = [one.call("chat.postMessage", channel=one.to, text="x") for one in (loud, silent)]
    (echo,) = loud.play(calls[0])
    assert (echo["user"], echo["bot_id"], echo.get("subtype")) == (loud.state.bot_user, loud.state.bot, None)
    assert silent.play(calls[1]) == []


@pytest.mark.parametrize(
    ("customers", "told"),
    [("members", (False, None)), ("guests", (True, None)), ("strangers", (False, True))],
)
def test_guests_and_strangers_are_marked(customers, told):
    account = Account(customers=customers)
    (update,) = account.updates(write("Hi"))
    handled = account.form("users.info", user=account.to)
    user = msgspec.json.decode(handled.response.body)["user"]
    assert (user["is_restricted"], user.get("is_stranger")) == told
    assert msgspec.json.decode(update.body)["is_ext_shared_channel"] is (customers == "strangers")


def test_what_is_not_there_cannot_be_touched(account):
    acts = (
        Press(button=Button(title="x", kind="callback"), message_id="1.2"),
        Edit(message_id="1.2", parts=(Text(text="x"),)),
        Delete(message_id=account.post()["ts"]),
        React(message_id="1.2", emoji="x"),
        Event(name="app_mentoin"),
    )
    for act in acts:
        with pytest.raises(Unsupported):
            account.updates(act)


def test_a_setting_that_means_nothing_is_refused():
    with pytest.raises(SettingsError, match=r"slack\.customers is one of members, guests, strangers"):
        Account(customers="aliens")
