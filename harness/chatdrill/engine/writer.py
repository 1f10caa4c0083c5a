"""A scenario as its file: what ``loader`` reads, written as a person would write it.

Steps that came from included files stand in their places, and a dataset from a file as its rows. Names of files stay as they
are: they count from the folder of the scenario.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from chatdrill.engine import schema
from chatdrill.engine.agents import HABITS, NEVER, AgentPlan
from chatdrill.engine.desk_steps import AgentDoes
from chatdrill.engine.durations import write_seconds
from chatdrill.engine.persona import PERSONAS, Persona, Spread
from chatdrill.engine.reading import read_step
from chatdrill.engine.scenario import DEFAULT_CUSTOMER, SLA_OPTIONS, CustomerPlan, Scenario
from chatdrill.engine.step_parts import Guard
from chatdrill.engine.steps import Step, branch
from chatdrill.engine.templates import bare
from chatdrill.engine.writer_steps import describe
from chatdrill.engine.yamltext import Block, Lines, block
from chatdrill.errors import ScenarioError


def write_scenario(scenario: Scenario, heading: str = "") -> str:
    """The YAML of a scenario, under a comment of the lines of ``heading``.

    Loading it gives an equal scenario, with the conditions of its steps numbered as in a file (``renumbered``). Raises
    ``ScenarioError`` that names what the language has no words for.
    """
    comment = "".join(f"# {line}".rstrip() + "\n" for line in heading.splitlines())
    return comment + "\n".join(block(scenario_to_data(scenario))) + "\n"


def scenario_to_data(scenario: Scenario) -> dict[str, Any]:
    """What stands in the file of a scenario, as plain data. Raises ``ScenarioError`` like ``write_scenario``."""
    data = _head(scenario)
    wrong = schema.problems({**data, "steps": [{"blocks": None}]})
    if wrong:
        raise ScenarioError(f"the head of {scenario.name!r} cannot be written: {wrong[0].text}")
    _check_head(scenario, data)
    data["steps"] = _steps(renumbered(scenario.steps), ())
    wrong = schema.problems(data)
    if wrong:
        raise ScenarioError(f"{scenario.name!r} cannot be written: {wrong[0].text} ({_at(wrong[0].path)})")
    return data


def _at(path: Sequence[str | int]) -> str:
    return ".".join(map(str, path))


# ------------------------------------------------------------------------------------------------------ the head


def _head(scenario: Scenario) -> dict[str, Any]:
    """The keys before the steps, in the order of the language's reference."""
    made: dict[str, Any] = {
        "name": scenario.name,
        "about": scenario.about or None,
        "tags": list(scenario.tags),
        "platforms": list(scenario.platforms),
        "not_on": list(scenario.not_on),
        "locale": None if scenario.locale == "en_US" else scenario.locale,
        "starts": _start(scenario),
        "calendar": scenario.calendar,
        "clock": "virtual" if scenario.needs_virtual else None,
        "persona": None if scenario.persona == PERSONAS["patient"] else _persona(scenario.persona),
        **_customers(scenario.customers),
        "vars": _values(scenario.vars),
        "data": Lines(_values(row) for row in scenario.rows),
        "desks": list(scenario.desks),
        "agents": Block({plan.key: _agent(plan) for plan in scenario.agents}),
        "facts": dict(scenario.facts),
        "secrets": list(scenario.secrets),
        "templates": _lines_if_long(scenario.templates),
        "sla": {key: value if key in SLA_OPTIONS else _target(value) for key, value in scenario.sla.items()},
        "checks": dict(scenario.checks),
        "faults": scenario.faults,
    }
    return {key: value for key, value in made.items() if value is not None and value != [] and value != {}}


def _check_head(scenario: Scenario, data: Mapping[str, Any]) -> None:
    read = Scenario(**data)
    for field in _HEAD_FIELDS:
        if getattr(read, field) != getattr(scenario, field):
            raise ScenarioError(f"{field!r} of {scenario.name!r} cannot be written: {getattr(scenario, field)!r}")


_HEAD_FIELDS = tuple(
    name for name in Scenario.__dataclass_fields__ if name not in ("steps", "marks", "file", "line", "folder")
)


def _start(scenario: Scenario) -> str | None:
    if scenario.starts_at is None:
        return None
    local = dt.datetime.fromtimestamp(scenario.starts_at, ZoneInfo(scenario.zone))
    zone = "" if scenario.zone == "UTC" else f" {scenario.zone}"
    return f"{local:%Y-%m-%d %H:%M}{f':{local:%S}' if local.second else ''}{zone}"


def _values(values: Mapping[str, str]) -> dict[str, Any]:
    """Values by name; whole numbers need no quotes here."""
    return {name: int(text) if _is_whole(text) else text for name, text in values.items()}


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and (text == "0" or text[0] != "0") and len(text) < 18


def _lines_if_long(values: Mapping[str, str]) -> dict[str, str]:
    return Block(values) if len(values) > 1 else dict(values)


def _target(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return write_seconds(value)
    return {key: write_seconds(item) if key == "within" else item for key, item in value.items()}


def _customers(plans: Sequence[CustomerPlan]) -> dict[str, Any]:
    if [plan.key for plan in plans] == [DEFAULT_CUSTOMER]:
        return {"customer": _customer(plans[0]) or None}
    return {"customers": Block({plan.key: _customer(plan) or None for plan in plans})}


def _customer(plan: CustomerPlan) -> dict[str, Any]:
    persona = None if plan.persona is None else _persona(plan.persona)
    here = {"same_as": plan.same_as, "platform": plan.platform, "persona": persona}
    own = {"locale": plan.locale, **here} if plan.same_as is None else here
    given = plan.given if plan.same_as is None else {}
    return {**given, **{key: value for key, value in own.items() if value is not None}}


def _persona(persona: Persona) -> Any:
    if persona.name not in PERSONAS:
        raise ScenarioError(f"the persona {persona.name!r} cannot be written: it is none of {', '.join(PERSONAS)}")
    base = PERSONAS[persona.name]
    changed = [name for name in persona.__struct_fields__ if getattr(persona, name) != getattr(base, name)]
    habits = {name: _habit(getattr(persona, name), getattr(base, name)) for name in changed}
    return {"name": persona.name, **habits} if habits else persona.name


def _habit(value: Any, base: Any) -> Any:
    if isinstance(value, Spread):
        usual = base.sigma if isinstance(base, Spread) else 0.3
        median = write_seconds(value.median_s)
        return median if value.sigma == usual else {"median": median, "sigma": value.sigma}
    return bare(msgspec.to_builtins(value))


def _agent(plan: AgentPlan) -> dict[str, Any] | None:
    habits, base = plan.habits, HABITS.get(plan.habits.name)
    if base is None:
        raise ScenarioError(f"the persona {habits.name!r} of agent {plan.key!r} cannot be written: it is not shipped")
    made: dict[str, Any] = {
        "name": plan.name or None,
        "email": plan.email or None,
        "languages": list(plan.languages) or None,
        "zone": plan.zone,
        "team": plan.team,
        "capacity": None if plan.capacity == 5 else plan.capacity,
        "shift": plan.shift,
        "persona": None if habits.name == "steady" else habits.name,
        "accepts": None if habits.accepts_s == base.accepts_s else _accepts(habits.accepts_s),
        "declines": None if habits.declines == base.declines else habits.declines,
        "replies": None if habits.replies_s == base.replies_s else write_seconds(habits.replies_s[0]),
    }
    return {key: value for key, value in made.items() if value is not None} or None


def _accepts(between_s: tuple[float, float] | None) -> str:
    if between_s is None:
        return "told"
    return "never" if between_s[0] == NEVER else write_seconds(between_s[0])


# ----------------------------------------------------------------------------------------------------- the steps


def _steps(steps: Sequence[Step], above: tuple[Guard, ...]) -> Lines:
    """The entries of a list of steps, all of which stand under the conditions ``above``."""
    made, at = Lines(), 0
    while at < len(steps):
        inner = steps[at].when[len(above) :]
        if not inner:
            made.append(_step(steps[at]))
            at += 1
            continue
        end = _block_end(steps, at, len(above))
        made.append(_branch(steps[at:end], above, inner[0]))
        at = end
    return made


def _block_end(steps: Sequence[Step], at: int, depth: int) -> int:
    """Where the steps end that stand under the same ``if`` as ``steps[at]``."""
    first, end = _guard(steps[at], depth), at + 1
    while end < len(steps) and (other := _guard(steps[end], depth)) and _is_same_if(first, other):
        end += 1
    return end


def _guard(step: Step, depth: int) -> Guard | None:
    return step.when[depth] if len(step.when) > depth else None


def _is_same_if(one: Guard | None, other: Guard) -> bool:
    return one is not None and (one.id, one.condition) == (other.id, other.condition)


def _branch(steps: Sequence[Step], above: tuple[Guard, ...], guard: Guard) -> Block:
    then, otherwise = _sides(steps, len(above))
    yes, no = msgspec.structs.replace(guard, negated=False), msgspec.structs.replace(guard, negated=True)
    made = Block({"if": guard.condition, "then": _steps(then, (*above, yes))})
    return Block({**made, "else": _steps(otherwise, (*above, no))}) if otherwise else made


def _sides(steps: Sequence[Step], depth: int) -> tuple[list[Step], list[Step]]:
    then = [step for step in steps if not step.when[depth].negated]
    otherwise = [step for step in steps if step.when[depth].negated]
    if [*then, *otherwise] != list(steps) or not then:
        raise ScenarioError(f"the steps under {steps[0].when[depth].condition!r} cannot be written: 'then' comes first")
    return then, otherwise


def renumbered(steps: Sequence[Step], depth: int = 0) -> list[Step]:
    """The same steps with their conditions numbered as if all of them stood in one file."""
    made: list[Step] = []
    at = 0
    while at < len(steps):
        guard = _guard(steps[at], depth)
        if guard is None:
            made.append(_bare(steps[at]))
            at += 1
            continue
        end = _block_end(steps, at, depth)
        then, otherwise = _sides(steps[at:end], depth)
        made += branch(guard.condition, renumbered(then, depth + 1), renumbered(otherwise, depth + 1), len(made))
        at = end
    return made


def _bare(step: Step) -> Step:
    return msgspec.structs.replace(step, when=()) if step.when else step


def _step(step: Step) -> Block:
    """One entry of the list. Raises ``ScenarioError`` unless reading it gives the step again."""
    verb, value = describe(step)
    plain = msgspec.structs.replace(step, customer=None, when=())
    try:
        read = read_step(verb, value)
    except ScenarioError as error:
        raise ScenarioError(f"this {_name(step)!r} step cannot be written: {error.problem}") from error
    if read != plain:
        raise ScenarioError(f"this {_name(step)!r} step cannot be written: {_difference(plain, read)}")
    return Block({"as": step.customer, verb: value} if step.customer else {verb: value})


def _name(step: Step) -> str:
    return f"agent {step.verb}" if isinstance(step, AgentDoes) else str(step.__struct_config__.tag)


def _difference(wanted: Step, read: Step) -> str:
    """The first field that the words of the language cannot carry."""
    if type(wanted) is not type(read):
        return f"it would be read as {_name(read)!r}"
    name = next(name for name in wanted.__struct_fields__ if getattr(wanted, name) != getattr(read, name))
    was, is_now = (msgspec.to_builtins(getattr(step, name)) for step in (wanted, read))
    return f"{name!r} would be read as {is_now!r} in place of {was!r}"
