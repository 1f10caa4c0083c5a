"""What many probes do."""

from __future__ import annotations

from chatdrill.probe.bench import Bench
from chatdrill.probe.line import Answer
from chatdrill.probe.results import Outcome, Verdict
from chatdrill.wire import HttpRequest

COMES_AGAIN = "the vendor takes that for a failure and sends it again and again"


def inapplicable(reason: str, tried: str = "nothing") -> Outcome:
    """There was nothing to try."""
    return Outcome("not applicable", tried, reason=reason)


async def must_be_taken(
    bench: Bench, request: HttpRequest, tried: str, reason: str, verdict: Verdict = "serious"
) -> Outcome:
    """A webhook that the bot has to acknowledge, whatever it makes of it."""
    answer = await bench.send(request)
    if bench.accepts(answer):
        return Outcome("passed", tried, answer.words)
    return Outcome(verdict, tried, answer.words, reason)


def survived(answer: Answer, tried: str, reason: str, verdict: Verdict = "minor") -> Outcome:
    """Something that the vendor does not send: any answer is right, but there must be one, and no 5xx."""
    if answer.is_error:
        return Outcome(verdict, tried, answer.words, reason)
    return Outcome("passed", tried, answer.words)
