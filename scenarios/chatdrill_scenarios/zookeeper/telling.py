"""The score, told: as a table for a terminal, as Markdown, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from .keeping import Score
from .watching import Sighting

_HEAD = ("specimen", "found by", "cause", "by", "dialogs", "s", "fuzz", "dialogs", "s", "chat")
_WIDTH_MAX = 58


def table(score: Score) -> str:
    """For a terminal."""
    rows = [_HEAD, *map(_row, score.sightings)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, "", *_summary(score)]) + "\n"


def markdown(score: Score) -> str:
    """The same as a page."""
    lines = ["# The bug zoo", "", *_summary(score), "", _line(_HEAD), _line(["---"] * len(_HEAD))]
    lines += [_line(_row(each)) for each in score.sightings]
    return "\n".join(lines) + "\n"


def values(score: Score) -> dict[str, Any]:
    """For machines."""
    return {
        "specimens": len(score.sightings),
        "found": len(score.found),
        "right_cause": len(score.right),
        "share": round(score.share, 4),
        **by_whom(score),
        "correct_bots": len(score.correct),
        "correct_dialogs": score.dialogs,
        "correct_dialogs_drawn": score.drawn,
        "false_alarms": [asdict(alarm) for alarm in score.alarms],
        "minimal_chats": len(score.chats),
        "minimal_chat_excess": score.excess,
        "sightings": [asdict(each) for each in score.sightings],
    }


def as_json(score: Score) -> str:
    """The values, written."""
    return json.dumps(values(score), indent=2, ensure_ascii=False) + "\n"


def by_whom(score: Score) -> dict[str, int]:
    """How many the scenarios and the probe found by the right cause, how many the fuzzer (of those it was shown), and how many both."""
    return {
        "right_by_suite": sum(each.by_suite for each in score.sightings),
        "fuzzed": len(score.fuzzed),
        "right_by_fuzz": sum(each.by_fuzz for each in score.sightings),
        "right_by_both": sum(each.by_suite and each.by_fuzz for each in score.sightings),
    }


def _row(each: Sighting) -> tuple[str, ...]:
    name = each.name if len(each.name) <= _WIDTH_MAX else each.name[: _WIDTH_MAX - 1] + "…"
    if not each.found:
        return (name, "NOTHING", "", "", str(each.dialogs), "", *_fuzz_cells(each))
    cause = "right" if each.right else "WRONG"
    return (name, each.check, cause, each.by or "", str(each.dialogs), f"{each.seconds:.1f}", *_fuzz_cells(each))


def _fuzz_cells(each: Sighting) -> tuple[str, ...]:
    """Which check, after how many dialogs and seconds, and how long the minimal chat is beside the one that was written by hand."""
    found = each.fuzzed
    if found is None:
        return ("", "", "", "")
    if not found.check:
        return ("nothing", str(found.dialogs), f"{found.seconds:.1f}", "")
    name = found.check if found.right else f"({found.check})"
    return (name, str(found.dialogs), f"{found.seconds:.1f}", f"{found.messages} ({each.minimum or '?'})")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _summary(score: Score) -> Iterator[str]:
    for category, seen in score.by_category().items():
        yield f"{category:<12} {sum(each.right for each in seen):>3} of {len(seen):>3}"
    count = len(score.sightings)
    yield f"{'in all':<12} {len(score.right):>3} of {count:>3} by the right cause ({score.share:.1%}), {len(score.found)} by any"
    if score.fuzzed:
        yield from _fuzz_summary(score)
    if score.correct:
        drawn = f", {score.drawn} of them drawn," if score.drawn else ""
        yield f"{len(score.alarms)} false alarms in {score.dialogs} dialogs{drawn} with {len(score.correct)} correct bots"
    yield from (f"TROUBLE {each.name}: {words}" for each in score.sightings for words in each.trouble if not each.found)
    yield from (f"FALSE ALARM {one.bot}: {one.check} {one.message} {one.case}" for one in score.alarms)


def _fuzz_summary(score: Score) -> Iterator[str]:
    count = by_whom(score)
    yield (
        f"{'by fuzz':<12} {count['right_by_fuzz']:>3} of {count['fuzzed']:>3} that were fuzzed; "
        f"by the suite {count['right_by_suite']}, by both {count['right_by_both']}"
    )
    if score.excess is not None:
        yield f"{'chats':<12} {score.excess:+g} messages beside those written by hand (median of {len(score.chats)})"
