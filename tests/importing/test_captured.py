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
