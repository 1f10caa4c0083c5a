"""How fast an in-process bot is fuzzed on one core: drawn, played over the wire's codecs, and judged by every check.

python -m tests.bench.fuzzing
"""

from __future__ import annotations

import statistics
import sys
import time

from tests.bench.bench import finish, note, report

from chatdrill.fuzz import Fuzzed, fuzz
from chatdrill.run.settings import Settings, load_settings

DIALOGS, WARM_UP = 2_000, 200


def settings() -> Settings:
    """A bot that answers whatever is said at once, in virtual time."""
    flags = {
        "app": "tests.bench.fuzz_app:app",
        "clock": "virtual",
        "port": 0,
        "webhook": ["http://127.0.0.1:8080/webhooks/{platform}"],
    }
    return load_settings(flags, environ={"CHATDRILL_TELEGRAM_RATE_LIMITS": "no"})


def measured(dialogs: int, seed: int = 1) -> tuple[Fuzzed, float]:
    """What fuzzing came to, and the seconds of the processor that it took."""
    began = time.process_time()
    fuzzed = fuzz(settings(), platforms=["telegram"], dialogs=dialogs, seed=seed)
    return fuzzed, time.process_time() - began


def measure(rounds: int = 3) -> float:
    """Dialogs per second of the processor: the median of several rounds, after one that warms up. Raises ``AssertionError`` if the bot,
    which is correct, is accused of anything."""
    measured(WARM_UP)
    rates, mean = [], 0.0
    for seed in range(1, rounds + 1):
        fuzzed, cpu_s = measured(DIALOGS, seed)
        assert not fuzzed.failures and not fuzzed.mishaps and fuzzed.problem is None, fuzzed
        rates.append(fuzzed.dialogs / cpu_s)
        mean = fuzzed.said / fuzzed.dialogs
    note(f"{mean:.1f} messages of the customer a dialog; rounds: {', '.join(f'{rate:.0f}' for rate in rates)}")
    return statistics.median(rates)


if __name__ == "__main__":
    report("zoo.fuzz_dialogs_per_s", measure(int(sys.argv[1]) if len(sys.argv) > 1 else 3), "/s", ">= 300")
    finish()
