"""Earlier runs, written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from chatdrill.checks.results import Judgement, Verdict
from chatdrill.history import CaseSummary, Past, RunSummary, summarise
from chatdrill.trace import Record

FRIDAY = 1_795_167_000.0


def a_case(name: str, verdict: Verdict = "pass", first: Sequence[float] = (1.0,), **fields: Any) -> CaseSummary:
    """A case that was played once."""
    decided = verdict in ("pass", "fail", "error")
    counts = {"tries": int(decided), "passes": int(verdict == "pass")}
    latencies = {"first_response": tuple(first)} if first else {}
    about = {"case": f"{name} [telegram]", "name": name, "platform": "telegram", "verdict": verdict}
    return CaseSummary(**{**about, **counts, "latencies": latencies, **fields})


def a_run(*cases: CaseSummary, number: int | None = None, **fields: Any) -> RunSummary:
    """A run with these cases."""
    verdict: Verdict = "fail" if any(one.verdict == "fail" for one in cases) else "pass"
    at = FRIDAY + 3600 * (number or 0)
    return RunSummary(**{"suite": "drills", "verdict": verdict, "cases": cases, "number": number, "at": at, **fields})


def a_past(judgement: Judgement, records: Sequence[Record], *, runs: int = 6) -> Past:
    """Runs before this one: a little quicker, and in every second of them each third case that passes now had failed."""
    now = summarise(judgement, records, suite="drills", at=FRIDAY + 3600 * 100)
    earlier = tuple(_earlier(now, number) for number in range(1, runs + 1))
    return Past(now=now, earlier=earlier, baseline=earlier[-1], baseline_name="the run before")


def _earlier(now: RunSummary, number: int) -> RunSummary:
    cases = tuple(_was(case, place, number) for place, case in enumerate(now.cases))
    return msgspec.structs.replace(now, cases=cases, number=number, at=FRIDAY + 3600 * number)


def _was(case: CaseSummary, place: int, number: int) -> CaseSummary:
    factor = 0.6 + 0.05 * ((place + number) % 3)
    latencies = {name: tuple(value * factor for value in values) for name, values in case.latencies.items()}
    failed = place % 3 == 0 and number % 2 == 0
    verdict = "fail" if failed else "pass"
    return msgspec.structs.replace(case, verdict=verdict, tries=1, passes=int(not failed), latencies=latencies)
