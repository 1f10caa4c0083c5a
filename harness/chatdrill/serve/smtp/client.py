"""A client that delivers mail to a bot's SMTP server: a connection for each mail, and TLS where the server offers it."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from chatdrill.clock import Deadlines
from chatdrill.serve.client import tls_context
from chatdrill.serve.errands import Done, Errand
from chatdrill.serve.heads import is_loopback, is_near
from chatdrill.serve.parcels import Bot, Cancellable
from chatdrill.wire.http import HttpFailure, HttpRequest, HttpResponse
from chatdrill.wire.smtp import SCHEME, Envelope, envelope_in

_PORT = 25
_LINE_MAX_BYTES = 64 * 1024
_LINES_MAX = 200
_STUFFED = re.compile(rb"^\.", re.MULTILINE)


class Unfit(Exception):
    """What came is no SMTP."""


@dataclass(frozen=True)
class Said:
    """A reply of the bot's server: its code, and the words of its lines."""

    code: int
    lines: tuple[str, ...]

    @property
    def answer(self) -> HttpResponse:
        """As the answer to a delivery."""
        return HttpResponse(self.code, (), "\n".join(self.lines).encode())


class Postman:
    """A way to the bot: what goes to ``smtp://`` goes by SMTP, everything else on to ``bot``. ``now`` is a monotonic clock in seconds."""

    def __init__(self, now: Callable[[], float], bot: Bot) -> None:
        self.now = now
        self.under_way: set[Errand] = set()
        self.deadlines = Deadlines(Errand.expire)
        self._bot = bot
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, request: HttpRequest, timeout_s: float, done: Done) -> Cancellable:
        """Send a request; see ``Bot.start``."""
        if not request.url.startswith(f"{SCHEME}://"):
            return self._bot.start(request, timeout_s, done)
        errand = Errand(self, request.body, request.method, timeout_s, 0, done)
        task = asyncio.get_running_loop().create_task(self._carry(errand, request))
        errand.link = _Task(task)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return errand

    def close(self) -> None:
        """Cut every connection; mails under way are forgotten."""
        for errand in tuple(self.under_way):
            errand.cancel()

    async def _carry(self, errand: Errand, request: HttpRequest) -> None:
        try:
            host, port = _address(request.url)
            answer: HttpResponse | HttpFailure = await _deliver(host, port, envelope_in(request), request.body)
        except Unfit as error:
            answer = HttpFailure("garbage", str(error))
        except ValueError as error:
            answer = HttpFailure("refused", str(error))
        except ConnectionRefusedError:
            answer = HttpFailure("refused", f"nothing listens on {request.url.removeprefix(f'{SCHEME}://')}")
        except (EOFError, ConnectionError):
            answer = HttpFailure("reset", "the connection was closed before the mail was taken")
        except OSError as error:
            answer = HttpFailure("refused", error.strerror or str(error))
        errand.link = None
        errand.end(answer)


class _Task:
    """A connection that carries an errand."""

    def __init__(self, task: asyncio.Task[None]) -> None:
        self._task = task

    def cut(self) -> None:
        """Close now."""
        self._task.cancel()


def _address(url: str) -> tuple[str, int]:
    """Where a mail goes; raises ``ValueError``."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host:
        raise ValueError(f"{url!r} is not an {SCHEME}:// address")
    if not is_near(host):
        raise ValueError(
            f"{host} is on the internet, where chatdrill sends nothing; let the bot listen at a local address"
        )
    return host, parts.port or _PORT


async def _deliver(host: str, port: int, envelope: Envelope, mail: bytes) -> HttpResponse:
    """The reply to the mail, or to what was refused before it. Raises ``OSError``, ``EOFError``, ``Unfit``."""
    reader, writer = await asyncio.open_connection(host, port, limit=_LINE_MAX_BYTES)
    try:
        line = _Line(reader, writer)
        answer = await _talk(line, host, envelope, mail)
        writer.write(b"QUIT\r\n")
        return answer
    finally:
        writer.close()


async def _talk(line: _Line, host: str, envelope: Envelope, mail: bytes) -> HttpResponse:
    greeting = await line.heard()
    if greeting.code != 220:
        return greeting.answer
    known = await _hello(line, envelope.helo)
    if "STARTTLS" in known and (await line.ask("STARTTLS")).code == 220:
        await line.secure(tls_context(is_loopback(host)), host)
        known = await _hello(line, envelope.helo)
    for command in (_mail_from(envelope, mail, known), *(f"RCPT TO:<{to}>" for to in envelope.recipients)):
        said = await line.ask(command)
        if said.code >= 300:
            return said.answer
    said = await line.ask("DATA")
    if said.code != 354:
        return said.answer
    line.write(_STUFFED.sub(b"..", mail) + (b"" if mail.endswith(b"\r\n") else b"\r\n") + b".\r\n")
    return (await line.heard()).answer


async def _hello(line: _Line, name: str) -> frozenset[str]:
    """The words that the server announces."""
    said = await line.ask(f"EHLO {name}")
    if said.code >= 300:
        said = await line.ask(f"HELO {name}")
        return frozenset()
    return frozenset(words.split(" ")[0].upper() for words in said.lines[1:])


def _mail_from(envelope: Envelope, mail: bytes, known: frozenset[str]) -> str:
    words = [f"MAIL FROM:<{envelope.sender}>"]
    if "SIZE" in known:
        words.append(f"SIZE={len(mail)}")
    if "8BITMIME" in known and not mail.isascii():
        words.append("BODY=8BITMIME")
    if "SMTPUTF8" in known and not (envelope.sender + "".join(envelope.recipients)).isascii():
        words.append("SMTPUTF8")
    return " ".join(words)


class _Line:
    """The two directions of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Speak TLS from here on."""
        await self._writer.start_tls(context, server_hostname=host)

    def write(self, data: bytes) -> None:
        """Send bytes."""
        self._writer.write(data)

    async def ask(self, command: str) -> Said:
        """The reply to a command."""
        self.write(command.encode("utf-8", "replace") + b"\r\n")
        return await self.heard()

    async def heard(self) -> Said:
        """The next reply, of however many lines."""
        lines: list[str] = []
        while len(lines) < _LINES_MAX:
            try:
                words = (await self._reader.readuntil(b"\n")).decode("utf-8", "replace").rstrip("\r\n")
            except asyncio.LimitOverrunError as error:
                raise Unfit("a line without an end") from error
            if not (words[:3].isascii() and words[:3].isdigit() and words[3:4] in ("", " ", "-")):
                raise Unfit(f"{words[:100]!r} is no reply of SMTP")
            lines.append(words[4:])
            if words[3:4] != "-":
                return Said(int(words[:3]), tuple(lines))
        raise Unfit("a reply without an end")
