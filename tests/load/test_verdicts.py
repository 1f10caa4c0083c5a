"""Conversations are judged between other things, and none is forgotten."""

from __future__ import annotations

import asyncio

import pytest

from chatdrill_load.crowd.verdicts import Bits, Verdicts
from chatdrill_load.messages import Ended


def _bits(name: str, count: int, done: list[str]) -> Bits:
    for number in range(count):
        done.append(f"{name}{number}")
        yield
    return Ended(ticket=0, took_s=1.0, verdict=name)


def test_only_the_first_bit_is_done_at_once() -> None:
    done: list[str] = []
    told: list[Ended] = []
    Verdicts().give(_bits("a", 3, done), told.append)
    assert done == ["a0"] and not told


def test_what_has_no_bits_is_told_at_once() -> None:
    told: list[Ended] = []
    Verdicts().give(_bits("a", 0, []), told.append)
    assert [ended.verdict for ended in told] == ["a"]


def test_other_things_happen_between_two_bits() -> None:
    done: list[str] = []

    async def live() -> None:
        verdicts, over = Verdicts(slice_s=0), asyncio.Event()
        working = asyncio.create_task(verdicts.work())
        verdicts.give(_bits("a", 3, done), lambda _: over.set())
        while not over.is_set():
            await asyncio.sleep(0)
            done.append("-")
        working.cancel()

    asyncio.run(live())
    assert "-" in done[done.index("a1") : done.index("a2")]


def test_bits_that_take_no_time_are_done_in_one_turn_of_the_loop() -> None:
    done: list[str] = []

    async def live() -> None:
        verdicts, over = Verdicts(slice_s=60), asyncio.Event()
        working = asyncio.create_task(verdicts.work())
        verdicts.give(_bits("a", 4, done), lambda _: over.set())
        while not over.is_set():
            await asyncio.sleep(0)
            done.append("-")
        working.cancel()

    asyncio.run(live())
    assert [name for name in done if name != "-"] == ["a0", "a1", "a2", "a3"]
    assert "-" not in done[done.index("a1") : done.index("a3")]


def test_at_the_end_everything_is_told_in_the_order_in_which_it_came() -> None:
    told: list[str] = []
    verdicts = Verdicts()
    for name in "abc":
        verdicts.give(_bits(name, 4, []), lambda ended: told.append(ended.verdict))
    verdicts.finish()
    assert told == ["a", "b", "c"]


def test_one_that_fails_is_told_and_does_not_stop_the_others() -> None:
    def broken() -> Bits:
        yield
        raise ZeroDivisionError

    told: list[str] = []
    verdicts = Verdicts()
    verdicts.give(broken(), lambda ended: told.append("broken"))
    verdicts.give(_bits("b", 2, []), lambda ended: told.append(ended.verdict))
    with pytest.raises(ZeroDivisionError):
        verdicts.finish()
    verdicts.finish()
    assert told == ["b"]
