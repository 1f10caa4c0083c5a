"""The exact loop: time stands still while work is ready, and jumps to the next timer when none is."""

from __future__ import annotations

import asyncio
import random

import pytest

from chatdrill.clock import VirtualClock, real_later, real_monotonic
from chatdrill.clock.exact import ExactLoop
from clock.kit import DAY, START, drill, now


async def test_the_tests_themselves_run_on_a_loop_of_real_time():
    assert not isinstance(asyncio.get_running_loop(), ExactLoop)


def test_a_sleep_of_thirty_days_is_over_at_once_and_exactly():
    drilled = drill(lambda: asyncio.sleep(30 * DAY))
    assert (drilled.time, drilled.stalls) == (30 * DAY, [])


def test_timers_fire_in_the_order_of_their_moments_and_of_their_making():
    async def main():
        fired = []
        loop = asyncio.get_running_loop()
        for number, delay in enumerate((3.0, 1.0, 2.0, 1.0)):
            loop.call_later(delay, lambda delay=delay, number=number: fired.append((now(), delay, number)))
        loop.call_at(2.5, lambda: fired.append((now(), 2.5, -1)))
        await asyncio.sleep(4)
        return fired

    assert drill(main).result == [(1.0, 1.0, 1), (1.0, 1.0, 3), (2.0, 2.0, 2), (2.5, 2.5, -1), (3.0, 3.0, 0)]


@pytest.mark.parametrize(
    "bounded",
    [
        lambda: asyncio.wait_for(asyncio.Event().wait(), 90),
        lambda: asyncio.wait_for(asyncio.sleep(DAY), 90),
        lambda: _timeout(90),
    ],
)
def test_what_is_bounded_ends_at_its_bound(bounded):
    async def main():
        with pytest.raises(TimeoutError):
            await bounded()
        return now()

    assert drill(main).result == 90


async def _timeout(bound_s):
    async with asyncio.timeout(bound_s):
        await asyncio.sleep(DAY)


def test_a_bound_that_is_met_costs_no_time():
    async def main():
        await asyncio.wait_for(asyncio.sleep(5), 3600)
        return now()

    assert drill(main).time == 5


def test_ten_thousand_sleepers_wake_each_at_their_own_moment():
    async def main():
        delays = [random.Random(n).uniform(0, 30 * DAY) for n in range(10_000)]

        async def sleeper(delay):
            await asyncio.sleep(delay)
            return abs(now() - delay)

        return max(await asyncio.gather(*map(sleeper, delays)))

    drilled = drill(main)
    assert drilled.result <= 1e-6
    assert drilled.stalls == []


def test_a_task_group_ends_with_its_last_task():
    async def main():
        async with asyncio.TaskGroup() as group:
            for days in (1, 3, 2):
                group.create_task(asyncio.sleep(days * DAY))

    assert drill(main).time == 3 * DAY


def test_work_that_is_ready_goes_before_time():
    async def main():
        moments = []
        asyncio.get_running_loop().call_later(0.001, lambda: moments.append("timer"))
        for _ in range(1000):
            await asyncio.sleep(0)
        moments.append("work")
        await asyncio.sleep(1)
        return moments

    assert drill(main).result == ["work", "timer"]


def test_time_stands_still_while_nobody_plays():
    loop = ExactLoop()

    async def main():
        fired = []
        loop.call_later(1.0, lambda: fired.append("timer"))
        woken = asyncio.Event()
        real_later(0.01, lambda: loop.call_soon_threadsafe(woken.set))
        await woken.wait()
        assert (loop.time(), fired) == (0.0, [])
        with loop.running():
            await asyncio.sleep(2)
        return loop.time(), fired

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        assert runner.run(main()) == (2.0, ["timer"])


def test_those_who_play_at_once_share_one_time():
    loop = ExactLoop()

    async def player(seconds):
        with loop.running():
            await asyncio.sleep(seconds)
            return loop.time()

    async def main():
        return await asyncio.gather(player(10), player(20), player(5))

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        assert runner.run(main()) == [10, 20, 5]


def test_a_timer_in_real_time_holds_however_time_stands():
    async def main():
        rung, too_late = asyncio.Event(), asyncio.Event()
        real_later(0.01, rung.set)
        real_later(60, too_late.set)
        await rung.wait()
        await asyncio.sleep(30 * DAY)
        return now(), too_late.is_set()

    assert drill(main).result == (30 * DAY, False)


def test_a_real_timer_that_is_called_off_does_not_fire():
    async def main():
        fired = []
        real_later(0.0, lambda: fired.append("off")).cancel()
        done = asyncio.Event()
        real_later(0.01, done.set)
        await done.wait()
        return fired

    assert drill(main).result == []


def test_the_clock_of_the_loop_tells_its_time():
    async def main():
        clock = VirtualClock(asyncio.get_running_loop(), start=START)
        before = clock.monotonic()
        await clock.sleep(2 * DAY)
        done = asyncio.Event()
        clock.call_later(60, done.set)
        await done.wait()
        return clock.now() - START, clock.monotonic() - before

    assert drill(main).result == (2 * DAY + 60, 2 * DAY + 60)


def test_measuring_real_time_is_not_deceived():
    async def main():
        before = real_monotonic()
        await asyncio.sleep(DAY)
        return real_monotonic() - before

    assert drill(main).result < DAY / 2


def test_a_failure_ends_the_playing_too():
    loop = ExactLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        with pytest.raises(ValueError, match="broken"):
            runner.run(_broken(loop))
        assert not loop._playing


async def _broken(loop):
    with loop.running():
        await asyncio.sleep(1)
        raise ValueError("broken")
