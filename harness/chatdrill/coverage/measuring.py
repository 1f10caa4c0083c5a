"""How much of what can be was met: a table for each pair of dimensions, and what is missing, the most useful first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush
from itertools import product

from chatdrill.coverage.dimensions import DIMENSIONS, NO_FAULT, PAIRS, Dimension, Pair, weight_of
from chatdrill.coverage.observing import Observed, Point
from chatdrill.coverage.possible import Ability, World

Cell = tuple[str, str]


@dataclass(frozen=True)
class Table:
    """One pair of dimensions. ``counts`` has how often each cell was met, ``possible`` those that can be."""

    pair: Pair
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Mapping[Cell, int]
    possible: frozenset[Cell]

    @property
    def title(self) -> str:
        """``kind x state``."""
        return " x ".join(self.pair)

    @cached_property
    def reached(self) -> int:
        """How many of the possible cells were met."""
        return sum(cell in self.counts for cell in self.possible)

    @property
    def total(self) -> int:
        """How many cells are possible."""
        return len(self.possible)

    @property
    def share(self) -> float:
        """The reached share, 0 to 1; 1 where nothing is possible."""
        return self.reached / self.total if self.total else 1.0


@dataclass(frozen=True)
class Gap:
    """A cell that can be and was not met. ``fresh`` says how many of its values were never met at all."""

    pair: Pair
    values: Cell
    fresh: int
    weight: int

    @property
    def wanted(self) -> dict[Dimension, str]:
        """The values by dimension."""
        return dict(zip(self.pair, self.values, strict=True))

    def __str__(self) -> str:
        return " x ".join(self.values)


@dataclass(frozen=True)
class Coverage:
    """What was met of what can be. ``points`` counts combinations of all five dimensions, ``points_possible`` how many there are."""

    observed: Observed
    world: World
    tables: tuple[Table, ...]
    points: int
    points_possible: int

    @cached_property
    def reached(self) -> int:
        """Cells met, in all tables."""
        return sum(table.reached for table in self.tables)

    @cached_property
    def total(self) -> int:
        """Cells that are possible, in all tables."""
        return sum(table.total for table in self.tables)

    @property
    def share(self) -> float:
        """The reached share of all cells, 0 to 1."""
        return self.reached / self.total if self.total else 1.0

    @cached_property
    def gaps(self) -> Sequence[Gap]:
        """What is missing: first what was never met in any way, then by weight; what was named before counts less."""
        return list(self._ranked())

    def _ranked(self) -> Iterator[Gap]:
        named: Counter[tuple[Dimension, str]] = Counter()
        heap = [(self._rank(gap, named), gap.pair, gap.values, gap) for gap in self._gaps()]
        heapify(heap)
        while heap:
            _, pair, values, gap = heappop(heap)
            now = self._rank(gap, named)
            if heap and now > heap[0][0]:  # ranks only get worse, so the first that is still first is it
                heappush(heap, (now, pair, values, gap))
                continue
            named.update(gap.wanted.items())
            yield gap

    def _rank(self, gap: Gap, named: Counter[tuple[Dimension, str]]) -> tuple[int, float]:
        """The lower, the sooner."""
        items = tuple(gap.wanted.items())
        fresh = sum(item in self._fresh and not named[item] for item in items)
        return -fresh, -gap.weight / (1 + sum(named[item] for item in items))

    @cached_property
    def _fresh(self) -> frozenset[tuple[Dimension, str]]:
        met = {(name, value) for table in self.tables for cell in table.counts for name, value in _named(table, cell)}
        return frozenset((name, value) for name in DIMENSIONS for value in self.world.values(name)) - met

    def _gaps(self) -> Iterator[Gap]:
        for table in self.tables:
            for cell in table.possible - table.counts.keys():
                named = _named(table, cell)
                weight = weight_of(*named[0]) * weight_of(*named[1])
                yield Gap(table.pair, cell, sum(item in self._fresh for item in named), weight)


def _named(table: Table, cell: Cell) -> tuple[tuple[Dimension, str], tuple[Dimension, str]]:
    return (table.pair[0], cell[0]), (table.pair[1], cell[1])


def measure(observed: Observed, abilities: Mapping[str, Ability], platforms: Sequence[str] = ()) -> Coverage:
    """Set what was met against what can be, on ``platforms`` (empty: those that were played)."""
    chosen = {name: abilities[name] for name in platforms or observed.platforms}
    world = World(chosen, frozenset(observed.desks) & frozenset(chosen), observed.calendar is not None)
    points = {point: count for point, count in observed.points.items() if point[0] in chosen}
    counts = _pair_counts(points, observed, frozenset(chosen))
    tables = tuple(_table(pair, world, counts[pair]) for pair in PAIRS)
    return Coverage(observed, world, tables, len(points), world.product_size())


_PLACES = {"platform": 0, "state": 1, "kind": 2, "fault": 3, "time": 4}


def _pair_counts(points: Mapping[Point, int], observed: Observed, chosen: frozenset[str]) -> dict[Pair, Counter[Cell]]:
    counts: dict[Pair, Counter[Cell]] = {}
    for pair in PAIRS:
        one, other = (_PLACES[name] for name in pair)
        found = counts[pair] = Counter[Cell]()
        for point, count in points.items():
            found[point[one], point[other]] += count
    for (platform, fault, time), count in observed.strikes.items():
        if platform in chosen:
            counts["platform", "fault"][platform, fault] += count
            counts["fault", "time"][fault, time] += count
    return counts


def _table(pair: Pair, world: World, counts: Counter[Cell]) -> Table:
    rows, columns = (world.values(name) for name in pair)
    counted = {cell: count for cell, count in counts.items() if NO_FAULT not in cell}
    possible = {
        (row, column)
        for row, column in product(rows, columns)
        if any(world.can(platform, {pair[0]: row, pair[1]: column}) for platform in world.abilities)
    }
    shown = frozenset(possible | counted.keys())
    return Table(pair, _used(rows, shown, 0), _used(columns, shown, 1), counted, shown)


def _used(values: Sequence[str], cells: Iterable[Cell], side: int) -> tuple[str, ...]:
    """The values that have a cell, those that nobody knows at the end."""
    used = {cell[side] for cell in cells}
    return (*(value for value in values if value in used), *sorted(used - set(values)))
