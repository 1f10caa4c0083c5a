"""Small bots for Messenger, Telegram, Viber and Slack, correct but for what a subclass spoils, and servers for them in threads."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

import uvicorn

from chatdrill_scenarios.zookeeper.examining import AnnouncingServer

APP_SECRET, VERIFY_TOKEN, WORD = "chatdrill-app-secret", "chatdrill-verify", "chatdrill-secret"
VIBER_TOKEN = "5217a3b4c6d8e0f1-9a8b7c6d5e4f3021-1122334455667788"
SLACK_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BODY_MAX_BYTES = 4 * 1024 * 1024
Answer = tuple[int, bytes]


def mac_of(raw: bytes) -> str:
    return "sha256=" + hmac.new(APP_SECRET.encode(), raw, hashlib.sha256).hexdigest()


class MetaBot:
    """An ASGI application that takes Messenger's webhooks and does nothing with them."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        status, body = await self.answer(scope, receive)
        kind = b"application/json" if body.startswith(b"{") else b"text/plain"
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def answer(self, scope: Any, receive: Any) -> Answer:
        if scope["method"] == "GET":
            return self.handshake(dict(parse_qsl(scope["query_string"].decode())))
        if scope["method"] != "POST":
            return 405, b""
        raw = await self.read(receive)
        if raw is None:
            return 413, b""
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        headers |= {f"?{name}": value for name, value in parse_qsl(scope["query_string"].decode())}
        if not self.trusts(headers, raw):
            return 401, b"forged"
        try:
            update = json.loads(raw)
        except (ValueError, RecursionError):
            return 400, b"no JSON"
        return await self.take(update) if isinstance(update, dict) else (200, b"")

    def handshake(self, query: Mapping[str, str]) -> Answer:
        if query.get("hub.verify_token") != VERIFY_TOKEN:
            return 403, b""
        return 200, query.get("hub.challenge", "").encode()

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        return hmac.compare_digest(headers.get("x-hub-signature-256", ""), mac_of(raw))

    async def take(self, update: dict[str, Any]) -> Answer:
        return 200, b""

    async def read(self, receive: Any) -> bytes | None:
        raw = b""
        while True:
            message = await receive()
            raw += message.get("body", b"")
            if message["type"] == "http.disconnect" or len(raw) > BODY_MAX_BYTES:
                return None
            if not message.get("more_body"):
                return raw


class TelegramBot(MetaBot):
    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        return headers.get("x-telegram-bot-api-secret-token") == WORD


class ViberBot(MetaBot):
    """Reads the signature in the header."""

    proof = "x-viber-content-signature"

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        expected = hmac.new(VIBER_TOKEN.encode(), raw, hashlib.sha256).hexdigest()
        return hmac.compare_digest(headers.get(self.proof, ""), expected)


class ViberNodeBot(ViberBot):
    """Reads it in the address, as Viber's own SDK for Node does."""

    proof = "?sig"


class SlackBot(MetaBot):
    """Signs what came with the time that came, and looks at the clock."""

    stale_s = 300.0

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        stamp = headers.get("x-slack-request-timestamp", "0")
        signed = b"v0:" + stamp.encode() + b":" + raw
        expected = "v0=" + hmac.new(SLACK_SECRET.encode(), signed, hashlib.sha256).hexdigest()
        fresh = stamp.isdecimal() and abs(time.time() - int(stamp)) <= self.stale_s
        return hmac.compare_digest(headers.get("x-slack-signature", ""), expected) and fresh

    async def take(self, update: dict[str, Any]) -> Answer:
        return 200, str(update.get("challenge", "")).encode()


class Served:
    """A bot on a port of its own, in a thread: ``with Served(MetaBot()) as bot: bot.url``."""

    def __init__(self, app: Any, *, path: str = "/hook", port: int = 0) -> None:
        config = uvicorn.Config(app, port=port, log_level="critical", loop="asyncio")
        self._server = AnnouncingServer(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._path = path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}{self._path}"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._server.up.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(10)


class _OneAtATime(HTTPServer):
    request_queue_size = 128
    url = ""


def one_at_a_time() -> _OneAtATime:
    """A correct bot on a server that reads one connection to its end before it looks at the next."""
    bot = MetaBot()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            raw = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), BODY_MAX_BYTES + 1))
            sent = iter([{"type": "http.request", "body": raw}])

            async def receive() -> dict[str, Any]:
                return next(sent)

            headers = [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]
            query = self.path.partition("?")[2].encode()
            scope = {"method": self.command, "headers": headers, "query_string": query}
            status, body = asyncio.run(bot.answer(scope, receive))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, *words: Any) -> None:
            pass

    server = _OneAtATime(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who goes away in the middle is no news
    server.url = f"http://127.0.0.1:{server.server_port}/hook"
    return server
