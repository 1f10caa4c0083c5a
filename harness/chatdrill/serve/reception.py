"""Where the bot's calls are received: the platform answers them, the trace keeps them, what they cause is set going."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any, Protocol

import msgspec

from chatdrill.clock import Clock, poll_later
from chatdrill.seeds import Stream
from chatdrill.serve.answers import Dialogue, HangUp
from chatdrill.serve.bureau import Bureau
from chatdrill.serve.channel import Account, Office, Role
from chatdrill.serve.client import Client
from chatdrill.serve.faults import Fault, Faults, Strike
from chatdrill.serve.faults.calls import DOWNLOAD
from chatdrill.serve.faults.trail import Trail
from chatdrill.serve.fetcher import fetch
from chatdrill.serve.notes import Notes, Source
from chatdrill.serve.parcels import Bot
from chatdrill.serve.pending import Departure
from chatdrill.serve.sockets import Sockets
from chatdrill.wire import (
    Call,
    Deliver,
    Exchange,
    Fetch,
    Fetched,
    Handled,
    Hold,
    HttpRequest,
    HttpResponse,
    Later,
    json_response,
    read_arguments,
    strings_in,
)
from chatdrill.wire.smtp import is_step

Reply = HttpResponse | HangUp | Dialogue
_SWITCHED = HttpResponse(101)


class Receiver(Protocol):
    """Answers the calls of an account: the reception, or the gate before it where there are several workers."""

    def take(
        self, channel: Account[Any], request: HttpRequest, *, base_url: str, source: Source = "http"
    ) -> Reply | Awaitable[Reply]:
        """Answer at once, or by an awaitable."""


class _Visit(msgspec.Struct):
    """One request of the bot, as often as the platform is asked about it. Times are monotonic real seconds.

    ``chance`` and ``now`` take the place of the account's own and the clock's while the platform is asked. ``is_echo``: the bot made the call at another
    door, where it is on record.
    """

    channel: Account[Any]
    request: HttpRequest
    base_url: str
    source: Source
    began: float
    note: str | None = None
    fetched: dict[str, Fetched] = {}
    hold_until: float | None = None
    chance: Stream | None = None
    now: float | None = None
    is_echo: bool = False


class Reception:
    """Answers requests. ``later`` is handed whatever the platform will do by itself after a call; ``app`` is a bot in this
    process, ``doors`` are the URLs it takes webhooks at."""

    def __init__(
        self,
        *,
        notes: Notes,
        clock: Clock,
        client: Client,
        faults: Faults,
        bureau: Bureau,
        sockets: Sockets,
        later: Callable[[Account[Any], Later], None],
        app: Bot | None = None,
        doors: Callable[[], Collection[str]] = tuple,
    ) -> None:
        self._notes = notes
        self._bureau = bureau
        self._clock = clock
        self._client = client
        self._app = app
        self._doors = doors
        self._faults = faults
        self._sockets = sockets
        self._later = later
        self._holds: dict[asyncio.Future[bool], Callable[[bool], None]] = {}
        self._closed = False

    def take(
        self,
        channel: Account[Any],
        request: HttpRequest,
        *,
        base_url: str,
        source: Source = "http",
    ) -> Reply | Awaitable[Reply]:
        """Answer a request: at once where the platform can, else by an awaitable."""
        visit = _Visit(channel, request, base_url, source, request.came_at or self._clock.monotonic())
        if self._faults.active and source == "http" and not is_step(request):
            last = request.path.rstrip("/").rpartition("/")[2]
            role = partial(self._bureau.role_seen, channel, request)
            strike = self._faults.strike("api", channel, (last,), role)
            if strike is not None:
                return self._take_faulty(visit, strike)
        return self._take(visit)

    def now(self) -> float:
        """The clock's drill time."""
        return self._clock.now()

    def take_shared(
        self, channel: Account[Any], request: HttpRequest, *, base_url: str, chance: Stream, now: float, is_echo: bool
    ) -> Reply | Awaitable[Reply]:
        """Answer a request that changes the account itself, as all doors of one bot do with the same ``chance`` at the same drill
        time ``now``.

        An echo of what was called at another door leaves no record and causes nothing beside the change.
        """
        began = self._clock.monotonic()
        return self._take(_Visit(channel, request, base_url, "http", began, chance=chance, now=now, is_echo=is_echo))

    def close(self) -> None:
        """Answer the long polls; new ones are not held."""
        self._closed = True
        for end in tuple(self._holds.values()):
            end(True)

    # ------------------------------------------------------------------------------------------- one exchange

    def _take(self, visit: _Visit) -> Reply | Awaitable[Reply]:
        handled = self._handle(visit)
        if handled.wait is None:
            if (trail := self._faults.weather.trail) is not None and visit.source == "http":
                return self._finish_on(trail, visit, handled)
            return self._finish(visit, handled)
        # The wait begins before the coroutine does, so that nothing which happens in between is missed.
        return self._wait_out(visit, self._begin(visit, handled.wait))

    def _handle(self, visit: _Visit, resumed: Hold | Deliver | None = None, timed_out: bool = False) -> Handled:
        channel = visit.channel
        now = self._clock.now() if visit.now is None else visit.now
        exchange = Exchange(visit.request, now, visit.base_url, visit.source, visit.fetched, resumed, timed_out)
        try:
            if visit.chance is None:
                handled = channel.service.handle(channel.state, exchange)
            else:
                handled = _handle_by(visit.chance, channel, exchange)
            if handled.response is None and handled.wait is None and handled.accept is None:
                raise TypeError("the platform gave neither a response nor a wait")
            return handled
        except Exception as error:  # noqa: BLE001  a platform's bug must not stop the others
            self._notes.our_bug(channel, f"answering {visit.request.method} {visit.request.path}", error)
            return Handled(_our_fault(channel))

    def _finish(self, visit: _Visit, handled: Handled, seen: Role | None = None) -> HttpResponse | Dialogue:
        """Record an exchange; ``seen`` is whose it is where the service has not handled it."""
        channel, response = visit.channel, handled.response or _SWITCHED
        if visit.is_echo or (is_step(visit.request) and response.status < 300):
            return response
        call = handled.call or _bare_call(visit.request, response)
        took_s = self._clock.monotonic() - visit.began
        office = channel if isinstance(channel, Office) else None
        if seen is not None:
            role = seen
        else:
            role = channel.role(call.to) if office is None else self._bureau.role_of(office, call, handled.events)
        called = self._notes.called(
            channel, call, response, role=role, took_s=took_s, source=visit.source, note=visit.note
        )
        if self._notes.tap is not None:
            self._notes.tap.called(called, visit.request, response)
        if channel.state.webhook_url is None and channel.pending.answered(response.body):
            channel.polled = True
        for effect in handled.effects:
            self._notes.took(channel, effect, called)
        if office is not None:
            self._bureau.file(office, handled.events, by="bot", call=called)
        elif self._bureau.offices:
            touched = [effect.to for effect in handled.effects] + ([call.to] if call.to is not None else [])
            self._bureau.noticed(channel, touched, by="bot", call=called)
        for later in handled.later:
            self._later(channel, later)
        self._sockets.push(handled.pushes)
        return response if handled.accept is None else self._sockets.accept(channel, handled.accept)

    # -------------------------------------------------------------------------------------------------- waits

    async def _wait_out(self, visit: _Visit, waiting: Awaitable[dict[str, Any]]) -> Reply:
        while True:
            handled = self._handle(visit, **await waiting)
            if handled.wait is None:
                return self._finish(visit, handled)
            waiting = self._begin(visit, handled.wait)

    def _begin(self, visit: _Visit, wait: Hold | Fetch | Deliver) -> Awaitable[dict[str, Any]]:
        if isinstance(wait, Fetch):
            return self._fetch(visit, wait)
        return self._held(wait, self._hold(visit, wait) if isinstance(wait, Hold) else self._deliver(visit, wait))

    async def _fetch(self, visit: _Visit, wanted: Fetch) -> dict[str, Any]:
        visit.fetched = {**visit.fetched, **await fetch(self._client, wanted, self._app, self._doors())}
        return {}

    async def _held(self, hold: Hold | Deliver, ended: asyncio.Future[bool]) -> dict[str, Any]:
        return {"resumed": hold, "timed_out": await ended}

    def _hold(self, visit: _Visit, hold: Hold) -> asyncio.Future[bool]:
        """A future of whether the hold timed out; a hold after a hold does not lengthen the first."""
        loop = asyncio.get_running_loop()
        visit.channel.polled = True
        visit.hold_until = visit.hold_until or loop.time() + hold.timeout_s
        is_over = visit.source == "webhook_answer"
        ended, end = self._wait_for(0.0 if is_over else visit.hold_until - loop.time())
        listeners, wake = visit.channel.state.outbox.listeners, partial(end, False)
        listeners.append(wake)
        ended.add_done_callback(lambda _: listeners.remove(wake))
        return ended

    def _deliver(self, visit: _Visit, wanted: Deliver) -> asyncio.Future[bool]:
        """Hand updates to the couriers; a future of whether they took too long."""
        outbox = visit.channel.state.outbox
        ended, end = self._wait_for(wanted.timeout_s)
        watcher = Departure(wanted.updates, partial(end, False))
        outbox.watchers.append(watcher)
        ended.add_done_callback(lambda _: outbox.watchers.remove(watcher))
        for update in wanted.updates:
            outbox.put(update)
        return ended

    def _wait_for(self, timeout_s: float) -> tuple[asyncio.Future[bool], Callable[[bool], None]]:
        """A future of whether the time ran out, and how it is ended before that."""
        ended: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def end(timed_out: bool) -> None:
            if not ended.done():
                ended.set_result(timed_out)

        if self._closed or timeout_s <= 0:
            end(True)
            return ended, end
        timer = poll_later(timeout_s, partial(end, True))
        self._holds[ended] = end

        def clean(_: object) -> None:
            timer.cancel()
            self._holds.pop(ended, None)

        ended.add_done_callback(clean)
        return ended, end

    # ------------------------------------------------------------------------------------------------- faults

    def _finish_on(self, trail: Trail, visit: _Visit, handled: Handled) -> Reply:
        """Answer where it is known whose files are asked for: a download may fail."""
        channel, request, response = visit.channel, visit.request, handled.response or _SWITCHED
        asked = [request.url, *strings_in(read_arguments(request).values)]
        role = trail.find(asked) if _is_download(request, response) else None
        if role is None:
            trail.follow(asked, response.body)
            return self._finish(visit, handled)
        strike = self._faults.strike("api", channel, DOWNLOAD, lambda: role)
        if strike is None:
            return self._finish(visit, handled)
        visit.note = strike.fault.note
        self._notes.injected(channel, strike, role, None, call=f"{request.method} {request.path}")
        if strike.fault.kind == "cut":
            self._finish(visit, handled, role)
            return HangUp(reset=False, begun=response)
        refusal = _injected(channel, strike.fault)
        self._finish(visit, Handled(refusal, _bare_call(request, refusal)), role)
        return refusal

    async def _take_faulty(self, visit: _Visit, strike: Strike) -> Reply:
        fault = strike.fault
        visit.note = fault.note
        role = self._bureau.role_seen(visit.channel, visit.request)
        self._notes.injected(visit.channel, strike, role, None, call=f"{visit.request.method} {visit.request.path}")
        if fault.kind == "delay":
            await asyncio.sleep(fault.delay_s)
            return await _awaited(self._take(visit))
        if fault.kind == "cut":
            whole = await _awaited(self._take(visit))
            return HangUp(reset=False, begun=whole) if isinstance(whole, HttpResponse) else whole
        if fault.kind == "drop":
            await _awaited(self._take(visit))
            return HangUp(reset=False)
        response = _injected(visit.channel, fault)
        call = _bare_call(visit.request, response)
        if role.conv is not None:  # about a customer, so no request for a token; what is asked again is known by it
            call = msgspec.structs.replace(call, arguments=read_arguments(visit.request).values)
        self._finish(visit, Handled(response, call), role)
        return HangUp(reset=True) if fault.kind == "reset" else response


async def _awaited(reply: Reply | Awaitable[Reply]) -> Reply:
    return reply if isinstance(reply, HttpResponse | HangUp | Dialogue) else await reply


def _handle_by(chance: Stream, channel: Account[Any], exchange: Exchange) -> Handled:
    own, channel.state.chance = channel.state.chance, chance
    try:
        handled: Handled = channel.service.handle(channel.state, exchange)
        return handled
    finally:
        channel.state.chance = own


def _bare_call(request: HttpRequest, response: HttpResponse) -> Call:
    """The record of a request that the platform does not count as a method: a download, a fault."""
    return Call(f"{request.method} {request.path}", ok=response.status < 400)


def _is_download(request: HttpRequest, response: HttpResponse) -> bool:
    kind = (response.header("content-type") or "").partition(";")[0]
    return request.method == "GET" and response.status < 300 and bool(response.body) and kind != "application/json"


def _injected(channel: Account[Any], fault: Fault) -> HttpResponse:
    if fault.body is None:
        return channel.service.refusal(channel.state, fault.status, fault.retry_after_s)
    headers = (("Retry-After", str(fault.retry_after_s)),) if fault.retry_after_s is not None else ()
    return HttpResponse(fault.status, (("Content-Type", "application/json"), *headers), fault.body.encode())


def _our_fault(channel: Account[Any]) -> HttpResponse:
    error = f"chatdrill's fake of {channel.name} failed on this request; this is a bug of chatdrill, see the trace"
    return json_response({"error": error}, status=500)
