"""Judging: every check over a trace, and the verdict that follows."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

import msgspec

from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.handoff.struck import is_excused
from chatdrill.checks.registry import CHECKS, Check, Outcome, effective_parameters, refuse_unknown_checks
from chatdrill.checks.repeats import repeats_of, verdict_of
from chatdrill.checks.results import CaseJudgement, CheckResult, Judgement, worst
from chatdrill.checks.sla import read_sla, statistics
from chatdrill.errors import UsageError
from chatdrill.model import Press, Write
from chatdrill.trace import Record

Block = Mapping[str, Any]
_MESSAGES = (Write, Press)
_LAWS = "HO-"  # what the rules of the handover begin with


def judge(records: Iterable[Record], *, sla: Block | None = None, checks: Block | None = None) -> Judgement:
    """Judge a whole trace. ``sla`` and ``checks`` are laid over the blocks that the trace carries.

    Raises ``UsageError`` if these name an unknown check, parameter or response time. What is wrong in the trace itself
    becomes a finding.
    """
    return judge_evidence(Evidence.of(records), sla=sla, checks=checks)


def judge_evidence(evidence: Evidence, *, sla: Block | None = None, checks: Block | None = None) -> Judgement:
    """Judge a trace that is indexed already."""
    validate_blocks(sla or {}, checks or {}, "the new judgement")
    if sla:
        evidence = _with_sla(evidence, sla)
    cases = tuple(judge_case(case, checks=checks) for case in evidence.cases.values())
    results = tuple(_judge_suite(evidence, checks or {}))
    repeats = repeats_of(cases, evidence.run.settings if evidence.run else {})
    verdict = worst([verdict_of(repeats, cases), *(result.verdict for result in results)])
    samples = [latency for case in cases for latency in case.latencies]
    return Judgement(
        verdict=verdict, cases=cases, results=results, statistics=tuple(statistics(samples)), repeats=repeats
    )


def judge_case(case: CaseEvidence, *, checks: Block | None = None) -> CaseJudgement:
    """Judge one case by every check that is not switched off for it."""
    outcomes = list(outcomes_of(case, checks=checks))
    results = tuple(outcome.result() for outcome in outcomes)
    began = case.began
    last = case.ended or (case.records[-1] if case.records else began)
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
        latencies=tuple(chain.from_iterable(outcome.latencies for outcome in outcomes)),
        messages=len(case.heard) + sum(isinstance(act.act, _MESSAGES) for act in case.acts),
        began_t=began.t,
        took_s=last.t - began.t,
        file=began.file,
        line=began.line,
        replay=replay_command(case),
    )


def outcomes_of(case: CaseEvidence, *, checks: Block | None = None, promised_only: bool = False) -> Iterator[Outcome]:
    """What each check of a case finds, one after the other: whoever has other things to do may do them between. ``promised_only``: the only
    response times that matter are those about which something was promised."""
    layers = (case.began.checks, checks or {})
    name, alone = case.name, {case.name: case}
    for check in _applicable(case):
        outcome = _outcome(check, case, Outcome(check.id, name, promised_only), layers)
        if outcome is not None:
            _excuse(outcome, alone)
            yield outcome


def _applicable(case: CaseEvidence) -> list[Check]:
    """The checks that have something to say about a case; dozens share one question whether they have."""
    answers: dict[Callable[[CaseEvidence], bool] | None, bool] = {None: True}
    own: list[Check] = []
    for check in CHECKS.values():
        if check.scope != "case":
            continue
        applies = answers.get(check.applies)
        if applies is None and check.applies is not None:
            applies = answers[check.applies] = check.applies(case)
        if applies:
            own.append(check)
    return own


def _outcome(
    check: Check, subject: CaseEvidence | Evidence, outcome: Outcome, layers: Iterable[Block]
) -> Outcome | None:
    """Let a check find what it finds. A block that cannot be read, or a check that fails, spoils this one check only."""
    try:
        parameters = effective_parameters(check, *layers)
        if parameters is None:
            return None
        check.function(subject, parameters, outcome)
    except UsageError as error:
        outcome.broken(str(error), fault="scenario")
    except Exception as error:  # noqa: BLE001  a check's bug must not take the other verdicts away
        outcome.broken(f"the check itself failed: {type(error).__name__}: {error}")
    return outcome


def _judge_suite(evidence: Evidence, overlay: Block) -> Iterable[CheckResult]:
    settings = (evidence.run.settings.get("checks") or {}) if evidence.run else {}
    for check in CHECKS.values():
        outcome = _outcome(check, evidence, Outcome(check.id), (settings, overlay)) if check.scope == "suite" else None
        if outcome is not None:
            _excuse(outcome, evidence.cases)
            yield outcome.result()


def _excuse(outcome: Outcome, cases: Mapping[str, CaseEvidence]) -> None:
    """Take back what is held against a bot for what faults that came by chance did to it."""
    if outcome.check.startswith(_LAWS) and any(case.injected for case in cases.values()):
        outcome.findings = [
            one for one in outcome.findings if (case := cases.get(one.case or "")) is None or not is_excused(case, one)
        ]


def _with_sla(evidence: Evidence, sla: Block) -> Evidence:
    changed = Evidence(run=evidence.run, outside=evidence.outside)
    if evidence.run is not None:
        settings = {**evidence.run.settings, "sla": {**(evidence.run.settings.get("sla") or {}), **sla}}
        changed.run = msgspec.structs.replace(evidence.run, settings=settings)
    for name, case in evidence.cases.items():
        began = msgspec.structs.replace(case.began, sla={**case.began.sla, **sla})
        changed.cases[name] = replace(case, began=began, memo={})
    return changed


def validate_blocks(sla: Block, checks: Block, where: str) -> None:
    """Raise ``UsageError`` if the blocks name a check, parameter or response time that does not exist, or set one to what
    cannot be."""
    refuse_unknown_checks(checks, where)
    _placed(where, lambda: [effective_parameters(check, checks) for check in CHECKS.values()])
    read_sla(sla, f"{where}: sla")


def _placed(where: str, attempt: Callable[[], object]) -> None:
    try:
        attempt()
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from error


def replay_command(case: CaseEvidence) -> str:
    """The command that plays this case again with the same seed, begun as the run's settings say."""
    began = case.began
    seed = case.run.seed if case.run is not None else began.seed
    replay = (case.run.settings.get("replay") if case.run is not None else None) or ("chatdrill", "run", "{file}")
    words = [began.file or "SCENARIO" if word == "{file}" else str(word) for word in replay]
    return " ".join(map(shlex.quote, [*words, "--case", case.name, "--seed", str(seed)]))
