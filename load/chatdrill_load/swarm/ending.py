"""The end of a load run: judged, written down, and said."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from chatdrill.cli import FAIL, PASS, UNDECIDED
from chatdrill.seeds import Seed
from chatdrill_load.arrivals import read_arrivals
from chatdrill_load.figures import FAILED, Figures
from chatdrill_load.gates import read_gate
from chatdrill_load.messages import Bad, Handed, Now
from chatdrill_load.plan import Plan
from chatdrill_load.report import write_reports
from chatdrill_load.result import (
    AgentsNeeded,
    GateLine,
    LoadResult,
    all_replies,
    counted,
    curves,
    moments,
    read_result,
    table,
    worst_verdict,
)
from chatdrill_load.saying import summary
from chatdrill_load.staffing import Demand, agents_needed, read_target

_CODES = {"pass": PASS, "fail": FAIL, "inconclusive": UNDECIDED, "none": UNDECIDED}
_KINDS = ("first_reply", "next_reply", "ack", "conversation", "time_to_human")
_WORST = 50
_SHOWN_MAX = 20
_PERCENTILES = (50.0, 95.0, 99.0)


@dataclass
class Findings:
    """What has come together of all crowds. ``began_at`` is Unix time, 0 before the first customer may come, ``began`` the
    machine's monotonic clock at which its crowd's seconds count from; ``lost`` says in sentences why
    the run is not whole."""

    plan: Plan
    figures: Figures = field(default_factory=Figures)
    bad: list[Bad] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    began_at: float = 0.0
    began: float = 0.0
    took_s: float = 0.0
    open_most: int = 0
    broken_off: int = 0
    handoffs: list[Handed] = field(default_factory=list)


def conclude(found: Findings) -> int:
    """Judge what was measured, write ``load.json`` and the reports, print the summary; returns the exit code."""
    result = result_of(found)
    out = Path(found.plan.job.out)
    print(summary(result), flush=True)
    try:
        print(f"\n{'result':<10}{result.save(out)}", file=sys.stderr)
        baseline = None if found.plan.baseline is None else read_result(Path(found.plan.baseline))
        for file in write_reports(result, out, baseline):
            print(f"{'report':<10}{file}", file=sys.stderr)
    except OSError as error:  # a full disk costs no verdict
        print(f"{'report':<10}not written: {error.strerror}", file=sys.stderr)
    return _CODES[result.verdict]


def result_of(found: Findings) -> LoadResult:
    """What the run came to."""
    plan, figures = found.plan, found.figures
    gates = tuple(_judged(text, figures) for text in plan.gates)
    failed = figures.counted(FAILED)
    lag = figures.latency("lag")
    is_judged = any(text.split()[0] == "errors" for text in plan.gates)
    counts = counted(figures)
    return LoadResult(
        command=plan.command,
        plan=plan_words(plan),
        seed=plan.job.seed,
        began_at=found.began_at,
        began=found.began,
        took_s=found.took_s,
        partial="; ".join(dict.fromkeys(found.lost)) or None,
        verdict="inconclusive"
        if not counts
        else worst_verdict(gates, failed=failed, judged=is_judged, whole=not found.lost),
        conversations=figures.latency("conversation").samples,
        failed=failed,
        broken_off=found.broken_off,
        counts=counts,
        failures=figures.details(FAILED),
        refused=figures.details("refused"),
        replies=all_replies(figures),
        agents=tuple(_agents(found)),
        rows=table(figures),
        moments=moments(figures),
        curves=curves(figures, _KINDS),
        gates=gates,
        worst=tuple(found.bad[:_WORST]),
        open_most=found.open_most,
        lag_s=lag.max_s if lag.samples else 0.0,
        lag_p99_s=lag.percentile_s(99.0) if lag.samples else 0.0,
    )


def _agents(found: Findings) -> Iterator[AgentsNeeded]:
    """The agents of each hour, if that was asked for and anybody was handed over to a person."""
    handled = [each.handled_s for each in found.handoffs if each.handled_s is not None]
    if found.plan.staffing is None or not handled:
        return
    arrivals = sorted(each.asked_t for each in found.handoffs)
    demand = Demand(arrivals_s=arrivals, until_s=max(found.took_s, arrivals[-1]), handling_s=handled)
    staffing = agents_needed(demand, read_target(found.plan.staffing), seed=Seed(found.plan.job.seed))
    for hour in staffing.hours:
        yield AgentsNeeded(
            hour=hour.hour,
            target=staffing.target.plain(),
            handoffs_per_h=hour.rate_per_h,
            agents=hour.agents,
            low=hour.low,
            high=hour.high,
            erlang_c=hour.erlang_c.agents,
            kept=hour.kept,
            mean_wait_s=hour.mean_wait_s,
            occupancy=hour.occupancy,
        )


def plan_words(plan: Plan) -> str:
    """How customers came, in words."""
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
    judged = gate.judge(figures)
    spent = tuple(gate.spent(figures.windows()))
    return GateLine(gate=text, verdict=judged.verdict, words=judged.words, samples=judged.samples, spent=spent)


# ------------------------------------------------------------------------------------------------- meanwhile


def standing(found: Findings, now: Now) -> dict[str, Any]:
    """How it stands, as the page shows it; seconds."""
    replies = found.figures.latency("reply")
    return {
        "now": msgspec.to_builtins(now),
        "replies": {
            "samples": replies.samples,
            **{f"p{percent:g}": replies.percentile_s(percent) for percent in _PERCENTILES if replies.samples},
        },
        "gates": [_now(text, found) for text in found.plan.gates],
        "bad": [msgspec.to_builtins(bad) for bad in found.bad[-_SHOWN_MAX:]],
        "lost": found.lost,
    }


def _now(text: str, found: Findings) -> dict[str, str]:
    judged = read_gate(text).judge(found.figures)
    return {"gate": text, "verdict": judged.verdict, "words": judged.words}
