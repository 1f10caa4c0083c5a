"""The words in which the load report says things, on every page alike."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from chatdrill.checks import CHECKS
from chatdrill.engine.durations import say_seconds
from chatdrill.trace.transcript.phrases import one_line, plain, platform_title
from chatdrill_load.messages import Bad, Slow
from chatdrill_load.recovery import Recovery
from chatdrill_load.result import GateLine, LoadResult, TableRow, Verdict

ALL = "*"
KINDS = {
    "first_reply": "First reply",
    "next_reply": "Next reply",
    "ack": "Webhook accepted",
    "conversation": "Whole conversation",
    "time_to_human": "Time to a person",
    "resolution": "Resolution",
}
"""The kinds of latency that a table shows, in its order."""
KIND_NOTES = {
    "first_reply": "from the moment the customer meant to write to the first message that answers it",
    "next_reply": "the same in every later turn",
    "ack": "from sending a webhook until the bot acknowledged it",
    "conversation": "from the customer's first word to the end",
    "time_to_human": "from the request for a person to that person's first words",
    "resolution": "from the first word until the matter was settled",
}
COLUMNS = ("p50", "p90", "p95", "p99", "p99.9")
TROUBLES = {
    "unanswered": ("turn got no answer in time", "turns got no answer in time"),
    "late": (
        "reply came after its customer had stopped waiting",
        "replies came after their customers had stopped waiting",
    ),
    "unmatched": ("message answers nothing that was asked", "messages answer nothing that was asked"),
    "more": ("further message came after an answer", "further messages came after an answer"),
}
LAG_S = 0.05
"""From here on the generator's own lateness shows in what it measures: half of the 100 ms in which people notice a delay."""
_WORDS_FROM_S = 120.0
_DIGITS = 3
_NAME_MAX, _STEP_MAX = 30, 120  # characters
_NUMBERS = re.compile(r"\d+")


class Reason(NamedTuple):
    """Why the verdict is what it is: one sentence, and the verdict that it speaks for."""

    verdict: Verdict
    words: str


def took(value_s: float | None) -> str:
    """A latency with three digits: ``0.42 ms``, ``92.3 ms``, ``1.59 s``, ``2m 30s``; ``–`` where there is none."""
    if value_s is None:
        return "–"
    if value_s >= _WORDS_FROM_S:
        return say_seconds(value_s)
    return f"{_rounded(value_s * 1000)} ms" if value_s < 0.9995 else f"{_rounded(value_s)} s"


def _rounded(value: float) -> str:
    if value < 0.005:
        return "0"
    places = max(0, _DIGITS - 1 - max(0, math.floor(math.log10(value))))
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float) -> str:
    """A share: ``0.42 %``, ``37 %``; never 0 for what happened, never 100 for what did not always."""
    value = share * 100
    if 0 < value < 0.01:
        return "< 0.01 %"
    if 99.99 < value < 100:
        return "> 99.99 %"
    return f"{value:.2f}".rstrip("0").rstrip(".") + " %" if value < 10 or value > 99 else f"{value:.0f} %"


def change(share: float | None) -> str:
    """A change: ``+12 %``, ``−3.5 %``, ``×4.2``."""
    if share is None:
        return ""
    if share >= 1:
        return f"×{1 + share:.2g}" if share < 99 else f"×{1 + share:,.0f}"
    value = abs(share) * 100
    return (
        f"{'+' if share >= 0 else '−'}{value:.0f} %" if value >= 9.5 else f"{'+' if share >= 0 else '−'}{value:.1f} %"
    )


def plural(count: int, word: str) -> str:
    """``1 conversation``, ``2,403 conversations``."""
    return f"{count:,} {word}{'s' * (count != 1)}"


def sentence(text: str) -> str:
    """What a gate says, as a sentence; the name of a measure keeps its small letter."""
    first = text.split(" ", 1)[0]
    head = first if first in KINDS or first == "reply" or not first.isalpha() else first.capitalize()
    return f"{head}{text[len(first) :]}{'' if text.endswith('.') else '.'}"


def where(row: TableRow) -> tuple[str, str]:
    """The platform and the step of a row, in words."""
    platform = "all" if row.platform == ALL else one_line(platform_title(row.platform), _NAME_MAX)
    return platform, "" if row.name == ALL else one_line(row.name, _STEP_MAX)


def shown(rows: Sequence[TableRow]) -> list[TableRow]:
    """The rows of a table: by kind, sums first."""
    order = list(KINDS)
    own = [row for row in rows if row.kind in KINDS]
    return sorted(own, key=lambda row: (order.index(row.kind), row.platform != ALL, row.name != ALL))


def sums(rows: Sequence[TableRow]) -> dict[str, TableRow]:
    """Of each kind the row that is about everything."""
    return {
        kind: max(own, key=lambda row: (row.samples, row.platform == ALL, row.name == ALL))
        for kind in KINDS
        if (own := [row for row in rows if row.kind == kind])
    }


def totals(rows: Sequence[TableRow]) -> list[TableRow]:
    """The rows that sum up; of a kind that has none, its rows themselves."""
    kinds = {row.kind for row in rows if row.name == ALL}
    return [row for row in rows if row.name == ALL or row.kind not in kinds]


def title(result: LoadResult) -> str:
    """The headline."""
    return f"Load: {result.plan}" if result.plan else "Load"


def lead(result: LoadResult) -> str:
    """The run in a sentence."""
    talked = f"{plural(result.conversations, 'conversation')} in {say_seconds(result.took_s)}"
    most = f", up to {result.open_most:,} at once" if result.open_most else ""
    return f"{talked}{most}."


def reasons(result: LoadResult) -> list[Reason]:
    """Why the verdict is what it is, the worst first."""
    found = [*_of_gates(result, "fail"), *_of_conversations(result), *_of_gates(result, "inconclusive", "none")]
    if not result.counts:
        found.insert(0, Reason("inconclusive", "Nobody talked, so nothing was measured."))
    return found or [Reason("pass", _all_well(result))]


def _of_gates(result: LoadResult, *verdicts: Verdict) -> Iterator[Reason]:
    for gate in result.gates:
        if gate.verdict in verdicts:
            yield Reason(gate.verdict, sentence(gate.words))


def _of_conversations(result: LoadResult) -> Iterator[Reason]:
    if not result.failed:
        return
    why = "; ".join(f"in {count:,} {broken(check)}{beside(check)}" for check, count in commonest(result.failures))
    gate = forgiven(result)
    words = f"{result.failed:,} of {plural(result.conversations, 'conversation')} failed{f': {why}' if why else ''}"
    yield Reason("pass" if gate else "fail", f"{words}, which {gate.gate} allows." if gate else f"{words}.")


def commonest(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """What was counted most, first."""
    return sorted(counts.items(), key=lambda item: -item[1])


def broken(check: str) -> str:
    """What happened in a conversation that broke a check, as a clause for people who do not know the checks."""
    known = CHECKS.get(check)
    if known is None:
        return "something else went wrong" if check else "something broke before anything could be judged"
    return known.broken or f"this did not hold: “{known.law.rstrip('.')}”"


def beside(check: str) -> str:
    """The id of a check, to stand behind its words."""
    return f" ({check})" if check else ""


def told(problem: str) -> tuple[str, str]:
    """The id of the check that found a problem, if one did, and the problem in words."""
    check, colon, words = problem.partition(": ")
    return (check, words) if colon and check in CHECKS else ("", problem)


def recovered(one: Recovery) -> str:
    """How long a spike was felt, in a sentence."""
    spike = f"the spike from {say_seconds(one.begins_s)} to {say_seconds(one.ends_s)}"
    after = spike if one.begins_s else f"the step down at {say_seconds(one.ends_s)}"
    bar = took(one.bar_s) if one.bar == "sla" else f"what it was before ({took(one.bar_s)})"
    if one.after_s is None:
        return f"After {after}, {one.figure} had not recovered {say_seconds(one.watched_s)} later: it was not back within {bar}."
    if not one.after_s:
        return f"After {after}, {one.figure} was within {bar} at once."
    grain = f"measured by intervals of {say_seconds(one.interval_s)}"
    return f"After {after}, {one.figure} was within {bar} again {say_seconds(one.after_s)} later, {grain}."


def forgiven(result: LoadResult) -> GateLine | None:
    """The gate that says how many conversations may fail, and that held."""
    return next((gate for gate in result.gates if gate.gate.split()[:1] == ["errors"] and gate.verdict == "pass"), None)


def _all_well(result: LoadResult) -> str:
    talks = f"All {plural(result.conversations, 'conversation')} passed"
    if not result.gates:
        return f"{talks}; no gate was set."
    return f"{talks}, and {'the gate' if len(result.gates) == 1 else f'all {len(result.gates)} gates'} held."


def cautions(result: LoadResult) -> list[str]:
    """What a reader must know before they believe the figures."""
    found = []
    if result.lag_p99_s > LAG_S:
        found.append(
            f"chatdrill itself could not keep up: it was up to {took(result.lag_s)} late (p99 {took(result.lag_p99_s)}), "
            "and the bot's latencies contain that. Use more workers, or fewer customers."
        )
    if unanswered := result.counts.get("unanswered", 0):
        got = f"{plural(unanswered, 'turn')} got no answer in time"
        found.append(f"{got}. Each counts as long as its customer waited: an answer would have taken longer still.")
    if result.broken_off:
        were = "was" if result.broken_off == 1 else "were"
        found.append(
            f"{plural(result.broken_off, 'conversation')} {were} still going on at the end and {were} broken off."
        )
    return found


class Worst(NamedTuple):
    """Conversations that failed alike: by which check, why (as it was with the first of them), and which."""

    check: str
    problem: str
    cases: tuple[str, ...]


def worst(bad: Sequence[Bad]) -> list[Worst]:
    """Failed conversations by reason, the commonest first. Reasons that differ in numbers only are one."""
    groups: dict[str, list[Bad]] = {}
    for one in bad:
        groups.setdefault(_NUMBERS.sub("#", one.problem), []).append(one)
    return [
        Worst(*told(own[0].problem), tuple(case_name(one.case) for one in own))
        for own in sorted(groups.values(), key=len, reverse=True)
    ]


def case_name(case: str) -> str:
    """A case without the folders of its file."""
    file, colons, name = case.rpartition("::")
    return f"{file.rsplit('/', 1)[-1]}{colons}{name}"


def commands(bad: Sequence[Bad | Slow]) -> list[str]:
    """The commands that show the transcripts of conversations."""
    traces = dict.fromkeys(plain(one.trace) for one in bad if one.place is not None)
    return [f"chatdrill report {shlex.quote(trace)} --format terminal" for trace in traces]
