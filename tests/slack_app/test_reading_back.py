"""Requests as Slack's reference shows them, read back as acts; calls with Slack's answers, seen as effects."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from chatdrill.model import (
    Activity,
    Button,
    Delete,
    Deleted,
    Echo,
    Edit,
    Edited,
    Event,
    Form,
    Press,
    React,
    Reacted,
    Sent,
    Start,
    Text,
    Write,
)
from chatdrill.model.parts import Span
from chatdrill.wire import HttpRequest, HttpResponse
from recording.shadow import NOW, Shadow

USER, BOT, DM, CHANNEL = "U0BENCH01", "U0BENCHBOT", "D0BENCH01", "C0BENCH01"
TS, LATER = "1790000000.000100", "1790000010.000400"
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


def wrapped(**event: Any) -> dict[str, Any]:
    """An event in its wrapper, with what is said beside it."""
    return {
        "token": "vt-legacy",
        "team_id": "T0BENCH01",
        "api_app_id": "A0BENCH01",
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{hash(str(event)) % 10**9}",
        "event_time": 1790000000,
        "authorizations": [{"team_id": "T0BENCH01", "user_id": BOT, "is_bot": True}],
    }


def rich(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "rich_text", "elements": list(elements)}]


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def message(text: str = "Где мой заказ?", **more: Any) -> dict[str, Any]:
    head = {"type": "message", "channel": DM, "user": USER, "ts": TS, "event_ts": TS, "channel_type": "im"}
    return wrapped(**{**head, "text": text, **more})


def interaction(**payload: Any) -> bytes:
    head = {"user": {"id": USER, "username": "anna"}, "trigger_id": "111.222.abcdef", "token": "vt-legacy"}
    return urlencode({"payload": msgspec.json.encode({**head, **payload}).decode()}).encode()


def pressing(**action: Any) -> bytes:
    return interaction(
        type="block_actions",
        container={"type": "message", "message_ts": LATER, "channel_id": DM},
        response_url="https://hooks.slack.com/actions/T0BENCH01/123/xyz",
        actions=[{"action_id": "csat", "block_id": "b1", "action_ts": "1790000012.345678", **action}],
    )


@pytest.fixture
def shadow() -> Shadow:
    return Shadow("slack")


def test_words_are_those_that_were_typed(shadow: Shadow) -> None:
    (said,) = shadow.told(message())
    assert said.act == Write(parts=(Text(text="Где мой заказ?"),)) and (said.to, said.ids) == (USER, (TS,))
    assert shadow.act(message("a &amp; b &lt;c&gt; <https://shop.example/1>", ts="1790000001.000100")) == Write(
        parts=(Text(text="a & b <c> https://shop.example/1", spans=(Span(10, 22, "link", "https://shop.example/1"),)),)
    )


def test_what_an_app_makes_of_typed_words_is_read_with_its_formatting(shadow: Shadow) -> None:
    items = [section({"type": "text", "text": "one"}), section({"type": "text", "text": "two"})]
    blocks = rich(
        section(
            {"type": "text", "text": "see "},
            {"type": "link", "url": "https://a.test", "text": "this"},
            {"type": "text", "text": " now", "style": {"bold": True}},
            {"type": "emoji", "name": "+1", "unicode": "1f44d"},
            {"type": "emoji", "name": "party-parrot"},
        ),
        {"type": "rich_text_list", "style": "ordered", "elements": items},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
    )
    act = shadow.act(message("whatever", blocks=blocks))
    assert isinstance(act, Write) and isinstance(act.parts[0], Text)
    assert act.parts[0].text == "see this now\N{THUMBS UP SIGN}:party-parrot:\n1. one\n2. two\nx = 1"
    assert act.parts[0].spans == (Span(4, 4, "link", "https://a.test"), Span(8, 4, "bold"), Span(42, 5, "pre"))


def test_a_mention_is_told_twice_and_is_one_message_without_the_bots_name(shadow: Shadow) -> None:
    blocks = rich(section({"type": "user", "user_id": BOT}, {"type": "text", "text": " help"}))
    fields = {"text": f"<@{BOT}> help", "channel": CHANNEL, "blocks": blocks, "thread_ts": TS}
    (told,) = shadow.told(message(**fields, channel_type="channel"))
    (named,) = shadow.told(message(**fields, type="app_mention"))
    assert told.act == named.act == Write(parts=(Text(text="help"),)) and told.update == named.update


def test_a_reply_in_a_thread_names_what_it_is_about(shadow: Shadow) -> None:
    act = shadow.act(message("Yes", ts="1790000000.000200", thread_ts=TS))
    assert act == Write(parts=(Text(text="Yes"),), reply_to=TS)


FILE = {
    "id": "F0BENCH01",
    "name": "check.png",
    "mimetype": "image/png",
    "size": 20480,
    "original_w": 640,
    "url_private": "https://files.slack.com/x",
}
KINDS = [
    ({}, "photo"),
    ({"mimetype": "image/gif"}, "animation"),
    ({"mimetype": "audio/mp4", "subtype": "slack_audio"}, "voice"),
    ({"mimetype": "video/mp4", "subtype": "slack_video"}, "video_note"),
    ({"mimetype": "application/pdf"}, "document"),
]


@pytest.mark.parametrize(("about", "kind"), KINDS, ids=lambda one: one if isinstance(one, str) else "")
def test_a_file_is_described_with_the_words_beside_it(shadow: Shadow, about: dict[str, Any], kind: str) -> None:
    act = shadow.act(message("my receipt", subtype="file_share", files=[{**FILE, **about}]))
    assert isinstance(act, Write)
    (media,) = act.parts
    assert (media.kind, media.caption.text, media.file.size_bytes) == (kind, "my receipt", 20480)  # type: ignore[union-attr]


def test_changes_of_an_own_message_are_edits_and_deletions(shadow: Shadow) -> None:
    before = {"type": "message", "user": USER, "text": "hello", "ts": TS}
    after = {**before, "text": "new", "edited": {"user": USER, "ts": "1790000005.000000"}}
    changed = {"subtype": "message_changed", "ts": LATER, "message": after, "previous_message": before}
    assert shadow.act(message(**changed)) == Edit(message_id=TS, parts=(Text(text="new"),))
    gone = {"subtype": "message_deleted", "deleted_ts": TS, "previous_message": before}
    assert shadow.act(message(**gone)) == Delete(message_id=TS)
    tomb = {**before, "subtype": "tombstone", "user": "USLACKBOT"}
    assert shadow.act(message(**{**changed, "message": tomb})) == Delete(message_id=TS)


def test_a_preview_that_is_added_is_nobodys_edit(shadow: Shadow) -> None:
    before = {"type": "message", "user": USER, "text": "https://a.test", "ts": TS}
    changed = {"subtype": "message_changed", "message": {**before, "attachments": [{}]}, "previous_message": before}
    (said,) = shadow.told(message(**changed))
    assert said.unread == "message.message_changed" and said.to == USER


def test_reactions_come_and_go(shadow: Shadow) -> None:
    item = {"type": "message", "channel": DM, "ts": TS}
    head = {"user": USER, "reaction": "thumbsup", "item": item, "event_ts": LATER}
    assert shadow.act(wrapped(type="reaction_added", **head)) == React(message_id=TS, emoji="\N{THUMBS UP SIGN}")
    assert shadow.act(wrapped(type="reaction_removed", **head)) == React(message_id=TS, emoji=None)


def test_the_open_chat_is_a_start_and_the_home_tab_is_none(shadow: Shadow) -> None:
    assert shadow.act(wrapped(type="app_home_opened", user=USER, channel=DM, tab="messages")) == Start()
    assert isinstance(shadow.act(wrapped(type="app_home_opened", user=USER, channel=DM, tab="home")), Event)


@pytest.mark.parametrize("kind", ["team_join", "member_joined_channel", "link_shared", "things_to_come"])
def test_what_no_act_says_is_an_event_of_that_name(shadow: Shadow, kind: str) -> None:
    (said,) = shadow.told(wrapped(type=kind, user=USER, channel=CHANNEL, links=[]))
    assert isinstance(said.act, Event) and said.unread == kind and said.to == USER


def test_a_challenge_tells_of_nothing(shadow: Shadow) -> None:
    assert shadow.told({"token": "vt-legacy", "challenge": "chal-7f3a", "type": "url_verification"}) == []


@pytest.mark.parametrize(
    "body", [b"{}", b"payload=x", b"a=b", b"payload=%7B", b"", b'{"type":"event_callback"}', b"\xff"]
)
def test_what_is_none_of_slacks_is_refused(shadow: Shadow, body: bytes) -> None:
    with pytest.raises(ValueError, match=r"none of Slack's|without|neither|no JSON"):
        shadow.told(body, FORM)


# ---------------------------------------------------------------------------------------------------------- interactions

TITLE = {"type": "plain_text", "text": "Хорошо"}
PRESSES = [
    ({"type": "button", "text": TITLE, "value": "5"}, Button(title="Хорошо", kind="callback", payload="5")),
    ({"type": "button", "text": TITLE}, Button(title="Хорошо", kind="callback", payload="csat")),
    (
        {"type": "button", "text": TITLE, "url": "https://a.test"},
        Button(title="Хорошо", kind="url", payload="csat", url="https://a.test"),
    ),
    (
        {"type": "static_select", "selected_option": {"text": TITLE, "value": "42"}},
        Button(title="Хорошо", kind="callback", payload="42"),
    ),
    (
        {"type": "checkboxes", "selected_options": [{"text": TITLE, "value": "42"}]},
        Button(title="Хорошо", kind="callback", payload="42"),
    ),
    (
        {"type": "datepicker", "selected_date": "2026-01-05", "placeholder": TITLE},
        Button(title="Хорошо", kind="other", payload="csat"),
    ),
]


@pytest.mark.parametrize(("action", "button"), PRESSES)
def test_what_was_pressed_or_chosen_is_a_button(shadow: Shadow, action: dict[str, Any], button: Button) -> None:
    (said,) = shadow.told(pressing(**action), FORM)
    assert said.act == Press(button=button, message_id=LATER) and said.at == 1790000012.345678


def test_a_submission_is_a_form_by_the_ids_of_its_fields(shadow: Shadow) -> None:
    values = {
        "c": {"t": {"type": "plain_text_input", "value": "fine"}},
        "d": {"when": {"type": "datepicker", "selected_date": "2026-01-05"}},
        "e": {"size": {"type": "static_select", "selected_option": {"text": TITLE, "value": "42"}}},
    }
    body = interaction(type="view_submission", view={"id": "V0", "callback_id": "csat", "state": {"values": values}})
    form = Form(name="csat", values={"t": "fine", "when": "2026-01-05", "size": "42"})
    assert shadow.act(body, FORM) == Write(parts=(form,))


def test_a_command_is_an_event_without_what_lets_others_speak(shadow: Shadow) -> None:
    fields = {"token": "vt", "team_id": "T0", "channel_id": CHANNEL, "user_id": USER, "command": "/ask", "text": "where?",
              "response_url": "https://hooks.slack.com/commands/T0/1/abc", "trigger_id": "1.2.abc"}  # fmt: skip
    (said,) = shadow.told(urlencode(fields).encode(), FORM)
    assert isinstance(said.act, Event) and said.unread == "slash_command" and said.to == USER
    assert said.act.data["text"] == "where?" and not {"token", "response_url", "trigger_id"} & set(said.act.data)


# -------------------------------------------------------------------------------------------------------- the bot's calls


def posted(shadow: Shadow, ts: str = LATER, channel: str = DM, **body: Any) -> Sent:
    (effect,) = shadow.saw(
        "/api/chat.postMessage", {"channel": channel, **body}, {"ok": True, "channel": channel, "ts": ts}
    ).effects
    assert isinstance(effect, Sent)
    return effect


def test_a_message_goes_to_whose_direct_message_it_is(shadow: Shadow) -> None:
    shadow.told(message())
    sent = posted(shadow, text="Заказ *№77*", thread_ts=TS)
    assert (sent.to, sent.message.ids, sent.message.text, sent.message.reply_to) == (USER, (LATER,), "Заказ №77", TS)
    changed = {"ok": True, "channel": DM, "ts": LATER}
    (edited,) = shadow.saw("/api/chat.update", {"channel": DM, "ts": LATER, "text": "two"}, changed).effects
    assert isinstance(edited, Edited) and edited.message.text == "two" and edited.message.reply_to == TS
    assert shadow.saw("/api/chat.delete", {"channel": DM, "ts": LATER}, changed).effects == (
        Deleted(to=USER, message_ids=(LATER,)),
    )


def test_words_in_a_channel_are_for_whoever_began_the_thread(shadow: Shadow) -> None:
    shadow.told(message(channel=CHANNEL, channel_type="channel"))
    assert posted(shadow, channel=CHANNEL, text="?", thread_ts=TS).to == USER
    answer = {"ok": True, "channel": CHANNEL, "ts": LATER}
    assert not shadow.saw("/api/chat.postMessage", {"channel": CHANNEL, "text": "all"}, answer).effects


def test_a_direct_message_that_the_bot_opens_is_the_persons(shadow: Shadow) -> None:
    shadow.saw("/api/conversations.open", {"users": USER}, {"ok": True, "channel": {"id": DM}})
    assert posted(shadow, text="Hi").to == USER
    (said,) = shadow.told(message(bot_id="B0", app_id="A0BENCH01", user=BOT, ts=LATER, text="Hi"))
    assert isinstance(said.act, Echo) and said.to == USER and said.act.message.author == "bot"


def test_a_form_in_the_call_says_the_same_as_json(shadow: Shadow) -> None:
    shadow.told(message())
    blocks = [{"type": "actions", "elements": [{"type": "button", "action_id": "y", "text": TITLE, "value": "5"}]}]
    body = urlencode(
        {"token": "xoxb-1", "channel": DM, "text": "?", "blocks": msgspec.json.encode(blocks).decode()}
    ).encode()
    answer = msgspec.json.encode({"ok": True, "channel": DM, "ts": LATER})
    seen = shadow.observed(HttpRequest("POST", "/api/chat.postMessage", FORM, body), HttpResponse(200, (), answer))
    assert seen.effects[0].message.buttons[0].payload == "5" and "token" not in seen.call.arguments  # type: ignore[union-attr]


def test_what_is_shown_beside_messages_is_seen(shadow: Shadow) -> None:
    shadow.told(message())
    added = shadow.saw("/api/reactions.add", {"channel": DM, "timestamp": TS, "name": "eyes"}, {"ok": True})
    status = {"channel_id": DM, "thread_ts": TS, "status": "is thinking"}
    assert added.effects == (Reacted(to=USER, message_id=TS, emoji="\N{EYES}"),)
    assert shadow.saw("/api/assistant.threads.setStatus", status, {"ok": True}).effects == (
        Activity(to=USER, action="typing"),
    )


def test_a_response_url_changes_the_message_whose_button_was_pressed(shadow: Shadow) -> None:
    shadow.told(message())
    posted(shadow, text="Sure?")
    shadow.told(pressing(type="button", text=TITLE, value="5"), FORM)
    body = {"replace_original": True, "text": "Thanks"}
    seen = shadow.saw("/actions/T0BENCH01/123/xyz", body, "ok")
    (edited,) = seen.effects
    assert isinstance(edited, Edited) and (edited.message.id, edited.message.text) == (LATER, "Thanks")


def test_the_answer_to_a_command_is_seen(shadow: Shadow) -> None:
    fields = {"team_id": "T0", "channel_id": DM, "user_id": USER, "command": "/ask", "trigger_id": "1.2.abc"}
    shadow.told(urlencode(fields).encode(), FORM)
    call = HttpRequest("POST", f"/answer/command?to={USER}", (), b'{"text": "Looking"}')
    (effect,) = shadow.observed(call, HttpResponse(200), "webhook_answer").effects
    assert isinstance(effect, Sent) and effect.message.text == "Looking"


def test_a_modal_is_seen_by_the_answer_that_has_it(shadow: Shadow) -> None:
    shadow.told(interaction(type="shortcut", callback_id="help"), FORM)
    field = {
        "type": "input",
        "block_id": "c",
        "label": TITLE,
        "element": {"type": "plain_text_input", "action_id": "t"},
    }
    view = {
        "id": "V0BENCH01",
        "type": "modal",
        "callback_id": "csat",
        "title": TITLE,
        "blocks": [field],
        "state": {"values": {}},
    }
    seen = shadow.saw("/api/views.open", {"trigger_id": "111.222.abcdef", "view": view}, {"ok": True, "view": view})
    (effect,) = seen.effects
    assert (
        isinstance(effect, Sent)
        and effect.message.id == "V0BENCH01"
        and Form(name="csat", values={"t": "Хорошо"}) in effect.message.parts
    )


def test_what_slack_refuses_did_nothing(shadow: Shadow) -> None:
    shadow.told(message())
    seen = shadow.saw("/api/chat.postMessage", {"channel": DM, "text": "x"}, {"ok": False, "error": "not_in_channel"})
    assert seen.call is not None and not seen.call.ok and seen.call.error == "not_in_channel" and not seen.effects


def test_blocks_of_a_kind_that_nobody_knows_are_kept_as_they_were_asked_for(shadow: Shadow) -> None:
    shadow.told(message())
    body = {"channel": DM, "blocks": [{"type": "hologram"}]}
    seen = shadow.saw("/api/chat.postMessage", body, {"ok": True, "channel": DM, "ts": LATER})
    assert seen.unread == "message" and seen.effects[0].message.at == NOW  # type: ignore[union-attr]
