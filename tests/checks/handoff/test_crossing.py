"""What the customer says as an agent takes over uncalled is owed to the agent, unless the bot had answered it itself."""

from __future__ import annotations

import pytest

import chatdrill.checks.handoff.inbound  # noqa: F401
from checks.handoff.traces import Told


def crossing(after_s: float, answer: str = "There is nothing to cancel.") -> Told:
    """The bot answers a word that came when an agent who is not called took over, so long after it heard of that."""
    told = Told().says("Hi").bot("Hello!").opens().wait(5).takes_over().says("never mind", after=0)
    return told.bot(answer, after=after_s)


@pytest.mark.parametrize(("after_s", "verdict"), [(0.5, "none"), (1.4, "none"), (1.8, "fail")])
def test_what_the_bot_answered_before_it_could_hear_of_the_agent_is_not_owed(after_s, verdict):
    assert crossing(after_s).wait(30).done().verdict("HO-22") == verdict


@pytest.mark.parametrize(
    ("beside", "verdict"), [("There is nothing to cancel.", "none"), ("Please wait, a colleague is coming.", "fail")]
)
def test_an_answer_with_a_notice_in_the_same_message_is_an_answer_and_a_notice_alone_is_none(beside, verdict):
    told = crossing(0.5, f"I am back with you.\n\n{beside}")
    assert told.wait(30).done().verdict("HO-22") == verdict


def test_what_nobody_answered_is_owed_however_early_it_came():
    told = Told().says("Hi").bot("Hello!").opens().wait(5).takes_over().says("never mind", after=0)
    assert told.wait(30).done().verdict("HO-22") == "fail"
