"""Telling the CI system that a run is in what people look at there: annotations on files, and a summary of the job."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from chatdrill.errors import UsageError
from chatdrill.run.execute import Result
from chatdrill.run.registry import load_reporter
from chatdrill.run.reports import run_fields

_SUMMARY = "GITHUB_STEP_SUMMARY"


def tell_ci(which: str, result: Result, *, title: str, command: str, files: Mapping[str, Path]) -> None:
    """Tell the CI system, if there is one and nobody forbids it. Raises ``UsageError`` if its summary cannot be written.

    GitHub reads workflow commands from either stream; standard output may be somebody's JSON.
    """
    here = os.environ.get("GITHUB_ACTIONS") == "true"
    if which == "none" or (which == "auto" and not here):
        return
    run = run_fields(result, title=title, command=command, files=files)
    sys.stderr.write(load_reporter("github")(**run).decode())
    sys.stderr.flush()
    summary = os.environ.get(_SUMMARY)
    if summary:
        _append(Path(summary), load_reporter("markdown")(**run))


def _append(path: Path, text: bytes) -> None:
    try:
        with path.open("ab") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"cannot write the summary of the job into {path} ({_SUMMARY}): {error.strerror}") from error
