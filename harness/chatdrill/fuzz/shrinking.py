"""Shrinking: from a dialog that failed to the smallest one that fails in the same way, and to the fewest conversations that it needs.

Candidates are played many at once, and the first in their order that still fails is taken, so that the result does not depend on how many
were played at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from chatdrill.clock import real_monotonic
from chatdrill.errors import BotError
from chatdrill.fuzz.finding import How, Named, Sighting
from chatdrill.fuzz.keeping import concrete
from chatdrill.fuzz.playing import Arena, Key, Played
from chatdrill.fuzz.simpler import certain_faults, simpler
from chatdrill.strategies.machine import Dialog, is_valid
from chatdrill.strategies.place import Place

_AT_ONCE, _AT_ONCE_REAL = 24, 12
_FLAKY_TRIES = 5
_CHANCES = 3
"""Where faults come by chance, each candidate is played under so many names: they decide what strikes."""


@dataclass(frozen=True, kw_only=True)
class Shrunk:
    """The smallest dialogs that were found (the first is the one that fails), and how they fail."""

    dialogs: tuple[Dialog, ...]
    how: How
    rate: float
    tries: int
    played: tuple[Played, ...]


@dataclass(kw_only=True)
class Shrinker:
    """Shrinks within ``tries_max`` dialogs and ``for_s`` real seconds for each failure."""

    arena: Arena
    place_of: Callable[[Dialog], Place]
    tries_max: int = 3_000
    for_s: float = 30.0
    _tries: int = 0
    _until: float = 0.0
    _number: int = 0
    _cache: dict[bytes, bool] = field(default_factory=dict)

    async def shrink(self, sighting: Sighting) -> Shrunk:
        """The smallest dialog that fails as it was seen. Raises ``BotError`` if the bot does not come up any more."""
        self._tries, self._until = 0, real_monotonic() + self.for_s
        key, own = sighting.key, (sighting.name, sighting.dialog)
        alone = await self._fails_fresh(key, [own])
        if alone:
            return await self._shrink_alone(key, sighting.dialog, alone)
        certain = await self._first_failing(key, certain_faults(sighting.dialog))
        if certain is not None:
            return await self._shrink_alone(key, certain, ())
        again = [await self._fails_fresh(key, [own]) for _ in range(_FLAKY_TRIES - 1)]
        hits = [played for played in again if played]
        if hits:
            return self._as_it_is(sighting.dialog, "flaky", len(hits) / _FLAKY_TRIES, hits[-1])
        return await self._shrink_together(sighting)

    # ------------------------------------------------------------------------------------------------ one dialog alone

    async def _shrink_alone(self, key: Key, dialog: Dialog, played: Sequence[Played]) -> Shrunk:
        smallest = await self._as_done(key, dialog, played)
        while (found := await self._first_failing(key, simpler(smallest, self.place_of(smallest)))) is not None:
            smallest = found
        for candidate in (smallest, dialog):  # with a bot that has talked to nobody else
            for _ in range(_CHANCES if candidate.faults else 1):
                last = await self._fails_fresh(key, [self._named(candidate)])
                if last:
                    return self._as_it_is(candidate, "alone", 1.0, last)
        return self._as_it_is(dialog, "alone" if not dialog.faults else "flaky", 1.0, played)

    async def _as_done(self, key: Key, dialog: Dialog, played: Sequence[Played]) -> Dialog:
        """The dialog with nothing left to chance or to what the bot shows, if it fails like that as well."""
        own = next((one for one in played if key in one.keys), None)
        done = dialog if own is None else concrete(dialog, own.evidence)
        if done == dialog or not is_valid(done, self.place_of(dialog)):
            return dialog
        return done if await self._first_failing(key, iter([done])) else dialog

    async def _first_failing(self, key: Key, candidates: Iterator[Dialog]) -> Dialog | None:
        """The first candidate that fails; ``None`` if there is none, or no time."""
        at_once = _AT_ONCE if self.arena.settings["clock"] == "virtual" else _AT_ONCE_REAL
        while (batch := list(islice(candidates, at_once))) and self._may_try(len(batch)):
            chances = _CHANCES if any(one.faults for one in batch) else 1
            named = [(self._named(one), one) for one in batch for _ in range(chances)]
            played = await self._play([pair for pair, _ in named])
            failing = {one.name for one in played if key in one.keys}
            hit = next((one for (name, _), one in named if name in failing), None)
            if hit is not None:
                return hit
        return None

    def _may_try(self, count: int) -> bool:
        self._tries += count
        return self._tries <= self.tries_max and real_monotonic() < self._until

    def _named(self, dialog: Dialog) -> Named:
        self._number += 1
        return f"try {self._number}", dialog

    # -------------------------------------------------------------------------------------------- several conversations

    async def _shrink_together(self, sighting: Sighting) -> Shrunk:
        """A failure that does not come alone: with which of the others does it?"""
        key, own = sighting.key, (sighting.name, sighting.dialog)
        whole = await self._fails_fresh(key, sighting.batch)
        if not whole:
            once = 1 / (_FLAKY_TRIES + 2)
            return self._as_it_is(sighting.dialog, "flaky", once, ())
        culprit = next(one for one in whole if key in one.keys)
        own = culprit.name, culprit.dialog
        others = await self._fewest(key, own, [named for named in sighting.batch if named[0] != own[0]])
        if others and await self._fails_fresh(key, others):  # what all suffer from need not be seen in one of them
            own, *others = others
        if not others and (alone := await self._fails_fresh(key, [own])):
            return await self._shrink_alone(key, own[1], alone)
        group = await self._smaller_group(key, [own, *others])
        last = await self._fails_fresh(key, group) or whole
        how: How = "together" if len(group) > 1 else "alone"
        return Shrunk(dialogs=tuple(one for _, one in group), how=how, rate=1.0, tries=self._tries, played=tuple(last))

    async def _fewest(self, key: Key, own: Named, others: list[Named]) -> list[Named]:
        """The fewest neighbours with which it still fails, halves first."""
        length = max(1, len(others) // 2)
        while others and length:
            start = 0
            while start < len(others):
                left = others[:start] + others[start + length :]
                if self._may_try(1) and await self._fails_fresh(key, [own, *left]):
                    others = left
                else:
                    start += length
            length //= 2
        return others

    async def _smaller_group(self, key: Key, group: list[Named]) -> list[Named]:
        """Each of the conversations as small as it can be, the others as they are."""
        for index in range(len(group)):
            name, dialog = group[index]
            candidates = simpler(dialog, self.place_of(dialog))
            for candidate in candidates:
                if not self._may_try(1):
                    return group
                tried = [*group[:index], (name, candidate), *group[index + 1 :]]
                if await self._fails_fresh(key, tried):
                    group = tried
                    return await self._smaller_group(key, group)
        return group

    # ------------------------------------------------------------------------------------------------------- playing

    async def _fails_fresh(self, key: Key, dialogs: Sequence[Named]) -> list[Played]:
        """What came of dialogs that fail with a fresh bot; nothing if they do not."""
        played = await self._play(dialogs, fresh=True)
        return played if any(key in one.keys for one in played) else []

    async def _play(self, dialogs: Sequence[Named], *, fresh: bool = False) -> list[Played]:
        play = self.arena.play_fresh if fresh else self.arena.play
        try:
            return await play(dialogs)
        except BotError:  # a bot that went down at once may come up again
            return await self.arena.play_fresh(dialogs)

    def _as_it_is(self, dialog: Dialog, how: How, rate: float, played: Sequence[Played]) -> Shrunk:
        return Shrunk(dialogs=(dialog,), how=how, rate=rate, tries=self._tries, played=tuple(played))
