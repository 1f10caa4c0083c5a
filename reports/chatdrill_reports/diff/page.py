"""What changed, as one HTML file that asks nothing of the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.comparing import Case, Difference
from chatdrill_reports.diff import telling
from chatdrill_reports.html.shell import Section, environment, page, sections, text

_HOME = "chatdrill_reports.diff"


def html(found: Difference) -> str:
    """The page."""
    templates = environment(_HOME)
    drawn = sections(_SECTIONS, found, templates)
    names = {"found": found, "sections": drawn, "verdict": telling.verdict(found)}
    return page("difference.html.j2", names, environment=templates, style=text("diff.css", _HOME)).decode()


def _overview(found: Difference) -> Mapping[str, Any]:
    return {"verdict": telling.verdict(found), "counts": telling.counts(found), "notes": telling.notes(found)}


def _changes(found: Difference) -> Mapping[str, Any] | None:
    return {"cases": [_case(case) for case in found.changed]} if found.changed else None


def _case(case: Case) -> Mapping[str, Any]:
    turns = [
        {
            "number": turn.number,
            "said": telling.said(turn.said),
            "lines": [(mark, words) for change in turn.replies for mark, words in telling.lines_of(change)],
            "asides": list(telling.asides_of(turn)),
        }
        for turn in case.turns
    ]
    return {"title": telling.title_of(case), "verdicts": case.verdicts, "turns": turns}


def _only(found: Difference) -> Mapping[str, Any] | None:
    if not found.only_before and not found.only_after:
        return None
    return {"gone": found.only_before, "new": found.only_after}


_SECTIONS = (
    Section("overview", "Overview", _overview),
    Section("changes", "Changes", _changes),
    Section("only", "In one run only", _only),
)
