"""Coverage in words: lines for a terminal, Markdown, and plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chatdrill.coverage.measuring import Coverage, Table
from chatdrill.coverage.suggesting import Suggestion

_BAR = 20


def percent(share: float) -> str:
    """``61 %``; never 100 % while something is missing."""
    return f"{min(int(share * 100), 99 if share < 1 else 100)} %"


def summary(coverage: Coverage) -> str:
    """One line: ``41 %: 512 of 1240 cells in 448 conversations``."""
    return (
        f"{percent(coverage.share)}: {coverage.reached} of {coverage.total} cells "
        f"in {coverage.observed.conversations} conversations"
    )


def full_product(coverage: Coverage) -> str:
    """How many combinations of all five dimensions were met."""
    return f"{coverage.points} of {coverage.points_possible} combinations of all five"


def not_counted(coverage: Coverage) -> list[str]:
    """What the traces cannot tell of, and why."""
    found = []
    if not coverage.world.desks:
        found.append("the states at a helpdesk are not counted: no trace has a desk (--desk)")
    if not coverage.world.has_calendar:
        found.append("open, closed and holiday are not counted: no trace has a calendar")
    return found


def to_lines(coverage: Coverage, found: Sequence[Suggestion]) -> Iterator[str]:
    """What stands on a terminal."""
    yield f"coverage {summary(coverage)}"
    yield ""
    width = max(len(table.title) for table in coverage.tables)
    for table in coverage.tables:
        full = round(table.share * _BAR)
        figures = f"{percent(table.share):>6}  {table.reached:>4} of {table.total}"
        yield f"  {table.title:<{width}}  {'█' * full}{'·' * (_BAR - full)}{figures}"
    yield f"  {full_product(coverage)}"
    yield from (f"  {line}" for line in not_counted(coverage))
    yield ""
    if found:
        yield f"missing ({len(coverage.gaps)}), the most useful first; --write FOLDER writes a scenario for each:"
    for one in found:
        yield f"  {one.gap}{f'  ({one.why_not})' if one.why_not else ''}"


def to_markdown(coverage: Coverage, found: Sequence[Suggestion], level: int = 2) -> Iterator[str]:
    """Tables and suggestions, under a heading of this level."""
    mark = "#" * level
    yield f"{mark} Conversation coverage"
    yield ""
    yield f"**{percent(coverage.share)}**: {coverage.reached} of {coverage.total} cells in {coverage.observed.conversations} conversations; {full_product(coverage)}."
    yield ""
    yield "| | Reached | Cells |\n|---|---:|---:|"
    for table in coverage.tables:
        yield f"| {table.title} | {percent(table.share)} | {table.reached} of {table.total} |"
    yield ""
    yield from (f"- {line}" for line in not_counted(coverage))
    yield ""
    for table in coverage.tables[:2]:
        yield from _heat(table)
    if found:
        yield "Missing, the most useful first:"
        yield ""
    yield from (f"- {one.gap}{f' ({one.why_not})' if one.why_not else ''}" for one in found)
    yield ""


def _heat(table: Table) -> Iterator[str]:
    """A heat map in letters: how often, nothing, or impossible."""
    yield f"<details><summary>{table.title}</summary>"
    yield ""
    yield f"| | {' | '.join(table.columns)} |"
    yield f"|---|{'---:|' * len(table.columns)}"
    for row in table.rows:
        yield f"| {row} | {' | '.join(cell_words(table, row, column) for column in table.columns)} |"
    yield ""
    yield "</details>"
    yield ""


def cell_words(table: Table, row: str, column: str) -> str:
    """How often a cell was met; ``0`` where it could have been, nothing where it cannot be."""
    if (row, column) not in table.possible:
        return ""
    return str(table.counts.get((row, column), 0))


def to_data(coverage: Coverage, found: Sequence[Suggestion]) -> dict[str, Any]:
    """All figures, for programs."""
    return {
        "share": coverage.share,
        "reached": coverage.reached,
        "total": coverage.total,
        "conversations": coverage.observed.conversations,
        "traces": coverage.observed.traces,
        "product": {"reached": coverage.points, "possible": coverage.points_possible},
        "not_counted": not_counted(coverage),
        "tables": [_table(table) for table in coverage.tables],
        "missing": [{"pair": gap.pair, "values": gap.values, "weight": gap.weight} for gap in coverage.gaps],
        "suggestions": [
            {"values": one.gap.values, "scenario": one.text or None, "why_not": one.why_not or None} for one in found
        ],
    }


def _table(table: Table) -> dict[str, Any]:
    cells = [
        {"values": cell, "count": table.counts.get(cell, 0)}
        for cell in sorted(table.possible, key=lambda cell: (table.rows.index(cell[0]), table.columns.index(cell[1])))
    ]
    return {"pair": table.pair, "reached": table.reached, "total": table.total, "share": table.share, "cells": cells}
