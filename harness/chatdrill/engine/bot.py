"""The bot under test: a program that runs already, one that chatdrill starts and stops, or an ASGI app in this process.

Whatever it is, the player only sees its answers. Starting, readiness and the end of it are recorded in the trace.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import shlex
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from chatdrill.errors import BotError, SettingsError
from chatdrill.serve.client import Client
from chatdrill.trace import BotOutput, BotState, Recorder
from chatdrill.wire import HttpRequest, HttpResponse

_LINE_MAX = 4000
_STOP_PATIENCE_S = 3.0
_PROBE_EVERY_S = 0.05


@dataclass(frozen=True, kw_only=True)
class BotOptions:
    """How the bot is reached. At most one of ``command`` and ``app``; without either it runs already.

    ``ready_url`` answers 2xx once a started bot is ready; without it, an accepted connection at ``probe_url`` (or any
    call to a fake) counts. ``environment`` is added to the variables of the fakes. Times in real seconds.
    """

    command: str | None = None
    app: str | None = None
    ready_url: str | None = None
    ready_timeout_s: float = 20.0
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None

    def __post_init__(self) -> None:
        if self.command and self.app:
            raise SettingsError("a bot is either a command or an ASGI app, not both")

    @property
    def kind(self) -> Literal["command", "app", "running"]:
        """Which of the three it is."""
        if self.command:
            return "command"
        return "app" if self.app else "running"

    def describe(self) -> str:
        """The bot in a few words, for the report."""
        return self.command or self.app or "a bot that runs already"


def load_app(name: str, environment: Mapping[str, str], folder: Path | None = None) -> Any:
    """Import ``module:attribute`` with ``environment`` set, as a server would.

    Raises ``BotError`` naming what is missing.
    """
    module_name, _, attribute = name.partition(":")
    if not module_name or not attribute:
        raise SettingsError(f"an ASGI app is named module:attribute, not {name!r}")
    os.environ.update(environment)
    if folder is not None and str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        raise BotError(f"cannot import the bot {module_name!r}: {type(error).__name__}: {error}") from error
    try:
        return getattr(module, attribute)
    except AttributeError:
        raise BotError(f"the bot's module {module_name!r} has no {attribute!r}") from None


class LateApp:
    """An ASGI app that is imported at its first call. ``problem`` is why that failed, if it did."""

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load = load
        self._app: Any = None
        self.problem: BotError | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self._app is None:
            try:
                self._app = self._load()
            except BotError as error:
                self.problem = error
                raise
        await self._app(scope, receive, send)


class BotProcess:
    """A bot that chatdrill starts with a command and stops at the end.

    ``exited`` is called, with a sentence, when the process ends before it is asked to.
    """

    def __init__(self, options: BotOptions, recorder: Recorder, *, redact: Callable[[str], str]) -> None:
        self._options = options
        self._recorder = recorder
        self._redact = redact
        self._process: asyncio.subprocess.Process | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False
        self.last_lines: deque[str] = deque(maxlen=12)
        self.exited: Callable[[str], None] = lambda _reason: None

    async def start(self, environment: Mapping[str, str]) -> None:
        """Start the command. Raises ``BotError`` if there is no such program."""
        words = shlex.split(self._options.command or "")
        try:
            self._process = await asyncio.create_subprocess_exec(
                *words,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env={**os.environ, **environment, "PYTHONUNBUFFERED": "1"},
                cwd=self._options.folder,
                start_new_session=True,
                limit=1 << 20,
            )
        except (OSError, ValueError, IndexError) as error:
            raise BotError(f"cannot start the bot {self._options.command!r}: {error}") from error
        self._recorder.record(BotState, state="started", detail=self._options.command)
        assert self._process.stdout is not None and self._process.stderr is not None
        self._tasks = [
            asyncio.create_task(self._read(self._process.stdout, "stdout")),
            asyncio.create_task(self._read(self._process.stderr, "stderr")),
            asyncio.create_task(self._watch()),
        ]

    @property
    def running(self) -> bool:
        """True while the process lives."""
        return self._process is not None and self._process.returncode is None

    async def _read(self, stream: asyncio.StreamReader, name: Literal["stdout", "stderr"]) -> None:
        while True:
            try:
                raw = await stream.readline()
            except ValueError:  # a line longer than the buffer: the reader has dropped what it held
                continue
            if not raw:
                return
            line = self._redact(raw.decode("utf-8", "replace").rstrip("\r\n"))[:_LINE_MAX]
            self.last_lines.append(line)
            self._recorder.record(BotOutput, stream=name, line=line)

    async def _watch(self) -> None:
        assert self._process is not None
        code = await self._process.wait()
        if not self._stopping:
            reason = f"the bot exited with {_exit_words(code)}"
            self._recorder.record(BotState, state="exited", detail=reason)
            self.exited(reason)

    async def stop(self) -> None:
        """End the process and everything it started: politely first, then not. Bounded."""
        self._stopping = True
        if self._process is None:
            return
        if self.running:
            await self._signal_and_wait(signal.SIGTERM)
        if self.running:
            await self._signal_and_wait(signal.SIGKILL)
        # Children may hold the pipes open, so the readers are not waited for without a bound.
        _, late = await asyncio.wait(self._tasks, timeout=0.5)
        for task in late:
            task.cancel()
        self._recorder.record(BotState, state="stopped", detail=_exit_words(self._process.returncode))

    async def _signal_and_wait(self, number: signal.Signals) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), _STOP_PATIENCE_S)


def _exit_words(code: int | None) -> str:
    if code is None:
        return "no exit code"
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


async def wait_until(is_ready: Callable[[], Any], *, timeout_s: float, still_alive: Callable[[], bool]) -> bool:
    """Probe ``is_ready`` (which may return an awaitable) until it is true; false on time-out or when the bot died."""
    deadline = asyncio.get_running_loop().time() + timeout_s
    while still_alive() and asyncio.get_running_loop().time() < deadline:
        answer = is_ready()
        if await answer if asyncio.iscoroutine(answer) else answer:
            return True
        await asyncio.sleep(_PROBE_EVERY_S)
    return False


async def answers(url: str) -> bool:
    """True if a GET of ``url`` is answered by a status of 200 to 299."""
    client = Client(time_of_the_loop)
    try:
        answer = await client.send(HttpRequest("GET", url), 2.0)
    finally:
        client.close()
    return isinstance(answer, HttpResponse) and 200 <= answer.status < 300


def time_of_the_loop() -> float:
    """The running loop's clock, for measuring."""
    return asyncio.get_running_loop().time()


async def accepts_connections(url: str) -> bool:
    """True if something listens where ``url`` points."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(1.0):
            _, writer = await asyncio.open_connection(parts.hostname or "127.0.0.1", port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True
