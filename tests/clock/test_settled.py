"""A bot in another process, played by a script: when time jumps, and how far."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from chatdrill.clock import Stall, real_monotonic, settled
from chatdrill.clock.settled import Due, SettledLoop

HOUR, DAY = 3600.0, 86_400.0
SETTLE_S = 0.02


class Bot:
    """A bot of one thread that wakes every ``every_s`` (``None``: never), and does ``turns`` things then."""

    def __init__(self, loop: SettledLoop, every_s: float | None = None) -> None:
        self.loop = loop
        self.every_s = every_s
        self.begun = loop.time()
        self.turns = 0
        self.woken: list[float] = []
        self.running = self.still = False
        self.stopped = self.dead = False
        self.owed: list[str] = []
        self.hurried: list[bool] = []
        loop.jumped.append(self._wake)

    def _wake(self, now: float) -> None:
        if self.every_s is not None and now >= self.begun + self.every_s and not self.stopped:
            self.woken.append(now)
            self.begun = self.loop.time() + 1e-9
            self.turns += 2

    def dues(self) -> Iterator[Due]:
        if self.every_s is not None:
            yield Due(self.begun + self.every_s, self.begun, "main", self.turns)

    def name_of(self, thread: object) -> str | None:
        return None if self.dead else f"the thread {thread}"

    def is_running(self) -> bool:
        return self.running

    def is_asleep(self) -> bool:
        return self.still

    def is_still(self) -> bool:
        return self.still

    def asked(self) -> list[str]:
        return self.owed

    def hurry(self, hurried: bool) -> None:
        self.hurried.append(hurried)

    def activity(self) -> int:
        return self.turns


class Played:
    """What a coroutine left behind: how much real time went, and what stalled the loop."""

    def __init__(self) -> None:
        self.stalls: list[Stall] = []
        self.real_s = 0.0
        self.at = 0.0


def play(main: Callable[[SettledLoop], Awaitable[Any]], *, settle_s: float = SETTLE_S) -> Played:
    """Run ``main`` on a settled loop while somebody plays."""
    played = Played()

    async def run() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SettledLoop)
        loop.stalled = played.stalls.append
        begun = real_monotonic()
        with loop.running():
            await main(loop)
        played.real_s, played.at = real_monotonic() - begun, loop.time()

    with asyncio.Runner(loop_factory=lambda: SettledLoop(settle_s=settle_s)) as runner:
        runner.run(run())
    return played


def following(loop: SettledLoop, every_s: float | None = None) -> Bot:
    loop.follow = bot = Bot(loop, every_s)
    return bot


# ------------------------------------------------------------------------------------------------- without a follower


def test_time_jumps_to_the_next_timer_once_all_is_quiet_for_settle():
    async def main(_):
        await asyncio.sleep(HOUR)

    played = play(main)
    assert HOUR <= played.at < HOUR + 5
    assert played.real_s >= SETTLE_S * 0.9


def test_nothing_jumps_while_nobody_plays():
    async def main():
        before = real_monotonic()
        await asyncio.sleep(0.01)
        assert real_monotonic() - before >= 0.009

    with asyncio.Runner(loop_factory=lambda: SettledLoop(settle_s=0.0)) as runner:
        runner.run(main())


def test_a_pause_of_a_month_is_one_jump():
    jumps = []

    async def main(loop):
        loop.jumped.append(jumps.append)
        await asyncio.sleep(30 * DAY)

    play(main)
    assert len(jumps) == 1


def test_what_is_busy_lets_real_time_pass_first():
    async def main(loop):
        begun = real_monotonic()
        loop.busy.append(lambda: real_monotonic() - begun < 0.05)
        await asyncio.sleep(HOUR)
        assert real_monotonic() - begun >= 0.05

    assert HOUR <= play(main).at < HOUR + 5


def test_a_customer_who_hopes_holds_the_time_of_a_bot_that_nobody_follows():
    async def main(loop):
        begun = real_monotonic()
        loop.hoping.append(lambda: real_monotonic() - begun < 0.05)
        await asyncio.sleep(HOUR)
        assert real_monotonic() - begun >= 0.05

    play(main)


def test_the_end_of_a_long_poll_is_nothing_to_jump_to():
    fired = []

    async def main(loop):
        loop.call_lazily(50.0, lambda: fired.append(loop.time()))
        loop.call_lazily(10.0, lambda: fired.append("called off")).cancel()
        await asyncio.sleep(HOUR)
        await asyncio.sleep(0)
        assert fired == [pytest.approx(HOUR, abs=5)]

    play(main)


# ---------------------------------------------------------------------------------------------------- with a follower


def test_no_jump_goes_over_a_timer_of_the_bot():
    async def main(loop):
        bot = following(loop, 600.0)
        await asyncio.sleep(HOUR - 60)  # at the hour itself either may be first
        assert [round(at / 600) for at in bot.woken] == [1, 2, 3, 4, 5]
        assert max(abs(at - 600.0 * n) for n, at in enumerate(bot.woken, 1)) < 5

    play(main)


def test_a_bot_that_is_still_needs_no_settling():
    async def main(loop):
        following(loop, HOUR).still = True
        await asyncio.sleep(10 * HOUR)

    assert play(main, settle_s=60.0).real_s < 30


def test_a_customer_who_hopes_does_not_hold_the_time_of_a_bot_that_is_still():
    async def main(loop):
        bot = following(loop, 0.8)
        bot.still = True
        loop.hoping.append(lambda: not bot.woken)
        await asyncio.sleep(HOUR)
        assert bot.woken[0] < 2

    assert play(main).real_s < 30


def test_declared_work_holds_the_time_also_of_a_bot_that_is_still():
    async def main(loop):
        begun = real_monotonic()
        following(loop, HOUR).still = True
        loop.busy.append(lambda: real_monotonic() - begun < 0.05)
        await asyncio.sleep(2 * HOUR)
        assert real_monotonic() - begun >= 0.05

    play(main)


def test_a_bot_that_moves_is_not_taken_for_still():
    async def main(loop):
        bot = following(loop)
        begun = real_monotonic()

        def is_still():
            bot.turns += real_monotonic() - begun < 0.05
            return True

        bot.is_still = is_still
        loop.hoping.append(lambda: real_monotonic() - begun < 60)
        loop.busy.append(lambda: is_still() is None)
        await asyncio.sleep(HOUR)
        assert real_monotonic() - begun >= 0.05

    play(main)


def test_who_waits_for_another_programs_answer_is_waited_for():
    async def main(loop):
        bot = following(loop, 30.0)
        bot.still, bot.owed = True, ["127.0.0.1:9"]
        begun = real_monotonic()
        loop.call_real_later(0.05, bot.owed.clear)
        await asyncio.sleep(HOUR)
        assert real_monotonic() - begun >= 0.05
        assert bot.woken[0] >= 30

    assert not play(main).stalls


def test_an_answer_that_never_comes_is_left_behind_and_named(monkeypatch):
    monkeypatch.setattr(settled, "_PATIENCE_S", 0.03)

    async def main(loop):
        following(loop).owed = ["127.0.0.1:9"]
        await asyncio.sleep(HOUR)
        await asyncio.sleep(HOUR)

    assert play(main).stalls == [Stall("request", "127.0.0.1:9")]


def test_a_bot_that_computes_for_ever_does_not_freeze_the_clock(monkeypatch):
    monkeypatch.setattr(settled, "_PATIENCE_S", 0.03)

    async def main(loop):
        following(loop).running = True
        await asyncio.sleep(HOUR)

    (stall,) = play(main).stalls
    assert stall.what == "thread"


def test_a_thread_that_does_not_wake_stops_nobody(monkeypatch):
    monkeypatch.setattr(settled, "_WAKE_S", 0.03)

    async def main(loop):
        following(loop, 600.0).stopped = True
        await asyncio.sleep(HOUR)

    assert HOUR <= play(main).at < HOUR + 5


def test_a_dead_thread_has_no_timers():
    async def main(loop):
        following(loop, 600.0).dead = True
        jumps = []
        loop.jumped.append(jumps.append)
        await asyncio.sleep(HOUR)
        assert len(jumps) == 1

    play(main)


def test_a_bot_that_ticks_for_nothing_may_be_late_by_little_and_is_named():
    async def main(loop):
        bot = following(loop, 1.0)
        bot.still = True
        await asyncio.sleep(DAY / 2)
        late = [b - a for a, b in zip(bot.woken, bot.woken[1:], strict=False)]
        assert max(late[:150]) < 2
        assert 10 < max(late) < 60
        assert len(bot.woken) < 3_000

    (stall,) = play(main).stalls
    assert (stall.what, stall.who, stall.late_share) == ("timer", "the thread main", settled.LATE_SHARE)


def test_a_word_from_the_bot_makes_its_timers_punctual_again():
    async def main(loop):
        bot = following(loop, 1.0)
        bot.still = True
        await asyncio.sleep(HOUR)
        loop.alive()
        known = len(bot.woken)
        await asyncio.sleep(60)
        assert 50 < len(bot.woken) - known < 70
        assert bot.hurried[:2] == [True, False]

    play(main)


def test_a_long_poll_ends_before_the_bot_gives_it_up():
    ended = []

    async def main(loop):
        bot = following(loop, 15.0)
        bot.still = True
        loop.call_lazily(10.0, lambda: ended.append(loop.time()))
        await asyncio.sleep(60)
        assert ended[0] < bot.woken[0]
        assert ended == [pytest.approx(10, abs=2)]

    play(main)
