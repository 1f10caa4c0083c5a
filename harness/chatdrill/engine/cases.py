"""From scenarios to what is run: one case for each platform and dataset row."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from chatdrill.engine.agents import DEFAULT_AGENT
from chatdrill.engine.conditions import holds
from chatdrill.engine.desk_steps import CARRIED_KINDS, AgentDoes, AgentSees, Handoff
from chatdrill.engine.expect import Expectation
from chatdrill.engine.identity import IDENTITY_FIELDS, identity_values, language_of
from chatdrill.engine.moments import needs_calendar, read_moment
from chatdrill.engine.persona import voice_for
from chatdrill.engine.scenario import Scenario
from chatdrill.engine.step_parts import Attachment, Guard
from chatdrill.engine.steps import (
    Happens,
    Hears,
    Never,
    Sends,
    Step,
    filled,
    moments_of,
    names_used,
    plain_if_open,
    step_to_dict,
)
from chatdrill.engine.templates import fill, names, render, unknown_name
from chatdrill.errors import ScenarioError, did_you_mean
from chatdrill.model import Customer

_LABEL_MAX = 60


class _Placed(NamedTuple):
    """A step on its way into a case: ``is_open`` if names may be left in it, ``mark`` is where it stands."""

    step: Step
    is_open: bool
    mark: str


@dataclass(frozen=True, eq=False)
class Case:
    """One scenario on one platform with one dataset row.

    ``steps`` have the values filled in that are known (``values``); conditions that these decide are gone. ``marks``
    runs parallel to ``steps`` (``file:line:column``, or nothing). ``files`` says where each named file lies. ``opens`` are the
    indexes of the steps that may still ask for names. ``plain`` are the steps as data, for a trace. ``is_improvised``: nobody wrote the
    steps, so an act that needs what is not there (a button, a message, an agent in charge) is left out at once.
    """

    id: str
    scenario: Scenario
    platform: str
    row: Mapping[str, str]
    values: Mapping[str, str]
    steps: tuple[Step, ...]
    marks: tuple[str, ...]
    files: Mapping[str, Path]
    plain: tuple[dict[str, Any], ...]
    opens: frozenset[int] = frozenset()
    facts: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    is_improvised: bool = False

    def platform_of(self, key: str) -> str:
        """Where a customer is."""
        return next((plan.platform for plan in self.scenario.customers if plan.key == key), None) or self.platform

    def accounts_of(self, key: str) -> list[str]:
        """The keys of all accounts of the person who has this one."""
        who = {plan.key: plan.same_as or plan.key for plan in self.scenario.customers}
        return [each for each, person in who.items() if person == who[key]]

    @property
    def platforms(self) -> tuple[str, ...]:
        """All platforms that customers are on, the case's own first."""
        return tuple(dict.fromkeys((self.platform, *self.scenario.other_platforms)))

    def start_values(self, customers: Mapping[str, Customer]) -> dict[str, str]:
        """What every ``{name}`` stands for before anything is captured, given the people who play."""
        return {**self.values, **identity_values(customers)}

    def told(self, values: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
        """The facts and the secrets of the people who play, whose names have these ``values``."""
        first = self.scenario.customers[0].key
        own = {f"customer.{field}": values[f"{first}.{field}"] for field in IDENTITY_FIELDS}
        values = {**own, **values}
        facts = {name: render(text, values) for name, text in self.facts.items()}
        return facts, tuple(render(text, values) for text in self.secrets)


def cases(
    scenario: Scenario, platforms: Sequence[str], *, samples: Mapping[str, Path] | None = None, desk: str | None = None
) -> list[Case]:
    """The cases of a scenario on those of its platforms that are among ``platforms``, row by row.

    Raises ``ScenarioError`` for a name without a value, an unknown customer or a file that is not there.
    """
    rows = scenario.rows or ({},)
    labels = _labels(rows)
    wanted = [name for name in platforms if name in (scenario.platforms or platforms) and name not in scenario.not_on]
    others = scenario.other_platforms
    if others:  # whoever goes on elsewhere does not begin there
        wanted = [name for name in wanted if name not in others] if set(others) <= set(platforms) else []
    steps = _worded(scenario)
    plain = [plain_if_open(step) for step in steps]
    made: list[Case] = []
    for platform in wanted:
        alike: Case | None = None  # who asks for no names plays the same in every row
        for row, label in zip(rows, labels, strict=True):
            own = _of_row(scenario, platform, row, label, desk or "")
            case = (
                _case(scenario, steps, plain, platform, own, samples or {}) if alike is None else replace(alike, **own)
            )
            alike = None if any(plain) else case
            made.append(case)
    return made


def _of_row(scenario: Scenario, platform: str, row: Mapping[str, str], label: str, desk: str) -> dict[str, Any]:
    """The fields of a case that are its row's own."""
    values = {**scenario.vars, **row, "platform": platform, "locale": scenario.locale, "desk": desk}
    place = f"{scenario.file}::" if scenario.file else ""
    return {
        "id": f"{place}{scenario.name} [{platform}]{f' [{label}]' if label else ''}",
        "row": row,
        "values": values,
        "facts": {name: fill(text, values) for name, text in scenario.facts.items()},
        "secrets": tuple(fill(text, values) for text in scenario.secrets),
    }


def _worded(scenario: Scenario) -> tuple[Step, ...]:
    """The steps, with the words of the canned answers that they name."""
    return tuple(
        msgspec.structs.replace(step, text=scenario.templates.get(step.template, ""))
        if isinstance(step, AgentDoes) and step.template is not None
        else step
        for step in scenario.steps
    )


def _case(
    scenario: Scenario,
    steps: Sequence[Step],
    plain: Sequence[dict[str, Any] | None],
    platform: str,
    own: dict[str, Any],
    samples: Mapping[str, Path],
) -> Case:
    values: dict[str, str] = own["values"]
    marks = scenario.marks or ("",) * len(scenario.steps)
    every = zip(steps, plain, marks, strict=True)
    first = scenario.customers[0].key
    at = {plan.key: plan.platform or platform for plan in scenario.customers}
    kept = [(step, data, mark) for step, data, mark in every if _plays_on(step, at.get(step.customer or first))]
    made = [_Placed(*filled(step, data, values, step.customer or first), mark) for step, data, mark in kept]
    decided = [placed._replace(step=step) for placed in made for step in _decided(placed.step)]
    for problem in (
        *_name_problems(decided, scenario, frozenset(values)),
        *_moment_problems(decided, scenario),
        *_desk_problems(decided, scenario, frozenset(values)),
    ):
        raise problem
    files = {name: _find(name, scenario, mark, samples) for step, _, mark in decided for name in _files(step)}
    played = tuple(_with_hashes(placed.step, files) for placed in decided)
    return Case(
        **own,
        scenario=scenario,
        platform=platform,
        steps=played,
        marks=tuple(placed.mark for placed in decided),
        files=files | _voices(scenario, samples),
        plain=tuple(map(step_to_dict, played)),
        opens=frozenset(index for index, placed in enumerate(decided) if placed.is_open),
    )


def _labels(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """What tells the rows apart: their columns, and a number where that does not."""
    said = [_shorten(" ".join(f"{name}={value}" for name, value in row.items())) for row in rows]
    twice = {label for label, count in Counter(said).items() if count > 1 and label}
    return [f"{label} #{number}" if label in twice else label for number, label in enumerate(said, start=1)]


def _shorten(label: str) -> str:
    plain = " ".join(label.split())
    return plain if len(plain) <= _LABEL_MAX else plain[: _LABEL_MAX - 1] + "…"


# ------------------------------------------------------------------------------------------------- conditions


def _plays_on(step: Step, platform: str | None) -> bool:
    return not isinstance(step, Happens) or step.platform == platform


def _decided(step: Step) -> Iterator[Step]:
    """The step with the conditions that are already decided taken away, or nothing if one of them fails."""
    left: list[Guard] = []
    for guard in step.when:
        if names(guard.condition):
            left.append(guard)
        elif holds(guard.condition, {}) is guard.negated:
            return
    yield msgspec.structs.replace(step, when=tuple(left)) if len(left) < len(step.when) else step


def case_problems(scenario: Scenario, samples: Mapping[str, Path] | None = None) -> list[ScenarioError]:
    """What is wrong with a scenario beyond its shape: names, customers and (with ``samples``) files, with their places."""
    columns = frozenset[str]().union(*scenario.rows)
    known = frozenset(scenario.vars) | columns | {"platform", "locale", "desk"}
    marks = scenario.marks or ("",) * len(scenario.steps)
    placed = [_Placed(step, True, mark) for step, mark in zip(_worded(scenario), marks, strict=True)]
    found = [
        *_name_problems(placed, scenario, known),
        *_moment_problems(placed, scenario),
        *_desk_problems(placed, scenario, known),
    ]
    if samples is not None:
        found += [p for step, _, mark in placed for p in _file_problems(step, scenario, mark, samples)]
    return found


def _name_problems(placed: Sequence[_Placed], scenario: Scenario, known: frozenset[str]) -> Iterator[ScenarioError]:
    """Every name must have a value by the time its step is played; every customer must be one of the scenario's."""
    keys = [plan.key for plan in scenario.customers]
    have = known | _identities(scenario)
    for step, is_open, mark in placed:
        where = mark or scenario.where
        if step.customer is not None and step.customer not in keys:
            yield ScenarioError(f"no customer {step.customer!r}" + did_you_mean(step.customer, keys), where=where)
        for name in sorted(names_used(step) - have) if is_open else ():
            yield ScenarioError(unknown_name(name, have), where=where)
        if isinstance(step, Hears) and (captures := step.captures):
            have |= captures


def _identities(scenario: Scenario) -> frozenset[str]:
    keys = [plan.key for plan in scenario.customers]
    return frozenset(f"{who}.{field}" for who in (*keys, "customer") for field in IDENTITY_FIELDS)


def _moment_problems(placed: Sequence[_Placed], scenario: Scenario) -> Iterator[ScenarioError]:
    """Only a calendar knows the working days."""
    for step, _, mark in () if scenario.calendar is not None else placed:
        for moment in map(read_moment, moments_of(step)):
            if moment.asks_for_calendar:
                yield ScenarioError(needs_calendar(moment), where=mark or scenario.where)


def _desk_problems(placed: Sequence[_Placed], scenario: Scenario, known: frozenset[str]) -> Iterator[ScenarioError]:
    """Agents must be the scenario's, and facts must be told in its head, in words that have a value from the beginning."""
    agents = [plan.key for plan in scenario.agents] or [DEFAULT_AGENT]
    have = known | _identities(scenario)
    for text in (*scenario.facts.values(), *scenario.secrets):
        for name in sorted(names(text) - have):
            yield ScenarioError(unknown_name(name, have), where=f"{scenario.where}:1" if scenario.file else "")
    facts = [*scenario.facts, *CARRIED_KINDS]
    for step, _, mark in placed:
        where = mark or scenario.where
        for key in (step.agent, step.to) if isinstance(step, AgentDoes) else ():
            if key is not None and key not in agents:
                yield ScenarioError(f"no agent {key!r}" + did_you_mean(key, agents), where=where)
        if isinstance(step, AgentDoes) and step.template is not None and step.template not in scenario.templates:
            hint = did_you_mean(step.template, scenario.templates) or "; write it under 'templates' in the head"
            yield ScenarioError(f"no template {step.template!r}{hint}", where=where)
        for fact in step.carries if isinstance(step, Handoff) else ():
            if fact not in facts:
                yield ScenarioError(
                    f"no fact {fact!r} among the scenario's facts" + did_you_mean(fact, facts), where=where
                )


# ------------------------------------------------------------------------------------------------------ files


def _voices(scenario: Scenario, samples: Mapping[str, Path]) -> dict[str, Path]:
    """The voice samples of the customers who may speak instead of writing."""
    speakers = [plan for plan in scenario.customers if (plan.persona or scenario.persona).voice_rate > 0]
    names = {voice_for(language_of(plan.locale or scenario.locale)) for plan in speakers}
    return {name: samples[name] for name in names if name in samples}


def _expected(step: Step) -> tuple[Expectation, ...]:
    if isinstance(step, Hears | AgentSees):
        return step.expectations
    return (step.expectation,) if isinstance(step, Never) else ()


def _files(step: Step) -> list[str]:
    contents = step.contents if isinstance(step, Sends | AgentDoes) else ()
    sent = [item.file for item in contents if isinstance(item, Attachment)]
    return sent + [item.of for item in _expected(step) if item.of is not None]


def _file_problems(step: Step, scenario: Scenario, mark: str, samples: Mapping[str, Path]) -> Iterator[ScenarioError]:
    for name in _files(step):
        if not names(name):
            try:
                _find(name, scenario, mark, samples)
            except ScenarioError as error:
                yield error


def _find(name: str, scenario: Scenario, mark: str, samples: Mapping[str, Path]) -> Path:
    own = Path(scenario.folder) / name
    if own.is_file():
        return own
    if name in samples:
        return samples[name]
    problem = f"no file {name!r}, and no shipped sample of that name{did_you_mean(name, samples)}"
    raise ScenarioError(problem, where=mark or scenario.where)


def _with_hashes(step: Step, files: Mapping[str, Path]) -> Step:
    """``of: file`` becomes the hash of its content, so that a trace can be judged without the file."""
    if not any(item.of for item in _expected(step)):
        return step
    if isinstance(step, Never):
        return msgspec.structs.replace(step, expectation=_with_hash(step.expectation, files))
    assert isinstance(step, Hears | AgentSees)
    hashed = tuple(_with_hash(item, files) for item in step.expectations)
    return msgspec.structs.replace(step, expectations=hashed)


def _with_hash(expectation: Expectation, files: Mapping[str, Path]) -> Expectation:
    if expectation.of is None:
        return expectation
    content = files[expectation.of].read_bytes()
    return msgspec.structs.replace(expectation, sha256=hashlib.sha256(content).hexdigest())
