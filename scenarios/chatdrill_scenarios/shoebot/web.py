"""The bot's door: a bare ASGI application."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, quote

from .bot import Bot
from .channels import Channel
from .channels.twilio import Twilio
from .config import Settings
from .counter import Counter
from .lending import PATH as FILES

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, bytes]

BODY_MAX_BYTES = 4 * 1024 * 1024  # Meta batches up to 3 MB
WEBHOOKS = "/webhooks/"
PLAIN = b"text/plain; charset=utf-8"
_KINDS = {b"{": b"application/json", b"<Response>": b"text/xml"}


class Application:
    """Starts with the server's lifespan, or with the first request where there is none."""

    def __init__(self, env: Mapping[str, str] | None = None) -> None:
        self._env = env
        self._bot: Bot | None = None
        self._closing = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(FILES):
            await self._lend(scope, send)
        elif scope["type"] == "http":
            status, body = await self._answer(scope, receive)
            await _send(send, status, body)

    @property
    def bot(self) -> Bot:
        """The running bot. A new event loop needs a new one: connections and databases belong to a loop."""
        if self._bot is None or self._bot.loop is not asyncio.get_running_loop():
            self._bot = Bot(Settings.read(os.environ if self._env is None else self._env))
        return self._bot

    async def close(self) -> None:
        """While what was begun is brought to its end, nothing new is taken: a second bot would begin the same again."""
        if self._bot is not None:
            bot, self._bot, self._closing = self._bot, None, True
            try:
                await bot.close()
            finally:
                self._closing = False

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    _ = self.bot
                except ValueError as error:  # a setting that cannot be read
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        path, method = scope["path"], scope["method"]
        if self._closing:
            return 503, b"closing"
        if path == "/healthz":
            return (200, b"ok") if self.bot.ready.is_set() else (503, b"starting")
        name = path.removeprefix(WEBHOOKS) if path.startswith(WEBHOOKS) else ""
        counter = self.bot.counter
        if counter is not None and name == counter.desk.name:
            if method == "POST":
                return await self._news(counter, scope, receive)
            return (200, b"") if method in ("GET", "HEAD") else (405, b"")  # some desks look whether anybody is there
        channel = self.bot.channels.get(name)
        if channel is None:
            return 404, b"not found"
        if method == "GET":
            return _handshake(channel, scope)
        return await self._webhook(channel, scope, receive) if method == "POST" else (405, b"")

    async def _lend(self, scope: Scope, send: Send) -> None:
        """A file for the desk. Nobody's browser shall run what a customer has sent."""
        file = self.bot.files.find(scope["path"]) if scope["method"] in ("GET", "HEAD") else None
        if file is None:
            await _send(send, 404, b"not found")
            return
        heads = [
            (b"content-type", file.mime.encode("latin-1", "replace")),
            (b"content-disposition", f"attachment; filename*=UTF-8''{quote(file.name, safe='')}".encode()),
            (b"content-length", str(len(file.content)).encode()),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": heads})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else file.content})

    async def _news(self, counter: Counter, scope: Scope, receive: Receive) -> Answer:
        """The same for the desk's webhooks; what is not the desk's has no effect."""
        raw = await _body(receive)
        if raw is None:
            return 413, b"too large"
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if not counter.desk.trusts(headers, raw):
            return 401, b"signature does not match"
        self.bot.receive_news(raw)
        return 200, b""

    async def _webhook(self, channel: Channel, scope: Scope, receive: Receive) -> Answer:
        """Checked, filed and acknowledged; the work comes afterwards, as the platform gives up after seconds."""
        raw = await _body(receive)
        if raw is None:
            return 413, b"too large"
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        headers[":path"] = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
        await channel.prepare()
        if not channel.trusts(headers, raw):
            return 401, b"signature does not match"
        try:
            update = channel.read(headers, raw)
        except (ValueError, KeyError, RecursionError):  # the last for what is nested without end
            return 400, b"not what this platform sends"
        if isinstance(update, dict):
            if isinstance(channel, Twilio) and "CallSid" in update:
                return 200, await self.bot.phone.answer(update, _step(scope))
            challenge = channel.challenge(update)
            if challenge is not None:
                return 200, challenge
            greeting = self.bot.greet(channel, update)
            if greeting is not None:
                return 200, greeting
            self.bot.receive(channel, update)
            if self.bot.counter and self.bot.counter.host == channel.name:
                self.bot.receive_news(raw)
        return 200, b""


def _step(scope: Scope) -> str:
    query: bytes = scope["query_string"]
    return dict(parse_qsl(query.decode("latin-1"))).get("step", "")


def _handshake(channel: Channel, scope: Scope) -> Answer:
    challenge = channel.handshake(dict(parse_qsl(scope["query_string"].decode("latin-1"))))
    return (403, b"forbidden") if challenge is None else (200, challenge.encode())


async def _body(receive: Receive) -> bytes | None:
    """The request's body, or None if it is larger than any platform's."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > BODY_MAX_BYTES or message["type"] == "http.disconnect":
            return None
        if not message.get("more_body"):
            return b"".join(chunks)


async def _send(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", next((kind for sign, kind in _KINDS.items() if body.startswith(sign)), PLAIN)),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
