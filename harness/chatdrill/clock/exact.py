"""Exact virtual time, for a bot that lives in this process.

Time stands still while anything is ready to run. When nothing is, it jumps to the next timer, be it the bot's or ours.
What happens outside the loop's sight holds time, for a bounded real time: work in threads, programs that the bot starts,
and requests to other programs (a database, say) that have not been answered. Calls of the bot to the fakes stay inside: no
socket lies between (``chatdrill.clock.inside``).
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from typing import Any
from weakref import WeakSet

from chatdrill.clock.frozen import FrozenTime
from chatdrill.clock.inside import Switchboard
from chatdrill.clock.jumping import RESOLUTION_S, Events, JumpingLoop, Stall
from chatdrill.clock.outside import Job, Outside, WatchedFile, watched_transport
from chatdrill.clock.real import real_monotonic
from chatdrill.clock.restless import Watch, name_of
from chatdrill.clock.threads import Mothering, leave_behind
from chatdrill.clock.tls import WatchedTls, watch
from chatdrill.clock.watchdog import Watchdog

_HELD_MAX_S = 10.0
"""Real seconds for which work outside the loop's sight may hold the time."""
_THREADS_END_S = 1.0
"""Real seconds that threads have to come to their end when the loop does."""
_LOOK_EVERY_S = 0.01
_STUCK_S = 10.0
"""Real seconds for which one piece of code may keep the loop for itself; then it is stopped."""
_LOOK_EVERY = 61
"""While the loop is busy it looks at its sockets only every so many turns: a look costs more than a turn. A prime number,
so that those who are ready by turns are all seen."""
_BREATH_S = 0.001
"""Real seconds for which a busy loop then rests if a thread is at work. A look alone is no rest: it gives up Python's lock
for microseconds, less than another processor takes to wake a thread, and every such offer makes the thread begin anew with
the 5 ms (``sys.getswitchinterval``) after which it could demand the lock. The shortest wait that epoll of Python knows."""


class ExactLoop(JumpingLoop):
    """Its time begins at 0."""

    def __init__(self, *, held_max_s: float = _HELD_MAX_S) -> None:
        self.at = 0.0
        self._turns = 0
        self._rounds = 0
        self._alive_turn = 0
        self._held_max_s = held_max_s
        self._frozen: FrozenTime | None = None
        self._restless = Watch(lambda stall: self.stalled(stall))
        self.outside = Outside(self, lambda stall: self.stalled(stall))
        self._mothering = Mothering()
        self._programs: dict[Any, Job] = {}
        self._ended_programs: WeakSet[Any] = WeakSet()
        self._watched_files: dict[int, WatchedFile] = {}
        self.switchboard = Switchboard(self)
        super().__init__()

    def alive(self) -> None:
        self._restless.alive(self.at)
        self._alive_turn = self._turns

    def time(self) -> float:
        return self.at

    def show(self, start: float) -> None:
        """Let this process show drill time while somebody plays."""
        self._frozen = FrozenTime(start, self, self.jump, self._restless.blocks)
        self.jumped.append(self._frozen.move)

    def unattended(self) -> contextlib.AbstractContextManager[None]:
        """A bot in this process knows no other time than the loop's."""
        return self.running()

    def _began(self) -> None:
        self._watchdog = Watchdog(_STUCK_S, lambda: self._rounds, self._bitten)
        self._mothering.begin()
        if self._frozen is not None:
            self._frozen.begin(self.at)

    def _bitten(self, who: str) -> None:
        self.call_soon_threadsafe(lambda: self.stalled(Stall("block", who)))

    def _ended(self) -> None:
        self._watchdog.end()
        if self._frozen is not None:
            self._frozen.end()

    def jump(self, seconds: float) -> None:
        self._jump(self.at + max(0.0, seconds))

    # ---------------------------------------------------------------------------------------------- jumping

    def _wait(self, timeout: float | None) -> Events:
        self._rounds += 1
        if self._frozen is not None:
            self._frozen.turned()
        self._look_for_signs()
        if timeout is not None and timeout <= 0:
            return self._turn()
        if self._turns:
            self._turns = self._alive_turn = 0
            self._restless.rested()
        events = self._select(0.0)
        if events or self._ready:  # type: ignore[attr-defined]
            return events
        if not self._playing or timeout is None:
            return self._select(None)
        held = self.outside.holding(real_monotonic(), self._held_max_s)
        if held is not None:
            return self._select(held)
        self._jump(self._restless.target(self._scheduled, self.at))  # type: ignore[attr-defined]
        return []

    def _turn(self) -> Events:
        """Work is ready. If it never ends, time goes on all the same."""
        self._turns += 1
        if self._turns % _LOOK_EVERY:
            return []
        events = self._select(_BREATH_S if self.outside.in_threads() else 0.0)
        quiet_turns = self._turns - self._alive_turn
        if self._playing and not events and self._restless.spins(self._turns, quiet_turns, self._ready):  # type: ignore[attr-defined]
            self._turns = self._alive_turn = 0
            due = min(self._later_timers(), default=None)
            if due is not None and self.outside.holding(real_monotonic(), self._held_max_s) is None:
                self._restless.wakes(due)
                self._jump(due.when())
        return events

    def _later_timers(self) -> Iterator[asyncio.TimerHandle]:
        """The timers that are not due now: who sets one for this moment, again and again, spins as well."""
        handles: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]
        return (handle for handle in handles if not handle.cancelled() and handle.when() > self.at + RESOLUTION_S)

    def _jump(self, when: float) -> None:
        if when <= self.at:
            return
        self.at = when
        for tell in self.jumped:
            tell(when)

    # ------------------------------------------------------------------------------ what is outside our sight

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]
        job = self.outside.job(name_of(func))
        in_thread = executor is None or isinstance(executor, concurrent.futures.ThreadPoolExecutor)
        try:
            work = (job.run, func, *args) if in_thread else (func, *args)
            future = super().run_in_executor(executor, *work)
        except BaseException:
            self.outside.done(job)
            raise
        future.add_done_callback(lambda _: self.outside.done(job))
        return future

    async def shutdown_default_executor(self, *_args: Any, **_options: Any) -> None:
        """As asyncio's own, but bounded: work that never ends keeps nobody waiting."""
        self._executor_shutdown_called = True
        self.outside.end()
        executor = self._default_executor  # type: ignore[attr-defined]
        if executor is None:
            return
        executor.shutdown(wait=False)
        until = real_monotonic() + _THREADS_END_S
        while any(thread.is_alive() for thread in executor._threads) and real_monotonic() < until:
            looked = self.create_future()
            self.call_real_later(_LOOK_EVERY_S, lambda looked=looked: looked.done() or looked.set_result(None))  # type: ignore[misc]
            await looked

    def close(self) -> None:
        self.outside.end()
        leave_behind(tuple(self.outside.at_work))
        self._mothering.end()
        super().close()

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        """Names of this machine need no thread, and so no guess about when it is through."""
        if is_this_machine(host):
            return socket.getaddrinfo(host, port, **options)
        return await super().getaddrinfo(host, port, **options)

    async def _make_subprocess_transport(self, protocol: Any, args: Any, *more: Any, **options: Any) -> Any:
        """Time waits for a program until it ends."""
        transport = await super()._make_subprocess_transport(protocol, args, *more, **options)  # type: ignore[misc]
        if transport not in self._ended_programs:
            name = args if isinstance(args, str) else os.fsdecode(args[0])
            self._programs[transport] = self.outside.job(f"the program {name}", "request")
        return transport

    def _child_watcher_callback(self, pid: int, returncode: int, transport: Any) -> None:
        super()._child_watcher_callback(pid, returncode, transport)  # type: ignore[misc]
        self.call_soon_threadsafe(self._program_ended, transport)

    def _program_ended(self, transport: Any) -> None:
        self._ended_programs.add(transport)  # it may end before anybody knows that it began
        job = self._programs.pop(transport, None)
        if job is not None:
            self.outside.done(job)

    def _make_socket_transport(self, sock: Any, *args: Any, **options: Any) -> Any:
        self._ensure_fd_no_transport(sock)  # type: ignore[attr-defined]
        return watched_transport(self.outside, self, sock, *args, **options)

    def _make_ssl_transport(
        self,
        rawsock: Any,
        protocol: Any,
        sslcontext: Any,
        waiter: Any = None,
        *,
        server_side: bool = False,
        server_hostname: str | None = None,
        **options: Any,
    ) -> Any:
        """As asyncio's own, on a transport that is watched."""
        bounds = {name: options.pop(name) for name in tuple(options) if name.startswith("ssl_")}
        tls = WatchedTls(self.outside, self, protocol, sslcontext, waiter, server_side, server_hostname, **bounds)
        self._make_socket_transport(rawsock, tls, **options)
        return tls._app_transport

    async def start_tls(self, transport: Any, protocol: Any, sslcontext: Any, **options: Any) -> Any:
        secured = await super().start_tls(transport, protocol, sslcontext, **options)
        watch(self.outside, secured._ssl_protocol)  # type: ignore[union-attr]
        return secured

    def add_reader(self, fd: Any, callback: Callable[..., Any], *args: Any) -> None:  # type: ignore[override]
        """Some drivers of databases read their sockets themselves; they watch them while they wait for an answer."""
        file = WatchedFile(name_of(callback))

        def heard() -> None:
            self.outside.heard(file)
            callback(*args)

        super().add_reader(fd, heard)
        self._watched_files[_file_number(fd)] = file
        self.outside.wrote(file)

    def remove_reader(self, fd: Any) -> bool:
        file = self._watched_files.pop(_file_number(fd), None)
        if file is not None:
            self.outside.closed(file)
        return super().remove_reader(fd)

    # -------------------------------------------------------------------------------- what stays inside

    async def create_server(self, protocol_factory: Any, host: Any = None, port: Any = None, **options: Any) -> Any:
        server = await super().create_server(protocol_factory, host, port, **options)
        if not options.get("ssl"):
            self.switchboard.listens(server, protocol_factory)
        return server

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        if not self.switchboard.connects(sock, address):
            await self._really_connect(sock, address)

    async def _really_connect(self, sock: socket.socket, address: Any) -> None:
        with self.outside.asking(_words(address)):
            await super().sock_connect(sock, address)

    async def sock_sendall(self, sock: socket.socket, data: Any) -> None:
        await self._keep_promise(sock)
        await super().sock_sendall(sock, data)

    async def sock_recv(self, sock: socket.socket, nbytes: int) -> bytes:
        await self._keep_promise(sock)
        with self.outside.asking(_words(sock.getpeername())):
            return await super().sock_recv(sock, nbytes)

    async def _keep_promise(self, sock: socket.socket) -> None:
        """Whoever goes on with a socket itself needs one that is connected."""
        address = self.switchboard.promised(sock)
        if address is not None:
            await self._really_connect(sock, address)

    async def create_connection(self, protocol_factory: Any, host: Any = None, port: Any = None, **options: Any) -> Any:
        sock = options.get("sock")
        if options.get("ssl"):
            if sock is not None:
                await self._keep_promise(sock)
        else:
            inside = self.switchboard.line(host, port, sock)
            if inside is not None:
                return await inside.open(protocol_factory)
        return await super().create_connection(protocol_factory, host, port, **options)


def _words(address: Any) -> str:
    return f"{address[0]}:{address[1]}" if isinstance(address, tuple) else str(address)


def _file_number(fd: Any) -> int:
    return fd if isinstance(fd, int) else int(fd.fileno())


def is_this_machine(host: object) -> bool:
    """True for ``localhost`` and for addresses that are written as numbers."""
    if host is None or host in ("localhost", b"localhost", ""):
        return True
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return True
