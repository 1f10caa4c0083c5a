"""The differences of two runs, as values that reports read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from chatdrill.comparing import noise
from chatdrill.comparing.aligning import Pair, paired, turns_paired
from chatdrill.comparing.halves import Reply, Talk, Turn, talks_of
from chatdrill.errors import UsageError
from chatdrill.trace import Record, RunBegan, RunEnded
from chatdrill.version import VERSION

Strictness = Literal["structure", "wording"]
Kind = Literal["added", "removed", "changed", "moved"]


class Run(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of the two. ``notes`` is what should be known about its trace."""

    title: str
    bot: str = ""
    version: str = ""
    clock: str = "real"
    seed: int = 0
    recorded: bool = False
    notes: tuple[str, ...] = ()


class ReplyChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A reply that came, went, or is another one. ``what`` of it changed: ``parts``, ``buttons``, ``text``."""

    kind: Kind
    before: Reply | None = None
    after: Reply | None = None
    what: tuple[str, ...] = ()


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """A response time that changed beyond noise, in seconds."""

    before_s: float
    after_s: float


class TurnChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What changed in one turn, counted from 1. ``said`` is what the customer did, ``said_after`` what they did in the other run, where that differs."""

    number: int
    said: tuple[str, ...]
    said_after: tuple[str, ...] | None = None
    replies: tuple[ReplyChange, ...] = ()
    timing: Moved | None = None
    handover: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    @property
    def is_of_bot(self) -> bool:
        """True if it is more than a time."""
        return bool(self.replies or self.handover or self.said_after is not None)


class Case(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One conversation that is in both runs, and what changed in it. ``case`` and ``conv`` are its ids in the first; verdicts where both were judged."""

    key: str
    case: str
    conv: str
    name: str
    platform: str
    turns: tuple[TurnChange, ...] = ()
    verdicts: tuple[str, str] | None = None

    @property
    def is_same(self) -> bool:
        """True if nothing changed."""
        return not self.turns and self.verdicts is None


class Difference(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What changed between ``before`` and ``after``. ``only_before`` and ``only_after`` are conversations that the other has not. ``noise_s`` is
    how many seconds do not count; ``None`` where times cannot be compared. ``times`` are percentiles of both, ``notes`` what was left out."""

    before: Run
    after: Run
    compared: Strictness
    cases: tuple[Case, ...]
    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()
    noise_s: float | None = None
    times: dict[str, tuple[float, float]] = {}
    notes: tuple[str, ...] = ()

    @property
    def changed(self) -> tuple[Case, ...]:
        """The conversations in which something changed."""
        return tuple(case for case in self.cases if not case.is_same)

    @property
    def is_same(self) -> bool:
        """True if nothing changed at all."""
        return not self.changed and not self.only_before and not self.only_after

    @property
    def is_same_talk(self) -> bool:
        """The same, whatever happened to times and verdicts."""
        turns = (turn for case in self.cases for turn in case.turns)
        return not self.only_before and not self.only_after and not any(turn.is_of_bot for turn in turns)

    def count(self, kind: str) -> int:
        """How many changes of a kind there are: of replies, ``timing``, ``handover``, ``customer`` or ``verdict``."""
        turns = [turn for case in self.cases for turn in case.turns]
        if kind == "verdict":
            return sum(case.verdicts is not None for case in self.cases)
        if kind == "timing":
            return sum(turn.timing is not None for turn in turns)
        if kind == "handover":
            return sum(turn.handover is not None for turn in turns)
        if kind == "customer":
            return sum(turn.said_after is not None for turn in turns)
        return sum(change.kind == kind for turn in turns for change in turn.replies)


COUNTED = ("added", "removed", "changed", "moved", "handover", "timing", "verdict", "customer")


def readable_run(records: Sequence[Record], title: str) -> Run:
    """What is known of a run. Raises ``UsageError`` for a trace that holds none."""
    began = next((record for record in records if isinstance(record, RunBegan)), None)
    if began is None:
        raise UsageError(f"{title}: there is no run in it")
    notes = [] if began.version == VERSION else [f"recorded by chatdrill {began.version}; this is {VERSION}"]
    if not isinstance(records[-1], RunEnded):
        notes.append("the trace ends before its run did")
    return Run(
        title=title,
        bot=began.bot,
        version=began.version,
        clock=began.clock,
        seed=began.seed,
        recorded=bool(began.settings.get("recorded")),
        notes=tuple(notes),
    )


def compare(
    before: Sequence[Record],
    after: Sequence[Record],
    *,
    titles: tuple[str, str] = ("before", "after"),
    strictness: Strictness = "structure",
    verdicts: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
    with_times: bool = True,
) -> Difference:
    """Compare two traces, conversation by conversation and turn by turn. ``verdicts`` are by case. Raises ``UsageError`` where there is nothing
    to compare."""
    runs = readable_run(before, titles[0]), readable_run(after, titles[1])
    old, new = talks_of(before), talks_of(after)
    shared = [key for key in old if key in new]
    if not shared:
        raise UsageError(_nothing_shared(old, new, titles))
    drill = runs[0].clock == "virtual"
    pairs = [pair for key in shared for pair in _latencies(old[key], new[key], drill=drill)]
    is_timed = with_times and runs[0].clock == runs[1].clock
    noise_s = noise.threshold_s(pairs, drill=drill) if is_timed else None
    other_clock = f"times are not compared: the clock was {runs[0].clock} then and {runs[1].clock} now"
    cases = tuple(_case(old[key], new[key], strictness, noise_s, verdicts, drill=drill) for key in shared)
    return Difference(
        before=runs[0],
        after=runs[1],
        compared=strictness,
        cases=cases,
        only_before=tuple(key for key in old if key not in new),
        only_after=tuple(key for key in new if key not in old),
        noise_s=noise_s,
        times={} if noise_s is None else _percentiles(pairs),
        notes=(other_clock,) if with_times and not is_timed else (),
    )


def _nothing_shared(old: Mapping[str, Talk], new: Mapping[str, Talk], titles: tuple[str, str]) -> str:
    one, two = (next(iter(each), None) for each in (old, new))
    if one is None or two is None:
        return f"{titles[0] if one is None else titles[1]}: there is no conversation in it"
    return f"these are different conversations: {one!r} ... in {titles[0]}, {two!r} ... in {titles[1]}"


def _percentiles(pairs: Sequence[tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """The median and the 95th percentile of both runs."""
    if not pairs:
        return {}
    old, new = sorted(pair[0] for pair in pairs), sorted(pair[1] for pair in pairs)
    places = {"p50": (len(old) - 1) // 2, "p95": round((len(old) - 1) * 0.95)}
    return {name: (old[place], new[place]) for name, place in places.items()}


def _latencies(old: Talk, new: Talk, *, drill: bool) -> Iterator[tuple[float, float]]:
    for one, other in turns_paired(old.turns, new.turns):
        first, second = one.latency_s(drill=drill), other.latency_s(drill=drill)
        if first is not None and second is not None:
            yield first, second


def _case(
    old: Talk,
    new: Talk,
    strictness: Strictness,
    noise_s: float | None,
    verdicts: tuple[Mapping[str, str], Mapping[str, str]],
    *,
    drill: bool,
) -> Case:
    both = enumerate(_known(old, new), start=1)
    turns = (_turn(number, one, other, strictness, noise_s, drill=drill) for number, (one, other) in both)
    was, now = verdicts[0].get(old.case), verdicts[1].get(new.case)
    return Case(
        key=old.key,
        case=old.case,
        conv=old.conv,
        name=old.name,
        platform=old.platform,
        turns=tuple(turn for turn in turns if turn is not None),
        verdicts=(was, now) if was is not None and now is not None and was != now else None,
    )


def _known(old: Talk, new: Talk) -> Iterator[tuple[Turn, Turn]]:
    """The turns side by side, as far as both traces go: where one is cut short, nobody knows what came next."""
    for one, other in turns_paired(old.turns, new.turns):
        first, second = one, other
        if old.is_open and (one is old.turns[-1] or not one.n):
            second = msgspec.structs.replace(other, replies=other.replies[: len(one.replies)])
        if new.is_open and (other is new.turns[-1] or not other.n):
            first = msgspec.structs.replace(one, replies=one.replies[: len(other.replies)])
        yield first, second


def _turn(
    number: int, old: Turn, new: Turn, strictness: Strictness, noise_s: float | None, *, drill: bool
) -> TurnChange | None:
    replies = tuple(_changes(paired(old.replies, new.replies), strictness))
    was, now = old.latency_s(drill=drill), new.latency_s(drill=drill)
    timing = None
    if noise_s is not None and was is not None and now is not None and noise.is_beyond(was, now, noise_s):
        timing = Moved(before_s=was, after_s=now)
    handover = (tuple(old.handover), tuple(new.handover)) if old.handover != new.handover else None
    said_after = tuple(new.said) if old.said != new.said else None
    if not replies and timing is None and handover is None and said_after is None:
        return None
    return TurnChange(
        number=number,
        said=tuple(old.said),
        said_after=said_after,
        replies=replies,
        timing=timing,
        handover=handover,
    )


def _changes(pairs: Iterable[Pair], strictness: Strictness) -> list[ReplyChange]:
    found: list[ReplyChange] = []
    for before, after in pairs:
        if before is not None and after is not None:
            what = _what(before, after, strictness)
            if what:
                found.append(ReplyChange(kind="changed", before=before, after=after, what=what))
        elif before is not None or after is not None:
            found.append(ReplyChange(kind="added" if before is None else "removed", before=before, after=after))
    return _with_moves(found)


def _what(before: Reply, after: Reply, strictness: Strictness) -> tuple[str, ...]:
    checks = (
        ("parts", before.parts != after.parts or before.edited != after.edited),
        ("buttons", before.buttons != after.buttons),
        ("text", strictness == "wording" and before.text.split() != after.text.split()),
    )
    return tuple(name for name, is_other in checks if is_other)


def _with_moves(changes: list[ReplyChange]) -> list[ReplyChange]:
    """The same reply gone at one place and there at another is one that moved."""
    found: list[ReplyChange] = []
    for change in changes:
        twin = next((each for each in found if _is_twin(each, change)), None)
        if twin is None:
            found.append(change)
            continue
        found[found.index(twin)] = ReplyChange(
            kind="moved", before=twin.before or change.before, after=twin.after or change.after
        )
    return found


def _is_twin(one: ReplyChange, other: ReplyChange) -> bool:
    if {one.kind, other.kind} != {"added", "removed"}:
        return False
    first, second = one.before or one.after, other.before or other.after
    return first is not None and second is not None and (first.shape, first.text) == (second.shape, second.text)
