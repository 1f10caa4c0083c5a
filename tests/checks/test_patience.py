"""Who is refused waits as long as it is asked to, and does not try without end."""

from __future__ import annotations

import pytest

LIMIT = {"ok": False, "status": 429, "error": "Too Many Requests: retry after 3", "arguments": {"text": "One"}}
DOWN = {"ok": False, "status": 503, "error": "Service Unavailable", "arguments": {"text": "One"}}


def findings(tale):
    return [finding.message for finding in tale.findings("patience")]


def test_a_bot_that_waits_as_it_is_told_passes(tale, case):
    case("polite").says("Hi").calls(**LIMIT).calls(after=3.0, arguments={"text": "One"}).done()
    assert tale.verdict("patience") == "pass"


def test_the_same_call_before_its_time_is_held_against_the_bot(tale, case):
    case("hasty").says("Hi").calls(**LIMIT).calls(after=0.5, arguments={"text": "One"}).done()
    [message] = findings(tale)
    assert "after 500ms" in message and "asked for 3s" in message


def test_another_call_may_come_at_once(tale, case):
    case("busy").says("Hi").calls(**LIMIT).calls(after=0.5, arguments={"text": "Two"}).done()
    assert findings(tale) == []


def test_a_bot_that_is_never_refused_gives_no_evidence(tale, case):
    case("calm").says("Hi").bot("Hello!").done()
    assert tale.verdict("patience") == "none"


@pytest.mark.parametrize(("tries", "found"), [(20, 0), (21, 1)])
def test_the_same_refused_call_comes_twenty_times_at_most(tale, case, tries, found):
    told = case("endless").says("Hi")
    for _ in range(tries):
        told.calls(after=1.0, **DOWN)
    told.done()
    assert len(findings(tale)) == found


def test_each_word_of_the_customer_is_tried_anew(tale, case):
    told = case("again").says("Hi")
    for _ in range(3):
        for _ in range(12):
            told.calls(after=1.0, **DOWN)
        told.says("Hello?")
    told.done()
    assert findings(tale) == []
