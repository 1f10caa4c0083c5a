"""Users for a locustfile: customers who hold conversations with a bot, over the fake messengers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import gevent
from locust import User, constant, task
from locust.exception import StopUser

from chatdrill_load.messages import Arrive, Choice, Ended
from chatdrill_load.swarm.company import company_of
from chatdrill_load.swarm.link import CrowdLost


class CustomerUser(User):
    """A customer. Each task is a conversation; in between the user waits as ``wait_time`` says.

    ``scenarios`` are scenario files or folders, relative to the locustfile's folder; ``words`` chooses among their cases,
    ``personas`` (names, or names with weights) take the place of the scenarios' own. ``settings`` are chatdrill's, by name, as in
    ``chatdrill.toml``; all users of a process share them. With ``arrivals`` (``"50/s"``, see the docs) customers arrive by that plan instead,
    however slow the bot is: one such user stands at the door of each worker, and ``customers_max`` may be in at once (0: all).
    """

    abstract = True
    wait_time = constant(0)
    scenarios: ClassVar[Sequence[str | Path]] = ()
    words: ClassVar[str] = ""
    personas: ClassVar[Sequence[str] | Mapping[str, int]] = ()
    settings: ClassVar[Mapping[str, Any]] = {}
    arrivals: ClassVar[str | None] = None
    customers_max: ClassVar[int] = 0
    gates: ClassVar[Sequence[str]] = ()

    def on_start(self) -> None:
        """Open the door, where customers arrive by a plan."""
        if self.arrivals is not None:
            company = company_of(self.environment)
            index, count = company.share
            company.link.arrive(
                Arrive(
                    plan=self.arrivals,
                    index=index,
                    count=count,
                    customers_max=self.customers_max // count if self.customers_max else 0,
                    until_s=company.plan.for_s or None,
                    choice=self.choice(),
                )
            )

    @task
    def converse(self) -> None:
        """Hold one conversation; with ``arrivals`` stand at the door until the test is over."""
        if self.arrivals is None:
            self.play()
        else:
            gevent.sleep(1.0)

    def play(self, words: str = "") -> Ended:
        """Hold one conversation of the scenarios, one whose name contains ``words``, and wait until it is over."""
        try:
            return company_of(self.environment).link.play(self.choice(words))
        except CrowdLost as lost:
            self.environment.runner.quit()
            raise StopUser(str(lost)) from lost

    @classmethod
    def choice(cls, words: str = "") -> Choice:
        """Which cases this user's customers play."""
        personas = cls.personas.items() if isinstance(cls.personas, Mapping) else ((name, 1) for name in cls.personas)
        return Choice(tuple(map(str, cls.scenarios)), words or cls.words, tuple(personas))
