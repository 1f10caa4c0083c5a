"""Restarting the bot at a point of a conversation that is drawn: a step more, which the scenario does not have."""

from __future__ import annotations

from dataclasses import replace

from chatdrill.engine.cases import Case
from chatdrill.engine.desk_steps import Restarts
from chatdrill.engine.steps import Hears, step_to_dict
from chatdrill.seeds import Seed
from chatdrill.serve.faults import Plan
from chatdrill.serve.faults.restarting import Restart


def cut(case: Case, plan: Plan, seed: Seed) -> Case:
    """The case with a restart where the plan says so and the chance of this case has it; else the case as it is.

    A case that restarts the bot anyway, has branches, or begins at a certain time is left alone: it is played when the others are
    over, and by then its time may be.
    """
    chance = seed.stream("faults", Restart.name, case.id)
    rules = [rule for rule in plan if isinstance(rule.kind, Restart) and rule.on in ("*", case.platform)]
    if not any(chance.random() < rule.share for rule in rules) or not _may_be_cut(case):
        return case
    points = [index for index in range(1, len(case.steps)) if _is_quiet(case, index)]
    return _inserted(case, chance.choice(points)) if points else case


def _may_be_cut(case: Case) -> bool:
    has_own = any(step.when or isinstance(step, Restarts) for step in case.steps)
    return not has_own and case.scenario.starts_at is None


def _is_quiet(case: Case, index: int) -> bool:
    """Between an answer and the next word of a customer: a bot that writes down what it knows loses nothing there."""
    return isinstance(case.steps[index - 1], Hears) and not isinstance(case.steps[index], Hears)


def _inserted(case: Case, index: int) -> Case:
    step = Restarts(by_chance=True)
    return replace(
        case,
        steps=(*case.steps[:index], step, *case.steps[index:]),
        marks=(*case.marks[:index], "", *case.marks[index:]),
        plain=(*case.plain[:index], step_to_dict(step), *case.plain[index:]),
        opens=frozenset(at + (at >= index) for at in case.opens),
    )
