"""Writing a trace: append to memory and, line by line, to disk, so that a kill loses nothing that was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec

from chatdrill.clock import Clock
from chatdrill.errors import TraceError
from chatdrill.trace.records import Record

R = TypeVar("R", bound=Record)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Record).decode


class Recorder:
    """The one append-only list of a run.

    ``record(Acted, act=..., ...)`` fills in ``n``, ``t`` and (unless given) ``at``. Listeners get every record as it is
    made. With a ``path`` each record is one JSON line in that file, written at once and unbuffered by this process.
    """

    def __init__(self, clock: Clock, *, path: Path | None = None, keep: bool = True) -> None:
        self._clock = clock
        self._began = clock.monotonic()
        self._file: BinaryIO | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("wb", buffering=0)
        self._keep = keep
        self._count = 0
        self.path = path
        self.records: list[Record] = []
        self.listeners: list[Callable[[Record], None]] = []

    @property
    def t(self) -> float:
        """Real seconds since the recorder was made."""
        return self._clock.monotonic() - self._began

    def record(self, kind: type[R], *, at: float | None = None, **fields: Any) -> R:
        """Append one record and return it."""
        made = kind(n=self._count, t=round(self.t, 6), at=self._clock.now() if at is None else at, **fields)
        self._count += 1
        if self._keep:
            self.records.append(made)
        if self._file is not None:
            self._file.write(_encode(made) + b"\n")
        for listener in self.listeners:
            listener(made)
        return made

    def close(self) -> None:
        """Close the file; further records stay in memory."""
        if self._file is not None:
            self._file.close()
            self._file = None


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
