"""The company of a Locust process: its crowd from the beginning of a test to its end, and what is put together of all crowds."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import gevent
from gevent.event import Event
from locust import User, events
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from chatdrill.cli import BOT, INTERRUPTED, USAGE
from chatdrill.engine.durations import say_seconds
from chatdrill.seeds import fresh_seed
from chatdrill_load.figures import Figures
from chatdrill_load.messages import Bad, BotGone, Finished, Job, Now, Tick
from chatdrill_load.plan import VARIABLE, Plan, read_plan
from chatdrill_load.swarm.ending import conclude
from chatdrill_load.swarm.link import CrowdLost, Link
from chatdrill_load.swarm.statistics import add_rows
from chatdrill_load.swarm.terminal import LiveLine, clock_words, latency_words

_PATIENCE_S = 30.0
_BAD_MAX = 1000
_logger = logging.getLogger("chatdrill")


class Company:
    """What one Locust process has: on a worker, or where there is but one process, a crowd; where all comes together, the figures and
    the verdict. ``share`` is which part of the arrivals come here."""

    def __init__(self, environment: Environment, plan: Plan) -> None:
        self.environment = environment
        self.plan = plan
        self.figures = Figures()
        self.bad: list[Bad] = []
        self.share = (0, 1)
        self.began_at = self.took_s = 0.0
        self.open_most = self.broken_off = 0
        self.lost: str | None = None
        self._link: Link | None = None
        self._now: dict[str, Now] = {}
        self._unsent: list[bytes] = []
        self._line: LiveLine | None = None
        self._over = Event()
        hooks = environment.events
        for event, listener in (
            (hooks.test_start, self._begin),
            (hooks.test_stop, self._end),
            (hooks.quitting, self._quit),
            (hooks.report_to_master, self._report),
            (hooks.worker_report, self._take_report),
        ):
            event.add_listener(listener)

    @property
    def link(self) -> Link:
        """The crowd of this process; raises ``CrowdLost`` where there is none."""
        if self._link is None:
            raise CrowdLost("the crowd is not there: the test has not begun, or it is over")
        return self._link

    @property
    def now(self) -> Now:
        """How it stands, all crowds together."""
        all_now = list(self._now.values())
        return Now(
            open=sum(now.open for now in all_now),
            waiting=sum(now.waiting for now in all_now),
            outside=sum(now.outside for now in all_now),
            arrived=sum(now.arrived for now in all_now),
            ended=sum(now.ended for now in all_now),
            failed=sum(now.failed for now in all_now),
            lag_s=max((now.lag_s for now in all_now), default=0.0),
        )

    # ---------------------------------------------------------------------------------------- beginning and end

    def _begin(self, **_: Any) -> None:
        if not isinstance(self.environment.runner, MasterRunner) and not self._open():
            return
        self.began_at = time.time()
        if not isinstance(self.environment.runner, WorkerRunner):
            self._line = LiveLine(self._words)
            if self.plan.for_s:
                gevent.spawn_later(self.plan.for_s, self._time_is_up)

    def _open(self) -> bool:
        """Bring the crowd here; where that fails the test is over."""
        self._link = link = Link(self.plan.job, self._told)
        try:
            opened = link.wait_open()
        except CrowdLost as lost:
            _logger.error("%s", lost)
            return self._give_up(USAGE if lost.usage else BOT)
        for problem in dict.fromkeys(opened.problems.values()):
            _logger.error("%s", problem)
        return True if not opened.problems else self._give_up(BOT)

    def _give_up(self, code: int) -> bool:
        self.environment.process_exit_code = code
        gevent.spawn(self._time_is_up)
        return False

    def _time_is_up(self) -> None:
        if self.environment.runner is not None:
            self.environment.runner.quit()

    def _end(self, **_: Any) -> None:
        if self._link is not None:
            link, self._link = self._link, None
            self.took_s = time.time() - self.began_at if self.began_at else 0.0
            if self.lost is None and self.took_s < self.plan.for_s - _IN_TIME_S:
                self.lost = f"it was stopped after {say_seconds(self.took_s)} of {say_seconds(self.plan.for_s)}"
                if self.environment.process_exit_code is None:
                    self.environment.process_exit_code = INTERRUPTED
            link.stop((self.environment.stop_timeout or _PATIENCE_S) if self.began_at else 0.0)
            self.lost = self.lost or (str(link.lost) if link.lost is not None else None)
        if self._line is not None:
            self._line.end()
            self._line = None

    def _quit(self, **_: Any) -> None:
        self._end()
        if isinstance(self.environment.runner, WorkerRunner) or not self.began_at or self._over.is_set():
            return
        self._over.set()
        code = conclude(self)
        if self.environment.process_exit_code is None:
            self.environment.process_exit_code = code

    # ------------------------------------------------------------------------------------------------------ news

    def _told(self, news: Tick | BotGone | Finished) -> None:
        if isinstance(news, Tick):
            add_rows(self.environment, news.rows)
            self._take(news.figures, news.bad, "here", news.now)
            if isinstance(self.environment.runner, WorkerRunner):
                self._unsent.append(news.figures)
        elif isinstance(news, BotGone):
            self.lost = f"the bot is gone: {news.why}"
            self._give_up(BOT)
        else:
            self.broken_off += news.broken_off

    def _take(self, figures: bytes, bad: Iterable[Bad], who: str, now: Now) -> None:
        self.figures.merge(figures)
        self.bad += list(bad)[: max(0, _BAD_MAX - len(self.bad))]
        self._now[who] = now
        self.open_most = max(self.open_most, self.now.open)

    def _report(self, data: dict[str, Any], **_: Any) -> None:
        sent, self._unsent = self._unsent, []
        data["chatdrill"] = {"figures": sent}

    def _take_report(self, data: dict[str, Any], **_: Any) -> None:
        for figures in data.get("chatdrill", {}).get("figures", ()):
            self.figures.merge(figures)

    def _words(self) -> str:
        now, passed_s = self.now, time.time() - self.began_at
        replies = self.figures.latency("reply")
        p95 = latency_words(replies.percentile_s(95.0) if replies.samples else None)
        words = f"{clock_words(passed_s)}  {now.arrived} came, {now.open} talk, {now.waiting} wait for an answer"
        words += f", {now.outside} outside" if now.outside else ""
        words += f" · p95 of {replies.samples} answers {p95} · {now.ended} gone, {now.failed} failed"
        return words + (f" · chatdrill itself is {latency_words(now.lag_s)} late" if now.lag_s > _LATE_S else "")


_LATE_S = 0.05
_IN_TIME_S = 0.5
_companies: dict[int, Company] = {}


def company_of(environment: Environment) -> Company:
    """The company of an environment; it was founded when Locust was ready."""
    return _companies[id(environment)]


@events.init.add_listener
def _init(environment: Environment, **_: Any) -> None:
    """Every Locust process whose locustfile uses our users gets its company."""
    if VARIABLE in os.environ:
        plan = read_plan()
        logging.getLogger("locust.stats_logger").setLevel(logging.WARNING)  # chatdrill's own summary says it all
    else:
        plan = _plan_of(environment.user_classes)
    _companies[id(environment)] = Company(environment, plan)


def _plan_of(users: Iterable[type[User]]) -> Plan:
    """The plan of a locustfile: the scenarios of all its customers, and their settings together. How long, Locust says."""
    ours: list[Any] = [user for user in users if hasattr(user, "scenarios")]
    flags = {name: value for user in ours for name, value in user.settings.items()}
    out = str(flags.pop("out", "chatdrill-out"))
    paths = list(dict.fromkeys(str(path) for user in ours for path in user.scenarios))
    job = Job(flags=flags, folder=str(Path.cwd()), paths=paths, seed=fresh_seed(), out=out)
    return Plan(job=job, for_s=0.0, gates=tuple(gate for user in ours for gate in user.gates))
