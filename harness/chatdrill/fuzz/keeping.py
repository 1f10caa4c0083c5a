"""Keeping what was found: the smallest dialog as a scenario file that plays by itself, and the dialogs that are tried first next time."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.engine.scenario import Scenario
from chatdrill.engine.steps import Piece, Presses, Says, Step
from chatdrill.engine.writer import write_scenario
from chatdrill.errors import ScenarioError
from chatdrill.fuzz.playing import decode, encode
from chatdrill.model import Press, Write, part_text
from chatdrill.strategies.machine import Dialog
from chatdrill.trace import Acted, StepEnded

_SLUG = re.compile(r"[^a-z0-9]+")


def concrete(dialog: Dialog, evidence: CaseEvidence) -> Dialog:
    """The dialog as it was played: without what could not be done, with the words as the persona typed them, and with the titles of the
    buttons that were pressed. Who plays it needs no persona."""
    skipped = {r.step for r in evidence.records if isinstance(r, StepEnded) and r.outcome == "skipped"}
    acted: dict[int | None, list[Acted]] = defaultdict(list)
    for record in evidence.acts:
        if record.cause == "step":
            acted[record.step].append(record)
    steps = [_as_done(step, acted[index]) for index, step in enumerate(dialog.steps) if index not in skipped]
    return msgspec.structs.replace(dialog, steps=tuple(steps), persona="patient")


def _as_done(step: Step, acted: Sequence[Acted]) -> Step:
    if isinstance(step, Presses) and step.nth is not None and acted and isinstance(acted[0].act, Press):
        button = acted[0].act.button
        return Presses(title=button.title or None, payload=None if button.title else button.payload)
    if isinstance(step, Says) and acted:
        texts = [
            (record.at, " ".join(map(part_text, record.act.parts))) for record in acted if isinstance(record.act, Write)
        ]
        if [text for _, text in texts] != [piece.text for piece in step.pieces]:
            ats = [at for at, _ in texts]
            gaps = [None, *(round(later - earlier, 1) for earlier, later in pairwise(ats))]
            pieces = tuple(Piece(text, gap_s) for (_, text), gap_s in zip(texts, gaps, strict=True))
            return msgspec.structs.replace(step, pieces=pieces)
    return step


def slug(check: str, message: str) -> str:
    """A file's name for a failure."""
    words = _SLUG.sub("-", f"{check} {message}".casefold()).strip("-")
    mark = hashlib.sha256(message.encode()).hexdigest()[:6]
    return f"{words[:48].strip('-')}-{mark}"


def save(folder: Path, scenarios: Sequence[Scenario], heading: str, name: str) -> Path | None:
    """Write scenarios into a file of ``folder``; ``None`` where the language has no words for one of them. Raises ``OSError``."""
    try:
        texts = [write_scenario(scenario) for scenario in scenarios]
    except ScenarioError:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.drill.yaml"
    comment = "".join(f"# {line}\n" for line in heading.splitlines())
    path.write_text(comment + "---\n".join(texts), "utf-8")
    return path


class Database:
    """The dialogs that failed, one file each, in a folder that is kept from run to run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def known(self, *, platforms: Iterable[str], desk: str | None) -> list[Dialog]:
        """The dialogs for these platforms and this desk, in the order of their names; a file that cannot be read is left out."""
        wanted = set(platforms)
        found: list[Dialog] = []
        for path in sorted(self._folder.glob("*.json")) if self._folder.is_dir() else ():
            try:
                dialog = decode(path.read_bytes())
            except (OSError, msgspec.DecodeError):
                continue
            if dialog.platform in wanted and dialog.desk == desk:
                found.append(dialog)
        return found

    def keep(self, dialogs: Iterable[Dialog], *, tried: Iterable[Dialog] = ()) -> None:
        """Keep ``dialogs``; of those that were ``tried`` only they are left. A disk that takes nothing is no reason to fail."""
        try:
            for dialog in tried:
                self._path(dialog).unlink(missing_ok=True)
            for dialog in dialogs:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._path(dialog).write_bytes(encode(dialog))
        except OSError:
            pass

    def _path(self, dialog: Dialog) -> Path:
        return self._folder / f"{hashlib.sha256(encode(dialog)).hexdigest()[:16]}.json"
