"""Seeded defects of the reference bot, each found by the rule of the handover that owns it.

python -m tests.bench.handoff_defects [-k WORDS] [--traces FOLDER]
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .bench import finish, note, report
from .defects.catalogue import DEFECTS
from .defects.defect import Defect
from .defects.play import Setting, play, play_defect

DEFECTS_MIN = 40
"""So many different ones a bench is worth something for: about one for each of the 52 rules."""


@dataclass(frozen=True)
class Outcome:
    """What became of one defect: the rules that hold anything against the bot."""

    defect: Defect
    rules: tuple[str, ...]
    seconds: float

    @property
    def is_found(self) -> bool:
        """The rule that owns it has spoken."""
        return self.defect.rule in self.rules

    @property
    def others(self) -> tuple[str, ...]:
        """The rules that spoke beside it."""
        return tuple(rule for rule in self.rules if rule != self.defect.rule)


def try_out(defect: Defect, traces: Path | None = None) -> Outcome:
    """Play a bot with a defect, and see which rules speak."""
    began = time.perf_counter()
    trace = None if traces is None else traces / f"{defect.rule} {defect.name}.jsonl"
    findings = play_defect(defect, trace).findings
    rules = tuple(sorted({finding.check for finding in findings if finding.fault == "bot"}))
    return Outcome(defect, rules, time.perf_counter() - began)


def false_alarms(defects: Sequence[Defect]) -> list[str]:
    """What is wrong with the correct bot on the same scenarios: a rule speaks, or it does not come to the end."""
    return [alarm for setting in dict.fromkeys(map(Setting.of, defects)) for alarm in _alarms(setting)]


def _alarms(setting: Setting) -> Iterator[str]:
    played, where = play(setting), f"{setting.scenario} [{setting.desk} {setting.platform}]"
    yield from (f"{where}: {found.check} {found.message}" for found in played.findings)
    if played.outcome != "done":
        yield f"{where}: ended as {played.outcome!r}"


def measure(defects: Sequence[Defect] = DEFECTS, traces: Path | None = None) -> None:
    """Print a line for each defect, and the figures."""
    outcomes = []
    for defect in defects:
        outcomes.append(outcome := try_out(defect, traces))
        print(_line(outcome), flush=True)
    alarms = false_alarms(defects)
    for alarm in alarms:
        note(alarm)
    found = sum(outcome.is_found for outcome in outcomes)
    rules = len({defect.rule for defect in defects})
    others = sum(len(outcome.others) for outcome in outcomes) / max(len(outcomes), 1)
    note(f"{found} of {len(outcomes)} defects over {rules} rules found; beside the owner {others:.1f} rules speak")
    report("handoff.defects_found", found, "", f">= {min(DEFECTS_MIN, len(outcomes))}")
    report("handoff.defects_missed", len(outcomes) - found, "", "<= 0")
    report("handoff.defects_false_alarms", len(alarms), "", "<= 0")


def _line(outcome: Outcome) -> str:
    found = "found by " + outcome.defect.rule if outcome.is_found else "MISSED"
    also = f"also {' '.join(outcome.others)}" if outcome.others else ""
    return f"      {outcome.defect.rule}  {outcome.defect.name:<60} {found:<15} {outcome.seconds:4.1f} s  {also}"


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description="Seeded defects of the reference bot.")
    options.add_argument("-k", metavar="WORDS", default="", help="only defects with this in their rule or name")
    options.add_argument("--traces", metavar="FOLDER", type=Path, help="keep the traces there")
    given = options.parse_args()
    logging.disable()  # a bot with a defect has much to tell of its troubles
    measure([one for one in DEFECTS if given.k in f"{one.rule} {one.name}"], given.traces)
    finish()


if __name__ == "__main__":
    main()
