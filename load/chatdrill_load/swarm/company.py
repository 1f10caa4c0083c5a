"""The company of a Locust process: its crowd from the beginning of a test to its end, and what is put together of all crowds."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import gevent
import msgspec
from gevent.event import Event
from locust import User, events
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from chatdrill.cli import BOT, INTERRUPTED, USAGE
from chatdrill.clock import real_now
from chatdrill.engine.durations import say_seconds
from chatdrill.seeds import fresh_seed
from chatdrill_load.messages import BotGone, Finished, Job, Now, Tick
from chatdrill_load.plan import VARIABLE, Plan, read_plan
from chatdrill_load.swarm.counting import add_rows
from chatdrill_load.swarm.ending import Findings, bot_words, conclude, judged, own_plan
from chatdrill_load.swarm.interrupting import interrupt_here
from chatdrill_load.swarm.link import CrowdLost, Link
from chatdrill_load.swarm.panel import add_panel
from chatdrill_load.swarm.seating import Head, Seat
from chatdrill_load.swarm.tables import unwritten_tables
from chatdrill_load.swarm.terminal import LiveLine, clock_words
from chatdrill_load.writing import reserve

_PATIENCE_S = 30.0
_IN_TIME_S = 0.5
_LATE_S = 0.05
_BAD_MAX = 1000
_HERE = -1
_THE_MOST = ("lag_s", "arrivals_t")
_logger = logging.getLogger("chatdrill")


class Company:
    """What one Locust process has: on a worker, or where there is but one process, a crowd; where all comes together, the figures and
    the verdict. ``ready`` is set once customers may come."""

    def __init__(self, environment: Environment, plan: Plan) -> None:
        self.environment = environment
        self.plan = plan
        self.found = Findings(plan)
        self.ready = Event()
        self._link: Link | None = None
        self._now: dict[int, Now] = {}
        self._unsent: list[Tick] = []
        self._line: LiveLine | None = None
        self._is_over = False
        add_panel(environment, lambda: self.found, lambda: self.now)
        runner = environment.runner
        self._head = Head(environment, self._take_report) if isinstance(runner, MasterRunner) else None
        self._seat = Seat(environment, self._rest, self._finish) if isinstance(runner, WorkerRunner) else None
        hooks = environment.events
        for event, listener in (
            (hooks.test_start, self._begin),
            (hooks.test_stop, self._end),
            (hooks.quitting, self._quit),
            (hooks.report_to_master, self._report),
            (hooks.worker_report, self._take_worker_report),
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
        every = list(self._now.values())
        values = {name: [getattr(now, name) for now in every] for name in Now.__struct_fields__}
        return Now(**{name: (max if name in _THE_MOST else sum)(its or [0]) for name, its in values.items()})

    @property
    def patience_s(self) -> float:
        """How long those who talk at the end may go on."""
        return self.environment.stop_timeout or _PATIENCE_S

    # ------------------------------------------------------------------------------------------------- beginning

    def _begin(self, **_: Any) -> None:
        if self._is_over:  # the web page can begin anew
            self.found, self._now, self._is_over = Findings(self.plan), {}, False
            self.ready.clear()
        if self._head is not None:
            self._head.seat_all(self._agreed())
            gevent.spawn(self._start_when_all_are_there, self._head)
        else:  # not here: a worker that opens for long would miss what the master says, and take it for lost
            gevent.spawn(self._open_and_join)

    def _start_when_all_are_there(self, head: Head) -> None:
        missing = head.wait()
        if missing:
            names = ", ".join(f"worker {seat}" for seat in missing)
            self._give_up(BOT, f"{names} did not open its fakes; it says why where it was started")
            return
        self.found.began, self.found.bot = head.began, bot_words(head.webhooks.values())
        self._start()

    def _open_and_join(self) -> None:
        if self._open():
            self._join()

    def _open(self) -> bool:
        """Bring the crowd here; where that fails the test is over."""
        if self._seat is not None and not self._seat.wait():
            return self._give_up(BOT, "no master has given this worker a seat")
        if self._seat is not None and (other := self._differences(self._seat.told)):
            return self._give_up(USAGE, f"the master plays another load than this worker was told of: {other}")
        self._link = link = Link(self._own_job(), self._told)
        try:
            opened = link.wait_open()
        except CrowdLost as lost:
            return self._give_up(USAGE if lost.usage else BOT, str(lost))
        self.found.began, self.found.bot = opened.began, bot_words(opened.webhooks.values())
        if opened.problems:
            return self._give_up(BOT, *dict.fromkeys(opened.problems.values()))
        if self._seat is not None:
            self._seat.opened(opened)
        return True

    def _own_job(self) -> Job:
        seat = self._seat
        if seat is None:
            return self.plan.job
        mine = {"index": seat.number, "doors": seat.count, "key": seat.key, "own_machine": seat.own_machine}
        return msgspec.structs.replace(self.plan.job, **mine, seed=seat.told["seed"])

    def _agreed(self) -> dict[str, Any]:
        """What master and workers must have been told alike; the seed is the master's."""
        plan = self.plan
        return {"seed": plan.job.seed, "arrivals": plan.arrivals, "customers": plan.customers, "for_s": plan.for_s}

    def _differences(self, told: dict[str, Any]) -> str:
        own = {name: value for name, value in self._agreed().items() if name != "seed"}
        return ", ".join(f"{name} {told[name]}, not {value}" for name, value in own.items() if told[name] != value)

    def _join(self) -> None:
        """Get to know the others, then let customers come."""
        meet = None if self._seat is None else self._seat.others()
        if meet is not None and not self._is_over:
            self.link.meet(meet)
        if self._is_over:
            return
        self._start()
        for user in self.environment.user_classes:
            arrive: Any = getattr(user, "arrive_order", None)
            if arrive is not None and user.arrivals is not None:  # type: ignore[attr-defined]
                number, count = (0, 1) if self._seat is None else (self._seat.number, self._seat.count)
                self.link.arrive(arrive(number, count, self.plan.for_s or None))

    def _start(self) -> None:
        self.found.began_at = real_now()
        reserve(Path(self.plan.job.out))
        self.ready.set()
        if self._seat is None:
            self._line = LiveLine(self._words)
            if self.plan.for_s and self.environment.web_ui is None:
                gevent.spawn_later(self.plan.for_s, self._time_is_up)

    def _give_up(self, code: int, *why: str) -> bool:
        for problem in why:
            _logger.error("%s", problem)
        self.environment.process_exit_code = code
        gevent.spawn(self._time_is_up)
        return False

    def _time_is_up(self) -> None:
        self._end()
        self._conclude()  # before Locust writes files of its own, which may fail
        if self.environment.runner is not None:
            self.environment.runner.quit()

    # ----------------------------------------------------------------------------------------------------- ending

    def _end(self, **_: Any) -> None:
        if self._is_over or not (self.found.began_at or self._link):
            return
        self._is_over = True
        self.found.took_s = real_now() - self.found.began_at if self.found.began_at else 0.0
        if self._head is not None:
            missing = self._head.finish(self.patience_s)
            self.found.lost += [
                f"worker {seat} was lost: what it measured since its last report is missing" for seat in missing
            ]
        self._finish(self.patience_s if self.found.began_at else 0.0)
        if self.found.took_s < self.plan.for_s - _IN_TIME_S and self.found.began_at:
            self.found.lost.append(
                f"it was stopped after {say_seconds(self.found.took_s)} of {say_seconds(self.plan.for_s)}"
            )
            if self.environment.process_exit_code is None:
                self.environment.process_exit_code = INTERRUPTED
        if self._line is not None:
            self._line.end()
        if self.environment.web_ui is not None:
            self._conclude()

    def _rest(self) -> None:
        if self._link is not None:
            self._link.rest()

    def _finish(self, patience_s: float) -> None:
        """End the crowd that is here, and tell the master what it had to say at last."""
        if self._link is None:
            return
        link, self._link = self._link, None
        link.stop(patience_s)
        if link.lost is not None:
            self.found.lost.append(str(link.lost))
        if self._seat is not None and not self._seat.is_alone:
            self._seat.finished(self._packed())

    def _quit(self, **_: Any) -> None:
        if self._seat is not None and self._seat.is_alone:
            self.found.lost.append("the master was lost: this is what one worker has measured")
            self.found.plan = own_plan(self.plan, self._seat.number)
        self._end()
        self._conclude()

    def _conclude(self) -> None:
        """Judge and report, once, where all has come together; on a worker only if there is no master to do it."""
        if (self._seat is None or self._seat.is_alone) and self.found.began_at:
            self.found.lost += unwritten_tables(self.environment)
            code, self.found.began_at = conclude(self.found), 0.0
            if self.environment.process_exit_code is None:
                self.environment.process_exit_code = code

    # ------------------------------------------------------------------------------------------------------- news

    def _told(self, news: Tick | BotGone | Finished | CrowdLost) -> None:
        if isinstance(news, Tick):
            add_rows(self.environment, news.rows)
            self._take(_HERE, news)
            if self._seat is not None:
                self._unsent.append(news)
        elif isinstance(news, BotGone):
            self.found.lost.append(f"the bot is gone: {news.why}")
            self._give_up(BOT)
        elif isinstance(news, CrowdLost):
            self._give_up(USAGE if news.usage else BOT, str(news))
        else:
            self.found.broken_off += news.broken_off

    def _take(self, seat: int, tick: Tick) -> None:
        self.found.figures.merge(tick.figures)
        self.found.bad += tick.bad[: max(0, _BAD_MAX - len(self.found.bad))]
        self.found.handoffs += tick.handoffs
        self.found.lost += tick.lost if seat == _HERE else []
        self.found.take_slow(tick.slow)
        self._now[seat] = tick.now
        self.found.arrivals_t = max(self.found.arrivals_t, tick.now.arrivals_t)
        self.found.open_most = max(self.found.open_most, self.now.open)

    def _packed(self) -> dict[str, Any]:
        """What the master has not heard yet."""
        sent, self._unsent = self._unsent, []
        plain = [msgspec.to_builtins(tick, builtin_types=(bytes,)) for tick in sent]
        lost, self.found.lost = self.found.lost, []
        broken_off, self.found.broken_off = self.found.broken_off, 0
        return {"ticks": [{**tick, "rows": []} for tick in plain], "broken_off": broken_off, "lost": lost}

    def _report(self, data: dict[str, Any], **_: Any) -> None:
        if self._seat is not None:
            data["chatdrill"] = {"seat": self._seat.number, **self._packed()}

    def _take_worker_report(self, data: dict[str, Any], **_: Any) -> None:
        found = data.get("chatdrill")
        if found is not None:
            self._take_report(found["seat"], found)

    def _take_report(self, seat: int, data: dict[str, Any]) -> None:
        for plain in data["ticks"]:
            self._take(seat, msgspec.convert(plain, Tick, builtin_types=(bytes,)))
        self.found.broken_off += data["broken_off"]
        if data["lost"]:
            self.found.lost += [f"worker {seat}: {why}" for why in data["lost"]]
            if any("the bot is gone" in why for why in data["lost"]):
                self._give_up(BOT)

    def _words(self) -> str:
        now, passed_s = self.now, real_now() - self.found.began_at
        replies = self.found.figures.latency("reply")
        p95 = say_seconds(replies.percentile_s(95.0)) if replies.samples else "-"
        words = f"{clock_words(passed_s)}  {now.arrived} came, {now.open} talk, {now.waiting} wait for an answer"
        words += f", {now.outside} outside" if now.outside else ""
        words += f" · p95 of {replies.samples} answers {p95} · {now.ended} gone, {now.failed} failed"
        words += f", {now.abandoned} given up" if now.abandoned else ""
        gates = [judged(gate, self.found.figures) for gate in self.plan.gates]
        words += f" · {sum(gate.verdict == 'pass' for gate in gates)} of {len(gates)} gates hold" if gates else ""
        return words + (f" · chatdrill itself is {say_seconds(now.lag_s)} late" if now.lag_s > _LATE_S else "")


_companies: dict[int, Company] = {}


def company_of(environment: Environment) -> Company:
    """The company of an environment; it was founded when Locust was ready."""
    return _companies[id(environment)]


@events.init.add_listener
def _init(environment: Environment, **_: Any) -> None:
    """Every Locust process whose locustfile uses our users gets its company. Locust says this in its main greenlet."""
    interrupt_here()
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
