"""What agents write reaches their customer whole, once and in order, and nobody else; what fails is shown to them."""

from __future__ import annotations

import pytest

import chatdrill.checks.handoff.leaks
import chatdrill.checks.handoff.outbound  # noqa: F401
from chatdrill.model import Block, EntryFailed, File, Media, Text
from checks.handoff.traces import Told

GREETING = "Good morning, this is Bob. What can I do for you?"
PICTURE = File(sha256="aa", mime="image/jpeg", name="laces.jpg")
BILL = File(sha256="bb", mime="application/pdf", name="bill.pdf")


def served(**case) -> Told:
    """An agent is in charge."""
    return Told(**case).says("A person, please").handoff().bot("I am calling a colleague.").accepts("bob")


def two_customers() -> Told:
    """Two customers of one case, each with an agent."""
    told = Told(people=("anna", "boris"))
    for who in ("anna", "boris"):
        told.to(who).says("A person, please").handoff().bot("I am calling a colleague.").accepts("bob")
    return told


def refused(told: Told, text: str, *, times: int = 1, status: int = 403) -> Told:
    """The platform refuses to take a message to the customer."""
    for _ in range(times):
        told.calls("sendMessage", platform="telegram", status=status, arguments={"text": text}, error="Forbidden")
    return told


# ------------------------------------------------------------------------------------------------------- HO-28


@pytest.mark.parametrize("prefix", ["", "Bob Baker: ", "<b>Bob</b>\n"])
def test_a_reply_that_is_passed_on_passes(prefix):
    assert served().replies(GREETING).passes_on(prefix=prefix).wait(30).done().verdict("HO-28") == "pass"


def test_without_a_reply_there_is_nothing_to_say():
    assert served().done().verdict("HO-28") == "none"


def test_a_reply_that_never_comes_fails():
    told = served().replies(GREETING).wait(30).done()
    [finding] = told.findings("HO-28")
    assert "never got" in finding.message and GREETING in finding.message


@pytest.mark.parametrize(("outcome", "verdict"), [("stopped", "inconclusive"), ("done", "pass")])
def test_before_the_deadline_only_a_run_that_was_cut_short_is_undecided(outcome, verdict):
    assert served().replies(GREETING).wait(3).ends(outcome).verdict("HO-28") == verdict


def test_a_reply_that_comes_twice_fails():
    told = served().replies(GREETING).passes_on().hooked("reply", number=2).passes_on().wait(30).done()
    [finding] = told.findings("HO-28")
    assert "twice" in finding.message
    assert told.cited(finding) == [GREETING, GREETING, "entry_added"]


def test_an_agent_may_say_the_same_again():
    told = served().replies("Are you there?").passes_on().replies("Are you there?").passes_on().wait(30).done()
    assert told.verdict("HO-28") == "pass"


def test_a_long_reply_may_come_in_pieces_and_files_one_by_one():
    long = " ".join(f"sentence number {number} of the answer." for number in range(200))
    told = served().replies(long).bot(long[:3000]).bot(long[3000:])
    told.replies("Two files.", files=(PICTURE, BILL)).bot("Two files.")
    told.bot("", Media(kind="photo", file=PICTURE)).bot("", Media(kind="document", file=BILL)).wait(30).done()
    assert told.verdict("HO-28") == told.verdict("HO-29") == "pass"


def test_a_reply_that_goes_to_another_customer_fails():
    told = two_customers().to("anna").replies(GREETING).to("boris").bot(GREETING).wait(30).done()
    lost, stranger = told.findings("HO-28")
    assert "never got" in lost.message
    assert "another customer" in stranger.message and stranger.conv == told.conv


def test_two_customers_may_get_the_same_greeting():
    told = two_customers()
    for who in ("anna", "boris"):
        told.to(who).replies(GREETING).passes_on()
    assert told.wait(30).done().verdict("HO-28") == "pass"


def test_short_words_of_the_bot_may_be_those_of_an_agent():
    told = two_customers().to("anna").replies("Hello!").passes_on().to("boris").bot("Hello!").wait(30).done()
    assert told.verdict("HO-28") == "pass"


def test_a_reply_that_was_taken_back_need_not_come():
    assert served().replies(GREETING).agent_edits(deleted=True).wait(30).done().verdict("HO-28") == "pass"


def test_a_webhook_that_was_lost_on_purpose_is_not_the_bots_fault():
    told = served().enters("agent", GREETING, by="agent")
    told.attempt("chatwoot", ("u77",), status=500, note="fault: lost for good").wait(90).done()
    assert told.verdict("HO-28") == "pass"


# ------------------------------------------------------------------------------------------------------- HO-29


def test_replies_in_their_order_pass():
    told = served().replies("First, the laces.").passes_on().replies("Second, the soles.").passes_on().wait(30).done()
    assert told.verdict("HO-29") == "pass"


def test_a_later_reply_before_an_earlier_one_fails():
    told = served().replies("First, the laces.").replies("Second, the soles.").passes_on().passes_on(back=2).wait(30)
    [finding] = told.done().findings("HO-29")
    assert told.cited(finding)[:2] == ["Second, the soles.", "First, the laces."]


def test_webhooks_that_were_swapped_on_purpose_excuse_the_order():
    told = served().replies("First, the laces.").hooked("reply", note="fault: overtaken by the next one")
    told.replies("Second, the soles.").passes_on().passes_on(back=2).wait(90).done()
    assert told.verdict("HO-29") == "pass"


def test_a_file_that_is_missing_fails():
    told = served().replies("Two files.", files=(PICTURE, BILL)).bot("Two files.", Media(kind="photo", file=PICTURE))
    [finding] = told.wait(30).done().findings("HO-29")
    assert "1 of its 2 files" in finding.message
    assert told.verdict("HO-28") == "pass"


def test_files_may_come_as_a_link_or_packed_anew():
    told = served().replies("The bill.", files=(BILL,)).bot("The bill. https://desk.example.org/bill.pdf")
    told.replies("The picture.", files=(PICTURE,)).bot("The picture.")
    told.bot("", Media(kind="photo", file=File(sha256="zz", mime="image/webp"))).wait(30).done()
    assert told.verdict("HO-29") == "pass"


def test_words_that_are_cut_off_fail():
    long = " ".join(f"sentence number {number} of the answer." for number in range(200))
    told = served().replies(long).bot(long[:4000]).wait(30).done()
    assert "some of its words" in told.findings("HO-29")[0].message


# ------------------------------------------------------------------------------------------------------- HO-30

NOTE = "He is rude, offer 5% at most"


def test_a_note_that_stays_passes():
    assert served().notes(NOTE).replies(GREETING).passes_on().done().verdict("HO-30") == "pass"


@pytest.mark.parametrize("text", [NOTE, f"Bob: {NOTE}", f"<i>{NOTE}</i>!"])
def test_a_note_that_leaves_fails(text):
    told = served().notes(NOTE).bot(text).done()
    [finding] = told.findings("HO-30")
    assert finding.details["note"] == NOTE
    assert told.cited(finding) == [text, "entry_added"]


def test_a_note_that_leaves_to_somebody_else_fails():
    assert two_customers().to("anna").notes(NOTE).to("boris").bot(NOTE).done().verdict("HO-30") == "fail"


def test_words_that_are_public_are_no_secret():
    told = served().notes("the laces are too short").replies("The laces are too short.").passes_on().done()
    assert told.verdict("HO-30") == "pass"
    told = served().says("the laces are too short").notes("the laces are too short").bot("So the laces are too short?")
    assert told.done().verdict("HO-30") == "pass"


def test_without_a_note_there_is_nothing_to_say():
    assert served().replies(GREETING).passes_on().done().verdict("HO-30") == "none"


# ------------------------------------------------------------------------------------------------------- HO-31


def test_words_that_go_one_way_pass():
    told = served().replies(GREETING).passes_on().says("the laces").mirrors().done()
    assert told.verdict("HO-31") == "pass"


def test_a_reply_that_comes_back_as_the_customers_fails():
    told = served().replies(GREETING).passes_on().enters("customer", GREETING).done()
    [finding] = told.findings("HO-31")
    assert "came back" in finding.message


def test_a_customer_may_repeat_an_agents_words():
    told = served().replies("Which colour? Red?").passes_on().says("Which colour? Red?").mirrors().done()
    assert told.verdict("HO-31") == "pass"


def test_a_text_that_goes_round_fails():
    told = served()
    for _ in range(4):
        told.bot("The bot is back.").enters("bot", "The bot is back.")
    [finding] = told.done().findings("HO-31")
    assert "goes round" in finding.message


def test_a_reminder_of_every_day_is_no_loop():
    told = served().replies("See you.").passes_on()
    for _ in range(5):
        told.wait(86400).bot("Do you still need help?").mirrors_bot()
    assert told.done().verdict("HO-31") == "pass"


def test_without_a_desk_there_is_no_echo():
    assert Told().says("hello").bot("Hi!").done().verdict("HO-31") == "none"


# ------------------------------------------------------------------------------------------------------- HO-32


def test_a_refusal_that_the_agent_sees_passes():
    told = refused(served().acts(Block()).replies(GREETING), GREETING)
    told.files(EntryFailed(ticket=told.ticket, entry_id=told.entries["anna"][-1].id, reason="blocked")).wait(30).done()
    assert told.verdict("HO-32") == "pass"
    assert told.verdict("HO-28") == "pass"


def test_a_note_about_the_refusal_passes():
    told = refused(served().replies(GREETING), GREETING)
    told.enters("bot", "Not delivered: the customer has blocked us", public=False).wait(30).done()
    assert told.verdict("HO-32") == "pass"


def test_a_refusal_in_silence_fails():
    told = refused(served().replies(GREETING), GREETING).wait(40).done()
    [finding] = told.findings("HO-32")
    assert "nobody told the agent" in finding.message
    assert finding.details["answer"] == "Forbidden"
    assert told.verdict("HO-28") == "pass"


def test_endless_tries_fail():
    told = refused(served().replies(GREETING), GREETING, times=9)
    told.files(EntryFailed(ticket=told.ticket, entry_id=told.entries["anna"][-1].id)).wait(40).done()
    [finding] = told.findings("HO-32")
    assert "9 times" in finding.message
    assert told.verdict("HO-32", tries=10) == "pass"


def test_a_reply_that_succeeds_in_the_end_is_no_failure():
    told = refused(served().replies(GREETING), GREETING, status=429, times=3).passes_on().wait(40).done()
    assert told.verdict("HO-32") == "none"


def test_a_refusal_just_before_the_run_was_stopped_is_undecided():
    assert refused(served().replies(GREETING), GREETING).ends("stopped").verdict("HO-32") == "inconclusive"


# ------------------------------------------------------------------------------------------------------- HO-33


def handed_on() -> Told:
    """Bob has passed the conversation to Carol."""
    return served().replies(GREETING, agent="Bob Baker").passes_on().transfers("carol")


@pytest.mark.parametrize("prefix", ["", "Carol: ", "Carol Clark\n"])
def test_the_second_agents_words_arrive_under_their_name(prefix):
    told = handed_on().replies("Hello, Carol here.", agent="Carol Clark").passes_on(prefix=prefix).wait(30).done()
    assert told.verdict("HO-33") == "pass"


def test_the_second_agents_words_that_never_arrive_fail():
    told = handed_on().replies("Let me look into it.", agent="Carol Clark").wait(30).done()
    [finding] = told.findings("HO-33")
    assert "Carol Clark took over" in finding.message
    assert told.verdict("HO-28") == "pass"


def test_another_agents_name_over_the_words_fails():
    told = handed_on().replies("Let me look into it.", agent="Carol Clark").passes_on(prefix="Bob Baker: ").wait(30)
    [finding] = told.done().findings("HO-33")
    assert "Bob Baker's name over what Carol Clark wrote" in finding.message


def test_an_agent_who_mentions_a_colleague_is_not_the_colleague():
    told = handed_on().replies("Bob has told me everything.", agent="Carol Clark").passes_on(prefix="Carol: ").wait(30)
    assert told.done().verdict("HO-33") == "pass"


def test_one_agent_is_not_several():
    assert served().replies(GREETING).passes_on().done().verdict("HO-33") == "none"


def test_a_run_that_is_stopped_leaves_the_second_agents_words_undecided():
    told = handed_on().replies("Let me look into it.", agent="Carol Clark").ends("stopped")
    assert told.verdict("HO-33") == "inconclusive"


def test_a_file_with_the_agents_name_below_is_the_reply():
    told = served().replies("", files=(PICTURE,)).bot("", Media(kind="photo", file=PICTURE, caption=Text(text="Bob")))
    assert told.wait(30).done().verdict("HO-28") == "pass"


def test_a_note_about_something_else_excuses_no_lost_reply():
    told = served().replies(GREETING).enters("bot", "Anna has changed her message.", public=False).wait(30).done()
    assert told.verdict("HO-28") == "fail"
    told = (
        served().replies(GREETING).enters("bot", "Nicht zugestellt: das Fenster ist zu", public=False).wait(30).done()
    )
    assert told.verdict("HO-28") == "pass"
