"""Where the drawing of dialogs gets its chance from: a seeded stream, or Hypothesis, which then knows how to shrink what was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol, TypeVar

T = TypeVar("T")
SHARES = 1 << 16
"""A probability is drawn as one of so many whole numbers where there is nothing but whole numbers."""


class Chance(Protocol):
    """The few draws that are needed; a ``chatdrill.seeds.Stream`` has them all."""

    def random(self) -> float:
        """A number from 0 up to 1."""

    def randrange(self, start: int, stop: int, /) -> int:
        """A whole number from ``start`` up to but not including ``stop``."""

    def choice(self, options: Sequence[T], /) -> T:
        """One of several."""


def weighted(chance: Chance, options: Sequence[T], bounds: Sequence[float]) -> T:
    """One of several by weight; ``bounds`` are the sums of the weights so far (``bounds_of``)."""
    mark = chance.random() * bounds[-1]
    for option, bound in zip(options, bounds, strict=True):
        if mark < bound:
            return option
    return options[-1]


def bounds_of(weights: Sequence[float]) -> tuple[float, ...]:
    """What ``weighted`` takes."""
    return tuple(accumulate(weights))
