"""Coverage for commands: which platforms the traces are about, and what those can do."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from chatdrill.run.registry import load_platform
from chatdrill.trace import CaseBegan, Record

if TYPE_CHECKING:
    from chatdrill.coverage import Coverage


def cover(traces: Iterable[Sequence[Record]], platforms: Sequence[str] = ()) -> Coverage:
    """What traces met together, on ``platforms`` (empty: on those that they have). Raises ``UsageError`` for a platform that is not
    installed."""
    from chatdrill.coverage import (
        Observed,
        ability_of,
        measure,
        observe,
    )  # a fifth of a second that most runs do not need

    total = Observed()
    names = dict.fromkeys(platforms)
    for records in traces:
        names.update((record.platform, None) for record in records if isinstance(record, CaseBegan))
        total.add(observe(records, {name: ability_of(load_platform(name)) for name in names}))
    return measure(total, {name: ability_of(load_platform(name)) for name in names}, platforms)


def add_coverage(options: argparse.ArgumentParser) -> None:
    """Add ``--coverage``."""
    options.add_argument(
        "--coverage", action="store_true", help="tell which states, messages, faults, platforms and times were met"
    )
