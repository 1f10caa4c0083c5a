"""Load runs to report on, made of figures that were never measured: deterministic, and as quick as arithmetic."""

from __future__ import annotations

import msgspec

from chatdrill.seeds import Seed
from chatdrill_load.figures import ANSWERED, ARRIVALS, FAILED, UNANSWERED, Figures, Meter
from chatdrill_load.gates import read_gate
from chatdrill_load.messages import Bad, Slow
from chatdrill_load.result import GateLine, LoadResult, counted, curves, moments, table, worst_verdict

EVIL = '<script>document.title="broken"</script><img src=x onerror=\'document.title="broken"\'>|`*_@all\u202e]]>'
GATES = ("first_reply p95 < 250ms", "next_reply < 1s for 90%", "errors < 5%")
_STEPS = ("order / 1 Where is my order?", "order / 3 And when?")


def figures(
    *, typical_s: float = 0.1, seed: int = 1, length_s: int = 60, rate: int = 20, lag_s: float = 0.004
) -> Figures:
    """So many seconds of a bot that takes ``typical_s``, log-normally spread; one turn in 200 stays without an answer."""
    chance, meter, whole = Seed(seed).stream("report"), Meter(), Figures()
    for number in range(length_s * rate):
        at_s, platform = number / rate, ("telegram", "whatsapp")[number % 2]
        meter.counter(platform, ARRIVALS)(at_s)
        for step, kind in zip(_STEPS, ("first_reply", "next_reply"), strict=True):
            meter.counter(platform, UNANSWERED if chance.random() < 0.005 else ANSWERED)(at_s)
            meter.latency(platform, step, kind)(at_s, typical_s * chance.lognormvariate(0, 0.4))
        meter.latency(platform, "order", "ack")(at_s, 0.002 + 0.001 * chance.random())
        meter.latency(platform, "order", "conversation")(at_s, 2.0)
        meter.latency("*", "", "lag")(at_s, lag_s if at_s > length_s / 2 else 0.001)
    whole.merge(meter.snapshot())
    return whole


def result(figures: Figures, *, gates: tuple[str, ...] = GATES, **more: object) -> LoadResult:
    """The result of such figures."""
    lines = tuple(_judged(gate, figures) for gate in gates)
    lag = figures.latency("lag")
    made = LoadResult(
        command="chatdrill load drills/ --arrivals 20/s",
        plan="20/s",
        seed=7,
        began_at=1_795_338_900.0,
        took_s=60.0,
        verdict=worst_verdict(lines, failed=figures.counted(FAILED), judged=True),
        conversations=figures.latency("conversation").samples,
        failed=figures.counted(FAILED),
        counts=counted(figures),
        failures=figures.details(FAILED),
        rows=table(figures),
        moments=moments(figures),
        curves=curves(figures, ("first_reply", "next_reply", "ack")),
        gates=lines,
        open_most=44,
        lag_s=lag.max_s if lag.samples else 0.0,
        lag_p99_s=lag.percentile_s(99.0) if lag.samples else 0.0,
    )
    return msgspec.structs.replace(made, **more)


def spoiled(**more: object) -> LoadResult:
    """A run in which everything that people wrote is hostile, and which is not whole."""
    meter = Meter()
    for at_s in range(60):
        meter.latency(EVIL, EVIL, "first_reply")(at_s, 0.5)
        meter.latency(EVIL, EVIL, "conversation")(at_s, 0.5)
        meter.counter(EVIL, ARRIVALS)(at_s)
        meter.counter(EVIL, FAILED, EVIL)(at_s)
    whole = Figures()
    whole.merge(meter.snapshot())
    bad = tuple(Bad(EVIL, f"{EVIL}: {number}", f"out/{EVIL}", (0, 1)) for number in range(5))
    slow = (Slow(EVIL, 9.0, f"out/{EVIL}", (0, 1)),)
    hostile = {"plan": EVIL, "bot": EVIL, "command": EVIL, "partial": EVIL, "slowest": slow, "worst": bad}
    gate = GateLine(gate=EVIL, verdict="fail", words=EVIL, spent=((30.0, 0.5), (60.0, 2.0)))
    made = result(whole, gates=(), **{**hostile, "refused": {EVIL: 3}, "verdict": "fail"})
    return msgspec.structs.replace(made, gates=(gate,), **more)


def _judged(text: str, figures: Figures) -> GateLine:
    gate = read_gate(text)
    found = gate.judge(figures)
    spent = tuple(gate.spent(figures.windows()))
    return GateLine(gate=text, verdict=found.verdict, words=found.words, samples=found.samples, spent=spent)
