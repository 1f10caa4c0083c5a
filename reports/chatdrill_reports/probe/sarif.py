"""SARIF 2.1.0, as code scanning reads it: the findings only, each with its rule.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0 plus Errata 01, 2023.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import urlsplit

from chatdrill.probe.register import PROBES
from chatdrill.probe.results import Examination, Result, Verdict
from chatdrill.version import VERSION

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: dict[Verdict, str] = {"critical": "error", "serious": "error", "minor": "warning", "note": "note"}
_SCORES: dict[Verdict, str] = {"critical": "9.0", "serious": "7.0", "minor": "4.0", "note": "1.0"}
"""How GitHub orders what concerns security: 9 and more is critical, 7 high, 4 medium."""
_SECURITY = ("signature", "handshake")


def sarif(examination: Examination) -> str:
    """The log, as JSON."""
    findings = examination.findings
    rules = [_rule(result) for result in findings]
    driver = {"name": "chatdrill", "semanticVersion": VERSION, "version": VERSION, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not examination.interrupted}],
        "results": [_result(examination, result, at) for at, result in enumerate(findings)],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(result: Result) -> dict[str, Any]:
    words = f"{result.rule.text[0].upper()}{result.rule.text[1:]}. Source: {result.rule.source}."
    properties: dict[str, Any] = {"precision": "high"}
    if PROBES[result.probe].matter in _SECURITY:
        properties |= {"tags": ["security"], "security-severity": _SCORES[result.verdict]}
    return {
        "id": result.probe,
        "shortDescription": {"text": result.title},
        "fullDescription": {"text": words},
        "help": {"text": words},
        "defaultConfiguration": {"level": _LEVELS[result.verdict]},
        "properties": properties,
    }


def _result(examination: Examination, result: Result, index: int) -> dict[str, Any]:
    outcome, path = result.outcome, urlsplit(examination.target).path or "/"
    mark = hashlib.sha256(f"{result.probe} {examination.service} {path}".encode()).hexdigest()
    where = {"name": f"POST {path}", "fullyQualifiedName": examination.target, "kind": "resource"}
    return {
        "ruleId": result.probe,
        "ruleIndex": index,
        "level": _LEVELS[result.verdict],
        "message": {
            "text": f"{outcome.reason or result.title}. Tried: {outcome.tried}. Came: {outcome.came or 'nothing'}."
        },
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": path.lstrip("/") or "webhook"}},
                "logicalLocations": [where],
            }
        ],
        "partialFingerprints": {"chatdrillProbe/v1": mark},
        "properties": {"severity": result.verdict},
    }
