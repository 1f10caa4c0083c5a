"""Listening, on whatever loop: all who knock are let in together."""

from __future__ import annotations

import asyncio
import errno
import socket
from typing import Any

import pytest

from chatdrill.serve import accepting
from chatdrill.serve.accepting import listen

MANY = 100


class Guest(asyncio.Protocol):
    """Counts the turns of the loop until it is in."""

    def __init__(self, entered: list[Guest]) -> None:
        self._entered = entered

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._entered.append(self)


def knock(port: int) -> socket.socket:
    sock = socket.socket()
    sock.setblocking(False)
    assert sock.connect_ex(("127.0.0.1", port)) in (0, errno.EINPROGRESS)
    return sock


async def test_all_who_knock_are_let_in_within_a_few_turns() -> None:
    entered: list[Guest] = []
    listening = await listen(lambda: Guest(entered), "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    knocking = [knock(port) for _ in range(MANY)]
    turns = 0
    while len(entered) < MANY:
        turns += 1
        assert turns < 50, f"{len(entered)} of {MANY} after {turns} turns"
        await asyncio.sleep(0)
    nodelay = entered[0].transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert nodelay
    for guest in entered:
        guest.transport.close()
    listening.close()
    for sock in knocking:
        sock.close()


async def test_a_closed_one_is_left() -> None:
    listening = await listen(asyncio.Protocol, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    listening.close()
    with pytest.raises(OSError, match=r"refused|Connect call failed"):
        await asyncio.open_connection("127.0.0.1", port)


async def test_a_name_is_listened_at_on_each_of_its_addresses() -> None:
    listening = await listen(asyncio.Protocol, "localhost", 0)
    assert {sock.getsockname()[0] for sock in listening.sockets} <= {"127.0.0.1", "::1"}
    listening.close()


async def test_a_port_that_is_taken_is_told() -> None:
    first = await listen(asyncio.Protocol, "127.0.0.1", 0)
    with pytest.raises(OSError) as caught:
        await listen(asyncio.Protocol, "127.0.0.1", first.sockets[0].getsockname()[1])
    assert caught.value.errno == errno.EADDRINUSE
    first.close()


async def test_without_files_who_knocks_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    if not type(loop).__module__.startswith("uvloop"):
        pytest.skip("asyncio's own way of accepting does so by itself")
    told: list[dict[str, Any]] = []
    again: list[Any] = []
    monkeypatch.setattr(loop, "call_exception_handler", told.append, raising=False)
    monkeypatch.setattr(accepting, "real_later", lambda _, work: again.append(work))
    entered: list[Guest] = []
    listening = await listen(lambda: Guest(entered), "127.0.0.1", 0)
    sock = listening.sockets[0]

    class Poor:
        def accept(self) -> Any:
            raise OSError(errno.EMFILE, "Too many open files")

        def __getattr__(self, name: str) -> Any:
            return getattr(sock, name)

    listening._take_in(Poor())  # type: ignore[attr-defined]
    assert told[0]["exception"].errno == errno.EMFILE and len(again) == 1
    listening.close()
