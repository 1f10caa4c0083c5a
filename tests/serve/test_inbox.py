"""What sockets bring, dealt with in batches and stages."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatdrill.serve.inbox import Inbox, Receiver

BATCH = 64
LARGE = 16 * 1024


class Noting(Receiver):
    """Writes down what it is told to do."""

    def __init__(self, name: str, said: list[str]) -> None:
        self.name = name
        self.said = said

    def receive(self, data: bytes, came_at: float) -> None:
        self.said.append(f"{self.name} reads {data.decode()} of {came_at:g}")

    def react(self) -> None:
        self.said.append(f"{self.name} reacts")

    def reply(self) -> None:
        self.said.append(f"{self.name} replies")


class Failing(Noting):
    def react(self) -> None:
        raise ZeroDivisionError(self.name)


async def turn() -> None:
    """One turn of the loop."""
    await asyncio.sleep(0)


async def test_a_large_piece_is_dealt_with_at_once_and_after_what_came_before_it() -> None:
    said: list[str] = []
    inbox = Inbox(lambda: 1.0)
    a = Noting("a", said)
    inbox.take(a, b"x")
    inbox.take(a, b"y" * LARGE)
    assert [word[:9] for word in said] == ["a reads x", "a reads y", "a reacts", "a reacts", "a replies", "a replies"]


async def test_what_comes_together_is_stamped_first_and_goes_through_stages() -> None:
    said: list[str] = []
    now = [1.0]
    inbox = Inbox(lambda: now[0])
    a, b = Noting("a", said), Noting("b", said)
    inbox.take(a, b"x")
    now[0] = 1.25  # what waits does so in the order in which it came, however late the next comes
    inbox.take(b, b"y")
    assert not said
    await turn()
    assert said == ["a reads x of 1", "b reads y of 1.25", "a reacts", "b reacts", "a replies", "b replies"]


async def test_between_batches_the_loop_looks_around() -> None:
    said: list[str] = []
    inbox = Inbox(lambda: 1.0)
    for number in range(BATCH + 3):
        inbox.take(Noting(str(number), said), b"")
    await turn()
    assert len([word for word in said if "reads" in word]) == BATCH
    await turn()
    assert [word.split()[0] for word in said if "replies" in word] == [str(number) for number in range(BATCH + 3)]


async def test_what_waits_is_dealt_with_before_its_connection_ends() -> None:
    said: list[str] = []
    inbox = Inbox(lambda: 1.0)
    a, b = Noting("a", said), Noting("b", said)
    for data in (b"x", b"y"):
        inbox.take(a, data)
        inbox.take(b, data)
    inbox.flush(a)
    assert said[:2] == ["a reads x of 1", "a reads y of 1"] and not any(word.startswith("b") for word in said)
    await turn()
    assert said.count("b reacts") == 2 and said.count("a reacts") == 2


async def test_a_failure_keeps_nobody_else_up(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    told: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "call_exception_handler", told.append)
    inbox = Inbox(lambda: 1.0)
    for receiver in (Noting("a", said), Failing("b", said), Noting("c", said)):
        inbox.take(receiver, b"")
    await turn()
    assert said[-2:] == ["b replies", "c replies"] and "c reacts" in said
    assert [type(one["exception"]) for one in told] == [ZeroDivisionError]
