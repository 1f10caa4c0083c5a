"""Reading a run back from disk: its trace, and the files that lie beside it."""

from __future__ import annotations

from pathlib import Path

from chatdrill.trace import Record, read_trace


def load_run(trace: Path) -> tuple[list[Record], dict[str, bytes]]:
    """The records, and the files under ``media/`` beside the trace by hex SHA-256. Raises ``TraceError``."""
    records = list(read_trace(trace))
    folder = trace.parent / "media"
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} if folder.is_dir() else {}
    return records, files
