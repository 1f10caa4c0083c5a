"""Stretches of time, ``(start, end)`` the end outside, in whole seconds; those of a day are sorted and disjoint."""

from __future__ import annotations

import functools
from collections.abc import Iterable

DAY_S = 86400

Span = tuple[int, int]
Spans = tuple[Span, ...]


def merge(spans: Iterable[Span]) -> Spans:
    """The same time as disjoint stretches in order; those that touch become one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def overlap(some: Spans, others: Spans) -> Spans:
    """The time that lies in both."""
    return tuple([(max(a, c), min(b, d)) for a, b in some for c, d in others if a < d and c < b])


@functools.lru_cache(maxsize=1 << 12)
def length_s(spans: Spans) -> int:
    """Seconds in all of them."""
    return sum(end - start for start, end in spans)
