"""Random conversations in which everybody does everything right: no rule may say a word about any of them.

``converse(seed)`` plays one case. Customers write in bursts, send files, change their minds; agents accept, pass on, leave notes,
are late or never come; the desk mirrors from the first word or gets a transcript; webhooks come twice, swapped, or not at all, and
the bot copes. The same seed gives the same trace.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

import chatdrill.checks.handoff  # noqa: F401  registers the rules
from chatdrill.checks import CheckResult, Finding
from checks.handoff.floor import Floor
from checks.handoff.life import CLOSED, Life
from checks.handoff.stage import Stage
from checks.handoff.talk import FACT, SECRET, Manner


def converse(seed: int, *, calm: bool = False) -> Stage:
    """One case in which nobody makes a mistake; a ``calm`` one is without faults, and goes on until all is settled."""
    chance = random.Random(seed)
    closed = chance.random() < 0.15
    people = tuple(["anna", "boris", "carl"][: 1 if closed else chance.choice([1, 1, 2, 3])])
    checks = {"handoff": {"contradicts": ["no such order"], **({"hours": CLOSED} if closed else {})}}
    stage = Stage(
        clock=chance.choice(["virtual", "virtual", "real"]),
        speed=chance.choice([1.0, 20.0]),
        capacity=chance.choice([1, 2, 5]),
        people=people,
        facts={"order": FACT},
        secrets=(SECRET,),
        checks=checks,
        zone="Europe/Warsaw",
    )
    floor, manner = Floor(stage, chance), Manner.drawn(chance)
    manner.mishaps *= not calm
    lives = tuple(Life(stage, who, manner, chance) for who in people)
    ignored = len(people) == 1 and chance.random() < 0.15
    for life in lives:
        life.floor, life.everybody, life.closed_hours, life.ignored = floor, lives, closed, ignored or closed
        stage.follow(life.who, life.plays())
    if chance.random() < 0.15 and not calm:
        stage.plays(until=chance.uniform(5, 400))
        return stage.ends("stopped")
    return stage.plays().wait(200 if calm else chance.choice([0, 1, 20, 100])).done()


RULES = tuple(f"HO-{number:02}" for number in range(1, 53))


def judged(stage: Stage) -> dict[str, CheckResult]:
    """What each rule says of a case."""
    return {rule: stage.judge(rule) for rule in RULES}


def accused(results: Mapping[str, CheckResult]) -> Iterator[Finding]:
    """Whatever is held against somebody, not what is left undecided."""
    for result in results.values():
        yield from (finding for finding in result.findings if finding.verdict != "inconclusive")
