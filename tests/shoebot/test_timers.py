"""The bot's timers in virtual time, alone and behind its door: they ring once, at their time, and survive a restart."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chatdrill.clock.exact import ExactLoop
from chatdrill_scenarios.shoebot.texts import text
from chatdrill_scenarios.shoebot.timers import Timers
from shoebot.kit import World, build, messenger_update, telegram_message, texts, whatsapp_update

HOUR_S, DAY_S = 3600, 86_400
MONDAY = dt.datetime(2026, 3, 9, 10, tzinfo=ZoneInfo("Europe/Warsaw")).timestamp()

Story = Callable[[], Coroutine[Any, Any, None]]


def play(story: Story) -> None:
    """Runs a story in a loop whose time jumps, from Monday on."""
    loop = ExactLoop()
    try:
        loop.show(MONDAY)
        with loop.running():
            loop.run_until_complete(story())
    finally:
        loop.close()


def test_timers_ring_in_the_order_of_their_time_and_once() -> None:
    rung: list[tuple[str, int]] = []

    async def story() -> None:
        timers = Timers(lambda who: rung.append((who, round(time.time() - MONDAY))))
        for who, due_s in (("late", 30 * DAY_S), ("early", HOUR_S), ("moved", HOUR_S), ("gone", HOUR_S), ("past", -5)):
            timers.set(who, MONDAY + due_s)
        timers.set("moved", MONDAY + DAY_S)
        timers.set("gone", None)
        await asyncio.sleep(60 * DAY_S)

    play(story)
    assert rung == [("past", 0), ("early", HOUR_S), ("moved", DAY_S), ("late", 30 * DAY_S)]


async def told(world: World, platform: str, words: str, number: str) -> None:
    """The customer says something, and the bot has answered it."""
    if platform == "telegram":
        await world.telegram(message=telegram_message(text=words))
    elif platform == "whatsapp":
        message = {"id": f"wamid.{number}", "type": "text", "text": {"body": words}}
        await world.meta(platform, whatsapp_update(message))
    else:
        await world.meta(platform, messenger_update({"message": {"mid": f"m_{number}", "text": words}}))
    await asyncio.sleep(5)


@pytest.mark.parametrize("platform", ["telegram", "whatsapp"])
def test_a_reminder_comes_after_two_days_and_once(platform: str) -> None:
    async def story() -> None:
        world = await build()
        await told(world, platform, "return order 1001", "1")
        await asyncio.sleep(2 * DAY_S - 60)
        assert len(world.platforms.messages()) == 1
        await asyncio.sleep(120)
        assert len(world.platforms.messages()) == 2
        await asyncio.sleep(10 * DAY_S)
        assert len(world.platforms.messages()) == 2
        await world.close()

    play(story)


def test_meta_gets_what_it_lets_through() -> None:
    async def story() -> None:
        world = await build()
        await told(world, "whatsapp", "repair order 1003", "1")
        await told(world, "messenger", "repair order 1003", "1")
        await asyncio.sleep(DAY_S)
        template, tagged = (call.body for call in world.platforms.messages()[-2:])
        if "template" not in template:
            template, tagged = tagged, template
        assert template["template"]["name"] == "stepwell_reopen"
        assert (tagged["messaging_type"], tagged["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
        await world.close()

    play(story)


def test_messenger_rates_by_its_own_form() -> None:
    async def story() -> None:
        world = await build()
        await told(world, "messenger", "where is order 553", "1")
        await asyncio.sleep(DAY_S)
        payload = world.platforms.messages()[-1].body["message"]["attachment"]["payload"]
        assert payload["template_type"] == "customer_feedback"
        screens = [{"screen_id": 0, "questions": {"q-csat": {"type": "csat", "payload": "4"}}}]
        await world.meta("messenger", messenger_update({"messaging_feedback": {"feedback_screens": screens}}))
        await asyncio.sleep(5)
        assert texts(world.platforms.messages())[-1] == text("rate.thanks", "en", stars="4")
        await world.close()

    play(story)


@pytest.mark.parametrize("away_s", [HOUR_S, 3 * DAY_S])
def test_a_restart_loses_no_timer_and_what_is_overdue_comes_at_once(away_s: int, tmp_path: Path) -> None:
    async def story() -> None:
        before = await build(SHOEBOT_DB=str(tmp_path / "bot.db"))
        await told(before, "telegram", "where is order 553", "1")
        await before.close()
        await asyncio.sleep(away_s)
        after = await build(SHOEBOT_DB=str(tmp_path / "bot.db"))
        await after.request("GET", "/healthz")
        await asyncio.sleep(max(DAY_S - away_s, 0) + 10)
        assert texts(after.platforms.messages()) == [text("survey", "en")]
        await asyncio.sleep(10 * DAY_S)
        assert len(after.platforms.messages()) == 1
        await after.close()

    play(story)


def test_a_quiet_bot_has_no_timer_that_ticks() -> None:
    async def story() -> None:
        world = await build()
        await told(world, "telegram", "give me a person", "1")
        await asyncio.sleep(DAY_S)
        ours = [handle for handle in asyncio.get_running_loop()._scheduled if "shoebot" in repr(handle)]  # type: ignore[attr-defined]
        assert ours == []
        await world.close()

    play(story)
