"""Captures with both halves: bots that answer by a token, in a direct message, in the answer itself, or to a client in the browser."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdrill.importing.captures import captures
from chatdrill.importing.dialog import Turn
from deep import tries
from importing.kit import dialogs, export, turns

LINE_USER, SLACK_USER, DM = "U5b1c0e7f2a3d4968b7c6d5e4f3a2b1c0", "U0BENCH01", "D0BENCH01"
CONNECTOR = "https://directline.botframework.com/v3"


def entry(url: str, body: Any, answer: Any = "", second: int = 0, status: int = 200) -> dict[str, Any]:
    sent = body if isinstance(body, str) else json.dumps(body)
    told = answer if isinstance(answer, str) else json.dumps(answer)
    return {
        "startedDateTime": f"2026-09-21T14:13:{second:02}Z",
        "time": 120.5,
        "request": {"method": "POST", "url": url, "postData": {"text": sent}},
        "response": {"status": status, "content": {"text": told}},
    }


def har(folder: Path, *entries: dict[str, Any]) -> Path:
    return export(folder, "t.har", {"log": {"version": "1.2", "creator": {"name": "x"}, "entries": list(entries)}})


def told(read: list[Turn]) -> list[tuple[str, str, str]]:
    return [(turn.role, turn.does, turn.text) for turn in read]


def line_event(**fields: Any) -> dict[str, Any]:
    source = {"type": "user", "userId": LINE_USER}
    return {
        "destination": "U0",
        "events": [{"source": source, "timestamp": 1790000000000, "replyToken": "tok", **fields}],
    }


def test_a_reply_of_lines_belongs_to_whose_event_gave_the_token(tmp_path: Path) -> None:
    said = line_event(type="message", message={"type": "text", "id": "1", "text": "Hi"})
    reply = {"replyToken": "tok", "messages": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]}
    push = {"to": LINE_USER, "messages": [{"type": "text", "text": "three"}]}
    root = "https://api.line.me/v2/bot/message"
    sent = {"sentMessages": [{"id": "7"}, {"id": "8"}]}
    read = turns(
        har(
            tmp_path,
            entry("https://bot.example/line", said),
            entry(f"{root}/reply", reply, sent, 21),
            entry(f"{root}/push", push, {}, 22),
        )
    )
    assert told(read) == [
        ("customer", "writes", "Hi"),
        *(("bot", "writes", words) for words in ("one", "two", "three")),
    ]


def slack_event(**event: Any) -> dict[str, Any]:
    head = {"type": "message", "channel": DM, "channel_type": "im"}
    return {
        "type": "event_callback",
        "team_id": "T0",
        "api_app_id": "A0",
        "event_id": "Ev0",
        "event": {**head, **event},
    }


def test_a_message_in_slack_and_its_echo_are_one_turn_in_the_persons_chat(tmp_path: Path) -> None:
    said = slack_event(user=SLACK_USER, text="Hi", ts="1790000000.000100")
    button = {"type": "button", "action_id": "y", "text": {"type": "plain_text", "text": "Yes"}, "value": "y"}
    call = {
        "channel": DM,
        "text": "?",
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "*Sure*?"}},
            {"type": "actions", "elements": [button]},
        ],
    }
    answer = {"ok": True, "channel": DM, "ts": "1790000010.000400"}
    echo = slack_event(user="U0BOT", bot_id="B0", app_id="A0", text="Sure?", ts="1790000010.000400")
    press = {
        "type": "block_actions",
        "user": {"id": SLACK_USER},
        "trigger_id": "1.2.x",
        "team": {},
        "container": {"message_ts": "1790000010.000400", "channel_id": DM},
        "actions": [{**button, "action_ts": "1790000012.000000"}],
    }
    hook = "https://bot.example/slack"
    read = turns(
        har(
            tmp_path,
            entry(hook, said),
            entry("https://slack.com/api/chat.postMessage", call, answer, 30),
            entry(hook, echo, "", 31),
            entry(hook, urlencode({"payload": json.dumps(press)}), "", 32),
        )
    )
    assert told(read) == [("customer", "writes", "Hi"), ("bot", "writes", "Sure?"), ("customer", "presses", "Yes")]
    assert read[1].buttons == ("Yes",)


def test_words_in_a_thread_are_for_whoever_began_it(tmp_path: Path) -> None:
    hook, post = "https://bot.example/slack", "https://slack.com/api/chat.postMessage"
    first, second = (
        slack_event(user=user, text="Hi", ts=ts, channel="C0", channel_type="channel")
        for user, ts in ((SLACK_USER, "1790000000.000100"), ("U0OTHER", "1790000001.000100"))
    )
    call = {"channel": "C0", "text": "Hello", "thread_ts": "1790000000.000100"}
    answer = {"ok": True, "channel": "C0", "ts": "1790000010.000400"}
    path = har(tmp_path, entry(hook, first), entry(hook, second), entry(post, call, answer, 30))
    assert [told(list(one.turns())) for one in dialogs(path)] == [
        [("customer", "writes", "Hi"), ("bot", "writes", "Hello")],
        [("customer", "writes", "Hi")],
    ]


def test_echoes_of_slack_are_the_bots_half_where_only_events_were_kept(tmp_path: Path) -> None:
    said = slack_event(user=SLACK_USER, text="Hi", ts="1790000000.000100")
    echo = slack_event(user="U0BOT", bot_id="B0", app_id="A0", text="Hello", ts="1790000010.000400")
    path = export(tmp_path, "hooks.jsonl", "\n".join(json.dumps({"body": one}) for one in (said, echo)))
    assert told(turns(path)) == [("customer", "writes", "Hi"), ("bot", "writes", "Hello")]


ANSWERS = [
    json.dumps([{"recipient_id": "web-77", "text": "Soon", "buttons": [{"title": "Track", "payload": "/track"}]}]),
    '{"recipient_id":"web-77","text":"Soon","buttons":[{"title":"Track","payload":"/track"}]}\n',
]


@pytest.mark.parametrize("answer", ANSWERS, ids=["a list", "lines"])
def test_rasa_answers_in_its_answer(tmp_path: Path, answer: str) -> None:
    said = {"sender": "web-77", "message": "Where is it?"}
    read = turns(har(tmp_path, entry("http://bot.example/webhooks/rest/webhook", said, answer)))
    assert told(read) == [("customer", "writes", "Where is it?"), ("bot", "writes", "Soon")]
    assert read[1].buttons == ("Track",) and read[1].at - read[0].at == pytest.approx(0.1205)


@pytest.mark.parametrize(
    "answer", ["success", "", "<html>", "[5]", '[{"text": "for nobody"}]', '[{"recipient_id": "other", "text": "x"}]']
)
def test_what_is_no_message_to_whoever_wrote_says_nothing(tmp_path: Path, answer: str) -> None:
    said = {"sender": "web-77", "message": "Where is it?", "metadata": {}}
    assert told(turns(har(tmp_path, entry("http://bot.example/x", said, answer)))) == [
        ("customer", "writes", "Where is it?")
    ]


def test_a_callback_of_rasas_is_the_bots_word(tmp_path: Path) -> None:
    said, back = {"sender": "web-77", "message": "Hi"}, {"recipient_id": "web-77", "text": "Hello"}
    lines = "\n".join(json.dumps(one) for one in (said, back))
    assert told(turns(export(tmp_path, "t.jsonl", lines))) == [("customer", "writes", "Hi"), ("bot", "writes", "Hello")]


def activity(**fields: Any) -> dict[str, Any]:
    head = {
        "type": "message",
        "id": "Cnv01|3",
        "channelId": "webchat",
        "serviceUrl": "https://directline.botframework.com/",
    }
    return {**head, "from": {"id": "dl_anna", "name": "Anna"}, "conversation": {"id": "Cnv01"}, "text": "Hi", **fields}


def test_a_web_chat_has_both_halves(tmp_path: Path) -> None:
    hero = {
        "contentType": "application/vnd.microsoft.card.hero",
        "content": {"buttons": [{"type": "imBack", "title": "Yes", "value": "Yes"}]},
    }
    call = {"type": "message", "text": "Sure?", "attachments": [hero]}
    url = f"{CONNECTOR}/conversations/Cnv01/activities/Cnv01%7C3"
    read = turns(
        har(tmp_path, entry("https://bot.example/api/messages", activity()), entry(url, call, {"id": "Cnv01|4"}, 21))
    )
    assert told(read) == [("customer", "writes", "Hi"), ("bot", "writes", "Sure?")] and read[1].buttons == ("Yes",)


def test_replies_that_an_activity_asks_for_are_in_the_answer(tmp_path: Path) -> None:
    answer = {
        "activities": [{"type": "message", "text": "one"}, {"type": "typing"}, {"type": "message", "text": "two"}]
    }
    read = turns(har(tmp_path, entry("https://bot.example/api", activity(deliveryMode="expectReplies"), answer)))
    assert [turn.text for turn in read] == ["Hi", "one", "two"]
    assert len(turns(har(tmp_path, entry("https://bot.example/api", activity(), answer)))) == 1


def test_a_browser_that_speaks_direct_line_shows_both_sides(tmp_path: Path) -> None:
    posted = {"type": "message", "from": {"id": "dl_anna"}, "text": "Hi"}
    shown = {
        "activities": [
            activity(timestamp="2026-09-21T14:13:20Z"),
            activity(
                id="Cnv01|4", text="Hello", **{"from": {"id": "b", "role": "bot"}}, timestamp="2026-09-21T14:13:21Z"
            ),
        ],
        "watermark": "4",
    }
    url = f"{CONNECTOR}/directline/conversations/Cnv01/activities"
    read = turns(har(tmp_path, entry(url, posted, {"id": "Cnv01|3"}, 20), entry(f"{url}?watermark=", {}, shown, 25)))
    assert told(read) == [("customer", "writes", "Hi"), ("bot", "writes", "Hello")]


NAMES = (
    "type", "event", "events", "destination", "payload", "command", "user", "user_id", "team_id", "sender", "message", "recipient_id", "text",
    "conversation", "channelId", "serviceUrl", "object", "update_id", "timestamp",
)  # fmt: skip
JUNK = st.recursive(
    st.one_of(
        st.none(), st.integers(), st.text(max_size=3), st.sampled_from(["event_callback", "message", '{"type":[]}'])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)),
    max_leaves=6,
)


@settings(max_examples=tries(100, 5000), deadline=None)
@given(body=st.dictionaries(st.sampled_from(NAMES), JUNK, max_size=6), text=st.text(max_size=20))
def test_no_body_breaks_those_who_look_whose_it_is(body: dict[str, Any], text: str) -> None:
    for capture in captures():
        if capture.knows(body):
            with suppress(
                ValueError, KeyError, TypeError, AttributeError, IndexError
            ):  # which import words as an error of the file
                list(capture.webhook(body, 0.0))
                list(capture.answer(body, text, 0.0))


def test_chats_of_several_platforms_lie_in_one_capture(tmp_path: Path) -> None:
    said = line_event(type="message", message={"type": "text", "id": "1", "text": "Hi"})
    slack = slack_event(user=SLACK_USER, text="Hi", ts="1790000000.000100")
    rasa = {"sender": "web-77", "message": "Hi"}
    path = har(tmp_path, *(entry("https://bot.example/x", body) for body in (said, slack, rasa, activity())))
    assert sorted(str(one.platform) for one in dialogs(path)) == ["line", "rasa", "slack", "webchat"]
