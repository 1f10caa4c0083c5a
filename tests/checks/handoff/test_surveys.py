"""A survey is asked once, after the end; a rating is stored once, where it belongs (HO-44, HO-45)."""

from __future__ import annotations

import pytest

import chatdrill.checks.handoff.surveys  # noqa: F401  registers them
from chatdrill.checks.handoff.ratings import score_in
from chatdrill.model import Assigned, Button, Keyboard, Rated, SurveyAsked
from checks.handoff.traces import Told

HOUR = 3600.0
SURVEY = "How did I do? 1 is bad, 5 is excellent."
STARS = Keyboard(style="inline", rows=tuple((Button(title=f"{stars} ★", kind="callback"),) for stars in range(1, 6)))


def served() -> Told:
    told = Told().says("A person, please").handoff().notice("I am calling a colleague.").accepts()
    return told.replies("Good morning!").passes_on()


def by_message() -> Told:
    """The desk asks by a message, which the bot shows."""
    told = served().closes().enters("system", SURVEY, by="desk").surveys(after=0)
    return told.bot(SURVEY)


@pytest.mark.parametrize(("text", "score"), [("5", 5), ("4/5", 4), ("3 stars", 3), ("★★★", 3), ("2 of 5", 2), ("10", 10), ("5 звезд", 5)])  # fmt: skip
def test_a_score_is_nothing_but_a_score(text, score):
    assert score_in(text) == score


@pytest.mark.parametrize("text", ["", "553", "5 pairs of shoes", "size 5", "11"])
def test_other_words_with_digits_are_no_score(text):
    assert score_in(text) is None


# ------------------------------------------------------------------------------------------------------ HO-44


def test_one_survey_after_the_end_passes():
    told = served().closes().bot(SURVEY).says("5").bot("Thank you for your 5 of 5!").done()
    assert told.verdict("HO-44") == "pass"


def test_without_a_survey_there_is_no_evidence():
    assert served().closes().bot("The bot is back.").done().verdict("HO-44") == "none"


def test_a_survey_while_the_agent_is_in_charge_fails():
    told = served().wait(20).bot(SURVEY).done()
    [finding] = told.findings("HO-44")
    assert finding.message == f"the bot asks how it was while an agent is in charge: {SURVEY!r}"


def test_two_prompts_are_one_too_many():
    told = served().closes().bot(SURVEY).bot("Please rate our conversation.").done()
    [finding] = told.findings("HO-44")
    assert finding.message.startswith("the customer is asked twice how it was") or "again after" in finding.message
    assert told.cited(finding) == ["Please rate our conversation.", SURVEY]


def test_the_bot_asks_beside_the_desk():
    told = served().closes().surveys().bot(SURVEY).done()
    assert told.verdict("HO-44") == "fail"


def test_a_message_that_shows_the_desks_question_is_that_question():
    assert by_message().done().verdict("HO-44") == "pass"


def test_the_desks_question_that_is_shown_twice_is_asked_twice():
    assert by_message().bot(SURVEY).done().verdict("HO-44") == "fail"


def test_a_desk_that_asks_before_it_closes_is_no_fault_of_the_bots():
    told = served().enters("system", SURVEY, by="agent")
    told.files(SurveyAsked(ticket=told.ticket), by="agent")
    assert told.bot(SURVEY).wait(5).closes().done().verdict("HO-44") == "pass"


@pytest.mark.parametrize(("pause_s", "verdict"), [(2 * HOUR, "fail"), (25 * HOUR, "pass")])
def test_the_next_episode_is_asked_about_after_a_day(pause_s, verdict):
    told = served().closes().bot(SURVEY).skips(pause_s).says("A person").reopens(by="bot").asks().accepts().closes()
    assert told.bot(SURVEY).done().verdict("HO-44") == verdict


def test_buttons_with_scores_are_a_survey_in_any_language():
    told = served().closes().bot("いかがでしたか", STARS).bot("ご評価ください", STARS).done()
    assert told.verdict("HO-44") == "fail"


def test_a_scenario_may_name_its_surveys():
    told = served().closes().bot("Tell us!").bot("Tell us!").done()
    assert told.verdict("HO-44") == "none"
    assert told.verdict("HO-44", surveys="tell us") == "fail"


# ------------------------------------------------------------------------------------------------------ HO-45


def test_a_rating_that_is_stored_once_passes():
    assert by_message().says("5").mirrors().rated(5).bot("Thank you!").wait(20).done().verdict("HO-45") == "pass"


def test_a_rating_that_does_not_reach_the_desk_fails():
    told = by_message().says("5").bot("Thank you!").wait(20).done()
    [finding] = told.findings("HO-45")
    assert finding.message == "the customer's rating 5 does not reach the desk, which had asked for it"


@pytest.mark.parametrize(("ending", "verdict"), [("done", "pass"), ("stopped", "inconclusive")])
def test_a_rating_that_could_still_be_stored_is_not_lost(ending, verdict):
    assert by_message().says("5").wait(2).ends(ending).verdict("HO-45") == verdict


def test_a_number_off_the_scale_is_no_rating():
    assert by_message().says("9").wait(20).done().verdict("HO-45") == "none"


def test_what_the_bot_asks_for_itself_it_may_keep():
    assert served().closes().bot(SURVEY).says("5").bot("Thank you!").wait(20).done().verdict("HO-45") == "pass"


def test_one_rating_is_stored_once():
    told = by_message().says("5").rated(5).rated(5).done()
    [finding] = told.findings("HO-45")
    assert finding.message == "one rating of the customer's was stored twice (5)"


def test_a_second_rating_of_the_customers_is_one():
    assert by_message().says("5").rated(5).says("3").rated(3).done().verdict("HO-45") == "pass"


def test_a_rating_that_nobody_gave_fails():
    told = served().closes().rated(5).done()
    [finding] = told.findings("HO-45")
    assert finding.message == "a rating of 5 was stored that the customer has not given"


def test_an_ordinary_number_is_no_rating():
    told = served().closes().notice("The bot is back.").says("5").rated(5).done()
    [finding] = told.findings("HO-45")
    assert finding.message == "a number that answers no survey was stored as a rating of 5"


def test_the_rating_of_one_ticket_is_not_stored_on_another():
    told = by_message()
    first = told.ticket
    told.opens(by="bot").says("5").rated(5).done()
    [finding] = told.findings("HO-45")
    assert finding.message == f"the rating of ticket {first} was stored on ticket {told.ticket}"


def test_the_agent_who_served_is_rated():
    [finding] = by_message().says("5").rated(5, "carol").done().findings("HO-45")
    assert finding.message == "the rating was stored for carol, but bob served"


def test_a_bot_that_takes_the_ticket_from_the_agent_first_loses_whom_it_rates():
    told = by_message()
    told.files(Assigned(ticket=told.ticket)).says("5").rated(5, None).done()
    [finding] = told.findings("HO-45")
    assert finding.message == "the rating was stored for nobody: the bot had taken the ticket from bob"


def test_a_good_rating_calls_nobody():
    told = by_message().says("5").reopens(by="bot").asks().done()
    [finding] = told.findings("HO-45")
    assert finding.message == "the rating 5 was taken for a new matter: it called a person"


def test_a_bad_rating_may_call_a_person():
    told = served().closes().bot(SURVEY).says("1").bot("I am sorry.").reopens(by="bot").asks().done()
    assert told.verdict("HO-45") == "pass"


def test_a_rating_on_the_desks_page_is_the_customers():
    told = served().closes().surveys()
    told.files(Rated(ticket=told.ticket, score=4, agent="bob"), by="customer").done()
    assert told.verdict("HO-45") == "none"
