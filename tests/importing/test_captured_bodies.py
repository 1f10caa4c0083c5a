"""Webhooks that are no JSON, or whose answers say something, are imported from HAR files and from lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chatdrill.conformance import Scene
from chatdrill.importing.exports import Export
from chatdrill.importing.reader import Options, read_export
from chatdrill.model import Text, Write
from chatdrill.run.registry import load_platform, load_sheet
from chatdrill.wire import HttpRequest

CALLS: dict[str, tuple[str, str, str]] = {
    "twilio": ("https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json", "To=%2B12025550147&Body=Soon", '{"sid": "SM7"}'),
    "wechat": ("https://api.weixin.qq.com/cgi-bin/message/custom/send?access_token=x",
               '{"touser": "{to}", "msgtype": "text", "text": {"content": "Soon"}}', '{"errcode": 0}'),
    "infobip": ("https://abc.api.infobip.com/sms/3/messages",
                '{"messages": [{"destinations": [{"to": "{to}"}], "content": {"text": "Soon"}}]}', "{}"),
}  # fmt: skip
ANSWERS = {
    "twilio": "<Response><Message>At once</Message></Response>",
    "wechat": "<xml><ToUserName>{to}</ToUserName><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[At once]]></Content></xml>",
    "declared": '{"messages": [{"text": "At once"}]}',
}


def entry(request: HttpRequest, second: int, answer: str = "") -> dict[str, Any]:
    data = {"mimeType": request.header("content-type") or "", "text": request.body.decode()}
    return {
        "startedDateTime": f"2030-01-01T00:00:{second:02}Z",
        "time": 250,
        "request": {"method": request.method, "url": request.url, "postData": data},
        "response": {"status": 200, "content": {"text": answer}},
    }


def told(name: str, *texts: str) -> tuple[str, list[HttpRequest]]:
    scene = Scene(load_platform(name), load_sheet(name))
    updates = [update for text in texts for update in scene.happens(Write(parts=(Text(text=text),)))]
    return scene.to, [scene.webhook(update) for update in updates]


@pytest.mark.parametrize("name", ["twilio", "wechat", "infobip", "declared"])
def test_a_proxys_file_has_both_halves(name: str, tmp_path: Path) -> None:
    to, (webhook,) = told(name, "Where is it? & тест")
    entries = [entry(webhook, 0, ANSWERS.get(name, "").replace("{to}", to))]
    if name in CALLS:
        url, body, answer = CALLS[name]
        entries.append(entry(HttpRequest("POST", url, (), body.replace("{to}", to).encode()), 50, answer))
    (tmp_path / "proxy.har").write_text(json.dumps({"log": {"creator": {}, "entries": entries}}), "utf-8")
    (dialog,) = read_export(Export(tmp_path / "proxy.har"), None, Options())
    said = [
        ("customer", "Where is it? & тест"),
        *([("bot", "At once")] if name in ANSWERS else []),
        *([("bot", "Soon")] if name in CALLS else []),
    ]
    assert sorted((turn.role, turn.text) for turn in dialog.turns()) == sorted(said) and dialog.platform == name


@pytest.mark.parametrize("name", ["twilio", "wechat", "infobip", "declared"])
def test_lines_have_the_bodies_as_they_came(name: str, tmp_path: Path) -> None:
    _, webhooks = told(name, "Hello", "Where is it?")
    lines = [json.dumps({"at": 1790000000 + n, "body": one.body.decode()}) for n, one in enumerate(webhooks)]
    (tmp_path / "hooks.jsonl").write_text("\n".join([*lines, lines[0]]), "utf-8")
    (dialog,) = read_export(Export(tmp_path / "hooks.jsonl"), None, Options())
    assert [turn.text for turn in dialog.turns()] == ["Hello", "Where is it?"] and dialog.platform == name
