"""When a step may be met: the span between two moments of drill time, and the words for what came outside of it."""

from __future__ import annotations

from dataclasses import dataclass

from chatdrill.engine.conversation import Heard
from chatdrill.engine.moments import Local, read_moment
from chatdrill.engine.steps import Hears, Step, WaitsUntil
from chatdrill.errors import ScenarioError
from chatdrill.trace import StepBegan
from chatdrill.trace.transcript.phrases import bounds, day_and_time, length, one_line, timing

GRAIN_S = 0.0001
"""Drill times closer than this are the same: sums of Unix seconds in floating point are up to 0.000001 s off."""

_CLOCK_FROM_S = 6 * 3600  # a span that begins or ends this late is said with the time of day


@dataclass(frozen=True)
class Span:
    """From ``opens_at`` until ``due_at`` (drill time, both included); ``None``: no bound on that side."""

    opens_at: float | None = None
    due_at: float | None = None

    def is_early(self, at: float) -> bool:
        """True before the span."""
        return self.opens_at is not None and at < self.opens_at - GRAIN_S

    def is_late(self, at: float) -> bool:
        """True after the span."""
        return self.due_at is not None and at > self.due_at + GRAIN_S

    def holds(self, at: float) -> bool:
        """True within it."""
        return not self.is_early(at) and not self.is_late(at)

    @property
    def is_open(self) -> bool:
        """True without any bound."""
        return self.opens_at is None and self.due_at is None


ANY_TIME = Span()


def span_of(step: Step, at: float, word_at: float | None, local: Local) -> Span:
    """The span of a step that begins at drill time ``at``; the customer's last word was said at ``word_at``.

    Raises ``ScenarioError`` for a moment that is past, and for a span that is over before it begins.
    """
    since = at if word_at is None else word_at
    if isinstance(step, WaitsUntil):
        return Span(due_at=_resolved(step.moment, at, since, local))
    assert isinstance(step, Hears)
    span = Span(_resolved(step.not_before, at, since, local), _resolved(step.by, at, since, local))
    last = at + step.within_s if step.within_s is not None else span.due_at
    if last is not None and span.is_early(last):
        opens = local.say(span.opens_at or at)
        raise ScenarioError(f"this can never be met: it must not come before {opens}, and it is due {local.say(last)}")
    return span


def _resolved(bound: float | str | None, at: float, since: float, local: Local) -> float | None:
    if isinstance(bound, str):
        return local.resolve(read_moment(bound), at)
    return None if bound is None else since + bound


def recorded_span(began: StepBegan) -> Span:
    """The span as the player found it."""
    if began.not_before_at is None and began.due_at is None:
        return ANY_TIME
    return Span(began.not_before_at, began.due_at)


def when(step: Hears, began: StepBegan) -> str:
    """When something is expected: ``by 09:15 tomorrow (until Tue 2026-03-31 09:15 (Europe/Warsaw))``; or nothing."""
    said = timing(step.not_before, step.by)
    if began.zone is None or not _is_about_days(step):
        return said
    return f"{said}: {bounds(began.not_before_at, began.due_at, began.zone)}"


def mistimed(step: Hears, span: Span, item: Heard, word_at: float | None, zone: str) -> str:
    """How a message is not in the span: ``'Hi' came 3h 10m too early: 20h 40m after the customer's last word, ...``."""
    at, text = item.at, one_line(item.message.text)
    off_s, word = ((span.opens_at or 0) - at, "early") if span.is_early(at) else (at - (span.due_at or 0), "late")
    said = [f"{repr(text) if text else 'a message'} came {length(off_s)} too {word}: {_since(at, word_at)}"]
    said += [f"at {day_and_time(at, zone)}"] if _is_about_days(step) else []
    return ", ".join([*said, f"expected {timing(step.not_before, step.by)}"])


def _since(at: float, word_at: float | None) -> str:
    if word_at is None:
        return "before the customer's first word"
    side = "before" if at < word_at else "after"
    return f"{length(abs(at - word_at))} {side} the customer's last word"


def _is_about_days(step: Hears) -> bool:
    given = (bound for bound in (step.not_before, step.by) if bound is not None)
    return any(isinstance(bound, str) or bound >= _CLOCK_FROM_S for bound in given)
