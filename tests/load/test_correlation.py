"""Which reply answers which question: by quotation, by its token, by turn; what answers nothing is counted, never guessed."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.model import Message, Read, Text, Write
from chatdrill.trace import Acted
from chatdrill_load.crowd.correlation import Correlation, Reply


class Talk:
    """One conversation: a second passes with everything that happens."""

    def __init__(self) -> None:
        self.correlation = Correlation()
        self._t = count(1)
        self._ids = count(100)

    def says(self, text: str, step: int | None, *, meant_s: float | None = None) -> str:
        """The customer writes (``step`` is ``None``: nudges); returns the id."""
        id, t = str(next(self._ids)), float(next(self._t))
        cause = "persona" if step is None else "step"
        act = Write(parts=(Text(text=text),))
        self.correlation.said(Acted(n=0, t=t, at=t, act=act, ids=(id,), cause=cause, step=step, meant_at=meant_s))
        return id

    def bot(self, text: str, reply_to: str | None = None) -> Reply:
        t = float(next(self._t))
        message = Message(ids=(str(next(self._ids)),), author="bot", parts=(Text(text=text),), at=t, reply_to=reply_to)
        return self.correlation.replied(message, t)


@pytest.fixture
def talk() -> Talk:
    return Talk()


def test_an_answer_belongs_to_the_oldest_open_question(talk: Talk) -> None:
    talk.says("first", 0)
    talk.says("second", 2)
    one, two = talk.bot("yes"), talk.bot("no")
    assert [(reply.kind, reply.question and reply.question.step) for reply in (one, two)] == [
        ("answer", 0),
        ("answer", 2),
    ]


def test_a_quotation_says_which(talk: Talk) -> None:
    talk.says("first", 0)
    second = talk.says("second", 2)
    reply = talk.bot("about that", reply_to=second)
    assert (reply.kind, reply.by, reply.question and reply.question.step) == ("answer", "quote", 2)


def test_a_token_that_one_question_has_says_which(talk: Talk) -> None:
    talk.says("where is order A-5531", 0)
    talk.says("where is order A-7745", 2)
    reply = talk.bot("A-7745 is on its way")
    assert (reply.by, reply.question and reply.question.step) == ("token", 2)


def test_a_token_that_two_questions_have_says_nothing(talk: Talk) -> None:
    talk.says("order A-5531 please", 0)
    talk.says("order A-5531 now", 2)
    assert talk.bot("A-5531 is on its way").by == "order"


def test_a_burst_and_its_nudges_are_one_question_timed_from_its_last_piece(talk: Talk) -> None:
    talk.says("hi", 0)
    talk.says("my shoe", 0)
    talk.says("???", None)
    reply = talk.bot("yes?")
    assert (reply.kind, reply.after_s, talk.correlation.open) == ("answer", 2.0, [])


def test_latency_counts_from_when_the_customer_meant_to_write(talk: Talk) -> None:
    talk.says("hello", 0, meant_s=-3.0)
    assert talk.bot("hi").after_s == 5.0


def test_what_comes_behind_an_answer_is_more(talk: Talk) -> None:
    talk.says("hello", 0)
    assert [talk.bot(text).kind for text in ("hi", "how are you?")] == ["answer", "more"]


def test_what_came_before_a_question_but_was_looked_at_after_it_does_not_answer_it(talk: Talk) -> None:
    talk.says("first", 0)
    talk.bot("yes")
    talk.says("second", 2)  # at 3
    message = Message(ids=("1",), author="bot", parts=(Text(text="yes, indeed"),), at=2.5)
    reply = talk.correlation.replied(message, 2.5)
    assert (reply.kind, reply.question and reply.question.step, reply.after_s) == ("more", 0, 1.5)
    assert talk.bot("no").kind == "answer"


def test_what_came_before_the_first_question_answers_nothing(talk: Talk) -> None:
    talk.says("first", 0)
    message = Message(ids=("1",), author="bot", parts=(Text(text="welcome"),), at=0.5)
    assert talk.correlation.replied(message, 0.5).kind == "unasked"
    assert talk.bot("yes").kind == "answer"


def test_an_answer_to_what_was_given_up_is_late(talk: Talk) -> None:
    talk.says("hello", 0)
    talk.correlation.gave_up(None)
    assert talk.bot("hi").kind == "late"


def test_an_open_question_goes_before_one_that_was_given_up(talk: Talk) -> None:
    talk.says("hello", 0)
    talk.correlation.gave_up(0)
    talk.says("still there?", 2)
    reply = talk.bot("yes")
    assert (reply.kind, reply.question and reply.question.step) == ("answer", 2)


def test_a_bot_that_speaks_first_answers_nothing(talk: Talk) -> None:
    assert talk.bot("buy shoes").kind == "unasked"


def test_who_only_reads_asks_nothing(talk: Talk) -> None:
    talk.correlation.said(Acted(n=0, t=1.0, at=1.0, act=Read(message_id="7"), cause="persona"))
    assert talk.bot("hello").kind == "unasked"


@given(st.permutations(range(6)))
def test_quoting_answers_are_matched_in_any_order(order: list[int]) -> None:
    talk = Talk()
    ids = [talk.says(f"question {number}", number) for number in range(6)]
    found = [talk.bot("so", reply_to=ids[number]).question for number in order]
    assert [question and question.step for question in found] == list(order)


@given(st.permutations(range(6)))
def test_answers_that_name_the_order_are_matched_in_any_order(order: list[int]) -> None:
    talk = Talk()
    for number in range(6):
        talk.says(f"where is my order X{number}77", number)
    found = [talk.bot(f"your order X{number}77 is here").question for number in order]
    assert [question and question.step for question in found] == list(order)


@given(st.lists(st.sampled_from(["says", "nudges", "bot", "gives up"]), max_size=40))
def test_every_reply_is_counted_once_and_no_question_is_answered_twice(events: list[str]) -> None:
    talk, kinds, step = Talk(), [], 0
    for event in events:
        if event == "says":
            step += 2
            talk.says("hello", step)
        elif event == "nudges":
            talk.says("???", None)
        elif event == "bot":
            kinds.append(talk.bot("hi").kind)
        else:
            talk.correlation.gave_up(None)
    assert len(kinds) == events.count("bot")
    assert kinds.count("answer") + kinds.count("late") <= events.count("says") + events.count("nudges")
