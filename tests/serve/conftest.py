"""A bot, a clock, a recorder and stages that close themselves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import pytest
import uvloop

from chatdrill.trace import Recorder
from serve.toys import Bot, Theatre, ToyClock


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
