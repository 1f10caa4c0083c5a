"""Traces made by hand: a tale of cases, told verb by verb, gives the records a run would have left.

    case("order status").says("Where is my order?").hears("It is on its way").bot("It is on its way").met().done()

Every verb moves the case's own time on a little. ``hears`` opens an expectation, ``met``/``unmet``/``skipped`` close what
is open, as the player does. What a customer does is delivered to the bot at once, unless ``told=False``.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from chatdrill.checks import Finding, Judgement, judge
from chatdrill.model import (
    Edited,
    Message,
    Sent,
    Write,
)
from chatdrill.trace import (
    Acted,
    Record,
    Recorder,
    RunBegan,
    RunEnded,
    Took,
)
from checks.case import SUNDAY, Case


class ToldClock:
    """A clock that shows the time at which the next record is told."""

    def __init__(self, *, speed: float = 1.0, is_virtual: bool = False) -> None:
        self.speed, self.is_virtual, self.t = speed, is_virtual, 0.0

    def now(self) -> float:
        return SUNDAY + self.t * self.speed

    def monotonic(self) -> float:
        return self.t

    async def sleep(self, drill_s: float) -> None:
        raise AssertionError("nobody sleeps in a tale")


class Tale:
    """All cases of one run. ``records`` is the trace; ``judge`` judges it."""

    def __init__(self, *, clock: str = "real", speed: float = 1.0, settings: Mapping[str, Any] | None = None) -> None:
        self.clock, self.speed, self.settings = clock, speed, dict(settings or {})
        self.cases: list[Case] = []
        self.events: list[tuple[float, int, type, dict[str, Any] | Callable[[], dict[str, Any]]]] = []
        self.ids = itertools.count(1)
        self.numbers: dict[int, int] = {}

    def case(self, name: str, **fields: Any) -> Case:
        made = Case(self, name, **fields)
        self.cases.append(made)
        return made

    def add(self, t: float, kind: type, **fields: Any) -> None:
        """Something beside the cases."""
        self.put(t, kind, fields)

    def put(self, t: float, kind: type, fields: Any) -> int:
        self.events.append((t, len(self.events), kind, fields))
        return len(self.events) - 1

    def record(self, path: Path | None = None) -> list[Record]:
        """Tell everything to a real recorder, in the order of time."""
        clock = ToldClock(speed=self.speed, is_virtual=self.clock == "virtual")
        recorder = Recorder(clock, path=path)
        recorder.record(RunBegan, **self._run())
        for t, number, kind, fields in sorted(self.events, key=lambda event: event[:2]):
            clock.t = t
            made = recorder.record(kind, **(fields() if callable(fields) else fields))
            self.numbers[number] = made.n
        recorder.record(RunEnded)
        recorder.close()
        return recorder.records

    def _run(self) -> dict[str, Any]:
        names = ("telegram", "whatsapp", "messenger")
        facts = {"version": "0.1.0", "seed": 7, "bot": "a bot", "platforms": names, "settings": self.settings}
        return {**facts, "clock": self.clock, "speed": self.speed}

    @property
    def records(self) -> list[Record]:
        return self.record()

    def judge(self, **blocks: Any) -> Judgement:
        return judge(self.records, **blocks)

    def findings(self, check: str, **blocks: Any) -> list[Finding]:
        """What one check has found in the whole run."""
        return [finding for finding in self.judge(**blocks).findings if finding.check == check]

    def verdict(self, check: str, **blocks: Any) -> str:
        """The verdict of one check on the run's first case, or on the suite."""
        judgement = self.judge(**blocks)
        results = [*judgement.results, *(judgement.cases[0].results if judgement.cases else ())]
        return next(result.verdict for result in results if result.check == check)

    def cited(self, finding: Finding) -> list[str]:
        """What the cited records say, or what kind they are."""
        return [_words(self.records[n]) for n in finding.cites]


def _words(record: Record) -> str:
    if isinstance(record, Took) and isinstance(record.effect, Sent | Edited):
        return record.effect.message.text
    if isinstance(record, Acted) and isinstance(record.act, Write):
        return Message(ids=("",), author="customer", parts=record.act.parts, at=0).text
    return record.__struct_config__.tag
