"""Checks: pure functions of a trace. They read, they never act.

Importing this package fills ``CHECKS``; the order of the imports is the order of the findings, causes before effects.
"""

# isort: off
from chatdrill.checks import whole, stalls, webhooks, calls, patience, replies, handoff, manners, doubles, sla, privacy
from chatdrill.checks import letters, switching  # noqa: F401
# isort: on

from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.judge import judge, judge_case, judge_evidence
from chatdrill.checks.parameters import Parameter, Parameters
from chatdrill.checks.registry import CHECKS, Check, Outcome, case_check, suite_check
from chatdrill.checks.results import CaseJudgement, CheckResult, Finding, Judgement, Latency, Statistic, Verdict

__all__ = [
    "CHECKS",
    "CaseEvidence",
    "CaseJudgement",
    "Check",
    "CheckResult",
    "Evidence",
    "Finding",
    "Judgement",
    "Latency",
    "Outcome",
    "Parameter",
    "Parameters",
    "Statistic",
    "Verdict",
    "calls",
    "case_check",
    "doubles",
    "handoff",
    "judge",
    "judge_case",
    "judge_evidence",
    "manners",
    "patience",
    "privacy",
    "replies",
    "sla",
    "stalls",
    "suite_check",
    "webhooks",
    "whole",
]
