"""What nobody expected, and when that is held against the bot."""

from __future__ import annotations

import pytest

from chatdrill.errors import UsageError


def test_nothing_more_than_expected_passes(tale, case):
    told = case("plain").says("Hi").hears("Hello!").bot("Hello!").met()
    told.says("Bye").hears("Goodbye").bot("Goodbye").met().done()
    assert tale.verdict("unexpected") == "pass"


def test_a_scenario_that_expects_nothing_allows_everything(tale, case):
    case("smoke").says("Hi").bot("One").bot("Two").done()
    assert tale.verdict("unexpected") == "none"
    assert tale.judge().findings == ()


def test_a_message_too_many_fails_once_and_is_cited(tale, case):
    told = case("chatty").says("Hi").hears("Hello!").bot("Hello!").met().bot("Buy socks!").bot("Two pairs!")
    told.says("Bye").hears("Goodbye").bot("Goodbye").met().done()
    [finding] = tale.judge().findings
    assert finding.check == "unexpected"
    assert finding.message == "the bot said 'Buy socks!' and 1 more message, which was not expected"
    assert tale.cited(finding) == ["Buy socks!", "Two pairs!"]


def test_a_message_before_the_expected_one_is_too_many_as_well(tale, case):
    case("chatty").says("Hi").hears("Hello!").bot("Buy socks!").bot("Hello!").met().done()
    assert [tale.cited(finding) for finding in tale.judge().findings] == [["Buy socks!"]]


def test_a_message_after_the_last_expectation_is_too_many(tale, case):
    case("chatty").says("Hi").hears("Hello!").bot("Hello!").met().bot("Buy socks!", after=0.1).done()
    assert len(tale.findings("unexpected")) == 1


def test_a_late_extra_answer_is_found_in_the_next_turn(tale, case):
    told = case("late").says("Hi").hears("Hello!").bot("Hello!").met()
    told.says("Bye").hears("Goodbye").bot("And another thing").bot("Goodbye").met().done()
    assert [tale.cited(finding) for finding in tale.judge().findings] == [["And another thing"]]


def test_a_greeting_before_the_first_word_may_be_expected(tale, case):
    case("welcome").bot("Welcome!").hears("Welcome!").met().says("Hi").hears("Hello!").bot("Hello!").met().done()
    assert tale.judge().findings == ()


def test_an_answer_between_two_messages_waits_for_the_listening_after_them(tale, case):
    told = case("burst").says("Hi").bot("Hello!", after=0.1).says("Order 553?").hears("Hello!").hears("On its way")
    told.bot("On its way").met().done()
    assert tale.judge().findings == ()


def test_an_answer_inside_a_burst_waits_too(tale, case):
    told = case("burst", people=("anna",)).says("Hi", "Order 553?", gap=1.0)
    told.hears("Hello!").hears("On its way").bot("On its way").bot("Hello!").met().done()
    assert tale.judge().findings == ()


def test_a_stale_message_meets_no_later_expectation(tale, case):
    told = case("stale").says("Hi").hears("Hello!").bot("Hello!").bot("Anything else?").met()
    told.says("Bye").hears("Anything else?").wait(10).unmet()
    assert [finding.check for finding in tale.judge().findings] == ["expected", "unexpected"]


def test_more_is_allowed_where_the_scenario_allows_it(tale, case):
    told = case("free", checks={"unexpected": {"messages": "allow"}}).says("Hi").hears("Hello!")
    told.bot("Hello!").bot("Buy socks!").met().done()
    assert tale.verdict("unexpected") == "none"
    assert tale.judge().findings == ()


def test_a_reminder_in_a_pause_may_be_expected(tale, case):
    told = case("reminder").says("Hi").hears("Hello!").bot("Hello!").met()
    told.waits(0.3, skipped=86400).hears("Still there?").bot("Still there?").met().done()
    assert tale.judge().findings == ()


def test_edits_are_never_too_many(tale, case):
    case("edit").says("Hi").hears("Hello!").bot("Hello!").met().bot_edits("Hello, Anna!").bot_edits("Hi!").done()
    assert tale.judge().findings == ()


def test_an_answer_to_a_nudge_is_excused(tale, case):
    case("nudged").says("Hi").hears("Hello!").nudges().bot("One moment").bot("Hello!").met().done()
    assert tale.judge().findings == ()


def test_a_nudge_excuses_its_own_turn_only(tale, case):
    told = case("nudged").says("Hi").hears("Hello!").nudges().bot("One moment").bot("Hello!").met()
    told.says("Bye").hears("Goodbye").bot("Goodbye").bot("Buy socks!").met().done()
    assert [tale.cited(finding) for finding in tale.judge().findings] == [["Buy socks!"]]


def test_a_goodbye_to_which_nobody_listens_is_excused(tale, case):
    told = (
        case("thanks").says("Hi").hears("Hello!").bot("Hello!").met().says("Thanks").bot("You are welcome", after=0.1)
    )
    told.done()
    assert tale.judge().findings == ()


def test_a_customer_to_whom_nobody_listens_may_hear_anything(tale, case):
    two = case("two", people=("anna", "boris")).says("Hi").hears("Hello!").bot("Hello!").met()
    two.to("boris").says("Hi").bot("What?").bot("Who?").done()
    assert tale.judge().findings == ()


def test_a_wrong_answer_is_one_finding_not_two(tale, case):
    case("wrong").says("Hi").hears("Hello!").bot("Go away").wait(10).unmet()
    assert [finding.check for finding in tale.judge().findings] == ["expected"]


def test_what_the_bot_says_when_the_case_is_over_does_not_count(tale, case):
    case("over").says("Hi").hears("Hello!").bot("Hello!").met().done().bot("Buy socks!")
    assert tale.judge().findings == ()


def test_messages_is_fail_or_allow(tale, case):
    case("free").says("Hi").done()
    with pytest.raises(UsageError, match="expected fail or allow, got 'alow'; did you mean 'allow'"):
        tale.judge(checks={"unexpected": "alow"})
