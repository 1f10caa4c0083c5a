"""Genuine webhooks: are they taken, and how soon?"""

from __future__ import annotations

from statistics import median

from chatdrill.probe.bench import Bench
from chatdrill.probe.line import Answer
from chatdrill.probe.register import GOOD, probe
from chatdrill.probe.results import Outcome
from chatdrill.wire import Rule

_ACKS = 7
_ACKS_LEAST = 3
_ACKS_S = 10.0
_LONG_S = 1.0
"""Slower than this is worth a word, whatever the vendor allows."""
_TAKEN = Rule("a genuine webhook is acknowledged", "what a webhook is for")


@probe(GOOD, "A genuine message", _TAKEN, matter="acknowledgement", needs=())
async def good(bench: Bench) -> Outcome:
    parcel = bench.genuine(keep="first")
    answer = await bench.send(parcel.request)
    tried = "a rightly signed message"
    if bench.accepts(answer):
        bench.memory.acks_s.append(answer.took_s)
        return Outcome("passed", tried, answer.words)
    return Outcome("critical", tried, answer.words, _why(bench, answer))


def _why(bench: Bench, answer: Answer) -> str:
    name, secrets = bench.service.name, [each.name for each in bench.service.settings if each.secret]
    if answer.status in (401, 403):
        flags = " or ".join(f"--set {name}.{each}=..." for each in secrets if "token" not in each)
        return f"The bot takes it for a forgery: give the bot the secrets of `chatdrill env`, or chatdrill the bot's ({flags})"
    if answer.status in (404, 405):
        return "The bot takes no webhooks at this address; is the path right?"
    if 300 <= answer.status <= 399:
        return "No vendor follows a redirect of a webhook: name the address that it leads to"
    if answer.is_ok:
        return f"The vendor takes only status 200 for success, not {answer.status}: answer 200"
    if answer.is_silence:
        return "Acknowledge first and work afterwards: nobody should wait for the bot's work"
    return "The bot fails on the commonest thing there is, a message with a text; its log should say why"


@probe("acknowledgement", "How soon a message is acknowledged", _TAKEN, matter="acknowledgement")
async def soon(bench: Bench) -> Outcome:
    limit_s, taken = bench.bounds.ack_s, list(bench.memory.acks_s)
    failed: list[str] = []
    while len(taken) + len(failed) < _ACKS and (len(taken) < _ACKS_LEAST or sum(taken) < _ACKS_S):
        answer = await bench.send(bench.genuine().request)
        taken.append(answer.took_s)
        if not bench.accepts(answer):
            failed.append(answer.words)
            break
    bench.memory.acks_s = taken
    middle, longest = median(taken), max(taken)
    tried = f"{len(taken)} messages, one after the other"
    came = f"p50 {middle * 1000:.0f} ms, max {longest * 1000:.0f} ms; the limit is {limit_s:g} s"
    if failed:
        return Outcome(
            "serious", tried, f"one was answered {failed[0]}", "The bot takes one message and fails on the next"
        )
    late = "Acknowledge first and work afterwards (a queue, a task): what comes late comes again, and is answered twice"
    if middle > limit_s:
        return Outcome("critical", tried, came, late)
    if longest > limit_s:
        return Outcome("serious", tried, came, late)
    if longest > limit_s / 2:
        return Outcome("minor", tried, came, f"More than half of the time is gone without any load. {late}")
    if middle > _LONG_S:
        return Outcome("note", tried, came, f"In time, but the bot seems to work before it answers. {late}")
    return Outcome("passed", tried, came)
