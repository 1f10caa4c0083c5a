"""The bug zoo: how much of it the shipped scenarios and the probe find, and whether they accuse who has done nothing.

python -m tests.bench.zoo [-k WORDS]
"""

from __future__ import annotations

import argparse
import os

from chatdrill_scenarios.zoo.catalogue import SPECIMENS
from chatdrill_scenarios.zoo.correct import CORRECT
from chatdrill_scenarios.zookeeper.keeping import BAR, keep
from chatdrill_scenarios.zookeeper.telling import table

from .bench import finish, report

SPECIMENS_MIN = 80
EXCESS_MAX = 1


def main() -> None:
    """Print the table and the figures."""
    options = argparse.ArgumentParser(description="The bug zoo.")
    options.add_argument("-k", metavar="WORDS", default="", help="only specimens with this in their name")
    words = options.parse_args().k
    chosen = [one for one in SPECIMENS if words in one.name]
    score = keep(chosen, () if words else CORRECT, processes=os.cpu_count() or 1)
    print(table(score), flush=True)
    report("zoo.specimens", len(score.sightings), "", f">= {min(SPECIMENS_MIN, len(chosen))}")
    report("zoo.detected", 100 * len(score.found) / len(chosen), "%", f">= {100 * BAR}")
    report("zoo.right_cause", 100 * score.share, "%", f">= {100 * BAR}")
    report("zoo.false_alarms", len(score.alarms), "", "<= 0")
    if score.excess is not None:
        report("zoo.minimal_chat", score.excess, "msgs", f"<= {EXCESS_MAX}")
    finish()


if __name__ == "__main__":
    main()
