"""Judging: every check over a trace, and the verdict that follows."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.registry import CHECKS, Outcome, effective_parameters, refuse_unknown_checks
from chatdrill.checks.results import CaseJudgement, CheckResult, Judgement, worst
from chatdrill.checks.sla import read_sla, statistics
from chatdrill.errors import UsageError
from chatdrill.trace import Acted, Record, Took

Block = Mapping[str, Any]


def judge(records: Iterable[Record], *, sla: Block | None = None, checks: Block | None = None) -> Judgement:
    """Judge a whole trace. ``sla`` and ``checks`` are laid over the blocks that the trace carries.

    Raises ``UsageError`` for unknown checks, parameters or response times.
    """
    return judge_evidence(Evidence.of(records), sla=sla, checks=checks)


def judge_evidence(evidence: Evidence, *, sla: Block | None = None, checks: Block | None = None) -> Judgement:
    """Judge a trace that is indexed already."""
    validate_blocks(sla or {}, checks or {}, "the new judgement")
    if sla:
        evidence = _with_sla(evidence, sla)
    cases = tuple(judge_case(case, checks=checks) for case in evidence.cases.values())
    results = tuple(_judge_suite(evidence, checks or {}))
    verdict = worst([case.verdict for case in cases] + [result.verdict for result in results])
    samples = [latency for case in cases for latency in case.latencies]
    return Judgement(verdict=verdict, cases=cases, results=results, statistics=tuple(statistics(samples)))


def judge_case(case: CaseEvidence, *, checks: Block | None = None) -> CaseJudgement:
    """Judge one case by every check that is not switched off for it."""
    outcomes = [outcome for outcome in (_outcome(case, check, checks or {}) for check in CHECKS) if outcome is not None]
    results = tuple(outcome.result() for outcome in outcomes)
    began = case.began
    last = case.records[-1] if case.records else began
    return CaseJudgement(
        case=case.name,
        name=began.name,
        platform=began.platform,
        verdict=worst(result.verdict for result in results),
        seed=began.seed,
        persona=began.persona,
        row=began.row,
        tags=began.tags,
        results=results,
        latencies=tuple(latency for outcome in outcomes for latency in outcome.latencies),
        messages=sum(isinstance(record, Acted | Took) for record in case.records),
        began_t=began.t,
        took_s=last.t - began.t,
        file=began.file,
        line=began.line,
        replay=replay_command(case),
    )


def _outcome(case: CaseEvidence, id: str, overlay: Block) -> Outcome | None:
    check = CHECKS[id]
    if check.scope != "case":
        return None
    parameters = effective_parameters(check, case.began.checks, overlay)
    if parameters is None:
        return None
    outcome = Outcome(id, case.name)
    check.function(case, parameters, outcome)
    return outcome


def _judge_suite(evidence: Evidence, overlay: Block) -> Iterable[CheckResult]:
    settings = (evidence.run.settings.get("checks") or {}) if evidence.run else {}
    for check in CHECKS.values():
        parameters = effective_parameters(check, settings, overlay) if check.scope == "suite" else None
        if parameters is not None:
            outcome = Outcome(check.id)
            check.function(evidence, parameters, outcome)
            yield outcome.result()


def _with_sla(evidence: Evidence, sla: Block) -> Evidence:
    changed = Evidence(run=evidence.run, outside=evidence.outside)
    if evidence.run is not None:
        settings = {**evidence.run.settings, "sla": {**(evidence.run.settings.get("sla") or {}), **sla}}
        changed.run = msgspec.structs.replace(evidence.run, settings=settings)
    for name, case in evidence.cases.items():
        began = msgspec.structs.replace(case.began, sla={**case.began.sla, **sla})
        changed.cases[name] = CaseEvidence(began, case.run, case.records)
    return changed


def validate_blocks(sla: Block, checks: Block, where: str) -> None:
    """Raise ``UsageError`` if the blocks name a check, parameter or response time that does not exist."""
    refuse_unknown_checks(checks, where)
    for check in CHECKS.values():
        effective_parameters(check, checks)
    try:
        read_sla(sla, where)
    except ValueError as error:
        raise UsageError(f"{where}: {error}") from error


def replay_command(case: CaseEvidence) -> str:
    """The command that plays this case again with the same seed."""
    began = case.began
    seed = case.run.seed if case.run is not None else began.seed
    words = ["chatdrill", "run", began.file or "SCENARIO", "--case", case.name, "--seed", str(seed)]
    return " ".join(map(shlex.quote, words))
