"""What faults that came by chance excuse at the handover: the very records that they struck, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.checks import Finding, judge
from chatdrill.model import Accepted, OwnerChanged
from chatdrill.trace import Acted, Called, Filed, Injected
from checks.handoff.defects import DEFECTS
from checks.handoff.model import converse
from checks.handoff.tape import Defect, Tape, first_spoiled
from checks.handoff.test_silence import ANSWER, queued, served
from checks.handoff.traces import Told
from checks.handoff.weather import struck
from deep import tries

PIECE = 25
CALM = "I am calling a colleague."


def strikes(told: Told, fault: str, **fields: Any) -> Told:
    """A fault strikes; a webhook unless a call is named."""
    facts = {"fault": fault, "what": "something", "platform": told.platform, "bears": "time", **fields}
    told.add(Injected, **facts)
    return told


def call_struck(told: Told, fault: str, what: str = "answered 503 instead of being handled", **fields: Any) -> Told:
    """A call of the bot's is struck, and answered so."""
    desk, arguments, status = fields.pop("desk", False), fields.pop("arguments", {}), fields.pop("status", 503)
    platform = told.desk if desk else told.platform
    strikes(told, fault, what=what, platform=platform, call="POST /x", **fields)
    told.calls("POST /x", platform=platform, status=status, note=f"fault: {what}", arguments=arguments)
    return told


def said_by(told: Told, *rules: str) -> set[str]:
    """The rules that hold anything against the bot, excuses heard."""
    return {one.check for one in accused(told) if not rules or one.check in rules}


def accused(told: Told) -> list[Finding]:
    return [one for one in judge(told.records).findings if one.check.startswith("HO-") and one.verdict == "fail"]


# ------------------------------------------------------------------------------------------------ put off by the API


def test_a_message_that_the_api_put_off_over_the_switch_is_excused():
    told = call_struck(queued().wait(8).says("Where is order 553?").mirrors(), "api-down", late_s=130.0)
    assert said_by(told.accepts().bot(ANSWER, after=30.0).done()) == set()


def test_an_answer_to_what_came_after_the_switch_is_put_off_by_nothing():
    told = call_struck(queued().wait(8), "api-down", late_s=130.0).accepts().says("Where is it?").mirrors()
    assert said_by(told.bot(ANSWER).done()) == {"HO-14"}


def test_a_fault_that_was_over_long_before_puts_nothing_off():
    told = call_struck(queued(), "api-error", late_s=10.0).wait(60).says("Where is order 553?").mirrors()
    assert said_by(told.accepts().bot(ANSWER, after=12.0).done()) == {"HO-15"}


def test_nor_does_a_slow_call_that_is_over():
    told = call_struck(queued().wait(8), "slow-api", "held up for 0.5 s", late_s=10.5, status=200)
    told.says("Where is order 553?").mirrors().accepts().bot(ANSWER, after=9.0)
    assert said_by(told.done()) == {"HO-15"}


# --------------------------------------------------------------------------------------------------- what was lost


def test_a_copy_is_excused_whose_first_answer_was_lost_and_no_other():
    told = served().says("When does it come?")
    strikes(
        told, "lost-answer", what="handled, but the answer was lost", platform=told.desk, call="POST /x", bears="loss"
    )
    told.mirrors()
    place = next(n for n in reversed(range(len(told.made))) if isinstance(told.made[n], Called))
    changed = {"note": "fault: handled, but the answer was lost"}
    told.made[place] = type(told.made[place])(**{**fields_of(told.made[place]), **changed})
    assert said_by(told.mirrors().done(), "HO-22") == set()
    assert said_by(served().says("When does it come?").mirrors().mirrors().done(), "HO-22") == {"HO-22"}


@pytest.mark.parametrize(("text", "rules"), [("My order is 553", set()), ("something else", {"HO-22"})])
def test_words_are_excused_that_were_in_a_call_that_was_reset(text, rules):
    told = served().says("My order is 553")
    call_struck(told, "api-reset", "reset before it was handled", desk=True, bears="loss", arguments={"content": text})
    assert said_by(told.wait(200).done(), "HO-22") == rules


def test_what_the_desk_refuses_for_a_moment_must_be_repeated():
    told = served().says("My order is 553")
    call_struck(told, "api-error", desk=True, late_s=10.0, arguments={"content": "My order is 553"})
    assert said_by(told.wait(200).done(), "HO-22") == {"HO-22"}


# ------------------------------------------------------------------------------------------------- what came too late


@pytest.mark.parametrize(("when", "rules"), [("before", set()), ("after", {"HO-14"}), ("another", {"HO-14"})])
def test_who_was_not_told_yet_may_speak_and_nobody_else(when, rules):
    told = queued().wait(8)
    owner = OwnerChanged(ticket=told.ticket, owner="agent", agent="bob")
    told.files(Accepted(ticket=told.ticket, agent="bob"), owner, by="agent", after=3.0)
    strikes(told, "desk-lag", platform=told.desk, updates=("accepted",), late_s=4.0)
    told.says("When does it come?").mirrors().wait(2)
    told.attempt(told.desk, ("accepted",)).wait(1) if when == "after" else None
    told.hooked("reply").wait(1) if when == "another" else None
    told.bot(ANSWER).wait(1).attempt(told.desk, ("accepted",))
    assert said_by(told.done(), "HO-14") == rules


def test_a_leak_is_excused_by_nothing():
    told = served()
    told.notes("Between us: this customer is a pain")
    strikes(told, "desk-lag", platform=told.desk, updates=("note",), late_s=4.0)
    assert "HO-30" in said_by(told.bot("Between us: this customer is a pain").done())


# ------------------------------------------------------------------------------------------------ what was called off


def broken_off(apology: str) -> Told:
    """The desk goes down in the middle of a handover, of which the queue knows already."""
    told = Told().says("Hi").bot("Hello, what can I do for you?").says("A person, please").handoff()
    call_struck(told, "api-down", desk=True, bears="loss", late_s=130.0).bot(apology, after=2.0)
    return told.wait(5).accepts().says("My order is 553", after=3.0).bot(ANSWER, after=3.0).done()


def test_a_handover_that_the_bot_had_to_call_off_need_not_be_known_to_it():
    assert said_by(broken_off("Sorry, I cannot reach anybody right now."), "HO-14") == set()
    assert said_by(broken_off(CALM), "HO-14") == set(), "the last that was tried there was struck"


def test_once_the_desk_answers_again_the_bot_must_know():
    told = Told().says("Hi").bot("Hello, what can I do for you?").says("A person, please").handoff()
    call_struck(told, "api-down", desk=True, bears="loss", late_s=130.0).bot(CALM, after=2.0).calls("GET /ticket")
    told.wait(5).accepts().says("My order is 553", after=3.0).bot(ANSWER, after=3.0).done()
    assert said_by(told, "HO-14") == {"HO-14"}


# ----------------------------------------------------------------------------------------------- generated conversations


@pytest.mark.parametrize("start", range(0, tries(25, 100), PIECE))
def test_faults_make_no_rule_accuse_a_conversation_without_a_mistake(start):
    count = 0
    for seed in range(start, start + PIECE):
        stage, strikes_ = struck(converse(seed), seed)
        count += strikes_
        assert not accused(stage), seed
    assert count > PIECE


def elsewhere(tape: Tape) -> None:
    """Faults that touch nothing: duplicates, and delays long before and long after."""
    for record in [one for one in tape.stage.made if isinstance(one, Acted | Filed)][::3]:
        facts = {
            "platform": tape.stage.platform,
            "fault": "duplicate",
            "what": "delivered twice",
            "updates": ("other",),
        }
        tape.put(Injected, record, 0.0, **facts)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: f"{defect.rule}: {defect.name}")
def test_faults_that_touch_nothing_excuse_nothing(defect: Defect):
    seed, stage = first_spoiled(defect)
    tape = Tape(stage)
    elsewhere(tape)
    assert defect.rule in {one.check for one in accused(tape.done())}, seed


def fields_of(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__struct_fields__}
