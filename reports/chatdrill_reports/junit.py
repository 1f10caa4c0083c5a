"""The report as JUnit XML, as Jenkins, GitLab and GitHub's actions read it.

One ``testsuite`` for each scenario file, one ``testcase`` for each conversation; the checks of the run as a whole are a
suite of their own. What could not be decided is ``skipped``, with the reason: it is not the bot's failure. Where time is
virtual a ``testcase`` has no ``time``, which a CI system would take for real, but a property ``drill_time_s``. The service
metrics are properties of the suite of the whole run, where a helpdesk was in play. Repeats of one case are one ``testcase``
(``junit_repeats``). What is flaky or slower than in earlier runs is the property ``trend`` of its ``testcase``, with the statistics. A
conversation that went wrong has the page of the run as an attachment, where that is written, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Unpack
from xml.etree import ElementTree as ET

import msgspec

from chatdrill.checks.results import CaseJudgement, CheckResult, Finding, Repeats
from chatdrill.clock import iso
from chatdrill.engine.copies import copied
from chatdrill.history.telling import why
from chatdrill.trace import RunBegan
from chatdrill.trace.transcript import render_text, render_wire
from chatdrill.trace.transcript.phrases import plain
from chatdrill_reports import junit_repeats
from chatdrill_reports.contract import Report, Run
from chatdrill_reports.junit_repeats import lines
from chatdrill_reports.pins import pin
from chatdrill_reports.repeats import number_of
from chatdrill_reports.service import flat
from chatdrill_reports.testcases import add_properties, attachment, clean, count, document, testcase
from chatdrill_reports.words import case_title, wire_times

_TAGS = {"fail": "failure", "error": "error", "inconclusive": "skipped", "none": "skipped"}
_WIDTH = 100


def render(**run: Unpack[Run]) -> bytes:
    """The XML document, in UTF-8."""
    report = Report(**run)
    root = ET.Element("testsuites", name=clean(report.title or "chatdrill"))
    for file, cases in groupby(sorted(report.judgement.cases, key=_file), key=_file):
        _add_suite(root, file, list(_testcases(report, cases)), report)
    if report.judgement.results or report.service is not None:
        checks = list(map(_suite_check, report.judgement.results))
        _add_suite(root, "the run as a whole", checks, report, _service(report))
    count(root, list(root.iter("testcase")))
    return document(root)


def _file(case: CaseJudgement) -> str:
    return case.file or "chatdrill"


def _service(report: Report) -> dict[str, str]:
    return {} if report.service is None else flat(report.service.overall)


def _add_suite(
    root: ET.Element,
    name: str,
    cases: Sequence[ET.Element],
    report: Report,
    facts: Mapping[str, str] = MappingProxyType({}),
) -> None:
    suite = ET.SubElement(root, "testsuite", name=clean(name))
    if report.transcripts.run is not None:
        suite.set("timestamp", iso(report.transcripts.run.at).rstrip("Z"))
        add_properties(suite, {**_time(report, report.transcripts.run), **facts})
    suite.extend(cases)
    count(suite, cases)


def _time(report: Report, run: RunBegan) -> dict[str, str]:
    """How time went, and what the run cannot show for it."""
    unseen = report.time.unseen if report.time else ""
    said = {"clock": run.clock, "bot_clock": run.bot_clock, "why": run.bot_clock_why, "unseen": unseen}
    return {f"time.{name}": value for name, value in said.items() if value}


def _testcases(report: Report, cases: Iterable[CaseJudgement]) -> Iterator[ET.Element]:
    """One for each case, or for all repeats of it."""
    together = {one.case: one for one in report.judgement.repeats}
    groups: dict[str, list[CaseJudgement]] = {}
    for case in cases:
        copy = copied(case.case) if together else None
        groups.setdefault(case.case if copy is None else copy.case, []).append(case)
    for name, group in groups.items():
        yield _repeated(report, together[name], group) if name in together else _case(report, group[0])


def _case(report: Report, case: CaseJudgement) -> ET.Element:
    element = _entry(report, case, case_title(case), case.took_s, {"replay": case.replay})
    _add_outcome(element, case.verdict, case.findings)
    ET.SubElement(element, "system-out").text = clean(_transcript(report, case))
    return element


def _repeated(report: Report, one: Repeats, group: Sequence[CaseJudgement]) -> ET.Element:
    """The transcript is that of the first repeat that failed."""
    shown = next((case for case in group if case.findings), group[0])
    title = case_title(msgspec.structs.replace(shown, case=one.case))
    element = _entry(report, shown, title, sum(case.took_s for case in group), junit_repeats.facts(one))
    junit_repeats.add_outcomes(element, one, group)
    ET.SubElement(element, "system-out").text = clean(f"{number_of(shown.case)}\n{_transcript(report, shown)}")
    return element


def _entry(report: Report, case: CaseJudgement, title: str, took_s: float, more: Mapping[str, object]) -> ET.Element:
    run = report.transcripts.run
    virtual = run is not None and run.clock == "virtual"
    element = testcase(_file(case), title, None if virtual else took_s)
    if case.file is not None:
        element.set("file", clean(case.file))
    if case.line is not None:
        element.set("line", str(case.line))
    facts = {"platform": case.platform, "seed": case.seed, "persona": case.persona, **case.row, **more}
    facts |= {"drill_time_s": f"{took_s:.3f}"} if virtual else {}
    facts |= {"trend": said} if (said := _trend(report, case)) else {}
    add_properties(element, facts)
    return element


def _trend(report: Report, case: CaseJudgement) -> str:
    copy = copied(case.case)
    found = report.trend_of(case.case if copy is None else copy.case)
    return "" if found is None else why(found)


def _suite_check(result: CheckResult) -> ET.Element:
    element = testcase("chatdrill", result.check, 0.0)
    _add_outcome(element, result.verdict, result.findings)
    return element


def _add_outcome(element: ET.Element, verdict: str, findings: Sequence[Finding]) -> None:
    """One element for the verdict, which names the worst finding and holds all of them."""
    if verdict not in _TAGS:
        return
    worst = next((finding for finding in findings if finding.verdict == verdict), None)
    message = worst.message if worst else "there was nothing to check"
    kind = worst.check if worst else "none"
    outcome = ET.SubElement(element, _TAGS[verdict], message=clean(message), type=clean(kind))
    outcome.text = clean("\n\n".join("\n".join(lines(finding)) for finding in findings))


def _transcript(report: Report, case: CaseJudgement) -> str:
    view = report.transcripts.view(case.case)
    chat = render_text(view, width=_WIDTH, notes=pin(view, enumerate(case.findings)).notes)
    again = f"Seed {case.seed}. Play it again with:\n  {plain(case.replay)}" if case.replay else f"Seed {case.seed}."
    return f"\n{chat}\n\nOn the wire ({wire_times(view)}):\n{render_wire(view, width=_WIDTH)}\n\n{again}\n{_attached(report, case)}"


def _attached(report: Report, case: CaseJudgement) -> str:
    """The page that draws this conversation, for those that went wrong."""
    page = report.files.get("html")
    return "" if page is None or case.verdict == "pass" else f"\n{attachment(page)}\n"
