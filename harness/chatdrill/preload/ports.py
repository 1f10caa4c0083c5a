"""Where a bot that was started listens: its TCP ports, as Linux tells them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from chatdrill.preload.threads import children_of, threads_of

_LISTENS = "0A"  # TCP_LISTEN of linux/tcp_states.h
_SOCKET = re.compile(r"socket:\[(\d+)\]")
_TABLES = ("tcp", "tcp6")


def listening(process: int) -> tuple[int, ...]:
    """The ports on which a process or one that it started listens, in order; none where the system does not tell."""
    try:
        ports = _listening_sockets(process)
        return tuple(sorted({ports[inode] for one in _family(process) for inode in _sockets(one) if inode in ports}))
    except OSError:
        return ()


def _family(process: int) -> Iterator[int]:
    yield process
    for thread in threads_of(process):
        for child in children_of(process, thread):
            yield from _family(child)


def _sockets(process: int) -> Iterator[str]:
    for name in os.listdir(f"/proc/{process}/fd"):
        try:
            found = _SOCKET.match(os.readlink(f"/proc/{process}/fd/{name}"))
        except FileNotFoundError:  # closed meanwhile
            continue
        if found:
            yield found[1]


def _listening_sockets(process: int) -> dict[str, int]:
    """Ports by the inode of their socket, in the process's own network."""
    found: dict[str, int] = {}
    for table in _TABLES:
        path = Path(f"/proc/{process}/net/{table}")
        for line in path.read_text("ascii").splitlines()[1:] if path.exists() else ():
            columns = line.split()
            if columns[3] == _LISTENS:
                found[columns[9]] = int(columns[1].rpartition(":")[2], 16)
    return found
