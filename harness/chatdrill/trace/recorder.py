"""Writing a trace: append to memory and, line by line, to disk, so that a kill loses nothing that was recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec

from chatdrill.clock import Clock
from chatdrill.errors import TraceError
from chatdrill.trace.records import Record, Trouble

R = TypeVar("R", bound=Record)
_encode_lines = msgspec.json.Encoder().encode_lines
_decode = msgspec.json.Decoder(Record).decode


class Recorder:
    """The one append-only list of a run.

    ``record(Acted, act=..., ...)`` fills in ``n``, ``t`` and (unless given) ``at``; what is recorded in every turn is made
    with ``n`` and ``t`` at once and handed to ``add``. ``listeners`` get every record as it is made; who wants one kind only says so (``listen``). A case may have a book of its
    own (``books``): all its records, however few of them are kept. With a ``path`` each record is one JSON line in that file. It is written at once, or by ``soon`` (an event loop's
    ``call_soon``) when this turn of the loop is over: a kill can cost the last moment, and nothing before it. A disk that
    takes no more ends the writing, not the run.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        path: Path | None = None,
        keep: bool = True,
        soon: Callable[[Callable[[], None]], object] | None = None,
    ) -> None:
        self._now = clock.now
        self._monotonic = clock.monotonic
        self.began = clock.monotonic()
        """The clock's monotonic seconds at which ``t`` is 0."""
        self._file: BinaryIO | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("wb", buffering=0)
        self._keep = keep
        self._soon = soon
        self._unwritten: list[Record] = []
        self.n = 0
        """The number of the next record."""
        self._of_nobody = 0
        self.path = path
        self.records: list[Record] = []
        self.listeners: list[Callable[[Record], None]] = []
        self.books: dict[str | None, list[Record]] = {}
        self._listening: defaultdict[type, list[Callable[[Any], None]]] = defaultdict(list)

    def listen(self, kind: type[R], listener: Callable[[R], None]) -> None:
        """Tell ``listener`` of every record of this kind: of eight records a message, few are of interest to somebody."""
        self._listening[kind].append(listener)

    @property
    def of_cases(self) -> int:
        """How many records belong to a case."""
        return self.n - self._of_nobody

    @property
    def t(self) -> float:
        """Real seconds since the recorder was made, in whole microseconds."""
        return round((self._monotonic() - self.began) * 1e6) / 1e6

    def record(self, kind: type[R], *, at: float | None = None, **fields: Any) -> R:
        """Append one record and return it."""
        return self.add(kind(n=self.n, t=self.t, at=self._now() if at is None else at, **fields))

    def add(self, made: R) -> R:
        """Append a record that was made with this recorder's ``n`` and ``t``, and return it."""
        self.n += 1
        book = self.books.get(made.case)
        if book is not None:
            book.append(made)
        elif made.case is None:
            self._of_nobody += 1
        if self._keep:
            self.records.append(made)
        if self._file is not None:
            self._unwritten.append(made)
            if self._soon is None:
                self.flush()
            elif len(self._unwritten) == 1:
                self._soon(self.flush)
        for listener in self.listeners:
            listener(made)
        for listener in self._listening[type(made)]:
            listener(made)
        return made

    def flush(self) -> None:
        """Write what has been recorded."""
        if self._file is None or not self._unwritten:
            return
        records, self._unwritten = self._unwritten, []
        try:
            self._file.write(_encode_lines(records))
        except OSError as error:
            self.close()
            self.record(Trouble, fault="infrastructure", what=f"the trace ends here on disk: {error.strerror}")

    def close(self) -> None:
        """Close the file; further records stay in memory."""
        self.flush()
        if self._file is not None:
            self._file.close()
            self._file = None


def micro(seconds: float) -> float:
    """``seconds`` in whole microseconds; ``round`` with places takes several times as long."""
    return round(seconds * 1e6) / 1e6


def read_trace(path: Path) -> Iterator[Record]:
    """Read a trace file back, record by record.

    A torn last line (the run was killed while writing it) is left out. Raises ``TraceError`` naming file and line for
    anything else that is not a record.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise TraceError(f"{path}: cannot read the trace: {error.strerror}") from error
    yield from _parse(lines, path)


def _parse(lines: list[bytes], path: Path) -> Iterable[Record]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _decode(line)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            if number == len(lines):
                return
            raise TraceError(f"{path}:{number}: not a record of a trace: {error}") from error
