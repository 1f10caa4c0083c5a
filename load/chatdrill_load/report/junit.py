"""The load run as JUnit's XML, for CI: an entry for each gate, and one for each way in which conversations failed."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from chatdrill.clock import iso
from chatdrill_load.report import words
from chatdrill_load.report.comparing import compare
from chatdrill_load.result import GateLine, LoadResult
from chatdrill_reports.testcases import add_properties, clean, count, document, testcase

_TAGS = {"fail": "failure", "inconclusive": "skipped", "none": "skipped"}
_EXAMPLES_MAX = 10


def render_junit(result: LoadResult, baseline: LoadResult | None = None) -> bytes:
    """The XML document, in UTF-8. A run that is not whole has an entry that says so, as an error; failed conversations that a gate
    allows are skipped."""
    root = ET.Element("testsuites", name=clean(words.title(result)))
    suite = ET.SubElement(root, "testsuite", name="chatdrill load")
    if result.began_at:
        suite.set("timestamp", iso(result.began_at).rstrip("Z"))
    add_properties(suite, _facts(result, baseline))
    cases = [*_whole(result), *map(_gate, result.gates), *_conversations(result)]
    suite.extend(cases)
    for element in (suite, root):
        count(element, cases)
        element.set("time", f"{result.took_s:.3f}")
    return document(root)


def _facts(result: LoadResult, baseline: LoadResult | None) -> dict[str, str]:
    facts = {"plan": result.plan, "command": result.command, "bot": result.bot, "seed": str(result.seed)}
    facts |= {f"count.{what}": str(number) for what, number in result.counts.items()}
    for kind, row in words.sums(result.rows).items():
        facts |= {f"{kind}.{name}_s": f"{value:.6f}" for name, value in row.percentiles_s.items()}
    if baseline is not None:
        found = compare(result, baseline)
        facts |= {f"baseline.{means}": str(found.count(means)) for means in ("slower", "faster")}
    return {name: value for name, value in facts.items() if value}


def _whole(result: LoadResult) -> Iterator[ET.Element]:
    if result.partial:
        element = testcase("chatdrill.load", "the run is whole", None)
        ET.SubElement(element, "error", message=clean(result.partial), type="partial")
        yield element


def _gate(gate: GateLine) -> ET.Element:
    element = testcase("chatdrill.load.gates", gate.gate, None)
    if gate.verdict in _TAGS:
        ET.SubElement(element, _TAGS[gate.verdict], message=clean(gate.words), type="gate")
    else:
        ET.SubElement(element, "system-out").text = clean(gate.words)
    return element


def _conversations(result: LoadResult) -> Iterator[ET.Element]:
    """An entry by what conversations failed; where none did, one that says that."""
    gate = words.forgiven(result)
    for check, number in result.failures.items():
        why = f"{words.broken(check)}{words.beside(check)}"
        element = testcase("chatdrill.load.conversations", clean(why), None)
        message = f"{words.plural(number, 'conversation')} of {result.conversations:,} failed: {why}"
        message += f", which {gate.gate} allows" if gate else ""
        outcome = ET.SubElement(
            element, "skipped" if gate else "failure", message=clean(message), type=clean(check or "error")
        )
        outcome.text = clean("\n".join(_examples(result, check)))
        yield element
    if not result.failures:
        element = testcase("chatdrill.load.conversations", "every conversation", None)
        if not result.counts:
            ET.SubElement(element, "skipped", message="nobody talked", type="none")
        yield element


def _examples(result: LoadResult, check: str) -> Iterator[str]:
    own = [bad for bad in result.worst if words.told(bad.problem)[0] == check]
    for bad in own[:_EXAMPLES_MAX]:
        yield f"{bad.case}: {words.told(bad.problem)[1]}"
    yield from words.commands(own)
