"""Heat maps of conversation coverage: how often each cell was met, in shades, and what is missing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chatdrill.coverage import VALUES, Coverage, Table, suggestions
from chatdrill.coverage.telling import full_product, not_counted, percent, summary
from chatdrill.trace.transcript.phrases import platform_title

_SHADES = 5
_SUGGESTED = 12


@dataclass(frozen=True)
class Heat:
    """One cell: how often, in words, and its shade: 0 (missing) to 5 (often); ``None`` where it cannot be."""

    text: str
    shade: int | None
    title: str


@dataclass(frozen=True)
class HeatMap:
    """One table, drawn."""

    title: str
    share: str
    figures: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str, tuple[Heat, ...]], ...]


def heat_maps(coverage: Coverage) -> Mapping[str, Any]:
    """What the section draws."""
    found = suggestions(coverage, _SUGGESTED)
    return {
        "summary": summary(coverage),
        "share": percent(coverage.share),
        "product": full_product(coverage),
        "not_counted": not_counted(coverage),
        "maps": [_map(table) for table in coverage.tables],
        "suggestions": [(str(one.gap), one.text, one.why_not) for one in found],
        "missing": len(coverage.gaps),
    }


def _map(table: Table) -> HeatMap:
    most = max(table.counts.values(), default=1)
    rows = tuple(
        (
            _name(table.pair[0], row),
            _about(table.pair[0], row),
            tuple(_heat(table, row, column, most) for column in table.columns),
        )
        for row in table.rows
    )
    columns = tuple((_name(table.pair[1], column), _about(table.pair[1], column)) for column in table.columns)
    return HeatMap(" × ".join(table.pair), percent(table.share), f"{table.reached} of {table.total}", columns, rows)


def _heat(table: Table, row: str, column: str, most: int) -> Heat:
    name = f"{_name(table.pair[0], row)} × {_name(table.pair[1], column)}"
    if (row, column) not in table.possible:
        return Heat("", None, f"{name}: cannot be")
    count = table.counts.get((row, column), 0)
    shade = 0 if not count else 1 + min(_SHADES - 1, int((_SHADES - 1) * math.log(count) / max(math.log(most), 1e-9)))
    return Heat(str(count), shade, f"{name}: {count or 'never'}")


def _name(dimension: Any, value: str) -> str:
    return platform_title(value) if dimension == "platform" else value


def _about(dimension: Any, value: str) -> str:
    known = VALUES[dimension].get(value)
    return "" if known is None else known.about
