"""What CI systems read: SARIF, JUnit, JSON, Markdown, and the table for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from chatdrill.cli.probe_command import write_reports
from chatdrill.errors import UsageError
from chatdrill.probe import Examination, Outcome, Result
from chatdrill.wire import Rule
from chatdrill_reports.probe.junit import junit
from chatdrill_reports.probe.plain import as_json, markdown
from chatdrill_reports.probe.sarif import sarif
from chatdrill_reports.probe.table import table

RULE = Rule("who sends a webhook is proved by <its> signature", "the vendor | 2026")
SPOILED = 'came "a\x1b[31m|b`\x00"'
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
ESSENTIALS: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs", "$schema"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/run"}},
    },
    "$defs": {
        "run": {
            "type": "object",
            "required": ["tool", "results"],
            "properties": {
                "tool": {"required": ["driver"], "properties": {"driver": {"$ref": "#/$defs/driver"}}},
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "invocations": {"items": {"required": ["executionSuccessful"]}},
            },
        },
        "driver": {
            "required": ["name", "rules"],
            "properties": {
                "name": {"type": "string"},
                "rules": {"uniqueItems": True, "items": {"$ref": "#/$defs/rule"}},
            },
        },
        "rule": {
            "required": ["id", "shortDescription"],
            "properties": {
                "shortDescription": TEXT,
                "fullDescription": TEXT,
                "help": TEXT,
                "defaultConfiguration": {"properties": {"level": LEVEL}},
            },
        },
        "result": {
            "required": ["message", "ruleId", "level"],
            "properties": {
                "message": TEXT,
                "level": LEVEL,
                "ruleIndex": {"type": "integer", "minimum": 0},
                "locations": {"items": {"required": ["physicalLocation"]}},
                "partialFingerprints": {"additionalProperties": {"type": "string"}},
            },
        },
    },
}


def result(probe: str, verdict: Any) -> Result:
    outcome = Outcome(verdict, "a message", SPOILED, "Check the signature")
    return Result(probe=probe, title=f"Title of {probe}", outcome=outcome, rule=RULE, took_s=0.01)


@pytest.fixture
def examination() -> Examination:
    verdicts = ["passed", "note", "minor", "critical", "serious", "not applicable"]
    probes = ["handshake", "batch", "size-allowed", "signature-wrong", "text-emoji", "signature-stale"]
    results = list(map(result, probes, verdicts))
    return Examination(
        target="http://127.0.0.1:8080/a/hook", service="messenger", title="Messenger", results=results, took_s=1.5
    )


def test_sarif_keeps_the_essentials_of_its_schema(examination: Examination) -> None:
    log = json.loads(sarif(examination))
    jsonschema.validate(log, ESSENTIALS)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[each["ruleIndex"]] for each in run["results"]] == [each["ruleId"] for each in run["results"]]
    assert [each["level"] for each in run["results"]] == ["error", "error", "warning", "note"]
    assert run["tool"]["driver"]["rules"][0]["properties"]["security-severity"] == "9.0"


def test_junit_fails_for_what_is_serious_and_skips_what_was_not_tried(examination: Examination) -> None:
    root = ET.fromstring(junit(examination))
    assert {name: root.get(name) for name in ("tests", "failures", "skipped")} == {
        "tests": "6",
        "failures": "2",
        "skipped": "1",
    }
    failed = [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None]
    assert failed == ["signature-wrong", "text-emoji"]


def test_json_has_every_probe_with_its_severity(examination: Examination) -> None:
    values = json.loads(as_json(examination))
    assert values["verdict"] == "fail"
    assert [each["severity"] for each in values["results"]] == [each.verdict for each in examination.results]


def test_what_a_bot_says_cannot_spoil_terminal_or_page(examination: Examination) -> None:
    shown = table(examination)
    assert "\x1b" not in shown and "\x00" not in shown
    rows = [line for line in markdown(examination).splitlines() if line.startswith("| ")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {5}


def test_colour_is_only_where_it_is_asked_for(examination: Examination) -> None:
    assert "\x1b[1;31m" in table(examination, color=True)
    assert "✗" not in table(examination, unicode=False)


def test_a_folder_that_cannot_be_written_is_told(examination: Examination, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="choose another folder with --out"):
        list(write_reports(examination, tmp_path / "file" / "out"))
