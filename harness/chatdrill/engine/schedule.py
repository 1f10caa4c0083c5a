"""The times of one case: each step's span, found when the step begins, and how long to listen for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from chatdrill.engine.cases import Case
from chatdrill.engine.conversation import Heard
from chatdrill.engine.durations import say_seconds
from chatdrill.engine.moments import Local
from chatdrill.engine.play import Play
from chatdrill.engine.steps import Hears, Step
from chatdrill.engine.timing import ANY_TIME, GRAIN_S, Span, mistimed, span_of
from chatdrill.errors import ScenarioError

_ANY_TIMES = (ANY_TIME,)


class Times(NamedTuple):
    """What a ``StepBegan`` says of a step's span."""

    not_before_at: float | None = None
    due_at: float | None = None
    zone: str | None = None


NO_TIMES = Times()
"""Those of a step that is not about a moment."""


class Schedule:
    """The spans of the steps of one case that have any."""

    def __init__(self, case: Case, play: Play) -> None:
        self._case = case
        self._shared = play
        self._spans: dict[int, Span] = {}
        self._grain_s = GRAIN_S if play.clock.is_virtual else 0.0
        self._usual_s = play.real_s(play.options.reply_timeout_s) + self._grain_s

    @cached_property
    def _local(self) -> Local:
        scenario = self._case.scenario
        return Local.of(scenario.zone, scenario.calendar, self._shared.options.calendars)

    def enter(self, index: int, step: Step, at: float, word_at: float | None) -> Times:
        """Find the span of a step about a moment, which begins at drill time ``at``.

        Raises ``ScenarioError`` for a moment that is past or cannot be reached.
        """
        try:
            span = self._spans[index] = span_of(step, at, word_at, self._local)
            self._refuse_the_unreachable(span, at)
            zone = self._local.zone.key
        except ScenarioError as error:
            raise ScenarioError(error.problem, where=self._case.marks[index]) from error
        return Times(span.opens_at, span.due_at, zone)

    def of_turn(self, first: int, steps: Sequence[Hears], at: float) -> tuple[Sequence[Span], Sequence[float]]:
        """The spans of the steps of a turn, and how long to listen for each from drill time ``at`` on (see ``limit_s``)."""
        if not self._spans and len(steps) == 1:
            return _ANY_TIMES, [self.limit_s(first, steps[0], at) if steps[0].within_s else self._usual_s]
        numbered = list(enumerate(steps, first))
        return [self.span(index) for index, _ in numbered], [self.limit_s(index, step, at) for index, step in numbered]

    def span(self, index: int) -> Span:
        """The span of a step that was entered."""
        return self._spans.get(index, ANY_TIME)

    def limit_s(self, index: int, step: Hears, at: float) -> float:
        """How long to listen for a step at drill time ``at``, in seconds of the event loop.

        A step that says from when but not until when has the usual time to answer after it has opened. Where time jumps, what
        comes at the very last moment comes after the jump.
        """
        span, shared = self.span(index), self._shared
        if span.due_at is not None:
            return max(0.0, span.due_at + GRAIN_S - at) / shared.clock.speed
        if step.within_s:
            return shared.real_s(step.within_s) + self._grain_s
        opens_in_s = max(0.0, span.opens_at - at) if span.opens_at is not None else 0.0
        return opens_in_s / shared.clock.speed + self._usual_s

    def mistimed(self, index: int, step: Hears, item: Heard, word_at: float | None) -> str:
        """In words, how a message came at the wrong time."""
        return mistimed(step, self.span(index), item, word_at, self._local.zone.key)

    def _refuse_the_unreachable(self, span: Span, at: float) -> None:
        """A wall clock cannot skip while a bot is listened to: rather say so at once than wait until the case is stopped."""
        clock, most_s = self._shared.clock, self._shared.options.case_timeout_s
        wait_s = ((span.opens_at or at) - at) / clock.speed
        if not clock.is_virtual and wait_s > most_s:
            raise ScenarioError(
                f"this is heard in {say_seconds(wait_s)} of real time at the earliest, and a case is stopped after "
                f"{say_seconds(most_s)}; use --clock virtual, or a higher --speed or --case-timeout"
            )
