"""The fuzzer against one bot: dialogs that nobody wrote, until a check speaks that names the cause, and the smallest chat in which it does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from chatdrill.checks.registry import CHECKS
from chatdrill.clock import real_monotonic
from chatdrill.fuzz import Chat, Fuzzed, fuzz
from chatdrill.fuzz.finding import Failure

from ..zoo.promises import PROMISES
from ..zoo.specimen import Specimen
from .playing import Place, settings_for, suite

SEED = 1
FIRST = 25
"""A defect that shows often is found in the first dialogs; each round has twice as many as the one before."""
SHRINK_S = 30.0
SCRIPTED = frozenset({"expected", "unexpected"})
"""What these check stands in a scenario; nobody expects anything of a dialog that was drawn."""
FAULTS = {"delivery": "impatient-vendor", "calls": "storm"}
PROMPT = ("sla.first_response=6s", "sla.next_response=6s")
"""The shop waits 0.8 s for more, at most 3 s while somebody types on; its pictures take a second to come. People at a desk are not that quick."""


@dataclass(frozen=True)
class Hunt:
    """What fuzzing found of a specimen: ``check`` says ``message``, ``right`` if it names the cause; after so many ``dialogs`` and
    ``seconds`` (shrinking included), and in how many ``messages`` of the customers' the smallest ``chat`` shows it, which fails ``how``."""

    check: str = ""
    message: str = ""
    right: bool = False
    dialogs: int = 0
    seconds: float = 0.0
    messages: int = 0
    how: str = ""
    chat: tuple[str, ...] = ()
    problem: str = ""


def hunt(specimen: Specimen, place: Place, *, dialogs: int) -> Hunt:
    """Fuzz a specimen that is in place, with at most so many dialogs. Where no check but the scenarios' own names the cause, whatever
    speaks counts as found, and not as right."""
    wanted = speakers(specimen)
    began = real_monotonic()
    until, fuzzed = 0, Fuzzed()
    for number, count in rounds(dialogs):
        fuzzed = _fuzzed(place, specimen.env, FAULTS.get(specimen.category, ""), SEED + number, count, wanted)
        if fuzzed.failures or fuzzed.problem:
            break
        until += fuzzed.dialogs
    return _hunted(fuzzed, until, bool(wanted), real_monotonic() - began)


def speakers(specimen: Specimen) -> set[str]:
    """The checks and promises that name the cause of a specimen in a dialog that was drawn."""
    named = {*specimen.found_by, *specimen.fuzzed_by}
    return {one for one in named if one in {*CHECKS, *PROMISES} - SCRIPTED}


def alarms(place: Place, env: Iterable[str], *, dialogs: int, faults: str) -> Fuzzed:
    """Fuzz a correct bot with all checks and promises: whatever it has of failures is a false alarm."""
    return _fuzzed(place, env, faults, SEED, dialogs, (), shrink=False)


def rounds(dialogs: int) -> Iterator[tuple[int, int]]:
    """Numbers of rounds, and how many dialogs each has."""
    number, count = 0, FIRST
    while dialogs > 0:
        yield number, min(count, dialogs)
        dialogs -= count
        number, count = number + 1, count * 2


def _fuzzed(
    place: Place,
    env: Iterable[str],
    faults: str,
    seed: int,
    dialogs: int,
    wanted: Collection[str],
    *,
    shrink: bool = True,
) -> Fuzzed:
    words = suite(place)
    promises = [PROMISES[name] for name in PROMISES if not wanted or name in wanted]
    return fuzz(
        settings_for(place, words, [*env], more=PROMPT if place.is_shop and not place.desk else ()),
        scenarios=words,
        platforms=[place.platform],
        desk=place.desk or None,
        dialogs=dialogs,
        seed=seed,
        faults=faults,
        properties=promises if place.is_shop else (),
        checks=_only(wanted),
        stop_at=1 if shrink else None,
        shrink=shrink,
        shrink_for_s=SHRINK_S,
    )


def _only(wanted: Collection[str]) -> Mapping[str, str]:
    return {name: "off" for name in CHECKS if name not in wanted} if wanted else {}


def _hunted(fuzzed: Fuzzed, until: int, is_named: bool, seconds: float) -> Hunt:
    problem = fuzzed.problem or ""
    if not fuzzed.failures:
        return Hunt(dialogs=until, seconds=seconds, problem=problem)
    best = min(fuzzed.failures, key=lambda one: one.messages)
    return Hunt(
        check=best.check.removeprefix("property "),
        message=best.message,
        right=is_named,
        dialogs=until + best.dialogs_until,
        seconds=seconds,
        messages=best.messages,
        how=best.how,
        chat=tuple(_chat(best)),
        problem=problem,
    )


def _chat(failure: Failure) -> Iterator[str]:
    for one in failure.played:
        for line in Chat(one.evidence).lines:
            yield f"{line.who}: {line.text or line.kind}"
