"""What the page shows of each conversation, besides its chat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from chatdrill.calendars import Calendar
from chatdrill.checks.results import CaseJudgement, Finding
from chatdrill.trace.transcript import Bubble, Item, Mark, Transcripts, View, WireEvent
from chatdrill_reports.html import timeline
from chatdrill_reports.html.owners import OWNERS, owner_label
from chatdrill_reports.pins import Pinned, pin
from chatdrill_reports.words import VERDICTS

_ANSWERS = ("first_response", "next_response")
_OPEN_MAX = 8
_OPEN_ALL_UP_TO = 2
Numbered = Mapping[int, tuple[CaseJudgement | None, Finding]]


@dataclass(frozen=True)
class Row:
    """One line of the chat: an item, whether it goes on where the line before it left off, and the findings on it."""

    item: Item
    anchor: str
    goes_on: bool
    pins: list[tuple[int, Finding]]


@dataclass(frozen=True)
class Conversation:
    """One case: its number in the page (from 1), its judgement, its view, its findings, the working hours it is about."""

    number: int
    case: CaseJudgement
    view: View
    pinned: Pinned
    opened: bool
    calendar: Calendar | None = None

    @cached_property
    def timeline(self) -> timeline.Timeline | None:
        """Its days on an axis, if it took long."""
        return timeline.draw(self.view, self.calendar, self.pinned.by_record)

    @property
    def anchor(self) -> str:
        """The ``id`` of the conversation in the page."""
        return f"c{self.number}"

    @property
    def several(self) -> bool:
        """True if more than one customer takes part."""
        return len(self.view.customers) > 1

    def anchor_of(self, n: int) -> str:
        """The ``id`` of a message in the page, by its record."""
        return f"{self.anchor}-{n}"

    def rows(self) -> Iterator[Row]:
        """The lines of the chat."""
        before: Item | None = None
        for item in (*self._first_owner(), *self.view.items):
            n = item.records[0] if item.records else None
            pins = self.pinned.by_record.get(n, []) if n is not None else []
            yield Row(item, "" if n is None else self.anchor_of(n), _same_voice(before, item), pins)
            before = item

    def _first_owner(self) -> Iterator[Mark]:
        """The band of owners begins with a label."""
        first = next(iter(self.view.items), None)
        if first is not None and first.owner is not None and not self.several:
            yield Mark(kind="owner", text="", at=first.at, owner=first.owner, holder=first.holder)

    def owners(self) -> list[tuple[str, str]]:
        """Whose the conversation was at some time, with their labels: the legend of the band."""
        seen = {item.owner for item in self.view.items}
        return [(owner, label) for owner, label in OWNERS.items() if owner in seen]

    def owner_label(self, item: Item) -> str:
        """Who has the conversation now; in a case with several customers also which."""
        whose = f", {item.customer}" if self.several and item.customer else ""
        return owner_label(item.owner, item.holder) + whose

    def wire_summary(self) -> str:
        """``12 webhooks (1 failed), 6 calls (1 refused)``."""
        webhooks = [event for event in self.view.wire if event.kind == "webhook"]
        calls = [event for event in self.view.wire if event.kind == "call"]
        dropped = sum(event.kind == "dropped" for event in self.view.wire)
        words = [_counted("webhook", webhooks, "failed"), _counted("call", calls, "refused")]
        return ", ".join(words + ([f"{dropped} given up"] if dropped else []))


def _same_voice(before: Item | None, item: Item) -> bool:
    if not isinstance(before, Bubble) or not isinstance(item, Bubble):
        return False
    return _voice(before) == _voice(item)


def _voice(bubble: Bubble) -> tuple[object, ...]:
    place = (bubble.ticket, bubble.private, bubble.relayed_s is None)
    return bubble.author, bubble.name, bubble.customer, *place


def _counted(noun: str, events: list[WireEvent], bad: str) -> str:
    wrong = sum(not event.ok for event in events)
    return f"{len(events)} {noun}{'s'[: len(events) != 1]}" + (f" ({wrong} {bad})" if wrong else "")


def conversations(
    cases: Iterable[CaseJudgement], transcripts: Transcripts, numbered: Numbered, hours: Mapping[str, Calendar]
) -> list[Conversation]:
    """All conversations, the worst first; the first few with findings stand open."""
    by_case: dict[int, list[tuple[int, Finding]]] = {}
    for number, (case, finding) in numbered.items():
        by_case.setdefault(id(case), []).append((number, finding))
    told: list[Conversation] = []
    all_cases = sorted(cases, key=_badness)
    left = len(all_cases) if len(all_cases) <= _OPEN_ALL_UP_TO else _OPEN_MAX
    for number, case in enumerate(all_cases, start=1):
        findings = by_case.get(id(case), [])
        opened = left > 0 and (bool(findings) or len(all_cases) <= _OPEN_ALL_UP_TO)
        left -= opened
        view = transcripts.view(case.case)
        told.append(Conversation(number, case, view, pin(view, findings), opened, hours.get(case.case)))
    return told


def _badness(case: CaseJudgement) -> tuple[int, int, float]:
    """Where a conversation stands: by its verdict, by how much is wrong, by its slowest answer that no calendar counted."""
    waited = (one.seconds for one in case.latencies if one.calendar is None and one.name in _ANSWERS)
    return VERDICTS.index(case.verdict), -len(case.findings), -max(waited, default=0.0)
