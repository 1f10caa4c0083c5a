"""Observing a crowd: what each conversation came to, while thousands go on, keeping only what is still talked about."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from chatdrill.checks.evidence import CaseEvidence, is_restart
from chatdrill.checks.handoff.dialogs import dialogs
from chatdrill.checks.homes import Homes
from chatdrill.checks.judge import outcomes_of
from chatdrill.checks.registry import Outcome
from chatdrill.checks.results import Finding, worst
from chatdrill.clock import real_now
from chatdrill.engine.listening import INTERRUPTED, LEFT
from chatdrill.model import Sent
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
    Recorder,
    RunBegan,
    StepEnded,
    Took,
)
from chatdrill_load.crowd.correlation import Correlation, Kind, Question
from chatdrill_load.crowd.keeping import Keeping
from chatdrill_load.crowd.rows import Gain, Rows
from chatdrill_load.figures import (
    ABANDONED,
    ANSWERED,
    ARRIVALS,
    FAILED,
    LATE,
    MORE,
    STRUCK,
    TURNED_AWAY,
    UNANSWERED,
    UNMATCHED,
    Meter,
)
from chatdrill_load.messages import Bad, Ended, Handed

_BAD_MAX = 100
_JUST_S = 1.0
_BY_DESK = ("time_to_human", "resolution")
"""What the judging measures; the other latencies are taken as they come."""
_COUNTS: dict[Kind, str] = {"answer": ANSWERED, "more": MORE, "late": LATE, "unasked": UNMATCHED}
ALL = "*"
_LABEL_MAX = 40  # characters of a step's words in the name of a statistic


class _Gauge(NamedTuple):
    """Takes how long one kind of thing takes: in a row of Locust's, and for the figures."""

    row: Gain
    record: Callable[[float, float], None]


class _Talk:
    """A case that is being played: its records so far, the questions of each of its conversations, and how its steps are called in
    statistics."""

    __slots__ = ("acts", "began", "names", "platform", "questions", "records", "slowest_s")

    def __init__(self, began: CaseBegan, names: list[str]) -> None:
        self.began = began
        self.platform = began.platform
        self.names = names
        self.records: list[Record] = [began]
        self.acts: list[Acted] = []
        self.questions: dict[str | None, Correlation] = {}
        self.slowest_s = 0.0

    def name_of(self, step: int | None) -> str:
        """How a step is called in a statistic."""
        return self.began.name if step is None or step >= len(self.names) else self.names[step]


class Observer:
    """Listens to the records of a session. ``conclude`` judges a case that is over, and lets go of it. ``waiting`` are the questions
    that wait for an answer now; ``ended``, ``failed`` and ``abandoned`` count conversations.

    While a case is played its records are only gathered, in a book of the recorder's; they are evidence when it is over."""

    def __init__(self, recorder: Recorder, trace: Path, *, keep: int) -> None:
        self.rows = Rows()
        self.meter = Meter()
        self.keeping = Keeping(trace)
        self.ended = self.failed = self.abandoned = self.waiting = 0
        self._recorder = recorder
        self._began_at = real_now() - recorder.t
        self._run: RunBegan | None = None
        self._restarts: list[BotState] = []
        self._homes = Homes()
        self._talks: dict[str | None, _Talk] = {}
        self._names: dict[int, tuple[object, list[str]]] = {}
        self._shared: dict[object, Any] = {}
        self._of_replies = cache(self._gauge_of_replies)
        self._of_acks = cache(self._gauge_of_acks)
        self._keep = keep
        self._lag_s = 0.0
        self._last_call: Called | None = None
        self._bad: list[Bad] = []
        self._handoffs: list[Handed] = []
        recorder.listen(RunBegan, self._run_began)
        recorder.listen(BotState, self._bot_state)
        recorder.listen(CaseBegan, self._began)
        recorder.listen(Acted, self._acted)
        recorder.listen(Took, self._took)
        recorder.listen(Attempt, self._attempt)
        recorder.listen(Called, self._called)
        recorder.listen(Injected, self._injected)
        recorder.listen(StepEnded, self._step_ended)
        recorder.listen(Dropped, self._send_home)
        recorder.listen(Filed, self._send_home)

    # ---------------------------------------------------------------------------------------------- as it comes

    def _run_began(self, record: RunBegan) -> None:
        self._run = self.keeping.run = record

    def _bot_state(self, record: BotState) -> None:
        if is_restart(record):
            self._restarts.append(record)

    def _began(self, record: CaseBegan) -> None:
        talk = self._talks[record.case] = _Talk(record, self._names_of(record))
        self._recorder.books[record.case or ""] = talk.records
        self._homes.began(record)

    def _names_of(self, began: CaseBegan) -> list[str]:
        """The names of the steps of a scenario, made once for all who play it."""
        found = self._names.get(id(began.steps))
        if found is None:  # it holds the steps, so nothing else gets that id
            names = [step_name(began, step) for step in range(len(began.steps))]
            found = self._names[id(began.steps)] = began.steps, names
        return found[1]

    def _send_home(self, record: Attempt | Dropped | Filed) -> None:
        """Give a record that names no case to those that it belongs to."""
        if record.case is None:
            for case in self._homes.of(record):
                self._talks[case].records.append(record)

    def _acted(self, record: Acted) -> None:
        talk = self._talks.get(record.case)
        if talk is None:
            return
        talk.acts.append(record)
        self._homes.acted(record, record.case or "", talk.platform)
        own = talk.questions.get(record.conv)
        if own is None:
            own = talk.questions[record.conv] = Correlation()
        if own.said(record):
            self.waiting += 1

    def _took(self, record: Took) -> None:
        if not isinstance(record.effect, Sent):
            return
        talk = self._talks.get(record.case)
        if talk is None:
            self._stray(record)
            return
        own = talk.questions.get(record.conv)
        if own is None:
            return
        reply = own.replied(record.effect.message, self._came_t(record))
        self.meter.counter(talk.platform, _COUNTS[reply.kind])(record.t)
        if reply.kind == "answer" and reply.question is not None:
            self.waiting -= 1
            self._answered(talk, reply.question, reply.after_s)

    def _answered(self, talk: _Talk, question: Question, after_s: float) -> None:
        talk.slowest_s = max(talk.slowest_s, after_s)
        gauge = self._of_replies(talk.platform, talk.name_of(question.step), question.is_first)
        gauge.row.add(after_s, self._began_at + question.meant_t + after_s)
        gauge.record(question.meant_t, after_s)

    def _gauge_of_replies(self, platform: str, name: str, is_first: bool) -> _Gauge:
        """A conversation's first reply is what customers wait for most."""
        kind = "first_reply" if is_first else "next_reply"
        return _Gauge(self.rows.of(platform, name), self.meter.latency(platform, name, kind))

    def _attempt(self, record: Attempt) -> None:
        self._send_home(record)
        talk = self._talks.get(record.case)
        gauge = self._of_acks(record.platform, "(account)" if talk is None else talk.began.name)
        if record.ok:
            gauge.row.add(record.took_s, self._began_at + record.t)
            gauge.record(record.began_t, record.took_s)
        else:
            gauge.row.add(record.took_s, self._began_at + record.t, f"webhook: {record.error or record.status}")

    def _gauge_of_acks(self, platform: str, name: str) -> _Gauge:
        return _Gauge(self.rows.of(f"{platform} ack", name), self.meter.latency(platform, name, "ack"))

    def _came_t(self, record: Took) -> float:
        """When the call came in that took this effect: what the fake needs to answer it is not the bot's time."""
        call = self._last_call
        return call.t - call.took_s if call is not None and call.n == record.call else record.t

    def _called(self, record: Called) -> None:
        self._last_call = record
        if not record.ok:
            self.meter.counter(record.platform, "refused", record.method)(record.t)

    def _injected(self, record: Injected) -> None:
        self.meter.counter(record.platform, STRUCK, record.fault)(record.t)

    def _step_ended(self, record: StepEnded) -> None:
        """A customer who waits no longer gave up the question before."""
        talk = self._talks.get(record.case) if record.outcome == "unmet" else None
        if talk is None:
            return
        for own in talk.questions.values():
            for question in own.gave_up(None):
                self.waiting -= 1
                self._unanswered(talk, question)

    def _unanswered(self, talk: _Talk, question: Question) -> None:
        """Nobody knows how long it would have taken; so long at least, and a percentile without it would be a lie."""
        waited_s = self._recorder.t - question.meant_t
        talk.slowest_s = max(talk.slowest_s, waited_s)
        self.meter.counter(talk.platform, UNANSWERED)(question.meant_t)
        gauge = self._of_replies(talk.platform, talk.name_of(question.step), question.is_first)
        gauge.row.add(waited_s, real_now(), "no answer in time")
        gauge.record(question.meant_t, waited_s)

    def _stray(self, record: Took) -> None:
        """A message for somebody who is gone."""
        if record.case is not None:
            self.meter.counter(record.platform, LATE)(record.t)

    def measure_anew(self) -> None:
        """From now on count only what customers mean to say from now on, and count time from now."""
        self.meter.begin_anew(self._recorder.t)

    def lag(self, seconds: float) -> None:
        """The crowd came so late to something that was due."""
        self._lag_s = max(self._lag_s, seconds)
        self.meter.latency(ALL, "", "lag")(self._recorder.t, max(seconds, 0.0))

    def came(self, platform: str, due_t: float) -> None:
        """A customer came who was due then."""
        self.meter.counter(platform, ARRIVALS)(due_t)

    def turned_away(self, due_t: float) -> None:
        """Somebody was due and never came in, as too many were in already."""
        self.meter.counter(ALL, TURNED_AWAY)(due_t)

    def take_lag(self) -> float:
        """The worst of the interval."""
        taken, self._lag_s = self._lag_s, 0.0
        return taken

    # ---------------------------------------------------------------------------------------------- when it is over

    def conclude(self, case: str, name: str, due_t: float) -> Generator[None, None, Ended]:
        """Judge a case that is over, count it, keep its records if they are worth it, and forget it. The first bit, which lets go of
        it, wants to be done at once; the rest has time."""
        talk = self._talks.pop(case, None)
        took_s = self._recorder.t - due_t
        if talk is None:
            return Ended(ticket=0, took_s=took_s, verdict="error", problem="it did not begin")
        del self._recorder.books[case]
        ended = next((record for record in reversed(talk.records) if isinstance(record, CaseEnded)), None)
        gave_up = ended is not None and ended.detail == LEFT
        self._let_go(talk, gave_up=gave_up)
        self._homes.forget(talk.began, talk.acts)
        over_at = real_now()
        yield
        evidence = CaseEvidence.of(talk.records, self._run, self._restarts, self._shared)
        yield
        outcomes: list[Outcome] = []
        for outcome in outcomes_of(evidence, promised_only=True):
            outcomes.append(outcome)
            yield
        verdict = worst(outcome.verdict for outcome in outcomes)
        # Who is sent home at the end of a run was not played to the end: that is no fault of the bot's.
        is_bad = verdict == "fail" or (verdict == "error" and not _is_broken_off(ended))
        found = next((finding for outcome in outcomes for finding in outcome.findings), None)
        problem = _problem(found) if is_bad else None
        self._handoffs += _handoffs(evidence)
        self._tell(talk, name, outcomes, took_s, problem, due_t, over_at)
        self.ended += 1
        if gave_up:
            self.abandoned += 1
            self.meter.counter(talk.platform, ABANDONED)(due_t)
        is_kept = problem is not None or (self._keep and self.ended % self._keep == 0)
        place = self.keeping.keep(evidence.records) if is_kept else None
        if problem is not None:
            self.failed += 1
            self.meter.counter(talk.platform, FAILED, "" if found is None else found.check)(due_t)
            self._bad.append(Bad(case, problem, str(self.keeping.path), place))
        self.keeping.offer(case, talk.slowest_s, evidence.records, place)
        return Ended(ticket=0, took_s=took_s, verdict=verdict, problem=problem)

    def _let_go(self, talk: _Talk, *, gave_up: bool) -> None:
        """Questions that are open at the end were broken off, or given up with the conversation. Who had just asked when it was broken
        off says nothing about the bot."""
        for own in talk.questions.values():
            for question in own.open:
                self.waiting -= 1
                if gave_up or self._recorder.t - question.meant_t > _JUST_S:
                    self._unanswered(talk, question)

    def _tell(
        self,
        talk: _Talk,
        name: str,
        outcomes: Sequence[Outcome],
        took_s: float,
        problem: str | None,
        due_t: float,
        over_at: float,
    ) -> None:
        platform, scenario = talk.platform, talk.began.name
        self.rows.of("conversation", name).add(took_s, over_at, problem)
        self.meter.latency(platform, scenario, "conversation")(due_t, took_s)
        for outcome in outcomes:
            for latency in outcome.latencies:
                if latency.name in _BY_DESK:
                    self.meter.latency(platform, scenario, latency.name)(latency.t, latency.seconds)

    def take_bad(self) -> list[Bad]:
        """The conversations that failed since the last time, a hundred at most: the trace has them all."""
        taken, self._bad = self._bad[:_BAD_MAX], []
        return taken

    def take_handoffs(self) -> list[Handed]:
        """The handoffs of the conversations that ended since the last time."""
        taken, self._handoffs = self._handoffs, []
        return taken


def step_name(began: CaseBegan, step: int) -> str:
    """How a step is called in a statistic: its scenario, its number and what is said in it."""
    data = began.steps[step]
    words = " ".join(str(piece.get("text", "")) for piece in data.get("pieces", ())) or str(data.get("title") or "")
    plain = " ".join(words.split()) or str(data.get("step", ""))
    return f"{began.name} / {step + 1} {plain if len(plain) <= _LABEL_MAX else plain[: _LABEL_MAX - 1] + '…'}"


def _handoffs(case: CaseEvidence) -> Iterator[Handed]:
    """The handovers that somebody asked for, with a desk behind the bot."""
    for dialog in dialogs(case) if case.filed else ():
        for episode in dialog.episodes:
            ends = episode.closed or episode.returned
            handled_s = None if episode.accepted is None or ends is None else ends.t - episode.accepted.t
            if not episode.by_agent:
                yield Handed(episode.asked.t, handled_s if handled_s is None or handled_s > 0 else None)


def _is_broken_off(ended: CaseEnded | None) -> bool:
    return ended is None or ended.detail == INTERRUPTED


def _problem(found: Finding | None) -> str:
    """What a conversation failed for, in words that are the same for all that fail alike."""
    return "it failed" if found is None else f"{found.check}: {found.message[:120]}"
