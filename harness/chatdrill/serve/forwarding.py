"""The connections between the doors of one bot: each door dials every other one and keeps that connection.

Questions go out on the connection that a door has dialled, and the answers come back on it; what the other door asks comes
on the other door's. So two doors never have to agree on who may speak.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

from msgspec import structs

from chatdrill.clock import real_later, real_monotonic
from chatdrill.clock.real import Cancellable
from chatdrill.serve.accepting import Listening, listen
from chatdrill.serve.frames import (
    FRAME_MAX_BYTES,
    GREETING_MAX_BYTES,
    Frames,
    Hello,
    Ping,
    Question,
    Reply,
    Share,
    Welcome,
    packed,
)

Address = tuple[str, int]
Done = Callable[[Reply | None], None]
Caller = tuple[int, float]
"""A door: its index, and when it was born."""
Answer = Callable[[Question, Caller], Reply | Awaitable[Reply]]
"""Told of a question and of the door that asks it."""

CONNECT_S = 1.0
_TICK = 0.25  # of the time-out: how often a door is asked whether it is there
_PING = packed(Ping(0))
_REST_S = 0.25
"""After a failed dial nothing is tried for so long: a dead door must not make every call wait for a connection."""


class Neighbour:
    """Another door, as this one asks it. ``changed`` is told, with a reason or ``None``, when it is lost and when it is back."""

    def __init__(self, index: int, hello: Hello, timeout_s: float, changed: Callable[[int, str | None], None]) -> None:
        self.index = index
        self._address: Address | None = None
        self._hello = structs.replace(hello, wanted=index)
        self._timeout_s = timeout_s
        self._changed = changed
        self._line: _Line | None = None
        self._dialling: asyncio.Task[None] | None = None
        self._rest_until = 0.0
        self._n = 0
        self._asked: dict[int, Done] = {}
        self._watching: Cancellable | None = None
        self._heard_at = 0.0
        self._unsent: dict[int, bytes] = {}
        self._log: Sequence[Share] = ()
        self._is_lost = False
        self._is_closed = False

    def at(self, address: Address, log: Sequence[Share]) -> None:
        """Say where the door is, and which calls it must have heard of; it is dialled at once."""
        self._log = log
        if address != self._address:
            self._address, self._rest_until = address, 0.0
            if self._line is not None:
                line, self._line = self._line, None
                line.cut()
                self._failed("it has moved")
        if self._line is None:
            self._dial()

    # ----------------------------------------------------------------------------------------------- questions

    def ask(self, question: Question, done: Done) -> None:
        """Ask, and call ``done`` once: with the answer, or with ``None`` where there is none in time."""
        n = self._number(done)
        data = packed(structs.replace(question, n=n))
        if self._line is not None and self._line.is_open:
            self._line.write(data)
            return
        self._unsent[n] = data
        if self._line is None:
            self._dial()

    def _number(self, done: Done) -> int:
        self._n += 1
        self._asked[self._n] = done
        if self._watching is None:
            self._heard_at = real_monotonic()
            self._watching = real_later(self._timeout_s * _TICK, self._watch)
        return self._n

    def tell_shared(self, done: Done) -> None:
        """The log has a new last entry: send it, and call ``done`` when it was heard."""
        if self._line is None or not self._line.is_open:
            asyncio.get_running_loop().call_soon(done, None)  # it hears the whole log when it is there
            if self._line is None:
                self._dial()
            return
        last = self._log[-1]
        n = self._number(done)
        self._line.write(packed(structs.replace(last, n=n)))

    def _watch(self) -> None:
        """While answers are waited for, the door must be heard of: one timer for all of them, so that a call costs none."""
        self._watching = None
        if not self._asked:
            return
        if real_monotonic() - self._heard_at > self._timeout_s:
            self._lost(f"nothing was heard of it for {self._timeout_s:g} s")
            if self._line is not None:
                self._line.cut()
        elif self._line is not None and self._line.is_open:
            self._line.write(_PING)
        self._watching = real_later(self._timeout_s * _TICK, self._watch)

    def answered(self, reply: Reply) -> None:
        """An answer has come."""
        self._heard_at = real_monotonic()
        if isinstance(reply, Welcome):
            self._welcomed(reply)
            return
        done = self._asked.pop(reply.n, None)
        if done is not None:
            self._back()
            done(reply)

    # --------------------------------------------------------------------------------------------- connections

    def _dial(self) -> None:
        if self._dialling is not None or self._is_closed:
            return
        if self._address is None:
            self._failed("nobody has said where it is")
        elif real_monotonic() < self._rest_until:
            self._failed("it could not be reached a moment ago")
        else:
            self._dialling = asyncio.get_running_loop().create_task(self._connect(self._address))

    async def _connect(self, address: Address) -> None:
        try:
            async with asyncio.timeout(CONNECT_S):
                await asyncio.get_running_loop().create_connection(lambda: _Line(self), *address)
        except (OSError, TimeoutError) as error:
            self._rest_until = real_monotonic() + _REST_S
            self._failed(f"it cannot be reached: {error or 'no connection in time'}")
        finally:
            self._dialling = None

    def opened(self, line: _Line) -> None:
        """A connection stands; nothing but the greeting goes out before the welcome."""
        self._line = line
        line.write(packed(self._hello))

    def _welcomed(self, welcome: Welcome) -> None:
        assert self._line is not None
        self._line.is_open = True
        missed = self._log[welcome.heard :]
        for share in missed:  # nobody waits for these answers any more: their number is that of no question
            self._line.write(packed(share))
        unsent, self._unsent = self._unsent, {}
        for data in unsent.values():
            self._line.write(data)
        self._back()

    def closed(self, line: _Line) -> None:
        """The connection is gone, and with it every answer that was to come."""
        if self._line is line:
            self._line = None
            self._rest_until = 0.0 if line.is_open else real_monotonic() + _REST_S
            self._failed("the connection was closed" if line.is_open else "it did not let this door in")

    def _failed(self, why: str) -> None:
        asked, self._asked = self._asked, {}
        self._unsent.clear()
        if self._is_closed:
            why = ""
        self._lost(why)
        for done in asked.values():
            asyncio.get_running_loop().call_soon(done, None)

    def _lost(self, why: str) -> None:
        if not self._is_lost and why:
            self._is_lost = True
            self._changed(self.index, why)

    def _back(self) -> None:
        if self._is_lost:
            self._is_lost = False
            self._changed(self.index, None)

    def close(self) -> None:
        """Hang up."""
        self._is_closed = True
        if self._dialling is not None:
            self._dialling.cancel()
        if self._line is not None:
            self._line.cut()
        if self._watching is not None:
            self._watching.cancel()
        self._failed("")


class _Line(asyncio.Protocol):
    """A dialled connection."""

    def __init__(self, neighbour: Neighbour) -> None:
        self._neighbour = neighbour
        self._frames = Frames()
        self._transport: asyncio.Transport | None = None
        self.is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._neighbour.opened(self)

    def data_received(self, data: bytes) -> None:
        try:
            for frame in self._frames.feed(data):
                self._neighbour.answered(frame)
        except ValueError:
            self.cut()

    def connection_lost(self, _exc: Exception | None) -> None:
        self._transport = None
        self._neighbour.closed(self)

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()


class Entrance:
    """Where the other doors dial in. ``heard`` says how many shared calls of a door have arrived."""

    def __init__(self, key: str, index: int, answer: Answer, heard: Callable[[Caller], int]) -> None:
        self._key = key
        self._index = index
        self._answer = answer
        self._heard = heard
        self._server: Listening | None = None
        self.guests: set[_Guest] = set()
        self.port = 0

    async def listen(self, host: str, port: int) -> None:
        """Bind; raises ``OSError``."""
        self._server = await listen(lambda: _Guest(self), host, port)
        self.port = self._server.sockets[0].getsockname()[1]

    def admit(self, hello: Any) -> Welcome | None:
        """The answer to a greeting; ``None`` for a stranger, or one who looks for another door."""
        if not isinstance(hello, Hello) or hello.wanted != self._index:
            return None
        if not hmac.compare_digest(hello.key.encode(), self._key.encode()):
            return None
        return Welcome(hello.n, self._heard((hello.door, hello.born)))

    def answer(self, question: Question, caller: Caller) -> Reply | Awaitable[Reply]:
        """Answer a question of an admitted door."""
        return self._answer(question, caller)

    def close(self) -> None:
        """Stop."""
        if self._server is not None:
            self._server.close()
        for guest in tuple(self.guests):
            guest.cut()


class _Guest(asyncio.Protocol):
    """A connection that another door has dialled."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance
        self._frames = Frames(GREETING_MAX_BYTES)
        self._transport: asyncio.Transport | None = None
        self._caller: Caller | None = None
        self._tasks: set[asyncio.Future[Reply]] = set()
        self._out: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._entrance.guests.add(self)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._transport = None
        self._entrance.guests.discard(self)
        for task in tuple(self._tasks):
            task.cancel()

    def data_received(self, data: bytes) -> None:
        try:
            for frame in self._frames.feed(data):
                self._take(frame)
        except ValueError:
            self.cut()
        if self._out and self._transport is not None:
            self._transport.write(b"".join(self._out))
            self._out = []

    def _take(self, frame: Any) -> None:
        if self._caller is None:
            welcome = self._entrance.admit(frame)
            if welcome is None:
                self.cut()
                return
            self._caller, self._frames.max_bytes = (frame.door, frame.born), FRAME_MAX_BYTES
            self._out.append(packed(welcome))
            return
        reply = self._entrance.answer(frame, self._caller)
        if not isinstance(reply, Awaitable):
            self._out.append(packed(reply))
            return
        task = asyncio.ensure_future(reply)
        self._tasks.add(task)
        task.add_done_callback(self._answered)

    def _answered(self, task: asyncio.Future[Reply]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or self._transport is None:
            return
        if task.exception() is not None:  # no answer would be waited for; the other door must hear that there is none
            self.cut()
            task.result()
        self._transport.write(packed(task.result()))

    def cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()
