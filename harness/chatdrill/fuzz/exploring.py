"""Exploring: dialogs are drawn, played in batches and judged, until there were enough of them or time is up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chatdrill.checks.evidence import is_spoken
from chatdrill.clock import real_monotonic
from chatdrill.errors import BotError
from chatdrill.fuzz.finding import Fuzzed, Named, Sighting, sightings_of
from chatdrill.fuzz.playing import GONE, Arena, Key, Played, wording

BATCH, BATCH_REAL = 200, 40
_ENDS_MAX = 5
"""So often a bot may go away before fuzzing it makes no sense any more."""


@dataclass(kw_only=True)
class Explorer:
    """``draw`` gives the dialog of a number. ``told`` hears after every batch how many dialogs and kinds of failures there were."""

    arena: Arena
    draw: Callable[[int], Named]
    told: Callable[[Fuzzed, int], None] = lambda _fuzzed, _kinds: None
    sightings: dict[Key, Sighting] = field(default_factory=dict)
    _ends: int = 0

    async def explore(
        self,
        fuzzed: Fuzzed,
        *,
        dialogs: int | None,
        for_s: float | None,
        stop_at: int | None = None,
        known: Sequence[Named] = (),
    ) -> None:
        """Play the ``known`` first, then what is drawn: so many ``dialogs``, or ``for_s`` real seconds, or until there are ``stop_at`` kinds
        of failures. Batches do not depend on how many there are."""
        began = real_monotonic()
        size = BATCH if self.arena.settings["clock"] == "virtual" else BATCH_REAL
        drawn = 0
        batch: Sequence[Named] = known
        while True:
            if batch:
                await self._batch(fuzzed, batch, began)
            fuzzed.seconds = real_monotonic() - began
            is_late = for_s is not None and fuzzed.seconds >= for_s
            enough = stop_at is not None and len(self.sightings) >= stop_at
            if fuzzed.problem or is_late or enough or (dialogs is not None and drawn >= dialogs):
                return
            count = size if dialogs is None else min(size, dialogs - drawn)
            batch = [self.draw(number) for number in range(drawn, drawn + count)]
            drawn += count

    async def _batch(self, fuzzed: Fuzzed, batch: Sequence[Named], began: float) -> None:
        try:
            played = await self.arena.play(batch)
        except BotError as error:
            fuzzed.problem = str(error)
            return
        fuzzed.dialogs += len(played)
        fuzzed.messages += sum(one.judgement.messages for one in played)
        fuzzed.said += sum(is_spoken(act) for one in played for act in one.evidence.acts)
        self._note(played, batch, fuzzed, real_monotonic() - began)
        self.told(fuzzed, len(self.sightings))

    def _note(self, played: Sequence[Played], batch: Sequence[Named], fuzzed: Fuzzed, seconds: float) -> None:
        for one in played:
            for finding in one.mishaps:
                key = finding.check, wording(finding)
                known = fuzzed.mishaps.get(key)
                fuzzed.mishaps[key] = (finding, 1) if known is None else (known[0], known[1] + 1)
        found = sightings_of(played, set(self.sightings))
        gone = [item for item in found if item[0][0] == GONE]
        if any(GONE in (finding.check for finding in one.findings) for one in played):
            self._ends += 1
            found = gone  # what else is wrong then follows from it
            if self._ends >= _ENDS_MAX:
                fuzzed.problem = f"the bot went away {self._ends} times"
        for key, finding, one in found:
            self.sightings[key] = Sighting(
                key=key,
                finding=finding,
                name=one.name,
                dialog=one.dialog,
                batch=tuple(batch),
                dialogs_until=fuzzed.dialogs
                - len(played)
                + next(n for n, (name, _) in enumerate(batch, 1) if name == one.name),
                seconds_until=seconds,
            )
