"""Repeats as JUnit XML: one ``testcase`` for all repeats of a case.

Where enough of them passed, each that failed is a ``flakyFailure`` or ``flakyError``; where not, the first is the ``failure`` or
``error`` and each other a ``rerunFailure`` or ``rerunError``. These are the elements of Maven Surefire for tests that were run again
(its schema surefire-test-report-3.0.xsd, which also gives their order).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from chatdrill.checks.repeats import BAD
from chatdrill.checks.results import CaseJudgement, FailedRepeat, Finding, Repeats
from chatdrill.trace.transcript.phrases import plain
from chatdrill_reports.repeats import Row, cause, number_of
from chatdrill_reports.testcases import clean
from chatdrill_reports.words import blame, unsaid

_ORDER = ("failure", "rerunFailure", "flakyFailure", "skipped", "error", "rerunError", "flakyError")
_KINDS = {"fail": "Failure", "error": "Error"}
_UNSURE = "too few repeats to be sure that enough pass"


def facts(one: Repeats) -> Mapping[str, object]:
    """The figures of the repeats, and for each that failed what came of playing it again."""
    row = Row(one)
    numbers = {"tries": one.tries, "passes": one.passes, "undecided": one.undecided, "pass_rate": row.rate}
    powers = {f"pass^{k}": f"{value:.6g}" for k, value in enumerate(one.pass_k, start=1)}
    causes = {f"failed.{number_of(failed.case)}": cause(failed) for failed in one.failed}
    return {**numbers, "interval_95": row.interval, "flaky": "yes" if one.is_flaky else "no", **powers, **causes}


def add_outcomes(element: ET.Element, one: Repeats, group: Sequence[CaseJudgement]) -> None:
    """The elements for what failed or was not decided, in the order of the schema."""
    found = sorted(_outcomes(one, group), key=lambda outcome: _ORDER.index(outcome.tag))
    element.extend(found)


def _outcomes(one: Repeats, group: Sequence[CaseJudgement]) -> Iterator[ET.Element]:
    failed = {failed.case: failed for failed in one.failed}
    bad = [case for case in group if case.verdict in BAD]
    for count, case in enumerate(bad):
        if count == 0 and not one.is_enough:
            yield _main(case, failed[case.case])
        else:
            yield _further("flaky" if one.is_enough else "rerun", case, failed[case.case])
    if one.verdict in ("inconclusive", "none"):
        finding = next((finding for case in group for finding in case.findings if case.verdict == one.verdict), None)
        yield ET.Element("skipped", message=clean(finding.message if finding else _UNSURE))


def _main(case: CaseJudgement, failed: FailedRepeat) -> ET.Element:
    element = ET.Element(_KINDS[case.verdict].lower(), _about(case))
    element.text = _text(case, failed)
    return element


def _further(prefix: str, case: CaseJudgement, failed: FailedRepeat) -> ET.Element:
    element = ET.Element(prefix + _KINDS[case.verdict], _about(case))
    ET.SubElement(element, "stackTrace").text = _text(case, failed)
    return element


def _about(case: CaseJudgement) -> dict[str, str]:
    worst = next((finding for finding in case.findings if finding.verdict == case.verdict), None)
    message = f"{number_of(case.case)}: {worst.message if worst else 'it failed'}"
    return {"message": clean(message), "type": clean(worst.check if worst else "none")}


def _text(case: CaseJudgement, failed: FailedRepeat) -> str:
    told = "\n\n".join("\n".join(lines(finding)) for finding in case.findings)
    again = f"\n\nPlay it again with:\n  {plain(failed.replay)}" if failed.replay else ""
    return clean(f"{number_of(case.case)} {cause(failed)}\n\n{told}{again}")


def lines(finding: Finding) -> Iterator[str]:
    """A finding with its details."""
    yield finding.message
    for label, text in unsaid(finding).items():
        yield f"  {label}: {text}"
    yield f"  the fault of {blame(finding)}"
