"""The WebSockets that bots have opened to the fakes: who hears what comes in, and webhooks that go out over them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from chatdrill.clock import Clock, Deadlines
from chatdrill.serve.answers import Dialogue, Line
from chatdrill.serve.channel import Account
from chatdrill.serve.errands import Done, Errand
from chatdrill.serve.notes import Notes
from chatdrill.serve.parcels import Bot, Cancellable
from chatdrill.wire import Accept, Conversing, Data, HttpFailure, HttpRequest, HttpResponse, Push, SocketMessage

_TAKEN = HttpResponse(200)


class Sockets:
    """The open ones, by the name that their fake has given them, and a way to the bot: what is no ``SocketMessage`` goes on to ``bot``.

    ``under_way`` is what was said and not acknowledged yet, ``now`` a monotonic clock in seconds.
    """

    def __init__(self, notes: Notes, clock: Clock, bot: Bot) -> None:
        self.notes = notes
        self.clock = clock
        self.now: Callable[[], float] = clock.monotonic
        self.under_way: set[Errand] = set()
        self.deadlines = Deadlines(Errand.expire)
        self.open: dict[str, Talk] = {}
        self._bot = bot

    def accept(self, account: Account[Any], accept: Accept) -> Dialogue:
        """The answer to a handshake that a fake has accepted."""
        talk = self.open[accept.socket] = Talk(self, account, accept)
        return talk

    def push(self, pushes: Iterable[Push]) -> None:
        """Send what a fake wants to be sent."""
        for push in pushes:
            talk = self.open.get(push.socket)
            if talk is not None:
                talk.push(push)

    def start(self, request: HttpRequest, timeout_s: float, done: Done) -> Cancellable:
        """Send a webhook the way that it goes; see ``Bot.start``."""
        if not isinstance(request, SocketMessage):
            return self._bot.start(request, timeout_s, done)
        errand = Errand(self, request.body, request.method, timeout_s, 0, done)
        talk = self.open.get(request.socket)
        if talk is None:
            failure = HttpFailure("refused", "the bot has no WebSocket open")
            asyncio.get_running_loop().call_soon(errand.end, failure)
        else:
            talk.send(request, errand)
        return errand

    def close(self) -> None:
        """Forget what is under way."""
        for errand in tuple(self.under_way):
            errand.cancel()


class Talk:
    """One WebSocket between a bot and an account. ``waiting`` are the webhooks that the bot has not acknowledged."""

    def __init__(self, sockets: Sockets, account: Account[Any], accept: Accept) -> None:
        assert isinstance(account.service, Conversing)
        self.protocol = accept.protocol
        self.ping_s = accept.ping_s
        self._accept = accept
        self._sockets = sockets
        self._account = account
        self._service: Conversing[Any] = account.service
        self._line: Line | None = None
        self._waiting: defaultdict[str, list[Errand]] = defaultdict(list)

    def opened(self, line: Line) -> None:
        """Say the first words."""
        self._line = line
        for data in self._accept.says:
            line.say(data)
        if self._accept.close is not None:
            line.close(self._accept.close)

    def heard(self, data: Data) -> None:
        """Let the fake say what it means."""
        account, now = self._account, self._sockets.clock.now()
        try:
            heard = self._service.hears(account.state, self._accept.socket, data, now)
        except Exception as error:  # noqa: BLE001  a platform's bug must not stop the others
            self._sockets.notes.our_bug(account, "reading what the bot said over its WebSocket", error)
            return
        if heard.trouble is not None:
            self._sockets.notes.trouble("bot", f"{account.name}: {heard.trouble}", channel=account)
        for awaited, answer in heard.answers:
            for errand in self._waiting.pop(awaited, ()):
                errand.end(answer)
        self._sockets.push(heard.pushes)

    def push(self, push: Push) -> None:
        """Say something that nobody acknowledges."""
        if self._line is not None and push.data is not None:
            self._line.say(push.data)
        if self._line is not None and push.close is not None:
            self._line.close(push.close)

    def send(self, request: SocketMessage, errand: Errand) -> None:
        """Say what a webhook would, and wait until it is acknowledged."""
        self.push(Push(request.socket, request.body.decode(), request.close))
        if request.awaits:
            self._waiting[request.awaits].append(errand)
            errand.link = _Wait(self._waiting, request.awaits, errand)
        else:
            asyncio.get_running_loop().call_soon(errand.end, _TAKEN)

    def closed(self, code: int) -> None:
        """It is over; what the bot has not acknowledged is lost."""
        self._line = None
        if self._sockets.open.get(self._accept.socket) is self:
            del self._sockets.open[self._accept.socket]
        waiting = [errand for errands in self._waiting.values() for errand in errands]
        self._waiting.clear()
        try:
            self._service.hung_up(self._account.state, self._accept.socket, code, self._sockets.clock.now())
        except Exception as error:  # noqa: BLE001  a platform's bug must not stop the others
            self._sockets.notes.our_bug(self._account, "closing a WebSocket", error)
        for errand in waiting:
            errand.end(HttpFailure("reset", f"the WebSocket was closed with code {code}"))


class _Wait:
    """What is to happen if nobody waits for an acknowledgement any more."""

    def __init__(self, waiting: dict[str, list[Errand]], awaited: str, errand: Errand) -> None:
        self._waiting, self._awaited, self._errand = waiting, awaited, errand

    def cut(self) -> None:
        """Forget it."""
        left = [errand for errand in self._waiting.pop(self._awaited, ()) if errand is not self._errand]
        if left:
            self._waiting[self._awaited] = left
