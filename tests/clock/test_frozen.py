"""What the process shows while somebody plays, and afterwards."""

from __future__ import annotations

import asyncio
import datetime as dt
import email.utils
import sys
import threading
import time
import types
import uuid
from time import sleep as kept_sleep

import pytest
import time_machine

from chatdrill.clock import real_monotonic, real_now
from chatdrill.clock.exact import ExactLoop
from clock.kit import DAY, START, drill, now

WARSAW = dt.timezone(dt.timedelta(hours=1))
UUID_EPOCH_NS = 0x01B21DD213814000 * 100

READINGS = {
    "time": time.time,
    "time_ns": lambda: time.time_ns() / 1e9,
    "clock_gettime": lambda: time.clock_gettime(time.CLOCK_REALTIME),
    "datetime": lambda: dt.datetime.now().timestamp(),
    "datetime in UTC": lambda: dt.datetime.now(dt.UTC).timestamp(),
    "datetime in a zone": lambda: dt.datetime.now(WARSAW).timestamp(),
    "today": lambda: dt.datetime.combine(dt.date.today(), dt.time(9)).timestamp(),
    "gmtime": lambda: dt.datetime(*time.gmtime()[:6], tzinfo=dt.UTC).timestamp(),
    "localtime": lambda: time.mktime(time.localtime()),
    "strftime": lambda: dt.datetime.strptime(time.strftime("%Y-%m-%dT%H:%M:%S"), "%Y-%m-%dT%H:%M:%S").timestamp(),
    "formatdate": lambda: email.utils.parsedate_to_datetime(email.utils.formatdate()).timestamp(),
    "uuid1": lambda: (uuid.uuid1().time * 100 - UUID_EPOCH_NS) / 1e9,
}


@pytest.fixture(autouse=True)
def in_utc(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("read", READINGS.values(), ids=READINGS)
def test_whatever_tells_the_time_tells_the_drills(read):
    async def main():
        before = read()
        await asyncio.sleep(2 * DAY)
        return before, read()

    assert drill(main).result == pytest.approx((START, START + 2 * DAY), abs=1e-3)


def test_the_wall_clock_stands_still_between_jumps():
    async def main():
        before = time.time_ns()
        for _ in range(100):
            await asyncio.sleep(0)
        return time.time_ns() - before

    assert drill(main).result == 0


def test_the_monotonic_clock_goes_on_with_the_drill_from_where_it_was():
    async def main():
        before = time.monotonic()
        await asyncio.sleep(2 * DAY)
        in_thread = await asyncio.to_thread(time.monotonic)
        return before, time.monotonic() - before, in_thread - before, time.monotonic_ns() / 1e9 - before

    real = real_monotonic()
    before, *gone = drill(main).result
    assert 0 <= before - real < 60
    assert gone == pytest.approx([2 * DAY] * 3)


def test_other_threads_keep_their_monotonic_clock():
    told = []

    async def main():
        await asyncio.sleep(2 * DAY)
        other = threading.Thread(target=lambda: told.append(time.monotonic() - real_monotonic()))
        other.start()
        other.join()

    drill(main)
    assert abs(told[0]) < DAY


def test_the_time_of_the_machine_can_still_be_read():
    async def main():
        await asyncio.sleep(300 * DAY)
        return real_now()

    before = time.time()
    assert before <= drill(main).result <= time.time()


def test_sleeping_in_the_loops_thread_lets_the_time_pass():
    async def main():
        time.sleep(90)  # noqa: ASYNC251  it is what we test
        return now(), time.time()

    assert drill(main).result == (90, START + 90)


@pytest.mark.parametrize(("read", "unit_s"), [("time", 1), ("monotonic", 1), ("time_ns", 1e-9)])
def test_time_passes_for_whoever_waits_by_looking_at_the_clock_and_that_is_named(read, unit_s):
    async def waits_by_looking():
        end = getattr(time, read)() + 600 / unit_s
        while getattr(time, read)() < end:
            pass
        return now()

    drilled = drill(waits_by_looking)
    line = waits_by_looking.__code__.co_firstlineno
    assert 600 <= drilled.result <= 601
    assert [stall.what for stall in drilled.stalls] == ["spin"]
    assert drilled.stalls[0].who.endswith(f"waits_by_looking (test_frozen.py:{line})")


def test_looking_at_the_clock_now_and_then_lets_no_time_pass():
    async def looks():
        for _ in range(300):
            await asyncio.sleep(0)
            for _ in range(1_000):
                time.time()
        return now()

    drilled = drill(looks)
    assert (drilled.result, drilled.stalls) == (0, [])


def test_sleeping_in_a_thread_holds_up_nobody_else():
    async def main():
        moments = []

        async def other():
            await asyncio.sleep(5)
            moments.append(("other", now()))

        other = asyncio.create_task(other())
        await asyncio.to_thread(time.sleep, 3600)
        moments.append(("thread", now()))
        await other
        return moments

    drilled = drill(main)
    assert drilled.result == [("other", 5), ("thread", 3600)]
    assert drilled.stalls == []


def test_a_thread_that_sleeps_again_and_again_wakes_at_the_right_moments():
    def work():
        told = []
        for _ in range(5):
            time.sleep(600)
            told.append(time.time() - START)
        return told

    assert drill(lambda: asyncio.to_thread(work)).result == [600, 1200, 1800, 2400, 3000]


def test_no_sleep_is_shorter_than_nothing():
    async def main():
        with pytest.raises(ValueError, match="non-negative"):
            time.sleep(-1)  # noqa: ASYNC251
        time.sleep(0)  # noqa: ASYNC251
        return now()

    assert drill(main).result == 0


def test_a_function_that_a_program_has_kept_serves_the_next_drill_as_well():
    async def main():
        return time.sleep, time.monotonic

    kept, monotonic = drill(main).result

    async def again():
        kept(60)
        return now(), monotonic() - time.monotonic()

    assert drill(again).result == pytest.approx((60, 0))
    before = real_monotonic()
    kept(0.001)
    assert before < monotonic() < before + 60


def test_a_library_that_took_its_functions_before_the_drill_follows_it_as_well(monkeypatch):
    library = types.ModuleType("some_library")
    library.sleep, library.monotonic = time.sleep, time.monotonic
    monkeypatch.setitem(sys.modules, "some_library", library)

    async def main():
        before = library.monotonic()
        library.sleep(60)
        return library.monotonic() - before, now()

    assert drill(main).result == pytest.approx((60, 60))
    assert (library.sleep, library.monotonic) == (time.sleep, time.monotonic)


def test_a_library_that_is_loaded_anew_between_two_drills_follows_the_second(monkeypatch):
    monkeypatch.setitem(sys.modules, "some_library", types.ModuleType("some_library"))
    drill(lambda: asyncio.sleep(60))
    library = types.ModuleType("some_library")
    library.monotonic = time.monotonic
    monkeypatch.setitem(sys.modules, "some_library", library)

    async def main():
        before = library.monotonic()
        await asyncio.sleep(60)
        return library.monotonic() - before

    assert drill(main).result == pytest.approx(60)


def test_a_thread_asleep_does_not_outlive_the_loop():
    """Neither one that sleeps for an hour, nor one that does so for ever, nor one that nobody waits for any more."""

    def for_ever():
        while True:
            time.sleep(60)

    async def main():
        jobs = [asyncio.ensure_future(asyncio.to_thread(work)) for work in (lambda: time.sleep(7200), for_ever)]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.to_thread(time.sleep, 7200), 60)
        await asyncio.sleep(3600)
        return [job.done() for job in jobs]

    assert drill(main).result == [False, False]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("asyncio_")]


def test_the_process_shows_its_own_time_again():
    functions = time.sleep, time.monotonic, time.monotonic_ns
    before = time.time()
    with pytest.raises(ValueError, match="broken"):
        drill(_broken)
    assert before <= time.time() <= real_now() + 1
    assert (time.sleep, time.monotonic, time.monotonic_ns) == functions
    assert time.sleep is kept_sleep


async def _broken():
    await asyncio.sleep(DAY)
    raise ValueError("broken")


def test_time_that_cannot_be_frozen_is_left_as_it_is(monkeypatch):
    def refuse(_):
        raise RuntimeError("freezegun is active")

    monkeypatch.setattr(time_machine.travel, "start", refuse)
    with pytest.raises(RuntimeError, match="freezegun"):
        drill(_broken)
    monkeypatch.undo()
    assert abs(real_now() - time.time()) < 1
    assert drill(lambda: asyncio.sleep(DAY)).time == DAY


def test_only_while_somebody_plays_is_drill_time_shown():
    async def main():
        loop = asyncio.get_running_loop()
        loop.show(START)
        told = [time.time()]
        with loop.running():
            with loop.unattended():
                told.append(time.time())
                await asyncio.sleep(10)
            told.append(time.time())
        told.append(time.time())
        with loop.running():
            told.append(time.time())
        return told

    with asyncio.Runner(loop_factory=ExactLoop) as runner:
        told = runner.run(main())
    assert told[1:3] == [START, START + 10] and told[4] == START + 10
    assert abs(told[3] - told[0]) < 60


def test_a_loop_that_waits_for_a_date_ends_at_that_date():
    """Floats of today's size have steps of a quarter of a microsecond, dates have whole microseconds."""

    async def main():
        for seconds in (86_400.000_000_3, 1 / 3, 1e-7, 12_345.678_9):
            due = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
            end = time.time() + seconds
            while (left := (due - dt.datetime.now(dt.UTC)).total_seconds()) > 0:
                await asyncio.sleep(left)
            while time.time() < end:
                await asyncio.sleep(end - time.time())
        return now()

    drilled = drill(main)
    assert drilled.result == pytest.approx(98_746.012_233, abs=1e-4)
    assert drilled.stalls == []
