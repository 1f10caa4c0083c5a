"""The checks of response times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.parameters import Parameters
from chatdrill.checks.registry import Outcome, case_check, suite_check
from chatdrill.checks.sla.measuring import Measured, measured, measured_for, ruler
from chatdrill.checks.sla.moments import rested_s
from chatdrill.checks.sla.percentiles import percentile
from chatdrill.checks.sla.promises import Sla, read_sla
from chatdrill.checks.sla.saying import by_calendar, local, too_long
from chatdrill.engine.durations import say_seconds

_CITES_MAX = 5


@case_check(
    "sla", "Every response comes within the time that was promised.", broken="a response came later than promised"
)
def sla(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """The bounds stand in the ``sla`` blocks of the settings and of the scenario (which wins)."""
    promised = read_sla(case.began.sla)
    times = measured(case, promised, promised_only=outcome.promised_only)
    outcome.latencies.extend(one.latency for one in times)
    for one in times:
        bound_s = promised.bounds.get(one.latency.name)
        if bound_s is None:
            continue
        outcome.evidence += 1
        if one.judged_s > bound_s:
            _fail(case, one, bound_s, outcome)


def _fail(case: CaseEvidence, one: Measured, bound_s: float, outcome: Outcome) -> None:
    taken, bound = too_long(one.latency.seconds, bound_s, by_calendar(one.calendar))
    outcome.fail(
        f"the {_words(one.latency.name)} took {taken}, more than {bound}",
        cites=one.latency.cites,
        details={
            "expected": f"within {bound}",
            "measured": f"{one.latency.seconds:.3f} s",
            **_counted(case, one),
        },
    )


def _counted(case: CaseEvidence, one: Measured) -> dict[str, str]:
    """From when to when working time was counted, and how much of it was spent waiting for the customer."""
    details: dict[str, str] = {}
    if one.span is not None and one.calendar is not None:
        when = local(one.calendar)
        details["counted"] = f"from {when(one.span.start)} to {when(one.span.end)} ({one.calendar.zone})"
    if one.span is not None and one.span.rests:
        waited_s = rested_s(one.span, ruler(case, one.calendar))
        details["not counted"] = f"{say_seconds(waited_s)} in which the customer was waited for"
    return details


def _words(name: str) -> str:
    return name.replace("_", " ")


# ----------------------------------------------------------------------------------------------------- percentiles


@suite_check("sla-percentiles", "The percentiles of the response times keep what was promised.")
def sla_percentiles(evidence: Evidence, _parameters: Parameters, outcome: Outcome) -> None:
    """Bounds of the settings hold over all cases, bounds of a scenario over the cases of that scenario."""
    scenarios: dict[tuple[str | None, str], list[tuple[CaseEvidence, Sla]]] = {}
    for case in evidence.cases.values():
        scenarios.setdefault((case.began.file, case.began.name), []).append((case, read_sla(case.began.sla)))
    suite: Mapping[str, Any] = (evidence.run.settings.get("sla") or {}) if evidence.run else {}
    _judge(read_sla(suite), [case for cases in scenarios.values() for case in cases], "all conversations", outcome)
    for (_, name), cases in scenarios.items():
        block = cases[0][0].began.sla
        stricter = {key: value for key, value in block.items() if suite.get(key) != value}
        _judge(read_sla(stricter), cases, name, outcome)


def _judge(promised: Sla, cases: Iterable[tuple[CaseEvidence, Sla]], where: str, outcome: Outcome) -> None:
    for (percent, name), bound_s in promised.percentiles.items():
        times = [one for case, own in cases for one in measured_for(case, own, (percent, name))]
        if not times:
            continue
        outcome.evidence += len(times)
        times.sort(key=lambda one: one.judged_s)
        seen_s = percentile([one.judged_s for one in times], percent)
        if seen_s > bound_s:
            seen, bound = too_long(seen_s, bound_s, _by_calendars(times))
            outcome.fail(
                f"{where}: p{percent:g} of the {_words(name)} is {seen}, more than {bound} (n = {len(times)})",
                cites=_worst(times, bound_s),
            )


def _by_calendars(times: list[Measured]) -> str:
    """The calendar that all count by; several calendars are not named."""
    said = {by_calendar(one.calendar) for one in times}
    return said.pop() if len(said) == 1 else "of working time" if any(said) else ""


def _worst(times: list[Measured], bound_s: float) -> tuple[int, ...]:
    slow = [one.latency for one in reversed(times[-_CITES_MAX:]) if one.judged_s > bound_s]
    return tuple(latency.cites[0] for latency in slow)
