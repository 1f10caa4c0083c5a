"""Reading a run back from disk: its trace, and the files that lie beside it."""

from __future__ import annotations

from pathlib import Path

from chatdrill.trace import Record, read_trace

TRACE = "trace.jsonl"


def trace_of(path: Path) -> Path:
    """The trace that a path means: itself, or the one in the folder of a run."""
    return path / TRACE if path.is_dir() else path


def load_run(trace: Path) -> tuple[list[Record], dict[str, bytes]]:
    """The records of a trace, and the files under ``media/`` beside it by hex SHA-256; what is missing is left out.

    Raises ``TraceError``.
    """
    records = list(read_trace(trace))
    folder = trace.parent / "media"
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} if folder.is_dir() else {}
    return records, files
