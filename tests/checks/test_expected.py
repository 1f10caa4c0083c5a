"""What the scenario expects, held against what the bot said."""

from __future__ import annotations

import pytest

from chatdrill.engine.expect import contains, expect
from chatdrill.engine.steps import Hears, Presses
from chatdrill.model import File, Media, Text


def test_an_expected_answer_passes(tale, case):
    case("status").says("Hi").hears("Hello!").bot("Hello!").met().done()
    assert tale.verdict("expected") == "pass"
    assert tale.judge().findings == ()


def test_without_expectations_there_is_no_evidence(tale, case):
    case("smoke").says("Hi").bot("Hello!").done()
    assert tale.verdict("expected") == "none"


def test_a_miss_names_what_was_expected_and_what_came_nearest(tale, case):
    case("status").says("Hi").hears("Hello!").bot("How are you?").bot("Helo!").wait(10).unmet()
    [finding] = tale.judge().findings
    assert finding.check == "expected"
    assert finding.message == "the bot did not say what was expected: 'Hello!'"
    assert finding.details["nearest"] == "'Helo!'"
    assert finding.details["waited"] == "10.4s"
    assert tale.cited(finding) == ["Helo!"]


def test_silence_is_called_silence(tale, case):
    case("status").says("Hi").hears("Hello!").bot("Hello!").met().says("Order 553?").hears("On its way").wait(
        10
    ).unmet()
    [finding] = tale.judge().findings
    assert finding.message == "the bot said nothing; expected was 'On its way'"
    assert finding.details["nearest"] == "the bot said nothing"
    assert (finding.step, finding.fault) == (3, "bot")


def test_one_turn_is_met_in_any_order(tale, case):
    case("any").says("Hi").hears("One").hears("Two").bot("Two").bot("One").met().done()
    assert tale.judge().findings == ()


def test_order_counts_where_the_scenario_gives_one(tale, case):
    case("given").says("Hi").hears("One", "Two", in_order=True).bot("Two").bot("One").unmet()
    assert len(tale.findings("expected")) == 1


def test_a_greedy_expectation_leaves_the_only_fitting_message_to_the_other(tale, case):
    turn = case("greedy").says("Hi").hears(contains("order")).hears("Your order 553")
    turn.bot("Your order 553").bot("An order").met().done()
    assert tale.judge().findings == ()


def test_only_allows_nothing_else_not_even_late(tale, case):
    turn = case("only").says("Hi").hears("Hello!", only=True).bot("Hello!").met()
    turn.bot("Buy our socks!").done()
    [finding] = tale.judge().findings
    assert finding.check == "expected"
    assert finding.message == "the bot said more than was expected: 'Buy our socks!'"


def test_an_optional_step_may_be_missed(tale, case):
    turn = case("optional").says("Hi").hears("By the way", optional=True).wait(1).skipped()
    turn.hears("Hello!").bot("Hello!").met().done()
    assert tale.judge().findings == ()


def test_eventually_excuses_what_comes_before(tale, case):
    case("slow").says("Hi").eventually("Done").bot("Wait").bot("Still wait").bot("Done").met().done()
    assert tale.judge().findings == ()


def test_a_captured_value_is_judged_as_it_was_played(tale, case):
    told = case("capture").says("Hi").hears(expect(regex=r"order (?P<order>\d+)")).bot("order 77").met()
    told.hears("{order} is paid", played=Hears(expectations=(expect("77 is paid"),))).bot("77 is paid").met().done()
    assert tale.judge().findings == ()


def test_hearing_nothing_holds_from_its_own_start(tale, case):
    case("hush").says("Hi").hears("Hello!").bot("Hello!").met().hears_nothing(5).wait(5).met().done()
    assert tale.judge().findings == ()


def test_what_was_said_before_the_silence_began_does_not_break_it(tale, case):
    told = case("hush", checks={"unexpected": "allow"}).says("Hi").bot("Hello!").hears_nothing(5).wait(5).met()
    told.done()
    assert tale.judge().findings == ()


def test_a_word_into_expected_silence_fails_once(tale, case):
    case("hush").says("Hi").hears_nothing(5).bot("Boo").bot("Boo again").unmet("the bot said 'Boo'")
    [finding] = tale.judge().findings
    assert finding.message == "the bot spoke where silence was expected: 'Boo' and 1 more message"


def test_an_edit_does_not_break_silence(tale, case):
    told = case("hush").says("Hi").hears("Hello!").bot("Hello!").met()
    told.hears_nothing(5).bot_edits("Hello, Anna!").wait(5).met().done()
    assert tale.judge().findings == ()


def test_what_should_never_be_said_fails_whenever_it_is_said(tale, case):
    told = case("never").never(contains("password")).says("Hi").hears("Hello!").bot("Hello!").met()
    told.says("Help").hears("Sure").bot("Sure").met().bot("Your password is x").done()
    assert [tale.cited(finding) for finding in tale.findings("expected")] == [["Your password is x"]]


def test_never_looks_at_edits_too(tale, case):
    case("never").never(contains("password")).says("Hi").bot("Hello!").bot_edits("Your password is x").done()
    assert len(tale.findings("expected")) == 1


def test_never_ends_in_drill_time(tale, case):
    told = case("never").never(contains("offer"), for_s=3600).says("Hi").bot("Hello!").skip(7200)
    told.bot("An offer").done()
    assert tale.verdict("expected") == "pass"


def test_an_expected_edit_accounts_for_the_draft_it_replaced(tale, case):
    told = case("stream").says("Hi").hears(expect("It is on its way", edited=True))
    told.bot("...").bot_edits("It is").bot_edits("It is on its way").met().done()
    assert tale.judge().findings == ()


def test_an_album_is_one_message(tale, case):
    photo = Media(kind="photo", file=File(sha256="a" * 64), caption=Text(text="Both"))
    case("album").says("Show me").hears(expect(contains="Both", media="photo")).bot(
        "", photo, photo, ids=("b1", "b2")
    ).met().done()
    assert tale.judge().findings == ()


def test_each_customer_of_a_case_has_ears_of_their_own(tale, case):
    two = case("two", people=("anna", "boris")).says("Hi").to("boris").says("Hi")
    two.to("anna").hears("Hello, Anna").to("anna").bot("Hello, Anna").met()
    two.to("boris").hears("Hello, Boris").bot("Hello, Boris").met().done()
    assert tale.judge().findings == ()


def test_a_message_to_the_other_customer_meets_no_expectation(tale, case):
    two = case("two", people=("anna", "boris")).says("Hi").hears("Hello").to("boris").bot("Hello")
    two.to("anna").unmet()
    [finding] = tale.findings("expected")
    assert finding.conv == "two [telegram]/anna"


def test_a_late_answer_is_late(tale, case):
    case("late").says("Hi").hears("Hello!", within_s=2.0).bot("Hello!", after=3.5).met().done()
    [finding] = tale.findings("expected")
    assert finding.message == "the answer came after 3.500 s, expected within 2s"


@pytest.mark.parametrize(("took_s", "count"), [(2.0, 0), (2.001, 1)])
def test_the_bound_itself_is_in_time(tale, case, took_s, count):
    case("late").says("Hi").hears("Hello!", within_s=2.0).bot("Hello!", after=took_s).met().done()
    assert len(tale.findings("expected")) == count


def test_in_virtual_time_the_bound_counts_drill_time(new_tale):
    tale = new_tale(clock="virtual")
    told = tale.case("late").says("Hi").hears("Hello!", within_s=60.0)
    told.ahead["anna"] = 300.0
    told.bot("Hello!").met().done()
    assert "5m" in tale.findings("expected")[0].message


def test_a_fast_drill_does_not_make_a_bot_late(new_tale):
    tale = new_tale(clock="scaled", speed=60)
    tale.case("fast").says("Hi").hears("Hello!", within_s=5.0).bot("Hello!", after=4.0).met().done()
    assert tale.judge().findings == ()


def test_a_slow_drill_leaves_the_bot_more_real_time(new_tale):
    tale = new_tale(clock="scaled", speed=0.5)
    tale.case("slow").says("Hi").hears("Hello!", within_s=5.0).bot("Hello!", after=9.0).met().done()
    assert tale.judge().findings == ()


def test_a_customer_who_leaves_says_what_they_waited_for(tale, case):
    told = case("left").says("Hi").hears("Hello!").nudges().nudges().wait(8)
    told.ends("unmet", "the customer lost patience and left")
    [finding] = tale.judge().findings
    assert finding.message == "the customer lost patience and left"
    assert finding.details["expected"] == "'Hello!'"
    assert finding.step == 1


def test_a_button_that_is_not_there_ends_the_case_with_that_word(tale, case):
    told = case("press").says("Hi").bot("Hello!").begins(Presses(title="Yes"))
    told.ends("unmet", "there is no button 'Yes' to press; the bot has sent no buttons")
    [finding] = tale.findings("expected")
    assert "no button 'Yes'" in finding.message
    assert finding.step == 1


def test_a_miss_after_a_call_that_is_not_emulated_is_undecided(tale, case):
    told = case("poll").says("Hi").hears("Vote!").calls("sendPoll", ok=False, support="refused", error="not emulated")
    told.wait(10).unmet()
    [finding] = tale.findings("expected")
    assert (finding.verdict, finding.fault) == ("inconclusive", "harness")
    assert finding.details["hint"] == "the bot called sendPoll, which chatdrill does not emulate"
    assert tale.judge().verdict == "inconclusive"


def test_a_miss_after_a_refused_call_points_at_the_refusal(tale, case):
    told = case("long").says("Hi").hears("A long tale").calls(ok=False, error="Bad Request: message is too long")
    told.wait(10).unmet()
    [finding] = tale.findings("expected")
    assert "longer than allowed" in finding.details["hint"]


def test_a_miss_of_a_bot_that_was_not_reached_points_at_the_webhook(tale, case):
    told = case("down").says("Hi", told=False).attempt(status=None, error="connection refused").hears("Hello!")
    told.wait(10).unmet()
    assert tale.findings("expected")[0].details["hint"] == "the bot was not reached: connection refused"


def test_a_stopped_case_is_not_held_against_the_bot(tale, case):
    case("stopped").says("Hi").hears("Hello!").bot("One moment").ends("stopped", "interrupted")
    assert tale.verdict("expected") == "none"
    assert tale.verdict("unexpected") == "none"


def test_a_killed_run_accuses_nobody(tale, case):
    case("killed").says("Hi").hears("Hello!").bot("One moment")
    assert {finding.check for finding in tale.judge().findings} == {"whole"}
