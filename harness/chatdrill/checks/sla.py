"""Response times, and what was promised about them.

*First response*: from the customer's message to the bot's first message of the conversation. *Next response*: the same
in every later turn. The time counts from when the customer meant to send the last message of the burst before the answer
(``counts_from: last``), because a bot that waits for the end of a burst does right; ``first`` counts from the first
message, as most helpdesks do. A nudge into the silence starts no new count. *Webhook ack*: how long the bot took to
acknowledge a webhook. Times are real seconds, or drill time where time is virtual.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chatdrill.checks.evidence import CaseEvidence, Evidence, Turn
from chatdrill.checks.parameters import Parameters
from chatdrill.checks.registry import Outcome, case_check, suite_check
from chatdrill.checks.results import Latency, Statistic
from chatdrill.checks.webhooks import is_injected
from chatdrill.engine.durations import seconds as parse_duration
from chatdrill.errors import UsageError, did_you_mean
from chatdrill.model import Edited, Press
from chatdrill.trace import Acted, Took

NAMES = ("first_response", "next_response", "webhook_ack")
COUNTS_FROM = "counts_from"
_ENDS = ("last", "first")
_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?)_(\w+)")
_CITES_MAX = 5

Bounds = dict[str, float]
PercentileBounds = dict[tuple[float, str], float]


# ------------------------------------------------------------------------------------------------ measuring


def latencies(case: CaseEvidence, counts_from: str = "last") -> list[Latency]:
    """The response times of a case in the order of its turns, then those of its webhooks; what was never answered has
    none."""
    key = "latencies", counts_from, len(case.records)
    if key not in case.memo:
        case.memo[key] = [*_responses(case, counts_from), *_acknowledgements(case)]
    measured: list[Latency] = case.memo[key]
    return measured


def _responses(case: CaseEvidence, counts_from: str) -> Iterator[Latency]:
    answered: set[str] = set()
    for turn in case.turns:
        reply = _reply(turn)
        if reply is None or not turn.acts:
            continue
        start = anchor(turn, reply, counts_from)
        name = NAMES[turn.conv in answered]
        yield _latency(case, name, start.t, _seconds(case, start, reply), (reply.n, start.n))
        answered.add(turn.conv)


def _acknowledgements(case: CaseEvidence) -> Iterator[Latency]:
    for attempt in case.attempts:
        if attempt.ok and not is_injected(attempt):
            yield _latency(case, "webhook_ack", attempt.began_t, attempt.took_s, (attempt.n,))


def _latency(case: CaseEvidence, name: str, t: float, seconds: float, cites: tuple[int, ...]) -> Latency:
    return Latency(name=name, platform=case.began.platform, case=case.name, t=t, seconds=max(0.0, seconds), cites=cites)


def _reply(turn: Turn) -> Took | None:
    """The bot's first message; a press may also be answered by a change of the message that had the button."""
    if turn.acts and isinstance(turn.acts[-1].act, Press):
        edits = (took for took in turn.answers if isinstance(took.effect, Edited))
        candidates = [took for took in (next(edits, None), *(item.record for item in turn.messages[:1])) if took]
        return min(candidates, key=lambda took: took.n, default=None)
    return turn.messages[0].record if turn.messages else None


def anchor(turn: Turn, reply: Took, counts_from: str = "last") -> Acted:
    """The customer's message from which a reply's time counts."""
    own = [act for act in turn.acts if act.cause == "step"] or turn.acts
    before = [act for act in own if act.n < reply.n] or own[:1]
    return before[0] if counts_from == "first" else before[-1]


def _seconds(case: CaseEvidence, start: Acted, reply: Took) -> float:
    late_s = 0.0 if start.meant_at is None or case.is_virtual else start.t - start.meant_at
    return case.seconds_between(start, reply) + late_s


# -------------------------------------------------------------------------------------------------- percentiles


def percentile(sorted_values: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile: the smallest value that at least ``percent`` % of the samples do not exceed."""
    rank = math.ceil(round(len(sorted_values) * percent / 100, 9))
    return sorted_values[max(1, min(len(sorted_values), rank)) - 1]


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


# -------------------------------------------------------------------------------------------------- the promises


def read_sla(block: Mapping[str, Any], where: str = "sla") -> tuple[Bounds, PercentileBounds]:
    """The bounds of an ``sla`` block: by name, and by percentile and name.

    Raises ``UsageError`` for an unknown key or a value that is no duration.
    """
    bounds: Bounds = {}
    percentiles: PercentileBounds = {}
    for key, value in block.items():
        match = _PERCENTILE.fullmatch(key)
        if key in NAMES:
            bounds[key] = _duration(key, value, where)
        elif match and match[2] in NAMES:
            percentiles[float(match[1]), match[2]] = _duration(key, value, where)
        elif key != COUNTS_FROM:
            known = [*NAMES, *(f"p95_{name}" for name in NAMES), COUNTS_FROM]
            raise UsageError(f"{where}: unknown key {key!r}{did_you_mean(key, known)}")
        elif value not in _ENDS:
            raise UsageError(f"{where}: {COUNTS_FROM} is {' or '.join(_ENDS)}, not {value!r}")
    return bounds, percentiles


def _duration(key: str, value: Any, where: str) -> float:
    try:
        return parse_duration(value)
    except ValueError as error:
        raise UsageError(f"{where}: {key}: {error}") from error


@case_check("sla", "Every response comes within the time that was promised.")
def sla(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """The bounds stand in the ``sla`` blocks of the settings and of the scenario (which wins)."""
    outcome.latencies.extend(latencies(case, case.began.sla.get(COUNTS_FROM, "last")))
    bounds, _ = read_sla(case.began.sla)
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
        samples.extend(latencies(case, block.get(COUNTS_FROM, "last")))
    suite: Mapping[str, Any] = (evidence.run.settings.get("sla") or {}) if evidence.run else {}
    everything = [sample for _, samples in blocks.values() for sample in samples]
    _judge_percentiles(suite, everything, "all conversations", outcome)
    for (_, name), (block, samples) in blocks.items():
        stricter = {key: value for key, value in block.items() if suite.get(key) != value}
        _judge_percentiles(stricter, samples, name, outcome)


def _judge_percentiles(block: Mapping[str, Any], samples: list[Latency], where: str, outcome: Outcome) -> None:
    for (percent, name), bound in read_sla(block)[1].items():
        measured = sorted((sample for sample in samples if sample.name == name), key=lambda sample: sample.seconds)
        if not measured:
            continue
        outcome.evidence += len(measured)
        seen = percentile([sample.seconds for sample in measured], percent)
        if seen > bound:
            outcome.fail(
                f"{where}: p{percent:g} of the {name.replace('_', ' ')} is {seen:.2f} s, more than {bound:g} s "
                f"(n = {len(measured)})",
                cites=tuple(sample.cites[0] for sample in reversed(measured[-_CITES_MAX:]) if sample.seconds > bound),
            )
