"""Which cases a run plays: from paths to scenarios to cases, narrowed by name, tag and platform."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from chatdrill.checks.judge import validate_blocks
from chatdrill.engine.cases import Case, cases
from chatdrill.engine.copies import copied
from chatdrill.engine.desk_steps import Breaks
from chatdrill.engine.loader import find_files, load_scenarios
from chatdrill.engine.scenario import Scenario
from chatdrill.engine.templates import names as names_in
from chatdrill.errors import ScenarioError, UsageError, did_you_mean
from chatdrill.run.needs import lacking
from chatdrill.run.registry import desk_names, host_of, load_platform, platform_names, service_names
from chatdrill.run.settings import Settings


def samples() -> dict[str, Path]:
    """The shipped media by name."""
    folder = Path(str(files("chatdrill_scenarios") / "media"))
    return {
        path.name: path for path in sorted(folder.iterdir()) if path.is_file() and path.suffix not in (".py", ".toml")
    }


def shipped_packs() -> Path:
    """The folder of the shipped scenarios."""
    return Path(str(files("chatdrill_scenarios") / "packs"))


def find_scenarios(paths: Iterable[Path]) -> list[Scenario]:
    """Load every scenario under ``paths``, each file once.

    Raises ``ScenarioError`` with all that is wrong in all the files, or for a path that is not there.
    """
    shipped, platforms = samples(), platform_names()
    chosen = {file.resolve(): file for path in paths for file in find_files(path)}
    found: list[Scenario] = []
    problems: list[str] = []
    for file in chosen.values():
        try:
            loaded = load_scenarios(file, samples=shipped, platforms=platforms)
            for scenario in loaded:
                _check_blocks(scenario)
                _check_desks(scenario)
            found.extend(loaded)
        except ScenarioError as error:
            problems.append(str(error))
    if problems:
        raise ScenarioError("\n".join(problems))
    return found


def _check_blocks(scenario: Scenario) -> None:
    """Raise ``ScenarioError`` for a check or a parameter of one that does not exist."""
    try:
        validate_blocks(scenario.sla, scenario.checks, "checks")
    except UsageError as error:
        raise ScenarioError(str(error), where=f"{scenario.where}:1") from error


def _check_desks(scenario: Scenario) -> None:
    """Raise ``ScenarioError`` for a desk that nobody knows, and for a fault of something that does not exist."""
    for name in scenario.desks:
        if name not in desk_names():
            raise ScenarioError(f"no desk {name!r}{did_you_mean(name, desk_names())}", where=f"{scenario.where}:1")
    for step, mark in zip(scenario.steps, scenario.marks, strict=True):
        name = step.fault.get("platform", "*") if isinstance(step, Breaks) else "*"
        if name != "*" and not names_in(name) and name not in service_names():
            hint = did_you_mean(name, service_names())
            raise ScenarioError(f"no platform or desk {name!r}{hint}", where=mark or scenario.where)


def make_cases(scenarios: Iterable[Scenario], platforms: Sequence[str], desk: str | None = None) -> list[Case]:
    """The cases of the scenarios on these platforms, with this helpdesk behind the bot.

    A helpdesk that is a part of one platform gets no conversation from the others: what needs it is played there only.
    """
    shipped, host = samples(), None if desk is None else host_of(desk)
    there = [name for name in platforms if host in (None, name)]
    return [
        case
        for scenario in scenarios
        for case in cases(scenario, there if scenario.needs_desk else platforms, samples=shipped, desk=desk)
    ]


def why_not_here(scenario: Scenario, settings: Settings) -> str | None:
    """What a scenario needs that this run does not have, as a sentence's end; ``None`` if it can be played."""
    if scenario.needs_virtual and settings["clock"] != "virtual":
        return "need --clock virtual"
    if scenario.needs_desk and settings["desk"] is None:
        return "need a helpdesk (--desk)"
    if scenario.desks and settings["desk"] not in scenario.desks:
        return f"are about another helpdesk than {settings['desk']}"
    return None


def why_not_case(case: Case, settings: Settings) -> str | None:
    """The same for a case, which has a platform."""
    why = why_not_here(case.scenario, settings)
    missing = None if why else lacking(case, load_platform(case.platform).capabilities)
    return why if missing is None else f"need what {load_platform(case.platform).title} has not: {missing}"


def _copy(identity: str, cases: Mapping[str, Case]) -> Case | None:
    """One repeat of a case, or one conversation of a load: with the same seed, the same customer comes again."""
    copy = copied(identity)
    case = None if copy is None else cases.get(copy.case)
    return None if case is None else replace(case, id=identity)


def narrow(
    found: Sequence[Case], *, only: Sequence[str] = (), words: str | None = None, tags: Sequence[str] = ()
) -> list[Case]:
    """The cases whose id is among ``only`` (or that of a repeat or of a conversation of a load), contains ``words`` and whose scenario has one of ``tags``; each where given.

    Raises ``UsageError`` for an id or a tag that no case has, or if nothing is left.
    """
    by_id = {case.id: case for case in found}
    for identity in only:
        if identity not in by_id and (one := _copy(identity, by_id)) is not None:
            by_id[identity] = one
        if identity not in by_id:
            raise UsageError(f"there is no case {identity!r}{did_you_mean(identity, by_id)}")
    known = {tag for case in found for tag in case.scenario.tags}
    for tag in tags:
        if tag not in known:
            raise UsageError(f"no scenario has the tag {tag!r}{did_you_mean(tag, known)}")
    left = [
        case
        for case in by_id.values()
        if (not only or case.id in only)
        and (words is None or words.casefold() in case.id.casefold())
        and (not tags or set(tags) & set(case.scenario.tags))
    ]
    if found and not left:
        raise UsageError(f"none of the {len(found)} cases was chosen; --list shows their names")
    return left


def spread(found: Sequence[Case], count: int) -> list[Case]:
    """Each scenario on at most ``count`` of its platforms: those that were chosen least before it, so that all have their turn."""
    by_scenario: dict[int, list[Case]] = {}
    for case in found:
        by_scenario.setdefault(id(case.scenario), []).append(case)
    load: Counter[str] = Counter()
    left: list[Case] = []
    for group in by_scenario.values():
        each = Counter(case.platform for case in group)
        turn = sorted(each, key=lambda name: load[name])[:count]  # of equals, the order in which the run names them
        load.update({name: each[name] for name in turn})
        left += [case for case in group if case.platform in turn]
    return left


def choose(
    paths: Iterable[Path],
    settings: Settings,
    *,
    only: Sequence[str] = (),
    words: str | None = None,
    tags: Sequence[str] = (),
    platforms_each: int | None = None,
) -> list[Case]:
    """The cases of the scenarios under ``paths``, narrowed by name and tag, then ``spread`` over the platforms; whoever asks for cases by
    ``only`` gets them. Raises ``UsageError`` if there are none."""
    found = make_cases(find_scenarios(paths), settings.platforms, settings["desk"])
    if not found:
        raise UsageError(f"no scenario runs on {', '.join(settings.platforms)}")
    left = narrow(found, only=only, words=words, tags=tags)
    return left if only or platforms_each is None else spread(left, platforms_each)


def playable(chosen: Sequence[Case], settings: Settings) -> tuple[list[Case], Mapping[str, int]]:
    """The cases that make sense in a run with these settings, and how many are left out for which reason. Raises ``UsageError`` if none
    makes sense."""
    why = [(case, why_not_case(case, settings)) for case in chosen]
    left = [case for case, reason in why if reason is None]
    reasons = Counter(reason for _, reason in why if reason is not None)
    if not left:
        told = "; ".join(f"{count} {why}" for why, count in reasons.items())
        raise UsageError(f"nothing that was chosen can be played: {told}")
    return left, reasons
