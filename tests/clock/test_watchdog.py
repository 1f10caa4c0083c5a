"""Code that keeps the loop for itself is stopped and named, and the others go on."""

from __future__ import annotations

import asyncio

import pytest

from chatdrill.clock import exact, watchdog
from chatdrill.clock.exact import ExactLoop
from chatdrill.clock.watchdog import BotStuck


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(exact, "_STUCK_S", 0.1)
    monkeypatch.setattr(watchdog, "_LOOK_S", 0.02)


def played(main):
    """Run a coroutine function on an exact loop; what stalled it."""
    stalls = []

    async def run() -> None:
        loop = asyncio.get_running_loop()
        loop.stalled = stalls.append
        with loop.running():
            await main()
            await asyncio.sleep(1)

    with asyncio.Runner(loop_factory=ExactLoop) as runner:
        runner.run(run())
    return stalls


async def hog():
    while True:
        pass


def test_an_endless_loop_is_stopped_where_it_computes_and_named():
    async def main() -> None:
        task = asyncio.create_task(hog())
        await asyncio.wait((task,))
        assert isinstance(task.exception(), BotStuck)

    [stall] = played(main)
    assert stall.what == "block"
    assert stall.who.startswith("hog (test_watchdog.py:")


def test_others_keep_their_timers_while_one_is_stuck():
    rung = []

    async def main() -> None:
        asyncio.get_running_loop().call_later(3600, rung.append, "an hour")
        task = asyncio.create_task(hog())
        await asyncio.wait((task,))
        await asyncio.sleep(2 * 3600)

    played(main)
    assert rung == ["an hour"]


def test_much_work_in_many_pieces_is_nobodys_fault():
    async def main() -> None:
        for _ in range(300):
            sum(range(20_000))
            await asyncio.sleep(0)

    assert played(main) == []
