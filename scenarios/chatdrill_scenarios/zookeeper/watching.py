"""One specimen, shown to everything that may find it, in the order of what is likely and cheap."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from chatdrill.checks.results import Finding
from chatdrill.clock import real_monotonic

from ..zoo.specimen import PROBE, Specimen
from .examining import examine
from .hunting import Hunt, hunt
from .playing import Place, Played, named, play, suite

By = Literal["named scenarios", "suite", "probe", "fuzz"]
GENERAL = frozenset({"expected", "unexpected", "answered"})
"""What these say is the cause only where the scenario is about it: elsewhere they say that something is wrong."""


@dataclass
class Sighting:
    """What became of one specimen. ``check`` has found it, ``right`` if that is one that names the cause, ``by`` what it was looked at.
    ``seconds`` of wall time and ``dialogs`` until then. ``fuzzed`` is what the fuzzer found, where it was asked, ``minimum`` how many
    messages of the customer's the chat has that was written by hand."""

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
    fuzzed: Hunt | None = None
    minimum: int | None = None
    trouble: tuple[str, ...] = field(default_factory=tuple)

    @property
    def found(self) -> bool:
        """Something speaks against it that does not speak against the correct bot."""
        return bool(self.check)

    @property
    def by_suite(self) -> bool:
        """The scenarios or the probe have named the cause."""
        return self.right and self.by != "fuzz"

    @property
    def by_fuzz(self) -> bool:
        """The fuzzer has named the cause."""
        return self.fuzzed is not None and self.fuzzed.right

    @property
    def messages(self) -> int | None:
        """Of the customers' in the smallest chat that the fuzzer came to, where it named the cause."""
        return self.fuzzed.messages if self.fuzzed is not None and self.fuzzed.right else None


def place_of(specimen: Specimen) -> Place:
    """Where a specimen is shown."""
    return Place(specimen.app, specimen.platform, specimen.desk, specimen.settings)


@dataclass(frozen=True)
class Looks:
    """At what a specimen is looked: ``everything`` although the right check has spoken; ``suites``: the whole suite, if the named scenarios
    do not find it; ``fuzz``: so many dialogs for one with a minimal chat, ``missed`` for one that nothing else has found. ``faults`` strike
    the scenarios, beside their own."""

    everything: bool = False
    suites: bool = True
    fuzz: int = 0
    missed: int = 0
    faults: str = ""

    def dialogs(self, seen: Sighting) -> int:
        """How many to draw."""
        wanted = self.fuzz if seen.minimum or self.everything else 0
        return max(wanted, 0 if seen.right else self.missed)


USUAL = Looks()


def watch(specimen: Specimen, looks: Looks = USUAL) -> Sighting:
    """Show it to the named scenarios, the probe and the whole suite, until the right check has spoken, or to all of them; then to the
    fuzzer."""
    logging.disable()  # a bot with a defect has much to tell of its troubles
    seen = Sighting(specimen.name, specimen.category, specimen.platform, specimen.desk)
    seen.minimum = len(specimen.minimum) or None
    began = real_monotonic()
    with specimen.seeded():
        for by, found in _looks(specimen, seen, looks):
            if not seen.right and _note(seen, specimen, by, found):
                seen.seconds = real_monotonic() - began
            if seen.right and not looks.everything:
                break
        if dialogs := looks.dialogs(seen):
            _hunt(specimen, seen, dialogs)
    return seen


def _hunt(specimen: Specimen, seen: Sighting, dialogs: int) -> None:
    seen.fuzzed = found = hunt(specimen, place_of(specimen), dialogs=dialogs)
    if found.check and not seen.right and (found.right or not seen.check):
        seen.check, seen.message, seen.right, seen.case, seen.by = found.check, found.message, found.right, "", "fuzz"
        seen.seconds += found.seconds
        seen.dialogs += found.dialogs


Found = tuple[str, str, bool, str]
"""The check, its message, whether it names the cause, and the case."""


def _looks(specimen: Specimen, seen: Sighting, looks: Looks) -> Iterator[tuple[By, list[Found]]]:
    place = place_of(specimen)
    for name in specimen.where:
        yield "named scenarios", _found(specimen, seen, play(place, named([name]), specimen.env, faults=looks.faults))
    if specimen.probes:
        results = examine(specimen.app, specimen.desk or specimen.platform, specimen.env, only=specimen.probes)
        yield "probe", [(PROBE + name, words, PROBE + name in specimen.found_by, "") for name, words in results]
    if looks.suites:
        yield "suite", _found(specimen, seen, play(place, suite(place), specimen.env, faults=looks.faults))


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
