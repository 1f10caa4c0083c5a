"""The bot on Slack: one address for everything, its own words left alone, errors in answers of success."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest

from chatdrill_scenarios.shoebot.config import DEFAULTS
from shoebot.kit import Call, World

GONE = (200, {"ok": False, "error": "channel_not_found"}, {})
_numbers = itertools.count(1)


def event(kind: str = "message", **fields: Any) -> bytes:
    number = next(_numbers)
    inner = {
        "type": kind,
        "user": "U1",
        "channel": "D1",
        "channel_type": "im",
        "ts": f"17900000{number:02}.000100",
        **fields,
    }
    return json.dumps({"type": "event_callback", "event_id": f"Ev{number}", "event": inner}).encode()


def press(payload: str) -> bytes:
    said = {
        "type": "block_actions",
        "trigger_id": f"{next(_numbers)}.1",
        "user": {"id": "U1"},
        "actions": [{"value": payload}],
    }
    return urlencode({"payload": json.dumps(said)}).encode()


async def tell(
    world: World, body: bytes, *, secret: str = DEFAULTS["SLACK_SIGNING_SECRET"], ago_s: int = 0
) -> tuple[int, bytes]:
    stamp = str(int(time.time()) - ago_s)
    proof = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={proof}"}
    return await world.request("POST", "/webhooks/slack", body, headers)


async def posts(world: World, count: int = 1) -> list[Call]:
    await world.platforms.until(lambda platforms: len(platforms.named("chat.postMessage")) >= count)
    return world.platforms.named("chat.postMessage")


@pytest.mark.parametrize("forged", [{"secret": "other"}, {"ago_s": 301}, {"ago_s": -301}])
async def test_a_forged_or_old_request_is_refused(world: World, forged: dict[str, Any]) -> None:
    assert (await tell(world, event(text="hi"), **forged))[0] == 401


async def test_the_challenge_is_given_back(world: World) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "chal-7"}).encode()
    assert await tell(world, body) == (200, b"chal-7")


async def test_words_are_read_out_of_the_markup_and_written_into_it(world: World) -> None:
    await tell(world, event(text="where is order 553 &lt;&amp; <https://shop.example/1>"))
    (call,) = await posts(world)
    assert call.body["channel"] == "U1" and "553" in call.body["text"] and call.body["mrkdwn"] is False
    assert call.headers["Authorization"] == f"Bearer {DEFAULTS['SLACK_BOT_TOKEN']}"


async def test_a_press_comes_in_a_form_and_buttons_go_out_in_blocks(world: World) -> None:
    await tell(world, press("menu:status"))
    (call,) = await posts(world)
    assert "order number" in call.body["text"]
    await tell(world, event("app_home_opened", tab="messages"))
    menu = (await posts(world, 2))[1].body["blocks"][1]["elements"]
    assert [one["value"] for one in menu] == ["menu:status", "menu:return", "menu:fitting", "menu:person"]


async def test_a_command_is_a_question_like_any_other(world: World) -> None:
    form = {"command": "/ask", "text": "where is order 553", "user_id": "U1", "trigger_id": "9.9"}
    await tell(world, urlencode(form).encode())
    assert "553" in (await posts(world))[0].body["text"]


async def test_a_refusal_in_an_answer_of_success_ends_the_turn(world: World) -> None:
    await world.app.bot.ready.wait()
    world.platforms.failures.append(GONE)
    await tell(world, event(text="size chart, please"))
    await posts(world)
    await world.app.bot.idle()
    assert len(world.platforms.named("chat.postMessage", "conversations.open", "files.getUploadURLExternal")) == 1


@pytest.mark.parametrize(
    "body",
    [
        event(text="mine", bot_id="B1"),
        event(text="x", channel_type="channel"),
        event(
            subtype="message_changed", message={"user": "U1", "text": "a", "ts": "1.2"}, previous_message={"text": "b"}
        ),
        event(subtype="message_deleted", deleted_ts="1.2"),
        event("app_home_opened", tab="home"),
        event("reaction_added"),
        b'{"type":"app_rate_limited"}',
        b'{"type":"event_callback"}',
        urlencode({"payload": '{"type":"view_closed"}'}).encode(),
    ],
)
async def test_what_nobody_said_needs_no_answer(world: World, body: bytes) -> None:
    assert await tell(world, body) == (200, b"")
    await world.app.bot.idle()
    assert world.platforms.named("chat.postMessage") == []
