"""Dialogs as what is played: scenarios that expect nothing, and cases of them, with no text read on the way."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from chatdrill.engine.cases import Case
from chatdrill.engine.scenario import Scenario
from chatdrill.engine.steps import Says, Sends, Step, step_to_dict
from chatdrill.engine.templates import escaped
from chatdrill.run.selection import samples
from chatdrill.strategies.machine import Dialog


def to_scenario(dialog: Dialog, name: str, *, starts_at: float | None = None) -> Scenario:
    """A dialog as a scenario, step by step, with no text read."""
    head = Scenario(
        name,
        tags=("fuzz",),
        platforms=(dialog.platform,),
        locale=dialog.locale,
        starts=starts_at,
        persona=dialog.persona,
        faults=dialog.faults or None,
    )
    return head.placed(dialog.steps, ("",) * len(dialog.steps), file=None, line=None, folder="")


def to_case(name: str, dialog: Dialog, *, starts_at: float | None = None) -> Case:
    """A dialog as what is played. Braces in its texts are just braces."""
    scenario = to_scenario(dialog, name, starts_at=starts_at)
    return Case(
        id=name,
        scenario=scenario,
        platform=dialog.platform,
        row={},
        values={"platform": dialog.platform, "locale": dialog.locale, "desk": dialog.desk or ""},
        steps=dialog.steps,
        marks=scenario.marks,
        files=_files(dialog),
        plain=tuple(map(step_to_dict, dialog.steps)),
        is_improvised=True,
    )


_samples: dict[str, Path] = {}


def _files(dialog: Dialog) -> Mapping[str, Path]:
    if not _samples and any(isinstance(step, Sends) for step in dialog.steps):
        _samples.update(samples())
    return _samples


def as_scenario(dialog: Dialog, name: str) -> Scenario:
    """A dialog as a scenario that can be written down and loaded again: braces in its texts are just braces."""
    plain = msgspec.structs.replace(dialog, steps=tuple(map(_escaped, dialog.steps)))
    return to_scenario(plain, name)


def _escaped(step: Step) -> Step:
    if isinstance(step, Says):
        pieces = tuple(msgspec.structs.replace(piece, text=escaped(piece.text)) for piece in step.pieces)
        return msgspec.structs.replace(step, pieces=pieces)
    text = getattr(step, "text", None)
    return msgspec.structs.replace(step, text=escaped(text)) if isinstance(text, str) else step
