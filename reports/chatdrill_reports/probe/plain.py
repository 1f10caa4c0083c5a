"""For machines that read JSON, and for people who read Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator

from chatdrill.probe.results import FINDINGS, Examination, Result
from chatdrill.trace.transcript.phrases import plain
from chatdrill.version import VERSION

_NOT_MARKDOWN = str.maketrans({"|": "\\|", "<": "&lt;", "`": "'", "\n": " "})


def as_json(examination: Examination) -> str:
    """Everything, as ``probe.json`` has it."""
    return json.dumps(values_of(examination), indent=2, ensure_ascii=False) + "\n"


def values_of(examination: Examination) -> dict[str, object]:
    """Everything as plain values."""
    return {
        "version": VERSION,
        "target": examination.target,
        "service": examination.service,
        "verdict": "fail" if examination.is_serious else "pass",
        "summary": examination.summary(),
        "took_s": round(examination.took_s, 3),
        "calls_of_the_bot": examination.called,
        "interrupted": examination.interrupted,
        "results": [_values(result) for result in examination.results],
    }


def _values(result: Result) -> dict[str, object]:
    outcome, rule = result.outcome, result.rule
    return {
        "probe": result.probe,
        "title": result.title,
        "severity": result.verdict,
        "tried": outcome.tried,
        "came": outcome.came,
        "reason": outcome.reason,
        "rule": rule.text,
        "source": rule.source,
        "took_s": round(result.took_s, 4),
    }


def markdown(examination: Examination) -> str:
    """A page for a merge request."""
    return "\n".join(_markdown(examination)) + "\n"


def _markdown(examination: Examination) -> Iterator[str]:
    yield f"# {_cell(examination.title)} webhook `{_cell(examination.target)}`\n"
    yield f"{examination.summary()}; examined in {examination.took_s:.1f} s.\n"
    if examination.interrupted:
        yield "It was interrupted: the rest was not tried.\n"
    for result in examination.findings:
        outcome, rule = result.outcome, result.rule
        yield f"- **{result.verdict}**, {_cell(result.title)} (`{result.probe}`): {_cell(outcome.reason)}"
        yield f"  Tried: {_cell(outcome.tried)}; came: {_cell(outcome.came or 'nothing')}."
        yield f"  Rule: {_cell(rule.text)} ({_cell(rule.source)})."
    yield "\n| severity | probe | tried | came |\n|---|---|---|---|"
    for result in examination.results:
        outcome = result.outcome
        came = outcome.came if result.verdict in {*FINDINGS, "passed"} else outcome.reason
        yield f"| {result.verdict} | {_cell(result.title)} | {_cell(outcome.tried)} | {_cell(came)} |"


def _cell(text: str) -> str:
    return plain(text).translate(_NOT_MARKDOWN)
