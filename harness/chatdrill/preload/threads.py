"""What the threads of a process wait for: read from /proc, see proc_pid_stat(5) and proc_pid_syscall(5)."""

from __future__ import annotations

import os
import platform
from pathlib import Path

_INNER_WAITS = {
    # futex, pause, rt_sigsuspend, rt_sigtimedwait, wait4, waitid
    "x86_64": {202, 34, 130, 128, 61, 247},
    "aarch64": {98, 133, 137, 260, 95},
}
"""System calls that wait for another thread or process of the bot, or for a signal."""
_FUTEX = {"x86_64": 202, "aarch64": 98}


def state_of(process: int, thread: int) -> tuple[str, str]:
    """The name of a thread and the letter of its state, ``X`` for one that is gone."""
    try:
        text = Path(f"/proc/{process}/task/{thread}/stat").read_text("utf-8", "replace")
    except OSError:
        return "", "X"
    _, _, rest = text.partition("(")
    name, _, fields = rest.rpartition(")")
    return name, fields.split()[0]


def threads_of(process: int) -> list[int]:
    """The threads of a process; none if it has ended."""
    try:
        return [int(name) for name in os.listdir(f"/proc/{process}/task")]
    except OSError:
        return []


def children_of(process: int, thread: int) -> list[int]:
    """The processes that a thread has started and that live. Raises ``OSError`` where the kernel does not say."""
    return [int(word) for word in Path(f"/proc/{process}/task/{thread}/children").read_text("ascii").split()]


def waits_inside(process: int, thread: int) -> bool:
    """True if a thread sleeps, without a limit, until another thread or process of the bot lets it go on."""
    try:
        words = Path(f"/proc/{process}/task/{thread}/syscall").read_text("ascii").split()
    except OSError:
        return False
    if not words or not words[0].isdigit():  # "running", or -1 where it is blocked otherwise
        return False
    machine, number = platform.machine(), int(words[0])
    if number == _FUTEX.get(machine):
        return int(words[4], 16) == 0
    return number in _INNER_WAITS.get(machine, ())
