"""Exports made for a test, and what becomes of them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from chatdrill.cli import main
from chatdrill.engine.loader import load_path
from chatdrill.engine.scenario import Scenario
from chatdrill.engine.steps import Hears, Says, Sends, Waits
from chatdrill.importing.dialog import Dialog, Turn
from chatdrill.importing.exports import Export
from chatdrill.importing.reader import Options, read_export
from chatdrill.run.selection import samples

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb004300") + b"\x01" * 64 + b"\xff\xd9"


def export(folder: Path, name: str, content: Any) -> Path:
    """A file of an export: text, bytes, or data that becomes JSON."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(
            content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8"
        )
    return path


def zipped(path: Path, members: dict[str, Any]) -> Path:
    """A zip of such files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            plain = isinstance(content, str | bytes)
            made.writestr(name, content if plain else json.dumps(content, ensure_ascii=False))
    return path


def dialogs(path: Path, format: str | None = None, **options: Any) -> list[Dialog]:
    return list(read_export(Export(path), format, Options(**options)))


def turns(path: Path, format: str | None = None, **options: Any) -> list[Turn]:
    (dialog,) = dialogs(path, format, **options)
    return list(dialog.turns())


def said(path: Path, **options: Any) -> list[tuple[str, str]]:
    return [(turn.who, turn.text) for turn in turns(path, **options)]


def imported(path: Path, *flags: str) -> list[Scenario]:
    """The scenarios that ``chatdrill import`` writes, read back as a run would."""
    out = path.parent / "out"
    code = main(["import", str(path), "--out", str(out), *flags])
    assert code == 0, code
    return load_path(out, samples=samples(), platforms=("telegram", "whatsapp", "messenger", "viber"))


def story(scenario: Scenario) -> list[str]:
    """The kinds of the steps, with what is said."""
    return [_told(step) for step in scenario.steps]


def _told(step: Any) -> str:
    if isinstance(step, Says):
        return "says " + " | ".join(piece.text for piece in step.pieces)
    if isinstance(step, Sends):
        return "sends " + ", ".join(getattr(one, "kind", None) or type(one).__name__ for one in step.contents)
    if isinstance(step, Waits):
        return f"waits {step.seconds:g}"
    if isinstance(step, Hears):
        wanted = step.expectations[0]
        return f"hears {wanted.text or wanted.contains or wanted.media}"
    return str(getattr(step, "verb", None) or step.__struct_config__.tag)
