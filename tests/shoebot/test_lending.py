"""Files under links of the bot's own, for desks that take no bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from chatdrill_scenarios.shoebot.desks import File
from chatdrill_scenarios.shoebot.lending import KEEP_S, Files
from chatdrill_scenarios.shoebot.store import Store
from shoebot.kit import PICTURE, World, build

SHOE = File("żółty but.jpg", "image/jpeg", PICTURE)
ROOT = "http://127.0.0.1:8080"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    built = await build()
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
