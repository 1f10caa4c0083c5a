"""The trace, indexed for checks: one pass over the records, then every check sees one case at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import Block, Delete, Edit, Message, Press, React, Sent, Start, Unblock, Write
from chatdrill.trace import (
    Acted,
    Attempt,
    Called,
    CaseBegan,
    CaseEnded,
    Record,
    RunBegan,
    StepBegan,
    StepEnded,
    Took,
)

SPOKEN = Write | Press | Start
"""Acts by which a customer says something that wants an answer."""


@dataclass(frozen=True)
class Heard:
    """A bot's message as the trace has it: the record, and the message."""

    record: Took
    message: Message


@dataclass
class Turn:
    """What one customer said until the bot answered, and the answer.

    ``acts`` are the customer's words, nudges included; ``replies`` the bot's messages until the customer spoke again.
    """

    conv: str
    acts: list[Acted] = field(default_factory=list)
    replies: list[Took] = field(default_factory=list)

    @property
    def messages(self) -> list[Heard]:
        """The replies that are messages."""
        return [Heard(took, took.effect.message) for took in self.replies if isinstance(took.effect, Sent)]


@dataclass
class CaseEvidence:
    """All records of one case, in order. ``memo`` is for what several checks work out once."""

    began: CaseBegan
    run: RunBegan | None = None
    records: list[Record] = field(default_factory=list)
    memo: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The id of the case."""
        return self.began.case or ""

    @property
    def ended(self) -> CaseEnded | None:
        """How the case ended, unless the run was killed before."""
        return next((record for record in reversed(self.records) if isinstance(record, CaseEnded)), None)

    @property
    def attempts(self) -> list[Attempt]:
        """The webhooks that were sent."""
        return [record for record in self.records if isinstance(record, Attempt)]

    @property
    def calls(self) -> list[Called]:
        """The calls of the bot that concern this case."""
        return [record for record in self.records if isinstance(record, Called)]

    @property
    def heard(self) -> list[Heard]:
        """The bot's messages."""
        return [
            Heard(record, record.effect.message)
            for record in self.records
            if isinstance(record, Took) and isinstance(record.effect, Sent)
        ]

    @property
    def turns(self) -> list[Turn]:
        """The turns of every conversation of the case, in the order in which they began."""
        return list(_turns(self.records))

    @property
    def steps(self) -> dict[int, tuple[StepBegan | None, StepEnded | None]]:
        """When each step began and ended."""
        found: dict[int, tuple[StepBegan | None, StepEnded | None]] = {}
        for record in self.records:
            if isinstance(record, StepBegan):
                found[record.step] = (record, found.get(record.step, (None, None))[1])
            elif isinstance(record, StepEnded):
                found[record.step] = (found.get(record.step, (None, None))[0], record)
        return found

    def seconds_between(self, earlier: Record, later: Record) -> float:
        """How long it took: on the machine's clock, or in drill time where time is virtual."""
        if self.run is not None and self.run.clock == "virtual":
            return later.at - earlier.at
        return later.t - earlier.t


def _turns(records: Iterable[Record]) -> Iterator[Turn]:
    """A turn is given out when it begins and filled while the records go on."""
    open_turns: dict[str, Turn] = {}
    for record in records:
        conv = record.conv or ""
        turn = open_turns.get(conv)
        if isinstance(record, Acted) and isinstance(record.act, SPOKEN) and record.cause != "platform":
            if turn is None or turn.replies:
                turn = open_turns[conv] = Turn(conv)
                yield turn
            turn.acts.append(record)
        elif isinstance(record, Took) and turn is not None:
            turn.replies.append(record)


def is_customer_act(record: Record) -> bool:
    """True for everything a customer does that is not merely reading or typing."""
    acts = Write | Press | Start | Edit | Delete | React | Block | Unblock
    return isinstance(record, Acted) and record.cause != "platform" and isinstance(record.act, acts)


@dataclass
class Evidence:
    """A whole trace, indexed; it can grow while a run goes. ``outside`` is what belongs to no case."""

    run: RunBegan | None = None
    cases: dict[str, CaseEvidence] = field(default_factory=dict)
    outside: list[Record] = field(default_factory=list)
    _case_of: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[Record]) -> Evidence:
        """Index a trace in one pass. A webhook that carried several conversations belongs to all their cases."""
        evidence = cls()
        for record in records:
            evidence.add(record)
        return evidence

    def add(self, record: Record) -> None:
        """Take in the next record."""
        if isinstance(record, RunBegan):
            self.run = record
        if isinstance(record, CaseBegan) and record.case is not None:
            self.cases[record.case] = CaseEvidence(record, self.run)
        if record.conv is not None and record.case is not None:
            self._case_of[record.conv] = record.case
        homes = [self.cases[case] for case in self._homes(record) if case in self.cases]
        for home in homes:
            home.records.append(record)
        if not homes:
            self.outside.append(record)

    def _homes(self, record: Record) -> list[str]:
        cases = {record.case} if record.case is not None else set()
        if isinstance(record, Attempt):
            cases |= {self._case_of[conv] for conv in record.convs if conv in self._case_of}
        return sorted(cases)


def group_by_conv(heard: Iterable[Heard]) -> dict[str, list[Heard]]:
    """The bot's messages by conversation."""
    groups: dict[str, list[Heard]] = defaultdict(list)
    for item in heard:
        groups[item.record.conv or ""].append(item)
    return groups
