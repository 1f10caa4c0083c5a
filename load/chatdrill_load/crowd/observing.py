"""Observing a crowd: what each conversation came to, while thousands go on, keeping only what is still talked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.judge import judge_case
from chatdrill.checks.results import CaseJudgement
from chatdrill.model import Sent
from chatdrill.run.session import Session
from chatdrill.trace import Acted, Attempt, Called, CaseBegan, Record, Recorder, RunBegan, StepEnded, Took
from chatdrill_load.crowd.correlation import Correlation, Question
from chatdrill_load.crowd.rows import Rows
from chatdrill_load.figures import ANSWERED, ARRIVALS, FAILED, LATE, MORE, TURNED_AWAY, UNANSWERED, UNMATCHED, Meter
from chatdrill_load.messages import Bad, Ended

_encode_lines = msgspec.json.Encoder().encode_lines
_BAD = ("fail", "error")
_BAD_MAX = 100
_JUST_S = 1.0
_BY_DESK = ("time_to_human", "resolution")
"""What the judging measures; the other latencies are taken as they come."""
_COUNTS = {"answer": ANSWERED, "more": MORE, "late": LATE, "unasked": UNMATCHED}
ALL = "*"
_LABEL_MAX = 40  # characters of a step's words in the name of a statistic


@dataclass
class _Talk:
    """A case that is being played: the questions of each of its conversations."""

    began: CaseBegan
    questions: dict[str, Correlation] = field(default_factory=dict)


class Observer:
    """Listens to the records of a session. ``conclude`` judges a case that is over, and lets go of it. ``waiting`` are the questions
    that wait for an answer now; ``ended`` and ``failed`` count conversations."""

    def __init__(self, session: Session, recorder: Recorder, trace: Path, *, keep: int) -> None:
        self.rows = Rows()
        self.meter = Meter()
        self.ended = self.failed = self.waiting = 0
        self._clock = session.clock
        self._recorder = recorder
        self._evidence = Evidence()
        self._talks: dict[str, _Talk] = {}
        self._trace = trace
        self._keep = keep
        self._file: BinaryIO | None = None
        self._lag_s = 0.0
        self._from_t = 0.0
        self._bad: list[Bad] = []
        recorder.listeners.append(self._note)

    # ---------------------------------------------------------------------------------------------- as it comes

    def _note(self, record: Record) -> None:
        if record.case is None or record.case in self._talks or isinstance(record, CaseBegan):
            self._evidence.add(record)
        elif isinstance(record, Took) and isinstance(record.effect, Sent):
            self._stray(record)
        note = _NOTES.get(type(record))
        if note is not None:
            note(self, record)

    def _began(self, record: CaseBegan) -> None:
        self._talks[record.case or ""] = _Talk(record)

    def _acted(self, record: Acted) -> None:
        talk = self._talks.get(record.case or "")
        if talk is None:
            return
        own = talk.questions.get(record.conv or "")
        if own is None:
            own = talk.questions[record.conv or ""] = Correlation()
        before = len(own.questions)
        own.said(record)
        self.waiting += len(own.questions) - before

    def _took(self, record: Took) -> None:
        talk = self._talks.get(record.case or "")
        if talk is None or not isinstance(record.effect, Sent) or record.conv not in talk.questions:
            return
        own = talk.questions[record.conv]
        reply = own.replied(record, record.effect.message)
        self._count(_COUNTS[reply.kind], talk.began.platform, record.t)
        if reply.kind == "answer" and reply.question is not None:
            self.waiting -= 1
            self._answered(talk, reply.question, reply.after_s, first=reply.question is own.questions[0])

    def _answered(self, talk: _Talk, question: Question, after_s: float, *, first: bool) -> None:
        platform, name = talk.began.platform, step_name(talk.began, question.step)
        self.rows.add(platform, name, after_s, self._clock.now())
        self._record(platform, name, "first_reply" if first else "next_reply", question.meant_t, after_s)

    def _count(self, what: str, platform: str, t: float, detail: str = "") -> None:
        if t >= self._from_t:
            self.meter.counter(platform, what, detail)(t - self._from_t)

    def _attempt(self, record: Attempt) -> None:
        problem = None if record.ok else f"webhook: {record.error or record.status}"
        talk = self._talks.get(record.case or "")
        name = "(account)" if talk is None else talk.began.name
        self.rows.add(f"{record.platform} ack", name, record.took_s, self._clock.now(), problem)
        if record.ok:
            self._record(record.platform, name, "ack", record.began_t, record.took_s)

    def _called(self, record: Called) -> None:
        if not record.ok:
            self._count("refused", record.platform, record.t, record.method)

    def _step_ended(self, record: StepEnded) -> None:
        """A customer who waits no longer gave up the question before."""
        if record.outcome != "unmet":
            return
        talk = self._talks.get(record.case or "")
        for own in talk.questions.values() if talk is not None else ():
            given_up = [question for question in own.questions if question.is_open]
            own.gave_up(None)
            self.waiting -= len(given_up)
            for question in given_up:
                assert talk is not None
                self._unanswered(talk, question, own)

    def _unanswered(self, talk: _Talk, question: Question, own: Correlation) -> None:
        """Nobody knows how long it would have taken; so long at least, and a percentile without it would be a lie."""
        platform, name = talk.began.platform, step_name(talk.began, question.step)
        waited_s = self._recorder.t - question.meant_t
        self._count(UNANSWERED, platform, question.meant_t)
        self.rows.add(platform, name, waited_s, self._clock.now(), "no answer in time")
        kind = "first_reply" if question is own.questions[0] else "next_reply"
        self._record(platform, name, kind, question.meant_t, waited_s)

    def _stray(self, record: Took) -> None:
        """A message for somebody who is gone."""
        self._count(LATE, record.platform, record.t)

    def measure_anew(self) -> None:
        """From now on count only what customers mean to say from now on, and count time from now."""
        self.meter = Meter()
        self._from_t = self._recorder.t

    def _record(self, platform: str, name: str, kind: str, meant_t: float, seconds: float) -> None:
        if meant_t >= self._from_t:
            self.meter.latency(platform, name, kind)(meant_t - self._from_t, seconds)

    def lag(self, seconds: float) -> None:
        """The crowd came so late to something that was due."""
        self._lag_s = max(self._lag_s, seconds)
        self._record(ALL, "", "lag", self._recorder.t, max(seconds, 0.0))

    def came(self, platform: str, due_t: float) -> None:
        """A customer came who was due then."""
        self._count(ARRIVALS, platform, due_t)

    def turned_away(self, due_t: float) -> None:
        """Somebody was due and never came in, as too many were in already."""
        self._count(TURNED_AWAY, ALL, due_t)

    def take_lag(self) -> float:
        """The worst of the interval."""
        taken, self._lag_s = self._lag_s, 0.0
        return taken

    # ---------------------------------------------------------------------------------------------- when it is over

    def conclude(self, case: str, name: str, due_t: float) -> Ended:
        """Judge a case that is over, count it, keep its records if they are worth it, and forget it."""
        talk, evidence = self._talks.pop(case, None), self._evidence.forget(case)
        took_s = self._recorder.t - due_t
        if talk is None or evidence is None:
            return Ended(ticket=0, took_s=took_s, verdict="error", problem="it did not begin")
        self._let_go(talk)
        judgement = judge_case(evidence)
        problem = _first_problem(judgement)
        self._tell(talk, name, judgement, took_s, problem, due_t)
        self.ended += 1
        if judgement.verdict in _BAD:
            self._bad.append(Bad(case, problem or "it failed", str(self._trace)))
        if judgement.verdict in _BAD or (self._keep and self.ended % self._keep == 0):
            self._store(evidence)
        return Ended(ticket=0, took_s=took_s, verdict=judgement.verdict, problem=problem)

    def _let_go(self, talk: _Talk) -> None:
        """Questions that are open at the end were broken off. Who had just asked says nothing about the bot."""
        for own in talk.questions.values():
            for question in own.questions:
                if question.is_open:
                    self.waiting -= 1
                    if self._recorder.t - question.meant_t > _JUST_S:
                        self._unanswered(talk, question, own)

    def _tell(
        self, talk: _Talk, name: str, judgement: CaseJudgement, took_s: float, problem: str | None, due_t: float
    ) -> None:
        platform, scenario = talk.began.platform, talk.began.name
        bad = judgement.verdict in _BAD
        self.failed += bad
        self.rows.add("conversation", name, took_s, self._clock.now(), (problem or "failed") if bad else None)
        self._record(platform, scenario, "conversation", due_t, took_s)
        if bad:
            self._count(FAILED, platform, due_t, judgement.findings[0].check if judgement.findings else "")
        for latency in judgement.latencies:
            if latency.name in _BY_DESK:
                self._record(platform, scenario, latency.name, latency.t, latency.seconds)

    def _store(self, evidence: CaseEvidence) -> None:
        if self._file is None:
            self._trace.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._trace.open("wb", buffering=0)
            run = self._evidence.run
            self._file.write(_encode_lines([run] if isinstance(run, RunBegan) else []))
        self._file.write(_encode_lines(evidence.records))

    def take_bad(self) -> list[Bad]:
        """The conversations that failed since the last time, a hundred at most: the trace has them all."""
        taken, self._bad = self._bad[:_BAD_MAX], []
        return taken

    def close(self) -> None:
        """Close the trace."""
        if self._file is not None:
            self._file.close()


_NOTES: dict[type, Callable[[Observer, Any], None]] = {
    CaseBegan: Observer._began,
    Acted: Observer._acted,
    Took: Observer._took,
    Attempt: Observer._attempt,
    Called: Observer._called,
    StepEnded: Observer._step_ended,
}


def step_name(began: CaseBegan, step: int | None) -> str:
    """How a step is called in a statistic: its scenario, its number and what is said in it."""
    if step is None or step >= len(began.steps):
        return began.name
    data = began.steps[step]
    words = " ".join(str(piece.get("text", "")) for piece in data.get("pieces", ())) or str(data.get("title") or "")
    plain = " ".join(words.split()) or str(data.get("step", ""))
    return f"{began.name} / {step + 1} {plain if len(plain) <= _LABEL_MAX else plain[: _LABEL_MAX - 1] + '…'}"


def _first_problem(judgement: CaseJudgement) -> str | None:
    """What a conversation failed for, in words that are the same for all that fail alike."""
    found = next(iter(judgement.findings), None)
    return None if found is None else f"{found.check}: {found.message[:120]}"
