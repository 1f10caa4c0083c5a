"""All specimens and all correct bots, over several processes: patches belong to a process."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from ..zoo.catalogue import SPECIMENS
from ..zoo.correct import CORRECT, Correct
from ..zoo.specimen import Specimen
from .examining import examine
from .playing import Place, play, suite
from .watching import Sighting, watch

BAR = 0.95


@dataclass(frozen=True)
class Alarm:
    """Something that speaks against a correct bot."""

    bot: str
    check: str
    message: str
    case: str = ""


@dataclass
class Score:
    """What was found of a zoo. ``dialogs`` were played with correct bots."""

    sightings: list[Sighting] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    correct: list[str] = field(default_factory=list)
    dialogs: int = 0

    @property
    def found(self) -> list[Sighting]:
        """Those that something speaks against."""
        return [each for each in self.sightings if each.found]

    @property
    def right(self) -> list[Sighting]:
        """Those whose cause is named."""
        return [each for each in self.sightings if each.right]

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
        more = [each.messages - each.minimum for each in self.sightings if each.messages and each.minimum]
        return float(median(more)) if more else None

    def by_category(self) -> dict[str, list[Sighting]]:
        """In the order in which they come."""
        found: dict[str, list[Sighting]] = {}
        for each in self.sightings:
            found.setdefault(each.category, []).append(each)
        return found


def keep(
    chosen: Sequence[Specimen],
    correct: Sequence[Correct],
    *,
    processes: int,
    everything: bool = False,
    suites: bool = True,
    each: Callable[[Sighting | str], None] = lambda _: None,
) -> Score:
    """Show everything to everything. ``suites`` says whether what the named scenarios did not find is shown to all others."""
    score = Score()
    numbers = {specimen.name: number for number, specimen in enumerate(SPECIMENS)}
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        bots = [pool.submit(_alarmed, CORRECT.index(one)) for one in correct]
        seen = [pool.submit(_watched, numbers[one.name], everything, suites) for one in chosen]
        waiting: list[Future[Any]] = [*bots, *seen]
        for done in as_completed(waiting):
            found = done.result()
            if isinstance(found, Sighting):
                each(found)
            else:
                name, alarms, dialogs = found
                score.alarms += alarms
                score.correct.append(name)
                score.dialogs += dialogs
                each(name)
        score.sightings = [one.result() for one in seen]
    return score


def _watched(number: int, everything: bool, suites: bool) -> Sighting:
    return watch(SPECIMENS[number], everything=everything, suites=suites)


def _alarmed(number: int) -> tuple[str, list[Alarm], int]:
    logging.disable()
    bot = CORRECT[number]
    place = Place(bot.app, bot.platform, bot.desk)
    played = play(place, suite(place), bot.env)
    alarms = [Alarm(bot.name, one.check, one.message, one.case or "") for one in played.findings]
    alarms += [Alarm(bot.name, "trouble", words) for words in played.trouble]
    return bot.name, [*alarms, *_examined(bot)], played.dialogs


def _examined(bot: Correct) -> Iterator[Alarm]:
    if bot.desk == "messenger_inbox":  # a part of the platform, without webhooks of its own
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
