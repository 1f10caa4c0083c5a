"""Locust's CSV files where the disk takes no more: the run goes on, and says which of them are not whole. Locust itself would end with a
traceback after everything was measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from locust import stats
from locust.env import Environment

_tables: dict[int, Tables] = {}


class Tables(stats.StatsCSVFileWriter):
    """The CSV files of an environment."""

    def __init__(self, environment: Environment, *more: Any, **named: Any) -> None:
        super().__init__(environment, *more, **named)
        _tables[id(environment)] = self

    @property
    def files(self) -> tuple[Any, ...]:
        """All of them."""
        return (
            self.requests_csv_filehandle,
            self.stats_history_csv_filehandle,
            self.failures_csv_filehandle,
            self.exceptions_csv_filehandle,
        )

    def stats_writer(self) -> None:
        """Write until the disk is full, or the run is over."""
        try:
            super().stats_writer()
        except OSError:
            return  # which file it is, ``unwritten`` finds out

    def close_files(self) -> None:
        """Close what can be closed."""
        for file in self.files:
            _attempt(file.close)

    def unwritten(self) -> Iterator[str]:
        """In sentences, which files cannot be written."""
        for file in self.files:
            problem = _attempt(file.flush)
            if problem is not None:
                yield f"{file.name} could not be written: {problem}"


def _attempt(act: Any) -> str | None:
    try:
        act()
    except OSError as error:
        return error.strerror
    return None


def unwritten_tables(environment: Environment) -> list[str]:
    """In sentences, which of Locust's CSV files cannot be written."""
    tables = _tables.get(id(environment))
    return [] if tables is None else list(tables.unwritten())


stats.StatsCSVFileWriter = Tables  # type: ignore[misc]  # Locust makes its writer after the locustfile was read
