"""Who is in charge speaks: the bot is quiet in an agent's time, and nobody seems to be there who is not."""

from __future__ import annotations

import msgspec
import pytest

import chatdrill.checks.handoff.owners
import chatdrill.checks.handoff.quiet  # noqa: F401
from chatdrill.model import Assigned, Echo, MarkedRead, Message, StateChanged, Text
from checks.handoff.traces import ADDRESSES, Told

ANSWER = "Order 553 is on its way and arrives on Friday."
RULES = ["HO-14", "HO-15", "HO-16", "HO-17", "HO-18", "HO-19", "HO-20", "HO-21"]


def queued() -> Told:
    told = Told().says("Hi").bot("Hello, what can I do for you?").says("A person, please").handoff()
    return told.bot("I am calling a colleague.")


def served() -> Told:
    """An agent is in charge and has spoken."""
    return queued().wait(8).accepts().bot("Bob has joined the chat.").replies("Good morning!").passes_on()


def uncalled() -> Told:
    """An agent came although nobody was asked for."""
    told = Told().says("Hi").bot("Hello, what can I do for you?").opens().wait(5).takes_over()
    return told.replies("Hello, I saw your order").passes_on()


def accused(told: Told) -> set[str]:
    return {rule for rule in RULES if told.verdict(rule) == "fail"}


@pytest.mark.parametrize(
    "passes_on",
    [
        lambda told: told.replies("It comes on Friday").passes_on(),
        lambda told: told.replies("It comes on Friday").passes_on(prefix="Bob: "),
        lambda told: told.replies("It comes on Friday").bot("*Bob Baker*\nIt comes on Friday"),
        lambda told: told.replies("It comes on Friday").bot("It comes on Friday\n— Bob"),
        lambda told: told.replies("<p>Tom &amp; I</p>").bot("Tom & I"),
        lambda told: told.replies("Part one is this. Part two is that.").bot("Part one is this.").bot("Part two is that."),
        lambda told: told.replies("It comes on Fridya").passes_on().agent_edits("It comes on Friday").bot("It comes on Friday"),
    ],
)  # fmt: skip
def test_passing_a_reply_on_breaks_no_rule(passes_on):
    told = passes_on(served().says("When does it come?").mirrors())
    told.says("Thanks").mirrors().closes().bot("The conversation is over, I am back.").says("Bye").bot(
        "Goodbye!"
    ).done()
    assert not accused(told)


# ------------------------------------------------------------------------------------------------------- HO-14


def test_an_answer_in_the_agents_time_fails():
    told = served().says("When does it come?").mirrors().bot(ANSWER).done()
    [finding] = told.findings("HO-14")
    assert told.cited(finding) == [ANSWER, "owner_changed", "When does it come?"]
    assert accused(told) == {"HO-14"}, "one defect has one owner"


def test_an_answer_within_the_grace_passes():
    told = queued().wait(8).accepts().says("Hello?", after=0.5).bot(ANSWER, after=0.3).done()
    assert told.verdict("HO-14") == "pass"
    assert told.verdict("HO-14", grace="0.1s") == "fail"


def test_an_answer_after_the_return_passes():
    assert served().closes().says("And now?").bot(ANSWER).done().verdict("HO-14") == "pass"


def test_too_many_notices_fail():
    told = served()
    for number in range(4):
        told.wait(30).notice(f"Bob is still with you ({number}).")
    assert told.done().verdict("HO-14") == "fail"
    assert told.verdict("HO-14", notices_max=9) == "pass"


def test_without_an_agent_there_is_no_silence_to_keep():
    assert queued().done().verdict("HO-14") == "none"


# ------------------------------------------------------------------------------------------------------- HO-15


def test_a_slow_answer_after_the_agent_came_fails():
    told = queued().wait(8).says("Where is order 553?").mirrors().accepts().bot(ANSWER, after=12.0).done()
    [finding] = told.findings("HO-15")
    assert told.cited(finding) == [ANSWER, "owner_changed", "Where is order 553?"]
    assert accused(told) == {"HO-15"}


def test_a_slow_answer_after_the_call_for_a_person_fails():
    told = Told().says("Where is order 553?").says("A person, please").handoff().bot("I am calling a colleague.")
    assert accused(told.bot(ANSWER, after=12.0).done()) == {"HO-15"}


def test_what_belongs_to_the_call_may_follow_it():
    told = Told().says("Where is order 553?").says("A person, please").handoff().bot("I am calling a colleague.")
    assert told.bot(ANSWER, after=2.0).done().verdict("HO-15") == "pass"


# ------------------------------------------------------------------------------------------------------- HO-16


def test_a_reminder_in_the_agents_time_fails():
    told = served().says("OK").mirrors().wait(600).bot("Are you still there? Your basket is full.").done()
    assert accused(told) == {"HO-16"}


def test_a_reminder_after_the_return_passes():
    told = served().closes().wait(600).bot("Are you still there? Your basket is full.").done()
    assert told.verdict("HO-16") == "pass"


def test_closing_a_ticket_in_work_by_timer_fails():
    told = served().wait(600)
    ticket = told.ticket

    assert told.files(StateChanged(ticket=ticket, state="solved")).done().verdict("HO-16") == "fail"


# ------------------------------------------------------------------------------------------------------- HO-17


def test_a_bot_that_goes_on_beside_an_uncalled_agent_fails():
    told = uncalled().says("Great, where is it?").mirrors().bot(ANSWER).done()
    assert accused(told) == {"HO-17"}


def test_a_bot_that_is_quiet_beside_an_uncalled_agent_passes():
    assert uncalled().says("Great, where is it?").mirrors().wait(9).done().verdict("HO-17") == "pass"


def test_who_was_not_told_of_the_agent_may_go_on_for_a_while():
    told = Told().says("Hi").bot("Hello!").opens().files(by="agent")
    told.owner("agent", "bob", by="agent").says("Where is it?").wait(3).bot(ANSWER).done()
    assert told.verdict("HO-17") == "pass"


def test_a_bot_that_goes_on_after_a_reply_from_the_phone_fails():
    echo = Echo(message=Message(ids=("x1",), author="agent", parts=(Text(text="I take this one"),), at=0))
    told = (
        Told().says("Hi").bot("Hello!").opens().acts(echo, cause="platform").says("Where is it?").bot(ANSWER, after=2)
    )
    assert told.done().verdict("HO-17") == "fail"


# ------------------------------------------------------------------------------------------------------- HO-18


def routed() -> Told:

    told = Told().says("Hi").bot("Hello!").opens()
    return told.files(Assigned(ticket=told.ticket, agent="bob", automatic=True), by="desk")


def test_a_bot_that_answers_on_after_routing_passes():
    assert routed().says("Where is my order?").bot(ANSWER).done().verdict("HO-18") == "pass"


def test_a_bot_that_routing_silences_fails():
    told = routed().says("Where is my order?").wait(40).done()
    [finding] = told.findings("HO-18")
    assert "routing" in finding.message and told.cited(finding) == ["Where is my order?", "assigned"]


def test_a_note_that_silences_the_bot_fails():
    told = Told().says("Hi").bot("Hello!").opens().notes("A good customer").says("Where is it?").wait(40).done()
    assert told.verdict("HO-18") == "fail"


def test_thanks_need_no_answer():
    assert routed().says("Thanks").wait(40).done().verdict("HO-18") == "none"


def on_duty(told: Told, presence: str) -> Told:
    """An agent comes or goes, which is about no conversation."""
    told.presence("bob", presence)
    told.made[-1] = msgspec.structs.replace(told.made[-1], case=None, conv=None)
    return told


def asks(told: Told) -> Told:
    return told.says("Where is my order?").wait(40)


def test_a_bot_that_answers_whoever_is_there_passes():
    told = on_duty(Told().says("Hi").bot("Hello!").opens(), "online").says("Where is my order?").bot(ANSWER)
    assert on_duty(told.wait(40), "offline").done().verdict("HO-18") == "pass"


@pytest.mark.parametrize("goes", [False, True])
def test_a_bot_that_is_silent_while_somebody_is_there_fails(goes):
    told = asks(on_duty(Told().says("Hi").bot("Hello!").opens(), "online"))
    told = on_duty(told, "offline").says("And now?").bot(ANSWER) if goes else told
    [finding] = told.done().findings("HO-18")
    assert finding.message == "the bot fell silent after an agent came or went, although nobody had taken over"


def test_another_cases_agent_is_not_why_a_bot_is_silent():
    told = Told(agents=("carol",)).says("Hi").bot("Hello!").opens()
    assert asks(on_duty(told, "online")).done().verdict("HO-18") == "none"


def test_who_comes_just_before_the_end_is_no_reason():
    told = on_duty(Told().says("Hi").bot("Hello!").opens(), "online").says("Where is my order?").wait(5)
    assert told.done().verdict("HO-18") == "none"


# ------------------------------------------------------------------------------------------------------- HO-19


def test_a_handover_with_one_owner_at_a_time_passes():
    told = served().transfers().bot("Carol has joined.").replies("Hi").passes_on().closes().bot("I am back.").done()
    assert told.verdict("HO-19") == "pass"


def test_two_bots_that_answer_one_message_fail():
    told = Told().opens().says("Where is my order?").enters("bot", "Our articles may help you.", by="desk")
    told.bot("Our articles may help you.").bot(ANSWER).done()
    [finding] = told.findings("HO-19")
    assert "both answered" in finding.message


def test_an_old_reply_after_the_bot_has_spoken_again_fails():
    told = served().replies("One last word from me").closes().says("And now?").bot(ANSWER).wait(8).passes_on().done()
    assert told.verdict("HO-19") == "fail"


def test_two_agents_with_one_customer_fail():
    told = served().closes().says("A person again").wait(3).handoff().accepts("bob").wait(20)
    told.opens().accepts("carol").done()
    assert told.verdict("HO-19") == "fail"


# ------------------------------------------------------------------------------------------------------- HO-20


def test_notices_for_who_waits_pass():
    told = queued().wait(60).bot("You are number 2 in the queue.").says("Hello?").mirrors().wait(60)
    assert told.bot("Sorry for the wait, a colleague is coming.").done().verdict("HO-20") == "pass"


def test_an_answer_to_who_waits_fails():
    told = queued().wait(10).says("Where is order 553?").mirrors().bot(ANSWER).done()
    assert accused(told) == {"HO-20"}
    assert told.verdict("HO-20", answer_while_waiting="yes") == "pass"


def test_a_flood_of_notices_fails():
    told = queued()
    for number in range(3):
        told.wait(15).bot(f"You are number {3 - number} in the queue.")
    assert told.done().verdict("HO-20") == "fail"


def test_notices_in_a_language_unknown_here_pass():
    told = queued().wait(20).bot("Olet jonossa toisena, asiakaspalvelija vastaa pian.").wait(70)
    assert not accused(told.bot("Kiitos kärsivällisyydestä, vastaamme sinulle pian.").done())


# ------------------------------------------------------------------------------------------------------- HO-21


def test_showing_that_the_agent_types_passes():
    told = served().wait(20).agent_types().types().replies("Hello").types().passes_on().done()
    assert told.verdict("HO-21") == "pass"


def test_typing_where_nobody_types_fails():
    told = served().wait(30).says("Hello?").mirrors().types().wait(30).done()
    assert accused(told) == {"HO-21"}


def test_reading_at_once_what_no_agent_has_read_fails():
    told = served().wait(30)
    for _ in range(2):
        told.says("Hello?").takes(MarkedRead(to=ADDRESSES["anna"], message_id="m1")).wait(30)
    assert told.done().verdict("HO-21") == "fail"
