"""One specimen, shown to everything that may find it, in the order of what is likely and cheap."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from chatdrill.checks.results import Finding

from ..zoo.specimen import PROBE, Specimen
from .examining import examine
from .playing import Place, Played, named, play, suite

By = Literal["named scenarios", "suite", "probe", "fuzz"]
GENERAL = frozenset({"expected", "unexpected", "answered"})
"""What these say is the cause only where the scenario is about it: elsewhere they say that something is wrong."""


@dataclass
class Sighting:
    """What became of one specimen. ``check`` has found it, ``right`` if that is one that names the cause, ``by`` what it was looked at.
    ``seconds`` of wall time and ``dialogs`` until then; ``messages`` of the customer's in the minimal chat, where there is one."""

    name: str
    category: str
    platform: str
    desk: str
    check: str = ""
    right: bool = False
    by: By | None = None
    message: str = ""
    case: str = ""
    also: tuple[str, ...] = ()
    seconds: float = 0.0
    dialogs: int = 0
    messages: int | None = None
    minimum: int | None = None
    trouble: tuple[str, ...] = field(default_factory=tuple)

    @property
    def found(self) -> bool:
        """Something speaks against it that does not speak against the correct bot."""
        return bool(self.check)


def place_of(specimen: Specimen) -> Place:
    """Where a specimen is shown."""
    return Place(specimen.app, specimen.platform, specimen.desk, specimen.settings)


def watch(specimen: Specimen, *, everything: bool = False, suites: bool = True) -> Sighting:
    """Show it to the named scenarios, the probe and (with ``suites``) the whole suite, until the right check has spoken, or to all of
    them."""
    logging.disable()  # a bot with a defect has much to tell of its troubles
    seen = Sighting(specimen.name, specimen.category, specimen.platform, specimen.desk)
    seen.minimum = len(specimen.minimum) or None
    began = time.perf_counter()
    with specimen.seeded():
        for by, found in _looks(specimen, seen, suites=suites):
            if not seen.right and _note(seen, specimen, by, found):
                seen.seconds = time.perf_counter() - began
            if seen.right and not everything:
                break
    return seen


Found = tuple[str, str, bool, str]
"""The check, its message, whether it names the cause, and the case."""


def _looks(specimen: Specimen, seen: Sighting, *, suites: bool) -> Iterator[tuple[By, list[Found]]]:
    place = place_of(specimen)
    for name in specimen.where:
        yield "named scenarios", _found(specimen, seen, play(place, named([name]), specimen.env))
    if specimen.probes:
        results = examine(specimen.app, specimen.desk or specimen.platform, specimen.env, only=specimen.probes)
        yield "probe", [(PROBE + name, words, PROBE + name in specimen.found_by, "") for name, words in results]
    if suites:
        yield "suite", _found(specimen, seen, play(place, suite(place), specimen.env))


def _found(specimen: Specimen, seen: Sighting, played: Played) -> list[Found]:
    seen.dialogs += played.dialogs
    seen.trouble += played.trouble
    return [(one.check, one.message, _is_right(specimen, one), one.case or "") for one in played.findings]


def _is_right(specimen: Specimen, finding: Finding) -> bool:
    if finding.check not in specimen.found_by:
        return False
    return finding.check not in GENERAL or any(f"::{name}" in (finding.case or "") for name in specimen.where)


def _note(seen: Sighting, specimen: Specimen, by: By, found: Iterable[Found]) -> bool:
    """Keep the best of what was found; True if that is news."""
    ranked = sorted(found, key=lambda one: (not one[2], specimen.found_by.index(one[0]) if one[2] else 0))
    if not ranked or (seen.found and not ranked[0][2]):
        return False
    seen.check, seen.message, seen.right, seen.case = ranked[0]
    seen.by = by
    seen.also = tuple(sorted({found[0] for found in ranked} - {seen.check}))
    return True
