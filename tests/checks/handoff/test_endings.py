"""The bot is in charge again when the human part is over, and not before (HO-40, HO-41)."""

from __future__ import annotations

import pytest

import chatdrill.checks.handoff.endings  # noqa: F401  registers them
from chatdrill.model import OwnerChanged, TicketClosed
from checks.handoff.traces import Told


def served() -> Told:
    """A person was asked for, came and helped."""
    told = Told().says("A person, please").handoff().notice("I am calling a colleague.").accepts()
    return told.replies("Good morning!").passes_on().says("My shoe is torn").mirrors().replies("I see.").passes_on()


# ------------------------------------------------------------------------------------------------------ HO-40


def test_a_bot_that_answers_after_the_end_passes():
    told = served().closes().notice("The bot is back.").says("When do you open?").bot("At ten.").done()
    assert told.verdict("HO-40") == "pass"


def test_without_an_end_there_is_no_evidence():
    assert served().done().verdict("HO-40") == "none"


def test_a_bot_that_stays_silent_for_ever_fails():
    told = served().closes().notice("The bot is back.").says("When do you open?").wait(40).done()
    [finding] = told.findings("HO-40")
    assert finding.message == "the bot is in charge again but does not answer 'When do you open?'"
    assert told.cited(finding) == ["When do you open?", "owner_changed"]


@pytest.mark.parametrize(("ending", "verdict"), [("done", "pass"), ("stopped", "inconclusive")])
def test_an_answer_that_could_still_come_is_not_missing(ending, verdict):
    assert served().closes().says("When do you open?").wait(3).ends(ending).verdict("HO-40") == verdict


@pytest.mark.parametrize("words", ["Thank you!", "спасибо", "5", "👍", "Dziękuję bardzo"])
def test_thanks_and_ratings_need_no_answer(words):
    assert served().closes().says(words).wait(60).done().verdict("HO-40") == "pass"


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("My colleague has closed the conversation. The bot is back with you.", "fail"),
        ("Коллега закрыл диалог. Бот вернулся к вам.", "fail"),
        ("How did I do? One star is bad, five are excellent.", "fail"),
        ("My colleague has closed the conversation. We open at ten.", "pass"),
        ("Our shop is closed today.", "pass"),
    ],
)
def test_a_late_announcement_of_the_end_answers_nobody(words, verdict):
    told = served().closes().says("When do you open?").bot(words, after=8).wait(40).done()
    assert told.verdict("HO-40") == verdict


def test_another_handover_is_an_answer():
    told = served().closes().says("Bob again, please").reopens(by="bot").asks().wait(60).done()
    assert told.verdict("HO-40") == "pass"


def test_an_edited_message_is_an_answer():
    told = served().closes().notice("The bot is back.").presses("Opening hours").bot_edits("At ten.").wait(60).done()
    assert told.verdict("HO-40") == "pass"


def test_a_message_of_which_the_bot_was_not_told_needs_no_answer():
    told = served().closes().says("When do you open?", told=False).delivers(status=500).wait(60).done()
    assert told.verdict("HO-40") == "pass"


def test_a_ticket_that_is_closed_while_control_stays_fails():
    told = served()
    told.files(TicketClosed(ticket=told.ticket), by="agent").wait(30).done()
    [finding] = told.findings("HO-40")
    assert finding.message == "the ticket was closed, and 10s later the bot is still not in charge"


def test_control_that_is_taken_in_time_is_taken():
    told = served()
    told.files(TicketClosed(ticket=told.ticket), by="agent").wait(3).files(
        OwnerChanged(ticket=told.ticket, owner="bot")
    )
    assert told.wait(30).done().verdict("HO-40") == "pass"


def test_the_end_that_is_announced_twice_fails():
    told = served().closes().notice("The bot is back.").bot("The bot is back.").done()
    [finding] = told.findings("HO-40")
    assert finding.message == "the end of the human part was announced twice: 'The bot is back.'"


def test_two_different_words_about_the_end_are_one_announcement():
    told = served().closes().notice("Bob has left.").notice("The bot is back, how can I help?").done()
    assert told.verdict("HO-40") == "pass"


def test_a_return_without_a_word_fails_only_where_one_is_required():
    told = served().closes().wait(20).done()
    assert told.verdict("HO-40") == "pass"
    assert told.verdict("HO-40", closing_notice="required") == "fail"


# ------------------------------------------------------------------------------------------------------ HO-41


def test_a_solved_ticket_whose_customer_still_talks_to_the_agent_passes():
    told = served().sets("solved").says("One more thing").mirrors().replies("Yes?").passes_on().closes().done()
    assert told.verdict("HO-41") == "pass"


@pytest.mark.parametrize("state", ["solved", "snoozed", "pending"])
def test_a_bot_that_answers_while_the_ticket_is_only_put_aside_fails(state):
    told = served().sets(state).says("One more thing").bot("How can I help you?", after=5).done()
    [finding] = told.findings("HO-41")
    assert finding.message.startswith(f"the ticket is only {state}, an agent still has it, and the bot answers")
    assert told.cited(finding) == ["How can I help you?", "state_changed"]


def test_a_notice_about_the_state_is_no_answer():
    told = served().sets("solved").notice("Your request is solved; write if it is not.").done()
    assert told.verdict("HO-41") == "pass"


def test_an_impatient_timer_takes_the_conversation_away():
    told = served().wait(600).owner("bot", by="bot").done()
    [finding] = told.findings("HO-41")
    assert finding.message == "the bot took the conversation back from bob after 10m of silence; nobody had closed it"


def test_the_limit_of_silence_is_the_scenarios():
    assert served().wait(600).owner("bot", by="bot").done().verdict("HO-41", silence="5m") == "pass"


def test_who_wants_the_bot_back_gets_it_back():
    assert served().wait(60).says("bot").owner("bot", by="bot", after=1).done().verdict("HO-41") == "pass"


def test_an_agent_who_closes_is_not_premature():
    told = served().closes().done()
    assert told.verdict("HO-41") == "none"
