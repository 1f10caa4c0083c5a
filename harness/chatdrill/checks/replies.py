"""Checks of what the bot said: what was expected came, nothing else came, and nobody was left without an answer."""

from __future__ import annotations

from chatdrill.checks.evidence import SPOKEN, CaseEvidence, is_customer_act
from chatdrill.checks.registry import Outcome, Parameters, case_check
from chatdrill.checks.retelling import Deviation, retell
from chatdrill.engine.durations import seconds as parse_duration
from chatdrill.model import Block
from chatdrill.trace import Acted, CaseEnded, StepEnded


@case_check("expected", "The bot says what the scenario expects, in time, and is silent where it must be.")
def expected(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    told = retell(case)
    outcome.evidence = told.expectations
    for deviation in told.deviations:
        if deviation.kind != "leftover":
            _accuse(deviation, outcome)
    if not outcome.findings and case.ended is not None and case.ended.outcome == "unmet":
        outcome.fail(case.ended.detail or "the scenario could not be played to its end", cites=(case.ended.n,))


@case_check("unexpected", "The bot says nothing that the scenario does not expect.", messages="fail")
def unexpected(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """``messages: allow`` lets the bot say more. Edits, and what follows a nudge, are never held against it, nor is
    anything in a scenario that expects nothing at all."""
    told = retell(case)
    if parameters["messages"] == "allow" or not told.expectations:
        return
    outcome.evidence = told.heard
    for deviation in told.deviations:
        if deviation.kind == "leftover":
            _accuse(deviation, outcome)


def _accuse(deviation: Deviation, outcome: Outcome) -> None:
    outcome.fail(
        deviation.message,
        conv=deviation.conv,
        step=deviation.step,
        cites=deviation.cites,
        details=deviation.details,
    )


@case_check("answered", "Every message of a customer is answered, or there is an excuse for silence.", after="10s")
def answered(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """Excuses: the scenario expects silence, or a reply and already missed it; the customer went on or the scenario ended
    before ``after`` had passed; the customer blocked the bot."""
    after_s = parse_duration(parameters["after"])
    for turn in case.turns:
        outcome.evidence += 1
        last = turn.acts[-1]
        if not turn.replies and not _excused(case, turn.conv, last, after_s):
            cites = tuple(act.n for act in turn.acts)
            outcome.fail("the customer's message was never answered", conv=turn.conv, cites=cites)


def _excused(case: CaseEvidence, conv: str, last: Acted, after_s: float) -> bool:
    for record in case.records:
        if record.n <= last.n or (record.conv != conv and not isinstance(record, CaseEnded)):
            continue
        if isinstance(record, StepEnded) and _is_judged_elsewhere(case, record):
            return True
        if isinstance(record, CaseEnded):
            return record.outcome != "done" or record.at - last.at < after_s
        if isinstance(record, Acted) and is_customer_act(record):
            if isinstance(record.act, Block):
                return True
            if isinstance(record.act, SPOKEN):
                return record.at - last.at < after_s
    return True


def _is_judged_elsewhere(case: CaseEvidence, record: StepEnded) -> bool:
    kind = case.began.steps[record.step].get("step")
    return kind == "hears_nothing" or (kind in ("hears", "eventually") and record.outcome == "unmet")
