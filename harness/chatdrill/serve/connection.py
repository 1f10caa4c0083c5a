"""One connection of an HTTP/1.1 server: the parser is httptools', everything around it is here.

A connection collects whole requests, hands each to the handler and writes the answers in the order of the requests. A
handler answers at once, or returns an awaitable (a long poll), or a ``Stream``, or a ``Dialogue``: then the connection becomes a
WebSocket. Whatever a client sends, it ends in an
answer or a closed connection, within the bounds of ``Bounds``.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any, cast

import httptools

from chatdrill.clock import real_monotonic
from chatdrill.serve.answers import (
    Answer,
    Attended,
    Bounds,
    Complain,
    Dialogue,
    Handler,
    HangUp,
    Refused,
    Stream,
    Turn,
    unreadable,
)
from chatdrill.serve.heads import Heads, header_text
from chatdrill.serve.inbox import Inbox, Receiver
from chatdrill.serve.websocket import ABNORMAL, WebSocket, misfit, proof
from chatdrill.wire import HttpRequest, HttpResponse, json_response

_PIPELINE_MAX = 64  # unanswered requests on one connection before we stop reading
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_WEBSOCKET = ["upgrade", "websocket"]
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Service:
    """What the connections of one server share.

    ``complain`` is told, in a sentence, of requests that were refused before the handler.
    """

    handler: Handler
    heads: Heads
    bounds: Bounds
    complain: Complain
    connections: set[Attended] = field(default_factory=set)
    inbox: Inbox = field(default_factory=lambda: Inbox(real_monotonic))


class Connection(asyncio.Protocol, Receiver):
    """One client."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._bounds = service.bounds
        self._transport: asyncio.Transport | None = None
        self._parser: Any = None
        self._turns: deque[Turn] = deque()
        self._ready: list[Turn] = []
        self._problem: Refused | None = None
        self._out: list[bytes] = []
        self._stream: Stream | None = None
        self._paused = False
        self._full = False
        self._closing = False
        self._draining = False
        self._drained_bytes = 0
        self.deadline = 0.0
        self._head_bytes = 0
        self._came_at = 0.0
        self._upgrades: tuple[tuple[str, str], ...] = ()
        self._begin()
        self._reading = False

    def _begin(self) -> None:
        self._url = b""
        self._headers: list[tuple[str, str]] = []
        self._body: list[bytes] = []
        self._body_bytes = 0
        self._in_head = self._reading = True
        self._upgrading = False

    # ------------------------------------------------------------------------------------------ the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self._parser = httptools.HttpRequestParser(self)
        self._service.connections.add(self)
        self.deadline = real_monotonic() + self._bounds.idle_s

    def eof_received(self) -> None:
        self._service.inbox.flush(self)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._service.inbox.flush(self)
        self._service.connections.discard(self)
        self._transport = self._parser = None
        self._cancel_turns()
        if self._stream is not None:
            self._stream.closed()

    def pause_writing(self) -> None:
        self._full = True
        self._throttle()

    def resume_writing(self) -> None:
        self._full = False
        self._throttle()

    def _throttle(self) -> None:
        """Read only from a client that also reads."""
        wanted = self._full or len(self._turns) > _PIPELINE_MAX
        if self._transport is None or wanted == self._paused or self._transport.is_closing():
            return
        self._paused = wanted
        if wanted:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        self._service.inbox.take(self, data)

    def receive(self, data: bytes, came_at: float) -> None:
        """Read a part of a request, or several requests."""
        self._came_at = came_at
        if self._draining:
            self._drain(len(data))
            return
        if self._closing or self._problem is not None or self._stream is not None:
            return
        if self._in_head:
            self._head_bytes += len(data)
        self._parse(data)

    # ---------------------------------------------------------------------------------------------- the parser

    def _parse(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
            if self._head_bytes:
                self._check_head()
        except httptools.HttpParserUpgrade as upgrade:
            self._go_on_without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserCallbackError as error:
            refused = error.__context__
            self._problem = refused if isinstance(refused, Refused) else Refused(400, str(error))
        except httptools.HttpParserError as error:
            self._problem = Refused(400, unreadable(error, data))
        except Refused as refused:
            self._problem = refused

    def _check_head(self) -> None:
        """A head that does not end is bounded by what was fed, for the parser keeps unfinished headers to itself."""
        if self._in_head and self._head_bytes > self._bounds.url_max_bytes + self._bounds.head_max_bytes:
            self._check_url()
            raise Refused(431, f"a head of more than {self._bounds.head_max_bytes} bytes")

    def _check_url(self) -> None:
        if len(self._url) > self._bounds.url_max_bytes:
            raise Refused(414, f"a URL of more than {self._bounds.url_max_bytes} bytes")

    def on_message_begin(self) -> None:
        self._begin()
        self.deadline = real_monotonic() + self._bounds.request_s

    def on_url(self, part: bytes) -> None:
        self._url += part

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append(header_text(name, value))

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._check_url()
        limit = self._bounds.head_max_bytes
        if self._head_bytes > limit and sum(len(name) + len(value) for name, value in self._headers) > limit:
            raise Refused(431, f"headers of more than {limit} bytes")
        if self._parser.should_upgrade():
            self._upgrading = True
            return
        for name, value in self._headers:
            if len(name) == 14 and name.lower() == "content-length":
                self._check_body(int(value))
            elif len(name) == 6 and name.lower() == "expect":
                self._expect(value)

    def _expect(self, value: str) -> None:
        if value.lower() != "100-continue" or self._parser.get_http_version() == "1.0" or self._turns:
            return
        self.react()
        self._out.append(_CONTINUE)
        self.reply()

    def _check_body(self, size: int) -> None:
        if size > self._bounds.body_max_bytes:
            raise Refused(413, f"a body of {size} bytes; at most {self._bounds.body_max_bytes} are taken")

    def on_body(self, part: bytes) -> None:
        self._body_bytes += len(part)
        self._check_body(self._body_bytes)
        self._body.append(part)

    def on_message_complete(self) -> None:
        if self._upgrading:
            return
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        method = self._parser.get_method().decode("latin-1")
        headers, self._upgrades = (*self._headers, *self._upgrades), ()
        request = HttpRequest(method, self._url.decode("latin-1"), headers, body, self._came_at)
        keep = self._parser.should_keep_alive()
        self._ready.append(Turn(request, keep, self._parser.get_http_version() == "1.0"))
        self._in_head, self._head_bytes, self._reading = True, 0, False

    def _go_on_without_upgrade(self, rest: bytes) -> None:
        """RFC 9110, 7.8: a server may ignore ``Upgrade``; so the same head is read again without it, and the handler is told only if
        it is about a WebSocket. Java's HttpClient sends ``Upgrade: h2c`` with every first request, so this is no rare case.
        """
        method = self._parser.get_method().decode("latin-1")
        if method == "CONNECT":
            self._problem = Refused(405, "CONNECT: this is not a proxy; chatdrill's fakes are plain http:// servers")
            return
        lines = [f"{method} {self._url.decode('latin-1')} HTTP/{self._parser.get_http_version()}"]
        lines += [f"{name}: {value}" for name, value in self._headers if name.lower() not in ("upgrade", "connection")]
        self._upgrades = tuple(pair for pair in self._headers if [each.lower() for each in pair] == _WEBSOCKET)
        self._parser = httptools.HttpRequestParser(self)
        self._parse("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + rest)

    # ------------------------------------------------------------------------------------------------- answers

    def react(self) -> None:
        """Have the whole requests handled, and refuse what cannot be read."""
        ready, self._ready = self._ready, []
        for turn in ready:
            self._answer(turn)
        if self._problem is not None:
            problem, self._problem = self._problem, None
            self.reply()
            self._refuse(problem)

    def _answer(self, turn: Turn) -> None:
        if self._closing or self._stream is not None:
            return
        answer = self._service.handler(turn.request)
        if isinstance(answer, HttpResponse):
            turn.answer = answer
            if not self._turns:
                self._say(turn)
                return
        elif isinstance(answer, Awaitable):
            turn.task = asyncio.ensure_future(answer)
            turn.task.add_done_callback(lambda done: self._answered(turn, done))
        else:
            turn.answer = answer
        self._turns.append(turn)
        self.deadline = float("inf")
        self._say_waiting()
        self._throttle()

    def _answered(self, turn: Turn, done: asyncio.Future[Answer]) -> None:
        if done.cancelled() or self._transport is None:
            return
        error = done.exception()
        turn.answer = done.result() if error is None else json_response({"error": str(error)}, status=500)
        self._say_waiting()
        self.reply()
        self._throttle()

    def _say_waiting(self) -> None:
        while self._turns and self._turns[0].answer is not None:
            self._say(self._turns.popleft())

    def _say(self, turn: Turn) -> None:
        answer = turn.answer
        if isinstance(answer, HttpResponse):
            keep = turn.keep and not self._closing
            bodiless = turn.request.method == "HEAD"
            self._out.append(self._service.heads.answer(answer, keep=keep, old=turn.old, bodiless=bodiless))
            self._closing = not keep
            if not self._turns and not self._reading:
                self.deadline = real_monotonic() + self._bounds.idle_s
        elif isinstance(answer, HangUp):
            self._hang_up(answer)
        elif isinstance(answer, Dialogue):
            self._converse(turn, answer)
        elif answer is not None:
            self._open_stream(answer)

    def reply(self) -> None:
        """Write the answers that are ready."""
        if self._transport is None:
            return
        if self._out:
            self._transport.write(self._out[0] if len(self._out) == 1 else b"".join(self._out))
            self._out = []
        if self._closing and not self._turns and not self._draining and self._stream is None:
            self._transport.close()

    def _open_stream(self, stream: Stream) -> None:
        assert self._transport is not None
        self._out.append(self._service.heads.stream(stream.headers))
        self._stream = stream
        self.deadline = float("inf")
        self.reply()
        stream.opened(self._transport)

    def _converse(self, turn: Turn, dialogue: Dialogue) -> None:
        """Let a WebSocket have the transport; this connection is over."""
        assert self._transport is not None
        turn.answer = misfit(turn.request)
        if turn.answer is not None:
            dialogue.closed(ABNORMAL)
            self._say(turn)
            return
        self._out.append(self._service.heads.switch(proof(turn.request), dialogue.protocol))
        self.reply()
        self._cancel_turns()  # what follows a handshake is no HTTP any more
        transport, self._transport, self._closing = self._transport, None, True
        self._service.connections.discard(self)
        socket = WebSocket(dialogue, self._bounds, self._service.inbox, self._service.connections)
        transport.set_protocol(socket)
        socket.connection_made(transport)

    def _hang_up(self, how: HangUp) -> None:
        assert self._transport is not None
        if how.begun is not None:
            whole = self._service.heads.answer(how.begun, keep=False)
            self._out.append(whole[: len(whole) - (len(how.begun.body) + 1) // 2])
        self._closing = True
        self.reply()
        if how.begun is not None:  # what was written must arrive
            return
        if how.reset:
            sock = self._transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self._transport.abort()

    # ----------------------------------------------------------------------------------------- refusing, closing

    def _refuse(self, problem: Refused) -> None:
        """Answer, close our side and read on for a while: a client that is still sending must see why."""
        if self._transport is None or self._closing:
            return
        where = (
            f"{self._parser.get_method().decode('latin-1')} {self._url[:200].decode('latin-1')}"
            if self._url
            else "a request"
        )
        self._service.complain(f"{where} was answered {problem.status}: {problem.why}")
        self._closing = True
        self._body.clear()
        self._cancel_turns()
        self._throttle()
        response = json_response({"error": problem.why, "status": problem.status}, status=problem.status)
        self._transport.write(self._service.heads.answer(response, keep=False))
        self._draining = True
        self.deadline = real_monotonic() + self._bounds.drain_s
        self._transport.write_eof()

    def _drain(self, size: int) -> None:
        self._drained_bytes += size
        if self._drained_bytes > self._bounds.drain_max_bytes:
            self.cut()

    def _cancel_turns(self) -> None:
        for turn in self._turns:
            if turn.task is not None:
                turn.task.cancel()
        self._turns.clear()

    def expire(self) -> None:
        """The connection is over its time: idle, or a request that does not end."""
        if self._draining or not self._reading:
            self.cut()
            return
        self._refuse(Refused(408, f"the request was not complete after {self._bounds.request_s:g} s"))

    def finish(self) -> None:
        """Close after the answers under way."""
        self._closing = True
        if self._stream is not None and self._transport is not None:
            self._transport.close()
        elif not self._turns:
            self.reply()

    def cut(self) -> None:
        """Close now."""
        if self._transport is not None:
            self._transport.abort()
