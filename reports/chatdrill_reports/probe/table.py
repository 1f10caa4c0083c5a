"""The table for a person at a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from chatdrill.probe.results import FINDINGS, Examination, Result, Verdict
from chatdrill.trace.transcript.phrases import plain

_MARKS: dict[Verdict, str] = {
    "critical": "✗✗",
    "serious": "✗",
    "minor": "!",
    "note": "·",
    "passed": "✓",
    "not applicable": "-",
}
_ASCII: dict[Verdict, str] = {**_MARKS, "critical": "XX", "serious": "X", "note": ".", "passed": "ok"}
_COLORS: dict[Verdict, str] = {
    "critical": "1;31",
    "serious": "31",
    "minor": "33",
    "passed": "32",
    "not applicable": "2",
}
_INDENT = 4


def table(examination: Examination, *, color: bool = False, width: int = 100, unicode: bool = True) -> str:
    """One line for every probe; under each finding the reason and the vendor's rule."""
    return "\n".join(_lines(examination, color, width, unicode)) + "\n"


def _lines(examination: Examination, color: bool, width: int, unicode: bool) -> Iterator[str]:
    yield f"{examination.title} webhook {examination.target}, examined in {examination.took_s:.1f} s"
    yield ""
    marks = _MARKS if unicode else _ASCII
    words = max((len(result.verdict) for result in examination.results), default=0)
    names = max((len(result.title) for result in examination.results), default=0)
    for result in examination.results:
        start = f"{marks[result.verdict]:<3}{result.verdict:<{words + 2}}{plain(result.title):<{names + 2}}"
        yield _painted(start, result.verdict, color) + _short(result, max(20, width - len(start)))
        if result.verdict in FINDINGS:
            yield from _details(result, width)
    yield ""
    yield examination.summary() + (" (interrupted: the rest was not tried)" if examination.interrupted else "")


def _painted(text: str, verdict: Verdict, color: bool) -> str:
    return f"\x1b[{_COLORS[verdict]}m{text}\x1b[0m" if color and verdict in _COLORS else text


def _short(result: Result, room: int) -> str:
    words = plain(result.outcome.reason if result.verdict == "not applicable" else result.outcome.came)
    return words if len(words) <= room else f"{words[: room - 3]}..."


def _details(result: Result, width: int) -> Iterator[str]:
    outcome, rule = result.outcome, result.rule
    told = {"tried": outcome.tried, "came": outcome.came, "do": outcome.reason, "rule": f"{rule.text} ({rule.source})"}
    told["name"] = result.probe
    for name, text in told.items():
        if text:
            yield from _wrapped(f"{name:<7}{plain(text)}", width)
    yield ""


def _wrapped(text: str, width: int) -> list[str]:
    indent = " " * _INDENT
    return textwrap.wrap(text, max(40, width), initial_indent=indent, subsequent_indent=indent + " " * 7)
