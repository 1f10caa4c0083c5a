"""A scenario: one conversation, or several at once, as data, with the verbs that build it in Python.

    Scenario("Order status").says("Hi", "where is my order 553?").hears(contains("on its way"), within="5s")

A scenario is immutable: every verb returns a new one. A YAML file gives the same object, see ``chatdrill.engine.loader``.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from zoneinfo import ZoneInfo

import msgspec

from chatdrill.calendars import read_zone
from chatdrill.engine.agents import AgentPlan, read_agents
from chatdrill.engine.desk_steps import DESK_STEPS, Breaks
from chatdrill.engine.durations import seconds
from chatdrill.engine.faulting import read_faults
from chatdrill.engine.moments import Local, checked_year, read_block
from chatdrill.engine.persona import Persona, make_persona
from chatdrill.engine.steps import Step
from chatdrill.engine.templates import bare, plain
from chatdrill.engine.verbs import Verbs
from chatdrill.errors import ScenarioError, SettingsError, did_you_mean
from chatdrill.model import Customer

CUSTOMER_FIELDS = tuple(name for name in Customer.__struct_fields__ if name not in ("key", "locale"))
SLA_TARGETS = tuple(
    prefix + name
    for name in ("first_response", "next_response", "time_to_human", "resolution", "webhook_ack")
    for prefix in ("", "p50_", "p90_", "p95_", "p99_")
)
SLA_OPTIONS = ("calendar", "counts_from", "waiting_for_customer")
DEFAULT_CUSTOMER = "customer"
_STARTS_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")


class CustomerPlan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the scenario says about a customer; Faker makes up the rest. ``None``: as the scenario has it. ``platform``: where this one is,
    whatever platform the case is on. ``same_as``: who of the others this is, with another account."""

    key: str
    given: dict[str, str] = {}
    locale: str | None = None
    persona: Persona | None = None
    platform: str | None = None
    same_as: str | None = None


@dataclass(frozen=True, init=False)
class Scenario(Verbs):
    """One scenario.

    ``platforms`` empty means: all that are configured, but for those of ``not_on``. ``starts_at`` is drill time (Unix seconds; ``None``: now),
    ``zone`` the customers' time zone. ``calendar`` is the name of one in the settings, or a block that is one; where it is
    given, clock times are meant in its zone. ``needs_virtual``: it makes sense only where time jumps. ``rows`` are the dataset, one run each. ``sla`` is in seconds.
    ``faults`` come by chance in its conversations, in place of the run's (``None``: those of the run).
    ``desks`` (empty: all) are the helpdesks it is about, ``agents`` their people, ``facts`` what the customer tells in the course
    of it and ``secrets`` the texts that no agent may see; ``templates`` the agents' canned answers, by name. ``steps`` is one
    flat list, see ``steps.Guard``. ``marks`` name the place of each step (``file:line:column``), ``folder`` is where
    file names start; where a scenario stands does not count when scenarios are compared (``same_as``).
    """

    name: str
    about: str
    tags: tuple[str, ...]
    platforms: tuple[str, ...]
    not_on: tuple[str, ...]
    locale: str
    starts_at: float | None
    zone: str
    calendar: str | Mapping[str, Any] | None
    needs_virtual: bool
    persona: Persona
    customers: tuple[CustomerPlan, ...]
    vars: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...]
    sla: Mapping[str, Any]
    checks: Mapping[str, Any]
    faults: str | None
    desks: tuple[str, ...]
    agents: tuple[AgentPlan, ...]
    facts: Mapping[str, str]
    secrets: tuple[str, ...]
    templates: Mapping[str, str]
    steps: tuple[Step, ...]
    marks: tuple[str, ...] = field(compare=False)
    file: str | None = field(compare=False)
    line: int | None = field(compare=False)
    folder: str = field(compare=False)

    def __init__(
        self,
        name: str,
        *,
        about: str = "",
        tags: Iterable[str] = (),
        platforms: Iterable[str] = (),
        not_on: Iterable[str] = (),
        locale: str = "en_US",
        starts: str | float | None = None,
        calendar: str | Mapping[str, Any] | None = None,
        clock: str | None = None,
        persona: str | Mapping[str, Any] | Persona = "patient",
        customer: Mapping[str, Any] | None = None,
        customers: Mapping[str, Mapping[str, Any]] | None = None,
        vars: Mapping[str, object] | None = None,
        data: Iterable[Mapping[str, object]] = (),
        sla: Mapping[str, Any] | None = None,
        checks: Mapping[str, Any] | None = None,
        faults: str | None = None,
        desks: Iterable[str] = (),
        agents: Mapping[str, Mapping[str, Any] | None] | None = None,
        facts: Mapping[str, object] | None = None,
        secrets: Iterable[object] = (),
        templates: Mapping[str, object] | None = None,
    ) -> None:
        starts_at, zone = read_start(starts)
        self._set(
            name=name,
            about=about,
            tags=tuple(tags),
            platforms=tuple(platforms),
            not_on=tuple(not_on),
            locale=locale,
            starts_at=starts_at,
            zone=zone,
            calendar=read_calendar_of(calendar),
            needs_virtual=read_clock(clock),
            persona=read_persona(persona),
            customers=read_customers(customer, customers),
            vars=_texts(vars or {}),
            rows=tuple(_texts(row) for row in data),
            sla=read_sla(sla or {}),
            checks=bare(checks or {}),
            faults=read_faults_of(faults),
            desks=tuple(desks),
            agents=read_agents(agents),
            facts=_texts(facts or {}),
            secrets=tuple(plain(item) for item in secrets),
            templates=_texts(templates or {}),
            steps=(),
            marks=(),
            file=None,
            line=None,
            folder="",
        )

    def _set(self, **values: Any) -> None:
        self.__dict__.update(values)  # the only place that writes into this frozen object, before anyone sees it

    def placed(
        self, steps: Sequence[Step], marks: Sequence[str], *, file: str | None, line: int | None, folder: str
    ) -> Self:
        """This scenario with the steps of a file."""
        made = copy.copy(self)
        made._set(steps=tuple(steps), marks=tuple(marks), file=file, line=line, folder=folder)
        return made

    def played_by(self, persona: Persona) -> Self:
        """This scenario with another persona in place of its own; customers who have one keep it."""
        made = copy.copy(self)
        made._set(persona=persona)
        return made

    def _added(self, steps: Sequence[Step]) -> Self:
        made = copy.copy(self)
        made._set(steps=(*self.steps, *steps), marks=(*self.marks, *("" for _ in steps)))
        return made

    @property
    def needs_desk(self) -> bool:
        """True if it makes no sense without a helpdesk behind the bot."""
        return bool(self.desks or self.agents) or any(
            isinstance(step, DESK_STEPS) or (isinstance(step, Breaks) and "{desk}" in step.fault.values())
            for step in self.steps
        )

    @property
    def other_platforms(self) -> tuple[str, ...]:
        """The platforms that single customers are on, whatever platform the case is on."""
        return tuple(dict.fromkeys(plan.platform for plan in self.customers if plan.platform is not None))

    @property
    def where(self) -> str:
        """Where the scenario stands: ``file:line``, or its name."""
        return f"{self.file}:{self.line}" if self.file else self.name


# --------------------------------------------------------------------------------------- reading what was given


def _texts(values: Mapping[str, object]) -> dict[str, str]:
    return {str(name): plain(value) for name, value in values.items()}


def read_start(value: str | float | None) -> tuple[float | None, str]:
    """A start as Unix seconds and time zone: ``2026-03-02 09:30 Europe/Warsaw``; without a zone it is UTC."""
    if value is None or isinstance(value, int | float):
        return value, "UTC"
    date, _, zone = re.sub(r"(?<=\d)T(?=\d)", " ", value.strip()).partition(" ")
    clock, _, zone = zone.partition(" ") if zone[:1].isdigit() else ("", "", zone)
    there = _zone(zone.strip() or "UTC")
    for form in _STARTS_FORMATS:
        try:
            local = dt.datetime.strptime(f"{date} {clock}".strip(), form)
        except ValueError:
            continue
        return Local(there).instant(checked_year(local.date()), local.time()), there.key
    raise ScenarioError(
        f"not a date and time: {value!r}; write it like 2026-03-02 09:30 or 2026-03-02 09:30 Europe/Warsaw"
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return read_zone(name, "")
    except SettingsError as error:
        raise ScenarioError(str(error).removeprefix(": ")) from error


def read_calendar_of(value: str | Mapping[str, Any] | None) -> str | Mapping[str, Any] | None:
    """A calendar's name, or a block, which is checked as far as it does not name others."""
    if value is None or isinstance(value, str):
        return value
    block: dict[str, Any] = bare(value)
    if not {"any_of", "all_of"} & set(block):
        read_block(block, {})
    return block


def read_faults_of(value: str | None) -> str | None:
    """The faults that a scenario wants, checked."""
    try:
        if value is not None:
            read_faults(value)
        return value
    except ValueError as error:
        raise ScenarioError(str(error)) from error


def read_clock(value: str | None) -> bool:
    """Whether a scenario asks for virtual time."""
    if value not in (None, "virtual"):
        raise ScenarioError(f"no clock {value!r} can be asked for{did_you_mean(value, ['virtual'])}")
    return value is not None


def read_persona(value: str | Mapping[str, Any] | Persona) -> Persona:
    """A persona by name, or by ``{name: .., and habits to change}``."""
    if isinstance(value, Persona):
        return value
    if isinstance(value, str):
        return make_persona(value)
    habits = dict(value)
    return make_persona(str(habits.pop("name", "patient")), habits)


def read_customers(
    one: Mapping[str, Any] | None, several: Mapping[str, Mapping[str, Any] | None] | None
) -> tuple[CustomerPlan, ...]:
    """The customers of a scenario: one without a name of its own, or several by key; the first acts by default."""
    if one is not None and several:
        raise ScenarioError("give either 'customer' or 'customers'")
    plans = tuple(_plan(key, given or {}) for key, given in (several or {DEFAULT_CUSTOMER: one or {}}).items())
    if plans[0].platform is not None:
        raise ScenarioError(
            f"{plans[0].key!r} is the first customer, whose platform is that of the case: see 'platforms'"
        )
    known = {plan.key: plan for plan in plans}
    return tuple(plan if plan.same_as is None else _joined(plan, known) for plan in plans)


def _joined(plan: CustomerPlan, known: Mapping[str, CustomerPlan]) -> CustomerPlan:
    """The plan of somebody's other account: the person is described once, where they come first."""
    person = known.get(plan.same_as or "")
    if person is None or person.key == plan.key or person.same_as is not None:
        hint = did_you_mean(plan.same_as or "", [key for key, each in known.items() if each.same_as is None])
        raise ScenarioError(f"{plan.key!r} cannot be the same as {plan.same_as!r}: no such customer{hint}")
    if plan.platform == person.platform:
        raise ScenarioError(
            f"{plan.key!r} is the same as {person.key!r} and needs a platform of their own ('platform')"
        )
    if plan.given or plan.locale is not None:
        raise ScenarioError(f"{plan.key!r} is the same as {person.key!r}, where name, numbers and locale belong")
    return msgspec.structs.replace(
        plan, given=person.given, locale=person.locale, persona=plan.persona or person.persona
    )


_PLAN_FIELDS = ("locale", "persona", "platform", "same_as")


def _plan(key: str, given: Mapping[str, Any]) -> CustomerPlan:
    details = dict(given)
    locale, persona, platform, same_as = (details.pop(name, None) for name in _PLAN_FIELDS)
    for name in details:
        if name not in CUSTOMER_FIELDS:
            raise ScenarioError(f"a customer has no {name!r}" + did_you_mean(name, (*CUSTOMER_FIELDS, *_PLAN_FIELDS)))
    return CustomerPlan(
        key=key,
        given=_texts(details),
        locale=locale,
        persona=None if persona is None else read_persona(persona),
        platform=platform,
        same_as=same_as,
    )


def read_sla(block: Mapping[str, Any]) -> dict[str, Any]:
    """Targets of response times, in seconds or as tables of ``within`` and ``calendar``, and how they are counted."""
    for key in block:
        if key not in (*SLA_TARGETS, *SLA_OPTIONS):
            raise ScenarioError(f"no SLA is called {key!r}" + did_you_mean(key, (*SLA_TARGETS, *SLA_OPTIONS)))
    try:
        return {key: bare(value) if key in SLA_OPTIONS else _target(value) for key, value in block.items()}
    except ValueError as error:
        raise ScenarioError(str(error)) from error


def _target(value: Any) -> float | dict[str, Any]:
    if not isinstance(value, Mapping):
        return seconds(value)
    return {key: seconds(item) if key == "within" else bare(item) for key, item in value.items()}
