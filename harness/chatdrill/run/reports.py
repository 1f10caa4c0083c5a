"""Writing reports: which were asked for, where they go, and what every reporter is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from chatdrill.errors import UsageError
from chatdrill.run.execute import Result
from chatdrill.run.registry import check_reporter, load_reporter

FILE_NAMES = {
    "html": "report.html",
    "junit": "junit.xml",
    "jsonl": "results.jsonl",
    "markdown": "summary.md",
    "allure": "allure-results",
    "github": "github.txt",
}


def chosen_reports(words: Iterable[str], out: Path) -> dict[str, Path]:
    """``["html", "junit=build/junit.xml"]`` as formats and files. Raises ``UsageError`` for an unknown format."""
    chosen = {}
    for word in words:
        name, _, file = word.partition("=")
        if name == "none":
            continue
        check_reporter(name)
        chosen[name] = Path(file) if file else out / FILE_NAMES.get(name, f"report.{name}")
    return chosen


def write_reports(result: Result, chosen: Mapping[str, Path], *, title: str, command: str) -> dict[str, Path]:
    """Write the reports. Raises ``UsageError`` if a file cannot be written."""
    run = run_fields(result, title=title, command=command, files=chosen)
    for name, path in chosen.items():
        try:
            _write(path, load_reporter(name)(**run))
        except OSError as error:
            raise UsageError(f"cannot write the report {path}: {error.strerror}") from error
    return dict(chosen)


def _write(path: Path, made: bytes | Mapping[str, bytes]) -> None:
    """A report is one document, or a folder of files by name. In the folder nothing else is touched."""
    documents = {path: made} if isinstance(made, bytes) else {path / name: content for name, content in made.items()}
    for place, content in documents.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def save_media(result: Result, folder: Path) -> None:
    """Keep the files of a run beside its trace, so that a report can be made again. Raises ``UsageError``."""
    try:
        for sha256, content in result.blobs.items():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / sha256).write_bytes(content)
    except OSError as error:
        raise UsageError(f"cannot write the files of the run into {folder}: {error.strerror}") from error


def run_fields(
    result: Result, *, title: str, command: str, files: Mapping[str, Path] = MappingProxyType({})
) -> dict[str, Any]:
    """What every reporter takes. ``files`` are the other reports that are written."""
    return {
        "records": result.records,
        "judgement": result.judgement,
        "blobs": result.blobs,
        "title": title,
        "command": command,
        **({} if result.coverage is None else {"coverage": result.coverage}),
        **({} if result.past is None else {"past": result.past}),
        **({"files": {name: str(path) for name, path in files.items()}} if files else {}),
    }
