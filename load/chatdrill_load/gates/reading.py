"""Reading a gate: one line, so that it fits a flag and a list in the settings."""

from __future__ import annotations

import re
from typing import NamedTuple

from chatdrill.engine.durations import seconds
from chatdrill.errors import UsageError, did_you_mean
from chatdrill_load.figures import KINDS
from chatdrill_load.gates.gate import MAX, MEAN, PERCENTILE, RATE, RATES, SHARE, Gate

EXAMPLES = (
    "first_reply p95 < 5s",
    "first_reply < 5s for 99%",
    "reply p99 <= 2s on telegram",
    'next_reply mean < 3s of "asks for the price"',
    "ack max < 1s",
    "errors < 1%",
    "abandoned < 2%",
    "time_to_human p90 < 2m",
)
"""Gates of every form."""

_FORM = re.compile(r"([^\s<>=≤≥]+)(?: ([^\s<>=≤≥]+))? ?([<>=≤≥]+) ?(.+)")
_OR_EQUAL = {"<": False, "<=": True, "≤": True, "=<": True}
_STEP = re.compile(r" of (?:\"([^\"]+)\"|'([^']+)'|(\S+))")
_PLATFORM = re.compile(r" on (\S+)")
_FOR = re.compile(r" for (\d+(?:\.\d+)?) ?%")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?%")
_FIGURE = re.compile(r"p(\d{1,2}(?:\.\d+)?)")
_FIGURES = ("p50", "p90", "p95", "p99", "p99.9", MAX, MEAN)


class _Parts(NamedTuple):
    line: str
    measure: str
    figure: str | None
    sign: str
    bar: str
    share: str | None
    platform: str | None
    name: str | None

    def wrong(self, problem: str) -> UsageError:
        return UsageError(f"{self.line!r}: {problem}")


def read_gate(text: str) -> Gate:
    """Read a gate. Raises ``UsageError`` that says what is wrong, with the nearest known word."""
    parts = _parts(" ".join(text.split()))
    if parts.sign not in _OR_EQUAL:
        raise parts.wrong(f"a gate is an upper bound; write < or <= instead of {parts.sign}")
    figure, percent, bar = _of_rate(parts) if parts.measure in RATES else _of_latency(parts)
    if not bar and not _OR_EQUAL[parts.sign]:
        raise parts.wrong("nothing is less than 0; write <= if none is allowed")
    return Gate(
        text=parts.line,
        measure=parts.measure,
        figure=figure,
        bar=bar,
        percent=percent,
        or_equal=_OR_EQUAL[parts.sign],
        platform=parts.platform,
        name=parts.name,
    )


def _parts(line: str) -> _Parts:
    rest, name = _cut(_STEP, line)
    rest, platform = _cut(_PLATFORM, rest)
    rest, share = _cut(_FOR, rest)
    found = _FORM.fullmatch(rest)
    if found is None:
        raise UsageError(f"not a gate: {line!r}; write it like {EXAMPLES[0]}, {EXAMPLES[1]} or {EXAMPLES[5]}")
    measure, figure, sign, bar = found.groups()
    return _Parts(line, measure, figure, sign, bar, share, platform, name)


def _cut(pattern: re.Pattern[str], line: str) -> tuple[str, str | None]:
    """The line without what the pattern finds in it, and the word that it is about."""
    found = pattern.search(line)
    if found is None:
        return line, None
    word: str = next(group for group in found.groups() if group is not None)
    return line[: found.start()] + line[found.end() :], word


def _of_rate(parts: _Parts) -> tuple[str, float, float]:
    example = f"{parts.measure} < 1%"
    for given, what in ((parts.figure, "figure"), (parts.share, "'for'"), (parts.name, "step")):
        if given is not None:
            raise parts.wrong(f"{parts.measure} are a share of all and take no {what}; write it like {example}")
    found = _PERCENT.fullmatch(parts.bar)
    if found is None or float(found[1]) > 100:
        raise parts.wrong(f"{parts.measure} are a share, from 0% to 100%; write it like {example}")
    return RATE, 100.0, float(found[1]) / 100


def _of_latency(parts: _Parts) -> tuple[str, float, float]:
    if parts.measure not in KINDS:
        near = did_you_mean(parts.measure, [*KINDS, *RATES])
        raise parts.wrong(f"nothing is measured as {parts.measure!r}{near}")
    figure, percent = _share(parts) if parts.figure is None else _figure(parts, parts.figure)
    return figure, percent, _bar_s(parts)


def _share(parts: _Parts) -> tuple[str, float]:
    if parts.share is None:
        line = f"{parts.measure} {{}}{parts.sign} {parts.bar}"
        raise parts.wrong(f"say of how many: {line.format('p95 ')}, {line.format('max ')} or {line.format('')} for 99%")
    if not 0 < float(parts.share) <= 100:
        raise parts.wrong(f"{parts.share}% is no share; it lies above 0% and goes up to 100%")
    return SHARE, float(parts.share)


def _figure(parts: _Parts, figure: str) -> tuple[str, float]:
    if parts.share is not None:
        raise parts.wrong(f"{figure} already says of how many; leave 'for {parts.share}%' out, or {figure}")
    if figure in (MAX, MEAN):
        return figure, 100.0
    found = _FIGURE.fullmatch(figure)
    if found is None or not float(found[1]):
        hint = "; write max" if figure == "p100" else did_you_mean(figure, _FIGURES)
        raise parts.wrong(f"no figure is called {figure!r}{hint}")
    return PERCENTILE, float(found[1])


def _bar_s(parts: _Parts) -> float:
    try:
        bar_s = seconds(parts.bar)
    except ValueError as error:
        raise parts.wrong(str(error)) from error
    if parts.bar[-1].isdigit():  # other load tools mean milliseconds
        raise parts.wrong(f"{parts.bar} of what? write {parts.bar}s or {parts.bar}ms")
    return round(bar_s, 6)  # in whole microseconds, as latencies are: 830 x 0.001 is not quite 0.83
