"""The load report as one HTML file: a list of sections, each a small function that gathers what its template draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from chatdrill.clock import iso
from chatdrill_load.report import drawing, words
from chatdrill_load.report.comparing import RULE, Comparison, Pair, compare
from chatdrill_load.report.nines import draw_nines
from chatdrill_load.report.overtime import draw_budget, draw_run
from chatdrill_load.result import LoadResult, TableRow
from chatdrill_reports.html.shell import Section, sections

_ROWS_MAX = 400
_SERVICE = ("time_to_human", "resolution")


def render_html(result: LoadResult, baseline: LoadResult | None = None) -> bytes:
    """The page, in UTF-8; ``baseline`` is another run to compare it with. Works from a file, without a network and without JavaScript."""
    book = Book(result, baseline)
    environment = drawing.environment()
    drawn = sections(SECTIONS, book, environment)
    return drawing.page({"book": book, "sections": drawn})


class Book:
    """What several sections need."""

    def __init__(self, result: LoadResult, baseline: LoadResult | None) -> None:
        self.result = result
        self.baseline = baseline
        self.title = words.title(result)
        self.sums = words.sums(result.rows)

    @cached_property
    def comparison(self) -> Comparison | None:
        """The run beside the baseline."""
        return None if self.baseline is None else compare(self.result, self.baseline)

    @property
    def end_s(self) -> float:
        """The end of the last interval, in seconds."""
        return max((one.t_s + one.length_s for one in self.result.moments), default=self.result.took_s)


# ---------------------------------------------------------------------------------------------------- the sections


def _overview(book: Book) -> Mapping[str, Any]:
    result = book.result
    return {
        "result": result,
        "lead": words.lead(result),
        "reasons": words.reasons(result),
        "recoveries": list(map(words.recovered, result.recoveries)),
        "cautions": words.cautions(result),
        "beside": book.comparison and book.comparison.words(),
        "tiles": _tiles(book),
        "began": iso(result.began_at) if result.began_at else "",
        "peak": max((one.arrivals / one.length_s for one in result.moments), default=0.0),
    }


def _tiles(book: Book) -> list[tuple[str, str, str]]:
    result, counts = book.result, book.result.counts
    turns = counts.get("answered", 0) + counts.get("unanswered", 0)
    tiles = [(f"{result.conversations:,}", "conversations", f"{result.failed:,} failed")]
    tiles += (
        [(words.percent(counts.get("answered", 0) / turns), "of the turns answered", f"of {turns:,}")] if turns else []
    )
    for kind in ("first_reply", "next_reply"):
        if (row := book.sums.get(kind)) is not None:
            p50, p99 = (words.took(row.percentiles_s[name]) for name in ("p50", "p99"))
            tiles.append(
                (words.took(row.percentiles_s["p95"]), f"{words.KINDS[kind].lower()}, p95", f"p50 {p50}, p99 {p99}")
            )
    return tiles


def _comparison(book: Book) -> Mapping[str, Any] | None:
    found = book.comparison
    if found is None:
        return None
    columns = [name for name in (*words.COLUMNS, "max") if any(name in pair.changes for pair in found.pairs)]
    totals = words.totals([pair.row for pair in found.pairs])
    sums = [pair for pair in found.pairs if pair.row in totals]
    steps = [pair for pair in found.pairs if pair.row not in totals]
    facts = {
        "sums": sums,
        "steps": steps,
        **{f"steps_{means}": _changed(steps, means) for means in ("slower", "faster")},
    }
    return {**facts, "found": found, "rule": RULE, "columns": columns, "kinds": words.KINDS}


def _changed(pairs: Iterable[Pair], means: str) -> int:
    return sum(any(change.means == means for change in pair.changes.values()) for pair in pairs)


def _gates(book: Book) -> Mapping[str, Any] | None:
    gates = [(gate, draw_budget(gate, book.end_s)) for gate in book.result.gates]
    return {"gates": gates} if gates else None


def _time(book: Book) -> Mapping[str, Any] | None:
    plot = draw_run(book.result)
    return None if plot is None else {"plot": plot, "moments": book.result.moments, "lag_s": words.LAG_S}


def _percentiles(book: Book) -> Mapping[str, Any] | None:
    rows = words.shown(book.result.rows)
    kept = rows if len(rows) <= _ROWS_MAX else _slowest(rows)
    plot = draw_nines(book.result, book.baseline)
    if not rows:
        return None
    return {
        "rows": kept,
        "left_out": len(rows) - len(kept),
        "columns": words.COLUMNS,
        "kinds": words.KINDS,
        "notes": {kind: note for kind, note in words.KIND_NOTES.items() if kind in book.sums},
        "plot": plot,
    }


def _slowest(rows: list[TableRow]) -> list[TableRow]:
    """The sums, and the steps with the slowest p95."""
    order = sorted(rows, key=lambda row: (row.name != words.ALL, -row.percentiles_s.get("p95", 0.0)))
    return words.shown(order[:_ROWS_MAX])


def _troubles(book: Book) -> Mapping[str, Any]:
    counts, result = book.result.counts, book.result
    turns = counts.get("answered", 0) + counts.get("unanswered", 0)
    lines = [
        (f"{count:,}", said[count != 1], words.percent(count / turns) if turns else "")
        for what, said in words.TROUBLES.items()
        if (count := counts.get(what, 0))
    ]
    return {
        "lines": lines,
        "failures": [(check, words.broken(check), count) for check, count in words.commonest(result.failures)],
        "refused": words.commonest(result.refused),
        "abandoned": counts.get("abandoned", 0),
        "conversations": max(counts.get("arrivals", 0), result.conversations),
    }


def _faults(book: Book) -> Mapping[str, Any] | None:
    struck = book.result.struck
    talks = book.result.conversations
    return {"kinds": words.commonest(struck), "total": sum(struck.values()), "talks": talks} if struck else None


def _worst(book: Book) -> Mapping[str, Any] | None:
    bad = book.result.worst
    if not bad:
        return None
    facts = {"listed": len(bad), "failed": book.result.failed}
    return {**facts, "groups": words.worst(bad), "commands": words.commands(bad)}


def _slowest_talks(book: Book) -> Mapping[str, Any] | None:
    slowest = book.result.slowest
    if not slowest:
        return None
    return {"slowest": [(words.case_name(one.case), one) for one in slowest], "commands": words.commands(slowest)}


def _service(book: Book) -> Mapping[str, Any] | None:
    found = [(words.KINDS[kind], words.KIND_NOTES[kind], row) for kind in _SERVICE if (row := book.sums.get(kind))]
    return {"found": found, "conversations": book.result.conversations} if found else None


SECTIONS: tuple[Section[Book], ...] = (
    Section("overview", "Overview", _overview),
    Section("gates", "Gates", _gates),
    Section("time", "Over time", _time),
    Section("percentiles", "Percentiles", _percentiles),
    Section("comparison", "Beside the baseline", _comparison),
    Section("troubles", "What went wrong", _troubles),
    Section("faults", "Faults that struck by chance", _faults),
    Section("worst", "Conversations that failed", _worst),
    Section("slowest", "Slowest conversations", _slowest_talks),
    Section("service", "Service", _service),
)
