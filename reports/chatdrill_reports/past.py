"""What is another than before, in words: the same sentences in every report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chatdrill.checks.results import Verdict
from chatdrill.clock import iso
from chatdrill.history import CaseTrend, Comparison, Pair, Past, Trends, Turned, measure_parts
from chatdrill.history.telling import grouped, title, why
from chatdrill.trace.transcript.phrases import one_line, platform_title, seconds
from chatdrill_reports.service import counted as amount
from chatdrill_reports.words import VERDICT_WORDS, latency_name

Line = tuple[Verdict, str]


class Told(NamedTuple):
    """A head and what stands below it, each line with the verdict that gives its mark."""

    head: str
    lines: tuple[Line, ...]


def past_lines(past: Past) -> Told:
    """All of it, the worst first."""
    lines = list(_lines(past))
    return Told(head(past), tuple(lines) or (("pass", "as before"),))


def head(past: Past) -> str:
    """``Beside the run before (run 12, 2026-11-22 09:15 UTC), after 8 earlier runs of the suite``."""
    about = past.baseline
    number = f"run {about.number}" if about is not None and about.number else ""
    when = f"{iso(about.at)[:16].replace('T', ' ')} UTC" if about is not None and about.at else ""
    known = ", ".join(word for word in (number, when) if word and word != past.baseline_name)
    beside = f"Beside {one_line(past.baseline_name, 60)}{f' ({known})' if known else ''}" if about is not None else ""
    runs = f"after {amount(len(past.earlier), 'earlier run')} of the suite" if past.earlier else ""
    return ", ".join(filter(None, (beside, runs))) if beside else runs.capitalize()


def _lines(past: Past) -> Iterator[Line]:
    if past.comparison is not None:
        yield from (("inconclusive", f"hard to compare: {words}") for words in past.comparison.cautions)
        yield from _slower(past.comparison)
        yield from _turned(past.comparison, "broke", "fail", "fails now: ")
    if past.trends is not None:
        yield from _trends(past.trends)
    if past.comparison is not None:
        yield from _turned(past.comparison, "mended", "pass", "mended: ")
        yield from _turned(past.comparison, "other", "inconclusive", "")
        yield from _others(past.comparison)


def _turned(found: Comparison, kind: str, verdict: Verdict, words: str) -> Iterator[Line]:
    """A line for each scenario."""
    groups: dict[str, list[Turned]] = {}
    for one in found.of(kind):
        groups.setdefault(one.now.name, []).append(one)
    yield from ((verdict, f"{words}{turned_words(own)}") for own in groups.values())


def turned_words(turned: Sequence[Turned]) -> str:
    """``A torn shoe · Telegram: passed then, failed now (expected)``; several of one scenario together."""
    checks = ", ".join(dict.fromkeys(check for one in turned for check in one.now.failed))
    then, now = (VERDICT_WORDS[case.verdict] for case in (turned[0].before, turned[0].now))
    return f"{title([one.now for one in turned])}: {then} then, {now} now{f' ({checks})' if checks else ''}"


def _slower(found: Comparison) -> Iterator[Line]:
    yield from (("fail", f"slower: {pair_words(pair)}") for pair in found.meaning("slower"))
    yield from (("pass", f"faster: {pair_words(pair)}") for pair in found.meaning("faster"))


def pair_words(pair: Pair) -> str:
    """``first answer on Telegram, usually 1.31 times as long (1.22 to 1.40, 30 conversations), p95 4.1 s, was 3.0 s``."""
    name, calendar = measure_parts(pair.measure)
    clock = f", working time ({one_line(calendar, 30)})" if calendar else ""
    where = "on all platforms" if pair.platform == "*" else f"on {platform_title(pair.platform)}"
    p95 = f"p95 {seconds(pair.now[2])}, was {seconds(pair.before[2])}"
    return f"{latency_name(name).lower()}{clock} {where}: {factor_words(pair)}; {p95}"


def factor_words(pair: Pair) -> str:
    """``usually 1.31 times as long (1.22 to 1.40 at 95 %, 30 conversations)``."""
    if pair.factor is None:
        return f"{amount(pair.cases, 'conversation')}, too few to tell"
    between = f"{pair.low:.2f} to {pair.high:.2f} at 95 %"
    return f"usually {pair.factor:.2f} times as long ({between}, {amount(pair.cases, 'conversation')})"


def _trends(told: Trends) -> Iterator[Line]:
    """What is flaky, what fails for longer than since the run before, and what is slower."""
    broke = [one for one in told.of("broke") if one.row > 1]
    slower = [one for one in told.slower if one.kind not in ("flaky", "broke")]
    found: tuple[tuple[Verdict, list[CaseTrend]], ...] = (
        ("inconclusive", told.of("flaky")),
        ("fail", broke),
        ("inconclusive", slower),
    )
    for verdict, cases in found:
        yield from ((verdict, f"{title(group.cases)}: {why(group.first)}") for group in grouped(cases))


def _others(found: Comparison) -> Iterator[Line]:
    for cases, words in ((found.only_now, "only in this run"), (found.only_before, "only in the other run")):
        if cases:
            yield "none", f"{words}: {amount(len(cases), 'conversation')}, such as {title(cases[:1])}"
