"""What a desk tells the bot: too early, only as a hint, or that it has nobody."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatdrill_scenarios.shoebot.api import ApiError
from chatdrill_scenarios.shoebot.config import DEFAULTS
from chatdrill_scenarios.shoebot.desks import Handover, News
from chatdrill_scenarios.shoebot.model import Say, State
from chatdrill_scenarios.shoebot.texts import text
from shoebot.kit import World, build, telegram_message, texts

CHAT = "telegram:512340987"
TOKEN = {"Authorization": f"Bearer {DEFAULTS['BOTFRAMEWORK_HUB_TOKEN']}"}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    nowhere = dict.fromkeys(("BOTFRAMEWORK_API_ROOT", "BOTFRAMEWORK_LOGIN_URL"), "http://127.0.0.1:9")
    built = await build(SHOEBOT_DESK="botframework", SHOEBOT_DESK_HOURS="mon-sun 00:00-24:00", **nowhere)
    yield built
    await built.close()


async def tell(world: World, state: str, ticket: str = "t1") -> None:
    status = {"type": "event", "name": "handoff.status", "value": {"state": state}, "id": f"{ticket}|{state}"}
    hook = {**status, "conversation": {"id": ticket}, "timestamp": "2026-03-27T10:00:00Z"}
    assert (await world.request("POST", "/webhooks/botframework", json.dumps(hook).encode(), TOKEN))[0] == 200


def waiting(world: World, **fields: Any) -> None:
    """The customer waits for a person in ticket t1."""
    world.app.bot.store.save(CHAT, State(with_person=True, ticket="t1", **fields), None)
    world.app.bot.store.open_ticket("t1", CHAT)


async def test_where_nobody_takes_it_the_bot_is_in_charge_again_and_says_so(world: World) -> None:
    waiting(world, language="pl")
    for _ in range(2):
        await tell(world, "failed")
    assert texts(await world.platforms.answered()) == [text("person.failed", "pl")]
    store = world.app.bot.store
    assert not store.load(CHAT).with_person and not store.is_open("t1")


async def test_what_a_desk_tells_before_the_bot_knows_the_ticket_is_not_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def open_slowly(_: Handover) -> str:
        await tell(world, "failed")
        return "t1"

    assert world.app.bot.counter is not None
    monkeypatch.setattr(world.app.bot.counter.desk, "open", open_slowly)
    await world.telegram(message=telegram_message(text="I want to talk to a person"))
    said = texts(await world.platforms.answered(2))
    assert said[1] == text("person.failed", "en") and not world.app.bot.store.load(CHAT).with_person


async def test_a_hint_makes_the_bot_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = asyncio.Event()

    async def recent(ticket: str) -> list[News]:
        looked.set()
        return [News("reply", ticket, "5", "Hello, Bob here.")]

    waiting(world)
    counter = world.app.bot.counter
    assert counter is not None
    monkeypatch.setattr(counter.desk, "recent", recent)
    counter.receive([News("look", "t1", ""), News("look", "unknown", "")])
    assert texts(await world.platforms.answered()) == ["Hello, Bob here."] and looked.is_set()


async def test_what_a_slow_look_saw_before_the_end_calls_nobody_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ended = asyncio.Event(), asyncio.Event()

    async def recent(ticket: str) -> list[News]:
        asked.set()
        await ended.wait()
        return [News("accepted", ticket, "accepted:bob"), News("reply", ticket, "5", "One more word.")]

    waiting(world)
    bot, counter = world.app.bot, world.app.bot.counter
    assert counter is not None
    monkeypatch.setattr(counter.desk, "recent", recent)
    counter.receive([News("look", "t1", "")])
    await asked.wait()
    bot.store.save(CHAT, State(), None)
    counter.failed("t1")  # forgets the ticket, as any end does
    ended.set()
    assert texts(await world.platforms.answered()) == ["One more word."]
    assert not bot.store.load(CHAT).with_person


async def test_what_a_slow_look_saw_before_the_end_is_news_when_it_comes_true_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, counter = world.app.bot, world.app.bot.counter
    came, later = News("accepted", "t1", "accepted:bob"), News("reply", "t1", "5", "I am back.", in_charge=False)

    async def recent(_: str) -> list[News]:
        bot.store.save(CHAT, State(), None)
        counter.failed("t1")  # forgets the ticket, as any end does
        return [came, later]

    waiting(world)
    monkeypatch.setattr(counter.desk, "recent", recent)
    counter.receive([News("look", "t1", "")])
    assert texts(await world.platforms.answered()) == ["I am back."]
    monkeypatch.setattr(counter.desk, "recent", lambda _: asyncio.sleep(0, []))
    counter.receive([came])
    await bot.idle()
    assert bot.store.load(CHAT).with_person


async def test_what_was_written_to_an_agent_who_closed_at_that_moment_is_answered_by_the_bot(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: Any, **__: Any) -> None:
        raise ApiError("message", 409, "closed_ticket")

    async def show(ticket: str) -> list[News]:
        return [News("closed", ticket, "closed:1")]

    desk = world.app.bot.counter.desk
    monkeypatch.setattr(desk, "pass_on", refuse)
    monkeypatch.setattr(desk, "recent", show)
    waiting(world, language="en", accepted=True)
    await world.telegram(message=telegram_message(text="thanks"))
    assert texts(await world.platforms.answered(2)) == [text("person.closed", "en"), text("thanks", "en")]
    assert not world.app.bot.store.load(CHAT).with_person


async def test_two_answers_of_one_moment_both_stand_in_the_ticket(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1)
    for words in ("One", "Two"):
        world.app.bot.counter.note_answered(CHAT, [Say(words)])
    assert [row[2] for row in world.app.bot.store.lines(CHAT, 9)] == ["One", "Two"]


async def test_the_patience_that_a_desk_asks_for_holds_for_every_call_about_a_ticket(world: World) -> None:
    counter, calls = world.app.bot.counter, []
    counter._speed = 10.0

    async def call(attempt: int) -> None:
        calls.append(asyncio.get_running_loop().time())
        if len(calls) == 1:
            raise ApiError("look", 429, "", retry_after_s=3.0)

    first = asyncio.create_task(counter._patiently(call, "t1"))
    await asyncio.sleep(0)
    await asyncio.gather(first, counter._patiently(call, "t1"))
    assert len(calls) == 3 and calls[1] - calls[0] >= 0.27
