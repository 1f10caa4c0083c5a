"""All specimens and all correct bots, over several processes: patches belong to a process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from ..zoo.catalogue import SPECIMENS
from ..zoo.correct import CORRECT, Correct
from ..zoo.specimen import SHOEBOT, Specimen
from .examining import examine
from .hunting import alarms as alarms_of
from .playing import Place, play, suite
from .pooling import Job, Lost, run_jobs
from .watching import USUAL, Looks, Sighting, watch

BAR = 0.95
LIMIT_S, FUZZ_LIMIT_S, CORRECT_LIMIT_S = 120.0, 300.0, 1800.0
"""Of wall time for one bot, whatever it hangs in; a specimen takes some seconds, a correct bot before a desk some minutes."""
FAULTS = "bad-day"
"""What strikes the dialogs with correct bots: a little of everything."""


@dataclass(frozen=True)
class Alarm:
    """Something that speaks against a correct bot."""

    bot: str
    check: str
    message: str
    case: str = ""


@dataclass
class Score:
    """What was found of a zoo. ``dialogs`` were played with correct bots, ``drawn`` of them by the fuzzer."""

    sightings: list[Sighting] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    correct: list[str] = field(default_factory=list)
    dialogs: int = 0
    drawn: int = 0

    @property
    def found(self) -> list[Sighting]:
        """Those that something speaks against."""
        return [each for each in self.sightings if each.found]

    @property
    def right(self) -> list[Sighting]:
        """Those whose cause is named."""
        return [each for each in self.sightings if each.right]

    @property
    def fuzzed(self) -> list[Sighting]:
        """Those that were fuzzed."""
        return [each for each in self.sightings if each.fuzzed is not None]

    @property
    def chats(self) -> list[int]:
        """By how many messages each minimal chat is longer than the one that was written by hand."""
        return [each.messages - each.minimum for each in self.sightings if each.messages and each.minimum]

    @property
    def share(self) -> float:
        """Of the specimens, by a check that names the cause; 1 where there are none."""
        return len(self.right) / len(self.sightings) if self.sightings else 1.0

    @property
    def is_good(self) -> bool:
        """Enough found, and nobody accused who has done nothing."""
        return self.share >= BAR and not self.alarms

    @property
    def excess(self) -> float | None:
        """The median of the messages by which minimal chats are longer than those that were written by hand."""
        return float(median(self.chats)) if self.chats else None

    def by_category(self) -> dict[str, list[Sighting]]:
        """In the order in which they come."""
        found: dict[str, list[Sighting]] = {}
        for each in self.sightings:
            found.setdefault(each.category, []).append(each)
        return found


@dataclass(frozen=True)
class Shown:
    """What became of a correct bot."""

    name: str
    alarms: list[Alarm]
    dialogs: int
    drawn: int


def keep(
    chosen: Sequence[Specimen],
    correct: Sequence[Correct],
    *,
    processes: int,
    looks: Looks = USUAL,
    drawn: int = 0,
    each: Callable[[Sighting | str], None] = lambda _: None,
) -> Score:
    """Show everything to everything; ``drawn`` dialogs to each correct bot."""
    numbers = {one.name: number for number, one in enumerate(SPECIMENS)}
    limit_s = FUZZ_LIMIT_S if looks.fuzz or looks.missed else LIMIT_S
    jobs = [Job(_shown, (CORRECT.index(one), drawn), CORRECT_LIMIT_S) for one in correct]
    jobs += [Job(_watched, (numbers[one.name], looks), limit_s) for one in chosen]
    score, seen = Score(), dict[int, Sighting]()
    for number, found in run_jobs(jobs, processes):
        if number < len(correct):
            each(_count(score, correct[number], found))
        else:
            specimen = chosen[number - len(correct)]
            seen[number] = _lost(specimen, found) if isinstance(found, Lost) else found
            each(seen[number])
    score.sightings = [seen[number] for number in sorted(seen)]
    return score


def _count(score: Score, bot: Correct, found: Shown | Lost) -> str:
    if isinstance(found, Lost):
        found = Shown(bot.name, [Alarm(bot.name, "trouble", found.why)], 0, 0)
    score.alarms += found.alarms
    score.correct.append(found.name)
    score.dialogs += found.dialogs + found.drawn
    score.drawn += found.drawn
    return found.name


def _lost(specimen: Specimen, found: Lost) -> Sighting:
    return Sighting(specimen.name, specimen.category, specimen.platform, specimen.desk, trouble=(found.why,))


def _watched(number: int, looks: Looks) -> Sighting:
    return watch(SPECIMENS[number], looks)


def _shown(number: int, drawn: int) -> Shown:
    logging.disable()
    bot = CORRECT[number]
    place = Place(bot.app, bot.platform, bot.desk, shape=bot.shape)
    played = play(place, suite(place), bot.env)
    alarms = [Alarm(bot.name, one.check, one.message, one.case or "") for one in played.findings]
    alarms += [Alarm(bot.name, "trouble", words) for words in played.trouble]
    if not drawn:
        return Shown(bot.name, [*alarms, *_examined(bot)], played.dialogs, 0)
    fuzzed = alarms_of(place, bot.env, dialogs=drawn, faults=FAULTS)
    alarms += [Alarm(bot.name, one.check, one.message, "fuzz") for one in fuzzed.failures]
    alarms += [Alarm(bot.name, "trouble", fuzzed.problem, "fuzz")] if fuzzed.problem else []
    return Shown(bot.name, [*alarms, *_examined(bot)], played.dialogs, fuzzed.dialogs)


def _examined(bot: Correct) -> Iterator[Alarm]:
    if bot.desk == "messenger_inbox" or bot.app != SHOEBOT:  # without webhooks of its own; with no secret to check
        return
    for probe, words in examine(bot.app, bot.desk or bot.platform, bot.env):
        yield Alarm(bot.name, f"probe:{probe}", words)


def sample(specimens: Iterable[Specimen], of_each: int) -> list[Specimen]:
    """So many of each category."""
    taken: dict[str, list[Specimen]] = {}
    for one in specimens:
        kept = taken.setdefault(one.category, [])
        if len(kept) < of_each:
            kept.append(one)
    return [one for kept in taken.values() for one in kept]
