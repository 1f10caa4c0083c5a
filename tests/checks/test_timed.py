"""What came too early or too late, held against the times that the player found."""

from __future__ import annotations

import pytest

from chatdrill.checks import judge
from chatdrill.engine.expect import contains
from chatdrill.engine.steps import Hears, Reminded
from chatdrill.trace import read_trace

HOUR_S = 3600.0


@pytest.fixture
def told(case):
    """A customer who has said one word, and is reminded between one hour and two hours after it."""

    def told(wanted=None, **how):
        made = case("cart", checks={"answered": "off", "unexpected": "allow"}).says("Boots")
        word_at = made.at - 0.01  # the webhook takes that long
        step = Reminded(expectations=(wanted or contains("boots"),), not_before=HOUR_S, by=2 * HOUR_S, **how)
        return made.begins(step, not_before_at=word_at + HOUR_S, due_at=word_at + 2 * HOUR_S, zone="Europe/Warsaw")

    return told


@pytest.mark.parametrize("after_s", [HOUR_S, 1.5 * HOUR_S, 2 * HOUR_S])
def test_what_comes_in_its_span_is_in_time_and_so_are_its_bounds(tale, told, after_s):
    told().bot("Your boots wait", after=after_s - 0.01).met().done()
    assert tale.judge().findings == ()


def test_what_comes_before_its_span_is_early(tale, told):
    told().bot("Your boots wait", after=HOUR_S / 2).unmet()
    [finding] = tale.findings("expected")
    said = "'Your boots wait' came 30m too early: 30m after the customer's last word, expected after 1h 30m ± 30m"
    assert (finding.message, finding.details) == (said, {"when": "after 1h 30m ± 30m"})
    assert (tale.cited(finding), finding.step) == (["Your boots wait"], 1)


def test_what_comes_after_its_span_is_late(tale, told):
    told().bot("Your boots wait", after=3 * HOUR_S).unmet()
    assert "came 1h too late: 3h after the customer's last word" in tale.findings("expected")[0].message


def test_only_a_message_that_is_expected_can_be_early(tale, told):
    told().bot("Hello", after=60).wait(2 * HOUR_S).unmet()
    [finding] = tale.findings("expected")
    assert finding.message.startswith("the bot did not say what was expected: containing 'boots', after 1h 30m ± 30m")


def test_early_stays_early_when_another_follows_in_time(tale, told):
    told().bot("Your boots wait", after=60).bot("Your boots still wait", after=HOUR_S).unmet()
    [finding] = tale.findings("expected")
    assert tale.cited(finding) == ["Your boots wait"] and "too early" in finding.message


def test_an_optional_reminder_may_stay_away_but_not_come_early(tale, told):
    told(optional=True).bot("Your boots wait", after=60).unmet()
    assert "too early" in tale.findings("expected")[0].message


def test_a_silent_bot_is_told_when_it_was_due(tale, case):
    made = case("call", checks={"answered": "off"}).says("Call me")
    step = Hears(expectations=(contains("Ring"),), by="09:15 next working day")
    made.begins(step, due_at=1_795_421_700.0, zone="Europe/Warsaw").wait(10).unmet()
    due = "by 09:15 next working day: until Mon 2026-11-23 09:15 (Europe/Warsaw)"
    assert tale.findings("expected")[0].message == f"the bot said nothing; expected was containing 'Ring', {due}"


def test_a_written_trace_is_judged_the_same(tale, told, tmp_path):
    told().bot("Your boots wait", after=HOUR_S / 2).unmet()
    tale.record(tmp_path / "trace.jsonl")
    [finding] = judge(read_trace(tmp_path / "trace.jsonl")).findings
    assert finding == tale.findings("expected")[0]
