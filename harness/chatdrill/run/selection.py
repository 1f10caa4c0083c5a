"""Which cases a run plays: from paths to scenarios to cases, narrowed by name, tag and platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from chatdrill.engine.cases import Case, cases
from chatdrill.engine.loader import load_path
from chatdrill.engine.scenario import Scenario
from chatdrill.errors import UsageError, did_you_mean


def samples() -> dict[str, Path]:
    """The shipped media by name."""
    folder = Path(str(files("chatdrill_scenarios") / "media"))
    return {path.name: path for path in sorted(folder.iterdir()) if path.suffix not in (".py", ".toml", ".pyc")}


def shipped_packs() -> Path:
    """The folder of the shipped scenarios."""
    return Path(str(files("chatdrill_scenarios") / "packs"))


def find_scenarios(paths: Sequence[Path]) -> list[Scenario]:
    """Load every scenario under ``paths``. Raises ``ScenarioError`` with all that is wrong in a file, or ``UsageError``
    for a path that is not there."""
    for path in paths:
        if not path.exists():
            near = did_you_mean(
                path.name, [item.name for item in path.parent.glob("*")] if path.parent.is_dir() else []
            )
            raise UsageError(f"there is no {path}{near}")
    return load_path(paths, samples=samples())


def make_cases(scenarios: Sequence[Scenario], platforms: Sequence[str]) -> list[Case]:
    """The cases of the scenarios on these platforms."""
    shipped = samples()
    return [case for scenario in scenarios for case in cases(scenario, platforms, samples=shipped)]


def narrow(
    found: Sequence[Case], *, only: Sequence[str] = (), words: str | None = None, tags: Sequence[str] = ()
) -> list[Case]:
    """The cases whose id is among ``only``, contains ``words`` and whose scenario has one of ``tags``; each where given.

    Raises ``UsageError`` for an id or a tag that no case has.
    """
    by_id: Mapping[str, Case] = {case.id: case for case in found}
    for identity in only:
        if identity not in by_id:
            raise UsageError(f"there is no case {identity!r}{did_you_mean(identity, by_id)}")
    known = {tag for case in found for tag in case.scenario.tags}
    for tag in tags:
        if tag not in known:
            raise UsageError(f"no scenario has the tag {tag!r}{did_you_mean(tag, known)}")
    return [
        case
        for case in found
        if (not only or case.id in only)
        and (words is None or words.casefold() in case.id.casefold())
        and (not tags or set(tags) & set(case.scenario.tags))
    ]
