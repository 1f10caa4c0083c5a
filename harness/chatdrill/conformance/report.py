"""Laws, and what becomes of them at one fake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

P = TypeVar("P")

Verdict = Literal["holds", "broken", "does not apply"]


class Broken(Exception):
    """A law does not hold; the text says what was seen."""


class DoesNotApply(Exception):
    """A law has nothing to say about this fake; the text says why."""


@dataclass(frozen=True)
class Law(Generic[P]):
    """Something that is true of every fake of a kind. ``prove`` gets a place of its own to try it; it raises ``Broken`` or
    ``DoesNotApply``."""

    name: str
    sentence: str
    prove: Callable[[P], None]


@dataclass(frozen=True)
class Result:
    """What became of one law; ``detail`` says why it is broken, or does not apply."""

    law: Law[Any]
    verdict: Verdict
    detail: str = ""


@dataclass(frozen=True)
class Report:
    """What became of all laws at one fake."""

    service: str
    results: tuple[Result, ...]

    @property
    def broken(self) -> tuple[Result, ...]:
        """The laws that do not hold."""
        return tuple(result for result in self.results if result.verdict == "broken")

    def __str__(self) -> str:
        lines = [f"{result.verdict:<14} {result.law.sentence} {result.detail}".rstrip() for result in self.results]
        return "\n".join((self.service, *lines))


class Laws(list[Law[P]]):
    """Laws in the order in which they were written down; calling it registers one, whose name is the function's."""

    def __call__(self, sentence: str) -> Callable[[Callable[[P], None]], Callable[[P], None]]:
        """Register the decorated function as the proof of ``sentence``."""

        def register(prove: Callable[[P], None]) -> Callable[[P], None]:
            self.append(Law(prove.__name__, sentence, prove))
            return prove

        return register


def judge(law: Law[P], place: Callable[[], P]) -> Result:
    """Try one law in a place of its own; whatever the fake throws is the finding."""
    try:
        law.prove(place())
    except DoesNotApply as error:
        return Result(law, "does not apply", _printable(str(error)))
    except Broken as error:
        return Result(law, "broken", _printable(str(error)))
    except Exception as error:  # noqa: BLE001  whatever a fake throws is the finding
        return Result(law, "broken", _printable(f"{type(error).__name__}: {error}"))
    return Result(law, "holds")


def _printable(text: str) -> str:
    """Half surrogates, which a law may have sent, written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def expect(holds: object, seen: str) -> None:
    """Raise ``Broken`` unless it holds."""
    if not holds:
        raise Broken(seen)
