"""The reports as files, beside the result that they are about."""

from __future__ import annotations

from pathlib import Path

from chatdrill_load.report.junit import render_junit
from chatdrill_load.report.markdown import render_markdown
from chatdrill_load.report.page import render_html
from chatdrill_load.result import LoadResult

_RENDERERS = {"load.html": render_html, "load.md": render_markdown, "load.junit.xml": render_junit}


def write_reports(result: LoadResult, folder: Path, baseline: LoadResult | None = None) -> list[Path]:
    """Write ``load.html``, ``load.md`` and ``load.junit.xml`` into a folder; returns the files. Raises ``OSError``."""
    files = []
    for name, render in _RENDERERS.items():
        file = folder / name
        file.write_bytes(render(result, baseline))
        files.append(file)
    return files
