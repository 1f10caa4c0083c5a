"""What an examination finds: a result for every probe, and the whole."""

from __future__ import annotations

from typing import Literal

import msgspec

from chatdrill.wire import Rule

Verdict = Literal["critical", "serious", "minor", "note", "passed", "not applicable"]
VERDICTS: tuple[Verdict, ...] = ("critical", "serious", "minor", "note", "passed", "not applicable")
"""The worst first."""
SERIOUS: frozenset[Verdict] = frozenset(("critical", "serious"))
FINDINGS: frozenset[Verdict] = frozenset(("critical", "serious", "minor", "note"))


class Outcome(msgspec.Struct, frozen=True):
    """What one probe came to: ``tried`` and ``came`` in words; ``reason`` is what a developer of the bot should know or do."""

    verdict: Verdict
    tried: str
    came: str = ""
    reason: str = ""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome with its probe. ``took_s``: real seconds."""

    probe: str
    title: str
    outcome: Outcome
    rule: Rule
    took_s: float = 0.0

    @property
    def verdict(self) -> Verdict:
        """How bad it is."""
        return self.outcome.verdict


class Examination(msgspec.Struct, kw_only=True):
    """The whole. ``target`` is the address without secrets, ``service`` the platform's or desk's name, ``title`` how its vendor
    writes it. ``called`` is how many calls of the bot the fakes took meanwhile. ``interrupted``: the rest was not tried."""

    target: str
    service: str
    title: str
    results: list[Result] = []
    took_s: float = 0.0
    called: int = 0
    interrupted: bool = False

    def of(self, *verdicts: Verdict) -> list[Result]:
        """The results with one of these verdicts, in their order."""
        return [result for result in self.results if result.verdict in verdicts]

    @property
    def findings(self) -> list[Result]:
        """What is to be told, the worst first."""
        found = self.of(*FINDINGS)
        return sorted(found, key=lambda result: VERDICTS.index(result.verdict))

    @property
    def is_serious(self) -> bool:
        """True if something must be mended before customers come."""
        return bool(self.of(*SERIOUS))

    def summary(self) -> str:
        """``1 serious, 2 minor, 27 passed, 3 not applicable``"""
        counts = ((len(self.of(verdict)), verdict) for verdict in VERDICTS)
        return ", ".join(f"{count} {verdict}" for count, verdict in counts if count)
