"""What the proofs of the helpdesks share: a desk on a real socket, a receiver of its webhooks, and an agent's hands.

Nothing here knows a vendor: how a webhook is signed is written, from the vendor's documentation, beside the tests of that desk.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, Self

import httpx

from chatdrill.clock import WallClock
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Recorder
from chatdrill.wire import Desk

_PATIENCE_S = 5.0  # of a test that waits for a webhook; what is right comes within milliseconds
_HURRY = 20.0
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)


class Hook(NamedTuple):
    """A webhook as it came over the wire; ``headers`` by their names in small letters."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Receiver:
    """A bot's HTTP server: it takes what is signed, refuses (401) what is not, and answers as ``answers`` says first."""

    def __init__(self) -> None:
        self.genuine: Callable[[Hook], bool] = lambda _: True
        self.taken: list[Hook] = []
        self.refused: list[Hook] = []
        self.answers: list[int] = []
        self._came = threading.Condition()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._take))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def _take(self, hook: Hook) -> int:
        with self._came:
            if not self.genuine(hook):
                self.refused.append(hook)
                return 401
            self.taken.append(hook)
            self._came.notify_all()
            return self.answers.pop(0) if self.answers else 200

    def until(self, true: Callable[[Any], bool]) -> Hook:
        """The first webhook whose JSON is what is waited for; fails the test where none comes."""
        return self.all_until(true)[-1]

    def all_until(self, true: Callable[[Any], bool], count: int = 1) -> list[Hook]:
        """The first ``count`` webhooks whose JSON is what is waited for."""

        def found() -> list[Hook]:
            return [hook for hook in self.taken if true(hook.json)][:count]

        with self._came:
            if not self._came.wait_for(lambda: len(found()) == count, _PATIENCE_S):
                raise AssertionError(f"came: {[hook.body[:300] for hook in self.taken]}; refused: {self.refused}")
            return found()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)


def _handler(take: Callable[[Hook], int]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(take(Hook(self.path, headers, body)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


class LateClock(WallClock):
    """Tells the machine's time, can be put on, and waits only a part of what is asked: a retry comes soon."""

    ahead_s = 0.0

    def now(self) -> float:
        return super().now() + self.ahead_s

    async def sleep(self, drill_s: float) -> None:
        await super().sleep(drill_s / _HURRY)

    def call_later(self, drill_s: float, work: Callable[[], None]) -> object:
        return super().call_later(drill_s / _HURRY, work)


class Helpdesk:
    """A desk behind a socket, on a loop in a thread of its own, as ``chatdrill serve`` has it.

    ``settings`` are the desk's; its webhooks go to ``bot``. ``root`` is its base URL, ``env`` what a bot would be given.
    With a folder for ``redirect``, a client whose host is fixed reaches the desk by the variables of ``env``.
    """

    def __init__(self, desk: Desk[Any], *, redirect: Path | None = None, **settings: str) -> None:
        self._desk, self._settings = desk, settings
        self._listen = ListenOptions(port=0, redirect=redirect)
        self._up, self._down = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._clock = LateClock()
        self._recorder = Recorder(self._clock)
        self.bot = Receiver()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._up.wait(10)
        self._http = httpx.Client(base_url=self._stage.base_url, timeout=5)
        return self

    def __exit__(self, *error: object) -> None:
        self._down.set()
        self._thread.join(10)
        self._http.close()
        self.bot.close()

    async def _run(self) -> None:
        self._stage = Stage(clock=self._clock, seed=Seed(5), recorder=self._recorder, listen=self._listen)
        office = self._stage.add_desk(self._desk, self._settings)
        self._stage.set_webhook(office.name, f"{self.bot.url}/hook")
        async with self._stage:
            self.root, self.env = office.base_url, self._stage.environment()
            self._up.set()
            while not self._down.is_set():
                await asyncio.sleep(0.005)

    def pass_time(self, seconds: float) -> None:
        """Let it be later for calls to come."""
        self._clock.ahead_s += seconds

    def client(self, **options: Any) -> httpx.Client:
        """A client of the desk's; paths lie below ``root``."""
        return httpx.Client(base_url=self.root, timeout=5, **options)

    def agent(self, act: str | dict[str, Any] | None = None, **about: Any) -> dict[str, Any]:
        """Somebody at the desk does something: ``about`` has ``agent``, ``ticket`` or ``text``. Returns what became of it."""
        asked = {"agent": "bob", **about, **({} if act is None else {"act": act})}
        answer = self._http.post("/_chatdrill/agent", json=asked)
        assert answer.status_code == 200, answer.text
        done: dict[str, Any] = answer.json()
        return done

    def owner(self, ticket: str) -> str:
        """Who may speak in a ticket."""
        tickets = self._http.get("/_chatdrill/state").json()["desks"][self._desk.name]["tickets"]
        return str(next(one["owner"] for one in tickets if one["ticket"] == ticket))
