"""How much of what is personal is found, and how much of what is found is personal: ``python -m tests.scrub.measuring``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from chatdrill.scrub import Scrubber
from chatdrill.seeds import Seed

from .corpus import Labelled, labelled


@dataclass
class Figures:
    """Counted in entities: one is found if none of its letters and digits stay; a stretch is right if it touches one."""

    entities: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: int = 0
    wrong: int = 0
    missed: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found.total() / self.entities.total()

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)


def measure(source: Callable[[], Iterable[Labelled]] = labelled) -> Figures:
    """Go through a corpus, each message by itself: nothing is learned from the others."""
    figures = Figures()
    for language, text, wanted in source():
        spans = Scrubber(language, Seed(1).stream("scrub")).find(text)
        covered = {at for span in spans for at in range(span.start, span.end)}
        for start, end, kind in wanted:
            figures.entities[kind] += 1
            left = [at for at in range(start, end) if at not in covered and text[at].isalnum()]
            figures.found[kind] += not left
            if left:
                figures.missed.append(f"{kind} {text[start:end]!r} in {text!r}")
        for span in spans:
            is_right = any(span.start < end and start < span.end for start, end, _ in wanted)
            figures.right += is_right
            figures.wrong += not is_right
            if not is_right:
                figures.alarms.append(f"{span.kind} {text[span.start : span.end]!r} in {text!r}")
    return figures


def main() -> None:
    figures = measure()
    for kind, count in figures.entities.most_common():
        print(f"{kind:<12}{figures.found[kind]:>5} of {count}")
    print(f"recall {figures.recall:.2%} of {figures.entities.total()} entities, precision {figures.precision:.2%}")
    print("\n".join([*(f"missed: {line}" for line in figures.missed), *(f"alarm: {line}" for line in figures.alarms)]))


if __name__ == "__main__":
    main()
