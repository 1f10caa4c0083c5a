"""A case told again: the turns of the scenario held against what the bot said, as the player held them.

One pass over the records gives a list of deviations; the checks of what was said are views of that list.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.engine.conversation import Heard, Hearing
from chatdrill.engine.durations import say_seconds
from chatdrill.engine.hearing import describe, explain, hear
from chatdrill.engine.match import matches
from chatdrill.engine.steps import Eventually, Hears, HearsNothing, Never, Step, step_from_dict
from chatdrill.model import Edited, Sent
from chatdrill.trace import Record, StepBegan, StepEnded, Took

Kind = Literal["missed", "late", "more", "silence", "never", "unplayed", "leftover"]


@dataclass(frozen=True)
class Deviation:
    """Something that did not go as the scenario says."""

    kind: Kind
    message: str
    conv: str
    step: int | None = None
    cites: tuple[int, ...] = ()
    details: dict[str, str] = field(default_factory=dict)


@dataclass
class Retelling:
    """``deviations`` in the order in which they happened; ``expectations`` and ``heard`` count the evidence."""

    deviations: list[Deviation] = field(default_factory=list)
    expectations: int = 0
    heard: int = 0


@dataclass
class _Open:
    """A step that the player is in."""

    index: int
    step: Step
    began: StepBegan


@dataclass
class _Ear:
    """One conversation: what was heard, the steps that are open, and what must never be said."""

    hearing: Hearing = field(default_factory=Hearing)
    open: list[_Open] = field(default_factory=list)
    watches: list[tuple[Never, int, float | None]] = field(default_factory=list)


def retell(case: CaseEvidence) -> Retelling:
    """Tell a case again. The result is kept until the case has more records."""
    kept = case.memo.get("retelling")
    if kept is None or kept[0] != len(case.records):
        kept = case.memo["retelling"] = (len(case.records), _Teller(case).tell())
    told: Retelling = kept[1]
    return told


class _Teller:
    def __init__(self, case: CaseEvidence) -> None:
        self._steps = [step_from_dict(data) for data in case.began.steps]
        self._records = case.records
        self._virtual = case.run is not None and case.run.clock == "virtual"
        self._speed = case.run.speed if case.run is not None else 1.0
        self._ears: dict[str, _Ear] = {}
        self._told = Retelling()

    def tell(self) -> Retelling:
        for record in self._records:
            if record.conv is not None:
                self._take(record.conv, record)
        for conv, ear in self._ears.items():
            ear.hearing.close()
            self._leftovers(conv, ear)
        return self._told

    def _take(self, conv: str, record: Record) -> None:
        ear = self._ears.setdefault(conv, _Ear())
        ear.hearing.note(record)
        self._leftovers(conv, ear)
        if isinstance(record, StepBegan):
            self._begin(ear, record)
        elif isinstance(record, StepEnded):
            self._end(conv, ear, record)
        elif isinstance(record, Took) and isinstance(record.effect, Sent | Edited):
            self._watch(conv, ear)

    def _tell(self, kind: Kind, message: str, conv: str, **more: object) -> None:
        self._told.deviations.append(Deviation(kind, message, conv, **more))  # type: ignore[arg-type]

    # ------------------------------------------------------------------------------------------ acts and rest

    def _leftovers(self, conv: str, ear: _Ear) -> None:
        for item in ear.hearing.left_over:
            self._tell("leftover", f"the bot said {_short(item)}, which was not expected", conv, cites=(item.n,))
        ear.hearing.left_over.clear()

    # ---------------------------------------------------------------------------------------------- the steps

    def _begin(self, ear: _Ear, record: StepBegan) -> None:
        step = step_from_dict(record.played) if record.played is not None else self._steps[record.step]
        ear.open.append(_Open(record.step, step, record))
        if isinstance(step, Never):
            ear.watches.append((step, record.step, None if step.for_s is None else record.t + step.for_s / self._speed))

    def _end(self, conv: str, ear: _Ear, record: StepEnded) -> None:
        """A step has ended. The first of a turn that ends takes the whole turn with it: they were heard together."""
        opened = next((item for item in ear.open if item.index == record.step), None)
        if opened is None:
            return
        if isinstance(opened.step, Hears):
            turn = [item for item in ear.open if isinstance(item.step, Hears)]
            ear.open = [item for item in ear.open if item not in turn]
            self._turn(conv, ear, turn)
            return
        ear.open.remove(opened)
        if isinstance(opened.step, HearsNothing):
            self._silence(conv, ear, opened)
        elif record.outcome == "unmet":
            self._tell("unplayed", record.detail or "the step could not be played", conv, step=record.step)

    def _turn(self, conv: str, ear: _Ear, turn: list[_Open]) -> None:
        steps = [item.step for item in turn if isinstance(item.step, Hears)]
        unused, known = ear.hearing.unused, ear.hearing.known
        result = hear(steps, unused, known)
        self._told.expectations += sum(len(step.expectations) for step in steps)
        for miss in result.misses:
            if not steps[miss.step].optional:
                details = explain(miss, unused or ear.hearing.heard[-3:], known)
                message = f"the bot did not say what was expected: {details['expected']}"
                cites = (unused[-1].n,) if unused else ()
                self._tell("missed", message, conv, step=turn[miss.step].index, cites=cites, details=details)
        for number, item in result.met:
            item.used = True
            self._lateness(conv, turn[number], item)
        if any(not steps[miss.step].optional for miss in result.misses):
            ear.hearing.use_up()  # what came instead stands in the finding already
        if any(step.only for step in steps):
            for item in result.extra:
                message = f"the bot said more than was expected: {_short(item)}"
                self._tell("more", message, conv, step=turn[0].index, cites=(item.n,))
            ear.hearing.use_up()
        if isinstance(steps[0], Eventually):
            ear.hearing.use_up()  # what was said meanwhile is excused

    def _lateness(self, conv: str, opened: _Open, heard: Heard) -> None:
        """The bound is drill time, and at least that much real time: a bot's own time does not run faster."""
        assert isinstance(opened.step, Hears)
        bound_s = opened.step.within_s
        took_s = heard.at - opened.began.at if self._virtual else heard.t - opened.began.t
        if bound_s is not None and took_s > bound_s:
            message = f"the answer came after {took_s:.2f} s, expected within {say_seconds(bound_s)}"
            self._tell("late", message, conv, step=opened.index, cites=(heard.n,))

    def _silence(self, conv: str, ear: _Ear, opened: _Open) -> None:
        self._told.expectations += 1
        for item in ear.hearing.unused:
            if item.n > opened.began.n and not item.edit:
                message = f"the bot spoke where silence was expected: {_short(item)}"
                self._tell("silence", message, conv, step=opened.index, cites=(item.n,))
                item.used = True

    def _watch(self, conv: str, ear: _Ear) -> None:
        self._told.heard += 1
        newest = ear.hearing.heard[-1]
        for step, index, until in ear.watches:
            self._told.expectations += 1
            in_time = until is None or newest.t <= until
            if in_time and matches(step.expectation, newest.message, ear.hearing.known) is None:
                message = f"the bot said what it never should: {_short(newest)}"
                details = {"never": describe(step.expectation)}
                self._tell("never", message, conv, step=index, cites=(newest.n,), details=details)


def _short(item: Heard) -> str:
    text = item.message.text
    return repr(text if len(text) <= 120 else text[:117] + "...") if text else "a message without words"
