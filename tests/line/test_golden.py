"""Every event, key by key, against its golden payload; and the signature's test vectors."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

import chatdrill_fakes.platforms.line as wire
from chatdrill.model import Text, Write
from chatdrill_fakes.platforms.line import platform
from chatdrill_fakes.platforms.line.sheet.golden import golden
from chatdrill_fakes.platforms.line.webhooks import signature
from line.kit import NOW, SECRET, Account, masked

GOLDEN: dict[str, Any] = msgspec.json.decode((Path(wire.__file__).parent / "golden" / "events.json").read_bytes())
BOT = "U0d3f5a7b9c1e2f4a6b8d0c2e4f6a8b1c"


@pytest.mark.parametrize("name", ["text", "location", "follow", "unfollow", "postback", "join", "memberLeft"])
def test_an_event_has_the_shape_of_its_golden_payload(account: Account, name: str) -> None:
    """The kit compares all of them with what acts make; here the order of the keys is looked at, too."""
    act = next(one.act for one in golden() if one.name == name)
    if hasattr(act, "after"):
        act = act.act
        account.says()
        sent = account.sent({"type": "text", "text": "?", "quickReply": {"items": [
            {"type": "action", "action": {"type": "postback", "label": "Cancel", "data": "action=cancel&order=553", "displayText": "Cancel it"}}]}})  # fmt: skip
        act = msgspec.structs.replace(act, message_id=sent.id)
    assert json.dumps(masked(account.told(act)[0])) == json.dumps(masked(GOLDEN[name]))


@pytest.mark.parametrize(
    ("body", "proof"),
    [
        (f'{{"destination":"{BOT}","events":[]}}', "oH1uVyB8nb/I6nEam5CvR7LYCRFvDexUQTkK+aV4hzs="),
        ('{"events":[{"text":"Привіт 😀"}]}', "SrNYe58fIxtAv8XO+fqNUkP8OzHSQFJCKM6TGHI7eMY="),
    ],
)
def test_a_signature_is_the_base64_of_the_hmac_under_the_secret_as_text(body: str, proof: str) -> None:
    assert signature(SECRET, body.encode()) == proof


def test_a_test_of_the_address_has_the_bytes_of_the_vector(account: Account) -> None:
    request = platform.request(account.state, (), NOW)
    assert request.body == f'{{"destination":"{BOT}","events":[]}}'.encode()
    assert request.header("X-Line-Signature") == "oH1uVyB8nb/I6nEam5CvR7LYCRFvDexUQTkK+aV4hzs="


def test_several_peoples_events_come_in_one_webhook(account: Account) -> None:
    updates = [*account.updates(Write(parts=(Text(text="one"),))), *account.updates(Write(parts=(Text(text="two"),)))]
    body = msgspec.json.decode(platform.request(account.state, updates, NOW).body)
    assert [event["message"]["text"] for event in body["events"]] == ["one", "two"] and body["destination"] == BOT


def test_ids_have_the_vendors_shapes(account: Account) -> None:
    event = account.says()
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", event["webhookEventId"])
    assert re.fullmatch(r"[0-9a-f]{32}", event["replyToken"]) and re.fullmatch(r"\d{18}", event["message"]["id"])


def test_the_time_stands_in_an_events_id(account: Account) -> None:
    first = account.says()["webhookEventId"]
    account.now += 1
    assert first < account.says()["webhookEventId"]
