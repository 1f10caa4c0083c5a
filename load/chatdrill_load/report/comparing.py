"""Two load runs side by side: what changed, and what of it is more than noise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from chatdrill_load.report.words import COLUMNS, LAG_S, plural, shown, took
from chatdrill_load.result import LoadResult, TableRow, Verdict

Meaning = Literal["slower", "faster", "noise", "unknown"]

RULE = (
    "A change is more than noise if the bounds of the two percentiles do not overlap, and it exceeds what two measurements may differ "
    "by that are each right within 1 % or 1 ms. A percentile lies within its bounds 19 times out of 20, judged by how much "
    "the intervals of each run differ among themselves. What differs between two runs besides the bot, such as a busier machine, "
    "the rule cannot see: run the same bot twice to learn how much that is."
)
"""The rule by which a change is told from noise, as it stands in the reports."""

_Bounds = tuple[float, float | None]
_RIGHT_WITHIN = 0.01
_RIGHT_WITHIN_S = 0.001


class Change(NamedTuple):
    """One percentile in both runs, in seconds. ``share`` is the change as a share of what was before."""

    now_s: float
    before_s: float
    share: float | None
    means: Meaning


class Pair(NamedTuple):
    """One row of the percentile table in both runs; ``changes`` by percentile, ``max`` among them."""

    row: TableRow
    before: TableRow
    changes: dict[str, Change]


class GateChange(NamedTuple):
    """A gate in both runs; ``None`` where it was not set."""

    gate: str
    now: Verdict | None
    before: Verdict | None


class Rate(NamedTuple):
    """How often something went wrong, as a share of what it could have; ``None`` where there was nothing."""

    name: str
    now: float | None
    before: float | None


class Comparison(NamedTuple):
    """All of it. ``only_now`` and ``only_before`` count rows without a counterpart."""

    pairs: tuple[Pair, ...]
    gates: tuple[GateChange, ...]
    rates: tuple[Rate, ...]
    only_now: int
    only_before: int
    cautions: tuple[str, ...]

    @property
    def turned(self) -> list[GateChange]:
        """The gates whose verdict is another one now."""
        return [gate for gate in self.gates if gate.now != gate.before]

    def count(self, means: Meaning) -> int:
        """How many percentiles got slower, faster ..."""
        return sum(change.means == means for pair in self.pairs for change in pair.changes.values())

    def words(self) -> str:
        """The outcome in a sentence."""
        slower, faster = self.count("slower"), self.count("faster")
        parts = [
            f"{plural(count, 'percentile')} {means}"
            for count, means in ((slower, "slower"), (faster, "faster"))
            if count
        ]
        changed = " and ".join(parts) + " by more than noise" if parts else "no percentile changed by more than noise"
        gates = f"{plural(len(self.turned), 'gate')} changed" if self.turned else "no gate changed"
        return f"Beside the baseline: {changed}, {gates}."


def compare(result: LoadResult, baseline: LoadResult) -> Comparison:
    """A run beside the one before."""
    now, before = ({_key(row): row for row in shown(one.rows)} for one in (result, baseline))
    return Comparison(
        pairs=tuple(_pair(row, before[key]) for key, row in now.items() if key in before),
        gates=tuple(_gates(result, baseline)),
        rates=tuple(_rates(result, baseline)),
        only_now=len(now.keys() - before.keys()),
        only_before=len(before.keys() - now.keys()),
        cautions=tuple(_cautions(result, baseline)),
    )


def _key(row: TableRow) -> tuple[str, str, str]:
    return row.kind, row.platform, row.name


def _pair(row: TableRow, before: TableRow) -> Pair:
    names = [name for name in COLUMNS if name in row.percentiles_s and name in before.percentiles_s]
    changes = {name: _change(row, before, name) for name in names}
    return Pair(row, before, {**changes, "max": _plain(row.max_s, before.max_s, "unknown")})


def _change(row: TableRow, before: TableRow, name: str) -> Change:
    values = row.percentiles_s[name], before.percentiles_s[name]
    bounds = row.between_s.get(name), before.between_s.get(name)
    return _plain(*values, _means(values, bounds))


def _plain(now_s: float, before_s: float, means: Meaning) -> Change:
    return Change(now_s, before_s, now_s / before_s - 1 if before_s else None, means)


def _means(values: tuple[float, float], bounds: tuple[_Bounds | None, _Bounds | None]) -> Meaning:
    now, before = bounds
    if now is None or before is None:
        return "unknown"
    if abs(values[0] - values[1]) <= sum(max(_RIGHT_WITHIN_S, _RIGHT_WITHIN * value) for value in values):
        return "noise"
    if before[1] is not None and now[0] > before[1]:
        return "slower"
    if now[1] is not None and now[1] < before[0]:
        return "faster"
    return "unknown" if now[1] is None or before[1] is None else "noise"


def _gates(result: LoadResult, baseline: LoadResult) -> Iterator[GateChange]:
    now, before = ({gate.gate: gate.verdict for gate in one.gates} for one in (result, baseline))
    for gate in dict.fromkeys((*now, *before)):
        yield GateChange(gate, now.get(gate), before.get(gate))


def _rates(result: LoadResult, baseline: LoadResult) -> Iterator[Rate]:
    for name, (what, whole) in _SHARES.items():
        shares = tuple(_share(one.counts, what, whole) for one in (result, baseline))
        if any(shares):
            yield Rate(name, *shares)


def _share(counts: dict[str, int], what: str, whole: tuple[str, ...]) -> float | None:
    of = sum(counts.get(one, 0) for one in whole)
    return counts.get(what, 0) / of if of else None


_SHARES = {
    "Conversations that failed": ("failed", ("arrivals",)),
    "Turns without an answer": ("unanswered", ("answered", "unanswered")),
    "Replies that came too late, per turn": ("late", ("answered", "unanswered")),
    "Conversations given up by the customer": ("abandoned", ("arrivals",)),
}


def _cautions(result: LoadResult, baseline: LoadResult) -> Iterator[str]:
    if result.plan != baseline.plan:
        yield f"the load was another one: {baseline.plan or 'unknown'} then, {result.plan or 'unknown'} now"
    for name, one in (("this run", result), ("the baseline", baseline)):
        if one.partial:
            yield f"{name} is not whole: {one.partial}"
        if one.lag_p99_s > LAG_S:
            yield f"in {name} chatdrill itself was late (p99 {took(one.lag_p99_s)})"
