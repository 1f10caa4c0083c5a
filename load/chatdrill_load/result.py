"""What a load run came to, as data: for the terminal, the report, CI, and the comparison with another run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from chatdrill.errors import UsageError
from chatdrill_load.estimates import between, open_on_average
from chatdrill_load.figures import (
    ABANDONED,
    ANSWERED,
    ARRIVALS,
    FAILED,
    LATE,
    MORE,
    PERCENTILES,
    TURNED_AWAY,
    UNANSWERED,
    UNMATCHED,
    Figures,
    Window,
    samples_needed,
)
from chatdrill_load.messages import Bad, Slow
from chatdrill_load.recovery import Recovery
from chatdrill_load.writing import write_whole

VERSION = 1
FILE = "load.json"
_CURVE = tuple(100 * (1 - 10 ** (-step / 12)) for step in range(1, 61))
"""Percentiles for a curve that shows each further nine alike: 12 points a nine, five nines."""
_COUNTED = (ARRIVALS, ANSWERED, UNANSWERED, LATE, MORE, UNMATCHED, ABANDONED, TURNED_AWAY, FAILED)

Verdict = Literal["pass", "fail", "inconclusive", "none"]


class TableRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the percentile table; seconds. ``few`` are the percentiles with too few samples to be more than the maximum,
    ``between_s`` the bounds between which the bot's own percentile lies 19 times out of 20; ``None`` is beyond all samples."""

    platform: str
    name: str
    kind: str
    samples: int
    mean_s: float
    max_s: float
    percentiles_s: dict[str, float]
    few: tuple[str, ...] = ()
    between_s: dict[str, tuple[float, float | None]] = {}


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One interval: customers who came, whose turns were answered or not, and what those waited who meant to write in it;
    latencies are of first and next replies together, ``None`` where there were none. ``open`` is how many conversations were going
    on, on average over the interval; those that were broken off at the end of the run are not in it."""

    t_s: float
    length_s: float
    arrivals: int
    answered: int
    unanswered: int
    failed: int
    p50_s: float | None
    p95_s: float | None
    p99_s: float | None
    max_s: float | None
    lag_s: float
    abandoned: int = 0
    late: int = 0
    open: float = 0.0


class AgentsNeeded(msgspec.Struct, frozen=True, kw_only=True):
    """How many agents an hour needs to keep ``target``: by simulation (nine of ten such hours need ``low`` to ``high``), and by
    Erlang C; how the floor does with them."""

    hour: int
    target: str
    handoffs_per_h: float
    agents: int
    low: int
    high: int
    erlang_c: int
    kept: float
    mean_wait_s: float
    occupancy: float


class GateLine(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a gate, with a sentence that says it. ``spent`` is the share of its error budget that was used, interval by
    interval."""

    gate: str
    verdict: Verdict
    words: str
    samples: int = 0
    spent: tuple[tuple[float, float], ...] = ()


class LoadResult(msgspec.Struct, frozen=True, kw_only=True):
    """A load run. ``partial`` says why it is not whole, if it is not. ``bot`` is where the bot is. ``began`` is the machine's monotonic
    clock when the seconds of its traces began to count (of one worker), ``began_at`` Unix time. ``arrivals_t`` is when customers began to come, in the seconds of the
    moments; those of ``recoveries`` begin there. ``replies`` are all of them together. ``curves`` have, by kind, the latency at each of
    ``percentiles``. ``struck`` counts the faults that came by chance, by kind. ``lag_s`` is how late the generator itself was at worst, ``lag_p99_s`` in all but a hundredth of its moments."""

    version: int = VERSION
    command: str = ""
    plan: str = ""
    bot: str = ""
    seed: int = 0
    began_at: float = 0.0
    began: float = 0.0
    took_s: float = 0.0
    partial: str | None = None
    verdict: Verdict = "pass"
    conversations: int = 0
    failed: int = 0
    broken_off: int = 0
    counts: dict[str, int] = {}
    failures: dict[str, int] = {}
    refused: dict[str, int] = {}
    struck: dict[str, int] = {}
    replies: TableRow | None = None
    rows: tuple[TableRow, ...] = ()
    moments: tuple[Moment, ...] = ()
    percentiles: tuple[float, ...] = _CURVE
    curves: dict[str, tuple[float, ...]] = {}
    gates: tuple[GateLine, ...] = ()
    agents: tuple[AgentsNeeded, ...] = ()
    worst: tuple[Bad, ...] = ()
    slowest: tuple[Slow, ...] = ()
    recoveries: tuple[Recovery, ...] = ()
    arrivals_t: float = 0.0
    open_most: int = 0
    lag_s: float = 0.0
    lag_p99_s: float = 0.0

    def save(self, folder: Path) -> str | None:
        """Write it into a folder; returns in a sentence why that cannot be."""
        return write_whole(folder / FILE, msgspec.json.format(msgspec.json.encode(self)))


def read_result(path: Path) -> LoadResult:
    """Read a result back, from its file or the folder it lies in. Raises ``UsageError``."""
    file = path / FILE if path.is_dir() else path
    try:
        return msgspec.json.decode(file.read_bytes(), type=LoadResult)
    except OSError as error:
        raise UsageError(f"{file}: cannot read the result: {error.strerror}") from error
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"{file}: not the result of a load run: {error}") from error


def table(figures: Figures) -> tuple[TableRow, ...]:
    """The percentile table."""
    windows = figures.windows()
    return tuple(
        TableRow(
            platform=row.platform,
            name=row.name,
            kind=row.kind,
            samples=row.samples,
            mean_s=row.mean_s,
            max_s=row.max_s,
            percentiles_s={f"p{percent:g}": value for percent, value in row.percentiles_s.items()},
            few=tuple(f"p{percent:g}" for percent in row.few),
            between_s={f"p{percent:g}": bounds for percent, bounds in between(figures, windows, row).items()},
        )
        for row in figures.rows()
        if row.kind != "lag"
    )


def all_replies(figures: Figures) -> TableRow | None:
    """First and next replies of all platforms and steps together; ``None`` where nobody was answered."""
    found = figures.latency("reply")
    if not found.samples:
        return None
    return TableRow(
        platform="*",
        name="*",
        kind="reply",
        samples=found.samples,
        mean_s=found.mean_s,
        max_s=found.max_s,
        percentiles_s={f"p{percent:g}": found.percentile_s(percent) for percent in PERCENTILES},
        few=tuple(f"p{percent:g}" for percent in PERCENTILES if found.samples < samples_needed(percent)),
    )


def moments(figures: Figures) -> tuple[Moment, ...]:
    """The run, interval by interval."""
    windows = figures.windows()
    return tuple(map(_moment, windows, open_on_average(windows)))


def _moment(window: Window, open: float) -> Moment:
    counts = {what: window.counted(what) for what in _COUNTED}
    replies, lag = window.latency("reply"), window.latency("lag")

    def at(percent: float) -> float | None:
        return replies.percentile_s(percent) if replies.samples else None

    return Moment(
        t_s=window.t_s,
        length_s=window.length_s,
        arrivals=counts[ARRIVALS],
        answered=counts[ANSWERED],
        unanswered=counts[UNANSWERED],
        failed=counts[FAILED],
        p50_s=at(50.0),
        p95_s=at(95.0),
        p99_s=at(99.0),
        max_s=replies.max_s if replies.samples else None,
        lag_s=lag.max_s,
        abandoned=counts[ABANDONED],
        late=counts[LATE],
        open=round(open, 2),
    )


def curves(figures: Figures, kinds: Iterable[str]) -> dict[str, tuple[float, ...]]:
    """The latency at each of the curve's percentiles, by kind."""
    found = {kind: figures.latency(kind) for kind in kinds}
    return {kind: tuple(map(its.percentile_s, _CURVE)) for kind, its in found.items() if its.samples}


def counted(figures: Figures) -> dict[str, int]:
    """The counters that are not 0."""
    found = {what: figures.counted(what) for what in _COUNTED}
    return {what: count for what, count in found.items() if count}


def worst_verdict(gates: Sequence[GateLine], *, failed: int, judged: bool, whole: bool = True) -> Verdict:
    """A run fails by a gate; by a failed conversation too, unless a gate says how many may (``judged``). One that is not ``whole``
    cannot pass."""
    verdicts = {gate.verdict for gate in gates}
    if "fail" in verdicts or (failed and not judged):
        return "fail"
    return "pass" if whole and not verdicts & {"inconclusive", "none"} else "inconclusive"
