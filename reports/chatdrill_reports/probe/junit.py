"""JUnit XML: a ``testcase`` for every probe. What is minor passes, with its words in ``system-out``."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from chatdrill.probe.results import FINDINGS, SERIOUS, Examination, Result
from chatdrill_reports.testcases import clean, count, document, testcase


def junit(examination: Examination) -> str:
    """The document, for UTF-8."""
    cases = [_case(examination, result) for result in examination.results]
    root = ET.Element("testsuites", name="chatdrill probe")
    suite = ET.SubElement(root, "testsuite", name=clean(examination.target))
    for element in (root, suite):
        count(element, cases)
    suite.extend(cases)
    return document(root).decode()


def _case(examination: Examination, result: Result) -> ET.Element:
    case = testcase(f"chatdrill.probe.{examination.service}", result.probe, result.took_s)
    if result.verdict in SERIOUS:
        failure = ET.SubElement(case, "failure", message=clean(result.outcome.reason), type=result.verdict)
        failure.text = clean(_words(result))
    elif result.verdict == "not applicable":
        ET.SubElement(case, "skipped", message=clean(result.outcome.reason))
    elif result.verdict in FINDINGS:
        ET.SubElement(case, "system-out").text = clean(f"{result.verdict}: {_words(result)}")
    return case


def _words(result: Result) -> str:
    outcome, rule = result.outcome, result.rule
    lines = (result.title, f"tried: {outcome.tried}", f"came: {outcome.came}", outcome.reason)
    return "\n".join((*lines, f"rule: {rule.text} ({rule.source})"))
