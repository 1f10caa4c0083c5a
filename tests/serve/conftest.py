"""A bot, a clock, a recorder and stages that close themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from chatdrill.trace import Recorder
from serve.toys import Bot, Theatre, ToyClock


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
