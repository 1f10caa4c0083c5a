"""The bot on LINE: the first answer by the reply token, the rest by pushes that are not said twice."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
from typing import Any

import pytest

from chatdrill_scenarios.shoebot.channels import line
from chatdrill_scenarios.shoebot.config import DEFAULTS
from shoebot.kit import Call, World

OLENA = "U5b1c0e7f2a3d4968b7c6d5e4f3a2b1c0"
BUSY = (429, {"message": "The API rate limit has been exceeded. Try again later."}, {})
BEFORE = (409, {"message": "The retry key is already accepted"}, {})
_numbers = itertools.count(1)


def event(kind: str, **fields: Any) -> dict[str, Any]:
    number = next(_numbers)
    known = {"type": kind, "mode": "active", "timestamp": 1767225601000, "source": {"type": "user", "userId": OLENA}}
    return {**known, "webhookEventId": f"{number:026}", "replyToken": f"{number:032x}", **fields}


def message(text: str = "", **content: Any) -> dict[str, Any]:
    return event("message", message={"type": "text", "id": str(next(_numbers)), "text": text, **content})


async def tell(world: World, *events: dict[str, Any], secret: str = DEFAULTS["LINE_CHANNEL_SECRET"]) -> int:
    body = json.dumps({"destination": "U0", "events": events}).encode()
    proof = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return (await world.request("POST", "/webhooks/line", body, {"X-Line-Signature": proof}))[0]


async def sends(world: World, count: int = 1) -> list[Call]:
    await world.platforms.until(lambda platforms: len(platforms.named("reply", "push")) >= count)
    return world.platforms.named("reply", "push")


async def test_a_forged_webhook_is_refused(world: World) -> None:
    assert await tell(world, message("hi"), secret="other") == 401


async def test_a_test_of_the_address_is_accepted(world: World) -> None:
    assert await tell(world) == 200


async def test_an_answer_is_a_reply_with_buttons_behind_dots(world: World) -> None:
    said = message("hello")
    await tell(world, said)
    (call,) = await sends(world)
    assert (call.method, call.body["replyToken"]) == ("reply", said["replyToken"])
    actions = [item["action"] for item in call.body["messages"][0]["quickReply"]["items"]]
    assert actions[0] == {
        "type": "postback",
        "label": "Order status",
        "data": "menu:status",
        "displayText": "Order status",
    }
    assert world.platforms.named("start")[0].body["chatId"] == OLENA


async def test_what_follows_is_pushed_with_a_key_of_its_own(world: World) -> None:
    await tell(world, message("size chart, please"))
    first, second = await sends(world, 2)
    assert (first.method, second.method, second.body["to"]) == ("reply", "push", OLENA)
    assert second.headers["X-Line-Retry-Key"] and "X-Line-Retry-Key" not in first.headers
    assert second.body["messages"][0]["originalContentUrl"].startswith("http://127.0.0.1:8080/files/")


async def test_an_old_token_is_not_used(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "REPLY_S", 0.0)
    await tell(world, message("hello"))
    assert [call.method for call in await sends(world)] == ["push"]


async def test_a_push_that_was_accepted_before_is_a_success(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "REPLY_S", 0.0)
    world.platforms.failures.extend([BUSY, BEFORE])
    await tell(world, message("size chart, please"))
    first, again, picture = await sends(world, 3)
    assert first.headers["X-Line-Retry-Key"] == again.headers["X-Line-Retry-Key"] != picture.headers["X-Line-Retry-Key"]


async def test_a_press_is_its_data(world: World) -> None:
    await tell(world, event("postback", postback={"data": "menu:status"}))
    assert "order number" in (await sends(world))[0].body["messages"][0]["text"]


async def test_adding_the_account_and_a_link_begin_anew(world: World) -> None:
    await tell(world, event("follow", follow={"isUnblocked": False}))
    await tell(world, message("ord_553"))
    first, second = await sends(world, 2)
    assert "Stepwell" in first.body["messages"][0]["text"] and "Order 553" in second.body["messages"][0]["text"]


@pytest.mark.parametrize(
    "update",
    [
        event("unfollow"),
        event("follow", follow={"isUnblocked": True}),
        event("join", source={"type": "group", "groupId": "C1"}),
        event("message", source={"type": "group", "groupId": "C1"}, message={"type": "text", "id": "1", "text": "hi"}),
        event("message", mode="standby", message={"type": "text", "id": "1", "text": "hi"}),
        event("unsend", unsend={"messageId": "1"}),
        {"type": "message"},
        {},
    ],
)
async def test_what_nobody_said_needs_no_answer(world: World, update: dict[str, Any]) -> None:
    assert await tell(world, update) == 200
    await world.app.bot.idle()
    assert world.platforms.named("reply", "push") == []
