"""The shape of a business day.

The figures are our own: round numbers, by the full hour, with straight lines between them. They have what published
counts of contact centres have in common (as in Brown, Gans, Mandelbaum and others, "Statistical Analysis of a Telephone
Call Center", JASA 100, 2005): hardly anybody at night, the highest peak in the late morning, fewer at lunch, a second and
lower peak in the afternoon, and a long evening. Whoever has figures of their own replays them with ``recorded``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise

from chatdrill_load.arrivals.curve import Straight

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
_NIGHT = (0.10, 0.06, 0.03, 0.01, 0.00, 0.02)
_MORNING = (0.08, 0.22, 0.50, 0.80, 0.97, 1.00)
_AFTERNOON = (0.90, 0.82, 0.88, 0.92, 0.85, 0.72)
_EVENING = (0.60, 0.52, 0.46, 0.38, 0.28, 0.18)
SHAPE = (*_NIGHT, *_MORNING, *_AFTERNOON, *_EVENING)
"""How busy each full hour is, between the low (0, at 04:00) and the peak (1, at 11:00)."""

LOW_SHARE = 0.05
"""The low of a plan that names none, as a share of its peak."""


def days(peak: float, low: float, from_s: float) -> Iterator[Straight]:
    """Day after day, beginning ``from_s`` seconds after midnight; rates per second."""
    first, into_s = divmod(from_s, HOUR_S)
    rates = [low + (peak - low) * share for share in SHAPE]
    hours = list(pairwise([*rates, rates[0]]))
    begin, end = hours[int(first)]
    now = begin + (end - begin) * into_s / HOUR_S
    if into_s:
        yield HOUR_S - into_s, now, end
    whole = int(first) + bool(into_s)
    for hour in chain(range(whole, 24), _for_ever()):
        yield HOUR_S, *hours[hour]


def _for_ever() -> Iterator[int]:
    while True:
        yield from range(24)
