"""The register of checks: each has an id, a law in one sentence, parameters with defaults, and a function.

A check of a case is a function ``(CaseEvidence, Parameters, Outcome)``; a check of the suite takes the whole
``Evidence``. Neither changes anything but the outcome. ``evidence`` counts what was looked at: a check that saw nothing
says ``none``, not ``pass``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.parameters import Parameter, Parameters
from chatdrill.checks.results import CheckResult, Fault, Finding, Latency, Verdict, worst
from chatdrill.errors import UsageError, did_you_mean


@dataclass
class Outcome:
    """What a check found, while it is finding it. ``latencies`` are the response times that it measured: all of them, unless only those that
    something was ``promised_only`` about are asked for."""

    check: str
    case: str | None = None
    promised_only: bool = False
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

    @property
    def verdict(self) -> Verdict:
        """The worst finding, or pass if there was evidence, or none."""
        if self.findings:
            return worst(finding.verdict for finding in self.findings)
        return "pass" if self.evidence else "none"

    def result(self) -> CheckResult:
        """What is said about it."""
        findings = tuple(self.findings)
        return CheckResult(check=self.check, verdict=self.verdict, evidence=self.evidence, findings=findings)


CaseFunction = Callable[[CaseEvidence, Parameters, Outcome], None]
SuiteFunction = Callable[[Evidence, Parameters, Outcome], None]


@dataclass(frozen=True)
class Check:
    """One promise. ``scope`` says whether it is judged for each case or once for the suite; ``parameters`` are the
    defaults as people write them. ``group`` is a word that stands for several checks in a ``checks`` block. A check for which a
    case does not ``apply`` says nothing about it. ``broken`` says, as a clause, what happened in a conversation that broke it."""

    id: str
    law: str
    parameters: Mapping[str, Any]
    function: Callable[..., None]
    scope: Literal["case", "suite"] = "case"
    readers: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    group: str | None = None
    applies: Callable[[CaseEvidence], bool] | None = None
    broken: str = ""

    @cached_property
    def defaults(self) -> Mapping[str, Any]:
        """The parameters where nobody says anything about the check, read. Raises ``UsageError``."""
        return _read(self, self.parameters)


CHECKS: dict[str, Check] = {}


def case_check(
    id: str,
    law: str,
    *,
    group: str | None = None,
    applies: Callable[[CaseEvidence], bool] | None = None,
    broken: str = "",
    **parameters: Any,
) -> Callable[[CaseFunction], CaseFunction]:
    """Register a check of one case. A parameter is a ``Parameter``, or just a default that any value may replace."""

    def register(function: CaseFunction) -> CaseFunction:
        _register(id, law, parameters, function, scope="case", group=group, applies=applies, broken=broken)
        return function

    return register


def suite_check(
    id: str, law: str, *, group: str | None = None, **parameters: Any
) -> Callable[[SuiteFunction], SuiteFunction]:
    """Register a check of the whole suite."""

    def register(function: SuiteFunction) -> SuiteFunction:
        _register(id, law, parameters, function, scope="suite", group=group)
        return function

    return register


def _register(id: str, law: str, given: Mapping[str, Any], function: Callable[..., None], **more: Any) -> None:
    parameters = {name: item if isinstance(item, Parameter) else Parameter(item) for name, item in given.items()}
    defaults = {name: item.default for name, item in parameters.items()}
    readers = {name: item.read for name, item in parameters.items()}
    CHECKS[id] = Check(id, law, defaults, function, readers=readers, **more)


def effective_parameters(check: Check, *layers: Mapping[str, Any]) -> dict[str, Any] | None:
    """A check's parameters after the ``checks`` blocks of settings and scenario; ``None`` if it is switched off.

    A block has ``check: off``, ``check: on``, ``check: {parameter: value}``, or ``check: value`` for the check's only
    parameter; the last word counts, and within one block that about the check over that about its group. Raises ``UsageError`` for an unknown parameter or a value that cannot be.
    """
    if not any(layers) or not any(check.id in layer or check.group in layer for layer in layers):
        return dict(check.defaults)
    parameters, active = dict(check.parameters), True
    for layer in layers:
        for value in _words_about(check, layer):
            switch = _switch(value)
            active = switch is not False
            if switch is None:
                parameters |= _given(check, value)
    return _read(check, parameters) if active else None


def _words_about(check: Check, layer: Mapping[str, Any]) -> Iterator[Any]:
    shared = layer.get(check.group) if check.group is not None else None
    if isinstance(shared, Mapping):  # what other checks of the group know is not this one's
        yield {name: value for name, value in shared.items() if name in check.parameters}
    elif shared is not None:
        yield shared
    if check.id in layer and layer[check.id] is not None:
        yield layer[check.id]


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


def groups() -> dict[str, frozenset[str]]:
    """The groups of checks, each with the parameters that any of its checks has."""
    found: dict[str, frozenset[str]] = {}
    for check in CHECKS.values():
        if check.group is not None:
            found[check.group] = found.get(check.group, frozenset()) | frozenset(check.parameters)
    return found


def only_checks(wanted: Sequence[str], without: Sequence[str] = ()) -> dict[str, bool]:
    """The ``checks`` block that leaves the ``wanted`` ones (ids or groups; none: all) but not those ``without``. Raises ``UsageError`` for
    one that does not exist."""
    refuse_unknown_checks(dict.fromkeys((*wanted, *without)), "checks")
    switched = (
        {} if not wanted else {check.id: check.id in wanted or check.group in wanted for check in CHECKS.values()}
    )
    off = [check.id for check in CHECKS.values() if check.id in without or check.group in without]
    return {**switched, **dict.fromkeys(off, False)}


def refuse_unknown_checks(block: Mapping[str, Any], where: str) -> None:
    """Raise ``UsageError`` if a ``checks`` block names a check that does not exist, or gives a group what none of it has."""
    if all(name in CHECKS for name in block):  # no group has the name of a check
        return
    shared = groups()
    for name, value in block.items():
        if name not in CHECKS and name not in shared:
            raise UsageError(f"{where}: unknown check {name!r}{did_you_mean(name, [*CHECKS, *shared])}")
        for parameter in value if name in shared and isinstance(value, Mapping) else ():
            if parameter not in shared[name]:
                hint = did_you_mean(parameter, shared[name])
                raise UsageError(f"{where}: no check of the group {name!r} has a parameter {parameter!r}{hint}")
