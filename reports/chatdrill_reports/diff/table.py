"""What changed, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from chatdrill.comparing import Case, Difference
from chatdrill.trace.transcript.phrases import one_line, plain
from chatdrill_reports.diff.telling import asides_of, counts, lines_of, notes, said, title_of, verdict

_COLORS = {"+": "32", "-": "31", "^": "33"}
_CASES_MAX = 50


def table(found: Difference, *, color: bool = False, width: int = 100, unicode: bool = True) -> str:
    """The changed conversations turn by turn, what is only in one of the runs, and how much it is in all."""
    text = "\n".join(_lines(found, color, width)) + "\n"
    return text if unicode else text.encode("ascii", "replace").decode()


def _lines(found: Difference, color: bool, width: int) -> Iterator[str]:
    yield f"before: {plain(found.before.title)}"
    yield f"after:  {plain(found.after.title)}"
    yield ""
    for case in found.changed[:_CASES_MAX]:
        yield from _case(case, color, width)
        yield ""
    if len(found.changed) > _CASES_MAX:
        yield f"... and {len(found.changed) - _CASES_MAX} more conversations; --to FILE.html has all of them\n"
    for mark, keys in (("-", found.only_before), ("+", found.only_after)):
        yield from (_painted(mark, one_line(key, width - 2), color) for key in keys[:_CASES_MAX])
    if found.only_before or found.only_after:
        yield ""
    yield from (f"note: {plain(note)}" for note in notes(found))
    yield verdict(found) + "".join(f"; {words}" for _, words in counts(found))


def _case(case: Case, color: bool, width: int) -> Iterator[str]:
    change = f"  {case.verdicts[0]}, then {case.verdicts[1]}" if case.verdicts else ""
    yield f"{one_line(title_of(case), width)}{change}"
    for turn in case.turns:
        yield f"  turn {turn.number}: {one_line(said(turn.said), width - 12)}"
        for reply in turn.replies:
            yield from (f"    {_painted(mark, one_line(text, width - 6), color)}" for mark, text in lines_of(reply))
        yield from (f"    {one_line(text, width - 4)}" for text in asides_of(turn))


def _painted(mark: str, text: str, color: bool) -> str:
    line = f"{mark} {text}"
    return f"\x1b[{_COLORS[mark]}m{line}\x1b[0m" if color and mark in _COLORS else line
