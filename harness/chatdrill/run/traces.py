"""Reading a run back from disk: its trace, and the files that lie beside it."""

from __future__ import annotations

from pathlib import Path

from chatdrill.trace import Record, read_trace

TRACE = "trace.jsonl"


def load_run(path: Path) -> tuple[list[Record], dict[str, bytes]]:
    """The records of a trace (or of the one in a folder), and the files under ``media/`` beside it by hex SHA-256.

    Files that are missing are left out. Raises ``TraceError``.
    """
    trace = path / TRACE if path.is_dir() else path
    records = list(read_trace(trace))
    folder = trace.parent / "media"
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} if folder.is_dir() else {}
    return records, files
