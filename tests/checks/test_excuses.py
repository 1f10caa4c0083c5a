"""Nobody is blamed for what a fault did that came by chance; for all else a bot is."""

from __future__ import annotations

import pytest

from chatdrill.engine.steps import Waits
from chatdrill.trace import Injected


def strikes(told, fault="delay", *, back=1, **fields):
    """A fault strikes the webhook of the customer's newest act but ``back - 1``."""
    facts = {
        "fault": fault,
        "what": "something",
        "platform": told.platform,
        "updates": (told.said[-back][0],),
        **fields,
    }
    return told.put(Injected, **facts)


def call_struck(told, fault="api-error", **fields):
    return strikes(told, fault, updates=(), call="POST /sendMessage", **fields)


@pytest.mark.parametrize("bears", ["order", "loss"])
def test_what_a_bot_was_told_wrongly_it_may_answer_wrongly(tale, case, bears):
    told = strikes(case("swapped").says("Hi"), "reorder", bears=bears)
    told.hears("Hello!").bot("What?").wait(10).unmet()
    assert tale.findings("expected") == []
    assert tale.findings("unexpected") == []


def test_what_came_before_the_fault_still_counts(tale, case):
    told = case("before").says("Hi").hears("Hello!").bot("What?").wait(10)._close("unmet")
    told.says("Again")
    strikes(told, "reorder", bears="order").ends("unmet", "no")
    assert len(tale.findings("expected")) == 1


@pytest.mark.parametrize("by", ["step", "chance"])
def test_a_fault_of_the_scenario_excuses_nothing(tale, case, by):
    told = strikes(case("planned").says("Hi"), bears="loss", by=by)
    told.hears("Hello!").bot("What?").wait(10).unmet()
    assert len(tale.findings("expected")) == (by == "step")


def test_a_duplicate_excuses_nothing(tale, case):
    told = strikes(case("twice").says("Hi"), "duplicate", bears="nothing")
    told.hears("Hello!").bot("Hello!").met().bot("Hello!").done()
    assert len(tale.findings("unexpected")) == 1


def test_a_delay_of_a_message_alone_tears_nothing(tale, case):
    told = strikes(case("alone").says("Hi"), bears="time", late_s=2.0)
    told.hears("Hello!").bot("What?").wait(10).unmet()
    assert len(tale.findings("expected")) == 1


def test_a_delay_within_a_burst_tears_it(tale, case):
    told = strikes(case("burst").says("Hi", "553"), bears="time", late_s=2.0)
    told.hears("553 is on its way").bot("Hello!").bot("553 is on its way").met().done()
    assert tale.findings("unexpected") == []


def test_an_outage_may_carry_an_answer_over_a_deadline_of_the_bots(tale, case):
    told = case("pause").says("Hi").begins(Waits(seconds=1800.0))._close("played").says("Go on")
    call_struck(told, "api-down", bears="time", late_s=130.0).hears("Saturday?").bot("Shall I begin again?")
    told.wait(10).unmet()
    assert tale.findings("expected") == []


@pytest.mark.parametrize(("late_s", "count"), [(2.0, 0), (0.5, 1)])
def test_an_answer_may_be_later_by_what_the_fault_took(tale, case, late_s, count):
    told = call_struck(case("slow").says("Hi"), bears="time", late_s=late_s)
    told.hears("Hello!", within_s=1.0).bot("Hello!", after=2.5).met().done()
    assert len(tale.findings("expected")) == count


@pytest.mark.parametrize(("late_s", "verdict"), [(2.0, "pass"), (0.5, "fail")])
def test_so_may_a_response_that_was_promised(tale, case, late_s, verdict):
    told = case("slow", sla={"first_response": 1.0}).says("Hi", told=False)
    call_struck(told, bears="time", late_s=late_s).bot("Hello!", after=2.5).done()
    assert tale.verdict("sla") == verdict


@pytest.mark.parametrize(("late_s", "count"), [(60.0, 0), (1.0, 1)])
def test_silence_is_excused_while_the_fault_takes_time(tale, case, late_s, count):
    call_struck(case("down").says("Hi"), bears="time", late_s=late_s).wait(30).done()
    assert len(tale.findings("answered")) == count


@pytest.mark.parametrize(("times", "count"), [(5, 0), (4, 1)])
def test_an_answer_that_was_refused_again_and_again_may_be_given_up(tale, case, times, count):
    told = case("refused").says("Hi")
    for _ in range(times):
        call_struck(told, "429", bears="time", late_s=1.0)
    told.wait(90).done()
    assert len(tale.findings("answered")) == count


@pytest.mark.parametrize(("late_s", "count"), [(130.0, 0), (35.0, 1)])
def test_an_outage_that_began_before_the_question_takes_its_time_too(tale, case, late_s, count):
    told = call_struck(case("down").says("Hi").bot("Hello!"), "api-down", bears="time", late_s=late_s)
    told.wait(20).says("When do you open?").wait(30).done()
    assert len(tale.findings("answered")) == count


@pytest.mark.parametrize("bears", ["order", "loss"])
def test_who_answers_nothing_is_not_excused_by_what_struck_an_answered_word(tale, case, bears):
    told = strikes(case("long ago").says("Hi"), "reorder", bears=bears).bot("Hello!")
    told.says("When do you open?").wait(60).done()
    assert len(tale.findings("answered")) == 1


def test_other_conversations_are_not_excused(tale, case):
    told = case("two", people=("anna", "boris")).says("Hi").to("boris").says("Hi")
    strikes(told, bears="loss")
    told.to("anna").hears("Hello!").bot("What?").wait(10).unmet()
    assert len(tale.findings("expected")) == 1


@pytest.mark.parametrize(("late_s", "count"), [(3.0, 0), (0.5, 1)])
def test_news_of_the_desk_that_the_customer_overtakes_comes_in_another_order(tale, case, late_s, count):
    told = strikes(
        case("lag").says("Hi"), "desk-lag", bears="time", late_s=late_s, platform="chatwoot", updates=("d1",)
    )
    told.wait(2).says("Back to the bot").hears("Here I am").bot("Here I am").met()
    told.bot("My colleague is gone").done()
    assert len(tale.findings("unexpected")) == count


@pytest.mark.parametrize(("fault", "found"), [("media-gone", 1), ("lost-answer", 0)])
def test_a_file_that_cannot_be_had_excuses_other_words_but_no_silence(tale, case, fault, found):
    told = call_struck(case("gone").says("Hi"), fault, bears="loss")
    told.wait(60).done()
    assert len(tale.findings("answered")) == found
