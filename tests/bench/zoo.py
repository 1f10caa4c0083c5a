"""The bug zoo: how much of it the shipped scenarios, the probe and the fuzzer find, and whether they accuse who has done nothing.

python -m tests.bench.zoo [-k WORDS] [--fuzz N] [--drawn N]
"""

from __future__ import annotations

import argparse
import os

from chatdrill_scenarios.zoo.catalogue import SPECIMENS
from chatdrill_scenarios.zoo.correct import CORRECT
from chatdrill_scenarios.zookeeper.keeping import BAR, Score, keep
from chatdrill_scenarios.zookeeper.telling import table
from chatdrill_scenarios.zookeeper.watching import Looks

from .bench import finish, note, report
from .fuzzing import clean, measure

SPECIMENS_MIN = 80
EXCESS_MAX = 1
CHATS_MIN = 30
FUZZ, DRAWN = 75, 10_000
OF_EACH = 100
"""Drawn dialogs with each correct bot; the rest of ``DRAWN`` is spread by ``fuzzing.clean``."""


def main() -> None:
    """Print the table and the figures."""
    options = argparse.ArgumentParser(description="The bug zoo.")
    options.add_argument("-k", metavar="WORDS", default="", help="only specimens with this in their name")
    options.add_argument(
        "--fuzz", metavar="N", type=int, default=FUZZ, help="dialogs for a specimen with a minimal chat"
    )
    options.add_argument("--drawn", metavar="N", type=int, default=DRAWN, help="dialogs with bots that do right")
    given = options.parse_args()
    chosen = [one for one in SPECIMENS if given.k in one.name]
    score = keep(
        chosen,
        () if given.k else CORRECT,
        processes=os.cpu_count() or 1,
        looks=Looks(fuzz=given.fuzz, missed=2 * given.fuzz),
        drawn=0 if given.k else min(OF_EACH, given.drawn),
    )
    print(table(score), flush=True)
    tell(score, len(chosen))
    if not given.k:
        false = clean(max(0, given.drawn - score.drawn))
        for alarm in false:
            note(f"FALSE ALARM {alarm}")
        report("zoo.false_alarms", len(score.alarms) + len(false), "", "<= 0")
        report("zoo.fuzz_dialogs_per_s", measure(), "/s", ">= 300")
    finish()


def tell(score: Score, count: int) -> None:
    """The figures of the specimens."""
    report("zoo.specimens", len(score.sightings), "", f">= {min(SPECIMENS_MIN, count)}")
    report("zoo.detected", 100 * len(score.found) / count, "%", f">= {100 * BAR}")
    report("zoo.right_cause", 100 * score.share, "%", f">= {100 * BAR}")
    if score.excess is not None:
        note(f"the fuzzer named the cause of {len([1 for one in score.fuzzed if one.by_fuzz])} of {len(score.fuzzed)}")
        report("zoo.minimal_chats", len(score.chats), "", f">= {min(CHATS_MIN, count)}")
        report("zoo.minimal_chat", score.excess, "msgs", f"<= {EXCESS_MAX}")


if __name__ == "__main__":
    main()
