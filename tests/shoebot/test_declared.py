"""The bot on a company's own chat: signed and dated webhooks, albums, a place without words."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from typing import Any

import pytest

from chatdrill_scenarios.shoebot.channels.declared import Declared
from chatdrill_scenarios.shoebot.config import DEFAULTS
from shoebot.kit import World

ANNA = {"id": "c-12345678", "name": "Anna", "language": "en"}
_ids = itertools.count(1)


def event(kind: str, **fields: Any) -> dict[str, Any]:
    return {"event": kind, "id": f"e-{next(_ids)}", "at": 1767225601000, "chat": ANNA, **fields}


def message(**content: Any) -> dict[str, Any]:
    return event("message", message={"id": f"m-{next(_ids)}", "files": [], **content})


async def tell(world: World, update: Any, age_s: int = 0, secret: str = DEFAULTS["DECLARED_SECRET"]) -> int:
    body, stamp = json.dumps(update).encode(), str(int(time.time()) - age_s)
    proof = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {"X-Acme-Timestamp": stamp, "X-Acme-Signature": f"sha256={proof}"}
    return (await world.request("POST", "/webhooks/declared", body, headers))[0]


async def test_a_forged_or_an_old_webhook_is_refused(world: World) -> None:
    assert await tell(world, message(text="hi"), secret="other") == 401
    assert await tell(world, message(text="hi"), age_s=600) == 401
    assert await tell(world, message(text="hi"), age_s=60) == 200


async def test_a_greeting_goes_to_the_chat_with_its_buttons(world: World) -> None:
    assert await tell(world, message(text="hello")) == 200
    await world.platforms.until(lambda platforms: bool(platforms.named("messages")))
    (call,) = world.platforms.named("messages")
    assert call.body["chat"] == ANNA["id"] and call.headers["Authorization"] == "Bearer declared-token"
    assert all(set(button) == {"title", "payload"} for button in call.body["buttons"])


async def test_what_nobody_knows_is_accepted_and_does_nothing(world: World) -> None:
    assert [await tell(world, update) for update in ({}, event("novelty"), event("typing"))] == [200, 200, 200]


@pytest.mark.parametrize("count", [1, 3])
def test_the_pictures_of_an_album_are_told_apart(count: int) -> None:
    files = [{"url": f"http://a.test/{n}", "type": "image/png", "name": "a.png", "size": 1} for n in range(count)]
    channel = object.__new__(Declared)
    events = list(channel.events(message(files=files, text="here")))
    assert len({one.id for one in events}) == len({one.message_id for one in events}) == count
    assert [one.text for one in events] == ["here", *[""] * (count - 1)]
