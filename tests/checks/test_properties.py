"""What must hold for every conversation: no correct bot is accused, and judging is a pure function of the trace."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chatdrill.checks import judge
from chatdrill.engine.expect import contains, expect
from chatdrill.model import Button, Keyboard
from chatdrill.trace import Record, read_trace
from deep import tries

TEXTS = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=12).map(str.strip).filter(bool)
BUTTONS = Keyboard(style="inline", rows=((Button(title="Yes", kind="callback", payload="y"),),))
PEOPLE = ("anna", "boris", "carl")
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking whole runs takes minutes and tells little more
MODEST = settings(
    max_examples=tries(20, 40),
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def burst_in_any_order(case, draw, texts):
    case.says(*texts, gap=draw(st.floats(0.1, 3)))
    answers = [f"{number} is about {text}" for number, text in enumerate(texts)]
    for answer in answers:
        case.hears(answer)
    for answer in draw(st.permutations(answers)):
        case.bot(answer, after=draw(st.floats(0.01, 0.5)))
    case.met()


def burst_answered_one_by_one(case, draw, texts):
    case.says(*texts, gap=draw(st.floats(0.1, 3)))
    case.hears(*(f"You wrote: {text}" for text in texts), in_order=True)
    for text in texts:
        case.bot(f"You wrote: {text}", after=draw(st.floats(0.01, 0.5)))
    case.met()


def answered_while_writing(case, draw, texts):
    for text in texts:
        case.says(text).bot(f"Noted: {text}", after=draw(st.floats(0.01, 2)))
    case.hears(*(f"Noted: {text}" for text in texts)).met()


def redelivered(case, draw, texts):
    case.says(texts[0], told=False).attempt(status=None, error="reset", note="fault: reset before it reached the bot")
    case.hears("Booked").attempt(number=2).bot("Booked").met()


def menu(case, draw, texts):
    case.says(texts[0]).hears(expect("Sure?", buttons=["Yes"])).bot("Sure?", BUTTONS).met()
    case.presses("Yes").hears(expect("Done", edited=True)).types().toasts().bot_edits("Done").met()


def impatient(case, draw, texts):
    case.says(texts[0]).hears(contains("here")).nudges(after=6)
    case.bot("One moment").nudges(after=6).bot("Now: here it is").met()


def rate_limited(case, draw, texts):
    case.says(texts[0]).hears("Twice tried")
    case.calls(ok=False, status=429, error="Too Many Requests: retry after 1", arguments={"text": "Twice tried"})
    case.bot("Twice tried", after=1.0).met()


def quiet_then_reminded(case, draw, texts):
    case.says(texts[0]).hears("Hello").bot("Hello").met().hears_nothing(3).wait(3).met()
    case.waits(0.3, skipped=86400).hears("Still there?").bot("Still there?").met()


def echoing_platform(case, draw, texts):
    case.says(texts[0]).hears("First of two words", "Second of two words")
    case.bot("First of two words").echo().receipt("delivered").bot("Second of two words").echo().receipt("read").met()


def slow_but_excused(case, draw, texts):
    case.says(texts[0]).eventually("Finally").bot("Wait").types().bot("Still at it").bot("Finally", after=4).met()


def goodbye(case, draw, texts):
    case.says(texts[0]).reads()
    if draw(st.booleans()):
        case.bot("You are welcome")


TURNS = (
    burst_in_any_order,
    burst_answered_one_by_one,
    answered_while_writing,
    redelivered,
    menu,
    impatient,
    rate_limited,
    quiet_then_reminded,
    echoing_platform,
    slow_but_excused,
)


def tell(tale, draw):
    """A run of correct conversations, side by side."""
    for number in range(draw(st.integers(1, 3))):
        people = PEOPLE[: draw(st.integers(1, 3))]
        case = tale.case(f"case {number}", people=people, starts_t=draw(st.floats(0, 5)), sla={"first_response": "1h"})
        for _ in range(draw(st.integers(1, 6))):
            texts = draw(st.lists(TEXTS, min_size=1, max_size=4, unique=True))
            draw(st.sampled_from(TURNS))(case.to(draw(st.sampled_from(people))), draw, texts)
        goodbye(case, draw, ["Thanks"])
        case.done()


@MODEST
@given(data=st.data(), clock=st.sampled_from(["real", "scaled", "virtual"]))
def test_no_correct_conversation_is_accused(new_tale, data, clock):
    tale = new_tale(clock=clock, speed=10.0 if clock == "scaled" else 1.0)
    tell(tale, data.draw)
    judgement = tale.judge()
    assert judgement.findings == ()
    assert judgement.verdict == "pass"


@MODEST
@given(data=st.data())
def test_any_prefix_of_a_correct_run_accuses_no_bot(new_tale, data):
    tale = new_tale()
    tell(tale, data.draw)
    records = tale.records
    cut = data.draw(st.integers(0, len(records)))
    assert [finding for finding in judge(records[:cut]).findings if finding.fault == "bot"] == []


@MODEST
@given(data=st.data())
def test_judging_is_a_pure_function_of_the_trace(new_tale, tmp_path_factory, data):
    tale = new_tale()
    tell(tale, data.draw)
    spoil(tale, data.draw)
    path: Path = tmp_path_factory.mktemp("trace") / "trace.jsonl"
    records = tale.record(path)
    before = copy.deepcopy(records)
    first = judge(records)
    assert records == before
    assert judge(records) == first
    assert judge(list(read_trace(path))) == first


def spoil(tale, draw):
    """Some defects, so that there is something to find."""
    case = tale.case("spoiled", people=("anna", "boris"), starts_t=1.0)
    case.says("Hi", told=False).attempt(status=500).hears(contains("Hello")).bot("Hello").met().bot(
        "Hello, Boris Petrov"
    )
    case.attempt(number=2).bot("Hello").calls(ok=False, error="Bad Request: message is too long")
    if draw(st.booleans()):
        case.says("Where is 553?").hears("On its way", within_s=1.0).wait(10).unmet()
    else:
        case.says("Where is 553?").wait(30).done()


@pytest.mark.parametrize("clock", ["real", "virtual"])
def test_a_spoiled_run_is_accused_by_several_checks(new_tale, clock):
    tale = new_tale(clock=clock)
    spoil(tale, lambda _: True)
    found = {finding.check for finding in tale.judge().findings}
    assert found >= {"acknowledged", "once", "calls-accepted", "expected", "unexpected", "no-cross-talk"}


def test_a_trace_with_a_step_that_nobody_knows_is_an_error_not_a_crash(tale, case):
    told = case("odd").says("Hi").hears("Hello").bot("Hello").met().done()
    told.began["steps"] = ()
    records: list[Record] = tale.records
    verdicts = {result.check: result.verdict for result in judge(records).cases[0].results}
    assert verdicts["whole"] == "pass"
    assert verdicts["expected"] == "error"
