"""The benchmark group ``load``: correlated round trips per second of the generators, side by side, and whether what is reported is true.

python -m tests.bench.load [--truth] [--ratios] [--open]        (or: make bench-load)
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from ..bench import finish, report
from .contenders import Rate, fasthttpuser, hey, httpuser
from .crowded import hold_open
from .ours import chatdrill, play
from .ratios import BARS, alternate, report_ratios, show
from .truth import KNOWN_BOTS, hold_to_truth, latencies_s, read_rows

CONTENDERS: dict[str, Rate] = {"chatdrill": chatdrill, "httpuser": httpuser, "fasthttpuser": fasthttpuser, "hey": hey}


def main() -> None:
    """All figures, or those that are asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=10.0, help="of each measurement (default: 10)")
    options.add_argument("--customers", type=int, default=200, help="at once (default: 200)")
    options.add_argument("--rounds", type=int, default=3, help="alternating (default: 3)")
    options.add_argument("--ratios", action="store_true", help="only the rates, side by side")
    options.add_argument("--truth", action="store_true", help="only the latencies of bots that know them")
    options.add_argument("--open", action="store_true", help="only the memory of 50,000 open conversations")
    arguments = options.parse_args()
    everything = not (arguments.ratios or arguments.truth or arguments.open)
    if arguments.truth or everything:
        for name in KNOWN_BOTS:
            hold_to_truth(name, play)
        added_latency()
    if arguments.open or everything:
        hold_open()
    if arguments.ratios or everything:
        measured = alternate(
            CONTENDERS, rounds=arguments.rounds, seconds=arguments.seconds, customers=arguments.customers
        )
        show(measured, arguments.customers)
        report_ratios(measured["chatdrill"], {name: measured[name] for name in BARS if name in measured})
    finish()


def added_latency() -> None:
    """What chatdrill adds at 300 messages a second to a bot that takes 20 ms: its figures less the bot's own."""
    with tempfile.TemporaryDirectory() as folder:
        truth = Path(folder) / "truth.csv"
        reported = play(KNOWN_BOTS["constant"].mode, truth)
        own = sorted(latencies_s(read_rows(truth)))
    for name, share, bar in (("p50", 0.5, "<= 1"), ("p99", 0.99, "<= 5")):
        report(f"load.added_{name}", (reported.figures_s[name] - own[int(share * len(own))]) * 1000, "ms", bar)


if __name__ == "__main__":
    main()
