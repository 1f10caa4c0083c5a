"""Moments out of a file: plain lines, CSV, or the trace of a run."""

from __future__ import annotations

import csv
import datetime as dt
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

from chatdrill.errors import TraceError, UsageError, did_you_mean
from chatdrill.trace import Acted, read_trace

COLUMNS = ("time", "t", "timestamp", "at", "created_at", "date", "datetime", "arrival")
"""Columns that are taken by themselves, in any case."""

_DELIMITERS = ",;\t"


def read_recorded(path: Path, column: str | None = None) -> array[float]:
    """The moments of a file in seconds, ascending, the first of them moment 0.

    A line has a number (seconds) or an ISO time; CSV has them in a column; of a trace (``.jsonl``) the moments count at which
    the customers meant to write their first messages. Raises ``UsageError`` naming file and line.
    """
    try:
        found = sorted(_moments(path, column))
    except OSError as error:
        raise UsageError(f"{path}: cannot read the recorded arrivals: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: recorded arrivals are text (UTF-8): {error}") from error
    if not found:
        raise UsageError(f"{path}: there is no arrival in it")
    return array("d", (moment - found[0] for moment in found))


def _moments(path: Path, column: str | None) -> Iterable[float]:
    if path.suffix == ".jsonl":
        return _of_trace(path)
    lines = path.read_text("utf-8-sig").splitlines()
    first = next((line for line in lines if line.strip()), None)
    if first is None:
        return []
    delimiter = max(_DELIMITERS, key=first.count)
    if delimiter in first or _number(first) is None:
        return _of_table(path, lines, delimiter, column)
    if column is not None:
        raise UsageError(f"{path}: there are no columns in it, so none is called {column!r}")
    return [_moment(line, path, number) for number, line in enumerate(lines, 1) if line.strip()]


def _of_trace(path: Path) -> Iterator[float]:
    """A conversation comes once, with the first thing that its customer does."""
    seen: set[str] = set()
    try:
        for record in read_trace(path):
            if isinstance(record, Acted) and record.conv is not None and record.conv not in seen:
                seen.add(record.conv)
                yield record.t if record.meant_at is None else record.meant_at
    except TraceError as error:
        raise UsageError(str(error)) from error


def _of_table(path: Path, lines: list[str], delimiter: str, column: str | None) -> Iterator[float]:
    rows = csv.reader(lines, delimiter=delimiter)
    head = next(row for row in rows if any(row))
    index = _column(path, head, column)
    if _number(head[index]) is not None and column is None:  # a table without a head
        yield _moment(head[index], path, rows.line_num)
    for row in rows:
        if any(cell.strip() for cell in row):
            yield _moment(row[index] if index < len(row) else "", path, rows.line_num)


def _column(path: Path, head: list[str], column: str | None) -> int:
    names = [name.strip().lower() for name in head]
    if column is not None:
        if column.lower() in names:
            return names.index(column.lower())
        raise UsageError(f"{path}: no column is called {column!r}{did_you_mean(column.lower(), names)}")
    known = [names.index(name) for name in COLUMNS if name in names]
    numbers = [index for index, cell in enumerate(head) if _number(cell) is not None]
    if known or numbers:
        return (known or numbers)[0]
    raise UsageError(f"{path}: no column looks like a time; name one: recorded {path.name} column {head[0].strip()}")


def _moment(text: str, path: Path, line: int) -> float:
    found = _number(text)
    if found is None:
        raise UsageError(f"{path}:{line}: neither seconds nor an ISO time: {text.strip()!r}")
    return found


def _number(text: str) -> float | None:
    """Seconds, or an ISO time (UTC unless it says otherwise) as such."""
    text = text.strip()
    try:
        number = float(text)
        return number if abs(number) < 1e12 else None  # also keeps out what is infinite or no number
    except ValueError:
        pass
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()
