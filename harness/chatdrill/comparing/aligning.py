"""Which reply of one run is which of the other: the cheapest way to make one list of the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from chatdrill.comparing.halves import Reply, Turn

Pair = tuple[Reply | None, Reply | None]

_GAP = 1.0
_OTHER_PARTS = 1.6  # cheaper than leaving out both (2.0), so that a changed reply is told as one
_OTHER_BUTTONS = 0.8
_OTHER_WORDS = 0.7
_LONG = 60
"""More replies than this to one turn are paired by their place: a bot that talks so much is not told apart by its words."""


def paired(before: Sequence[Reply], after: Sequence[Reply]) -> list[Pair]:
    """The replies side by side; one that has no counterpart stands beside ``None``."""
    if len(before) == len(after) and all(one.shape == other.shape for one, other in zip(before, after, strict=True)):
        return list(zip(before, after, strict=True))
    if max(len(before), len(after)) > _LONG:
        return list(_by_place(before, after))
    costs = _table(before, after)
    return list(reversed(list(_walk(before, after, costs))))


def _by_place(before: Sequence[Reply], after: Sequence[Reply]) -> Iterator[Pair]:
    for index in range(max(len(before), len(after))):
        yield (
            before[index] if index < len(before) else None,
            after[index] if index < len(after) else None,
        )


def _cost(one: Reply, other: Reply) -> float:
    if one.text == other.text and one.shape == other.shape:
        return 0.0
    likeness = SequenceMatcher(None, one.text[:400], other.text[:400], autojunk=False).ratio()
    cost = _OTHER_WORDS * (1.0 - likeness)
    if one.parts != other.parts or one.edited != other.edited:
        cost += _OTHER_PARTS * (1.0 - likeness / 2)
    elif one.buttons != other.buttons:
        cost += _OTHER_BUTTONS
    return cost


def _table(before: Sequence[Reply], after: Sequence[Reply]) -> list[list[float]]:
    table = [[index * _GAP for index in range(len(after) + 1)]]
    for one in before:
        above, row = table[-1], [len(table) * _GAP]
        for index, other in enumerate(after):
            row.append(min(above[index] + _cost(one, other), above[index + 1] + _GAP, row[index] + _GAP))
        table.append(row)
    return table


def _walk(before: Sequence[Reply], after: Sequence[Reply], table: list[list[float]]) -> Iterator[Pair]:
    """The pairs from the last to the first."""
    row, column = len(before), len(after)
    while row or column:
        here = table[row][column]
        if row and column and abs(table[row - 1][column - 1] + _cost(before[row - 1], after[column - 1]) - here) < 1e-9:
            row, column = row - 1, column - 1
            yield before[row], after[column]
        elif row and abs(table[row - 1][column] + _GAP - here) < 1e-9:
            row -= 1
            yield before[row], None
        else:
            column -= 1
            yield None, after[column]


def turns_paired(before: Sequence[Turn], after: Sequence[Turn]) -> list[tuple[Turn, Turn]]:
    """The turns side by side, by what the customer did in them; one that the other run has not stands beside an empty one."""
    old, new = ([tuple(turn.said) for turn in turns] for turns in (before, after))
    if old == new:
        return list(zip(before, after, strict=True))
    found: list[tuple[Turn, Turn]] = []
    for _, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for index in range(max(last - first, end - start)):
            one = before[first + index] if first + index < last else _blank()
            other = after[start + index] if start + index < end else _blank()
            found.append((one, other))
    return found


def _blank() -> Turn:
    return Turn(said=[], replies=[], handover=[])
