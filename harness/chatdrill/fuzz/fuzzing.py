"""Fuzzing a bot from the first dialog to the last failure that was made small."""

from __future__ import annotations

import asyncio
import dataclasses
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from chatdrill.engine.faulting import NONE
from chatdrill.engine.scenario import Scenario
from chatdrill.errors import BotError, UsageError
from chatdrill.fuzz.chat import Chat, Property, as_property
from chatdrill.fuzz.exploring import Explorer
from chatdrill.fuzz.finding import Failure, Fuzzed, Named, Sighting
from chatdrill.fuzz.keeping import Database, concrete, save, slug
from chatdrill.fuzz.leaking import LEAKS, ROUND, ROUNDS, Scale, is_short, leaks
from chatdrill.fuzz.playing import Arena, Key, Played
from chatdrill.fuzz.shrinking import Shrinker, Shrunk
from chatdrill.run.execute import run_loop
from chatdrill.run.pace import loop_factory
from chatdrill.run.registry import load_platform
from chatdrill.run.settings import Settings
from chatdrill.seeds import Seed
from chatdrill.serve.loop import uncancel
from chatdrill.strategies.machine import STEPS_MAX, Dialog, draw_dialog, is_valid
from chatdrill.strategies.place import Place
from chatdrill.strategies.scenarios import as_scenario
from chatdrill.strategies.words import Words

DIALOGS = 1_000
SHRINK_S = 30.0
_DRAWS_MAX = 1_000


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be fuzzed and how long. ``words`` are the vocabulary; ``dialogs`` or ``for_s`` (real seconds) end the exploring; ``faults`` as
    ``--faults`` says them, in half of the dialogs; ``checks`` is a block of checks to switch off or set. ``keep`` is the folder for what was
    found (``None``: nothing is kept), ``again`` how a command begins that plays a file again. ``leaks``: afterwards see whether a bot in this
    process keeps growing."""

    settings: Settings
    platforms: tuple[str, ...]
    desk: str | None = None
    words: Words = field(default_factory=Words)
    dialogs: int | None = DIALOGS
    for_s: float | None = None
    seed: int = 0
    faults: str = ""
    properties: tuple[Property, ...] = ()
    checks: Mapping[str, Any] = field(default_factory=dict)
    stop_at: int | None = None
    shrink: bool = True
    shrink_for_s: float = SHRINK_S
    steps_max: int = STEPS_MAX
    keep: Path | None = None
    again: tuple[str, ...] = ("chatdrill", "run", "{file}")
    leaks: bool = False

    @cached_property
    def places(self) -> dict[str, Place]:
        """Where the dialogs take place, by platform."""
        return {name: Place.on(load_platform(name), desk=self.desk) for name in self.platforms}

    def draw(self, number: int) -> Named:
        """The dialog of this number: the same for the same seed, whatever else is drawn."""
        place = self.places[self.platforms[number % len(self.platforms)]]
        chance = Seed(self.seed).stream("fuzz", str(number))
        faults = ("", self.faults) if self.faults not in ("", NONE) else ("",)
        return f"fuzz {number}", draw_dialog(chance, self.words, place, steps_max=self.steps_max, faults=faults)


@dataclass(kw_only=True)
class Fuzzing:
    """Carries out a plan. ``told`` hears of progress; ``found`` of each failure when it is small."""

    plan: Plan
    told: Callable[[Fuzzed, int], None] = lambda _fuzzed, _kinds: None
    found: Callable[[Failure], None] = lambda _failure: None

    def run(self) -> Fuzzed:
        """Fuzz in an event loop of its own. Raises ``UsageError`` for what cannot be; Ctrl-C ends it early, with what was found."""
        return run_loop(self.fuzz(), factory=loop_factory(self.plan.settings))

    async def fuzz(self) -> Fuzzed:
        """Explore, then make every failure small."""
        plan = self.plan
        fuzzed = Fuzzed(seed=plan.seed)
        arena = Arena(
            settings=dataclasses.replace(plan.settings, values={**plan.settings.values, "faults": NONE}),
            platforms=plan.platforms,
            seed=plan.seed,
            properties=plan.properties,
            checks=plan.checks,
        )
        database = None if plan.keep is None else Database(plan.keep / "known")
        known = [] if database is None else self._known(database)
        explorer = Explorer(arena=arena, draw=plan.draw, told=self.told)
        try:
            await explorer.explore(fuzzed, dialogs=plan.dialogs, for_s=plan.for_s, stop_at=plan.stop_at, known=known)
            await self._make_small(fuzzed, explorer.sightings, arena)
            if plan.leaks and plan.settings["app"] and not fuzzed.problem:
                await self._weigh(fuzzed, arena)
        except asyncio.CancelledError:
            uncancel()
            fuzzed.interrupted = True
            self._leave_large(fuzzed, explorer.sightings)
        finally:
            await arena.close()
        if database is not None:
            database.keep((one.dialog for one in fuzzed.failures), tried=(dialog for _, dialog in known))
        return fuzzed

    async def _weigh(self, fuzzed: Fuzzed, arena: Arena) -> None:
        """Play short dialogs with a fresh bot, round after round, and see what is left of them."""
        drawn = (self.plan.draw(number) for number in range(_DRAWS_MAX))
        dialogs = list(islice((one for one in drawn if is_short(one[1])), ROUND))
        readings = []
        await arena.close()
        try:
            await arena.open()
            with Scale(str(self.plan.settings["app"]).partition(":")[0]) as scale:
                for number in range(ROUNDS):
                    await arena.play([(f"{name} round {number}", dialog) for name, dialog in dialogs])
                    readings.append(scale.read())
        except BotError as error:
            fuzzed.problem = str(error)
            return
        for finding in leaks(readings, len(dialogs)):
            failure = Failure(
                check=LEAKS,
                message=finding.message,
                finding=finding,
                dialog=dialogs[0][1],
                scenario=as_scenario(dialogs[0][1], finding.message),
                messages=dialogs[0][1].messages,
                dialogs_until=fuzzed.dialogs,
                seconds_until=fuzzed.seconds,
                how="together",
                others=tuple(dialog for _, dialog in dialogs[1:]),
                seed=self.plan.seed,
            )
            fuzzed.failures.append(failure)
            self.found(failure)

    def _known(self, database: Database) -> list[Named]:
        plan = self.plan
        dialogs = database.known(platforms=plan.platforms, desk=plan.desk)
        legal = [dialog for dialog in dialogs if is_valid(dialog, plan.places[dialog.platform])]
        return [(f"known {number}", dialog) for number, dialog in enumerate(legal)]

    # ------------------------------------------------------------------------------------------------- making it small

    async def _make_small(self, fuzzed: Fuzzed, sightings: Mapping[Key, Sighting], arena: Arena) -> None:
        explained: set[Key] = set()
        shrinker = Shrinker(
            arena=arena, place_of=lambda dialog: self.plan.places[dialog.platform], for_s=self.plan.shrink_for_s
        )
        for key, sighting in sightings.items():
            if key in explained:
                continue
            try:
                shrunk = await shrinker.shrink(sighting) if self.plan.shrink else None
            except BotError as error:
                fuzzed.problem, shrunk = str(error), None
            failure = self._failure(sighting, shrunk)
            explained |= {other for one in failure.played for other in one.keys}
            fuzzed.failures.append(failure)
            self.found(failure)

    def _leave_large(self, fuzzed: Fuzzed, sightings: Mapping[Key, Sighting]) -> None:
        done = {(one.check, one.finding.message) for one in fuzzed.failures}
        for sighting in sightings.values():
            if (sighting.finding.check, sighting.finding.message) not in done:
                fuzzed.failures.append(self._failure(sighting, None))

    def _failure(self, sighting: Sighting, shrunk: Shrunk | None) -> Failure:
        shrunk = shrunk or Shrunk(dialogs=(sighting.dialog,), how="alone", rate=1.0, tries=0, played=())
        told = [(one, one.keys[sighting.key]) for one in shrunk.played if sighting.key in one.keys]
        finding = told[0][1] if told else sighting.finding
        dialogs = [_as_played(dialog, shrunk.played, number) for number, dialog in enumerate(shrunk.dialogs)]
        name = f"{finding.check}: {finding.message}"[:100]
        made = [
            as_scenario(dialog, name if not number else f"{name} ({number + 1})")
            for number, dialog in enumerate(dialogs)
        ]
        also = tuple(f for one in shrunk.played for key, f in one.keys.items() if key != sighting.key)
        failure = Failure(
            check=finding.check,
            message=finding.message,
            finding=finding,
            dialog=shrunk.dialogs[0],
            others=shrunk.dialogs[1:],
            scenario=made[0],
            messages=sum(_messages(dialog, shrunk.played, number) for number, dialog in enumerate(shrunk.dialogs)),
            dialogs_until=sighting.dialogs_until,
            seconds_until=sighting.seconds_until,
            how=shrunk.how,
            rate=shrunk.rate,
            played=shrunk.played,
            tries=shrunk.tries,
            seed=self.plan.seed,
            also=also,
        )
        return self._kept(failure, made)

    def _kept(self, failure: Failure, scenarios: Sequence[Scenario]) -> Failure:
        plan = self.plan
        if plan.keep is None:
            return failure
        heading = f"Found by chatdrill fuzz, seed {plan.seed}.\n{failure.check}: {failure.message.splitlines()[0]}"
        try:
            path = save(plan.keep, scenarios, heading, slug(failure.check, failure.message))
        except OSError as error:
            raise UsageError(f"cannot write into {plan.keep}: {error.strerror}") from error
        if path is None:
            return failure
        words = [str(path) if word == "{file}" else word for word in plan.again]
        return dataclasses.replace(failure, file=str(path), replay=_replay(words, plan.seed))


def _replay(words: Sequence[str], seed: int) -> str:
    """A test draws its own seed; a command is told."""
    return shlex.join(words if words[0] == "pytest" else [*words, "--seed", str(seed)])


def _as_played(dialog: Dialog, played: Sequence[Played], number: int) -> Dialog:
    return concrete(dialog, played[number].evidence) if number < len(played) else dialog


def _messages(dialog: Dialog, played: Sequence[Played], number: int) -> int:
    return len(Chat(played[number].evidence).said) if number < len(played) else dialog.messages


def fuzz(
    loaded: Settings,
    *,
    scenarios: Sequence[Scenario] = (),
    platforms: Sequence[str] = (),
    desk: str | None = None,
    dialogs: int = DIALOGS,
    seed: int = 0,
    faults: str = "",
    properties: Sequence[Callable[[Chat], object] | Property] = (),
    stop_at: int | None = None,
    shrink: bool = True,
    **more: Any,
) -> Fuzzed:
    """Fuzz the bot of ``loaded`` settings, in an event loop of its own, with the vocabulary of ``scenarios``. ``stop_at``: after so many kinds
    of failures. ``more`` are further fields of ``Plan``. Raises ``UsageError``."""
    values = {**loaded.values, "desk": desk or loaded["desk"]}
    settings = dataclasses.replace(loaded, values=values)
    plan = Plan(
        settings=settings,
        platforms=tuple(platforms) or settings.platforms,
        desk=values["desk"],
        words=Words.of(scenarios) if scenarios else Words(),
        dialogs=dialogs,
        seed=seed,
        faults=faults,
        properties=tuple(map(as_property, properties)),
        stop_at=stop_at,
        shrink=shrink,
        **more,
    )
    return Fuzzing(plan=plan).run()
