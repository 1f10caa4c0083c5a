"""Files under links of the bot's own, for desks that take no bytes; and a desk that has nobody."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from chatdrill_scenarios.shoebot.config import DEFAULTS
from chatdrill_scenarios.shoebot.desks import File
from chatdrill_scenarios.shoebot.lending import KEEP_S, Files
from chatdrill_scenarios.shoebot.model import State
from chatdrill_scenarios.shoebot.store import Store
from chatdrill_scenarios.shoebot.texts import text
from shoebot.kit import PICTURE, World, build, texts

SHOE = File("żółty but.jpg", "image/jpeg", PICTURE)
ROOT = "http://127.0.0.1:8080"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    built = await build(SHOEBOT_DESK="botframework", BOTFRAMEWORK_API_ROOT="http://127.0.0.1:9")
    yield built
    await built.close()


async def test_whoever_has_the_link_has_the_file(world: World) -> None:
    link = world.app.bot.files.lend(SHOE)
    path = link.removeprefix(ROOT)
    assert await world.request("GET", path) == (200, PICTURE)
    assert await world.request("HEAD", path) == (200, b"")
    assert (await world.request("POST", path))[0] == 404
    assert (await world.request("GET", "/files/x/but.jpg"))[0] == 404


def test_the_same_file_has_the_same_link_also_after_a_restart(tmp_path) -> None:  # type: ignore[no-untyped-def]
    links = []
    for _ in range(2):
        store = Store(str(tmp_path / "bot.db"))
        links.append(Files(store, ROOT).lend(SHOE))
        store.close()
    assert links[0] == links[1]
    assert Files(Store(":memory:"), ROOT).lend(SHOE) != links[0]


def test_what_nobody_lends_any_more_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    files, now = Files(Store(":memory:"), ROOT), 1_000.0
    monkeypatch.setattr("time.time", lambda: now)
    path = files.lend(SHOE).removeprefix(ROOT)
    assert files.find(path) == SHOE
    now += KEEP_S + 1
    files.lend(File("other", "text/plain", b"x"))
    assert files.find(path) is None


async def test_where_nobody_takes_it_the_bot_is_in_charge_again_and_says_so(world: World) -> None:
    store = world.app.bot.store
    store.save("telegram:7", State(language="pl", with_person=True, ticket="t1"), None)
    store.open_ticket("t1", "telegram:7")
    status = {"type": "event", "name": "handoff.status", "value": {"state": "failed"}, "id": "t1|1"}
    hook = {**status, "conversation": {"id": "t1"}, "timestamp": "2026-03-27T10:00:00Z"}
    for _ in range(2):
        token = {"Authorization": f"Bearer {DEFAULTS['BOTFRAMEWORK_HUB_TOKEN']}"}
        assert (await world.request("POST", "/webhooks/botframework", json.dumps(hook).encode(), token))[0] == 200
    assert texts(await world.platforms.answered()) == [text("person.failed", "pl")]
    assert not store.load("telegram:7").with_person and not store.is_open("t1")
