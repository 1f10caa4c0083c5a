"""Drill time for bots that ask: the doors ``time`` and ``work``, and the header in what they get."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import pytest

from chatdrill.clock import VirtualClock, WallClock
from chatdrill.clock.exact import ExactLoop
from chatdrill.errors import UsageError
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.serve.heads import TIME_HEADER, Heads
from chatdrill.serve.timekeeper import LEASE_MAX_S, Timekeeper
from chatdrill.trace import Recorder
from chatdrill.wire import HttpResponse
from serve.toy_clock import ToyClock
from serve.toys import TOKEN, Bot, Theatre, Toy, ask, join, port_of, raw, until, write

START = 1_800_000_000.0


async def control(stage: Stage, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    return await ask(stage, method, f"/_chatdrill/{path}", b"" if body is None else json.dumps(body).encode())


# ------------------------------------------------------------------------------------------------------------ time


async def test_whoever_asks_is_told_the_drills_time(theatre: Theatre, clock: ToyClock) -> None:
    stage = await theatre.open()
    clock.pass_time(0.25)
    status, told = await control(stage, "GET", "time")
    assert (status, told) == (
        200,
        {"now": START + 0.25, "iso": "2027-01-15T08:00:00Z", "virtual": False, "speed": 1.0},
    )


async def test_whoever_waits_for_a_moment_is_answered_when_it_has_come(theatre: Theatre, clock: ToyClock) -> None:
    stage = await theatre.open()
    waiting = asyncio.create_task(control(stage, "GET", f"time?until={START + 60}"))
    await until(lambda: bool(clock.slept))
    assert not waiting.done()
    clock.pass_time(60)
    assert (await waiting)[1]["now"] == START + 60
    assert clock.slept == [60]


async def test_a_moment_that_is_over_is_answered_at_once(theatre: Theatre) -> None:
    stage = await theatre.open()
    assert (await control(stage, "GET", f"time?until={START - 1}"))[1]["now"] == START


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("time?until=tomorrow", 400, "until must be drill time in Unix seconds, not 'tomorrow'"),
        ("time?until=inf", 400, "until must be drill time in Unix seconds, not 'inf'"),
        ("time?until=", 400, "until must be drill time in Unix seconds, not ''"),
        (f"time?until={START + 400 * 86_400}", 422, "until 2028-02-19T08:00:00Z it is more than a year; wait in steps"),
        ("tiem", 404, "nothing lies under /_chatdrill/tiem; did you mean 'time'?"),
    ],
)
async def test_a_moment_that_is_none_is_explained(theatre: Theatre, path: str, status: int, says: str) -> None:
    stage = await theatre.open()
    assert await control(stage, "GET", path) == (status, {"error": says})


async def test_time_that_passes_cannot_be_moved_by_hand(theatre: Theatre) -> None:
    stage = await theatre.open()
    status, told = await control(stage, "POST", "time", {"jump_s": 60})
    assert status == 422 and told["error"].endswith("start chatdrill with --clock virtual")


async def test_a_step_back_in_time_is_refused(theatre: Theatre) -> None:
    stage = await theatre.open()
    status, told = await control(stage, "POST", "time", {"jump_s": -60})
    assert status == 400 and "jump_s" in told["error"]


async def patient(stage: Stage, method: str, path: str, body: Any = None) -> Any:
    """As ``control``, without a bound: it would be in virtual time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(stage))
    data = b"" if body is None else json.dumps(body).encode()
    head = f"{method} /_chatdrill/{path} HTTP/1.0\r\nHost: localhost\r\nContent-Length: {len(data)}\r\n\r\n"
    writer.write(head.encode() + data)
    answer = await reader.read()
    writer.close()
    return json.loads(answer.partition(b"\r\n\r\n")[2])


def virtual(scene: Any, *, plays: bool = True) -> Any:
    """Play a scene on an exact loop, with a stage for it. Unless somebody ``plays`` time stands still."""

    async def main() -> Any:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, ExactLoop)
        clock = VirtualClock(loop, start=START)
        stage = Stage(clock=clock, seed=Seed(7), recorder=Recorder(clock), listen=ListenOptions(port=0))
        stage.add(Toy())
        async with stage:
            with loop.running() if plays else contextlib.nullcontext():
                return await scene(stage)

    with asyncio.Runner(loop_factory=ExactLoop) as runner:
        return runner.run(main())


def test_virtual_time_jumps_to_the_moment_that_somebody_waits_for() -> None:
    async def scene(stage: Stage) -> Any:
        dues = [START + days * 86_400 for days in (30, 2, 9)]
        return await asyncio.gather(*(patient(stage, "GET", f"time?until={due}") for due in dues))

    told = [answer["now"] - START for answer in virtual(scene)]
    assert told == [30 * 86_400, 2 * 86_400, 9 * 86_400]


def test_whoever_hangs_up_waits_no_longer() -> None:
    async def scene(stage: Stage) -> float:
        _, writer = await asyncio.open_connection("127.0.0.1", port_of(stage))
        writer.write(f"GET /_chatdrill/time?until={START + 86_400} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        await asyncio.sleep(1)
        writer.close()
        await asyncio.sleep(1)
        return min(
            (handle.when() for handle in asyncio.get_running_loop()._scheduled if not handle.cancelled()), default=0
        )

    assert virtual(scene) < 86_400


def test_virtual_time_can_be_moved_by_hand_a_year_at_most() -> None:
    async def scene(stage: Stage) -> Any:
        loop = asyncio.get_running_loop()
        loop.call_later(3_600, lambda: moments.append(loop.time()))
        too_far = await patient(stage, "POST", "time", {"jump_s": 1e12})
        return too_far, await patient(stage, "POST", "time", {"jump_s": 86_400})

    moments: list[float] = []
    refused, told = virtual(scene, plays=False)
    assert moments == [3_600]  # what is due on the way is not late
    assert refused["error"] == "jump_s is 1e+12, more than a year; jump in steps"
    assert told["now"] == START + 86_400


# ------------------------------------------------------------------------------------------------------------ work


async def test_declared_work_lasts_until_it_is_ended(theatre: Theatre) -> None:
    stage = await theatre.open()
    assert not stage.is_busy()
    assert await control(stage, "POST", "work", {"for_s": 20}) == (201, {"id": 1, "for_s": 20})
    assert await control(stage, "POST", "work") == (201, {"id": 2, "for_s": 30})
    assert await control(stage, "DELETE", "work?id=1") == (200, {"ended": True})
    assert stage.is_busy()
    assert await control(stage, "DELETE", "work?id=2") == (200, {"ended": True})
    assert not stage.is_busy()
    assert await control(stage, "DELETE", "work?id=2") == (200, {"ended": False})


async def test_work_that_is_never_ended_ends_by_itself() -> None:
    timekeeper = Timekeeper(WallClock())
    timekeeper.begin(1e-6)
    await until(lambda: not timekeeper.work_declared())
    assert timekeeper.begin(3_600.0) == (2, LEASE_MAX_S)


@pytest.mark.parametrize("lease_s", [0.0, -1.0, float("nan")])
def test_work_for_no_time_is_refused(lease_s: float) -> None:
    with pytest.raises(UsageError, match="for_s must be positive"):
        Timekeeper(WallClock()).begin(lease_s)


@pytest.mark.parametrize(
    ("method", "path", "body", "says"),
    [
        ("DELETE", "work", None, "id must be a whole number, not ''"),
        ("POST", "work", {"for": 3}, "did you mean 'for_s'?"),
        ("POST", "work", {"for_s": "long"}, "for_s"),
    ],
)
async def test_a_mistake_about_work_is_explained(
    theatre: Theatre, method: str, path: str, body: Any, says: str
) -> None:
    stage = await theatre.open()
    status, told = await control(stage, method, path, body)
    assert status == 400 and says in told["error"]


# ---------------------------------------------------------------------------------------------------------- header


def header_of(head: bytes) -> list[float]:
    lines = head.decode().split("\r\n")
    return [float(line.partition(": ")[2]) for line in lines if line.lower().startswith(TIME_HEADER.lower() + ":")]


async def test_webhooks_and_answers_carry_the_time_where_it_is_virtual(
    theatre: Theatre, clock: ToyClock, bot: Bot
) -> None:
    clock.is_virtual = True
    stage = await theatre.open(webhook=bot.url)
    clock.pass_time(12.345678)
    stage.act("toy", join(stage), write("hello"))
    await until(lambda: bool(bot.heads))
    answer = await raw(port_of(stage), b"POST /toy/send?to=toy-1&text=hi HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert header_of(bot.heads[0]) == header_of(answer.partition(b"\r\n\r\n")[0]) == [START + 12.345678]


async def test_a_redelivery_carries_the_time_of_its_own(theatre: Theatre, clock: ToyClock, bot: Bot) -> None:
    clock.is_virtual = True
    stage = await theatre.open(webhook=bot.url)
    bot.script(None, None)
    stage.act("toy", join(stage), write("hello"))
    await until(lambda: len(bot.heads) == 2)
    await until(lambda: 2.0 in clock.slept)
    clock.pass_time(2)
    await until(lambda: len(bot.heads) == 3)
    assert [header_of(head)[0] - START for head in bot.heads] == [0, 0, 2]
    assert bot.bodies[0] == bot.bodies[2]


async def test_where_time_passes_a_bot_gets_what_the_platform_sends_and_no_more(theatre: Theatre, bot: Bot) -> None:
    stage = await theatre.open(webhook=bot.url)
    stage.act("toy", join(stage), write("hello"))
    await until(lambda: bool(bot.heads))
    answer = await raw(port_of(stage), b"POST /toy/send?to=toy-1&text=hi HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert header_of(bot.heads[0]) == header_of(answer) == []


def test_the_time_is_told_to_the_microsecond_though_the_date_has_seconds() -> None:
    times = iter([START + 0.1, START + 0.1, START + 0.900001, START + 0.900001])
    heads = Heads(lambda: next(times), stamp=True)
    answers = [heads.answer(HttpResponse(200, (), b""), keep=True) for _ in range(2)]
    assert [header_of(answer) for answer in answers] == [[START + 0.1], [START + 0.900001]]
    assert all(b"Date: Fri, 15 Jan 2027 08:00:00 GMT" in answer for answer in answers)


async def test_the_token_is_nowhere_in_what_the_doors_say(theatre: Theatre) -> None:
    stage = await theatre.open()
    for method, path in (("GET", "time"), ("POST", "work"), ("DELETE", "work?id=1")):
        assert TOKEN not in str(await control(stage, method, path))
