"""The register of checks: each has an id, a law in one sentence, parameters with defaults, and a function.

A check of a case is a function ``(CaseEvidence, Parameters) -> CheckOutcome``; a check of the suite takes the whole
``Evidence``. Neither changes anything. ``evidence`` counts what was looked at: a check that saw nothing says ``none``,
not ``pass``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.results import CheckResult, Fault, Finding, Latency, worst
from chatdrill.errors import UsageError, did_you_mean


@dataclass
class Outcome:
    """What a check found, while it is finding it."""

    check: str
    case: str | None = None
    evidence: int = 0
    findings: list[Finding] = field(default_factory=list)
    latencies: list[Latency] = field(default_factory=list)

    def fail(self, message: str, *, fault: Fault = "bot", **more: Any) -> None:
        """Record a broken promise."""
        self.findings.append(
            Finding(check=self.check, verdict="fail", fault=fault, message=message, case=self.case, **more)
        )

    def undecided(self, message: str, *, fault: Fault = "harness", **more: Any) -> None:
        """Record that the promise could not be judged."""
        self.findings.append(
            Finding(check=self.check, verdict="inconclusive", fault=fault, message=message, case=self.case, **more)
        )

    def broken(self, message: str, *, fault: Fault = "harness", **more: Any) -> None:
        """Record that something other than the bot's behaviour went wrong."""
        self.findings.append(
            Finding(check=self.check, verdict="error", fault=fault, message=message, case=self.case, **more)
        )

    def result(self) -> CheckResult:
        """The verdict: the worst finding, or pass if there was evidence, or none."""
        verdict = worst(finding.verdict for finding in self.findings)
        if verdict == "none" and self.evidence:
            verdict = "pass"
        return CheckResult(check=self.check, verdict=verdict, evidence=self.evidence, findings=tuple(self.findings))


Parameters = Mapping[str, Any]
CaseFunction = Callable[[CaseEvidence, Parameters, Outcome], None]
SuiteFunction = Callable[[Evidence, Parameters, Outcome], None]


@dataclass(frozen=True)
class Check:
    """One promise. ``scope`` says whether it is judged for each case or once for the suite."""

    id: str
    law: str
    parameters: Mapping[str, Any]
    function: Callable[..., None]
    scope: str = "case"


CHECKS: dict[str, Check] = {}


def case_check(id: str, law: str, **parameters: Any) -> Callable[[CaseFunction], CaseFunction]:
    """Register a check of one case."""

    def register(function: CaseFunction) -> CaseFunction:
        CHECKS[id] = Check(id, law, parameters, function)
        return function

    return register


def suite_check(id: str, law: str, **parameters: Any) -> Callable[[SuiteFunction], SuiteFunction]:
    """Register a check of the whole suite."""

    def register(function: SuiteFunction) -> SuiteFunction:
        CHECKS[id] = Check(id, law, parameters, function, scope="suite")
        return function

    return register


def effective_parameters(check: Check, *layers: Mapping[str, Any]) -> dict[str, Any] | None:
    """A check's parameters after the ``checks`` blocks of settings and scenario; ``None`` if it is switched off.

    A block has ``check: off``, ``check: {parameter: value}``, or ``check: value`` for the check's only parameter.
    Raises ``UsageError`` for an unknown parameter.
    """
    parameters = dict(check.parameters)
    for layer in layers:
        value = layer.get(check.id)
        if value is None or value in ("on", True):
            continue
        if value in ("off", False):
            return None
        if not isinstance(value, Mapping):
            value = {next(iter(parameters), check.id): value}
        for key, item in value.items():
            if key not in parameters:
                raise UsageError(f"check {check.id!r} has no parameter {key!r}{did_you_mean(key, parameters)}")
            parameters[key] = item
    return parameters


def refuse_unknown_checks(block: Mapping[str, Any], where: str) -> None:
    """Raise ``UsageError`` if a ``checks`` block names a check that does not exist."""
    for name in block:
        if name not in CHECKS:
            raise UsageError(f"{where}: unknown check {name!r}{did_you_mean(name, CHECKS)}")
