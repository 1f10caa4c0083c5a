"""Pinning findings to what they accuse in a transcript."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from chatdrill.checks.results import Finding
from chatdrill.trace.transcript import View


@dataclass(slots=True)
class Pinned:
    """Findings (with their numbers) by the record of the message or mark they are pinned to; ``loose`` ones have none."""

    by_record: dict[int, list[tuple[int, Finding]]] = field(default_factory=dict)
    loose: list[tuple[int, Finding]] = field(default_factory=list)

    @property
    def notes(self) -> dict[int, list[str]]:
        """The sentences, as ``render_text`` takes them."""
        return {n: [finding.message for _, finding in findings] for n, findings in self.by_record.items()}


def pin(view: View, findings: Iterable[tuple[int, Finding]]) -> Pinned:
    """Find the place of every finding in the view."""
    pinned = Pinned()
    for number, finding in findings:
        item = view.item_to_accuse(finding.cites, finding.step)
        if item is None or not item.records:
            pinned.loose.append((number, finding))
        else:
            pinned.by_record.setdefault(item.records[0], []).append((number, finding))
    return pinned
