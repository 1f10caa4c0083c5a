"""When people are not there: closed hours, time-outs, refusals, full desks, the queue, and customers who change their mind."""

from __future__ import annotations

import pytest

import chatdrill.checks.handoff.availability
import chatdrill.checks.handoff.cancelling
import chatdrill.checks.handoff.capacity  # noqa: F401
from chatdrill.checks.handoff.opening import promises_haste, says_when
from chatdrill.model import Agent, Assigned, Declined, HandoffFailed, OwnerChanged
from checks.handoff import traces
from checks.handoff.traces import ADDRESSES, SUNDAY, Told

# The tale begins on Sunday, 22 November 2026, at 9:15 UTC; Warsaw is an hour ahead and opens on Monday at 9.
CLOSED = {"zone": "Europe/Warsaw", "hours": {"mon-fri": "09:00-17:00"}}
OPEN = {"zone": "Europe/Warsaw", "hours": {"mon-sun": "09:00-17:00"}}
MONDAY = SUNDAY + (22 * 60 + 45) * 60


def asked(**case) -> Told:
    """Somebody wants a person; nobody has come yet."""
    return Told(**case).says("A person, please").handoff()


def hours(told: Told, hours: object = CLOSED, **given: object) -> str:
    return told.verdict("HO-34", hours=hours, **given)


# ------------------------------------------------------------------------------------------------------- HO-34


@pytest.mark.parametrize(
    "text",
    [
        "Nobody is here now. A colleague will answer on Monday at 9:00.",
        "Сейчас здесь никого нет. Коллега ответит завтра в 9:00.",
        "Konsultant odpowie jutro o 9:00.",
        "Wir sind ab 9 Uhr wieder da.",
        "We are open 9-17, Monday to Friday.",
        "We open at 9 am.",
        "A colleague will write tomorrow.",
        "Your message of 10:15 is noted. Somebody answers tomorrow.",
        "Somebody will be here in 23 hours.",
    ],
)
def test_whoever_says_when_somebody_comes_passes(text):
    assert hours(asked().bot(text).wait(20).done()) == "pass"


@pytest.mark.parametrize("text", ["I am calling a colleague.", "", "We open at 10:00.", "Come back at 8 pm."])
def test_no_time_and_a_wrong_time_fail(text):
    told = asked().bot(text).wait(20).done() if text else asked().wait(20).done()
    [finding] = told.findings("HO-34", hours=CLOSED)
    assert "Monday 23.11. at 09:00" in finding.details["expected"]


def test_a_promise_of_haste_fails():
    told = asked().bot("We open at 9:00. Somebody will be with you shortly.").wait(20).done()
    [finding] = told.findings("HO-34", hours=CLOSED)
    assert "promises haste" in finding.message


@pytest.mark.parametrize(
    "text", ["We cannot answer right away.", "From 9:00 on we answer immediately.", "Wir antworten nicht sofort."]
)
def test_a_denial_is_no_promise(text):
    assert not promises_haste(text)


def test_the_hours_need_to_be_told_once_a_night():
    told = asked().bot("Somebody answers on Monday at 9:00.").closes().says("A person again").asks()
    assert hours(told.bot("I am calling a colleague.").wait(20).done()) == "pass"


def test_open_hours_and_no_hours_say_nothing():
    told = asked().bot("I am calling a colleague.").wait(20).done()
    assert hours(told, OPEN) == hours(told, None) == "none"


def test_a_calendar_may_be_one_of_the_settings():
    told = asked().bot("Somebody answers on Monday at 9:00.").wait(20).done()
    told.made[0] = type(told.made[0])(**{**_fields(told.made[0]), "settings": {"calendars": {"desk": CLOSED}}})
    assert hours(told, "desk") == "pass"


def test_a_bot_that_must_answer_in_closed_hours_and_is_silent_fails():
    told = asked().bot("Somebody answers on Monday at 9:00.").says("Where is order 553?").wait(60).done()
    assert hours(told) == "pass"
    assert hours(told, closed_bot="answers") == "fail"


def test_a_run_that_stops_before_the_notice_is_undecided():
    assert hours(asked().ends("stopped")) == "inconclusive"


def test_a_time_in_the_scenarios_zone_is_right_too():
    assert says_when("We open at 8:00.", SUNDAY, MONDAY, ("Europe/Warsaw", "UTC"))
    assert not says_when("We open at 7:00.", SUNDAY, MONDAY, ("Europe/Warsaw", "UTC"))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("We open at 9:00 (Warsaw time).", True),
        ("We open at 8:00 (Warsaw time).", False),
        ("We open at 8:00 UTC.", True),
        ("We open at 9:00 UTC.", False),
        ("We open at 9:00 CET.", True),
        ("We open at 8:00 CET.", False),
        ("We open at 11:00 Moscow time.", True),
        ("We open at 9:00 Moscow time.", False),
        ("We open at 9:00 Warsaw time, that is 8:00 UTC.", True),
        ("We open at 9:00 Opening time.", True),
    ],
)
def test_a_zone_that_is_named_is_the_one(text, right):
    assert says_when(text, SUNDAY, MONDAY, ("Europe/Warsaw", "UTC")) is right


def _fields(record) -> dict:
    return {name: getattr(record, name) for name in record.__struct_fields__}


# ------------------------------------------------------------------------------------------------------- HO-35


def test_where_the_channel_takes_nothing_from_the_bot_it_need_not_speak():
    told = Told().says("A person, please").handoff(ticket=ADDRESSES["anna"]).wait(180).done()
    assert told.verdict("HO-35") == "none"


def test_a_word_when_nobody_comes_passes():
    told = asked().bot("I am calling a colleague.").wait(119).bot("All are busy, please wait.").wait(60).done()
    assert told.verdict("HO-35") == "pass"


def test_silence_when_nobody_comes_fails():
    told = asked().bot("I am calling a colleague.").wait(300).done()
    [finding] = told.findings("HO-35")
    assert "within 120 s" in finding.message


@pytest.mark.parametrize("seconds", [5, 119.95, 121])
def test_whoever_accepts_in_time_or_just_after_wins(seconds):
    told = asked().bot("I am calling a colleague.").accepts(after=seconds).wait(300).done()
    assert told.verdict("HO-35") in ("pass", "none")


def test_whoever_was_told_a_time_has_been_told():
    told = asked().bot("I am calling a colleague. They are here tomorrow at 9:00.").wait(3600).done()
    assert told.verdict("HO-35") == "pass"


def test_to_hear_twice_at_once_that_nobody_came_fails():
    told = asked().bot("Wait, please.").wait(120).bot("Nobody is free.").bot("Nobody is free.").wait(60).done()
    assert "twice" in told.findings("HO-35")[0].message


def test_a_conversation_that_goes_back_in_silence_fails():
    told = asked().bot("Wait, please.").wait(120).owner("bot", by="bot").wait(60).done()
    assert told.verdict("HO-35") == "fail"


def test_a_timer_that_fires_although_an_agent_is_there_fails():
    told = asked().bot("Wait, please.").accepts(after=60).wait(59.6).owner("bot", by="bot").wait(60).done()
    [finding] = told.findings("HO-35")
    assert "from the agent" in finding.message


def test_a_late_agent_must_be_announced():
    told = asked().bot("Wait, please.").wait(120).bot("Nobody is free.").owner("bot", by="bot").wait(30).takes_over()
    assert told.replies("Hello there, how can I help?").passes_on().done().verdict("HO-35") == "fail"
    told = asked().bot("Wait, please.").wait(120).bot("Nobody is free.").owner("bot", by="bot").wait(30).takes_over()
    told.bot("Bob has come after all.").replies("Hello there, how can I help?").passes_on().done()
    assert told.verdict("HO-35") == "pass"


@pytest.mark.parametrize(("outcome", "verdict"), [("stopped", "inconclusive"), ("done", "none")])
def test_a_run_that_ends_before_the_time_out(outcome, verdict):
    assert asked().bot("Wait, please.").wait(30).ends(outcome).verdict("HO-35") == verdict


# ------------------------------------------------------------------------------------------------------- HO-36


def failed(told: Told) -> Told:
    return told.files(HandoffFailed(ticket=told.ticket, reason="nobody is there"), by="desk")


def test_a_failed_handover_that_the_customer_hears_of_passes():
    told = failed(Told().says("A person, please").opens()).bot("I cannot reach anybody now.").wait(200).done()
    assert told.verdict("HO-36") == "pass"


def test_a_failed_handover_in_silence_fails():
    told = failed(Told().says("A person, please").opens()).wait(200).done()
    [finding] = told.findings("HO-36")
    assert "heard nothing" in finding.message


def test_a_handover_that_succeeds_the_second_time_passes():
    told = failed(Told().says("A person, please").opens()).asks().accepts().wait(200).done()
    assert told.verdict("HO-36") == "pass"


def test_a_decline_that_another_agent_makes_good_passes():
    assert asked().declines("bob").accepts("carol").done().verdict("HO-36") == "pass"


def test_nobody_in_charge_after_a_decline_fails():
    told = asked().declines("bob").owner("none").wait(60).done()
    [finding] = told.findings("HO-36")
    assert "nobody was in charge for 60 s" in finding.message


def given_back() -> Told:
    """The desk takes a refusal for the end."""
    told = asked().bot("I am calling a colleague.").declines("bob")
    return told.files(OwnerChanged(ticket=told.ticket, owner="bot"), by="agent", after=0)


def test_a_refusal_that_ends_the_handover_in_silence_fails():
    [finding] = given_back().wait(200).done().findings("HO-36")
    assert finding.message == "the handover was declined, and the customer heard nothing"


def test_a_refusal_that_ends_the_handover_is_told():
    assert given_back().wait(5).bot("Nobody can come now.").wait(200).done().verdict("HO-36") == "pass"


def test_a_refusal_just_before_the_run_was_stopped_is_undecided():
    assert given_back().ends("stopped").verdict("HO-36") == "inconclusive"


def test_a_handover_that_the_bot_ends_after_a_refusal_is_no_failure():
    told = asked().declines("bob").says("Back to the bot")
    assert told.owner("bot", by="bot").wait(200).done().verdict("HO-36") == "pass"


def test_a_failure_just_before_the_run_was_stopped_is_undecided():
    assert failed(Told().says("A person, please").opens()).ends("stopped").verdict("HO-36") == "inconclusive"


def test_without_a_failure_there_is_nothing_to_say():
    assert asked().accepts().done().verdict("HO-36") == "none"


# -------------------------------------------------------------------------------------------------- HO-37, HO-38


@pytest.fixture
def full_desk(monkeypatch) -> Told:
    """Two customers wait; Bob can hold one conversation, and Carol as many as she likes."""
    agents = {
        "bob": Agent(key="bob", first_name="Bob", last_name="Baker", capacity=1),
        "carol": Agent(key="carol", first_name="Carol", last_name="Clark"),
    }
    monkeypatch.setattr(traces, "AGENTS", agents)
    told = Told(people=("anna", "boris"))
    for who in ("anna", "boris"):
        told.to(who).says("A person, please").handoff()
    return told


def routed(told: Told, who: str, agent: str, **how) -> Told:
    """The desk itself, or whoever ``by`` says, gives a conversation to an agent."""
    ticket = told.to(who).ticket
    choice = Assigned(ticket=ticket, agent=agent, automatic=how.pop("automatic", True))
    return told.files(choice, OwnerChanged(ticket=ticket, owner="agent", agent=agent), by=how.pop("by", "desk"), **how)


def test_an_agent_who_has_room_passes(full_desk):
    told = routed(routed(full_desk, "anna", "bob"), "boris", "carol").done()
    assert told.verdict("HO-37") == told.verdict("HO-38") == "pass"


def test_an_agent_who_is_full_gets_no_more(full_desk):
    told = routed(routed(full_desk, "anna", "bob"), "boris", "bob").done()
    [finding] = told.findings("HO-37")
    assert finding.fault == "infrastructure"
    assert "Bob Baker got conversation 2, but can hold 1" in finding.message


@pytest.mark.parametrize(("by", "fault"), [("bot", "bot"), ("agent", "harness")])
def test_whose_choice_it_was_says_whose_fault_it_is(full_desk, by, fault):
    told = routed(routed(full_desk, "anna", "bob"), "boris", "bob", by=by, automatic=False).done()
    assert told.findings("HO-37")[0].fault == fault


def test_what_the_scenario_lets_an_agent_take_is_not_counted(full_desk):
    told = routed(routed(full_desk, "anna", "bob"), "boris", "bob", by="agent", step=3).done()
    assert told.verdict("HO-37") == "pass"


def test_a_conversation_that_is_over_makes_room(full_desk):
    told = routed(full_desk, "anna", "bob").closes()
    assert routed(told, "boris", "bob").done().verdict("HO-37") == "pass"


def test_a_reopened_conversation_counts_again(full_desk):
    told = routed(full_desk, "anna", "bob").closes().owner("queue")
    told = routed(routed(told, "boris", "bob"), "anna", "bob").done()
    assert told.verdict("HO-37") == "fail"


def test_a_routing_that_takes_the_second_first_fails(full_desk):
    told = routed(full_desk, "boris", "bob").done()
    [finding] = told.findings("HO-38")
    assert finding.fault == "infrastructure" and finding.conv == told.to("anna").conv


def test_whom_an_agent_has_declined_may_be_overtaken(full_desk):
    told = full_desk.to("anna").files(Declined(ticket=full_desk.to("anna").ticket, agent="bob"), by="agent")
    assert routed(told, "boris", "bob").done().verdict("HO-38") == "pass"


def test_a_slow_agent_may_let_one_wait_a_little(full_desk):
    told = full_desk.to("boris").accepts("carol").to("anna").accepts("bob", after=60).wait(300).done()
    assert told.verdict("HO-38") == "pass"


def test_a_conversation_that_is_forgotten_fails(full_desk):
    told = full_desk.to("boris").accepts("carol").wait(300).done()
    [finding] = told.findings("HO-38")
    assert finding.fault == "harness"


def test_nobody_who_waits_alone_is_judged():
    assert Told().says("hello").bot("Hi!").done().verdict("HO-38") == "none"


# ------------------------------------------------------------------------------------------------------- HO-39


def served() -> Told:
    return asked().bot("I am calling a colleague.").accepts("bob")


@pytest.mark.parametrize("waiting", [True, False])
def test_a_customer_who_wants_the_bot_gets_it(waiting):
    told = (asked() if waiting else served()).says("Back to bot!").bot("The bot is back.").owner("bot", by="bot")
    assert told.verdict("HO-39", cancel="back to bot!") == "pass"
    assert told.wait(30).done().verdict("HO-39") == "none"


def test_a_button_with_the_word_bot_is_such_a_wish():
    told = served().presses("Вернуть бота").owner("bot", by="bot").bot("Снова с вами бот.").wait(30).done()
    assert told.verdict("HO-39") == "pass"


def test_a_wish_that_changes_nothing_fails():
    told = served().says("Back to bot").wait(30).done()
    [finding] = told.findings("HO-39")
    assert "stays with the agent" in finding.message


def test_a_return_without_a_word_fails():
    told = served().says("Back to bot").owner("bot", by="bot").wait(30).done()
    assert "not told" in told.findings("HO-39")[0].message


def test_a_return_that_is_told_twice_fails():
    told = served().says("Back to bot").owner("bot", by="bot").bot("The bot is back.").bot("The bot is back.").wait(30)
    assert "twice" in told.done().findings("HO-39")[0].message


def test_what_answers_the_next_word_at_once_does_not_tell_it_twice() -> None:
    told = served().presses("Back to bot").owner("bot", by="bot")
    told.bot("The bot is back").starts(told=False).bot("The bot is back", after=0.0)
    assert told.wait(30).done().verdict("HO-39") == "pass"


def test_other_words_with_the_word_bot_are_for_the_agent():
    assert served().says("the bot told me to wait").wait(30).done().verdict("HO-39") == "none"


def test_a_wish_just_before_the_run_was_stopped_is_undecided():
    assert served().says("Back to bot").ends("stopped").verdict("HO-39") == "inconclusive"
