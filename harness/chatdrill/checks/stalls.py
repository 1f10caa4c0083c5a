"""A check of virtual time: that it could go on as it should."""

from __future__ import annotations

from chatdrill.checks.evidence import Evidence
from chatdrill.checks.parameters import Parameters
from chatdrill.checks.registry import Outcome, suite_check
from chatdrill.engine.durations import say_seconds
from chatdrill.trace import Stalled


@suite_check("time-jumps", "The bot lets virtual time jump: it rests, and sets no timers without end or effect.")
def time_jumps(evidence: Evidence, _parameters: Parameters, outcome: Outcome) -> None:
    """A bot that never rests is a fault. The others make a run inexact, which is said: a timer that comes again and again for
    nothing is thinned out, and what runs for long where the loop cannot see it is not waited for."""
    if evidence.run is None or evidence.run.clock != "virtual":
        return
    outcome.evidence = 1
    for record in evidence.outside:
        if isinstance(record, Stalled):
            said = _words(record)
            if record.what == "spin":
                outcome.fail(said, cites=(record.n,))
            else:
                outcome.undecided(said, fault="bot", cites=(record.n,))


def _words(record: Stalled) -> str:
    share = round(1 / record.late_share) if record.late_share else 0
    return _WORDS[record.what].format(who=record.who, every=say_seconds(record.every_s), share=share)


_WORDS = {
    "spin": "{who} never rests: it is ready to run again and again while nothing happens, so time went on beside it",
    "timer": "{who} wakes every {every} for nothing; while nothing else happens its timer was thinned out, so it may come "
    "late, by up to 1/{share} of the quiet time",
    "thread": "{who} worked in a thread for so long that time went on without it",
    "request": "a request to {who} had no answer for so long that time went on without it",
}
