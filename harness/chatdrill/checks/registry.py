"""The register of checks: each has an id, a law in one sentence, parameters with defaults, and a function.

A check of a case is a function ``(CaseEvidence, Parameters, Outcome)``; a check of the suite takes the whole
``Evidence``. Neither changes anything but the outcome. ``evidence`` counts what was looked at: a check that saw nothing
says ``none``, not ``pass``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.parameters import Parameter, Parameters
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
        self._find("fail", message, fault, more)

    def undecided(self, message: str, *, fault: Fault = "harness", **more: Any) -> None:
        """Record that the promise could not be judged."""
        self._find("inconclusive", message, fault, more)

    def broken(self, message: str, *, fault: Fault = "harness", **more: Any) -> None:
        """Record that something other than the bot's behaviour went wrong."""
        self._find("error", message, fault, more)

    def _find(
        self, verdict: Literal["fail", "inconclusive", "error"], message: str, fault: Fault, more: dict[str, Any]
    ) -> None:
        place = {"case": self.case, **more}
        self.findings.append(Finding(check=self.check, verdict=verdict, fault=fault, message=message, **place))

    def result(self) -> CheckResult:
        """The verdict: the worst finding, or pass if there was evidence, or none."""
        verdict = worst(finding.verdict for finding in self.findings)
        if verdict == "none" and self.evidence:
            verdict = "pass"
        return CheckResult(check=self.check, verdict=verdict, evidence=self.evidence, findings=tuple(self.findings))


CaseFunction = Callable[[CaseEvidence, Parameters, Outcome], None]
SuiteFunction = Callable[[Evidence, Parameters, Outcome], None]


@dataclass(frozen=True)
class Check:
    """One promise. ``scope`` says whether it is judged for each case or once for the suite; ``parameters`` are the
    defaults as people write them."""

    id: str
    law: str
    parameters: Mapping[str, Any]
    function: Callable[..., None]
    scope: Literal["case", "suite"] = "case"
    readers: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)


CHECKS: dict[str, Check] = {}


def case_check(id: str, law: str, **parameters: Any) -> Callable[[CaseFunction], CaseFunction]:
    """Register a check of one case. A parameter is a ``Parameter``, or just a default that any value may replace."""

    def register(function: CaseFunction) -> CaseFunction:
        _register(id, law, parameters, function, "case")
        return function

    return register


def suite_check(id: str, law: str, **parameters: Any) -> Callable[[SuiteFunction], SuiteFunction]:
    """Register a check of the whole suite."""

    def register(function: SuiteFunction) -> SuiteFunction:
        _register(id, law, parameters, function, "suite")
        return function

    return register


def _register(
    id: str, law: str, given: Mapping[str, Any], function: Callable[..., None], scope: Literal["case", "suite"]
) -> None:
    parameters = {name: item if isinstance(item, Parameter) else Parameter(item) for name, item in given.items()}
    defaults = {name: item.default for name, item in parameters.items()}
    CHECKS[id] = Check(id, law, defaults, function, scope, {name: item.read for name, item in parameters.items()})


def effective_parameters(check: Check, *layers: Mapping[str, Any]) -> dict[str, Any] | None:
    """A check's parameters after the ``checks`` blocks of settings and scenario; ``None`` if it is switched off.

    A block has ``check: off``, ``check: on``, ``check: {parameter: value}``, or ``check: value`` for the check's only
    parameter; the last word counts. Raises ``UsageError`` for an unknown parameter or a value that cannot be.
    """
    parameters, active = dict(check.parameters), True
    for layer in layers:
        value = layer.get(check.id)
        if value is None:
            continue
        switch = _switch(value)
        active = switch is not False
        if switch is None:
            parameters |= _given(check, value)
    return _read(check, parameters) if active else None


def _switch(value: object) -> bool | None:
    """True for on, false for off, ``None`` for a value of a parameter."""
    if isinstance(value, str):
        return {"on": True, "off": False}.get(value)
    return value if isinstance(value, bool) else None


def _given(check: Check, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        if len(check.parameters) != 1:
            raise UsageError(f"check {check.id!r} takes on or off{_parameters_of(check)}, not {value!r}")
        return {next(iter(check.parameters)): value}
    for name in value:
        if name not in check.parameters:
            raise UsageError(f"check {check.id!r} has no parameter {name!r}{did_you_mean(name, check.parameters)}")
    return value


def _parameters_of(check: Check) -> str:
    return f" or the parameters {', '.join(check.parameters)}" if check.parameters else ""


def _read(check: Check, parameters: Mapping[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, value in parameters.items():
        try:
            read[name] = check.readers[name](value)
        except ValueError as error:
            raise UsageError(f"check {check.id!r}, parameter {name!r}: {error}") from error
    return read


def refuse_unknown_checks(block: Mapping[str, Any], where: str) -> None:
    """Raise ``UsageError`` if a ``checks`` block names a check that does not exist."""
    for name in block:
        if name not in CHECKS:
            raise UsageError(f"{where}: unknown check {name!r}{did_you_mean(name, CHECKS)}")
