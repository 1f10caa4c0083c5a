"""Many at once, and clients that take their time."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from chatdrill.probe.bench import Bench
from chatdrill.probe.line import Answer, Deaf
from chatdrill.probe.register import GOOD, probe
from chatdrill.probe.results import Outcome
from chatdrill.wire import Rule

_MANY = 50
_SLOW = 10
_PAUSE_S = 0.01
_STEPS = 20
_FACTOR = 3
_RULE = Rule("vendors deliver over many connections at once", "common practice of webhooks")
_SLOWLY = Rule(
    "one slow client does not keep the others waiting", "OWASP, Denial of Service Cheat Sheet (slow HTTP), 2024"
)
_PROXY = (
    "serve requests at the same time (threads, asyncio), or put a proxy that reads whole requests in front of the bot"
)


@probe("concurrency", "Fifty messages at once", _RULE, matter="acknowledgement", needs=(GOOD, "acknowledgement"))
async def many(bench: Bench) -> Outcome:
    parcels = [bench.genuine() for _ in range(_MANY)]
    answers = await asyncio.gather(*(bench.send(parcel.request) for parcel in parcels))
    bad = [answer for answer in answers if not bench.accepts(answer)]
    longest = max(answer.took_s for answer in answers)
    tried = f"messages of {_MANY} customers, each over a connection of its own"
    if bad:
        came = f"{len(bad)} were not acknowledged, the first: {bad[0].words}"
        return Outcome("serious", tried, came, f"Messages that come together are refused; {_PROXY}")
    came = f"all acknowledged, the last after {longest * 1000:.0f} ms"
    if longest > bench.bounds.ack_s:
        return Outcome(
            "serious", tried, came, f"Fifty at once is what a campaign brings: acknowledge first, and {_PROXY}"
        )
    return Outcome("passed", tried, came)


def _stall_s(bench: Bench) -> float:
    """How long another message may take meanwhile: a bot that is slow anyway is not slowed by this."""
    return max(bench.bounds.stall_s, _FACTOR * max(bench.memory.acks_s, default=0.0))


async def _meanwhile(bench: Bench) -> Answer:
    return await bench.send(bench.genuine().request, timeout_s=_stall_s(bench))


@probe("slow-head", "A head that is sent byte by byte", _SLOWLY)
async def slow_head(bench: Bench) -> Outcome:
    tried = "the first bytes of a message one by one, and another message meanwhile"
    data = bench.bytes_of(bench.genuine().request)
    async with await bench.line() as line:
        for at in range(_STEPS):
            await line.write(data[at : at + 1])
            await asyncio.sleep(_PAUSE_S)
        other = await _meanwhile(bench)
        if not bench.accepts(other):
            reason = f"While one client sends its head slowly, nobody else is heard; {_PROXY}"
            return Outcome("serious", tried, f"the other: {other.words}", reason)
        slow = await line.ask(data[_STEPS:], bench.patience_s)
    came = f"the other: {other.words}; the slow one: {slow.words}"
    if slow.is_silence:
        return Outcome(
            "note", tried, came, "What came slowly was never answered; a server closes such a connection, or answers"
        )
    return Outcome("passed", tried, came)


@probe("slow-body", "Bodies that never end", _SLOWLY)
async def endless_bodies(bench: Bench) -> Outcome:
    tried = f"{_SLOW} messages without their last bytes, and another message meanwhile"
    async with AsyncExitStack() as stack:
        try:
            for _ in range(_SLOW):
                line = await stack.enter_async_context(await bench.line())
                data = bench.bytes_of(bench.genuine().request)
                await line.write(data[: -len(data) // 10])
        except Deaf:  # fewer are enough
            pass
        other = await _meanwhile(bench)
    if bench.accepts(other):
        return Outcome("passed", tried, f"the other: {other.words}")
    reason = f"{_SLOW} clients whose bodies do not end are enough to shut the bot; {_PROXY}, and bound how long a body may take"
    return Outcome("serious", tried, f"the other: {other.words}", reason)
