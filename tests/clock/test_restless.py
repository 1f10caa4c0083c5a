"""Programs that will not let time jump are bounded and named, and nobody else is."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections import deque

import pytest

from chatdrill.clock.restless import Watch, name_of, owner
from clock.kit import DAY, drill, now


def place(function) -> str:
    """How a report names a function of this file."""
    return f"{function.__qualname__} (test_restless.py:{function.__code__.co_firstlineno})"


def named(drilled, what):
    return [stall.who for stall in drilled.stalls if stall.what == what]


# ------------------------------------------------------------------------------------------------------ spinning


async def spins():
    while True:
        await asyncio.sleep(0)


async def works_for_long():
    for _ in range(5_000):
        await asyncio.sleep(0)


def test_time_goes_on_beside_a_task_that_spins_and_only_that_is_named():
    async def main():
        spinner = asyncio.create_task(spins())
        moments = []
        for _ in range(5):
            await asyncio.sleep(DAY)
            await works_for_long()
            moments.append(now() / DAY)
        spinner.cancel()
        return moments

    drilled = drill(main)
    assert drilled.result == pytest.approx([1, 2, 3, 4, 5])
    assert named(drilled, "spin") == [place(spins)]


def test_threads_may_call_in_while_those_who_spin_are_named():
    class Ready:
        _args = ()

        @property
        def _callback(self):
            ready.append(self)
            return spins

    ready = deque([Ready(), Ready()])
    assert Watch(pytest.fail).spins(20_000, 20_000, ready)
    assert len(ready) > 2


def test_two_tasks_that_wake_each_other_without_end_are_both_named():
    async def main():
        ping, pong = asyncio.Event(), asyncio.Event()
        players = [asyncio.create_task(plays_ping(ping, pong)), asyncio.create_task(plays_pong(ping, pong))]
        ping.set()
        await asyncio.sleep(DAY)
        for player in players:
            player.cancel()

    drilled = drill(main)
    assert drilled.time == DAY
    assert sorted(named(drilled, "spin")) == [place(plays_ping), place(plays_pong)]


async def plays_ping(ping, pong):
    while await ping.wait():
        ping.clear()
        pong.set()


async def plays_pong(ping, pong):
    while await pong.wait():
        pong.clear()
        ping.set()


def test_a_callback_that_calls_itself_is_named():
    async def main():
        asyncio.get_running_loop().call_soon(again)
        await asyncio.sleep(DAY)
        stop.append(True)

    stop = []

    def again():
        if not stop:
            asyncio.get_running_loop().call_soon(again)

    drilled = drill(main)
    assert (drilled.time, named(drilled, "spin")) == (DAY, [place(again)])


def test_long_work_is_no_spinning():
    async def main():
        for _ in range(3):
            await works_for_long()
            await asyncio.sleep(1)

    assert drill(main).stalls == []


def test_work_that_the_drill_sees_is_no_spinning_however_long_it_is():
    """A bot writes to thousands of people, one after the other."""

    async def main():
        loop = asyncio.get_running_loop()
        timer = asyncio.create_task(asyncio.sleep(60))
        for _ in range(5_000):
            for _ in range(10):
                await asyncio.sleep(0)
            loop.alive()
        return timer.done()

    drilled = drill(main)
    assert (drilled.result, drilled.stalls) == (False, [])


# ----------------------------------------------------------------------------------------------------- busy timers


async def ticks(every_s):
    while True:
        await asyncio.sleep(every_s)


async def waits_with_a_bound():
    event = asyncio.Event()
    while True:
        try:
            await asyncio.wait_for(event.wait(), 1.0)
        except TimeoutError:
            pass


async def asks_a_queue():
    queue = asyncio.Queue()
    while True:
        try:
            async with asyncio.timeout(1.0):
                await queue.get()
        except TimeoutError:
            pass


@pytest.mark.parametrize("busy", [lambda: ticks(1.0), waits_with_a_bound, asks_a_queue])
def test_a_timer_every_second_for_thirty_days_is_bounded_and_named(busy):
    async def main():
        coroutine = busy()
        ticking = asyncio.create_task(coroutine)
        await asyncio.sleep(30 * DAY)
        ticking.cancel()
        return f"{coroutine.__qualname__} (test_restless.py:{coroutine.cr_code.co_firstlineno})"

    drilled = drill(main)
    assert drilled.time == 30 * DAY
    (stall,) = drilled.stalls
    assert (stall.what, stall.who, stall.every_s) == ("timer", drilled.result, pytest.approx(1.0))


def test_a_callback_that_sets_itself_again_is_named():
    async def main():
        heartbeat()
        await asyncio.sleep(30 * DAY)
        stop.append(True)
        return len(beats)

    stop, beats = [], []

    def heartbeat():
        beats.append(now())
        if not stop:
            asyncio.get_running_loop().call_later(1.0, heartbeat)

    drilled = drill(main)
    assert named(drilled, "timer") == [place(heartbeat)]
    assert drilled.result < 50_000


def test_tasks_that_follow_one_another_are_named():
    async def main():
        running = {asyncio.create_task(one_beat())}

        def go_on(task):
            running.discard(task)
            if now() < 5 * DAY:
                running.add(asyncio.create_task(one_beat()))
                next(iter(running)).add_done_callback(go_on)

        next(iter(running)).add_done_callback(go_on)
        await asyncio.sleep(6 * DAY)

    assert named(drill(main), "timer") == [place(one_beat)]


async def one_beat():
    await asyncio.sleep(1)


def test_a_thinned_timer_is_late_by_a_small_share_of_the_quiet_time():
    async def main():
        late = []

        async def beat():
            while True:
                due = now() + 1
                await asyncio.sleep(1)
                late.append((now() - due) / now())

        ticking = asyncio.create_task(beat())
        await asyncio.sleep(30 * DAY)
        ticking.cancel()
        return max(late)

    drilled = drill(main)
    assert 0 < drilled.result <= 1 / 2_000
    assert drilled.stalls[0].late_share == 1 / 2_000


def test_the_reminders_of_others_stay_exact_beside_a_heartbeat():
    async def main():
        beats = [asyncio.create_task(ticks(1.0)), asyncio.create_task(ticks(0.7))]
        dues = [n * 0.11 * DAY + 0.123 for n in range(1, 60)]

        async def reminder(due):
            await asyncio.sleep(due)
            return now()

        told = await asyncio.gather(*map(reminder, dues))
        for beat in beats:
            beat.cancel()
        return max(abs(at - due) for at, due in zip(told, dues, strict=True))

    assert drill(main).result < 1e-5


def test_a_heartbeat_is_on_time_again_once_something_has_happened():
    async def main():
        loop = asyncio.get_running_loop()
        ticking = asyncio.create_task(ticks(1.0))
        await asyncio.sleep(10 * DAY)
        loop.alive()
        due = now() + 1
        await asyncio.sleep(1)
        ticking.cancel()
        return now() - due

    assert drill(main).result == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("count", [3_000, 8_000])
def test_many_timers_that_come_once_each_are_no_busy_timer(count):
    """The sessions of thousands of customers end in silence, each at its own moment."""

    async def main():
        async def session(number):
            await asyncio.sleep(DAY + number * 1.37)
            return now()

        ends = await asyncio.gather(*map(session, range(count)))
        return max(abs(end - DAY - number * 1.37) for number, end in enumerate(ends))

    drilled = drill(main)
    assert drilled.stalls == []
    assert drilled.result < 1e-5


def test_a_thread_that_wakes_every_second_is_named_for_its_work():
    stop = threading.Event()

    def polls():
        while not stop.is_set():
            time.sleep(1)

    async def main():
        polling = asyncio.ensure_future(asyncio.to_thread(polls))
        await asyncio.sleep(3 * DAY)
        stop.set()
        await polling

    drilled = drill(main)
    assert drilled.time == pytest.approx(3 * DAY)
    assert named(drilled, "timer") == [place(polls)]


# -------------------------------------------------------------------------------------------------------- names


def test_whatever_has_no_code_of_its_own_still_has_a_name():
    async def main():
        loop = asyncio.get_running_loop()
        counter = itertools.count()
        handle = loop.call_later(1, counter.__next__)
        cancelled = loop.call_later(1, print)
        cancelled.cancel()
        return owner(handle), owner(cancelled), name_of(Callable_())

    first, second, third = drill(main).result
    assert "__next__" in first and isinstance(second, str) and "Callable_" in third


class Callable_:
    def __call__(self):
        pass
