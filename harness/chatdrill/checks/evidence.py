"""The trace, indexed for checks: one pass over the records, then every check sees one case at a time.

Every index here grows with the records, so that a check looks things up and never searches the whole trace.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard

import msgspec

from chatdrill.checks.homes import Homes
from chatdrill.model import (
    Deleted,
    Edited,
    Message,
    Owner,
    OwnerChanged,
    Press,
    PressAnswered,
    Reacted,
    Sent,
    Start,
    Write,
)
from chatdrill.trace import (
    Acted,
    Attempt,
    BotState,
    Called,
    CaseBegan,
    CaseEnded,
    Dropped,
    Filed,
    Injected,
    Record,
    RunBegan,
    Skipped,
    Took,
    Trouble,
)

_SPOKEN = (Write, Press, Start)
_ANSWERS = (Sent, Edited, Deleted, Reacted, PressAnswered)
_TOO_LATE = (Acted, Took, Called, Filed)


def is_spoken(record: Record) -> bool:
    """True for what a customer says and wants an answer to: a message, a press, the start of a chat."""
    return isinstance(record, Acted) and record.cause != "platform" and isinstance(record.act, _SPOKEN)


class Heard(msgspec.Struct, frozen=True, gc=False):
    """A bot's message as the trace has it: the record, and the message."""

    record: Took
    message: Message

    @property
    def says(self) -> tuple[object, ...]:
        """What a customer would call the same message: words, files and titles of buttons, without ids and payloads."""
        message = self.message
        files = tuple((media.kind, media.file.sha256) for media in message.media)
        kinds = tuple(type(part) for part in message.parts)
        return message.text, files, kinds, tuple(button.title for button in message.buttons)


CROSSING_S = 2.0
"""What an agent and a customer do within so long a bot may read in the other order: it gathers a thought for about as long."""


def held_up_s(faults: Iterable[tuple[float, float]], within_s: float) -> float:
    """How many seconds faults take of what should be done within so many: those that struck before it was done, or still went on when its time
    began. ``faults`` are their moments, counted from that beginning, and how long each lasts, in order."""
    taken_s = 0.0
    for begun_s, lasts_s in faults:
        if begun_s + lasts_s > 0 and begun_s <= within_s + taken_s:
            taken_s += lasts_s + min(0.0, begun_s)
    return taken_s


class Turn(msgspec.Struct, eq=False, gc=False):
    """What one customer said until the bot answered, and the answer.

    ``acts`` are the customer's words, nudges included (none where the bot speaks first). ``answers`` is what the customer
    noticed of the bot until they spoke again: not that it typed or read. ``messages`` are those that are messages.
    """

    conv: str
    acts: list[Acted] = []
    answers: list[Took] = []
    messages: list[Heard] = []


@dataclass
class CaseEvidence:
    """All records of one case, in order, and views of them.

    What the bot still does when the case is over stands in ``late`` and is not held against the case: how much of it
    there is depends on how soon the run ended. ``acts`` are the customers' and the platform's, ``took`` the effects of the
    bot's calls, ``filed`` what became true at the helpdesk, ``injected`` the faults that struck. ``tries`` has the attempts to deliver an update by its id, ``given_up``
    the reason why an update was. ``snags`` are those of the ``calls`` that were refused, remarked upon or not emulated, or have a note;
    ``kinds`` are the classes of acts and effects that occur: from both a check sees at once if there is nothing to look for. ``memo`` is
    for what several checks work out once, ``shared`` for what is the same in several cases of a run.
    """

    began: CaseBegan
    run: RunBegan | None = None
    restarts: list[BotState] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    late: list[Record] = field(default_factory=list)
    acts: list[Acted] = field(default_factory=list)
    took: list[Took] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    calls: list[Called] = field(default_factory=list)
    snags: list[Called] = field(default_factory=list)
    kinds: set[type] = field(default_factory=set)
    heard: list[Heard] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    filed: list[Filed] = field(default_factory=list)
    injected: list[Injected] = field(default_factory=list)
    ended: CaseEnded | None = None
    tries: dict[str, list[Attempt]] = field(default_factory=lambda: defaultdict(list))
    given_up: dict[str, Dropped] = field(default_factory=dict)
    memo: dict[object, Any] = field(default_factory=dict)
    shared: dict[object, Any] = field(default_factory=dict)
    _open: dict[str, Turn] = field(default_factory=dict)
    _owners: dict[str, list[tuple[Filed, Owner]]] = field(default_factory=lambda: defaultdict(list))
    _skips: dict[str, list[Skipped]] = field(default_factory=lambda: defaultdict(list))
    _blockings: dict[str, list[Acted]] = field(default_factory=lambda: defaultdict(list))

    @property
    def name(self) -> str:
        """The id of the case."""
        return self.began.case or ""

    @property
    def is_virtual(self) -> bool:
        """True where time jumped instead of passing: then drill time is the only time there is."""
        return self.run is not None and self.run.clock == "virtual"

    @property
    def speed(self) -> float:
        """Drill seconds in a real second."""
        return 1.0 if self.run is None else self.run.speed

    def platform_at(self, number: int) -> str:
        """The platform of the conversation that a record is about."""
        began = self.began
        conv = next((one.conv for one in self.records if one.n == number), None) if began.channels else None
        return began.platform_of(conv)

    @classmethod
    def of(
        cls,
        records: list[Record],
        run: RunBegan | None = None,
        restarts: list[BotState] | None = None,
        shared: dict[object, Any] | None = None,
    ) -> CaseEvidence:
        """The evidence of a case whose records are all there; the first one is its beginning."""
        began = records[0]
        assert isinstance(began, CaseBegan)
        evidence = cls(began, run, restarts or [], shared={} if shared is None else shared)
        evidence.add(records)
        return evidence

    def add(self, records: Iterable[Record]) -> None:
        """Take in the next records."""
        keep, note_of = self.records.append, _NOTES.get
        for record in records:
            kind = type(record)  # no record is of a class below another's
            if self.ended is not None and kind in _TOO_LATE:
                self.late.append(record)
            elif kind is not Took or not _is_platforms(record):
                keep(record)
                note = note_of(kind)
                if note is not None:
                    note(self, record)

    def was_down(self, began_t: float, ended_t: float) -> bool:
        """True if the bot was stopped on purpose, or not up again yet, at some time of this stretch of real time."""
        down_since: float | None = None
        for record in self.restarts:
            if record.state == "stopped":
                down_since = record.t if down_since is None else down_since
            elif down_since is not None:
                if began_t <= record.t and down_since <= ended_t:
                    return True
                down_since = None
        return False

    def owner_at(self, conv: str, number: int) -> Owner:
        """Whose a conversation was when the record with this number was made, by the desk's word; the bot's without one."""
        changes = self._owners.get(conv)
        if changes is None:
            return "bot"
        return next((owner for changed, owner in reversed(changes) if changed.n < number), "bot")

    def crosses_a_closing(self, act: Acted) -> bool:
        """True for what a customer did at the moment at which the conversation went back to the bot: to a bot that has not been told of
        the one before it read the other, it was meant for the agent."""
        returned = (changed for changed, owner in self.owners_of(act.conv or "") if owner == "bot")
        return any(abs(self.drill_seconds_between(changed, act)) <= self.crossing_s(changed) for changed in returned)

    def crossing_s(self, closed: Filed) -> float:
        """So long after something at the desk a bot may not know of it: the time of a thought, and as long as faults held the news up."""
        struck = (one for one in self.injected if one.platform == closed.desk)
        late = ((self.drill_seconds_between(closed, one), one.late_s) for one in struck)
        return CROSSING_S + held_up_s(late, CROSSING_S)

    def owners_of(self, conv: str) -> Sequence[tuple[Filed, Owner]]:
        """Whose a conversation became, each with the record that says so; none where it was the bot's all the time."""
        return self._owners.get(conv, ())

    def blocking(self, conv: str, number: int) -> Acted | None:
        """The act by which the customer has blocked the bot, as of before the record with this number; ``None`` where they have not."""
        last = next((act for act in reversed(self._blockings.get(conv, ())) if act.n < number), None)
        return last if last is not None and last.blocks else None

    def next_blocking(self, conv: str, number: int) -> Acted | None:
        """The act by which the customer blocks the bot next: the record with this number, or a later one."""
        return next((act for act in self._blockings.get(conv, ()) if act.n >= number and act.blocks), None)

    def seconds_between(self, earlier: Record, later: Record) -> float:
        """How long it took: on the machine's clock, or in drill time where time is virtual."""
        return later.at - earlier.at if self.is_virtual else later.t - earlier.t

    def drill_seconds_between(self, earlier: Record, later: Record) -> float:
        """How much drill time passed for the conversation of ``earlier``, whatever conversation ``later`` is of."""
        if self.is_virtual or earlier.conv == later.conv:
            return later.at - earlier.at
        skips = self._skips.get(earlier.conv or "", ())
        skipped_s = sum(skip.seconds for skip in skips if earlier.n < skip.n < later.n)
        return (later.t - earlier.t) * self.speed + skipped_s

    def tries_of(self, acts: Iterable[Acted]) -> list[Attempt]:
        """The attempts to tell the bot of these acts."""
        return [attempt for act in acts for update in act.updates for attempt in self.tries.get(update, ())]

    def told_in_order(self, earlier: Acted, later: Acted) -> bool:
        """False if the bot was told of these acts the other way round, as platforms that promise no order may do."""
        first = next((attempt.n for attempt in self.tries_of([earlier]) if attempt.ok), None)
        second = next((attempt.n for attempt in self.tries_of([later]) if attempt.ok), None)
        return first is None or second is None or first <= second

    # ------------------------------------------------------------------------------------------- kinds of records

    def _acted(self, record: Acted) -> None:
        self.acts.append(record)
        self.kinds.add(type(record.act))
        if record.blocks is not None:
            self._blockings[record.conv or ""].append(record)
        if not is_spoken(record):
            return
        conv = record.conv or ""
        turn = self._open.get(conv)
        if turn is None or turn.answers:
            turn = self._new_turn(conv)
        turn.acts.append(record)

    def _took(self, record: Took) -> None:
        effect = record.effect
        self.took.append(record)
        self.kinds.add(type(effect))
        if not isinstance(effect, _ANSWERS):
            return
        conv = record.conv or ""
        turn = self._open.get(conv) or self._new_turn(conv)
        turn.answers.append(record)
        if isinstance(effect, Sent):
            heard = Heard(record, effect.message)
            turn.messages.append(heard)
            self.heard.append(heard)

    def _new_turn(self, conv: str) -> Turn:
        turn = self._open[conv] = Turn(conv)
        self.turns.append(turn)
        return turn

    def _attempt(self, record: Attempt) -> None:
        self.attempts.append(record)
        for update in record.updates:
            self.tries[update].append(record)

    def _dropped(self, record: Dropped) -> None:
        self.given_up.update(dict.fromkeys(record.updates, record))

    def _called(self, record: Called) -> None:
        self.calls.append(record)
        if not record.ok or record.remarks or record.note is not None or record.support == "refused":
            self.snags.append(record)

    def _skipped(self, record: Skipped) -> None:
        self._skips[record.conv or ""].append(record)

    def _trouble(self, record: Trouble) -> None:
        self.troubles.append(record)

    def _filed(self, record: Filed) -> None:
        self.filed.append(record)
        if isinstance(record.event, OwnerChanged):
            self._owners[record.conv or ""].append((record, record.event.owner))

    def _struck(self, record: Injected) -> None:
        self.injected.append(record)

    def _ended(self, record: CaseEnded) -> None:
        self.ended = record


_NOTES: dict[type, Any] = {
    Acted: CaseEvidence._acted,
    Took: CaseEvidence._took,
    Attempt: CaseEvidence._attempt,
    Dropped: CaseEvidence._dropped,
    Called: CaseEvidence._called,
    Skipped: CaseEvidence._skipped,
    Trouble: CaseEvidence._trouble,
    Filed: CaseEvidence._filed,
    Injected: CaseEvidence._struck,
    CaseEnded: CaseEvidence._ended,
}


def _is_platforms(record: Record) -> bool:
    return isinstance(record, Took) and record.is_platforms


@dataclass
class Evidence:
    """A whole trace, indexed; it can grow while a run goes. ``outside`` is what belongs to no case."""

    run: RunBegan | None = None
    cases: dict[str, CaseEvidence] = field(default_factory=dict)
    outside: list[Record] = field(default_factory=list)
    restarts: list[BotState] = field(default_factory=list)
    _shared: dict[object, Any] = field(default_factory=dict)
    _homes: Homes = field(default_factory=Homes)

    @classmethod
    def of(cls, records: Iterable[Record]) -> Evidence:
        """Index a trace in one pass."""
        evidence = cls()
        for record in records:
            evidence.add(record)
        return evidence

    def add(self, record: Record) -> None:
        """Take in the next record. A webhook that carried several conversations belongs to all their cases."""
        name = record.case
        if name is None:
            self._add_shared(record)
            return
        case = self.cases.get(name)
        if case is None:
            if not isinstance(record, CaseBegan):
                self.outside.append(record)
                return
            case = self.cases[name] = CaseEvidence(record, self.run, self.restarts, shared=self._shared)
            self._homes.began(record)
        case.add((record,))
        if type(record) is Acted:
            self._homes.acted(record, name, case.began.platform_of(record.conv))

    def _add_shared(self, record: Record) -> None:
        if isinstance(record, RunBegan):
            self.run = record
        elif is_restart(record):
            self.restarts.append(record)
        homes = self._homes.of(record)
        for name in homes:
            self.cases[name].add((record,))
        if not homes:
            self.outside.append(record)


def is_restart(record: Record) -> TypeGuard[BotState]:
    """True where the bot goes down or comes up."""
    return isinstance(record, BotState) and record.state in ("stopped", "ready")
