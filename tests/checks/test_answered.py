"""Nobody is left without an answer, or there is an excuse."""

from __future__ import annotations

import pytest

from chatdrill.model import Delete, Text, Write
from checks.handoff.traces import Told


def test_every_message_answered_passes(tale, case):
    case("fine").says("Hi").bot("Hello!").says("Bye").bot("Goodbye").wait(60).done()
    assert tale.verdict("answered") == "pass"


def test_a_message_without_any_answer_fails(tale, case):
    case("mute").says("Hi").wait(11).done()
    [finding] = tale.findings("answered")
    assert finding.message == "the customer's message was never answered"
    assert tale.cited(finding) == ["Hi"]


def test_without_customers_words_there_is_no_evidence(tale, case):
    case("idle").wait(60).done()
    assert tale.verdict("answered") == "none"


def test_typing_and_reading_are_no_answer(tale, case):
    case("mute").says("Hi").reads().types().wait(11).done()
    assert len(tale.findings("answered")) == 1


def test_a_toast_an_edit_or_a_reaction_is_one(tale, case):
    told = case("menu").says("Hi").bot("Choose").presses("Yes").toasts().wait(20).presses("No").bot_edits("Chosen")
    told.wait(20).done()
    assert tale.verdict("answered") == "pass"


def test_one_late_answer_has_the_benefit_of_the_doubt(tale, case):
    case("gap").says("Where is 553?").wait(60).says("And 554?").bot("On its way").wait(60).done()
    assert tale.verdict("answered") == "pass"


def test_a_skipped_pause_counts_once_the_bot_has_had_its_real_seconds(tale, case):
    case("quick").says("Hi").waits(0.3, skipped=86400).says("Hello?").wait(1).done()
    assert tale.verdict("answered") == "pass"
    case("patient").says("Hi").waits(9.0, skipped=86400).says("Hello?").wait(60).done()
    assert [tale.cited(finding) for finding in tale.findings("answered")] == [["Hi", "Hello?"]]


def test_two_forgotten_messages_need_more_than_one_answer(tale, case):
    told = case("gaps").says("One").wait(60).says("Two").wait(60).says("Three").bot("Three, yes").wait(60)
    told.done()
    [finding] = tale.findings("answered")
    assert tale.cited(finding) == ["One", "Two"]


@pytest.mark.parametrize(("wait_s", "verdict"), [(9.0, "pass"), (9.9, "fail")])
def test_the_end_of_the_scenario_excuses_before_the_time_is_over(tale, case, wait_s, verdict):
    case("end").says("Hi").wait(wait_s).done()  # the webhook and the end add a little
    assert tale.verdict("answered") == verdict


def test_the_time_is_a_parameter(tale, case):
    case("slow", checks={"answered": "1m"}).says("Hi").wait(30).done()
    assert tale.verdict("answered") == "pass"
    assert tale.verdict("answered", checks={"answered": {"after": "5s"}}) == "fail"


def test_where_the_scenario_listens_its_expectations_are_the_judge(tale, case):
    told = case("strict").says("Part one").waits(0.3, skipped=86400).says("Part two").hears("Got both").bot("Got both")
    told.met().done()
    assert tale.judge().findings == ()


def test_expected_silence_is_an_excuse(tale, case):
    case("hush").says("Spam").hears_nothing(30).wait(30).met().done()
    assert tale.judge().findings == ()


def test_a_missed_expectation_is_not_told_twice(tale, case):
    case("miss").says("Hi").hears("Hello!").wait(30).unmet()
    assert [finding.check for finding in tale.judge().findings] == ["expected"]


def test_after_the_last_listening_silence_counts_again(tale, case):
    told = case("after").says("Hi").hears("Hello!").bot("Hello!").met().says("One more thing")
    told.waits(12).done()
    assert [tale.cited(finding) for finding in tale.findings("answered")] == [["One more thing"]]


def test_a_skipped_pause_of_another_customer_passes_no_time_for_this_one(tale, case):
    two = case("two", people=("anna", "boris")).says("Hi").bot("Hello!").to("boris").says("Hi").to("anna")
    two.waits(0.3, skipped=86400).says("Bye").bot("Goodbye").done()
    assert tale.judge().findings == ()


def test_a_fast_drill_leaves_the_bot_its_real_seconds(new_tale):
    tale = new_tale(clock="scaled", speed=600)
    tale.case("fast").says("Hi").wait(3).done()
    assert tale.verdict("answered") == "pass"
    tale.case("slow").says("Hi").wait(6).done()
    assert len(tale.findings("answered")) == 1


def test_a_customer_who_blocks_the_bot_wants_no_answer(tale, case):
    case("block").says("Stop").blocks().wait(60).done()
    assert tale.verdict("answered") == "pass"


def test_a_word_that_the_gateway_takes_for_a_block_wants_no_answer_nor_does_what_comes_after_it(tale, case):
    told = case("stop").says("Where is my order?").says("Stop", blocks=True).wait(60).says("What?").wait(60)
    told.says("Start", blocks=False).bot("Hello!").done()
    assert tale.verdict("answered") == "pass"


def test_a_word_that_came_long_before_the_customer_left_is_to_be_answered(tale, case):
    case("late").says("Where is my order?").wait(60).says("Stop", blocks=True).wait(60).done()
    case("back").says("Stop", blocks=True).says("Start", blocks=False).says("Where is my order?").wait(60).done()
    assert [finding.case for finding in tale.findings("answered")] == ["late [telegram]", "back [telegram]"]


def test_a_bot_that_was_never_told_owes_nothing(tale, case):
    case("unsubscribed").act_silently("Hi").wait(60).done()
    case("lost").says("Hi", told=False).dropped("fault: lost for good").wait(60).done()
    case("down").says("Hi", told=False).attempt(status=500).wait(60).done()
    assert tale.findings("answered") == []


def test_nor_does_one_that_was_told_when_the_case_was_over(tale, case):
    case("busy").says("Hi", told=False).wait(60).done().attempt()
    assert tale.verdict("answered") == "pass"


@pytest.mark.parametrize(
    ("after_s", "silent", "verdict"),
    [(1.0, False, "pass"), (9.0, False, "pass"), (11.0, False, "fail"), (1.0, True, "fail")],
)
def test_what_is_taken_back_before_it_is_due_needs_no_answer_if_the_bot_is_told(tale, case, after_s, silent, verdict):
    told = case("unsent").says("Where is my refund?")
    told.act(Delete(message_id=told.said[-1][1][0]), after=after_s, silent=silent).wait(60).done()
    assert tale.verdict("answered") == verdict


def test_a_message_that_comes_late_together_with_its_deletion_needs_no_answer(tale, case):
    told = case("held up").says("Where is my refund?", told=False)
    told.act(Delete(message_id=told.said[-1][1][0]), after=12.0, told=False).wait(3)
    told.attempt(back=2).attempt(back=1).wait(60).done()
    assert tale.verdict("answered") == "pass"


def test_taking_one_message_back_excuses_no_other(tale, case):
    told = case("two").says("Where is my refund?", "And my shoes?")
    told.act(Delete(message_id=told.said[-1][1][0]), after=1.0).wait(60).done()
    assert [tale.cited(finding) for finding in tale.findings("answered")] == [["Where is my refund?"]]


def test_a_message_of_two_of_which_one_is_taken_back_still_waits(tale, case):
    told = case("photos").act(Write(parts=(Text(text="Two photos"),)), ids=2)
    told.act(Delete(message_id=told.said[-1][1][0]), after=1.0).wait(60).done()
    assert len(tale.findings("answered")) == 1


def test_a_stopped_case_excuses(tale, case):
    case("stopped").says("Hi").wait(300).ends("stopped", "stopped after 300 s")
    assert tale.verdict("answered") == "pass"


def test_a_skipped_pause_at_the_end_counts_for_its_own_conversation(tale, case):
    case("end").says("Hi").waits(9.0, skipped=86400).done()
    assert [tale.cited(finding) for finding in tale.findings("answered")] == [["Hi"]]


def test_a_nudge_asks_for_no_answer_of_its_own(tale, case):
    case("nudged").says("Hi").hears("Hello!", optional=True).nudges().skipped().wait(60).done()
    assert tale.judge().findings == ()


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("I am calling a colleague. They will answer here.", "pass"),
        ("I cannot help with this, so I am calling a colleague.", "pass"),
        ("Shall I call a person?", "fail"),
    ],
)
def test_who_was_told_that_a_person_comes_waits_for_one_where_no_desk_is_drilled(tale, case, said, verdict):
    case("calls").says("Help").bot(said).says("Are you there?").wait(60).done()
    assert tale.verdict("answered") == verdict


@pytest.mark.parametrize(("gap_s", "again_s", "verdict"), [(0.5, 3.0, "pass"), (5.0, 3.0, "fail"), (0.5, 20.0, "fail")])
def test_a_word_that_crosses_an_agents_goodbye_may_have_gone_to_the_agent(gap_s, again_s, verdict):
    told = Told().says("A person, please").handoff().notice("I am calling a colleague.").accepts()
    told.closes().wait(gap_s).says("One more thing").owner("agent", "bob", after=again_s).wait(60).done()
    assert told.verdict("answered") == verdict
