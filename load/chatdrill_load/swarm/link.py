"""The link to a crowd: start its process, give it orders, and hand its news to whoever waits for them."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
from collections.abc import Callable

import gevent
from gevent.event import AsyncResult, Event

from chatdrill_load.messages import (
    Arrive,
    BotGone,
    Choice,
    Ended,
    Failed,
    Finished,
    Frames,
    Job,
    Meet,
    Open,
    Opened,
    Order,
    Play,
    Rest,
    Stop,
    Tick,
    frame,
    read_news,
)
from chatdrill_load.plan import VARIABLE

_CHUNK = 1 << 18
_OPENING_S = 120.0
_LAST_WORDS_S = 15.0


class CrowdLost(Exception):
    """The crowd is gone, or could not begin; the text says why. ``usage``: the user can mend it."""

    def __init__(self, why: str, *, usage: bool = False) -> None:
        super().__init__(why)
        self.usage = usage


class Link:
    """One crowd. ``told`` hears how it stands, again and again, and at last that it is over; or why it is gone, if it went too soon, which
    ``lost`` says too."""

    def __init__(self, job: Job, told: Callable[[Tick | BotGone | Finished | CrowdLost], None]) -> None:
        self.lost: CrowdLost | None = None
        self._told = told
        self._stopping = False
        self._tickets = itertools.count(1)
        self._waiting: dict[int, AsyncResult[Ended]] = {}
        self._opening: AsyncResult[Opened] = AsyncResult()
        self._over = Event()
        self._end, theirs = socket.socketpair()
        command = [sys.executable, "-m", "chatdrill_load.crowd", str(theirs.fileno()), f"worker-{job.index}"]
        # The plan is told to this process alone: for a variable that is none of its own, the crowd would look through all platforms.
        environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=environment)
        theirs.close()
        self._reader = gevent.spawn(self._read)
        self._send(Open(job=job))

    def wait_open(self) -> Opened:
        """Wait until the fakes stand; raises ``CrowdLost``."""
        try:
            opened: Opened = self._opening.get(timeout=_OPENING_S)
        except gevent.Timeout:
            raise CrowdLost(f"the crowd did not open within {_OPENING_S:g} s") from None
        return opened

    def play(self, choice: Choice) -> Ended:
        """Play one conversation and wait until it is over; raises ``CrowdLost``."""
        if self.lost is not None:
            raise self.lost
        ticket = next(self._tickets)
        self._waiting[ticket] = waiting = AsyncResult()
        self._send(Play(ticket=ticket, choice=choice))
        try:
            ended: Ended = waiting.get()
            return ended
        finally:
            self._waiting.pop(ticket, None)

    def arrive(self, order: Arrive) -> None:
        """Let customers arrive by a plan."""
        self._send(order)

    def meet(self, order: Meet) -> None:
        """Let it know the other crowds."""
        self._send(order)

    def rest(self) -> None:
        """Let nobody come any more."""
        self._send(Rest())

    def stop(self, patience_s: float) -> None:
        """Let nobody come any more, wait for those who talk, and end the process; bounded."""
        self._stopping = True
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
        finally:
            code = self._process.wait()
            self._lose(CrowdLost(f"the crowd's process ended too soon (exit code {code})"))
            self._over.set()

    def _heed(self, body: bytes) -> None:
        news = read_news(body)
        if isinstance(news, Tick | BotGone | Finished):
            self._told(news)
        elif isinstance(news, Ended):
            waiting = self._waiting.get(news.ticket)
            if waiting is not None:
                waiting.set(news)
        elif isinstance(news, Opened):
            self._opening.set(news)
        else:
            assert isinstance(news, Failed)
            self._lose(CrowdLost(news.what, usage=news.usage))

    def _lose(self, why: CrowdLost) -> None:
        is_news = not self._stopping and self.lost is None
        if is_news:
            self.lost = why
        if not self._opening.ready():
            self._opening.set_exception(why)
        elif is_news and self._opening.successful():
            self._told(why)
        for waiting in self._waiting.values():
            if not waiting.ready():
                waiting.set_exception(why)
