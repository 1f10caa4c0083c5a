"""One raw connection to the bot, by which things can be sent that no HTTP client would send. Every wait is bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import httptools

from chatdrill.serve.client import tls_context
from chatdrill.serve.heads import Target, header_text, is_loopback
from chatdrill.wire import HttpFailure, HttpResponse

_CHUNK_BYTES = 64 * 1024
_CONNECT_S = 5.0
_ANSWER_MAX_BYTES = 4 * 1024 * 1024
_SHOWN_MAX = 60  # characters of an answer's body


class Gone(Exception):
    """Nothing listens at the address."""


class Deaf(Exception):
    """Something listens, and takes no connection in time: its queue is full."""


@dataclass(frozen=True)
class Answer:
    """What came back. ``took_s``: real seconds from the first byte of the request to the last of the answer."""

    content: HttpResponse | HttpFailure
    took_s: float

    @property
    def status(self) -> int:
        """The HTTP status; 0 where no answer came."""
        return self.content.status if isinstance(self.content, HttpResponse) else 0

    @property
    def is_ok(self) -> bool:
        """True for 2xx."""
        return 200 <= self.status <= 299

    @property
    def is_error(self) -> bool:
        """True for a server that did not manage: 5xx, or no answer at all."""
        return not self.status or self.status >= 500

    @property
    def is_silence(self) -> bool:
        """True if nothing came in time."""
        return isinstance(self.content, HttpFailure) and self.content.kind == "timeout"

    @property
    def words(self) -> str:
        """``200 in 3 ms``, ``500 "Internal Server Error" in 3 ms``, ``no answer within 5 s``"""
        if isinstance(self.content, HttpFailure):
            return self.content.detail
        said = self.content.body[: 4 * _SHOWN_MAX].decode("utf-8", "replace").split()
        shown = "" if self.is_ok or not said else f' "{" ".join(said)[:_SHOWN_MAX]}"'
        return f"{self.status}{shown} in {self.took_s * 1000:.0f} ms"


@dataclass
class _Reading:
    """An answer while it comes in; httptools calls the methods."""

    headers: list[tuple[str, str]] = field(default_factory=list)
    body: list[bytes] = field(default_factory=list)
    size: int = 0
    complete: bool = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append(header_text(name, value))

    def on_body(self, body: bytes) -> None:
        self.size += len(body)
        if self.size <= _ANSWER_MAX_BYTES:
            self.body.append(body)

    def on_message_complete(self) -> None:
        self.complete = True


class Line:
    """A connection. ``now`` is a monotonic clock in seconds."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, now: Callable[[], float]) -> None:
        self._reader = reader
        self._writer = writer
        self._now = now
        self._began = now()

    @classmethod
    async def open(cls, target: Target, now: Callable[[], float]) -> Line:
        """Connect; raises ``Gone``, ``Deaf``."""
        tls = tls_context(is_loopback(target.host)) if target.scheme == "https" else None
        try:
            async with asyncio.timeout(_CONNECT_S):
                reader, writer = await asyncio.open_connection(target.host, target.port, ssl=tls)
        except TimeoutError as error:
            raise Deaf(f"no connection to {target.host_header} within {_CONNECT_S:g} s") from error
        except (OSError, ValueError) as error:
            raise Gone(f"no connection to {target.host_header}: {error}") from error
        return cls(reader, writer, now)

    async def write(self, data: bytes) -> None:
        """Send bytes; that the other side has closed is seen when its answer is read."""
        try:
            self._writer.write(data)
            await self._writer.drain()
        except OSError:
            pass

    async def ask(self, data: bytes, timeout_s: float) -> Answer:
        """Send a whole request and read the answer, which may come before all was sent."""
        self._began = self._now()
        writing = asyncio.ensure_future(self.write(data))
        try:
            return await self.answer(timeout_s)
        finally:
            writing.cancel()

    async def answer(self, timeout_s: float) -> Answer:
        """Read the answer; never raises for anything that the other side does."""
        try:
            async with asyncio.timeout(timeout_s):
                content = await self._read()
        except TimeoutError:
            content = HttpFailure("timeout", f"no answer within {timeout_s:.3g} s")
        except OSError:
            content = HttpFailure("reset", "the connection was reset without an answer")
        return Answer(content, self._now() - self._began)

    async def _read(self) -> HttpResponse | HttpFailure:
        reading = _Reading()
        parser = httptools.HttpResponseParser(reading)
        while not reading.complete:
            data = await self._reader.read(_CHUNK_BYTES)
            if not data:
                break
            try:
                parser.feed_data(data)
            except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
                if not reading.complete:
                    return HttpFailure("garbage", f"the answer is not HTTP/1.1: {error}")
        return _content(parser, reading)

    async def closes(self, timeout_s: float) -> bool:
        """True if the other side closes the connection in time."""
        try:
            async with asyncio.timeout(timeout_s):
                while await self._reader.read(_CHUNK_BYTES):
                    pass
        except TimeoutError:
            return False
        except OSError:
            pass
        return True

    def close(self) -> None:
        """Cut the connection."""
        transport = self._writer.transport
        transport.abort()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _content(parser: httptools.HttpResponseParser, reading: _Reading) -> HttpResponse | HttpFailure:
    status = parser.get_status_code()
    names = {name.lower() for name, _ in reading.headers}
    whole = reading.complete or (status and not names & {"content-length", "transfer-encoding"})
    if not whole:
        return HttpFailure("reset", "the connection was closed without an answer")
    return HttpResponse(status, tuple(reading.headers), b"".join(reading.body))
