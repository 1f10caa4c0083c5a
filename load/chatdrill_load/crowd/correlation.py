"""Which of the bot's messages answers which of the customer's, in one conversation, as they come.

In this order: the message that it quotes; the one question whose own token (an order number, a code) stands in it; else the oldest
question that is still open. What answers nothing is counted, never guessed: it says *more* about a question that was
answered already, comes too *late* for one that the customer gave up, or answers none at all (*unasked*).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from chatdrill.model import Message, Part, Press, Start, Write, part_text
from chatdrill.trace import Acted, Took

Kind = Literal["answer", "more", "late", "unasked"]
By = Literal["quote", "token", "order", "none"]

_TOKEN = re.compile(r"(?=[\w-]*\d)[\w-]{4,}")
"""What may tell one question from another: a word of four characters or more with a digit in it."""


@dataclass
class Question:
    """What a customer said in one step (a burst of messages, and their "???"), until it is answered or given up. Seconds are real ones since the
    run began: ``meant_t`` when they meant to say the last piece of it, ``answered_t`` when the first answer came."""

    step: int | None
    meant_t: float
    ids: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    answered_t: float | None = None
    given_up: bool = False

    @property
    def is_open(self) -> bool:
        """True while the customer waits for its answer."""
        return self.answered_t is None and not self.given_up


@dataclass(frozen=True)
class Reply:
    """What a message of the bot is, to which question, and how that is known; ``after_s`` is how long that took."""

    kind: Kind
    by: By
    question: Question | None = None
    after_s: float = 0.0


class Correlation:
    """The questions and answers of one conversation. One message is looked at in time that grows with the questions that are
    open, which are few."""

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self._by_id: dict[str, Question] = {}

    def said(self, act: Acted) -> None:
        """The customer said something. Words of the step that is asked already, and nudges, belong to its question."""
        if not isinstance(act.act, Write | Press | Start):
            return
        newest = self.questions[-1] if self.questions else None
        if newest is not None and newest.is_open and (act.cause != "step" or act.step == newest.step):
            question = newest
        elif act.cause != "step" and newest is not None:
            return  # a nudge about what is answered asks nothing
        else:
            question = Question(act.step, 0.0)
            self.questions.append(question)
        if act.cause == "step":
            question.meant_t = act.t if act.meant_at is None else act.meant_at
        question.ids.update(act.ids)
        question.tokens |= _tokens(act.act)
        self._by_id.update(dict.fromkeys(act.ids, question))

    def gave_up(self, step: int | None) -> None:
        """The customer does not wait for the answer to a step any more (``None``: to anything)."""
        for question in self.questions:
            if question.is_open and step in (None, question.step):
                question.given_up = True

    def replied(self, took: Took, message: Message) -> Reply:
        """What a message of the bot answers."""
        question, by = self._meant_by(message)
        if question is None:
            return Reply("unasked", "none")
        after_s = took.t - question.meant_t
        if question.answered_t is not None:
            return Reply("more", by, question, after_s)
        question.answered_t = took.t
        return Reply("late" if question.given_up else "answer", by, question, after_s)

    def _meant_by(self, message: Message) -> tuple[Question | None, By]:
        quoted = self._by_id.get(message.reply_to or "")
        if quoted is not None:
            return quoted, "quote"
        waiting = [question for question in self.questions if question.answered_t is None]
        if len(waiting) > 1:
            shown = set(_TOKEN.findall(message.text))
            named = [question for question in waiting if question.tokens & shown]
            if len(named) == 1:
                return named[0], "token"
        still = [question for question in waiting if question.is_open] or waiting
        if still:
            return still[0], "order"
        return (self.questions[-1], "order") if self.questions else (None, "none")


def _tokens(act: Write | Press | Start) -> set[str]:
    parts: Sequence[Part] = act.parts if isinstance(act, Write) else ()
    return {token for part in parts for token in _TOKEN.findall(part_text(part))}
