"""One ticket for one handover, under the right person; what is promised is true, and said once."""

from __future__ import annotations

import chatdrill.checks.handoff.promises
import chatdrill.checks.handoff.tickets  # noqa: F401
from chatdrill.model import Text
from checks.handoff.traces import Told

LOST = "fault: handled, but the answer was lost"


def plain(**case) -> Told:
    """A handover as it should be, up to the agent's first word."""
    told = Told(**case).says("Where is my order?").bot("What is your order number?").says("A person, please")
    told.handoff().bot("I am calling a colleague.").accepts().bot("Bob has joined.")
    return told.replies("Good morning!").passes_on()


# ------------------------------------------------------------------------------------------------------- HO-01


def test_one_ticket_for_one_handover_passes():
    assert plain().closes().done().verdict("HO-01") == "pass"


def test_a_mirrored_conversation_needs_no_second_ticket():
    told = Told().says("Hi").opens().mirrors().bot("Hello!").mirrors_bot().says("A person").mirrors().handoff()
    assert told.bot("I am calling a colleague.").done().verdict("HO-01") == "pass"


def test_a_second_ticket_of_the_same_handover_fails():
    told = Told().says("A person, please").handoff().delivers(number=2).opens().asks().bot("I am calling a colleague.")
    [finding] = told.done().findings("HO-01")
    assert "second ticket" in finding.message
    assert told.cited(finding) == ["ticket_opened", "ticket_opened"]


def test_a_new_ticket_for_the_next_handover_passes():
    told = plain().closes().says("A person again").opens().asks().bot("I am calling a colleague.").done()
    assert told.verdict("HO-01") == "pass"


def test_a_lead_and_a_chat_are_two_kinds_of_ticket():
    told = Told().says("A person, please")
    lead, chat = told.calls("POST /api/v4/leads"), told.calls("POST /v2/origin/custom")
    told.opens(call=lead.n).opens(call=chat.n).asks().bot("I am calling a colleague.")
    assert told.done().verdict("HO-01") == "pass"


def test_without_a_handover_there_is_nothing_to_judge():
    assert Told().says("Hi").opens().mirrors().bot("Hello!").done().verdict("HO-01") == "none"


# ------------------------------------------------------------------------------------------------------- HO-02


def uncertain() -> Told:
    """The desk has made the ticket, and the bot does not know."""
    told = Told().says("A person, please")
    call = told.calls("tickets", status=500, note=LOST)
    return told.opens(call=call.n)


def test_a_ticket_that_is_found_again_passes():
    assert uncertain().asks().bot("I am calling a colleague.").done().verdict("HO-02") == "pass"


def test_a_create_that_is_repeated_blindly_fails():
    told = uncertain()
    told.opens(call=told.calls("tickets").n).asks().bot("I am calling a colleague.").done()
    [finding] = told.findings("HO-02")
    assert told.cited(finding) == ["ticket_opened", "ticket_opened", "called"]
    assert told.verdict("HO-01") != "fail", "one defect has one owner"


def test_a_create_that_was_answered_is_no_trigger():
    assert plain().done().verdict("HO-02") == "none"


# ------------------------------------------------------------------------------------------------------- HO-03


def test_everybody_has_a_contact_of_their_own():
    told = Told(people=("anna", "boris")).says("A person").handoff().to("boris").says("A person").handoff().done()
    assert told.verdict("HO-03") == "pass"


def test_two_customers_with_one_contact_fail():
    told = Told(people=("anna", "boris")).says("A person").handoff(contact="c1").to("boris").says("A person")
    [finding] = told.handoff(contact="c1").done().findings("HO-03")
    assert "another customer's" in finding.message and finding.conv == "story [telegram]/boris"


def test_a_contact_is_another_customers_across_cases_too():
    told = Told().says("A person").handoff(contact="c1").done()
    told.begins("other", people=("boris",)).says("A person").handoff(contact="c1").done()
    assert told.verdict("HO-03") == "fail"


def test_a_second_contact_for_the_same_customer_fails():
    told = Told().says("A person").handoff(contact="c1").accepts().closes().says("A person again")
    assert told.opens(contact="c2").asks().done().verdict("HO-03") == "fail"


def test_words_of_a_stranger_in_the_ticket_fail():
    told = Told(people=("anna", "boris")).says("My shoes are too small, alas").to("boris").says("A person").handoff()
    told.enters("customer", "My shoes are too small, alas").done()
    [finding] = told.findings("HO-03")
    assert "another customer" in finding.message


def test_a_piece_of_a_long_message_is_the_customers_own_though_somebody_else_said_no_more():
    long = "My shoes are too small, alas!!! And what is more, they squeak"
    told = Told(people=("anna", "boris")).says("My shoes are too small, alas").to("boris").says(long).says("A person")
    told.handoff().enters("customer", "My shoes are too small, alas!!!").enters(
        "customer", "And what is more, they squeak"
    )
    assert told.done().verdict("HO-03") == "pass"


def test_more_words_of_a_stranger_than_the_customer_said_fail():
    told = (
        Told(people=("anna", "boris")).says("My shoes are too small, alas").to("boris").says("My shoes are too small")
    )
    told.says("A person").handoff().enters("customer", "My shoes are too small, alas").done()
    assert told.verdict("HO-03") == "fail"


def test_words_to_which_the_customer_changed_a_message_are_their_own():
    told = Told(people=("anna", "boris")).says("My shoes are too small, alas").to("boris").says("A person").handoff()
    told.edits("My shoes are too small, alas").enters("customer", "✎ My shoes are too small, alas").done()
    assert told.verdict("HO-03") == "pass"


# ------------------------------------------------------------------------------------------------------- HO-04


def test_relays_and_notices_in_the_ticket_are_no_answers():
    told = plain().mirrors_bot(2).says("Hello Bob").mirrors().enters("bot", "Hello Bob").wait(20)
    told.enters("bot", "The customer could not be reached", public=False).closes().bot("I am back.").done()
    assert told.verdict("HO-04") == "pass"


def test_an_answer_to_the_agent_in_the_ticket_fails():
    told = plain().wait(10).replies("Please wait for me").enters("bot", "You can order on our page.").done()
    [finding] = told.findings("HO-04")
    assert told.cited(finding)[0] == "entry_added"


def test_handing_a_closed_ticket_over_again_fails():
    told = plain().wait(60).closes().wait(1).asks().done()
    [finding] = told.findings("HO-04")
    assert told.cited(finding) == ["handoff_asked", "ticket_closed"]


def test_a_customer_who_asks_again_is_handed_over_again():
    assert plain().wait(60).closes().says("One more thing, a person please").asks().done().verdict("HO-04") == "pass"


# ------------------------------------------------------------------------------------------------------- HO-05


def test_a_promise_that_comes_true_passes():
    told = Told().says("A person, please").bot("I am calling a colleague.").wait(4).handoff().done()
    assert told.verdict("HO-05") == "pass"


def test_a_promise_without_a_handover_fails():
    told = Told().says("A person, please").bot("I am calling a colleague.").wait(11).done()
    [finding] = told.findings("HO-05")
    assert told.cited(finding) == ["I am calling a colleague."]


def test_a_promise_after_a_refused_call_fails():
    told = Told().says("Соедините с оператором").fails_to_call("tickets").bot("Соединяю вас с оператором.").wait(30)
    assert told.done().verdict("HO-05") == "fail"


def test_a_promise_that_is_taken_back_passes():
    told = Told().says("A person, please").bot("I am calling a colleague.").fails_to_call("tickets", after=1.0)
    assert told.bot("Sorry, nobody could be reached.").wait(30).done().verdict("HO-05") == "pass"


def test_an_offer_is_no_promise():
    told = Told().says("Help").bot("Shall I connect you with a colleague?").bot("If you like, I will call an agent.")
    assert told.wait(60).done().verdict("HO-05") == "none"


def test_a_promise_that_is_cut_short_is_undecided():
    told = Told().says("A person, please").bot("I am calling a colleague.").ends("stopped")
    assert told.verdict("HO-05") == "inconclusive"


# ------------------------------------------------------------------------------------------------------- HO-06


def test_a_word_before_or_after_the_ticket_passes():
    before = Told().says("A person, please").bot("One moment.").wait(3).handoff().wait(20).done()
    after = (
        Told().says("A person, please").handoff().bot("Yhdistän sinut asiakaspalveluun, odota hetki.").wait(20).done()
    )
    assert before.verdict("HO-06") == after.verdict("HO-06") == "pass"


def test_a_silent_handover_fails():
    told = Told().says("A person, please").handoff().wait(6).done()
    [finding] = told.findings("HO-06")
    assert told.cited(finding) == ["handoff_asked"]


def test_the_same_notice_twice_fails():
    told = Told().says("A person, please").handoff().bot("I am calling a colleague.").bot("I am calling a colleague.")
    [finding] = told.done().findings("HO-06")
    assert finding.message.startswith("the customer heard the same")


def test_two_different_notices_pass():
    told = Told().says("A person").handoff().bot("I am calling a colleague.").bot("You are number 2 in the queue.")
    assert told.wait(9).done().verdict("HO-06") == "pass"


def test_a_handover_that_is_cut_short_is_undecided():
    assert Told().says("A person, please").handoff().ends("stopped").verdict("HO-06") == "inconclusive"


def test_who_asked_for_nobody_need_not_hear_of_it():
    told = Told().says("Hi").opens().takes_over().replies("It is me, Bob").passes_on().sends(Text(text="Oh"))
    assert told.wait(30).done().verdict("HO-06") == "none"
