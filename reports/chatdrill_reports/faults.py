"""What was injected where: the faults of a run, counted by kind and by conversation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chatdrill.trace import Injected, Record, RunBegan

_KINDS_MAX = 6
_CASES_MAX = 60


@dataclass(frozen=True)
class KindOfFault:
    """One kind: how often it struck, in how many conversations, on what, and an example of what it did."""

    name: str
    count: int
    conversations: int
    platforms: tuple[str, ...]
    example: str


@dataclass(frozen=True)
class Injections:
    """The faults of a run. ``wanted`` is what was asked for, ``skipped`` why some of it means nothing; ``by_case`` counts the kinds
    in each case, the most struck first."""

    wanted: str = ""
    skipped: tuple[str, ...] = ()
    kinds: tuple[KindOfFault, ...] = ()
    by_case: Mapping[str, Counter[str]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How often anything struck."""
        return sum(kind.count for kind in self.kinds)

    @property
    def summary(self) -> str:
        """One line: ``12 times in 7 conversations: duplicate 8, delay 4``."""
        shown = ", ".join(f"{kind.name} {kind.count}" for kind in self.kinds[:_KINDS_MAX])
        more = f" and {len(self.kinds) - _KINDS_MAX} more kinds" if len(self.kinds) > _KINDS_MAX else ""
        times, talks = _counted(self.total, "time"), _counted(len(self.by_case), "conversation")
        return f"{times} in {talks}: {shown}{more}" if self.kinds else "none struck"

    @property
    def cases(self) -> list[tuple[str, str]]:
        """The cases, the most struck first, with their faults in words; no more than a reader takes in."""
        return [(case, words(counts)) for case, counts in list(self.by_case.items())[:_CASES_MAX]]

    @property
    def left_out(self) -> int:
        """How many cases are not among those."""
        return max(0, len(self.by_case) - _CASES_MAX)


def words(counts: Counter[str]) -> str:
    """``duplicate (2 times), delay``."""
    return ", ".join(f"{name} ({count} times)" if count > 1 else name for name, count in counts.most_common())


def injections(records: Iterable[Record]) -> Injections | None:
    """The faults of a run; ``None`` where there were none and nobody had asked for any."""
    struck: dict[str, list[Injected]] = {}
    cases: dict[str, Counter[str]] = {}
    run: RunBegan | None = None
    for record in records:
        if isinstance(record, RunBegan):
            run = record
        elif isinstance(record, Injected):
            struck.setdefault(record.fault, []).append(record)
            cases.setdefault(record.case or "", Counter())[record.fault] += 1
    settings = {} if run is None else run.settings
    wanted = str(settings.get("faults") or "none")
    if not struck and wanted == "none":
        return None
    kinds = sorted((_kind(name, found) for name, found in struck.items()), key=lambda kind: (-kind.count, kind.name))
    ranked = dict(sorted(cases.items(), key=lambda item: (-item[1].total(), item[0])))
    return Injections(wanted, tuple(map(str, settings.get("faults_skipped") or ())), tuple(kinds), ranked)


def _kind(name: str, found: list[Injected]) -> KindOfFault:
    platforms = tuple(dict.fromkeys(one.platform for one in found))
    return KindOfFault(name, len(found), len({one.conv for one in found}), platforms, found[0].what)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s'[: count != 1]}"
