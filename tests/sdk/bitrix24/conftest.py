"""fast_bitrix24, unmodified, pointed by its webhook's URL at a loopback server round the desk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chatdrill.model import Agent
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, HttpRequest
from chatdrill_fakes.desks.bitrix24 import Bitrix24State, desk

NOW = 1795212345.0


class Server:
    """The portal behind a socket; ``calls`` are the names of what was called."""

    def __init__(self) -> None:
        given = {each.name: each.default for each in desk.settings} | {"rate_limits": "no"}
        self.state: Bitrix24State = desk.open(given, Seed(7).stream("sdk"))
        desk.hire(self.state, Agent(key="bob", first_name="Klaus", last_name="Weber"))
        self.calls: list[str] = []
        self.lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.root = f"http://127.0.0.1:{self._http.server_port}"
        self.webhook = desk.environment(self.state, self.root)["BITRIX24_WEBHOOK_URL"]

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            request = HttpRequest(self.command, self.path, tuple(self.headers.items()), body)
            with server.lock:
                handled = desk.handle(server.state, Exchange(request, NOW, server.root))
            assert handled.response is not None and handled.call is not None
            server.calls.append(handled.call.method)
            self.send_response(handled.response.status)
            for name, value in handled.response.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(handled.response.body)))
            self.end_headers()
            self.wfile.write(handled.response.body)

        do_GET = do_POST

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()
