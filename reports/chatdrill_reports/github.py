"""The report as workflow commands of GitHub Actions: each conversation that went wrong becomes an annotation on its scenario.

Source: docs.github.com, "Workflow commands for GitHub Actions" (``::error file=...,line=...,title=...::...``). A step shows ten errors
and ten warnings, so no more are written; how many there are, the last one says.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Unpack

from chatdrill.checks.results import CaseJudgement, Finding
from chatdrill.trace.transcript.phrases import one_line, plain
from chatdrill_reports.contract import Report, Run, numbered_findings
from chatdrill_reports.past import past_lines
from chatdrill_reports.words import blame, case_title, summary, unsaid

_OF_A_KIND_MAX = 10
_LEVELS = {"error": "error", "fail": "error", "inconclusive": "warning"}
_MESSAGE_MAX = 4000
_DATA: dict[str, int | str | None] = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY: dict[str, int | str | None] = {**_DATA, ":": "%3A", ",": "%2C"}


def render(**run: Unpack[Run]) -> bytes:
    """The commands, one a line, in UTF-8."""
    report = Report(**run)
    lines = [*_findings(report), *_past(report)]
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def _findings(report: Report) -> Iterator[str]:
    told: dict[str, int] = {"error": 0, "warning": 0}
    for case, finding in numbered_findings(report.judgement).values():
        level = _LEVELS[finding.verdict]
        told[level] += 1
        if told[level] < _OF_A_KIND_MAX:
            yield _command(
                level, _place(case), "The run as a whole" if case is None else case_title(case), _words(finding, case)
            )
    for level, count in told.items():
        if count >= _OF_A_KIND_MAX:
            more = f"{count - _OF_A_KIND_MAX + 1} more findings of this kind are in the summary of the job and in the reports."
            yield _command(level, {}, "chatdrill", f"{summary(report.judgement)} {more}")


def _past(report: Report) -> Iterator[str]:
    """What is flaky, slower or another than before, in one notice."""
    if report.past is None or (report.past.comparison is None and report.past.trends is None):
        return
    found = past_lines(report.past)
    if any(verdict in ("fail", "inconclusive") for verdict, _ in found.lines):
        text = "\n".join(words for verdict, words in found.lines if verdict in ("fail", "inconclusive"))
        yield _command("notice", {}, found.head, text)


def _words(finding: Finding, case: CaseJudgement | None) -> str:
    lines = [finding.message, *(f"{label}: {text}" for label, text in unsaid(finding).items())]
    lines.append(f"the fault of {blame(finding)}")
    lines += [f"Play it again with: {case.replay}"] if case is not None and case.replay else []
    return "\n".join(lines)


def _place(case: CaseJudgement | None) -> dict[str, str]:
    """File and line as the repository has them."""
    if case is None or case.file is None:
        return {}
    root, file = os.environ.get("GITHUB_WORKSPACE"), Path(case.file)
    whole = file.resolve()
    inside = root is not None and whole.is_relative_to(Path(root).resolve())
    name = whole.relative_to(Path(root or "").resolve()).as_posix() if inside else file.as_posix()
    return {"file": name, **({} if case.line is None else {"line": str(case.line)})}


def _command(level: str, where: Mapping[str, str], title: str, message: str) -> str:
    given = {**where, "title": one_line(title, 120)}
    properties = ",".join(f"{name}={_escaped(value, _PROPERTY)}" for name, value in given.items())
    return f"::{level} {properties}::{_escaped(plain(message)[:_MESSAGE_MAX], _DATA)}"


def _escaped(text: str, table: dict[str, int | str | None]) -> str:
    return text.translate(str.maketrans(table))
