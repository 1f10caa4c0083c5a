"""The reports as files, beside the result that they are about."""

from __future__ import annotations

from pathlib import Path

from chatdrill_load.report.junit import render_junit
from chatdrill_load.report.markdown import render_markdown
from chatdrill_load.report.page import render_html
from chatdrill_load.result import LoadResult
from chatdrill_load.writing import write_whole

_RENDERERS = {"load.html": render_html, "load.md": render_markdown, "load.junit.xml": render_junit}


def write_reports(result: LoadResult, folder: Path, baseline: LoadResult | None = None) -> dict[Path, str | None]:
    """Write ``load.html``, ``load.md`` and ``load.junit.xml`` into a folder; says of each file why it could not be written, or ``None``."""
    return {folder / name: write_whole(folder / name, render(result, baseline)) for name, render in _RENDERERS.items()}
