"""Checks: pure functions of a trace. They read, they never act."""

from chatdrill.checks import delivery, privacy, replies, sla
from chatdrill.checks.evidence import CaseEvidence, Evidence
from chatdrill.checks.judge import judge, judge_case, judge_evidence
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
    "Statistic",
    "Verdict",
    "case_check",
    "delivery",
    "judge",
    "judge_case",
    "judge_evidence",
    "privacy",
    "replies",
    "sla",
    "suite_check",
]
