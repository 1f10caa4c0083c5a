"""A scenario for what is missing: the way into the state as the suite itself went it, or else by a recipe; then the word that is
missing, struck by the fault, at the time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from chatdrill.calendars import Calendar
from chatdrill.coverage.dimensions import VALUES, Dimension
from chatdrill.coverage.measuring import Coverage, Gap
from chatdrill.coverage.recipes import ANYTHING, ARRIVAL, DATES, HEADS, STRIKES, WAYS, act
from chatdrill.coverage.routes import Route
from chatdrill.coverage.striking import RESTART
from chatdrill.coverage.times import times_of
from chatdrill.engine.desk_steps import Breaks
from chatdrill.engine.durations import say_seconds
from chatdrill.engine.scenario import Scenario
from chatdrill.engine.steps import Waits, step_from_dict
from chatdrill.engine.verbs import Steps
from chatdrill.engine.writer import write_scenario
from chatdrill.errors import ScenarioError
from chatdrill.serve.faults import KINDS as FAULT_KINDS

_HELLO = "Hello"
_SEARCHED_FROM = dt.datetime(2026, 3, 2, 10, 30, tzinfo=dt.UTC).timestamp()
_HOUR_S = 3600
_SEARCHED_HOURS = 400 * 24
_USUAL_STATE: Mapping[str, str] = {
    "burst": "waiting",
    "quote": "answered",
    "reaction": "answered",
    "edit": "answered",
    "delete": "answered",
    "block": "answered",
    "press": "buttons",
    "template reply": "buttons",
}
_ALWAYS_BY_RECIPE = frozenset({"waiting", "nudged"})  # they depend on how fast the bot is
_FILE_FAULTS = ("media-gone", "media-cut")


@dataclass(frozen=True)
class Suggestion:
    """What would meet a gap: a ``scenario`` and the ``text`` of its file, or ``why_not`` there is none."""

    gap: Gap
    scenario: Scenario | None = None
    text: str = ""
    why_not: str = ""

    @property
    def file_name(self) -> str:
        """A name for the file: ``voice-x-waiting.drill.yaml``."""
        return "-".join(str(self.gap).replace("/", " ").split()).lower() + ".drill.yaml"


_HEADING = "Suggested by chatdrill coverage. Put in what your bot should say where it says regex: \\S."


def suggestions(coverage: Coverage, count: int | None = None) -> list[Suggestion]:
    """Suggestions for the most useful gaps, up to ``count`` of them that have a scenario."""
    found: list[Suggestion] = []
    written = 0
    for gap in coverage.gaps:
        if count is not None and written >= count:
            break
        found.append(suggest(coverage, gap))
        written += found[-1].scenario is not None
    return found


@dataclass(frozen=True)
class _Plan:
    """What a suggestion is made of. ``route`` is the suite's own way, where it has one."""

    platform: str
    state: str
    kind: str
    fault: str | None
    time: str | None
    route: Route | None
    locale: str
    opener: str


def suggest(coverage: Coverage, gap: Gap) -> Suggestion:
    """A scenario that meets a gap, or the reason why nobody can write it without knowing the bot."""
    why_not = ""
    for platform in sorted(coverage.world.abilities, key=lambda name: _has_receipts(coverage, name)):
        plan = _plan(coverage, platform, gap.wanted)
        if plan is None:
            continue
        made, why_not = _made(coverage, plan, gap)
        if made is not None:
            return Suggestion(gap, *made)
    return Suggestion(gap, why_not=why_not or "nobody knows how")


def _plan(coverage: Coverage, platform: str, wanted: Mapping[Dimension, str]) -> _Plan | None:
    """The missing values, and usual ones for the others; ``None`` where they do not go together on this platform."""
    fault = wanted.get("fault")
    kind = wanted.get("kind") or ("photo" if fault in _FILE_FAULTS else "edit" if fault == "early-edit" else "text")
    state = wanted.get("state") or _USUAL_STATE.get(kind, "in the queue" if fault == "desk-lag" else "first contact")
    if wanted.get("state") == "first contact" and kind == "edit":
        kind = "text"
    if not coverage.world.can(platform, wanted):
        return None
    routes = coverage.observed.routes
    need = {"press": "button", "template reply": "template"}.get(kind, "")
    route = routes.find(platform, state, need)
    locale = route.locale if route is not None and route.steps else routes.locale
    opener = routes.opener(locale) or _HELLO
    return _Plan(platform, state, kind, fault, wanted.get("time"), route, locale, opener)


def _made(coverage: Coverage, plan: _Plan, gap: Gap) -> tuple[tuple[Scenario, str] | None, str]:
    """The scenario and its file, or the reason why there is none."""
    try:
        way = _way(plan)
    except msgspec.ValidationError as error:  # a trace from elsewhere
        return None, f"the suite's own way cannot be read: {error}"
    if way is None:
        return None, f"only the bot can bring about {_words('state', plan.state)}: {VALUES['state'][plan.state].about}"
    ability = coverage.world.abilities[plan.platform]
    button = plan.route.button if plan.route is not None else None
    word = act(
        "text" if plan.kind == "burst" and plan.state == "waiting" else plan.kind,
        plan.platform,
        ability.text_max,
        plan.opener,
        button,
    )
    if word is None:
        return (
            None,
            f"the suite has no way to {_words('kind', plan.kind)} on {plan.platform}: {VALUES['kind'][plan.kind].about}",
        )
    try:
        scenario = _scenario(coverage, plan, gap, way, word)
        return (scenario, write_scenario(scenario, _HEADING)), ""
    except ScenarioError as error:
        return None, error.problem


def _is_by_route(plan: _Plan) -> bool:
    return plan.route is not None and plan.state not in _ALWAYS_BY_RECIPE


def _way(plan: _Plan) -> Steps | None:
    if _is_by_route(plan) and plan.route is not None:
        way = Steps(tuple(step_from_dict(step) for step in plan.route.steps))
        return way.plus(ARRIVAL[plan.state]) if plan.state in ARRIVAL else way
    made = WAYS.get(plan.state)
    return None if made is None else made(plan.opener)


def _scenario(coverage: Coverage, plan: _Plan, gap: Gap, way: Steps, word: Steps) -> Scenario:
    head: dict[str, Any] = {**HEADS.get(plan.state, {}), **_when(coverage, plan, way)}
    steps = way
    if plan.fault is not None and _strikes_next(coverage, plan):
        steps = steps.plus(_strike(coverage, plan.fault, plan.platform))
    elif plan.fault is not None and plan.fault != RESTART:
        head["faults"] = f"{plan.fault} 100%"
    steps = steps.plus(word)
    if plan.fault == RESTART:
        steps = steps.bot_restarts()
    if plan.fault == "early-edit":
        steps = steps.edits(f"{plan.opener} (I have changed this)") if plan.kind != "edit" else steps
    scenario = Scenario(
        f"{str(gap)[:1].upper()}{str(gap)[1:]}",
        about=_about(gap),
        tags=["coverage"],
        platforms=[plan.platform],
        checks={"unexpected": "allow"},
        locale=plan.locale,
        **head,
    )
    return scenario.plus(steps).optional(ANYTHING, within="10s")


def _strike(coverage: Coverage, fault: str, platform: str) -> Steps:
    """The step that has a fault strike what comes next: of webhooks, one of the platform and not of the desk behind the bot."""
    if platform not in coverage.world.desks or FAULT_KINDS[fault].each != "webhook":
        return STRIKES[fault]
    return Steps(
        tuple(
            msgspec.structs.replace(step, fault={**step.fault, "platform": platform})
            for step in STRIKES[fault].steps
            if isinstance(step, Breaks)
        )
    )


def _strikes_next(coverage: Coverage, plan: _Plan) -> bool:
    """Whether a step can have the fault strike the very next word: where receipts are told, one of them may come before it."""
    if plan.fault is None or plan.fault not in STRIKES:
        return False
    is_of_webhooks = FAULT_KINDS[plan.fault].each == "webhook"
    is_first = plan.state == "first contact" or not _has_receipts(coverage, plan.platform)
    return is_first or plan.fault == "lost" or not is_of_webhooks


def _has_receipts(coverage: Coverage, platform: str) -> bool:
    return "late-receipt" in coverage.world.faults(platform)


def _about(gap: Gap) -> str:
    """What the missing values mean, and what the bot has to do so that they are met."""
    each = FAULT_KINDS[gap.wanted["fault"]].each if "fault" in gap.wanted else ""
    depends = f" (It is met if the bot {_DEPENDS[each]}.)" if each in _DEPENDS else ""
    said = ". ".join(
        f"{name[:1].upper()}{name[1:]}: {VALUES[name][value].about}" if value in VALUES[name] else f"On {value}"
        for name, value in gap.wanted.items()
    )
    return f"{said}.{depends}"


_DEPENDS = {"call": "then calls the API", "download of a customer's file": "fetches the file"}


def _words(dimension: Dimension, value: str) -> str:
    return f"the {dimension} {value!r}"


# --------------------------------------------------------------------------------------------------------- when


def _when(coverage: Coverage, plan: _Plan, way: Steps) -> dict[str, Any]:
    """When the scenario begins, so that the word falls into its time. Without one it begins as the suite's own did."""
    if plan.time is None:
        if plan.route is None or not plan.route.is_virtual or not _is_by_route(plan) or plan.fault == RESTART:
            return {}  # a bot is restarted when the others are over, and then its time may be
        return {"starts": _said(plan.route.at, plan.route.zone), "clock": "virtual"}
    waits_s = sum(step.seconds for step in way.steps if isinstance(step, Waits))
    if plan.time in DATES:
        date, _, zone = DATES[plan.time].rpartition(" ")
        at = dt.datetime.fromisoformat(date).replace(tzinfo=ZoneInfo(zone)).timestamp()
        return {"starts": _said(at - waits_s, zone), "clock": "virtual"}
    calendar = coverage.observed.calendar
    if calendar is None:
        raise ScenarioError(f"no calendar is known that has {plan.time!r}")
    at = _moment(plan.time, calendar)
    hours = {"calendar": calendar.block}  # else nobody knows what is open then
    return {"starts": _said(at - waits_s, calendar.zone.key), "clock": "virtual", "sla": hours}


def _moment(time: str, calendar: Calendar) -> float:
    """The first hour from a Monday in March on that is of this time. Raises ``ScenarioError``."""
    hours = (_SEARCHED_FROM + hour * _HOUR_S for hour in range(_SEARCHED_HOURS))
    at = next((at for at in hours if time in times_of(at, calendar.zone.key, calendar)), None)
    if at is None:
        raise ScenarioError(
            f"the calendar {calendar.name!r} has nothing {time!r} within {say_seconds(_SEARCHED_HOURS * _HOUR_S)}"
        )
    return at


def _said(at: float, zone: str) -> str:
    local = dt.datetime.fromtimestamp(at, ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M} {zone}"
