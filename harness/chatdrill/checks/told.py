"""What telling a case again gives (see ``retelling``), and the steps that it is held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeVar

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.engine.steps import Step, step_from_dict

Kind = Literal["missed", "early", "late", "more", "silence", "never", "unplayed", "leftover"]

S = TypeVar("S")

_LISTENING = frozenset({"hears", "eventually", "reminded", "hears_nothing", "never"})


@dataclass(frozen=True)
class Deviation:
    """Something that did not go as the scenario says. ``since`` is the number of the record with which its turn began."""

    kind: Kind
    message: str
    conv: str
    step: int | None = None
    cites: tuple[int, ...] = ()
    since: int = 0
    details: dict[str, str] = field(default_factory=dict)


@dataclass
class Retelling:
    """``deviations`` in the order in which they happened; ``expectations`` and ``turns`` count the evidence.

    ``listened`` has the number of the record with which the scenario last began to listen to each conversation.
    """

    deviations: list[Deviation] = field(default_factory=list)
    expectations: int = 0
    turns: int = 0
    listened: dict[str, int] = field(default_factory=dict)


def read_listening(data: Mapping[str, Any]) -> Step | None:
    """A step that expects something; of the others nothing is asked."""
    return step_from_dict(data) if data.get("step") in _LISTENING else None


def kept(case: CaseEvidence, what: str, read: Callable[[Mapping[str, Any]], S]) -> Callable[[int], S]:
    """Reads the steps of a case, each when it is asked for. The rows of a scenario have one list of steps, read once."""
    data = case.began.steps
    made = case.shared.get((what, id(data)))
    if made is None:  # it holds the list, so nothing else gets that id
        made = case.shared[what, id(data)] = cache(lambda index: read(data[index]))
    found: Callable[[int], S] = made
    return found
