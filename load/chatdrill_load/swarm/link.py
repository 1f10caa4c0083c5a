"""The link to a crowd: start its process, give it orders, and hand its news to whoever waits for them."""

from __future__ import annotations

import itertools
import socket
import subprocess
import sys
from collections.abc import Callable

import gevent
from gevent.event import AsyncResult, Event

from chatdrill_load.messages import (
    Arrive,
    Choice,
    Ended,
    Failed,
    Finished,
    Frames,
    Job,
    Now,
    Open,
    Opened,
    Order,
    Play,
    Stop,
    Tick,
    frame,
    read_news,
)

_CHUNK = 1 << 18
_OPENING_S = 120.0
_LAST_WORDS_S = 15.0


class CrowdLost(Exception):
    """The crowd is gone, or could not begin; the text says why. ``usage``: the user can mend it."""

    def __init__(self, why: str, *, usage: bool = False) -> None:
        super().__init__(why)
        self.usage = usage


class Link:
    """One crowd. ``ticked`` is told of every tick."""

    def __init__(self, job: Job, ticked: Callable[[Tick], None]) -> None:
        self.now = Now()
        self.opened: Opened | None = None
        self._ticked = ticked
        self._tickets = itertools.count(1)
        self._waiting: dict[int, AsyncResult[Ended]] = {}
        self._opening: AsyncResult[Opened] = AsyncResult()
        self._over = Event()
        self._lost: CrowdLost | None = None
        self._end, theirs = socket.socketpair()
        command = [sys.executable, "-m", "chatdrill_load.crowd", str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        self._reader = gevent.spawn(self._read)
        self._send(Open(job=job))

    def wait_open(self) -> Opened:
        """Wait until the fakes stand; raises ``CrowdLost``."""
        try:
            self.opened = self._opening.get(timeout=_OPENING_S)
        except gevent.Timeout:
            raise CrowdLost(f"the crowd did not open within {_OPENING_S:g} s") from None
        return self.opened

    def play(self, choice: Choice) -> Ended:
        """Play one conversation and wait until it is over; raises ``CrowdLost``."""
        if self._lost is not None:
            raise self._lost
        ticket = next(self._tickets)
        self._waiting[ticket] = waiting = AsyncResult()
        self._send(Play(ticket=ticket, choice=choice))
        try:
            return waiting.get()
        finally:
            self._waiting.pop(ticket, None)

    def arrive(self, order: Arrive) -> None:
        """Let customers arrive by a plan."""
        self._send(order)

    def stop(self, patience_s: float) -> None:
        """Let nobody come any more, wait for those who talk, and end the process; bounded."""
        if self._over.is_set():
            return
        self._send(Stop(patience_s=patience_s))
        if not self._over.wait(patience_s + _LAST_WORDS_S):
            self._process.kill()
        self._reader.join(timeout=1.0)
        self._process.wait()
        self._end.close()

    # ------------------------------------------------------------------------------------------------------------

    def _send(self, order: Order) -> None:
        try:
            self._end.sendall(frame(order))
        except OSError:
            self._lose(CrowdLost("the crowd is gone"))

    def _read(self) -> None:
        frames = Frames()
        try:
            while data := self._end.recv(_CHUNK):
                for body in frames.feed(data):
                    self._heed(body)
        except OSError:
            pass  # the same as an end
        self._lose(CrowdLost(f"the crowd's process ended (exit code {self._process.wait()})"))
        self._over.set()

    def _heed(self, body: bytes) -> None:
        news = read_news(body)
        if isinstance(news, Tick):
            self.now = news.now
            self._ticked(news)
        elif isinstance(news, Ended):
            waiting = self._waiting.get(news.ticket)
            if waiting is not None:
                waiting.set(news)
        elif isinstance(news, Opened):
            self._opening.set(news)
        elif isinstance(news, Failed):
            self._lose(CrowdLost(news.what, usage=news.usage))
        else:
            assert isinstance(news, Finished)

    def _lose(self, why: CrowdLost) -> None:
        self._lost = self._lost or why
        if not self._opening.ready():
            self._opening.set_exception(self._lost)
        for waiting in self._waiting.values():
            if not waiting.ready():
                waiting.set_exception(self._lost)
