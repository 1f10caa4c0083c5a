"""An examination as a table, JSON, Markdown, JUnit XML and SARIF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from chatdrill.errors import UsageError
from chatdrill.probe.reports.junit import junit
from chatdrill.probe.reports.plain import as_json, markdown
from chatdrill.probe.reports.sarif import sarif
from chatdrill.probe.reports.table import table
from chatdrill.probe.results import Examination

FILES: Mapping[str, Callable[[Examination], str]] = {
    "probe.json": as_json,
    "probe.md": markdown,
    "probe.junit.xml": junit,
    "probe.sarif": sarif,
}
"""What is written, by the name of its file."""


def write_files(examination: Examination, folder: Path) -> list[Path]:
    """Write all of them; raises ``UsageError`` for a folder that cannot be written."""
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, render in FILES.items():
            path = folder / name
            path.write_text(render(examination), "utf-8")
            written.append(path)
    except OSError as error:
        problem = f"cannot write the reports into {folder}: {error.strerror}; choose another folder with --out"
        raise UsageError(problem) from error
    return written


__all__ = ["FILES", "as_json", "junit", "markdown", "sarif", "table", "write_files"]
