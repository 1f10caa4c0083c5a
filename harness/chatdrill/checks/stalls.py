"""A check of virtual time: that it could go on as it should."""

from __future__ import annotations

from chatdrill.checks.evidence import Evidence
from chatdrill.checks.parameters import Parameters, duration
from chatdrill.checks.registry import Outcome, suite_check
from chatdrill.engine.durations import say_seconds
from chatdrill.trace import Stalled


@suite_check(
    "time-jumps",
    "The bot lets virtual time jump: it rests, and sets no timers without end or effect.",
    every=duration("2s"),
)
def time_jumps(evidence: Evidence, parameters: Parameters, outcome: Outcome) -> None:
    """A bot that never rests is a fault. The others make a run inexact, which is said: a timer that comes again and again for
    nothing is thinned out, and what runs for long where the loop cannot see it is not waited for. Timers that come more
    rarely than ``every`` are what a server's housekeeping needs; they are thinned out without a word."""
    if evidence.run is None or evidence.run.clock != "virtual":
        return
    outcome.evidence = 1
    for record in evidence.outside:
        if not isinstance(record, Stalled) or (
            record.what == "timer" and record.every_s > (parameters["every"] or 0.0)
        ):
            continue
        if record.what in ("spin", "block"):
            outcome.fail(_words(record), cites=(record.n,))
        else:
            hint = (
                _HINTS[record.what] + (_BETTER if evidence.run.bot_clock != "in-process" else _ELSEWHERE)[record.what]
            )
            outcome.undecided(_words(record), fault="bot", cites=(record.n,), details={"hint": hint})


def _words(record: Stalled) -> str:
    share = round(1 / record.late_share) if record.late_share else 0
    return _WORDS[record.what].format(who=record.who, every=say_seconds(record.every_s), share=share)


_OWN_PROCESS = ", or drill the bot in a process of its own (--command)"
_HINTS = {
    "timer": "let the bot sleep until something is due; if the delay does no harm, switch this check off",
    "thread": "let the bot do such work faster in a drill",
    "request": "let that program answer faster in a drill",
}
_BETTER = {"timer": "; an ASGI bot is drilled more exactly in this process (--app)", "thread": "", "request": ""}
_ELSEWHERE = {"timer": "", "thread": _OWN_PROCESS, "request": _OWN_PROCESS}
_WORDS = {
    "spin": "{who} never rests: it runs again and again while nothing happens, so time went on beside it",
    "block": "{who} computed for so long that nothing else could happen, so it was stopped there",
    "timer": "{who} wakes every {every} for nothing; while nothing else happens its timer was thinned out, so it may come "
    "late, by up to 1/{share} of the quiet time",
    "thread": "{who} worked in a thread for so long that time went on without it",
    "request": "a request to {who} had no answer for so long that time went on without it",
}
