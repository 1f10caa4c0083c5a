"""A bot that is an ASGI 3 application in this process: webhooks are calls, no socket lies between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import lru_cache
from itertools import starmap
from typing import Any

from chatdrill.clock.watchdog import BotStuck
from chatdrill.errors import BotError
from chatdrill.serve.errands import Done, Outcome
from chatdrill.serve.heads import BadUrl, Target, target_of
from chatdrill.wire import HttpFailure, HttpRequest, HttpResponse

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

_SHUTDOWN_S = 0.8
_CANCEL_S = 0.2
_STARTUP_S = 30.0
_GRAIN_S = 0.001
"""Loops call a timer up to so much too early; asked again at once, they would do so again."""


class AsgiBot:
    """Calls an application. ``complain`` is told, in a sentence, of exceptions that escape from it."""

    def __init__(self, app: AsgiApp, now: Callable[[], float], complain: Callable[[str], None]) -> None:
        self._app = app
        self._now = now
        self._complain = complain
        self._lifespan = _Lifespan(app)
        self._tasks: set[asyncio.Task[None]] = set()
        self._bounds = _Bounds()

    async def open(self) -> None:
        """Run the application's start-up, if it has one; raises ``BotError`` if that fails."""
        await self._lifespan.open()

    async def close(self) -> None:
        """Stop the calls under way and run the application's shutdown."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_CANCEL_S)
        await self._lifespan.close()

    async def restart(self) -> None:
        """Shut the application down and start it up again; calls under way end without an answer. Raises ``BotError`` if it
        does not start."""
        for call in self._bounds.under_way():
            call.end(HttpFailure("reset", "fault: the bot was restarted"))
        await self.close()
        self._lifespan = _Lifespan(self._app)
        await self._lifespan.open()

    def start(self, request: HttpRequest, timeout_s: float, done: Done) -> AppCall:
        """Call the application; ``done`` gets its answer, later."""
        call = AppCall(self._now, timeout_s, done, self._bounds)
        self._bounds.add(call)
        try:
            scope = _scope(request, target_of(request.url), self._lifespan.state)
        except BadUrl as error:
            asyncio.get_running_loop().call_soon(call.end, HttpFailure("refused", str(error)))
        else:
            call.task = asyncio.get_running_loop().create_task(self._run(call, scope, request.body))
            self._tasks.add(call.task)
        return call

    async def _run(self, call: AppCall, scope: Message, body: bytes) -> None:
        exchange = _AppExchange(body, call)
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except (Exception, BotStuck) as error:  # noqa: BLE001  whatever a bot raises is a finding, not our end
            self._complain(f"the application raised on {scope['method']} {scope['path']}: {_words(error)}")
            call.end(HttpResponse(500, (), b"Internal Server Error"))
        else:
            if not call.over:
                self._complain(f"the application gave no answer to {scope['method']} {scope['path']}")
                call.end(HttpResponse(500, (), b"Internal Server Error"))
        finally:
            if call.task is not None:
                self._tasks.discard(call.task)


class AppCall:
    """One call of the application. It ends with the answer; what the application does after that is its own time."""

    def __init__(self, now: Callable[[], float], timeout_s: float, done: Done, bounds: _Bounds) -> None:
        self._bounds = bounds
        self._now = now
        self._done = done
        self.timeout_s = timeout_s
        self.ends_at = asyncio.get_running_loop().time() + timeout_s
        self._began = now()
        self.over = False
        self._gone: asyncio.Event | None = None
        self.task: asyncio.Task[None] | None = None

    def end(self, answer: HttpResponse | HttpFailure) -> None:
        """Report the answer; only the first counts."""
        if self._stop():
            self._done(Outcome(answer, self._now() - self._began))

    def cancel(self) -> None:
        """Forget the call; nothing is reported."""
        if self._stop() and self.task is not None:
            self.task.cancel()

    async def wait_until_over(self) -> None:
        """Wait until nobody waits for the answer any more."""
        if not self.over:
            self._gone = self._gone or asyncio.Event()
            await self._gone.wait()

    def expire(self) -> None:
        """It took too long."""
        self.end(HttpFailure("timeout", f"no answer within {self.timeout_s:g} s"))
        if self.task is not None:
            self.task.cancel()

    def _stop(self) -> bool:
        if self.over:
            return False
        self.over = True
        self._bounds.remove(self)
        if self._gone is not None:
            self._gone.set()
        return True


class _Bounds:
    """Ends the calls that take too long: one timer for all of a platform, whose calls may all take equally long.

    A call that is over is forgotten at once: in a moment of virtual time come thousands.
    """

    def __init__(self) -> None:
        self._calls: dict[float, dict[AppCall, None]] = {}  # by how long they may take, the oldest first
        self._looking: set[float] = set()

    def add(self, call: AppCall) -> None:
        """Bound a call that has just begun."""
        timeout_s = call.timeout_s
        calls = self._calls.get(timeout_s)
        if calls is None:
            calls = self._calls[timeout_s] = {}
        calls[call] = None
        if timeout_s not in self._looking:
            self._look_at(call.ends_at, timeout_s)

    def under_way(self) -> list[AppCall]:
        """The calls that have not ended."""
        return [call for calls in self._calls.values() for call in calls]

    def remove(self, call: AppCall) -> None:
        """A call is over."""
        self._calls[call.timeout_s].pop(call, None)

    def _look_at(self, when: float, timeout_s: float) -> None:
        self._looking.add(timeout_s)
        asyncio.get_running_loop().call_at(when, self._look, timeout_s)

    def _look(self, timeout_s: float) -> None:
        now, calls = asyncio.get_running_loop().time(), self._calls[timeout_s]
        for call in tuple(calls):
            if call.ends_at > now + _GRAIN_S:
                break
            call.expire()
        oldest = next(iter(calls), None)
        if oldest is None:
            self._looking.discard(timeout_s)
        else:
            self._look_at(oldest.ends_at, timeout_s)


class _AppExchange:
    """What the application gets and gives in one call."""

    def __init__(self, body: bytes, call: AppCall) -> None:
        self._body: bytes | None = body
        self._call = call
        self._status = 200
        self._headers: tuple[tuple[str, str], ...] = ()
        self._chunks: list[bytes] = []

    async def receive(self) -> Message:
        body, self._body = self._body, None
        if body is not None:
            return {"type": "http.request", "body": body, "more_body": False}
        await self._call.wait_until_over()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = _text_pairs(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            body = bytes(message.get("body", b""))
            if message.get("more_body", False):
                self._chunks.append(body)
            else:
                whole = b"".join((*self._chunks, body)) if self._chunks else body
                self._call.end(HttpResponse(self._status, self._headers, whole))


class _Lifespan:
    """The lifespan protocol. An application without it raises, or returns, before it says anything: that is fine."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app
        self._task: asyncio.Task[None] | None = None
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._started: asyncio.Future[str | None] | None = None
        self._stopped = asyncio.Event()
        self.state: dict[str, Any] = {}

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._started = loop.create_future()
        self._inbox.put_nowait({"type": "lifespan.startup"})
        self._task = loop.create_task(self._run())
        done, _ = await asyncio.wait((self._started,), timeout=_STARTUP_S)
        problem = self._started.result() if done else f"it did not end within {_STARTUP_S:g} s"
        if problem is not None:
            await self.close()
            raise BotError(f"the start-up of the bot's application failed: {problem}")

    async def _run(self) -> None:
        scope: Message = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        try:
            await self._app(scope, self._inbox.get, self._send)
        except Exception:  # noqa: BLE001, S110  so an application says that it has no lifespan; others say startup.failed
            pass
        finally:
            self._report(None)
            self._stopped.set()

    async def _send(self, message: Message) -> None:
        if message["type"] == "lifespan.startup.complete":
            self._report(None)
        elif message["type"] == "lifespan.startup.failed":
            self._report(message.get("message") or "it gave no reason")
        else:  # shutdown.complete, shutdown.failed
            self._stopped.set()

    def _report(self, problem: str | None) -> None:
        if self._started is not None and not self._started.done():
            self._started.set_result(problem)

    async def close(self) -> None:
        if self._task is None:
            return
        if not self._task.done():
            self._inbox.put_nowait({"type": "lifespan.shutdown"})
            await asyncio.wait((self._task,), timeout=_SHUTDOWN_S)
        self._task.cancel()
        await asyncio.wait((self._task,), timeout=_CANCEL_S)


def _scope(request: HttpRequest, target: Target, state: dict[str, Any]) -> Message:
    headers = list(starmap(_pair, request.headers))
    given = dict(headers)
    if target.authorization is not None and b"authorization" not in given:
        headers.insert(0, (b"authorization", target.authorization.encode()))
    if b"content-length" not in given:
        headers.insert(0, (b"content-length", b"%d" % len(request.body)))
    if b"host" not in given:
        headers.insert(0, (b"host", target.host_header.encode()))
    scope = _place(request.method, request.url).copy()
    scope["asgi"] = {"version": "3.0", "spec_version": "2.3"}
    scope["headers"] = headers
    scope["state"] = state.copy()
    return scope


@lru_cache
def _place(method: str, url: str) -> dict[str, Any]:
    """What is the same in every scope of requests to one address; what is not has its place in it."""
    target = target_of(url)
    raw, _, query = target.path.partition("?")
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": target.scheme,
        "path": HttpRequest(method, url).path or "/",
        "raw_path": raw.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "client": ("127.0.0.1", 0),
        "server": (target.host, target.port),
        "asgi": {},
        "headers": [],
        "state": {},
    }


@lru_cache(maxsize=256)
def _pair(name: str, value: str) -> tuple[bytes, bytes]:
    return name.lower().encode("latin-1"), value.encode("latin-1")


def _text_pairs(pairs: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """The headers of an answer as text. Applications say the same ones time and again."""
    given = tuple(pairs)
    try:
        return _read_pairs(given)
    except TypeError:  # lists, or bytearrays
        return _read_pairs(tuple((bytes(name), bytes(value)) for name, value in given))


@lru_cache(maxsize=256)
def _read_pairs(pairs: tuple[tuple[bytes, bytes], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((bytes(name).decode("latin-1"), bytes(value).decode("latin-1")) for name, value in pairs)


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
