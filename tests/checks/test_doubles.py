"""Equal answers need as many words of the customer, or an excuse."""

from __future__ import annotations

import pytest

from checks.handoff.traces import Told


def test_two_equal_answers_to_one_word_fail(tale, case):
    case("echoed").says("Where is 553?").bot("On its way").bot("On its way").done()
    [finding] = tale.findings("said-twice")
    assert finding.message == "the bot said the same twice, and was asked once: 'On its way'"
    assert tale.cited(finding) == ["On its way", "On its way"]


def test_every_word_may_have_the_same_answer(tale, case):
    case("burst").says("Hi", "Hello").bot("Welcome").bot("Welcome").says("Hi").bot("Welcome").done()
    assert tale.verdict("said-twice") == "pass"


def test_different_answers_and_other_buttons_are_no_doubles(tale, case):
    case("chatty").says("Hi").bot("Welcome").bot("How can I help?").done()
    assert tale.verdict("said-twice") == "pass"


def test_silence_is_no_evidence(tale, case):
    case("mute").says("Hi").done()
    assert tale.verdict("said-twice") == "none"


@pytest.mark.parametrize(("within", "verdict"), [("10s", "fail"), ("2s", "pass")])
def test_what_comes_much_later_is_a_reminder(tale, case, within, verdict):
    case("late").says("Hi").bot("Welcome").bot("Welcome", after=5).wait(9).done()
    assert tale.verdict("said-twice", checks={"said-twice": {"within": within}}) == verdict


def test_an_answer_that_was_still_owed_may_come_now(tale, case):
    case("owed").says("Hi", "Hello").bot("Welcome").says("Hey").bot("Welcome").bot("Welcome").done()
    assert tale.verdict("said-twice") == "pass"


def test_a_webhook_that_came_again_is_left_to_once(tale, case):
    case("again").says("Hi").attempt(number=2).bot("Welcome").bot("Welcome").done()
    assert tale.verdict("said-twice") == "pass" and tale.verdict("once") == "fail"


def test_a_call_that_failed_may_be_made_again(tale, case):
    case("reset").says("Hi").bot("Welcome").calls(ok=False, error="Internal Server Error").bot("Welcome").done()
    assert tale.verdict("said-twice") == "pass"


def test_agents_may_repeat_themselves():
    told = Told().says("A person, please").handoff().notice("I am calling a colleague.").accepts()
    told.replies("Wait.").passes_on().replies("Wait.").passes_on().done()
    assert told.verdict("said-twice") != "fail"
