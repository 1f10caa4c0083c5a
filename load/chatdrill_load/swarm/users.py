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
    however slow the bot is, ``customers_max`` at once at most (0: as many as come); how many users Locust spawns does not matter then.
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

    @task
    def converse(self) -> None:
        """Hold one conversation; where customers arrive by a plan there is nothing to do."""
        if self.arrivals is None:
            self.play()
        else:
            gevent.sleep(1.0)

    def play(self, words: str = "") -> Ended:
        """Hold one conversation of the scenarios, one whose name contains ``words``, and wait until it is over."""
        company = company_of(self.environment)
        company.ready.wait()
        try:
            return company.link.play(self.choice(words))
        except CrowdLost as lost:
            raise StopUser(str(lost)) from lost

    @classmethod
    def arrive_order(cls, index: int, count: int, until_s: float | None) -> Arrive:
        """What the crowd of worker ``index`` of ``count`` is told of the arrivals."""
        assert cls.arrivals is not None
        most = -(-cls.customers_max // count)
        return Arrive(
            plan=cls.arrivals, index=index, count=count, customers_max=most, until_s=until_s, choice=cls.choice()
        )

    @classmethod
    def choice(cls, words: str = "") -> Choice:
        """Which cases this user's customers play."""
        personas = cls.personas.items() if isinstance(cls.personas, Mapping) else ((name, 1) for name in cls.personas)
        return Choice(tuple(map(str, cls.scenarios)), words or cls.words, tuple(personas))
