"""The benchmark group ``handoff``: no false alarm in 10,000 correct handovers, no miss among the spoiled ones.

python -m tests.bench.handoff [--quick] [-k WORDS]       (or: make bench-handoff)
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tests.bench.bench import finish, note, report

sys.path.insert(0, str(Path(__file__).parents[1]))  # the model says ``checks.handoff``, as the tests do

from checks.handoff.defects import DEFECTS
from checks.handoff.model import RULES, accused, converse, judged
from checks.handoff.tape import Defect, spoiled

CONVERSATIONS, PIECE = 10_000, 100
PLACES = 5
"""In so many conversations each defect must be found."""
HEALTHY = 0.05
"""The share of conversations in which a rule must have had something to judge, for its silence to mean something."""


@dataclass
class Tally:
    """What was judged in a piece of the conversations."""

    seconds: float = 0.0
    asked: Counter[str] = field(default_factory=Counter)
    alarms: list[str] = field(default_factory=list)
    undecided: int = 0

    def add(self, other: Tally) -> None:
        """Take in another piece."""
        self.seconds += other.seconds
        self.asked += other.asked
        self.alarms += other.alarms
        self.undecided += other.undecided


def judge_piece(start: int) -> Tally:
    """A piece of the conversations, by its first seed; seconds are the processor's, for the judging alone."""
    tally = Tally()
    for seed in range(start, start + PIECE):
        stage = converse(seed)
        began = time.process_time()
        results = judged(stage)
        tally.seconds += time.process_time() - began
        tally.asked.update(rule for rule, result in results.items() if result.evidence)
        tally.alarms += [f"seed {seed}: {finding.check} {finding.message}" for finding in accused(results)]
        tally.undecided += sum(result.verdict == "inconclusive" for result in results.values())
    return tally


def false_alarms(conversations: int) -> None:
    """Correct conversations, on all cores."""
    total = Tally()
    with multiprocessing.Pool() as pool:
        for tally in pool.imap_unordered(judge_piece, range(0, conversations, PIECE)):
            total.add(tally)
    for alarm in total.alarms[:20]:
        note(alarm)
    shares = {rule: total.asked[rule] / conversations for rule in RULES}
    rare = [f"{rule} {share:.0%}" for rule, share in shares.items() if share < HEALTHY]
    note(f"{conversations:,} conversations judged by {len(RULES)} rules; {total.undecided:,} verdicts left undecided")
    note(f"rules that were asked in less than {HEALTHY:.0%} of them: {', '.join(rare) or 'none'}")
    report("handoff.false_alarms", len(total.alarms), "", "<= 0")
    report("handoff.rules_asked", len(RULES) - len(rare), "", f">= {len(RULES)}")
    report("handoff.judged_per_s", conversations / total.seconds, "/s", ">= 20")


def try_defect(place: int) -> tuple[list[int], int, Counter[str]]:
    """The seeds at which a defect is missed, the number of conversations, and which other rules speak."""
    defect: Defect = DEFECTS[place]
    missed, count, others = [], 0, Counter[str]()
    for seed, stage in islice(spoiled(defect), PLACES):
        count += 1
        rules = {finding.check for finding in accused(judged(stage))}
        others.update(rules - {defect.rule})
        if defect.rule not in rules:
            missed.append(seed)
    return missed, count, others


def seeded_defects(words: str) -> None:
    """Each defect in several conversations."""
    chosen = [place for place, defect in enumerate(DEFECTS) if words in f"{defect.rule} {defect.name}"]
    found, spoken, tried = 0, 0, 0
    with multiprocessing.Pool() as pool:
        for place, (missed, count, others) in zip(chosen, pool.imap(try_defect, chosen), strict=True):
            found += not missed and count > 0
            spoken, tried = spoken + others.total(), tried + count
            _show(DEFECTS[place], missed, count, others)
    note(
        f"{len(chosen)} defects over {len(_rules(chosen))} rules; beside the owner {spoken / max(tried, 1):.2f} rules speak"
    )
    report("handoff.spoiled_found", found, "", f">= {len(chosen)}")


def _rules(chosen: Sequence[int]) -> set[str]:
    return {DEFECTS[place].rule for place in chosen}


def _show(defect: Defect, missed: Sequence[int], count: int, others: Counter[str]) -> None:
    also = " ".join(_most(others))
    verdict = f"MISSED at {missed}" if missed or not count else f"{count}/{count}"
    note(f"{defect.rule}  {defect.name:<62} {verdict:<6} {also and f'also {also}'}")


def _most(others: Counter[str]) -> Iterator[str]:
    return (f"{rule} {count}" for rule, count in others.most_common())


def main() -> None:
    """Run the group."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="1,000 conversations")
    options.add_argument("-k", metavar="WORDS", default="", help="only defects with this in their rule or name")
    given = options.parse_args()
    if not given.k:
        false_alarms(CONVERSATIONS // 10 if given.quick else CONVERSATIONS)
    seeded_defects(given.k)
    finish()


if __name__ == "__main__":
    main()
