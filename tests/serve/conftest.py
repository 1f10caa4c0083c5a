"""A bot, a clock, a recorder and stages that close themselves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import pytest
import uvloop

from chatdrill.model import Start
from chatdrill.trace import Recorder
from chatdrill_fakes.platforms.telegram import platform as telegram
from serve.doors_kit import PEOPLE, Door, Doorway
from serve.toy_clock import ToyClock
from serve.toys import Bot, Theatre

Opener = Callable[..., Awaitable[Doorway]]


@pytest.hookimpl(optionalhook=True)
def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Every test here runs on both loops: users get uvloop, Windows and debuggers asyncio's own."""
    return {"uvloop": uvloop.new_event_loop, "asyncio": asyncio.new_event_loop}


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    bot = Bot()
    await bot.open()
    yield bot
    await bot.close()


@pytest.fixture
def clock() -> ToyClock:
    return ToyClock()


@pytest.fixture
def recorder(clock: ToyClock) -> Recorder:
    return Recorder(clock)


@pytest.fixture
async def theatre(clock: ToyClock, recorder: Recorder) -> AsyncIterator[Theatre]:
    theatre = Theatre(clock, recorder)
    yield theatre
    await theatre.close()


@pytest.fixture
async def opened() -> AsyncIterator[Opener]:
    made: list[Doorway] = []

    async def opened(*platforms: Any, count: int = 3, **options: Any) -> Doorway:
        doorway = Doorway([Door(index, **options) for index in range(count)])
        made.append(doorway)
        await doorway.open(*platforms)
        return doorway

    yield opened
    for doorway in made:
        await doorway.close()


@pytest.fixture
async def chats(opened: Opener) -> tuple[Doorway, list[str]]:
    house = await opened(telegram)
    chats = [door.join("telegram", key) for door, key in zip(house.doors, PEOPLE, strict=True)]
    for door, chat in zip(house.doors, chats, strict=True):
        door.act("telegram", chat, Start())
    return house, chats
