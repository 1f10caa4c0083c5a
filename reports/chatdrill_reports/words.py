"""The words in which every report says the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.checks.results import CaseJudgement, Finding, Judgement, Latency, Statistic, Verdict
from chatdrill.engine.copies import repeat_of
from chatdrill.trace.transcript import View
from chatdrill.trace.transcript.phrases import one_line, platform_title, seconds
from chatdrill_reports.service import counted as amount

VERDICTS: tuple[Verdict, ...] = ("error", "fail", "inconclusive", "pass", "none")
BARRED = "No fake stands for these hosts, and no drill reaches the internet; --allow HOST lets one through"
VERDICT_WORDS: dict[str, str] = {
    "error": "broke",
    "fail": "failed",
    "inconclusive": "undecided",
    "pass": "passed",
    "none": "not checked",
}
MARKS: dict[str, str] = {"error": "!", "fail": "✗", "inconclusive": "?", "pass": "✓", "none": "–"}
FAULTS: dict[str, str] = {
    "bot": "the bot",
    "scenario": "the scenario",
    "harness": "chatdrill itself",
    "infrastructure": "the machine or the network",
}
LATENCIES: dict[str, str] = {
    "first_response": "First answer",
    "next_response": "Every next answer",
    "time_to_human": "Time to a human",
    "resolution": "Resolution",
    "webhook_ack": "Webhook accepted",
}


_UNNAMED_CALENDAR = "inline"


def latency_name(name: str) -> str:
    """``First answer`` for ``first_response``."""
    return LATENCIES.get(name) or one_line(name.replace("_", " ").capitalize(), 40)


def counted(one: Latency | Statistic) -> str:
    """By which clock a time was counted: ``working time (shop)``; nothing where no calendar counted."""
    if one.calendar is None:
        return ""
    return "working time" + (f" ({one_line(one.calendar, 40)})" if one.calendar != _UNNAMED_CALENDAR else "")


def percentile_words(one: Statistic) -> list[str]:
    """p50, p90, p95, p99 and the slowest, readable."""
    times = (one.p50_s, one.p90_s, one.p95_s, one.p99_s, one.max_s)
    return [seconds(value, days=one.calendar is None) for value in times]


def wire_times(view: View) -> str:
    """What the times on the wire are."""
    return f"drill time, {view.zone}" if view.is_virtual else "real seconds since the conversation began"


def row_words(row: Mapping[str, Any]) -> str:
    """A dataset row: ``size 42, reason too small``."""
    return one_line(", ".join(f"{key} {value}" for key, value in row.items()), 60)


def case_title(case: CaseJudgement) -> str:
    """``return with photo · WhatsApp · size 42``; with ``repeat 3`` where it is one."""
    words = (one_line(case.name, 100), platform_title(case.platform), row_words(case.row), repeat_words(case))
    return " · ".join(filter(None, words))


def repeat_words(case: CaseJudgement) -> str:
    """``repeat 3``; nothing where it is none."""
    number = repeat_of(case.case)
    return "" if number is None else f"repeat {number}"


def place(case: CaseJudgement) -> str:
    """``drills/return.drill.yaml:12``, as far as it is known."""
    if case.file is None:
        return ""
    return case.file if case.line is None else f"{case.file}:{case.line}"


def blame(finding: Finding) -> str:
    """Whose fault it is and which check says so: ``the bot (check sla.next_response)``."""
    return f"{FAULTS[finding.fault]} (check {finding.check})"


def unsaid(finding: Finding) -> dict[str, str]:
    """The details of a finding that its message does not say already."""
    return {label: text for label, text in finding.details.items() if text not in finding.message}


def summary(judgement: Judgement) -> str:
    """The outcome in a sentence: ``2 of 5 conversations failed, 1 undecided, 2 passed.``"""
    return _of_repeats(judgement) if judgement.repeats else _of_cases(judgement)


def _of_repeats(judgement: Judgement) -> str:
    """``3 of 4 cases passed often enough, 2 flaky; 38 of 40 conversations passed.``"""
    repeats = judgement.repeats
    enough, flaky = sum(one.is_enough for one in repeats), sum(one.is_flaky for one in repeats)
    cases = f"{enough} of {amount(len(repeats), 'case')} passed often enough, {flaky} flaky"
    return f"{cases}; {judgement.count('pass')} of {amount(len(judgement.cases), 'conversation')} passed."


def _of_cases(judgement: Judgement) -> str:
    total = len(judgement.cases)
    if not total:
        return "There was no conversation to judge."
    counts = [(judgement.count(verdict), VERDICT_WORDS[verdict]) for verdict in VERDICTS]
    (first, word), *others = [(count, word) for count, word in counts if count]
    noun = "conversation" if total == 1 else "conversations"
    head = f"{'All ' if first == total > 1 else ''}{first}{f' of {total}' if first < total else ''} {noun} {word}"
    return ", ".join([head, *(f"{count} {word}" for count, word in others)]) + "."
