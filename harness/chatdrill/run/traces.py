"""A run on disk: its trace, the files that lie beside it, and the traces of what it played again."""

from __future__ import annotations

from pathlib import Path

from chatdrill.trace import Record, read_trace

TRACE = "trace.jsonl"
_AGAIN = "again-"


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


def again_folder(out: Path, number: int) -> Path:
    """Where a run keeps what it played again with the same seed, time by time."""
    return out / f"{_AGAIN}{number}"


def traces_again(trace: Path) -> list[Path]:
    """The traces of what the run of ``trace`` played again."""
    return sorted(trace.parent.glob(f"{_AGAIN}[0-9]*/{TRACE}"))
