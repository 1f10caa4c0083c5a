"""The company of a Locust process: its crowd from the beginning of a test to its end, and what is put together of all crowds."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from locust import User, events
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from chatdrill.seeds import fresh_seed
from chatdrill_load.figures import Figures
from chatdrill_load.messages import Job, Tick
from chatdrill_load.plan import VARIABLE, read_plan
from chatdrill_load.swarm.link import CrowdLost, Link
from chatdrill_load.swarm.statistics import add_rows

UNREACHABLE = 3
_PATIENCE_S = 30.0
_logger = logging.getLogger("chatdrill")


class Company:
    """What one Locust process has: on a worker, or where there is but one, a crowd; where it all comes together, the figures."""

    def __init__(self, environment: Environment, job: Job) -> None:
        self.environment = environment
        self.figures = Figures()
        self.share = (0, 1)
        self._job = job
        self._link: Link | None = None
        self._unsent: list[bytes] = []
        hooks = environment.events
        hooks.test_start.add_listener(self._begin)
        hooks.test_stop.add_listener(self._end)
        hooks.quitting.add_listener(self._quit)
        hooks.report_to_master.add_listener(self._report)
        hooks.worker_report.add_listener(self._take_report)

    @property
    def link(self) -> Link:
        """The crowd of this process; raises ``CrowdLost`` where there is none."""
        if self._link is None:
            raise CrowdLost("the crowd is not there: the test has not begun, or it is over")
        return self._link

    # ---------------------------------------------------------------------------------------------------- events

    def _begin(self, **_: Any) -> None:
        if isinstance(self.environment.runner, MasterRunner):
            return
        link = Link(self._job, self._ticked)
        try:
            opened = link.wait_open()
        except CrowdLost as lost:
            _logger.error("%s", lost)
            self._give_up(UNREACHABLE if not lost.usage else 2)
            return
        for platform, problem in opened.problems.items():
            _logger.error("%s: %s", platform, problem)
        if opened.problems:
            link.stop(0.0)
            self._give_up(UNREACHABLE)
            return
        _logger.info("%d kinds of conversations; the fakes listen at %s", len(opened.cases), opened.url)
        self._link = link

    def _give_up(self, code: int) -> None:
        self.environment.process_exit_code = code
        if self.environment.runner is not None:
            self.environment.runner.quit()

    def _end(self, **_: Any) -> None:
        if self._link is not None:
            self._link.stop(self.environment.stop_timeout or _PATIENCE_S)
            self._link = None

    def _quit(self, **_: Any) -> None:
        self._end()

    def _ticked(self, tick: Tick) -> None:
        add_rows(self.environment, tick.rows)
        self.figures.merge(tick.figures)
        if isinstance(self.environment.runner, WorkerRunner):
            self._unsent.append(tick.figures)

    def _report(self, data: dict[str, Any], **_: Any) -> None:
        sent, self._unsent = self._unsent, []
        data["chatdrill"] = {"figures": sent}

    def _take_report(self, data: dict[str, Any], **_: Any) -> None:
        for figures in data.get("chatdrill", {}).get("figures", ()):
            self.figures.merge(figures)


_companies: dict[int, Company] = {}


def found(environment: Environment, job: Job) -> Company:
    """Give an environment its company."""
    company = _companies[id(environment)] = Company(environment, job)
    return company


def company_of(environment: Environment) -> Company:
    """The company of an environment, made from its users when it is asked for the first time."""
    company = _companies.get(id(environment))
    if company is None:
        raise CrowdLost(
            "no company was founded for this Locust environment; import chatdrill_load.swarm in the locustfile"
        )
    return company


@events.init.add_listener
def _init(environment: Environment, **_: Any) -> None:
    """Every Locust process whose locustfile uses our users gets its company."""
    found(environment, read_plan().job if VARIABLE in os.environ else _job_of(environment.user_classes))


def _job_of(users: Iterable[type[User]]) -> Job:
    """The job of a locustfile's users: all their scenarios, and their settings together."""
    users = [user for user in users if hasattr(user, "scenarios")]
    paths = list(dict.fromkeys(str(path) for user in users for path in user.scenarios))
    flags = {name: value for user in users for name, value in user.settings.items()}
    return Job(flags=flags, folder=os.getcwd(), paths=paths, seed=fresh_seed(), out=str(Path("chatdrill-out")))
