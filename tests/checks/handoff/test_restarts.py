"""What a handover leaves behind: in a bot that was restarted, and in the desk's statistics (HO-50, HO-52)."""

from __future__ import annotations

import pytest

import chatdrill.checks.handoff.restarts  # noqa: F401  registers them
from chatdrill.checks import judge
from chatdrill.model import HandoffAsked, OwnerChanged, TicketClosed
from checks.handoff.traces import Told


def served() -> Told:
    told = Told().says("A person, please").handoff().notice("I am calling a colleague.").accepts()
    return told.replies("Good morning!").passes_on().says("My shoe is torn").mirrors()


# ------------------------------------------------------------------------------------------------------ HO-50


def test_a_bot_that_goes_on_after_its_restart_passes():
    told = served().restarts().replies("Send a photo").passes_on().photo().mirrors().wait(20).closes().done()
    assert told.verdict("HO-50") == "pass"


def test_without_a_restart_in_an_episode_there_is_no_evidence():
    assert served().closes().restarts().says("Hi").done().verdict("HO-50") == "none"


def test_the_end_of_the_run_is_no_restart():
    told = served().done()
    told.restarts().made.pop()
    assert told.verdict("HO-50") == "none"


def test_a_bot_that_forgets_the_ticket_makes_another():
    told = served()
    first = told.ticket
    told.restarts().says("Hello?").opens().done()
    [finding] = told.findings("HO-50")
    expected = f"after its restart the bot made a second ticket, {told.ticket}, for what stands in {first}"
    assert finding.message == expected
    assert finding.case == told.name and finding.conv == told.conv


def test_a_bot_that_forgets_to_be_silent_talks():
    told = served().restarts().says("Are you there?").mirrors().bot("How can I help you?").done()
    [finding] = told.findings("HO-50")
    assert finding.message == "after its restart the bot talks although an agent is in charge: 'How can I help you?'"
    assert told.cited(finding) == ["How can I help you?", "bot_state"]


def test_who_talked_before_has_not_forgotten_it_by_the_restart():
    told = served().bot("I am here, too.").restarts().bot("And still here.").done()
    assert told.verdict("HO-50") == "pass"


def test_words_that_are_not_passed_on_any_more_fail():
    [finding] = served().restarts().says("Are you there?").wait(20).done().findings("HO-50")
    assert "the bot does not pass on to the agent what the customer writes: 'Are you there?'" in finding.message


def test_replies_that_are_not_passed_on_any_more_fail():
    [finding] = served().restarts().replies("Send a photo").wait(20).done().findings("HO-50")
    assert "the bot does not pass the agent's reply on: 'Send a photo'" in finding.message


@pytest.mark.parametrize(("ending", "verdict"), [("done", "pass"), ("stopped", "inconclusive")])
def test_what_could_still_be_passed_on_is_not_lost(ending, verdict):
    assert served().restarts().replies("Send a photo").wait(1).ends(ending).verdict("HO-50") == verdict


def test_a_scenario_may_switch_it_off():
    told = Told(checks={"HO-50": "off"}).says("A person").handoff().accepts().restarts().bot("Hello").done()
    [result] = [result for result in judge(told.records).results if result.check == "HO-50"]
    assert result.verdict == "none"


# ------------------------------------------------------------------------------------------------------ HO-52


def test_one_handover_and_one_resolution_pass():
    told = served().closes().says("A person").reopens(by="bot").asks().accepts("carol").closes().done()
    assert told.judge("HO-52").evidence == 2 and told.verdict("HO-52") == "pass"


def test_without_a_handover_there_is_no_evidence():
    assert Told().says("Hi").opens().bot("Hello").done().verdict("HO-52") == "none"


def test_a_handover_that_is_asked_for_twice_is_counted_twice():
    told = Told().says("A person").handoff()
    told.files(HandoffAsked(ticket=told.ticket)).accepts().done()
    [finding] = told.findings("HO-52")
    assert finding.message == "the bot makes the desk count one handover twice"


@pytest.mark.parametrize("why", ["declined", "answer lost", "much later"])
def test_asking_again_may_be_right(why):
    told = Told().says("A person").handoff()
    if why == "declined":
        told.declines()
    elif why == "answer lost":
        told.fails_to_call("open", 500, note="fault: handled, but the answer was lost")
    else:
        told.wait(120)
    told.files(HandoffAsked(ticket=told.ticket)).accepts().done()
    assert told.verdict("HO-52") == "pass"


def test_a_resolution_that_the_bot_repeats_is_counted_twice():
    told = served().closes()
    told.files(TicketClosed(ticket=told.ticket)).done()
    [finding] = told.findings("HO-52")
    assert finding.message == "the bot makes the desk count one resolution twice"


def test_a_ticket_that_is_closed_before_it_is_accepted_has_no_measure():
    told = Told().says("A person").handoff()
    told.files(TicketClosed(ticket=told.ticket)).accepts().done()
    [finding] = told.findings("HO-52")
    assert finding.message == "by the desk's records it was closed before an agent accepted"


def test_words_of_the_bot_under_an_agents_name_are_no_first_response():
    told = (
        Told().says("A person").handoff().accepts().enters("agent", "A colleague comes soon.").replies("Hello").done()
    )
    [finding] = told.findings("HO-52")
    assert "the bot's own words stand in the ticket as an agent's first response" in finding.message


@pytest.mark.parametrize(
    ("name", "verdict"), [("Bob Baker", "fail"), ("Robot", "pass"), ("Robert Miles", "pass"), (None, "pass")]
)
def test_a_desk_may_show_an_agents_name_over_the_bots_words(name, verdict):
    told = Told().says("A person").handoff().enters("bot", "I am looking into it.", said_by=name).accepts()
    assert told.replies("Hello").done().verdict("HO-52") == verdict


def test_who_was_answered_by_an_agent_has_had_the_first_response():
    told = served().enters("bot", "As I said.", said_by="Bob Baker").done()
    assert told.verdict("HO-52") == "pass"


def test_control_that_is_given_back_without_closing_is_in_order():
    told = served()
    told.files(OwnerChanged(ticket=told.ticket, owner="bot"), by="agent").wait(60)
    told.files(TicketClosed(ticket=told.ticket), by="agent").done()
    assert told.verdict("HO-52") == "pass"
