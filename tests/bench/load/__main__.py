"""The benchmark group ``load``: correlated round trips per second of the generators, side by side.

python -m tests.bench.load
"""

from __future__ import annotations

import argparse

from ..bench import finish
from .contenders import Rate, fasthttpuser, hey, httpuser
from .ratios import BARS, alternate, report_ratios, show

CONTENDERS: dict[str, Rate] = {"httpuser": httpuser, "fasthttpuser": fasthttpuser, "hey": hey}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=5.0, help="of each measurement (default: 5)")
    options.add_argument("--customers", type=int, default=200, help="at once (default: 200)")
    options.add_argument("--rounds", type=int, default=3, help="alternating (default: 3)")
    arguments = options.parse_args()
    measured = alternate(CONTENDERS, rounds=arguments.rounds, seconds=arguments.seconds, customers=arguments.customers)
    show(measured, arguments.customers)
    ours = [rounds for name, rounds in measured.items() if name not in BARS]
    for rounds in ours:
        report_ratios(rounds, {name: measured[name] for name in BARS if name in measured})
    finish()


if __name__ == "__main__":
    main()
