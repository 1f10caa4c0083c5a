"""A case told again: what the scenario expects, turn by turn, held against what the bot said.

A *turn* is what a customer does, and then what the scenario listens for (see ``Hearing``): whatever was said when it ends
and met no expectation was not expected. At the end of a case that is held only against a conversation to which the
scenario has listened since the customer's last act.

One pass over the records gives a list of deviations; the checks of what was said are views of that list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chatdrill.checks.evidence import CaseEvidence, is_spoken
from chatdrill.checks.excuses import allowance_s, derailed_at
from chatdrill.checks.plainly import told_plainly
from chatdrill.checks.told import Deviation, Kind, Retelling, kept, read_listening
from chatdrill.engine.conversation import Heard, Hearing
from chatdrill.engine.durations import say_seconds
from chatdrill.engine.hearing import Miss, describe, explain, hear, is_said
from chatdrill.engine.match import nearest
from chatdrill.engine.steps import Eventually, Hears, HearsNothing, Never, Step
from chatdrill.engine.timing import GRAIN_S, Span, mistimed, recorded_span, when
from chatdrill.model import Edited, Sent
from chatdrill.trace import Acted, StepBegan, StepEnded, Took

_NEAREST_MAX = 40  # messages that are compared with an expectation that none of them met
_WORDS_FROM_S = 60.0


@dataclass(slots=True, eq=False)
class _Open:
    """A step that the player is in. ``word_at`` is the drill time of the customer's last word before it began."""

    index: int
    step: Step | None
    began: StepBegan
    word_at: float | None

    @property
    def span(self) -> Span:
        return recorded_span(self.began)


@dataclass
class _Ear:
    """One conversation, in one turn; ``hearing`` knows what a turn is. ``said`` is all that was said in it.

    ``nudged``: the customer lost patience, so the bot may say more. ``only`` is the step that allows no other message.
    """

    hearing: Hearing = field(default_factory=Hearing)
    open: list[_Open] = field(default_factory=list)
    watches: list[tuple[Never, int, float | None]] = field(default_factory=list)
    said: list[Heard] = field(default_factory=list)
    since: int | None = None
    nudged: bool = False
    only: int | None = None

    def end_of(self, index: int) -> list[_Open]:
        """Take off the open step with this index, and with an expectation all others: they were heard together."""
        if len(self.open) == 1 and self.open[0].index == index:  # nearly always
            ended, self.open = self.open, []
            return ended
        ended = [item for item in self.open if item.index == index]
        if ended and isinstance(ended[0].step, Hears):
            ended = [item for item in self.open if isinstance(item.step, Hears)]
        self.open = [item for item in self.open if item not in ended]
        return ended

    def new_turn(self) -> None:
        self.said, self.since, self.only = [], None, None
        self.nudged = False


def retell(case: CaseEvidence) -> Retelling:
    """Tell a case again. The result is kept until the case has more records."""
    found = case.memo.get("retelling")
    if found is None or found[0] != len(case.records):
        found = case.memo["retelling"] = (len(case.records), told_plainly(case) or told_in_full(case))
    told: Retelling = found[1]
    return told


def told_in_full(case: CaseEvidence) -> Retelling:
    """Tell any case."""
    return _Teller(case).tell()


class _Teller:
    def __init__(self, case: CaseEvidence) -> None:
        self._case = case
        self._ears: dict[str, _Ear] = defaultdict(_Ear)
        self._told = Retelling()
        self._steps = kept(case, "steps", read_listening)
        self._last_unmet: StepEnded | None = None
        self._n = 0
        self._excused = False

    def tell(self) -> Retelling:
        for record in self._case.records:
            take = _TAKES.get(type(record))
            if take is not None and record.conv is not None:
                self._n = record.n
                take(self, record.conv, self._ears[record.conv], record)
        ended = self._case.ended
        if ended is not None and ended.outcome == "done":
            for conv, ear in self._ears.items():
                if ear.hearing.listened:
                    self._end_turn(conv, ear, ear.hearing.pool)
        elif ended is not None and ended.outcome == "unmet" and not (self._excused or self._is_explained()):
            self._unplayed(ended.detail or "the scenario could not be played to its end")
        return self._told

    def _tell(self, kind: Kind, message: str, conv: str, ear: _Ear, **more: Any) -> None:
        if self._is_excused(conv):
            self._excused = True
            return
        self._told.deviations.append(Deviation(kind, message, conv, since=ear.since or 0, **more))

    def _is_excused(self, conv: str) -> bool:
        """A bot that was told something else than the customer said owes other answers."""
        derailed = derailed_at(self._case, conv)
        return derailed is not None and derailed <= self._n

    # ------------------------------------------------------------------------------------------ acts and turns

    def _took(self, conv: str, ear: _Ear, record: Took) -> None:
        ear.hearing.took(record)
        if isinstance(record.effect, (Sent, Edited)):
            newest = ear.hearing.heard[-1]
            ear.said.append(newest)
            if ear.since is None:
                ear.since = record.n
            self._watch(conv, ear, newest)

    def _acted(self, conv: str, ear: _Ear, record: Acted) -> None:
        listened, pool = ear.hearing.listened, ear.hearing.pool
        ear.hearing.acted(record)
        if listened and not ear.hearing.listened:
            self._end_turn(conv, ear, pool)
        if record.cause == "persona" and is_spoken(record):
            ear.nudged = True
        if record.cause != "platform" and ear.since is None:
            ear.since = record.n

    def _end_turn(self, conv: str, ear: _Ear, pool: Sequence[Heard]) -> None:
        self._told.turns += 1
        if pool and not ear.nudged:
            left = [item for item in pool if not item.edit]
            if left:
                self._tell_rest(conv, ear, left)
        ear.new_turn()

    def _tell_rest(self, conv: str, ear: _Ear, left: Sequence[Heard]) -> None:
        if ear.only is None:
            message = f"the bot said {_short(left)}, which was not expected"
            self._tell("leftover", message, conv, ear, cites=_numbers(left))
        else:
            message = f"the bot said more than was expected: {_short(left)}"
            self._tell("more", message, conv, ear, step=ear.only, cites=_numbers(left))

    # ---------------------------------------------------------------------------------------------- the steps

    def _began(self, conv: str, ear: _Ear, record: StepBegan) -> None:
        step = self._steps(record.step) if record.played is None else read_listening(record.played)
        ear.open.append(_Open(record.step, step, record, ear.hearing.word_at))
        if isinstance(step, (Hears, HearsNothing)):
            ear.hearing.listened = True
            self._told.listened[conv] = record.n
        elif isinstance(step, Never):
            ear.watches.append((step, record.step, None if step.for_s is None else record.at + step.for_s))

    def _ended(self, conv: str, ear: _Ear, record: StepEnded) -> None:
        """A step has ended. The first of a turn that ends takes the whole turn with it."""
        if record.outcome == "unmet":
            self._last_unmet = record
        opened = ear.end_of(record.step)
        if opened and isinstance(opened[0].step, Hears):
            self._hear(conv, ear, opened, record)
        elif opened and isinstance(opened[0].step, HearsNothing):
            self._silence(conv, ear, opened[0])

    def _hear(self, conv: str, ear: _Ear, opened: list[_Open], ended: StepEnded) -> None:
        steps = [item.step for item in opened if isinstance(item.step, Hears)]
        for step in steps:
            self._told.expectations += len(step.expectations)
        result = hear(steps, ear.hearing.pool, ear.hearing.known, [item.span for item in opened])
        for number, item in result.met:
            self._lateness(conv, ear, opened[number], item)
        for number, item in result.mistimed:
            self._mistimed(conv, ear, opened[number], item)
        ear.hearing.pool = result.extra
        for miss in result.misses:
            if not steps[miss.step].optional:
                self._miss(conv, ear, opened[miss.step], miss, ended)
        if isinstance(steps[0], Eventually):
            ear.hearing.pool = []  # what was said meanwhile is excused
        elif steps[0].only:
            ear.only = opened[0].index

    def _miss(self, conv: str, ear: _Ear, opened: _Open, miss: Miss, ended: StepEnded) -> None:
        details, cites = self._compared(ear, opened, miss)
        details["waited"] = say_seconds(round(self._case.seconds_between(opened.began, ended), 3))
        what = "did not say what was expected:" if ear.said else "said nothing; expected was"
        message = f"the bot {what} {', '.join(filter(None, (details['expected'], details.get('when'))))}"
        self._tell("missed", message, conv, ear, step=opened.index, cites=cites, details=details)

    def _compared(self, ear: _Ear, opened: _Open, miss: Miss) -> tuple[dict[str, str], tuple[int, ...]]:
        """Labelled lines about a miss, and the number of the record of the nearest message of the turn."""
        said = ear.said[-_NEAREST_MAX:]
        closest = nearest(miss.expectation, [item.message for item in said], ear.hearing.known)
        cites = () if closest is None else (said[closest.index].n,)
        assert isinstance(opened.step, Hears)
        due = when(opened.step, opened.began)
        return explain(miss, said, ear.hearing.known) | ({"when": due} if due else {}), cites

    def _mistimed(self, conv: str, ear: _Ear, opened: _Open, heard: Heard) -> None:
        assert isinstance(opened.step, Hears)
        step, began = opened.step, opened.began
        kind: Kind = "early" if opened.span.is_early(heard.at) else "late"
        if kind == "late" and not opened.span.is_late(heard.at - self._allowed_s(conv, ear, heard)):
            self._excused = True
            return
        message = mistimed(step, opened.span, heard, opened.word_at, began.zone or "UTC")
        details = {"when": when(step, began)}
        self._tell(kind, message, conv, ear, step=opened.index, cites=(heard.n,), details=details)

    def _lateness(self, conv: str, ear: _Ear, opened: _Open, heard: Heard) -> None:
        """The bound is drill time, and at least that much real time: a bot's own time does not run faster."""
        assert isinstance(opened.step, Hears)
        bound_s, began = opened.step.within_s, opened.began
        took_s = heard.at - began.at if self._case.is_virtual else (heard.t - began.t) * min(1.0, self._case.speed)
        if bound_s is not None and took_s > bound_s + GRAIN_S + self._allowed_s(conv, ear, heard):
            took = f"{took_s:.3f} s" if took_s < _WORDS_FROM_S else say_seconds(took_s)
            message = f"the answer came after {took}, expected within {say_seconds(bound_s)}"
            self._tell("late", message, conv, ear, step=opened.index, cites=(heard.n,))

    def _allowed_s(self, conv: str, ear: _Ear, heard: Heard) -> float:
        return allowance_s(self._case, conv, ear.since or 0, heard.n) if self._case.injected else 0.0

    def _silence(self, conv: str, ear: _Ear, opened: _Open) -> None:
        self._told.expectations += 1
        pool = ear.hearing.pool
        spoken = [item for item in pool if item.n > opened.began.n and not item.edit]
        if spoken:
            ear.hearing.pool = [item for item in pool if item not in spoken]
            message = f"the bot spoke where silence was expected: {_short(spoken)}"
            self._tell("silence", message, conv, ear, step=opened.index, cites=_numbers(spoken))

    def _watch(self, conv: str, ear: _Ear, newest: Heard) -> None:
        for step, index, until in ear.watches:
            self._told.expectations += 1
            if (until is None or newest.at <= until) and is_said(step, newest, ear.hearing.known):
                message = f"the bot said what it never should: {_short([newest])}"
                details = {"never": describe(step.expectation)}
                self._tell("never", message, conv, ear, step=index, cites=(newest.n,), details=details)

    # ------------------------------------------------------------------------------------------------- the end

    def _is_explained(self) -> bool:
        return any(deviation.kind != "leftover" for deviation in self._told.deviations)

    def _unplayed(self, why: str) -> None:
        """The player stopped in the middle of a step, or said why in its record."""
        for conv, ear in self._ears.items():
            if ear.open:
                self._unfinished(conv, ear, ear.open, why)
                return
        last = self._last_unmet
        place = {} if last is None else {"step": last.step, "cites": (last.n,)}
        conv = (last.conv if last is not None else None) or ""
        self._tell("unplayed", why, conv, self._ears[conv], **place)

    def _unfinished(self, conv: str, ear: _Ear, opened: Sequence[_Open], why: str) -> None:
        waiting = [(item, item.step) for item in opened if isinstance(item.step, Hears)]
        misses = self._misses_so_far(ear, waiting) if waiting else []
        if not misses:
            began = opened[0].began
            self._tell("unplayed", why, conv, ear, step=began.step, cites=(began.n,))
            return
        place = waiting[misses[0].step][0]
        details, cites = self._compared(ear, place, misses[0])
        self._tell("unplayed", why, conv, ear, step=place.index, cites=cites or (place.began.n,), details=details)

    def _misses_so_far(self, ear: _Ear, waiting: Sequence[tuple[_Open, Hears]]) -> list[Miss]:
        spans = [item.span for item, _ in waiting]
        return hear([step for _, step in waiting], ear.hearing.pool, ear.hearing.known, spans).misses


_TAKES: dict[type, Any] = {
    Acted: _Teller._acted,
    Took: _Teller._took,
    StepBegan: _Teller._began,
    StepEnded: _Teller._ended,
}


def _numbers(items: Sequence[Heard]) -> tuple[int, ...]:
    return tuple(item.n for item in items)


def _short(items: Sequence[Heard]) -> str:
    text = items[0].message.text
    words = repr(text if len(text) <= 120 else text[:117] + "...") if text else "a message without words"
    more = len(items) - 1
    return words if not more else f"{words} and {more} more message{'s'[: more > 1]}"
