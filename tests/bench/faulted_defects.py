"""Seeded defects of the reference bot while faults come by chance: each is still found by the rule that owns it, or was struck itself.

python -m tests.bench.faulted_defects [--faults PRESET] [--seed N] [-k WORDS]
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile

from chatdrill.engine.faulting import PRESETS
from chatdrill.run.execute import execute
from chatdrill.run.pace import loop_factory
from chatdrill.run.selection import make_cases
from chatdrill.run.settings import load_settings

from .bench import finish, note, report
from .defects.catalogue import DEFECTS
from .defects.defect import Defect
from .defects.play import MONDAY, scenarios

FOUND_MIN = 0.8
"""The share that is found under each preset; the rest is what faults hid, or put off."""


def rules_that_speak(defect: Defect, faults: str, seed: int) -> set[str]:
    """What the rules hold against the bot with a defect on its scenario, with these faults."""
    scenario = scenarios()[defect.scenario]
    with defect.seeded(), tempfile.TemporaryDirectory() as folder:
        flags = {
            "app": "chatdrill_scenarios.shoebot:app",
            "port": 0,
            "clock": "virtual",
            "desk": defect.desk,
            "set": list(defect.settings),
            "start": None if scenario.starts_at is not None else MONDAY,
            "bot_env": [f"SHOEBOT_DB={folder}/bot.db", *defect.env],
            "faults": faults,
        }
        settings = load_settings(flags, environ={})
        cases = make_cases([scenario], [defect.platform], defect.desk)
        with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
            result = runner.run(execute(settings, cases, seed=seed, trace=None))
    return {one.check for one in result.judgement.findings if one.verdict == "fail" and one.fault == "bot"}


def measure(faults: str, seed: int, words: str) -> None:
    """Print those that are missed, and the share that is found."""
    chosen = [one for one in DEFECTS if words in f"{one.rule} {one.name}"]
    missed = [one for one in chosen if one.rule not in rules_that_speak(one, faults, seed)]
    for defect in missed:
        note(f"{faults} {seed}: {defect.rule}  {defect.name}")
    share = 1 - len(missed) / max(len(chosen), 1)
    report(f"zoo.found_under_{faults.replace('-', '_')}", share, "", f">= {FOUND_MIN}")


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--faults", metavar="PRESET", choices=tuple(PRESETS), action="append", default=[])
    options.add_argument("--seed", metavar="N", type=int, default=1)
    options.add_argument("-k", metavar="WORDS", default="", help="only defects with this in their rule or name")
    given = options.parse_args()
    logging.disable()  # a bot with a defect has much to tell of its troubles
    for faults in given.faults or [name for name in PRESETS if name != "api-outage"]:
        measure(faults, given.seed, given.k)
    finish()


if __name__ == "__main__":
    main()
