"""The bot under test: a program that runs already, one that chatdrill starts and stops, or an ASGI app in this process.

Whatever it is, the player only sees its answers. Starting, readiness and the end of it are recorded in the trace.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import itertools
import os
import re
import shlex
import signal
import socket
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from chatdrill.errors import BotError, SettingsError
from chatdrill.serve.client import Client
from chatdrill.trace import BotOutput, BotState, Recorder
from chatdrill.wire import HttpRequest, HttpResponse

_USUAL_PORTS = {"https": 443, "smtp": 25}
_LINE_MAX = 4_000
_OUTPUT_MAX = 4_000_000
"""Characters of output that are kept; a bot may print for ever."""
_CHUNK_BYTES = 65_536
_STOP_PATIENCE_S = 3.0
_KILL_PATIENCE_S = 1.0
_PROBE_EVERY_S = 0.02
_LAST_LINES = 12
_PIPES: dict[str, Any] = {
    "stdin": asyncio.subprocess.DEVNULL,
    "stdout": asyncio.subprocess.PIPE,
    "stderr": asyncio.subprocess.PIPE,
}
_OWN_STREAMS: dict[str, Any] = {}
_SHELL_WORDS = re.compile(r"&&|\|\||[|;<>]|^cd\b|^\w+=")


@dataclass(frozen=True, kw_only=True)
class BotOptions:
    """How the bot is reached. At most one of ``command`` and ``app``; without either it runs already.

    ``ready_url`` answers 2xx once a started bot is ready; without it, an accepted connection at its webhook (or any call
    to a fake) counts. A command that is started ``through`` has chatdrill's own input, output and terminal. ``environment`` is added to the variables of the fakes, ``folder`` is where the command runs and
    the app is imported from. Times in real seconds.
    """

    command: str | None = None
    app: str | None = None
    through: bool = False
    ready_url: str | None = None
    ready_timeout_s: float = 20.0
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path()

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


def load_app(name: str, folder: Path) -> Any:
    """Import ``module:attribute``, as a server would.

    Raises ``BotError`` naming what is missing.
    """
    module_name, _, attribute = name.partition(":")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        raise BotError(f"cannot import the bot {module_name!r}: {type(error).__name__}: {error}") from error
    try:
        return getattr(module, attribute)
    except AttributeError:
        raise BotError(f"the bot's module {module_name!r} has no {attribute!r}") from None


@contextlib.contextmanager
def variables_set(variables: Mapping[str, str]) -> Iterator[None]:
    """Environment variables of this process, for as long as a bot in it needs them."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class LateApp:
    """An ASGI app that is imported at its first call. ``problem`` is why that failed, if it did."""

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load = load
        self._app: Any = None
        self.problem: BotError | None = None

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        if self._app is None:
            try:
                self._app = self._load()
            except BotError as error:
                self.problem = error
                raise
        answering: Awaitable[None] = self._app(scope, receive, send)
        return answering


class BotProcess:
    """A bot that chatdrill starts with a command and stops at the end.

    ``exited`` is called, with a sentence, when the process ends before it is asked to.
    """

    def __init__(self, options: BotOptions, recorder: Recorder, *, redact: Callable[[str], str]) -> None:
        self._options = options
        self._recorder = recorder
        self._redact = redact
        self._process: asyncio.subprocess.Process | None = None
        self._readers: list[asyncio.Task[None]] = []
        self._watcher: asyncio.Task[None] | None = None
        self._stopping = False
        self._output_left = _OUTPUT_MAX
        self.last_lines: deque[str] = deque(maxlen=_LAST_LINES)
        self.exited: Callable[[str], None] = lambda _reason: None

    async def start(self, environment: Mapping[str, str]) -> None:
        """Start the command. Raises ``BotError`` if there is no such program."""
        command = self._options.command or ""
        streams = _OWN_STREAMS if self._options.through else _PIPES
        given = {} if self._options.through else {"PYTHONUNBUFFERED": "1"}
        try:
            self._process = await asyncio.create_subprocess_exec(
                *shlex.split(command),
                env={**os.environ, **environment, **given},
                cwd=self._options.folder,
                start_new_session=not self._options.through,  # who has the terminal gets its Ctrl-C
                **streams,
            )
        except (OSError, ValueError, TypeError) as error:
            raise BotError(f"cannot start the bot {command!r}: {_why(error)}{_shell_hint(command)}") from error
        self._recorder.record(BotState, state="started", detail=self._redact(command))
        if self._process.stdout is not None and self._process.stderr is not None:
            self._readers = [
                asyncio.create_task(self._read(self._process.stdout, "stdout")),
                asyncio.create_task(self._read(self._process.stderr, "stderr")),
            ]
        self._watcher = asyncio.create_task(self._watch())

    @property
    def running(self) -> bool:
        """True while the process lives."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The id of the process while it lives."""
        return self._process.pid if self._process is not None and self.running else None

    async def wait(self) -> int:
        """Wait for the end of it; returns its exit code as a shell does, 128 and more for a signal."""
        assert self._process is not None
        code = await self._process.wait()
        return code if code >= 0 else 128 - code

    async def _read(self, stream: asyncio.StreamReader, name: Literal["stdout", "stderr"]) -> None:
        rest = b""
        while chunk := await stream.read(_CHUNK_BYTES):
            if self._output_left <= 0:
                continue
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > _CHUNK_BYTES:
                lines, rest = [*lines, rest], b""
            for line in lines:
                self._note(name, line)
        if rest:
            self._note(name, rest)

    def _note(self, name: Literal["stdout", "stderr"], raw: bytes) -> None:
        if self._output_left <= 0:
            return
        line = self._redact(raw.decode("utf-8", "replace").rstrip("\r"))[:_LINE_MAX]
        self._output_left -= len(line) + 1
        self.last_lines.append(line)
        self._recorder.record(BotOutput, stream=name, line=line)
        if self._output_left <= 0:
            self._recorder.record(BotOutput, stream=name, line="(what the bot printed after this was not kept)")

    async def _watch(self) -> None:
        assert self._process is not None
        code = await self._process.wait()
        if self._stopping:
            return
        await self._drain()  # its last words say why
        last = next((line.strip() for line in reversed(self.last_lines) if line.strip()), "")
        reason = f"the bot exited with {_exit_words(code)}" + (f"; it last printed {last[:200]!r}" if last else "")
        self._recorder.record(BotState, state="exited", detail=reason)
        self.exited(reason)

    async def stop(self, *, patience_s: float = _STOP_PATIENCE_S) -> None:
        """End the process and everything it started: politely first, after ``patience_s`` not. Bounded."""
        self._stopping = True
        if self._process is None:
            return
        if self.running:
            await self._signal_and_wait("SIGTERM", patience_s)
        # Also where the bot is gone: what it started may live on.
        await self._signal_and_wait("SIGKILL", _KILL_PATIENCE_S)
        await self._drain()
        for task in (*self._readers, self._watcher):
            if task is not None:
                task.cancel()
        self._recorder.record(BotState, state="stopped", detail=_exit_words(self._process.returncode))

    async def _drain(self) -> None:
        if self._readers:
            await asyncio.wait(self._readers, timeout=0.2)

    async def _signal_and_wait(self, name: str, patience_s: float) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self._process.terminate()
            elif self._options.through:
                self._process.send_signal(signal.Signals[name])
            else:
                os.killpg(self._process.pid, signal.Signals[name])
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), patience_s)


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _shell_hint(command: str) -> str:
    if not _SHELL_WORDS.search(command):
        return ""
    return "; it is started without a shell: write sh -c '...', and set variables with --bot-env"


def _exit_words(code: int | None) -> str:
    if code is None:
        return "no exit code"
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


async def wait_until(
    is_ready: Callable[[], bool] | Callable[[], Awaitable[bool]], *, timeout_s: float, still_alive: Callable[[], bool]
) -> bool:
    """Probe ``is_ready`` until it is true; false on time-out or when the bot died."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_s
    while still_alive() and loop.time() < deadline:
        answer = is_ready()
        if answer if isinstance(answer, bool) else await answer:
            return True
        await asyncio.sleep(_PROBE_EVERY_S)
    return False


async def answers(url: str) -> bool:
    """True if a GET of ``url`` is answered by a status of 200 to 299."""
    client = Client(asyncio.get_running_loop().time)
    try:
        answer = await client.send(HttpRequest("GET", url), 2.0)
    finally:
        client.close()
    return isinstance(answer, HttpResponse) and 200 <= answer.status < 300


async def accepts_connections(url: str) -> bool:
    """True if something listens where ``url`` points."""
    try:
        parts = urlsplit(url)
        port = parts.port or _USUAL_PORTS.get(parts.scheme, 80)
        async with asyncio.timeout(1.0):
            _, writer = await asyncio.open_connection(parts.hostname or "127.0.0.1", port)
    except (OSError, ValueError, TimeoutError):
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True


_PORTS = range(20_000, 32_000)
"""Below those that systems hand out by themselves (Linux from 32768 on, by ip_local_port_range; others from 49152 on, by RFC 6335), so that
no connection takes a port after it was found free and before its user listens there."""
_looked = itertools.count()


def free_port() -> int:
    """A port of this machine that nobody uses now, at each call another one. Raises ``BotError`` where there is none."""
    first = os.getpid() * 7919  # a prime: processes that look at the same time look in different places
    for number in itertools.islice(_looked, len(_PORTS)):
        port = _PORTS[(first + number) % len(_PORTS)]
        with socket.socket() as probe, contextlib.suppress(OSError):  # somebody has it
            probe.bind(("127.0.0.1", port))
            return port
    raise BotError(f"no port from {_PORTS.start} to {_PORTS.stop - 1} of this machine is free")
