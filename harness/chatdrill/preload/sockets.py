"""Which programs a bot has asked something and has no answer from: its connections, looked at with its own eyes.

Linux lends a process the files of another one that it may trace, pidfd_getfd(2), and tells of a TCP connection when it
last carried data, each way: ``struct tcp_info`` of linux/tcp.h. One on which the bot spoke last waits for an answer.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import struct
from collections.abc import Iterable, Iterator

_PIDFD_OPEN, _PIDFD_GETFD = 434, 438  # the same on all machines
_INFO_BYTES = 256
_ESTABLISHED, _SYN_SENT = 1, 2
_SENT_MS, _HEARD_MS, _HEARD_BYTES, _SENT_BYTES = 44, 52, 128, 200  # in struct tcp_info
_LINK = "socket:["
_INTERNET = (socket.AF_INET, socket.AF_INET6)
_IPV4_IN_IPV6 = "::ffff:"

_kernel = ctypes.CDLL(None, use_errno=True).syscall
_kernel.restype = ctypes.c_long
_kernel.argtypes = [ctypes.c_long] * 4

Address = tuple[str, int]


def asked(processes: Iterable[int]) -> list[str]:
    """The addresses that these processes wait for an answer from, others than their own and this process's.

    Raises ``OSError`` where Linux does not lend their files.
    """
    waited: set[Address] = set()
    ends: set[Address] = set()
    for process in processes:
        for connection in _connections(process):
            ends.add(_plain(connection.getsockname()))
            if _asks(connection):
                waited.add(_peer(connection))
    foreign = waited - ends
    if foreign:
        foreign -= {_plain(own.getsockname()) for own in _connections(os.getpid())}
    return [f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in sorted(foreign)]


def _peer(connection: socket.socket) -> Address:
    try:
        return _plain(connection.getpeername())
    except OSError:  # it is being made, and Linux keeps to itself where to
        return "a program that takes no connection", 0


def _connections(process: int) -> Iterator[socket.socket]:
    """The process's TCP connections, one after the other."""
    for found in _sockets(process):
        if found.family in _INTERNET and found.type == socket.SOCK_STREAM:
            with contextlib.suppress(OSError):
                if _info(found)[0] in (_ESTABLISHED, _SYN_SENT):
                    yield found


def speaks_unseen(processes: Iterable[int]) -> bool:
    """True if they have connections to others of which Linux does not tell who spoke last: of UDP, or through a named socket
    of this machine.

    Raises ``OSError`` where Linux does not lend their files.
    """
    return any(_is_unseen(found) for process in processes for found in _sockets(process))


def _is_unseen(found: socket.socket) -> bool:
    try:
        peer = found.getpeername()
    except OSError:
        return False
    return bool(peer) and (found.family not in _INTERNET or found.type != socket.SOCK_STREAM)


def _sockets(process: int) -> Iterator[socket.socket]:
    try:
        handle = _called(_PIDFD_OPEN, process, 0, 0)
    except ProcessLookupError:
        return
    try:
        for name in os.listdir(f"/proc/{process}/fd"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError, OverflowError):
                if os.readlink(f"/proc/{process}/fd/{name}").startswith(_LINK):
                    yield from _lent(handle, int(name))
    except FileNotFoundError:
        return
    finally:
        os.close(handle)


def _lent(handle: int, number: int) -> Iterator[socket.socket]:
    try:
        file = _called(_PIDFD_GETFD, handle, number, 0)
    except OSError as error:
        if isinstance(error, PermissionError):
            raise
        return  # closed meanwhile
    with socket.socket(fileno=file) as found:
        yield found


def _called(number: int, *words: int) -> int:
    result = int(_kernel(number, *words))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _plain(address: tuple[str, int]) -> Address:
    """IPv4 in the clothes of IPv6 is IPv4."""
    return address[0].removeprefix(_IPV4_IN_IPV6), address[1]


def _info(connection: socket.socket) -> bytes:
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)


def _asks(connection: socket.socket) -> bool:
    info = _info(connection)
    if info[0] == _SYN_SENT:
        return True
    if len(info) < _SENT_BYTES + 8:
        return False
    sent_ms, heard_ms = (struct.unpack_from("=I", info, at)[0] for at in (_SENT_MS, _HEARD_MS))
    sent, heard = (struct.unpack_from("=Q", info, at)[0] for at in (_SENT_BYTES, _HEARD_BYTES))
    # Times are counted in the kernel's ticks of some milliseconds; whoever has heard nothing at all still waits for it.
    return bool(sent) and (sent_ms < heard_ms or (not heard and sent_ms == heard_ms))
