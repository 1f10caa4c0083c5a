"""The end of a load run: judged, written down, and said."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from chatdrill.cli import FAIL, PASS, UNDECIDED
from chatdrill.seeds import Seed
from chatdrill_load.arrivals import read_arrivals
from chatdrill_load.figures import FAILED, STRUCK, Figures
from chatdrill_load.gates import read_gate
from chatdrill_load.messages import SLOWEST, Bad, Handed, Now, Slow
from chatdrill_load.plan import Plan
from chatdrill_load.recovery import Recovery, recoveries
from chatdrill_load.report import write_reports
from chatdrill_load.report.words import case_name, told
from chatdrill_load.result import (
    FILE,
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
from chatdrill_load.writing import release

_CODES = {"pass": PASS, "fail": FAIL, "inconclusive": UNDECIDED, "none": UNDECIDED}
_KINDS = ("first_reply", "next_reply", "ack", "conversation", "time_to_human")
_WORST = 50
_SHOWN_MAX = 20
_LATELY = 6  # intervals
_PERCENTILES = (50.0, 95.0, 99.0)


@dataclass
class Findings:
    """What has come together of all crowds. ``began_at`` is Unix time, 0 before the first customer may come, ``began`` the
    machine's monotonic clock at which its crowd's seconds count from; ``lost`` says in sentences why
    the run is not whole, ``arrivals_t`` is when the plan of arrivals began in seconds of the run, ``bot`` where the bot is."""

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
    slow: list[Slow] = field(default_factory=list)
    arrivals_t: float = 0.0
    bot: str = ""

    def take_slow(self, told: Iterable[Slow]) -> None:
        """Keep the slowest of all that were told, the slowest first."""
        self.slow = sorted([*self.slow, *told], key=lambda slow: -slow.seconds)[:SLOWEST]


def conclude(found: Findings) -> int:
    """Judge what was measured, write ``load.json`` and the reports, print the summary; returns the exit code. A disk may be full: what
    can be written is, and what cannot is said, there too."""
    out = Path(found.plan.job.out)
    baseline = None if found.plan.baseline is None else read_result(Path(found.plan.baseline))
    result = result_of(found)
    release(out)
    written = {out / FILE: result.save(out), **write_reports(result, out, baseline)}
    problems = list(filter(None, written.values()))
    if problems:
        found.lost += problems
        result = result_of(found)
        result.save(out)
    print(summary(result), end="\n\n", flush=True)
    for file, problem in written.items():
        print(f"{'result' if file.name == FILE else 'report':<10}{problem or file}", file=sys.stderr)
    return _CODES[result.verdict]


def own_plan(plan: Plan, seat: int) -> Plan:
    """The plan of a worker that concludes by itself, in a folder of its own: others on this machine may have to do the same."""
    job = msgspec.structs.replace(plan.job, out=str(Path(plan.job.out) / f"worker-{seat}"))
    return msgspec.structs.replace(plan, job=job, baseline=None)


def result_of(found: Findings) -> LoadResult:
    """What the run came to."""
    plan, figures = found.plan, found.figures
    gates = tuple(judged(text, figures) for text in plan.gates)
    failed = figures.counted(FAILED)
    lag = figures.latency("lag")
    is_judged = any(text.split()[0] == "errors" for text in plan.gates)
    counts = counted(figures)
    return LoadResult(
        command=plan.command,
        plan=plan_words(plan),
        bot=found.bot,
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
        struck=figures.details(STRUCK),
        replies=all_replies(figures),
        agents=tuple(_agents(found)),
        rows=table(figures),
        moments=moments(figures),
        curves=curves(figures, _KINDS),
        gates=gates,
        worst=tuple(found.bad[:_WORST]),
        slowest=tuple(found.slow),
        recoveries=tuple(_recoveries(found)),
        arrivals_t=found.arrivals_t,
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


def _recoveries(found: Findings) -> Iterator[Recovery]:
    """How long each spike of the plan was felt."""
    plan = found.plan
    if plan.arrivals is not None:
        arrivals = read_arrivals(plan.arrivals, base=Path(plan.job.folder))
        gates = [read_gate(text) for text in plan.gates]
        windows = found.figures.windows()
        yield from recoveries(windows, arrivals, gates, began_t=found.arrivals_t, until_s=found.took_s)


def bot_words(webhooks: Iterable[str]) -> str:
    """Where the bot is. A path may hold a secret, so none is told."""
    parts = map(urlsplit, webhooks)
    return ", ".join(sorted({f"{url.scheme}://{url.netloc.rpartition('@')[2]}" for url in parts}))


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


def judged(text: str, figures: Figures) -> GateLine:
    """What became of a gate until now."""
    gate = read_gate(text)
    judged = gate.judge(figures)
    spent = tuple(gate.spent(figures.windows()))
    return GateLine(gate=text, verdict=judged.verdict, words=judged.words, samples=judged.samples, spent=spent)


# ------------------------------------------------------------------------------------------------- meanwhile


def standing(found: Findings, now: Now) -> dict[str, Any]:
    """How it stands, as the page shows it; seconds. Of a gate: the share of its samples that kept the bar, in the whole run and
    lately."""
    replies = found.figures.latency("reply")
    return {
        "now": msgspec.to_builtins(now),
        "replies": {
            "samples": replies.samples,
            **{f"p{percent:g}": replies.percentile_s(percent) for percent in _PERCENTILES if replies.samples},
        },
        "gates": [_now(text, found) for text in found.plan.gates],
        "bad": [_shown(bad) for bad in reversed(found.bad[-_SHOWN_MAX:])],
        "slow": [_shown(slow) for slow in found.slow],
        "lost": found.lost,
    }


def _shown(talk: Bad | Slow) -> dict[str, Any]:
    shown = {"case": talk.case, "name": case_name(talk.case), "kept": talk.place is not None}
    if isinstance(talk, Slow):
        return {**shown, "seconds": talk.seconds}
    check, words = told(talk.problem)
    return {**shown, "check": check, "words": words}


def _now(text: str, found: Findings) -> dict[str, Any]:
    gate = read_gate(text)
    its = gate.judge(found.figures)
    counts = [gate.broken(window) for window in found.figures.windows()[-_LATELY:]]
    shares = {"kept": _kept([gate.broken(found.figures)]), "lately": _kept(counts)}
    return {"gate": text, "verdict": its.verdict, "words": its.words, **shares}


def _kept(counts: Sequence[tuple[int, int]]) -> float | None:
    """The share that did not break the bar."""
    samples = sum(count for _, count in counts)
    return 1 - sum(broken for broken, _ in counts) / samples if samples else None
