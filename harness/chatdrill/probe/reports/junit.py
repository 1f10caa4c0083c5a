"""JUnit XML: a ``testcase`` for every probe. What is minor passes, with its words in ``system-out``."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from chatdrill.probe.results import FINDINGS, SERIOUS, Examination, Result
from chatdrill.trace.transcript.phrases import plain

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(examination: Examination) -> str:
    """The document, for UTF-8."""
    cases = [_case(examination, result) for result in examination.results]
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": "0",
        "skipped": str(sum(case.find("skipped") is not None for case in cases)),
        "time": f"{examination.took_s:.3f}",
    }
    root = ET.Element("testsuites", {"name": "chatdrill probe", **counts})
    suite = ET.SubElement(root, "testsuite", {"name": _clean(examination.target), **counts})
    suite.extend(cases)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _case(examination: Examination, result: Result) -> ET.Element:
    classname, took = f"chatdrill.probe.{examination.service}", f"{result.took_s:.3f}"
    case = ET.Element("testcase", classname=classname, name=result.probe, time=took)
    if result.verdict in SERIOUS:
        failure = ET.SubElement(case, "failure", message=_clean(result.outcome.reason), type=result.verdict)
        failure.text = _clean(_words(result))
    elif result.verdict == "not applicable":
        ET.SubElement(case, "skipped", message=_clean(result.outcome.reason))
    elif result.verdict in FINDINGS:
        ET.SubElement(case, "system-out").text = _clean(f"{result.verdict}: {_words(result)}")
    return case


def _words(result: Result) -> str:
    outcome, rule = result.outcome, result.rule
    lines = (result.title, f"tried: {outcome.tried}", f"came: {outcome.came}", outcome.reason)
    return "\n".join((*lines, f"rule: {rule.text} ({rule.source})"))


def _clean(text: str) -> str:
    """The text without what XML 1.0 cannot hold."""
    return _NOT_XML.sub("\ufffd", plain(text))
