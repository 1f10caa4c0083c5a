"""Redelivery as the courier carries it out, and whose a call is that names nobody."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, Self

import pytest

from chatdrill.model import Text, Write
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Dropped, Recorder
from chatdrill.wire import HttpRequest
from chatdrill_fakes.platforms.line import platform
from line.kit import AUTH, OLENA
from serve.toy_clock import ToyClock
from serve.toys import Bot, http_answer, until


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    made = Bot()
    await made.open()
    yield made
    await made.close()


class Place:
    """A stage with LINE on it, a clock that stands still, and one customer."""

    def __init__(self, **settings: str) -> None:
        self.clock = ToyClock()
        self.recorder = Recorder(self.clock)
        self.stage = Stage(clock=self.clock, seed=Seed(7), recorder=self.recorder, listen=ListenOptions(port=0))
        self.channel = self.stage.add(platform, settings)

    async def __aenter__(self) -> Self:
        await self.stage.open()
        self.to = self.stage.join("line", OLENA, case="case", conv="case/olena")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stage.close()

    def says(self) -> None:
        self.stage.act("line", self.to, Write(parts=(Text(text="Hi"),)))


def events(bot: Bot) -> list[Any]:
    return [json.loads(body)["events"][0] for body in bot.bodies]


async def test_an_event_that_comes_again_says_so_and_is_the_same_otherwise(bot: Bot) -> None:
    bot.script(http_answer(500))
    async with Place(redelivery="yes") as place:
        place.stage.set_webhook("line", bot.url)
        place.says()
        await until(lambda: 10.0 in place.clock.slept)
        place.clock.pass_time(10)
        assert await place.stage.quiet("line", place.to, timeout_s=5)
    first, again = events(bot)
    assert (first["deliveryContext"], again["deliveryContext"]) == ({"isRedelivery": False}, {"isRedelivery": True})
    assert {**first, "deliveryContext": 0} == {**again, "deliveryContext": 0}


async def test_without_redelivery_nothing_comes_again(bot: Bot) -> None:
    bot.script(http_answer(500))
    async with Place() as place:
        place.stage.set_webhook("line", bot.url)
        place.says()
        await until(lambda: any(isinstance(record, Dropped) for record in place.recorder.records))
    assert len(events(bot)) == 1


async def test_a_call_by_a_reply_token_or_a_message_is_its_customers(bot: Bot) -> None:
    async with Place() as place:
        place.stage.set_webhook("line", bot.url)
        place.says()
        await until(lambda: bool(bot.bodies))
        event = events(bot)[0]
        calls = [{"replyToken": event["replyToken"]}, {"markAsReadToken": event["message"]["markAsReadToken"]}]
        asked = [HttpRequest("POST", "/v2/bot/x", (AUTH,), json.dumps(body).encode()) for body in calls]
        roles = [place.stage.bureau.role_seen(place.channel, request) for request in asked]
        await asyncio.sleep(0)
    assert [role.conv for role in roles] == ["case/olena"] * 2
