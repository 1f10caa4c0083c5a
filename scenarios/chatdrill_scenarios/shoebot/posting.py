"""Mail over SMTP: to the outgoing server, with patience, and from whoever delivers to the bot's own."""

from __future__ import annotations

import asyncio
import base64
import logging
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .api import ApiError

log = logging.getLogger("shoebot")

# What passes is tried again as a queue would: greylisting lasts for five minutes, an outage perhaps for half an hour.
PAUSES_S = (1.0, 10.0, 60.0, 300.0, 600.0, 1200.0)
TIMEOUT_S = 60.0
SIZE_MAX_BYTES = 25 * 1024 * 1024
_DOT = re.compile(rb"^\.", re.MULTILINE)


class Refused(Exception):
    """A reply of 4yz or 5yz, or no reply at all (0)."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"{code} {words}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Relay:
    """The outgoing server."""

    url: str
    user: str
    password: str
    speed: float = 1.0

    async def send(self, sender: str, to: str, mail: bytes) -> None:
        """Raises `ApiError` for what is refused for good, or for too long."""
        for pause_s in (*PAUSES_S, None):
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    await self._once(sender, to, mail)
                return
            except (Refused, OSError, EOFError, TimeoutError) as error:
                code = error.code if isinstance(error, Refused) else 0
                if code >= 500 or pause_s is None:
                    raise ApiError("email", code, str(error)) from error
                log.info("email is put off (%s), next try in %.0f s", error, pause_s / self.speed)
            await asyncio.sleep(pause_s / self.speed)

    async def _once(self, sender: str, to: str, mail: bytes) -> None:
        parts = urlsplit(self.url)
        reader, writer = await asyncio.open_connection(parts.hostname or "127.0.0.1", parts.port or 587)
        try:
            talk = _Talk(reader, writer)
            await talk.heard(220)
            known = await talk.ask(f"EHLO {sender.rpartition('@')[2]}", 250)
            if "STARTTLS" in known:
                await talk.ask("STARTTLS", 220)
                await writer.start_tls(_context(), server_hostname=parts.hostname)
                await talk.ask(f"EHLO {sender.rpartition('@')[2]}", 250)
            proof = base64.b64encode(f"\0{self.user}\0{self.password}".encode()).decode()
            await talk.ask(f"AUTH PLAIN {proof}", 235)
            await talk.ask(f"MAIL FROM:<{sender}> SIZE={len(mail)}", 250)
            await talk.ask(f"RCPT TO:<{to}>", 250)
            await talk.ask("DATA", 354)
            writer.write(_DOT.sub(b"..", mail) + b".\r\n")
            await talk.heard(250)
            writer.write(b"QUIT\r\n")
        finally:
            writer.close()


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Talk:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def ask(self, line: str, code: int) -> list[str]:
        self._writer.write(line.encode() + b"\r\n")
        return await self.heard(code)

    async def heard(self, code: int) -> list[str]:
        """The lines of a reply; raises `Refused` for any other than the one expected."""
        lines: list[str] = []
        while True:
            line = (await self._reader.readuntil(b"\n")).decode("utf-8", "replace").rstrip()
            lines.append(line[4:])
            if line[3:4] != "-":
                break
        if line[:3] != str(code):
            raise Refused(int(line[:3]) if line[:3].isdigit() else 0, lines[-1])
        return lines


class Mailbox:
    """The bot's own server, where mail is delivered. `take` is handed the envelope's sender and the mail, and files it."""

    def __init__(self, address: str, take: Callable[[str, bytes], None]) -> None:
        self._address = address.lower()
        self._take = take
        self._server: asyncio.Server | None = None

    async def open(self, host: str, port: int) -> None:
        from aiosmtpd.smtp import SMTP

        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(
                self, data_size_limit=SIZE_MAX_BYTES, enable_SMTPUTF8=True, hostname="shoebot.example", loop=loop
            ),
            host,
            port,
        )

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address.lower().partition("+")[0].partition("@")[0] != self._address.partition("@")[0]:
            return "550 5.1.1 User unknown"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Filed before it is acknowledged: from then on it is ours."""
        self._take("" if envelope.mail_from == "<>" else envelope.mail_from, envelope.content)
        return "250 2.0.0 Ok"
