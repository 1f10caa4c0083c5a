"""The bot on Instagram: what was unsent is forgotten, texts are cut by bytes, files go by link."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from typing import Any

import pytest

from chatdrill_scenarios.shoebot.channels import in_bytes, pieces
from chatdrill_scenarios.shoebot.config import DEFAULTS
from chatdrill_scenarios.shoebot.model import Event
from chatdrill_scenarios.shoebot.store import Store
from shoebot.kit import Call, Dialog, World, said

OWN, ANNA = "17841460012345678", "1254459154682919"
_mids = itertools.count(1)


def message(**content: Any) -> dict[str, Any]:
    return {"message": {"mid": f"aWd{next(_mids)}", **content}}


async def tell(world: World, *items: dict[str, Any], secret: str = DEFAULTS["INSTAGRAM_APP_SECRET"]) -> int:
    basis = {"sender": {"id": ANNA}, "recipient": {"id": OWN}, "timestamp": 1795212345001}
    entry = {"id": OWN, "time": 1, "messaging": [{**basis, **item} for item in items]}
    body = json.dumps({"object": "instagram", "entry": [entry]}).encode()
    proof = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return (await world.request("POST", "/webhooks/instagram", body, {"X-Hub-Signature-256": proof}))[0]


async def sent(world: World, count: int = 1) -> list[dict[str, Any]]:
    """The first messages, without what is only shown."""

    def messages(calls: list[Call]) -> list[dict[str, Any]]:
        return [call.body["message"] for call in calls if "message" in call.body]

    await world.platforms.until(lambda platforms: len(messages(platforms.named("messages"))) >= count)
    return messages(world.platforms.named("messages"))


async def test_a_forged_webhook_is_refused(world: World) -> None:
    assert await tell(world, message(text="hi"), secret="chatdrill-app-secret") == 401


async def test_an_ice_breaker_takes_the_place_of_get_started(world: World) -> None:
    await world.app.bot.ready.wait()
    [call] = [each for each in world.platforms.named("messenger_profile") if each.body.get("platform") == "instagram"]
    assert call.body["ice_breakers"][0]["call_to_actions"][0]["payload"] == "START"
    await tell(world, {"postback": {"mid": "aWd0", "title": "What can you do?", "payload": "START"}})
    assert "Stepwell Shoes" in (await sent(world))[0]["text"]


async def test_echoes_and_what_was_seen_are_not_answered(world: World) -> None:
    await tell(world, message(text="Sunday at 10", is_echo=True), {"read": {"mid": "aWd1"}}, message(text="Hello"))
    await sent(world)
    await world.app.bot.idle()
    assert len(await sent(world)) == 1


async def test_a_message_that_is_unsent_in_its_burst_was_never_there(world: World) -> None:
    secret = message(text="Where is order 553?")
    gone = {"message": {"mid": secret["message"]["mid"], "is_deleted": True}}
    await tell(world, secret, gone, message(text="When do you open?"))
    (answer,) = await sent(world)
    assert "open Monday" in answer["text"] and "553" not in answer["text"]


async def test_the_size_chart_goes_by_link(world: World) -> None:
    await tell(world, message(text="Which sizes do you have?"))
    picture = (await sent(world, 2))[1]["attachment"]
    assert picture["type"] == "image" and "/files/" in picture["payload"]["url"]


def test_nothing_is_left_of_an_unsent_message() -> None:
    dialog = Dialog()
    dialog.tell("hello")
    event = said("Where is order 553?")
    unsent = Event("telegram", "7", f"{event.message_id}~unsent", "edit", message_id=event.message_id)
    assert unsent.is_unsent and dialog.tell(event, unsent) == "" and dialog.tell(unsent) == ""


def test_the_log_forgets_what_was_unsent_and_says_if_the_desk_has_it() -> None:
    store = Store(":memory:")
    for mark in ("instagram:m1", "instagram:m1#0", "instagram:m10"):
        store.log("instagram:7", mark, "customer", "words", 1.0, None)
    store.shown("instagram:7", ["instagram:m1"])
    assert store.unlog("instagram:7", "instagram:m1") and not store.unlog("instagram:7", "instagram:m1")
    assert [line[0] for line in store.lines("instagram:7", 9)] == ["instagram:m10"]
    assert not store.unlog("instagram:7", "instagram:m10")


@pytest.mark.parametrize("text", ["ж" * 700, "слово " * 300, "😀" * 400, "a" * 1000, "первый\n\nвторой " * 60])
def test_pieces_are_legal_and_lose_nothing(text: str) -> None:
    found = pieces(text, 1000, in_bytes)
    assert all(len(piece.encode()) <= 1000 for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())
