"""Time that passes, and is let jump by hand, for a bot in this process."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

from chatdrill.clock.passing import PassingLoop
from chatdrill.clock.real import real_monotonic

DAY_S = 86_400.0


def play(main: Callable[[PassingLoop], Awaitable[Any]]) -> Any:
    """Let a scene pass on a loop of its own."""

    async def scene() -> Any:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, PassingLoop)
        return await main(loop)

    with asyncio.Runner(loop_factory=PassingLoop) as runner:
        return runner.run(scene())


def test_while_nobody_plays_time_passes_as_everywhere() -> None:
    async def scene(loop: PassingLoop) -> None:
        real, began = real_monotonic(), loop.time()
        await asyncio.sleep(0.05)
        assert 0.05 <= loop.time() - began <= real_monotonic() - real + 0.001

    play(scene)


def test_a_bot_that_wakes_every_minute_costs_a_jump_over_a_day_no_time() -> None:
    woken: list[float] = []

    async def wakes(loop: PassingLoop) -> None:
        while True:
            await asyncio.sleep(60)
            woken.append(loop.time())

    async def scene(loop: PassingLoop) -> float:
        bot = loop.create_task(wakes(loop))
        await asyncio.sleep(0)
        real, began = real_monotonic(), loop.time()
        with loop.running():
            await asyncio.sleep(DAY_S)
            assert abs(loop.time() - began - DAY_S) < 1e-3
        bot.cancel()
        return real_monotonic() - real

    assert play(scene) < 5.0  # with a quarter of a second for each minute it would be six minutes
    assert len(woken) in (1439, 1440) and all(59.99 < b - a < 60.01 for a, b in pairwise(woken))


def test_in_a_jump_time_waits_for_work_in_threads_and_never_goes_back() -> None:
    def work() -> float:
        ends = real_monotonic() + 0.1
        while real_monotonic() < ends:
            pass
        return ends

    async def scene(loop: PassingLoop) -> None:
        told: list[float] = []
        loop.jumped.append(told.append)
        with loop.running():
            before = loop.time()
            await asyncio.to_thread(work)
            assert loop.time() == before
            await asyncio.sleep(3600)
        assert loop.time() >= before + 3600.1
        assert told == sorted(told) and told[-1] >= before + 3600.1

    play(scene)


SHOWN = """
import asyncio, time
from chatdrill.clock.passing import PassingLoop

async def main():
    loop = asyncio.get_running_loop()
    loop.show(1_000_000_000.0 - loop.at)
    seen = [time.time()]
    await asyncio.sleep(0.02)
    seen.append(time.time())
    with loop.running():
        await asyncio.sleep(86_400)
        seen.append(time.time())
    seen.append(time.time())
    print(*(round(moment - 1_000_000_000.0, 3) for moment in seen))

with asyncio.Runner(loop_factory=PassingLoop) as runner:
    runner.run(main())
"""


def test_the_process_shows_the_time_that_passes_and_jumps() -> None:
    done = subprocess.run([sys.executable, "-c", SHOWN], capture_output=True, text=True, check=True)
    first, later, jumped, after = map(float, done.stdout.split())
    assert 0 <= first < 5 and first + 0.02 <= later < 10
    assert later + 86_400 <= jumped <= after < later + 86_410
