"""What was said, shown and told before a handover reaches the agents; secrets do not, and the language stays."""

from __future__ import annotations

import base64

import pytest

import chatdrill.checks.handoff.context
import chatdrill.checks.handoff.history
import chatdrill.checks.handoff.media  # noqa: F401
from chatdrill.model import File
from checks.handoff.traces import Told

LONG = "My shoes came in the wrong size and the colour is not what I had ordered either. " * 60


def asked(**case) -> Told:
    """A talk of four messages, and the wish for a person."""
    told = Told(**case).says("Where is my order?").bot("What is your order number?").says("553")
    return told.bot("Order 553 is on its way.").says("A person, please")


# ------------------------------------------------------------------------------------------------------- HO-07


def test_a_history_message_by_message_passes():
    assert asked().handoff().wait(20).done().verdict("HO-07") == "pass"


@pytest.mark.parametrize("mark", ["{}: {}", "> {} {}", "<b>{}</b> {}<br>", "[{}] *{}*"])
def test_a_transcript_in_one_entry_passes(mark):
    lines = ["Where is my order?", "What is your order number?", "553", "Order 553 is on its way.", "A person, please"]
    told = asked().handoff("\n".join(mark.format("Anna", line) for line in lines)).wait(20).done()
    assert told.verdict("HO-07") == "pass"


def test_a_history_in_a_field_passes():
    text = "Where is my order? What is your order number? 553 Order 553 is on its way. A person, please"
    assert asked().opens(fields={"history": text}).asks().wait(20).done().verdict("HO-07") == "pass"


@pytest.mark.parametrize(("after_s", "verdict"), [(2.0, "none"), (15.0, "fail")])
def test_a_handover_that_is_taken_back_at_once_need_not_be_complete(after_s, verdict):
    told = asked().handoff("Where is my order?").closes(after=after_s).wait(20).done()
    assert told.verdict("HO-07") == verdict


def test_a_message_that_is_missing_fails():
    told = asked().handoff("Where is my order?\n553\nOrder 553 is on its way.\nA person, please").wait(20).done()
    [finding] = told.findings("HO-07")
    assert "What is your order number?" in finding.message
    assert told.cited(finding) == ["owner_changed", "What is your order number?"]


@pytest.mark.parametrize(("name", "verdict"), [("Anna Nowak", "fail"), (None, "fail"), ("Shop assistant", "pass")])
def test_the_bots_words_under_the_customers_name_fail(name, verdict):
    told = Told().says("Where is my order?").bot("What is your order number?").says("A person, please").opens()
    told.enters("customer", "Where is my order?").enters("customer", "What is your order number?", said_by=name)
    assert told.enters("customer", "A person, please").asks().wait(20).done().verdict("HO-07") == verdict


def test_messages_in_another_order_fail():
    told = asked().opens()
    for text in ("Where is my order?", "553", "A person, please"):
        told.enters("customer", text)
    told.enters("bot", "Order 553 is on its way.").enters("bot", "What is your order number?").asks().wait(20).done()
    [finding] = told.findings("HO-07")
    assert "which was said first" in finding.message


def test_entries_that_state_when_they_were_written_may_come_in_any_order():
    told = Told().says("Where is my order?").bot("What is the number?").says("A person, please").opens()
    told.enters("customer", "A person, please", origin_at=3.0).enters("bot", "What is the number?", origin_at=2.0)
    told.enters("customer", "Where is my order?", origin_at=1.0).asks().wait(20).done()
    assert told.verdict("HO-07") == "pass"


@pytest.mark.parametrize(("backwards", "verdict"), [(False, "pass"), (True, "fail")])
def test_entries_that_state_one_time_stand_as_they_were_posted(backwards, verdict):
    told = Told().says("Where is my order?").says("The red shoes").says("A person, please").opens()
    for text in sorted(("Where is my order?", "The red shoes", "A person, please"), reverse=not backwards):
        told.enters("customer", text, origin_at=3.0)
    assert told.asks().wait(20).done().verdict("HO-07") == verdict


def test_the_bots_words_as_the_customers_fail():
    told = asked().opens()
    for text in (
        "Where is my order?",
        "What is your order number?",
        "553",
        "Order 553 is on its way.",
        "A person, please",
    ):
        told.enters("customer", text)
    [finding] = told.asks().wait(20).done().findings("HO-07")
    assert "as the customer's what the bot said" in finding.message


def test_a_message_twice_fails():
    told = asked().opens().hands_history().enters("customer", "Where is my order?").asks().wait(20).done()
    [finding] = told.findings("HO-07")
    assert "2 times" in finding.message


@pytest.mark.parametrize(("status", "verdict"), [(500, "pass"), (0, "pass"), (429, "fail")])
def test_what_a_platform_broke_down_over_may_have_been_said(status, verdict):
    told = asked().opens().hands_history().enters("bot", "What is your order number?")
    told.calls("send", platform="telegram", status=status, ok=False, arguments={"text": "What is your order number?"})
    assert told.asks().wait(20).done().verdict("HO-07") == verdict


def test_deleted_and_secret_words_need_not_be_shown():
    told = Told(secrets=("4242 4242",)).says("Do not read this").deletes().says("My code is 4242 4242").says("A person")
    assert told.handoff("A person").wait(20).done().verdict("HO-07") == "pass"


def test_a_history_that_is_cut_short_is_undecided():
    assert asked().handoff("nothing").ends("stopped").verdict("HO-07") == "inconclusive"


def test_an_agent_who_comes_uncalled_is_owed_no_history():
    assert Told().says("Hi").bot("Hello!").opens().takes_over().wait(20).done().verdict("HO-07") == "none"


# ------------------------------------------------------------------------------------------------------- HO-08


def test_the_same_bytes_pass():
    assert Told().photo("ab").says("A person").handoff().wait(60).done().verdict("HO-08") == "pass"


def test_a_photo_that_is_left_out_fails():
    told = Told().photo("ab").says("A person").handoff("[photo]", "A person").wait(60).done()
    [finding] = told.findings("HO-08")
    assert "not in the ticket" in finding.message


def test_a_link_that_does_not_load_fails():
    told = Told().says("A person").handoff().photo("ab")
    link = File(url="https://platform.example/file/1", mime="image/jpeg")
    [finding] = told.mirrors(files=(link,)).wait(60).done().findings("HO-08")
    assert "only a link" in finding.message


def test_a_converted_file_of_the_message_passes():
    told = Told().says("A person").handoff().photo("ab")
    assert told.mirrors(files=(File(sha256="cd", mime="image/png"),)).wait(60).done().verdict("HO-08") == "pass"


def test_a_photo_filed_as_text_fails():
    told = Told().says("A person").handoff().photo("ab").mirrors(files=(File(sha256="ab", mime="text/plain"),))
    assert told.done().verdict("HO-08") == "fail"


def test_a_file_that_was_refused_is_excused():
    told = Told().says("A person").handoff().photo("ab").fails_to_call("attachments", status=413).mirrors(files=())
    assert told.wait(60).done().verdict("HO-08") == "none"


def test_a_file_that_is_cut_short_is_undecided():
    assert Told().says("A person").handoff().photo("ab").ends("stopped").verdict("HO-08") == "inconclusive"


# ------------------------------------------------------------------------------------------------------- HO-09


def test_a_long_message_in_numbered_parts_passes():
    told = Told().says(LONG).says("A person").opens()
    for number in range(3):
        told.enters("customer", f"Anna: ({number + 1}/3) {LONG[number * 1700 : (number + 1) * 1700]}")
    assert told.enters("customer", "A person").asks().wait(20).done().verdict("HO-09") == "pass"


@pytest.mark.parametrize("kept", [100, 2000, len(LONG) - 3])
def test_a_message_that_is_cut_fails(kept):
    told = Told().says(LONG.strip()).says("A person").handoff(LONG[:kept], "A person").wait(20).done()
    [finding] = told.findings("HO-09")
    assert "is cut in the ticket" in finding.message
    assert told.verdict("HO-07") == "pass", "one defect has one owner"


def test_an_emoji_that_is_cut_in_two_fails():
    told = Told().says("A person").handoff().says("Thank you so much 👍🏽 for this")
    told.enters("customer", "Thank you so much 👍").enters("customer", "🏽 for this").wait(20).done()
    assert told.verdict("HO-09") == "fail"


def test_a_whole_emoji_passes():
    told = Told().says("A person").handoff().says("Thank you so much 👍🏽 for this").mirrors().wait(20).done()
    assert told.verdict("HO-09") == "pass"


def test_a_cut_that_may_still_go_on_is_quiet():
    told = Told().says("A person").handoff().says(LONG).enters("customer", LONG[:3000]).done()
    assert told.verdict("HO-09") != "fail"


# ------------------------------------------------------------------------------------------------------- HO-10


def test_facts_in_the_transcript_or_a_field_pass():
    assert asked(facts={"order": "553"}).handoff().wait(20).done().verdict("HO-10") == "pass"
    told = asked(facts={"order": "553"}).opens(fields={"order": 553}).asks().wait(20).done()
    assert told.verdict("HO-10", facts_in="fields") == "pass"


def test_a_fact_that_is_left_behind_fails():
    told = asked(facts={"order": "553"}).handoff("A person, please").wait(20).done()
    [finding] = told.findings("HO-10")
    assert told.cited(finding) == ["owner_changed", "553"]


def test_a_fact_in_words_alone_fails_where_fields_are_asked_for():
    assert asked(facts={"order": "553"}).handoff().wait(20).done().verdict("HO-10", facts_in="fields") == "fail"


def test_a_fact_that_nobody_told_is_no_trigger():
    assert asked(facts={"city": "Warsaw"}).handoff().wait(20).done().verdict("HO-10") == "none"


# ------------------------------------------------------------------------------------------------------- HO-11


def test_a_question_about_something_else_passes():
    told = asked(facts={"order": "553"}).handoff().accepts().closes().says("Thanks").bot("How can I help?")
    assert told.says("Another thing").bot("In which city do you live?").done().verdict("HO-11") == "pass"


def test_asking_again_during_the_handover_fails():
    told = asked(facts={"order": "553"}).handoff().bot("What is your order number?").done()
    [finding] = told.findings("HO-11")
    assert told.cited(finding) == ["What is your order number?", "553"]


def test_asking_again_until_the_customer_says_it_again_fails():
    told = asked(facts={"order": "553"}).handoff().accepts().closes().says("When does it come?")
    assert told.bot("What is your order number?").says("553").done().verdict("HO-11") == "fail"


def test_asking_for_the_number_of_another_order_passes():
    told = asked(facts={"order": "553"}).handoff().accepts().closes().says("And my other order?")
    assert told.bot("What is your order number?").says("778").done().verdict("HO-11") == "pass"


def test_a_confirmation_names_the_value():
    told = asked(facts={"order": "553"}).handoff().bot("Is 553 your order number?").done()
    assert told.verdict("HO-11", questions=["order number"]) != "none"
    assert told.verdict("HO-11") == "none"


def test_a_listed_question_fails():
    told = asked(facts={"order": "553"}).handoff().accepts().closes().bot("Tell me the number of your order.").done()
    assert told.verdict("HO-11", questions=["number of your order"]) == "fail"


# ------------------------------------------------------------------------------------------------------- HO-12

CARD = "4242424242424242"


def secretive(*shown: str) -> Told:
    return (
        Told(secrets=(CARD,)).says("My card is 4242 4242 4242 4242").says("A person").handoff(*shown, "A person").done()
    )


def test_a_secret_that_is_blotted_out_passes():
    assert secretive("My card is **** **** **** 4242").verdict("HO-12") == "pass"


@pytest.mark.parametrize(
    "shown",
    [
        "My card is 4242 4242 4242 4242",
        "4242-4242-4242-4242",
        CARD,
        "q=4242%204242%204242%204242",
        base64.b64encode(b"card " + CARD.encode()).decode(),
        CARD.encode().hex(),
    ],
)
def test_a_secret_in_any_form_fails(shown):
    [finding] = secretive(shown).findings("HO-12")
    assert CARD not in finding.message


def test_a_secret_in_the_call_alone_fails():
    told = Told(secrets=(CARD,)).says(f"My card is {CARD}").opens()
    told.calls("search", arguments={"query": CARD})
    assert told.done().verdict("HO-12") == "fail"


def test_a_secret_that_was_not_told_is_no_trigger():
    assert Told(secrets=(CARD,)).says("A person").handoff().done().verdict("HO-12") == "none"


# ------------------------------------------------------------------------------------------------------- HO-13


def polish(notice: str, **ticket) -> Told:
    told = Told().says("Dzień dobry, gdzie jest moje zamówienie?").bot("Proszę podać numer zamówienia, dobrze?")
    return told.says("Proszę o rozmowę z konsultantem").handoff(**ticket).notice(notice).done()


def test_a_notice_in_the_customers_language_passes():
    assert polish("Łączę z konsultantem, proszę czekać.", locale="pl-PL").verdict("HO-13") == "pass"


def test_a_notice_in_another_language_fails():
    told = polish("Please wait, you are now being connected to an agent.")
    [finding] = told.findings("HO-13")
    assert "speaks pl, and the notice is in en" in finding.message


def test_a_ticket_in_another_language_fails():
    assert polish("Łączę z konsultantem, proszę czekać.", locale="en-US").verdict("HO-13") == "fail"


def test_a_notice_that_may_be_in_any_language_is_not_judged():
    assert polish("OK! 👍 Bob").verdict("HO-13") == "none"


def test_a_bot_that_speaks_one_language_only_changes_none():
    told = Told().says("Dzień dobry, gdzie jest moje zamówienie?").bot("What is the number of your order, please?")
    told.says("Proszę o rozmowę").handoff().notice("Please wait, you are now being connected to an agent.").done()
    assert told.verdict("HO-13") == "none"
