"""Judging looks at every record a bounded number of times."""

from __future__ import annotations

import time
from collections.abc import Sequence

from chatdrill.checks import judge
from chatdrill.engine.expect import contains
from chatdrill.trace import Record


def long_case(tale, turns: int) -> Sequence[Record]:
    """One case with everything that a check might be tempted to search for."""
    told = tale.case("long", sla={"first_response": "1h"}, checks={"no-runaway": 10_000})
    for number in range(turns):
        told.says(f"Where is {number}?", told=False).attempt(status=500).attempt(number=2)
        told.hears(contains(str(number))).calls(
            ok=False, status=429, error="Too Many Requests", arguments={"n": number}
        )
        told.calls(arguments={"n": number}).bot(f"{number} is here").echo().receipt("failed", 131026).met()
    return told.done().tale.records


def cost(records: Sequence[Record]) -> float:
    """Processor seconds, the best of three."""
    spent = []
    for _ in range(3):
        began = time.process_time()
        judge(records)
        spent.append(time.process_time() - began)
    return min(spent)


def test_four_times_the_conversation_costs_about_four_times_as_much(new_tale):
    short, long = (long_case(new_tale(), turns) for turns in (150, 600))
    assert cost(long) < 9 * cost(short)  # sixteen times, if anything were searched from the start
