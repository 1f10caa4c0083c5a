"""The bot on Viber: the greeting in the webhook's answer, presses that are messages, statuses in answers of success."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from typing import Any

import pytest

from chatdrill_scenarios.shoebot.config import DEFAULTS
from chatdrill_scenarios.shoebot.store import Store
from shoebot.kit import Call, World

OLENA = {"id": "xy5/5y6O81+/kbWHpLhBoA==", "name": "Olena", "language": "en", "country": "UA", "api_version": 10}
BUSY = (200, {"status": 12, "status_message": "Too many requests"}, {})
GONE = (200, {"status": 6, "status_message": "notSubscribed"}, {})
_tokens = itertools.count(5_753_750_845_017_966_998)


def event(kind: str, **fields: Any) -> dict[str, Any]:
    return {"event": kind, "timestamp": 1767225601000, "message_token": next(_tokens), **fields}


def message(**content: Any) -> dict[str, Any]:
    return event("message", sender=OLENA, message={"type": "text", **content}, silent=False)


def opening(**fields: Any) -> dict[str, Any]:
    return event("conversation_started", type="open", user=OLENA, subscribed=False, **fields)


async def tell(world: World, update: dict[str, Any], token: str = DEFAULTS["VIBER_TOKEN"]) -> tuple[int, bytes]:
    body = json.dumps(update).encode()
    proof = hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
    return await world.request("POST", "/webhooks/viber", body, {"X-Viber-Content-Signature": proof})


async def sends(world: World, count: int = 1) -> list[Call]:
    await world.platforms.until(lambda platforms: len(platforms.named("send_message")) >= count)
    return world.platforms.named("send_message")


async def test_a_forged_callback_is_refused(world: World) -> None:
    assert (await tell(world, message(text="hi"), token="other"))[0] == 401


async def test_the_webhook_is_set_by_the_bot(world: World) -> None:
    await world.app.bot.ready.wait()
    (call,) = world.platforms.named("set_webhook")
    assert call.body["url"] == "http://127.0.0.1:8080/webhooks/viber" and call.body["send_name"] is True
    assert call.headers["X-Viber-Auth-Token"] == DEFAULTS["VIBER_TOKEN"]


async def test_who_opens_the_chat_is_greeted_in_the_answer_and_with_the_same_words_again(world: World) -> None:
    update = opening(context="ord_553")
    first, again = await tell(world, update), await tell(world, update)
    greeting = json.loads(first[1])
    assert first == again and "Order 553" in greeting["text"] and greeting["sender"] == {"name": "Stepwell Shoes"}
    assert json.loads(greeting["tracking_data"]) == [one["ActionBody"] for one in greeting["keyboard"]["Buttons"]]
    assert world.platforms.named("send_message") == []


async def test_who_never_writes_is_not_reminded(world: World) -> None:
    await tell(world, opening())
    store: Store = world.app.bot.store
    assert store.alarms() == []


async def test_who_is_subscribed_already_is_greeted_by_a_message(world: World) -> None:
    assert await tell(world, {**opening(), "subscribed": True}) == (200, b"")
    (call,) = await sends(world)
    assert "Stepwell Shoes" in call.body["text"] and call.body["receiver"] == OLENA["id"]


async def test_a_payload_that_was_offered_is_a_press_and_any_other_text_is_not(world: World) -> None:
    offered = json.dumps(["menu:status"])
    await tell(world, message(text="menu:status", tracking_data=offered))
    (call,) = await sends(world)
    assert "order number" in call.body["text"]
    await tell(world, message(text="menu:status", tracking_data="broken"))
    assert "still need" in (await sends(world, 2))[1].body["text"]


async def test_too_many_requests_in_an_answer_of_success_are_tried_again(world: World) -> None:
    await world.app.bot.ready.wait()
    world.platforms.failures.append(BUSY)
    await tell(world, message(text="where is order 553"))
    first, second = await sends(world, 2)
    assert first.body == second.body


async def test_a_customer_who_has_gone_is_not_written_to_again(world: World) -> None:
    await world.app.bot.ready.wait()
    world.platforms.failures.append(GONE)
    await tell(world, message(text="where is order 553"))
    await sends(world)
    await world.app.bot.idle()
    assert len(world.platforms.named("send_message")) == 1


async def test_a_picture_is_shown_by_a_link_to_the_bots_own_file(world: World) -> None:
    await tell(world, message(text="size chart, please"))
    calls = await sends(world, 2)
    picture = next(call.body for call in calls if call.body["type"] == "picture")
    assert picture["media"].startswith("http://127.0.0.1:8080/files/") and picture["media"].endswith(".png")
    path = picture["media"].removeprefix("http://127.0.0.1:8080")
    status, content = await world.request("GET", path)
    assert status == 200 and content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "update",
    [
        event("delivered", user_id=OLENA["id"]),
        event("seen", user_id=OLENA["id"]),
        event("unsubscribed", user_id=OLENA["id"]),
        event("subscribed", user=OLENA),
        event("client_status", user={"id": OLENA["id"]}),
        {"event": "conversation_started"},
        {"event": "message", "message_token": 1},
        {},
    ],
)
async def test_what_nobody_said_needs_no_answer(world: World, update: dict[str, Any]) -> None:
    assert await tell(world, update) == (200, b"")
    await world.app.bot.idle()
    assert world.platforms.named("send_message") == []
