"""A stretch of text that is personal."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Span(msgspec.Struct, frozen=True):
    """``kind`` of what stands from ``start`` to ``end`` (code points)."""

    start: int
    end: int
    kind: str


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """The spans in order of their places; of two that overlap the first given stays."""
    taken: list[Span] = []
    covered: set[int] = set()
    for span in spans:
        places = range(span.start, span.end)
        if covered.isdisjoint(places):
            covered.update(places)
            taken.append(span)
    return sorted(taken, key=lambda span: span.start)
