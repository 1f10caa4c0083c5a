"""Which of the bot's messages answers which of the customer's, in one conversation, as they come.

In this order: the message that it quotes; the one question whose own token (an order number, a code) stands in it; else the oldest
question that is still open. What answers nothing is counted, never guessed: it says *more* about a question that was
answered already, comes too *late* for one that the customer gave up, or answers none at all (*unasked*).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from chatdrill.model import Act, Message, Part, Press, Start, Write, part_text
from chatdrill.trace import Acted

Kind = Literal["answer", "more", "late", "unasked"]
By = Literal["quote", "token", "order", "none"]

_ASKING = (Write, Press, Start)
_TOKEN = re.compile(r"(?=[\w-]*\d)[\w-]{4,}")
"""What may tell one question from another: a word of four characters or more with a digit in it."""


class Question(msgspec.Struct, eq=False, gc=False):
    """What a customer said in one step (a burst of messages, and their "???"), until it is answered or given up. Seconds are real ones since the
    run began: ``asked_t`` when they said the first piece of it, ``meant_t`` when they meant to say the last, ``answered_t`` when the first
    answer came. ``is_first``: of the conversation."""

    step: int | None
    asked_t: float
    meant_t: float
    is_first: bool = False
    acts: list[Act] = []
    answered_t: float | None = None
    given_up: bool = False

    @property
    def is_open(self) -> bool:
        """True while the customer waits for its answer."""
        return self.answered_t is None and not self.given_up

    @property
    def tokens(self) -> set[str]:
        """What tells this question from others."""
        return {token for act in self.acts for token in _tokens(act)}


class Reply(msgspec.Struct, frozen=True, gc=False):
    """What a message of the bot is, to which question, and how that is known; ``after_s`` is how long that took."""

    kind: Kind
    by: By
    question: Question | None = None
    after_s: float = 0.0


_UNASKED = Reply("unasked", "none")


class Correlation:
    """The questions and answers of one conversation. One message is looked at in time that grows with the questions that are
    open, which are few."""

    __slots__ = ("_answered", "_by_id", "_newest", "_waiting")

    def __init__(self) -> None:
        self._newest: Question | None = None
        self._answered: Question | None = None  # the last that was
        self._waiting: list[Question] = []  # for an answer, oldest first; also those that are given up
        self._by_id: dict[str, Question] = {}

    @property
    def open(self) -> list[Question]:
        """The questions whose answers the customer waits for."""
        return [question for question in self._waiting if not question.given_up]

    def said(self, act: Acted) -> bool:
        """The customer said something; true if that opens a question. Words of the step that is asked already, and nudges, belong
        to its question."""
        if not isinstance(act.act, _ASKING):
            return False
        question, from_step = self._newest, act.cause == "step"
        opens = question is None or (from_step and (act.step != question.step or not question.is_open))
        if question is None or opens:
            question = self._newest = Question(act.step, act.t, 0.0, question is None)
            self._waiting.append(question)
        elif not question.is_open:
            return False  # a nudge about what is answered asks nothing
        if from_step:
            question.meant_t = act.t if act.meant_at is None else act.meant_at
        question.acts.append(act.act)
        for identity in act.ids:
            self._by_id[identity] = question
        return opens

    def gave_up(self, step: int | None) -> list[Question]:
        """The customer does not wait for the answer to a step any more (``None``: to anything); returns the questions that this
        closes."""
        closed = [question for question in self.open if step in (None, question.step)]
        for question in closed:
            question.given_up = True
        return closed

    def replied(self, message: Message, t: float) -> Reply:
        """What a message of the bot answers that came at ``t``, in real seconds since the run began. It may have waited to be looked at: what
        was said meanwhile it does not answer."""
        question, by = self._meant_by(message, t)
        if question is None:
            return _UNASKED
        after_s = max(0.0, t - question.meant_t)
        if question.answered_t is not None:
            return Reply("more", by, question, after_s)
        question.answered_t = t
        self._answered = question
        self._waiting.remove(question)
        return Reply("late" if question.given_up else "answer", by, question, after_s)

    def _meant_by(self, message: Message, t: float) -> tuple[Question | None, By]:
        if message.reply_to is not None:
            quoted = self._by_id.get(message.reply_to)
            if quoted is not None:
                return quoted, "quote"
        waiting = self._waiting
        if waiting and waiting[-1].asked_t > t:
            waiting = [question for question in waiting if question.asked_t <= t]
        if not waiting:
            return self._answered, "none" if self._answered is None else "order"
        oldest = waiting[0]
        if len(waiting) > 1:
            shown = set(_TOKEN.findall(message.text))
            named = [question for question in waiting if not shown.isdisjoint(question.tokens)] if shown else []
            if len(named) == 1:
                return named[0], "token"
            oldest = next((question for question in waiting if not question.given_up), oldest)
        return oldest, "order"


def _tokens(act: Act) -> list[str]:
    parts: Sequence[Part] = act.parts if isinstance(act, Write) else ()
    return [token for part in parts for token in _TOKEN.findall(part_text(part))]
