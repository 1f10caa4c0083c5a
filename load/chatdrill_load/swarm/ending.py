"""The end of a load run: judged, written down, and said."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chatdrill.cli import FAIL, PASS, UNDECIDED
from chatdrill_load.arrivals import read_arrivals
from chatdrill_load.figures import FAILED, Figures
from chatdrill_load.gates import read_gate
from chatdrill_load.result import GateLine, LoadResult, counted, curves, moments, table, worst_verdict
from chatdrill_load.saying import summary

if TYPE_CHECKING:
    from chatdrill_load.swarm.company import Company

_CODES = {"pass": PASS, "fail": FAIL, "inconclusive": UNDECIDED, "none": UNDECIDED}
_KINDS = ("first_reply", "next_reply", "ack", "conversation", "time_to_human")
_WORST = 50


def conclude(company: Company) -> int:
    """Judge what was measured, write ``load.json`` and the reports, print the summary; returns the exit code."""
    result = result_of(company)
    file = result.save(Path(company.plan.job.out))
    print(summary(result), flush=True)
    print(f"\n{'result':<10}{file}", file=sys.stderr)
    _report(result, file.parent)
    return _CODES[result.verdict]


def _report(result: LoadResult, folder: Path) -> None:
    """Write the reports. They can be made again of the result, so a full disk costs no verdict."""
    from chatdrill_load.report import (
        write_reports,
    )  # templates and pictures: a Locust process needs them at its end only

    try:
        for file in write_reports(result, folder):
            print(f"{'report':<10}{file}", file=sys.stderr)
    except OSError as error:
        print(f"{'report':<10}not written: {error.strerror}", file=sys.stderr)


def result_of(company: Company) -> LoadResult:
    """What the run came to."""
    plan, figures = company.plan, company.figures
    gates = tuple(_judged(text, figures) for text in plan.gates)
    failed = figures.counted(FAILED)
    lag = figures.latency("lag")
    is_judged = any(text.split()[0] == "errors" for text in plan.gates)
    counts = counted(figures)
    return LoadResult(
        command=plan.command,
        plan=plan_words(company),
        seed=plan.job.seed,
        began_at=company.began_at,
        took_s=company.took_s,
        partial="; ".join(dict.fromkeys(company.lost)) or None,
        verdict="inconclusive" if not counts else worst_verdict(gates, failed=failed, judged=is_judged),
        conversations=figures.latency("conversation").samples,
        failed=failed,
        broken_off=company.broken_off,
        counts=counts,
        failures=figures.details(FAILED),
        refused=figures.details("refused"),
        rows=table(figures),
        moments=moments(figures),
        curves=curves(figures, _KINDS),
        gates=gates,
        worst=tuple(company.bad[:_WORST]),
        open_most=company.open_most,
        lag_s=lag.max_s if lag.samples else 0.0,
        lag_p99_s=lag.percentile_s(99.0) if lag.samples else 0.0,
    )


def plan_words(company: Company) -> str:
    """How customers came, in words."""
    plan = company.plan
    if plan.arrivals is not None:
        most = f", at most {plan.customers} at once" if plan.customers else ""
        return f"{read_arrivals(plan.arrivals, base=Path(plan.job.folder)).plain()}{most}"
    return (
        f"{plan.customers} customers, each with one conversation after the other"
        if plan.customers
        else "as Locust was told"
    )


def _judged(text: str, figures: Figures) -> GateLine:
    gate = read_gate(text)
    found = gate.judge(figures)
    spent = tuple(gate.spent(figures.windows()))
    return GateLine(gate=text, verdict=found.verdict, words=found.words, samples=found.samples, spent=spent)
