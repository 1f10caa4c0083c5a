"""The history of suites: an SQLite file with runs, cases, verdicts and latencies. Any program that reads SQLite can ask it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from chatdrill.errors import UsageError
from chatdrill.history.summary import CaseSummary, RunSummary

FILE = "history.db"
RUNS_MAX = 500
"""So many runs of a suite are kept; the oldest go first."""
_VERSION = 1
_BUSY_S = 10.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  suite TEXT NOT NULL,
  at REAL NOT NULL,       -- Unix seconds
  verdict TEXT NOT NULL,
  title TEXT NOT NULL, version TEXT NOT NULL, seed TEXT NOT NULL, bot TEXT NOT NULL,
  clock TEXT NOT NULL, speed REAL NOT NULL, desk TEXT NOT NULL, took_s REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS runs_of_suite ON runs (suite, number);
CREATE TABLE IF NOT EXISTS cases (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  "case" TEXT NOT NULL,   -- the same in every run
  name TEXT NOT NULL, platform TEXT NOT NULL, verdict TEXT NOT NULL,
  tries INTEGER NOT NULL, passes INTEGER NOT NULL, messages INTEGER NOT NULL, took_s REAL NOT NULL,
  failed TEXT NOT NULL,   -- a JSON list of checks
  "row" TEXT NOT NULL,
  PRIMARY KEY (run, "case")
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS latencies (
  run INTEGER NOT NULL, "case" TEXT NOT NULL,
  measure TEXT NOT NULL,  -- first_response, "first_response by shop" where a calendar counted
  seconds TEXT NOT NULL,  -- a JSON list
  PRIMARY KEY (run, "case", measure),
  FOREIGN KEY (run, "case") REFERENCES cases (run, "case") ON DELETE CASCADE
) WITHOUT ROWID;
"""
_RUN = ("suite", "at", "verdict", "title", "version", "seed", "bot", "clock", "speed", "desk", "took_s")
_CASE = ("case", "name", "platform", "verdict", "tries", "passes", "messages", "took_s", "failed", "row")


class Line(NamedTuple):
    """A run in a list: its number, suite and time, its verdict, how many cases passed of how many, and the seconds it took."""

    number: int
    suite: str
    at: float
    verdict: str
    passed: int
    cases: int
    title: str
    bot: str
    seed: int
    took_s: float


class History:
    """A file of runs. Several programs may use it at once. Every method raises ``UsageError`` where the file cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def prepare(self) -> None:
        """Make the file, if there is none, and see that it can be written."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._open(write=True) as base:
            base.execute("BEGIN IMMEDIATE")
            base.rollback()

    def add(self, run: RunSummary) -> int:
        """Keep a run; returns its number. The oldest of its suite goes, if they are too many."""
        with self._open(write=True) as base, base:
            row = _row(run, _RUN)
            marks = ", ".join("?" * len(row))
            added = base.execute(f"INSERT INTO runs ({', '.join(_RUN)}) VALUES ({marks})", row)
            number = int(added.lastrowid or 0)
            base.executemany(_insert("cases", 1 + len(_CASE)), ((number, *_row(one, _CASE)) for one in run.cases))
            base.executemany(_insert("latencies", 4), _latency_rows(number, run.cases))
            base.execute(_PRUNE, (run.suite, run.suite, RUNS_MAX))
            return number

    def runs(self, suite: str, *, most: int, before: int | None = None) -> list[RunSummary]:
        """The last runs of a suite, the oldest first, with all their cases; of those before a number, if one is given."""
        with self._open() as base:
            bound = "" if before is None else "AND number < ?"
            asked = (suite, *(() if before is None else (before,)), most)
            chosen = base.execute(
                f"{_SELECT_RUN} WHERE suite = ? {bound} ORDER BY number DESC LIMIT ?", asked
            ).fetchall()
            return _read(base, chosen[::-1])

    def run(self, number: int) -> RunSummary:
        """The run of a number."""
        with self._open() as base:
            chosen = base.execute(f"{_SELECT_RUN} WHERE number = ?", (number,)).fetchall()
            if not chosen:
                raise UsageError(f"{self.path} has no run {number}; chatdrill history {self.path} lists those it has")
            return _read(base, chosen)[0]

    def find(self, like: RunSummary) -> RunSummary | None:
        """The last run with the cases of another summary, number for number; ``None`` where there is none."""
        with self._open() as base:
            asked = base.execute(f"{_SELECT_RUN} WHERE seed = ? ORDER BY number DESC", (str(like.seed),)).fetchall()
            found = (run for row in asked for run in _read(base, [row]))
            return next((run for run in found if run.by_case == like.by_case), None)

    def lines(self, *, suite: str | None = None, most: int = 1000) -> list[Line]:
        """The last runs in short, the newest first."""
        where, asked = ("", ()) if suite is None else ("WHERE suite = ?", (suite,))
        with self._open() as base:
            rows = base.execute(_LINES.format(where=where), (*asked, most)).fetchall()
            return [Line(**{**dict(zip(Line._fields, row, strict=True)), "seed": int(row[8])}) for row in rows]

    def suites(self) -> list[str]:
        """The suites, the one played last first."""
        with self._open() as base:
            return [row[0] for row in base.execute("SELECT suite FROM runs GROUP BY suite ORDER BY max(number) DESC")]

    @contextmanager
    def _open(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        if not write and not self.path.is_file():
            raise UsageError(
                f"there is no history {self.path}; chatdrill run writes one into the folder of its reports"
            )
        try:
            with closing(sqlite3.connect(self.path, timeout=_BUSY_S)) as base:
                self._check(base, write)
                base.execute("PRAGMA foreign_keys = ON")
                yield base
        except (sqlite3.Error, msgspec.DecodeError, OverflowError) as error:
            raise UsageError(f"{self.path} cannot be used as a history: {error}") from error

    def _check(self, base: sqlite3.Connection, write: bool) -> None:
        version = base.execute("PRAGMA user_version").fetchone()[0]
        tables = base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version > _VERSION or (tables and version != _VERSION):
            raise UsageError(
                f"{self.path} is no history of this version of chatdrill (it says {version}, not {_VERSION})"
            )
        if write and not tables:
            base.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")


def _insert(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"


_SELECT_RUN = f"SELECT number, {', '.join(_RUN)} FROM runs"
_LINES = """
SELECT number, suite, at, runs.verdict,
  (SELECT count(*) FROM cases WHERE run = number AND verdict = 'pass'), (SELECT count(*) FROM cases WHERE run = number),
  title, bot, seed, took_s
FROM runs {where} ORDER BY number DESC LIMIT ?
"""
_PRUNE = """
DELETE FROM runs WHERE suite = ? AND number NOT IN (SELECT number FROM runs WHERE suite = ? ORDER BY number DESC LIMIT ?)
"""


def _row(value: Any, names: Sequence[str]) -> tuple[Any, ...]:
    """The values of a row; a seed may be larger than SQLite's numbers, and lists are JSON."""
    return tuple(_cell(name, getattr(value, name)) for name in names)


def _cell(name: str, value: Any) -> Any:
    if name == "seed":
        return str(value)
    return msgspec.json.encode(value).decode() if isinstance(value, tuple) else value


def _latency_rows(number: int, cases: Iterable[CaseSummary]) -> Iterator[tuple[Any, ...]]:
    for one in cases:
        for measure, values in one.latencies.items():
            yield number, one.case, measure, msgspec.json.encode(values).decode()


def _read(base: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> list[RunSummary]:
    return [_run(row, tuple(_cases(base, row[0]))) for row in rows]


def _run(row: tuple[Any, ...], cases: tuple[CaseSummary, ...]) -> RunSummary:
    fields = dict(zip(_RUN, row[1:], strict=True))
    return RunSummary(**{**fields, "seed": int(fields["seed"])}, number=row[0], cases=cases)


def _cases(base: sqlite3.Connection, number: int) -> Iterator[CaseSummary]:
    times: dict[str, dict[str, tuple[float, ...]]] = {}
    for case, measure, values in base.execute(
        'SELECT "case", measure, seconds FROM latencies WHERE run = ?', (number,)
    ):
        times.setdefault(case, {})[measure] = _SECONDS.decode(values)
    columns = ", ".join(f'"{name}"' for name in _CASE)
    for row in base.execute(f"SELECT {columns} FROM cases WHERE run = ?", (number,)):
        fields = dict(zip(_CASE, row, strict=True))
        failed = _NAMES.decode(fields.pop("failed"))
        yield CaseSummary(**fields, failed=failed, latencies=times.get(fields["case"], {}))


_SECONDS = msgspec.json.Decoder(tuple[float, ...])
_NAMES = msgspec.json.Decoder(tuple[str, ...])
