"""A law: one sentence that every fake keeps, and what tries it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chatdrill.conformance.trial import Trial

Make = Callable[[], Trial]


class Broken(AssertionError):
    """A fake does not keep a law; the text says what was expected and what came."""


@dataclass(frozen=True)
class Law:
    """``name`` is the function's; ``says`` the sentence; ``holds`` raises ``Broken``. It may make as many trials as it likes."""

    name: str
    says: str
    holds: Callable[[Make], None]


def law(says: str, book: list[Law]) -> Callable[[Callable[[Make], None]], Callable[[Make], None]]:
    """Enter a function into a book of laws."""

    def enter(holds: Callable[[Make], None]) -> Callable[[Make], None]:
        book.append(Law(holds.__name__, says, holds))
        return holds

    return enter


def expect(holds: object, wanted: str, came: Any = None) -> None:
    """Raise ``Broken`` unless something holds."""
    if not holds:
        raise Broken(wanted if came is None else f"{wanted}; came: {came!r:.300}")
