"""Which message meets which expectation, where there are several of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chatdrill.engine.expect import Expectation
from chatdrill.engine.match import captured, matches
from chatdrill.model import Message


@dataclass(frozen=True)
class Assignment:
    """Which message meets which expectation: ``matched`` by index; ``unmet`` expectations and ``extra`` messages."""

    matched: dict[int, int] = field(default_factory=dict)
    unmet: list[int] = field(default_factory=list)
    extra: list[int] = field(default_factory=list)
    captures: dict[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """True if every expectation is met."""
        return not self.unmet


def assign(
    expectations: Sequence[Expectation],
    messages: Sequence[Message],
    *,
    in_order: bool = False,
    known: Mapping[str, Message] | None = None,
    may: Callable[[int, int], bool] = lambda _want, _got: True,
) -> Assignment:
    """Give as many expectations as possible a message of their own; earlier expectations and messages go first.

    ``may`` says whether an expectation may get a message at all, by their places in the lists.
    """
    fits = [
        [may(place, got) and matches(want, message, known) is None for got, message in enumerate(messages)]
        for place, want in enumerate(expectations)
    ]
    if len(fits) == 1 and len(messages) == 1:
        matched = {0: 0} if fits[0][0] else {}
    else:
        matched = _assign_in_order(fits) if in_order else _assign_freely(fits)
    captures: dict[str, str] = {}
    for want, got in sorted(matched.items()):
        captures |= captured(expectations[want], messages[got])
    return Assignment(
        matched=dict(sorted(matched.items())),
        unmet=[index for index in range(len(expectations)) if index not in matched],
        extra=[index for index in range(len(messages)) if index not in matched.values()],
        captures=captures,
    )


def _assign_freely(fits: Sequence[Sequence[bool]]) -> dict[int, int]:
    """Maximum matching by augmenting paths (Kuhn)."""
    owner: dict[int, int] = {}

    def place(want: int, tried: set[int]) -> bool:
        fitting = [got for got, fit in enumerate(fits[want]) if fit and got not in tried]
        for got in sorted(fitting, key=owner.__contains__):  # free messages first, so that early ones stay with early
            tried.add(got)
            if got not in owner or place(owner[got], tried):
                owner[got] = want
                return True
        return False

    for want in range(len(fits)):
        place(want, set())
    return {want: got for got, want in owner.items()}


def _assign_in_order(fits: Sequence[Sequence[bool]]) -> dict[int, int]:
    """The longest common subsequence of expectations and messages."""
    rows, columns = len(fits), len(fits[0]) if fits else 0
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for want in range(rows - 1, -1, -1):
        for got in range(columns - 1, -1, -1):
            with_it = best[want + 1][got + 1] + 1 if fits[want][got] else 0
            best[want][got] = max(best[want + 1][got], best[want][got + 1], with_it)
    matched: dict[int, int] = {}
    want = got = 0
    while want < rows and got < columns:
        if fits[want][got] and best[want][got] == best[want + 1][got + 1] + 1:
            matched[want] = got
            want, got = want + 1, got + 1
        elif best[want][got] == best[want + 1][got]:
            want += 1
        else:
            got += 1
    return matched
