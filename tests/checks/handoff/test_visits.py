"""The bot knows what happened, hears whoever comes back, and hands over a second time (HO-42, HO-43, HO-46)."""

from __future__ import annotations

import pytest

import chatdrill.checks.handoff.visits  # noqa: F401  registers them
from chatdrill.errors import UsageError
from chatdrill.model import StateChanged, TicketClosed
from checks.handoff.traces import Told

HOUR = 3600.0


def served(**case: object) -> Told:
    """Greeted, asked for a person, was served; the ticket is closed."""
    told = Told(**case).says("Good morning").bot("Hello! This is Stepwell Shoes.").says("A person, please").handoff()
    told.notice("I am calling a colleague.").accepts().replies("The refund comes on Friday.").passes_on()
    return told.says("Fine").mirrors().closes()


# ------------------------------------------------------------------------------------------------------ HO-42


def test_a_bot_that_goes_on_from_there_passes():
    told = served().says("When does it come?").bot("On Friday, as Bob said.").done()
    assert told.verdict("HO-42", contradicts=["no refund"]) == "pass"


def test_who_ends_the_human_part_by_starting_anew_is_greeted():
    told = (
        Told().says("Good morning").bot("Hello! This is Stepwell Shoes.").says("A person, please").handoff().accepts()
    )
    told.starts().closes(after=0.2).bot("Hello! This is Stepwell Shoes.").done()
    assert told.verdict("HO-42") != "fail"


def test_a_return_without_a_word_of_the_bot_is_no_evidence():
    assert served().done().verdict("HO-42") == "none"


def test_what_the_scenario_rules_out_contradicts():
    told = served().says("When does it come?").bot("There is no refund for order 553.").done()
    [finding] = told.findings("HO-42", contradicts=["no refund"])
    expected = "'There is no refund for order 553.'; the agent's last word was 'The refund comes on Friday.'"
    assert finding.message == f"the bot contradicts the human part: {expected}"
    assert told.cited(finding) == ["There is no refund for order 553.", "entry_added"]


def test_a_pattern_may_name_a_fact():
    told = served(facts={"order": "553"}).says("And now?").bot("I cannot find order 553.").done()
    assert told.verdict("HO-42", contradicts=["cannot find order {order}"]) == "fail"
    assert told.verdict("HO-42", contradicts=["cannot find order {other}"]) == "pass"


def test_a_pattern_that_is_none_is_said():
    with pytest.raises(UsageError, match="'\\(' is no regular expression"):
        served().verdict("HO-42", contradicts=["("])


def test_words_before_the_human_part_do_not_contradict_it():
    told = (
        Told().says("Hi").bot("There is no refund.").says("A person").handoff().accepts().closes().bot("Back!").done()
    )
    assert told.verdict("HO-42", contradicts=["no refund"]) == "pass"


@pytest.mark.parametrize("greeting", ["Hello! This is Stepwell Shoes.", "Hi, I am your virtual assistant.", "Здравствуйте! Добро пожаловать!"])  # fmt: skip
def test_greeting_as_if_new_is_having_forgotten(greeting):
    told = served().says("When does it come?").bot(greeting).done()
    [finding] = told.findings("HO-42")
    assert finding.message == f"after the human part the bot greets as if the customer were new: {greeting!r}"


@pytest.mark.parametrize("words", ["Hello again! I am the bot.", "Hi Anna, it comes on Friday.", "The bot is back. How can I help?"])  # fmt: skip
def test_a_friendly_word_is_no_new_greeting(words):
    assert served().says("When does it come?").bot(words).done().verdict("HO-42") == "pass"


def test_who_greets_or_comes_much_later_may_be_greeted():
    assert served().says("Hello").bot("Hello! This is Stepwell Shoes.").done().verdict("HO-42") == "pass"
    told = served().skips(30 * 24 * HOUR).says("My shoes").bot("Hello! This is Stepwell Shoes.").done()
    assert told.verdict("HO-42") == "pass"


# ------------------------------------------------------------------------------------------------------ HO-43


@pytest.mark.parametrize("away_s", [300, 25 * HOUR, 30 * 24 * HOUR])
def test_a_visit_that_is_answered_passes(away_s):
    told = served().skips(away_s).says("When do you open?").bot("At ten.").done()
    assert told.verdict("HO-43") == "pass"


def test_a_visit_that_reopens_the_matter_passes():
    told = served().skips(600).says("It did not come").reopens(by="bot").asks().wait(90).done()
    assert told.verdict("HO-43") == "pass"


def test_a_visit_that_nobody_hears_fails():
    told = served().skips(25 * HOUR).says("When do you open?").wait(60).done()
    [finding] = told.findings("HO-43")
    assert finding.message == "1d 1h after the end the customer came back, and 'When do you open?' got no answer"


def test_words_in_a_closed_ticket_are_lost():
    told = served().says("It did not come").mirrors().wait(60).done()
    [finding] = told.findings("HO-43")
    assert finding.message.endswith("'It did not come' was put into a closed ticket, which nobody reads")
    assert told.cited(finding)[1] == "entry_added"


def test_a_mirror_shows_what_the_bot_answers():
    told = served().says("It did not come").mirrors().bot("I am sorry.").mirrors_bot().wait(60).done()
    assert told.verdict("HO-43") == "pass"


@pytest.mark.parametrize(("ending", "verdict"), [("done", "pass"), ("stopped", "inconclusive")])
def test_a_visit_at_the_very_end_is_not_lost(ending, verdict):
    assert served().skips(600).says("Are you open?").wait(5).ends(ending).verdict("HO-43") == verdict


def test_a_new_ticket_names_the_old_one_where_that_is_asked_for():
    told = served().says("A person again").opens().asks().done()
    assert told.verdict("HO-43") == "pass"
    assert told.verdict("HO-43", linked="ticket") == "fail"
    told = served().says("A person again")
    assert told.opens(follows=told.ticket).asks().done().verdict("HO-43", linked="ticket") == "pass"


def test_after_the_time_to_reopen_a_new_ticket_stands_alone():
    told = served().skips(25 * HOUR).says("A person").opens().asks().done()
    assert told.verdict("HO-43", linked="ticket") == "pass"


# ------------------------------------------------------------------------------------------------------ HO-46


def again(told: Told) -> Told:
    return told.says("A person, please").reopens(by="bot").asks().notice("I am calling a colleague.").accepts("carol")


def test_a_second_handover_like_the_first_passes():
    told = again(served()).replies("Carol here").passes_on().says("Still nothing").mirrors().wait(30).done()
    assert told.verdict("HO-46") == "pass"


def test_with_one_handover_there_is_no_evidence():
    assert served().done().verdict("HO-46") == "none"


def test_replies_that_come_through_only_the_first_time_fail():
    told = again(served()).replies("Carol here").replies("Hello?").wait(30).done()
    [finding] = told.findings("HO-46")
    assert finding.message == (
        "in handover 2 of this conversation none of the agent's replies came through; in the first they did"
    )


def test_words_that_come_through_only_the_first_time_fail():
    told = again(served()).replies("Carol here").passes_on().says("Still nothing").wait(30).done()
    [finding] = told.findings("HO-46")
    assert "none of the customer's words came through" in finding.message


@pytest.mark.parametrize(("ending", "verdict"), [("done", "pass"), ("stopped", "inconclusive")])
def test_what_could_still_come_through_is_not_lost(ending, verdict):
    told = again(served()).replies("Carol here").wait(1).ends(ending)
    assert told.verdict("HO-46") == verdict


def test_the_call_about_a_ticket_that_is_gone_calls_nobody():
    told = served().says("A person, please")
    told.fails_to_call("POST /conversations/messages", 404, arguments={"conversation": told.ticket})
    told.bot("I am calling a colleague.").wait(30).done()
    [finding] = told.findings("HO-46")
    assert "said again, it called nobody" in finding.message


def test_a_ticket_that_is_gone_is_made_anew():
    told = served().says("A person, please")
    told.fails_to_call("POST /conversations/messages", 404, arguments={"conversation": told.ticket})
    assert told.opens().asks().wait(30).done().verdict("HO-46") == "pass"


def test_an_older_ticket_that_closes_late_ends_nothing():
    told = served()
    old = told.ticket
    told.says("A person").opens().asks().accepts("carol")
    told.files(StateChanged(ticket=old, state="closed"), TicketClosed(ticket=old), by="desk").wait(60).done()
    assert told.verdict("HO-43") in ("pass", "none") and told.verdict("HO-46") == "pass"


def test_words_at_the_very_moment_of_the_end_are_the_agents():
    said = served()
    at_once, later = (
        said.says("It did not come", after=0.0),
        served().says("It did not come", after=2.0),
    )
    assert at_once.mirrors().wait(60).done().verdict("HO-43") == "none"
    assert later.mirrors().wait(60).done().verdict("HO-43") == "fail"
