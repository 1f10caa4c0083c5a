"""Laws, and what becomes of them at one desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from chatdrill.conformance.house import House

Verdict = Literal["holds", "broken", "does not apply"]


class Broken(Exception):
    """A law does not hold; the text says what was seen."""


class DoesNotApply(Exception):
    """A law has nothing to say about this desk; the text says why."""


@dataclass(frozen=True)
class Law:
    """Something that is true of every helpdesk. ``prove`` gets a house of its own; it raises ``Broken`` or ``DoesNotApply``."""

    name: str
    sentence: str
    prove: Callable[[House], None]


@dataclass(frozen=True)
class Result:
    """What became of one law; ``detail`` says why it is broken, or does not apply."""

    law: Law
    verdict: Verdict
    detail: str = ""


@dataclass(frozen=True)
class Report:
    """What became of all laws at one desk."""

    desk: str
    results: tuple[Result, ...]

    @property
    def broken(self) -> tuple[Result, ...]:
        """The laws that do not hold."""
        return tuple(result for result in self.results if result.verdict == "broken")

    def __str__(self) -> str:
        lines = [f"{result.verdict:<14} {result.law.sentence} {result.detail}".rstrip() for result in self.results]
        return "\n".join((self.desk, *lines))


LAWS: list[Law] = []
"""All laws, in the order in which a conversation meets them."""


def law(sentence: str) -> Callable[[Callable[[House], None]], Callable[[House], None]]:
    """Register a law; its name is the function's."""

    def register(prove: Callable[[House], None]) -> Callable[[House], None]:
        LAWS.append(Law(prove.__name__, sentence, prove))
        return prove

    return register


def expect(holds: object, seen: str) -> None:
    """Raise ``Broken`` unless it holds."""
    if not holds:
        raise Broken(seen)
