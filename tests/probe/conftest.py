"""An open stage, and an examination on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from chatdrill.clock import WallClock
from chatdrill.probe import Bounds, Examination, Examiner
from chatdrill.run.registry import load_platform, platform_names
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Recorder

Examine = Callable[..., Awaitable[Examination]]


class Place:
    """A stage with fakes on any free port."""

    def __init__(self) -> None:
        self.clock = WallClock()
        self.recorder = Recorder(self.clock)
        self.stage = Stage(clock=self.clock, seed=Seed(5), recorder=self.recorder, listen=ListenOptions(port=0))

    async def examine(self, url: str, name: str = "messenger", **bounds: float) -> Examination:
        """Short waits, as these bots are near."""
        await self.stage.fall_silent()
        chosen = Bounds(**{"ack_s": 5.0, "patience_s": 5.0, "stall_s": 1.0, "reply_s": 0.05, **bounds})
        return await Examiner(self.stage, self.recorder, self.clock, url, name, chosen).examine()


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    made = Place()
    for name in platform_names():
        made.stage.add(load_platform(name))
    await made.stage.open()
    yield made
    await made.stage.close()
