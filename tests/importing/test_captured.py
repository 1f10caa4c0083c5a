"""Captured webhooks are read by what each platform reads back of them, and nothing is told twice."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from chatdrill.conformance import Scene
from chatdrill.conformance.scene import body_of
from chatdrill.importing.captures import captures
from chatdrill.importing.exports import Export
from chatdrill.importing.reader import Options, read_export
from chatdrill.model import Echo, Message, React, Text, Write
from chatdrill.run.registry import load_platform, load_sheet
from importing.kit import dialogs, export, turns

HELLO = Write(parts=(Text(text="hello"),))


def scene_of(name: str) -> Scene:
    return Scene(load_platform(name), load_sheet(name))


@pytest.mark.parametrize(
    "name",
    ["telegram", "whatsapp", "messenger", "instagram", "viber", "rasa", "line", "slack", "webchat", "twilio", "wechat", "infobip", "declared"],
)  # fmt: skip
def test_every_platform_that_reads_webhooks_back_is_imported(name: str) -> None:
    scene = scene_of(name)
    (capture,) = [one for one in captures() if one.platform == name]
    (update,) = scene.happens(HELLO)
    body = body_of(replace(update, body=scene.webhook(update).body))
    ((chat, turn),) = capture.webhook(body, 0.0)
    assert capture.knows(body) and chat == scene.to and (turn.text, turn.role) == ("hello", "customer")


def test_what_is_told_again_and_what_is_no_message_is_one_turn(tmp_path: Path) -> None:
    scene = scene_of("instagram")
    updates = scene.happens(HELLO)
    updates += updates
    mine = scene.words["mine"]
    agent = Message(ids=("?",), author="agent", parts=(Text(text="Eva here"),), at=0.0)
    updates += [*scene.happens(React(message_id=mine, emoji="👍")), *scene.happens(Echo(message=agent))]
    lines = [json.dumps(msgspec.json.decode(scene.webhook(update).body)) for update in updates]
    (tmp_path / "hooks.jsonl").write_text("\n".join(lines), "utf-8")
    (dialog,) = read_export(Export(tmp_path / "hooks.jsonl"), None, Options())
    turns = [(turn.role, turn.does, turn.text) for turn in dialog.turns()]
    assert turns == [("customer", "writes", "hello"), ("customer", "reacts", "👍"), ("agent", "writes", "Eva here")]


def test_webhooks_in_lines_of_three_platforms_bare_and_wrapped(tmp_path):
    update = {
        "update_id": 1,
        "message": {
            "message_id": 7,
            "date": 1710252300,
            "chat": {"id": 42, "type": "private"},
            "from": {"id": 42, "first_name": "Anna"},
            "text": "Hi",
        },
    }
    edit = {"update_id": 2, "edited_message": {**update["message"], "edit_date": 1710252310, "text": "Hello"}}
    value = {
        "messaging_product": "whatsapp",
        "contacts": [{"profile": {"name": "Jan"}, "wa_id": "48500"}],
        "messages": [{"from": "48500", "id": "w1", "timestamp": "1710252300", "type": "text", "text": {"body": "Hej"}}],
    }
    whatsapp = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }
    messenger = {
        "object": "page",
        "entry": [
            {
                "id": "1",
                "messaging": [
                    {"sender": {"id": "77"}, "timestamp": 1710252300000, "message": {"mid": "m", "text": "Hola"}}
                ],
            }
        ],
    }
    viber = {
        "event": "message",
        "timestamp": 1710252300000,
        "message_token": 5,
        "sender": {"id": "v", "name": "Ola"},
        "message": {"type": "text", "text": "Cze"},
    }
    lines = "\n".join(
        map(
            json.dumps,
            (
                update,
                {"at": "2024-03-12T14:05:00Z", "body": json.dumps(whatsapp)},
                {"level": "info"},
                edit,
                {"payload": messenger},
                viber,
            ),
        )
    )
    read = {
        one.platform: [(turn.who, turn.does, turn.text) for turn in one.turns()]
        for one in dialogs(export(tmp_path, "hooks.jsonl", lines))
    }
    assert read == {
        "telegram": [("Anna", "writes", "Hi"), ("Anna", "edits", "Hello")],
        "whatsapp": [("Jan", "writes", "Hej")],
        "messenger": [("77", "writes", "Hola")],
        "viber": [("Ola", "writes", "Cze")],
    }


def test_a_har_has_both_halves(tmp_path):
    def entry(url, body, answer, time):
        return {
            "startedDateTime": time,
            "request": {"method": "POST", "url": url, "postData": {"text": json.dumps(body)}},
            "response": {"status": 200, "content": {"text": json.dumps(answer)}},
        }

    update = {
        "update_id": 1,
        "message": {
            "message_id": 7,
            "date": 1710252300,
            "chat": {"id": 42, "type": "private"},
            "from": {"id": 42, "first_name": "Anna"},
            "text": "/start ad7",
        },
    }
    call = {
        "chat_id": 42,
        "text": "Hello",
        "reply_markup": {"inline_keyboard": [[{"text": "Track", "callback_data": "t"}]]},
    }
    press = {
        "update_id": 2,
        "callback_query": {
            "id": "q",
            "from": {"id": 42, "first_name": "Anna"},
            "data": "t",
            "message": {"message_id": 8, "chat": {"id": 42}, "reply_markup": call["reply_markup"]},
        },
    }
    made = [
        entry("https://bot.example/hook", update, {}, "2024-03-12T14:05:00Z"),
        entry(
            "https://api.telegram.org/bot1:AA/sendMessage",
            call,
            {"ok": True, "result": {"message_id": 8, "date": 1710252301}},
            "2024-03-12T14:05:01Z",
        ),
        entry("https://bot.example/hook", press, {}, "2024-03-12T14:05:09Z"),
        entry("https://elsewhere.example/", {"a": 1}, {}, "2024-03-12T14:05:10Z"),
    ]
    har = {"log": {"version": "1.2", "creator": {"name": "x"}, "entries": made}}
    read = turns(export(tmp_path, "traffic.har", har))
    assert [(turn.role, turn.does, turn.text, turn.buttons) for turn in read] == [
        ("customer", "starts", "", ()),
        ("bot", "writes", "Hello", ("Track",)),
        ("customer", "presses", "Track", ()),
    ]
    assert read[0].payload == "ad7"
