"""Whether all of a bot sleeps, and whom it waits for: seen from outside."""

from __future__ import annotations

import contextlib
import os
import socket
import sys

import pytest

from chatdrill.preload.sockets import asked, speaks_unseen
from preload.driven import started, until

_ASKER = """
import socket, sys
talk = socket.create_connection(("127.0.0.1", {port}))
{more}
sys.stdin.read()
"""


_ANSWERER = """
import socket, sys
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
talk = listening.accept()[0]
if talk.recv(1) == b"!": talk.sendall(b"!")
sys.stdin.read()
"""


def python(code):
    return [sys.executable, "-c", code]


@contextlib.contextmanager
def elsewhere(clock):
    """The port of another program, which answers ``!`` and is silent otherwise."""
    with started(clock, python(_ANSWERER), stdin=-1) as process:
        yield int(process.stdout.readline())


def test_a_bot_whose_threads_wait_for_one_another_is_asleep(clock):
    code = """
import threading, time
for _ in range(20): threading.Thread(target=threading.Event().wait, daemon=True).start()
time.sleep(3600)
"""
    with started(clock, python(code)) as process:
        until(lambda: clock.next_due() is not None and clock.is_asleep(), process)


@pytest.mark.parametrize(
    "awake",
    [
        "threading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True).start()",
        "threading.Thread(target=os.read, args=(os.pipe()[0], 1), daemon=True).start()",
        "import subprocess; child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE, env={})",
    ],
    ids=["computes", "reads from somewhere", "has started a program without the clock"],
)
def test_a_bot_that_may_do_something_is_not_asleep(clock, awake):
    code = f"import os, sys, threading, time\n{awake}\nprint('up', flush=True)\ntime.sleep(3600)"
    with started(clock, python(code)) as process:
        assert process.stdout.readline() == "up\n"
        until(lambda: any(wait.due and wait.due - wait.begun > 60 for wait in clock.waits()), process)
        assert not any(clock.is_asleep() for _ in range(50))


def test_a_bot_that_has_yet_to_notice_a_jump_is_not_asleep(clock):
    clock.slice_s = 10.0
    with started(clock, python("import time; time.sleep(3600)")) as process:
        until(clock.is_asleep, process)
        clock.move_to(clock.now() + 7200)
        assert not clock.is_asleep()


def test_whoever_has_no_answer_yet_is_known_by_the_address(clock):
    with elsewhere(clock) as port:
        code = _ASKER.format(port=port, more="talk.sendall(b'?')")
        with started(clock, python(code), stdin=-1) as process:
            until(lambda: asked([process.pid]) == [f"127.0.0.1:{port}"], process)


def test_a_connection_on_which_nothing_was_asked_is_idle(clock):
    with elsewhere(clock) as port:
        code = _ASKER.format(port=port, more="print('up', flush=True)")
        with started(clock, python(code), stdin=-1) as process:
            assert process.stdout.readline() == "up\n"
            assert asked([process.pid]) == []


def test_an_answer_ends_the_waiting(clock):
    with elsewhere(clock) as port:
        more = "talk.sendall(b'!'); talk.recv(1); print('up', flush=True)"
        with started(clock, python(_ASKER.format(port=port, more=more)), stdin=-1) as process:
            assert process.stdout.readline() == "up\n"
            assert asked([process.pid]) == []


def test_what_is_asked_of_this_process_is_its_own_affair(clock):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        code = _ASKER.format(port=port, more="talk.sendall(b'?')")
        with started(clock, python(code), stdin=-1) as process, listening.accept()[0] as talk:
            assert talk.recv(1) == b"?"
            assert asked([process.pid]) == []


def test_a_named_socket_of_the_machine_cannot_be_seen_through(clock, tmp_path):
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.fspath(tmp_path / "door"))
        listening.listen()
        code = f"import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect({os.fspath(tmp_path / 'door')!r}); input()"
        with started(clock, python(code), stdin=-1) as process:
            until(lambda: speaks_unseen([process.pid]), process)


def test_a_pair_of_sockets_of_its_own_is_nothing_unseen(clock):
    code = "import socket; pair = socket.socketpair(); print('up', flush=True); input()"
    with started(clock, python(code), stdin=-1) as process:
        assert process.stdout.readline() == "up\n"
        assert not speaks_unseen([process.pid])


def test_a_process_that_has_ended_asks_nobody():
    assert asked([2**22 - 1]) == []
