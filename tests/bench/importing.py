"""What importing costs: ``python -m tests.bench.importing [MESSAGES]``. A WhatsApp export in three languages is read, scrubbed, woven and
written; the figures are processor time of one core, and the peak of memory."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from chatdrill.importing.exports import Export
from chatdrill.importing.making import Made, Wishes, import_export
from chatdrill.importing.reader import Options, read_export
from chatdrill.importing.shelf import Shelf
from chatdrill.run.selection import samples
from chatdrill.scrub import Scrubber
from chatdrill.seeds import Seed

_SAID = (
    "Hi, where is my order 553?",
    "It is on its way, thank you for waiting!",
    "Привет, а где мой заказ?",
    "ok",
    "Dzień dobry, czekam na paczkę od tygodnia",
    "call me: +48 501 234 567, Anna",
)


def _export(path: Path, messages: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for at in range(messages):
            day, hour, minute = 1 + at // 500 % 28, at % 500 // 60, at % 60
            who, month = "Shop" if at % 2 else "Anna", 1 + at // 14_000 % 12
            file.write(
                f"{day:02d}/{month:02d}/{2001 + at // 168_000}, {hour:02d}:{minute:02d} - {who}: {_SAID[at % len(_SAID)]}\n"
            )


def _timed(what: str, messages: int, work: Callable[[], object]) -> None:
    began = time.process_time()
    work()
    took = time.process_time() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:<34}{messages / took:>10,.0f} messages/s{peak_mb:>8.0f} MB")


def main() -> None:
    """Print the figures."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "WhatsApp Chat with Anna.txt"
        _export(path, messages)
        export, few = Export(path), messages // 5
        print(f"{messages:,} messages, {path.stat().st_size / 1e6:.1f} MB")
        _timed("read", messages, lambda: [None for one in read_export(export, None, Options()) for _ in one.turns()])
        small = Path(folder) / "few.txt"
        _export(small, few)
        for what, scrubber in (
            ("imported as it is", None),
            ("imported and scrubbed", Scrubber("en", Seed(0).stream("scrub"))),
        ):
            out = Path(folder) / what.replace(" ", "-")
            shelf = Shelf(out, samples())
            wishes = Wishes(split_s=3 * 3600.0)
            _timed(
                what,
                few,
                lambda scrubber=scrubber, shelf=shelf, wishes=wishes: import_export(
                    Export(small), wishes, shelf, scrubber, Made()
                ),
            )  # type: ignore[misc]


if __name__ == "__main__":
    main()
