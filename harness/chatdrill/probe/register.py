"""The probes, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatdrill.probe.results import Outcome
from chatdrill.wire import Matter, Rule

if TYPE_CHECKING:
    from chatdrill.probe.bench import Bench

Examine = Callable[["Bench"], Awaitable[Outcome]]


@dataclass(frozen=True)
class Probe:
    """One thing that is tried. ``matter`` names the vendor's rule, ``rule`` is what holds where the vendor says nothing about it.
    ``needs`` are the probes without whose success this one would only repeat their complaint."""

    id: str
    title: str
    rule: Rule
    examine: Examine
    matter: Matter | None = None
    needs: tuple[str, ...] = ()


PROBES: dict[str, Probe] = {}

GOOD = "good-webhook"
"""The probe that nearly all others need."""


def probe(
    id: str, title: str, rule: Rule, *, matter: Matter | None = None, needs: tuple[str, ...] = (GOOD,)
) -> Callable[[Examine], Examine]:
    """Register a function as a probe."""

    def add(examine: Examine) -> Examine:
        assert id not in PROBES, id
        PROBES[id] = Probe(id, title, rule, examine, matter, needs)
        return examine

    return add


def with_needs(ids: Collection[str]) -> tuple[Probe, ...]:
    """These probes and all that they need, in the order in which they are tried. Raises ``KeyError`` for one that does not exist."""
    wanted: set[str] = set()
    left = list(ids)
    while left:
        one = PROBES[left.pop()]
        wanted.add(one.id)
        left += [need for need in one.needs if need not in wanted]
    return tuple(one for one in PROBES.values() if one.id in wanted)
