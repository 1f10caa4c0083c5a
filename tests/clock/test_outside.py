"""What the exact loop cannot see holds the time, but not for ever."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import itertools
import os
import select
import socket
import sys
import threading
import time
import urllib.request

import aiohttp
import anyio.to_thread
import httpx
import pytest

from chatdrill.clock.outside import Outside
from clock.kit import DAY, drill, foreign_server, now

HELD = 0.2


async def beside(work, timer_s=3600.0):
    """When ``work`` was over, while a timer of somebody else waits. Then that timer is over, too."""
    timer = asyncio.create_task(asyncio.sleep(timer_s))
    await work
    over = now()
    await timer
    return over


def blocked(event=None, seconds=0.05):
    """Some real work, which no clock of ours moves."""
    (event or threading.Event()).wait(seconds)


# ----------------------------------------------------------------------------------------------------- threads


@pytest.mark.parametrize(
    "hand_over",
    [
        lambda: asyncio.to_thread(blocked),
        lambda: asyncio.get_running_loop().run_in_executor(None, blocked),
        lambda: asyncio.get_running_loop().run_in_executor(concurrent.futures.ThreadPoolExecutor(1), blocked),
        lambda: anyio.to_thread.run_sync(blocked),
    ],
    ids=["to_thread", "executor", "an executor of its own", "anyio"],
)
def test_time_waits_for_a_thread(hand_over):
    drilled = drill(lambda: beside(hand_over()))
    assert (drilled.result, drilled.time, drilled.stalls) == (0, 3600, [])


@pytest.fixture
def processors():
    """Two of the machine's, for the length of a test that binds its threads to them."""
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
    if len(before) < 2:
        pytest.skip("there is no second processor to bind a thread to")
    yield [{number} for number in sorted(before)[:2]]
    os.sched_setaffinity(0, before)


def test_a_thread_gets_its_turns_beside_a_task_that_spins(processors):
    turns = itertools.count(1)

    async def spins():
        while next(turns) < 50_000:
            await asyncio.sleep(0)

    def goes_on_after_waits():
        os.sched_setaffinity(0, processors[1])  # there it wakes too late for a lock that was given up for microseconds
        for _ in range(50):
            select.select([], [], [], 0.0003)

    async def main():
        os.sched_setaffinity(0, processors[0])
        spinner = asyncio.create_task(spins())
        await asyncio.to_thread(goes_on_after_waits)
        spinner.cancel()

    drill(main)
    assert next(turns) < 50_000


def test_a_thread_of_anyio_sleeps_in_drill_time():
    drilled = drill(lambda: beside(anyio.to_thread.run_sync(lambda: time.sleep(600))))
    assert (drilled.result, drilled.stalls) == (600, [])


def test_a_thread_that_works_for_too_long_is_left_behind_and_named():
    let_go = threading.Event()

    async def main():
        working = asyncio.ensure_future(asyncio.to_thread(slow_work, let_go))
        await asyncio.sleep(DAY)
        is_over = working.done()
        let_go.set()
        await working
        return is_over

    drilled = drill(main, held_max_s=HELD)
    assert drilled.result is False
    assert [(stall.what, stall.who) for stall in drilled.stalls] == [
        ("thread", f"slow_work (test_outside.py:{slow_work.__code__.co_firstlineno})")
    ]


def slow_work(event):
    event.wait(60)


def test_who_was_left_behind_once_is_named_once():
    let_go = threading.Event()

    async def main():
        working = [asyncio.ensure_future(asyncio.to_thread(slow_work, let_go)) for _ in range(3)]
        await asyncio.sleep(DAY)
        let_go.set()
        await asyncio.gather(*working)

    assert len(drill(main, held_max_s=HELD).stalls) == 1


def test_who_was_left_behind_is_waited_for_half_as_long_the_next_time():
    async def main():
        stalls = []
        outside = Outside(asyncio.get_running_loop(), stalls.append)
        held_s = []
        for _ in range(4):
            job = outside.job("slow work")
            held_s.append(next(s for s in (0.5, 1, 2, 3, 5, 6, 10, 11) if outside.holding(job.since + s, 10) is None))
            outside.done(job)
        return held_s, len(stalls)

    assert drill(main).result == ([10, 5, 3, 2], 1)


def test_work_for_other_processes_holds_the_time_as_well():
    async def main():
        with concurrent.futures.ProcessPoolExecutor(1) as pool:
            return await asyncio.get_running_loop().run_in_executor(pool, abs, -553), now()

    assert drill(main).result == (553, 0)


def test_a_thread_that_cannot_be_had_holds_nothing():
    async def main():
        pool = concurrent.futures.ThreadPoolExecutor(1)
        pool.shutdown()
        with pytest.raises(RuntimeError, match="shutdown"):
            asyncio.get_running_loop().run_in_executor(pool, abs, 1)
        await asyncio.sleep(DAY)

    drilled = drill(main, held_max_s=HELD)
    assert (drilled.time, drilled.stalls) == (DAY, [])


# ---------------------------------------------------------------------------------------------------- programs


def test_time_waits_for_a_program_that_the_bot_starts():
    async def main():
        code = "import sys; sys.stdout.write(sys.stdin.read() + '!')"
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await program.communicate(b"done")
        return said

    async def both():
        found = asyncio.ensure_future(main())
        return await beside(found), found.result()

    drilled = drill(both)
    assert (drilled.result, drilled.stalls) == ((0, b"done!"), [])


def test_a_program_that_does_not_end_is_left_behind_and_named():
    async def main():
        program = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE)
        await asyncio.sleep(DAY)
        program.stdin.write(b"\n")
        await program.wait()

    drilled = drill(main, held_max_s=HELD)
    assert [stall.who for stall in drilled.stalls] == [f"the program {sys.executable}"]


# ---------------------------------------------------------------------------------------------------- requests


def late_answers(connection: socket.socket) -> None:
    """Answers each request late, and in two pieces."""
    with contextlib.suppress(OSError), connection:
        while connection.recv(65_536):
            blocked()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no")
            connection.sendall(b"k")


def silence(connection: socket.socket) -> None:
    with contextlib.suppress(OSError), connection:
        while connection.recv(65_536):
            pass


async def ask(port, **options):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, **options)
    writer.write(b"GET / HTTP/1.1\r\nHost: other\r\n\r\n")
    try:
        return (await reader.readuntil(b"ok"))[-2:]
    finally:
        writer.close()


def test_time_waits_for_the_answer_of_another_program():
    async def main():
        answer = asyncio.ensure_future(ask(port))
        return await beside(answer), answer.result()

    with foreign_server(late_answers) as port:
        drilled = drill(main)
    assert (drilled.result, drilled.stalls) == ((0, b"ok"), [])


def test_a_request_that_is_never_answered_is_left_behind_and_named():
    async def main():
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ask(port), 30)
        return now()

    with foreign_server(silence) as port:
        drilled = drill(main, held_max_s=HELD)
    assert drilled.result == 30
    assert [(stall.what, stall.who) for stall in drilled.stalls] == [("request", f"127.0.0.1:{port}")]


def test_an_idle_connection_holds_nothing():
    async def main():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(b"GET / HTTP/1.1\r\nHost: other\r\n\r\n")
            await reader.readuntil(b"ok")
            await asyncio.sleep(DAY)
        writer.close()

    with foreign_server(late_answers) as port:
        drilled = drill(main, held_max_s=HELD)
    assert (drilled.time, drilled.stalls) == (3 * DAY, [])


def test_time_waits_for_a_connection_that_takes_long_to_make():
    """The far end has no room for another connection at first; the machine tries again after a second."""

    async def main():
        connecting = asyncio.ensure_future(asyncio.open_connection(*full.getsockname()))
        over = await beside(connecting)
        connecting.result()[1].close()
        return over

    def make_room():
        blocked()
        for _ in range(2):
            full.accept()[0].close()

    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.create_connection(full.getsockname()):
        accepting = threading.Thread(target=make_room)
        accepting.start()
        drilled = drill(main)
        accepting.join()
    assert (drilled.result, drilled.stalls) == (0, [])


def test_a_driver_that_reads_its_socket_itself_is_waited_for():
    async def main():
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        came = loop.create_future()
        loop.add_reader(ours, lambda: came.done() or came.set_result(ours.recv(10)))
        threading.Timer(0.05, theirs.sendall, (b"rows",)).start()
        over = await beside(came)
        assert loop.remove_reader(ours)
        ours.close()
        theirs.close()
        return over, came.result()

    drilled = drill(main)
    assert (drilled.result, drilled.stalls) == ((0, b"rows"), [])


def test_raw_sockets_of_the_loop_are_waited_for():
    async def main():
        loop = asyncio.get_running_loop()
        with socket.socket() as sock:
            sock.setblocking(False)
            await loop.sock_connect(sock, ("127.0.0.1", port))
            await loop.sock_sendall(sock, b"GET")
            answer = asyncio.ensure_future(loop.sock_recv(sock, 4))
            return await beside(answer), answer.result()

    with foreign_server(late_answers) as port:
        assert drill(main).result == (0, b"HTTP")


def test_requests_of_a_library_in_a_thread_are_waited_for():
    def fetch():
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            return answer.read()

    async def main():
        answer = asyncio.ensure_future(asyncio.to_thread(fetch))
        return await beside(answer), answer.result()

    with foreign_server(late_answers) as port:
        assert drill(main).result == (0, b"ok")


async def ask_by_httpx(port, tls):
    async with httpx.AsyncClient(verify=tls) as client:
        answers = [(await client.get(f"https://127.0.0.1:{port}/")).content for _ in range(2)]
        assert answers[0] == answers[1]
        return answers[0]


async def ask_by_aiohttp(port, tls):
    async with aiohttp.ClientSession() as session, session.get(f"https://127.0.0.1:{port}/", ssl=tls) as answer:
        return await answer.read()


@pytest.mark.parametrize(
    "ask", [lambda port, tls: ask(port, ssl=tls), ask_by_httpx, ask_by_aiohttp], ids=["streams", "httpx", "aiohttp"]
)
def test_time_waits_for_an_answer_over_tls(tls, ask):
    """What the server sends of its own accord after the handshake is no answer."""
    server_side, client_side = tls

    def answer(connection):
        with contextlib.suppress(OSError), server_side.wrap_socket(connection, server_side=True) as secure:
            late_answers(secure)

    async def main():
        answer = asyncio.ensure_future(ask(port, client_side))
        return await beside(answer), answer.result()

    with foreign_server(answer) as port:
        drilled = drill(main, held_max_s=5)
    assert (drilled.result, drilled.stalls) == ((0, b"ok"), [])


def test_time_waits_for_an_answer_on_a_connection_that_became_secure(tls):
    def answer(connection):
        blocked()  # and it is the server that speaks first
        connection.sendall(b"ready\n")
        with contextlib.suppress(OSError), tls[0].wrap_socket(connection, server_side=True) as secure:
            late_answers(secure)

    async def ask_later_secure():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reader.readline()
        await writer.start_tls(tls[1])
        writer.write(b"GET")
        got = await reader.readuntil(b"ok")
        writer.close()
        return got[-2:]

    async def main():
        answer = asyncio.ensure_future(ask_later_secure())
        return await beside(answer), answer.result()

    with foreign_server(answer) as port:
        drilled = drill(main, held_max_s=5)
    assert (drilled.result, drilled.stalls) == ((0, b"ok"), [])


def test_an_idle_connection_of_httpx_holds_nothing():
    async def main():
        async with httpx.AsyncClient(timeout=None) as client:
            for _ in range(3):
                await client.get(f"http://127.0.0.1:{port}/")
                await asyncio.sleep(DAY)

    with foreign_server(late_answers) as port:
        drilled = drill(main, held_max_s=HELD)
    assert (drilled.time, drilled.stalls) == (3 * DAY, [])
