"""Percentiles of response times."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from chatdrill.checks.results import Latency, Statistic


def percentile(sorted_values: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile: the smallest value that at least ``percent`` % of the samples do not exceed."""
    rank = math.ceil(round(len(sorted_values) * percent / 100, 9))
    return sorted_values[max(1, min(len(sorted_values), rank)) - 1]


def statistics(samples: Iterable[Latency]) -> list[Statistic]:
    """Percentiles by name, calendar and platform, and over all platforms (``*``) where there are several."""
    groups: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for sample in samples:
        groups[sample.name, sample.calendar or "", sample.platform].append(sample.seconds)
        groups[sample.name, sample.calendar or "", "*"].append(sample.seconds)
    platforms = {platform for _, _, platform in groups if platform != "*"}
    return [
        _statistic(name, calendar or None, platform, sorted(values))
        for (name, calendar, platform), values in sorted(groups.items())
        if platform != "*" or len(platforms) > 1
    ]


def _statistic(name: str, calendar: str | None, platform: str, values: list[float]) -> Statistic:
    p50, p90, p95, p99 = (percentile(values, percent) for percent in (50, 90, 95, 99))
    return Statistic(
        name=name,
        platform=platform,
        samples=len(values),
        p50_s=p50,
        p90_s=p90,
        p95_s=p95,
        p99_s=p99,
        max_s=values[-1],
        calendar=calendar,
    )
