"""Response times, and what was promised about them.

*First response*: from the customer's message to the bot's first message of the conversation. *Next response*: the same
in every later turn. The time counts from the last message of the customer's burst before the answer (``counts_from:
last``), because a bot that waits for the end of a burst does right; ``first`` counts from its first message, as most
helpdesks do. Times are real seconds, or drill time where time is virtual.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chatdrill.checks.evidence import CaseEvidence, Evidence, Turn
from chatdrill.checks.registry import Outcome, Parameters, case_check, suite_check
from chatdrill.checks.results import Latency, Statistic
from chatdrill.engine.durations import seconds as parse_duration
from chatdrill.errors import UsageError, did_you_mean
from chatdrill.trace import Acted, Took

NAMES = ("first_response", "next_response")
_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?)_(\w+)")


def latencies(case: CaseEvidence, counts_from: str = "last") -> list[Latency]:
    """The response times of a case, in the order of its turns; unanswered turns have none."""
    measured: list[Latency] = []
    answered: set[str] = set()
    for turn in case.turns:
        if not turn.messages:
            continue
        reply = turn.messages[0].record
        start = anchor(turn, reply, counts_from)
        measured.append(
            Latency(
                name=NAMES[turn.conv in answered],
                platform=case.began.platform,
                case=case.name,
                t=start.t,
                seconds=max(0.0, case.seconds_between(start, reply) + start.t - _meant(start)),
                cites=(reply.n, start.n),
            )
        )
        answered.add(turn.conv)
    return measured


def anchor(turn: Turn, reply: Took, counts_from: str = "last") -> Acted:
    """The customer's message from which a reply's time counts."""
    before = [act for act in turn.acts if act.n < reply.n] or turn.acts[:1]
    return before[0] if counts_from == "first" else before[-1]


def _meant(act: Acted) -> float:
    return act.t if act.meant_at is None else act.meant_at


def percentile(sorted_values: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile: the smallest value that at least ``percent`` % of the samples do not exceed."""
    rank = -(-len(sorted_values) * percent // 100)
    return sorted_values[max(0, min(len(sorted_values), int(rank)) - 1)]


def statistics(samples: Iterable[Latency]) -> list[Statistic]:
    """Percentiles by name and platform, and over all platforms (``*``) where there are several."""
    groups: dict[tuple[str, str], list[float]] = defaultdict(list)
    for sample in samples:
        groups[sample.name, sample.platform].append(sample.seconds)
        groups[sample.name, "*"].append(sample.seconds)
    platforms = {platform for _, platform in groups if platform != "*"}
    return [
        _statistic(name, platform, sorted(values))
        for (name, platform), values in sorted(groups.items())
        if platform != "*" or len(platforms) > 1
    ]


def _statistic(name: str, platform: str, values: list[float]) -> Statistic:
    p50, p90, p95, p99 = (percentile(values, percent) for percent in (50, 90, 95, 99))
    return Statistic(
        name=name, platform=platform, samples=len(values), p50_s=p50, p90_s=p90, p95_s=p95, p99_s=p99, max_s=values[-1]
    )


def read_sla(block: Mapping[str, Any], where: str = "sla") -> tuple[dict[str, float], dict[tuple[float, str], float]]:
    """The bounds of an ``sla`` block: by name, and by percentile and name. Raises ``UsageError`` for unknown keys."""
    bounds: dict[str, float] = {}
    percentiles: dict[tuple[float, str], float] = {}
    for key, value in block.items():
        match = _PERCENTILE.fullmatch(key)
        if key in NAMES:
            bounds[key] = parse_duration(value)
        elif match and match[2] in NAMES:
            percentiles[float(match[1]), match[2]] = parse_duration(value)
        elif key != "counts_from":
            known = [*NAMES, *(f"p95_{name}" for name in NAMES), "counts_from"]
            raise UsageError(f"{where}: unknown key {key!r}{did_you_mean(key, known)}")
    return bounds, percentiles


@case_check("sla", "Every response comes within the time that was promised.")
def sla(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """The bounds stand in the ``sla`` blocks of the settings and of the scenario (which wins)."""
    bounds, _ = read_sla(case.began.sla)
    outcome.latencies.extend(latencies(case, case.began.sla.get("counts_from", "last")))
    for latency in outcome.latencies:
        bound = bounds.get(latency.name)
        if bound is None:
            continue
        outcome.evidence += 1
        if latency.seconds > bound:
            outcome.fail(
                f"the {latency.name.replace('_', ' ')} took {latency.seconds:.2f} s, more than {bound:g} s",
                cites=latency.cites,
                details={"expected": f"within {bound:g} s", "measured": f"{latency.seconds:.3f} s"},
            )


@suite_check("sla-percentiles", "The percentiles of the response times keep what was promised.")
def sla_percentiles(evidence: Evidence, _parameters: Parameters, outcome: Outcome) -> None:
    """Bounds of the settings hold over all cases, bounds of a scenario over the cases of that scenario."""
    blocks: dict[tuple[str | None, str], tuple[dict[str, Any], list[Latency]]] = {}
    for case in evidence.cases.values():
        block = case.began.sla
        _, samples = blocks.setdefault((case.began.file, case.began.name), (block, []))
        samples.extend(latencies(case, block.get("counts_from", "last")))
    suite: Mapping[str, Any] = evidence.run.settings.get("sla", {}) if evidence.run else {}
    everything = [sample for _, samples in blocks.values() for sample in samples]
    _judge_percentiles(suite, everything, "all conversations", outcome)
    for (_, name), (block, samples) in blocks.items():
        _judge_percentiles(
            {key: value for key, value in block.items() if suite.get(key) != value}, samples, name, outcome
        )


def _judge_percentiles(block: Mapping[str, Any], samples: list[Latency], where: str, outcome: Outcome) -> None:
    for (percent, name), bound in read_sla(block)[1].items():
        values = sorted(sample.seconds for sample in samples if sample.name == name)
        if not values:
            continue
        outcome.evidence += len(values)
        seen = percentile(values, percent)
        if seen > bound:
            outcome.fail(
                f"{where}: p{percent:g} of the {name.replace('_', ' ')} is {seen:.2f} s, more than {bound:g} s "
                f"(n = {len(values)})"
            )
