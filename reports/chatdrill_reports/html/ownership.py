"""Who had the conversations: the bot, the queue, an agent or nobody; over all of them, and those in which customers queued the longest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chatdrill.trace.transcript import Item
from chatdrill.trace.transcript.phrases import platform_title, seconds
from chatdrill_reports.html.conversations import Conversation
from chatdrill_reports.html.owners import OWNERS, owner_label

_SHOWN_MAX = 20
_ORDER = tuple(OWNERS)


@dataclass(frozen=True)
class Stretch:
    """Percent of the width, and all words."""

    owner: str
    x: float
    width: float
    words: str


@dataclass(frozen=True)
class Band:
    """One bar: a platform's conversations together, or one conversation (``anchor`` leads to it)."""

    name: str
    platform: str
    stretches: tuple[Stretch, ...]
    facts: str
    anchor: str = ""


@dataclass(frozen=True)
class Ownership:
    """Bars of platforms, then of conversations, one of each scenario; ``left_out`` counts those that are not drawn."""

    platforms: tuple[Band, ...]
    longest: tuple[Band, ...]
    left_out: int


_Span = tuple[str, str, float, float]


def ownership(conversations: Iterable[Conversation]) -> Ownership | None:
    """The bars; ``None`` where no helpdesk was in play."""
    owned = [(one, found) for one in conversations if (found := _spans(one.view.items))]
    if not owned:
        return None
    platforms = dict.fromkeys(one.case.platform for one, _ in owned)
    together = [_together(name, [found for one, found in owned if one.case.platform == name]) for name in platforms]
    handed = [(one, found) for one, found in owned if any(owner != "bot" for owner, *_ in found)]
    ranked = sorted(handed, key=lambda item: (-_held(item[1])["queue"], item[0].number))
    scenarios: dict[str, tuple[Conversation, list[_Span]]] = {}
    for one, found in ranked:
        scenarios.setdefault(one.case.name, (one, found))
    longest = tuple(_alone(*item) for item in list(scenarios.values())[:_SHOWN_MAX])
    return Ownership(tuple(together), longest, len(ranked) - len(longest))


def _spans(items: Sequence[Item]) -> list[_Span]:
    """Owner, holder, begin and end of each stretch of a conversation."""
    found: list[tuple[str, str, float]] = []
    for item in items:
        if item.owner is not None and (not found or found[-1][:2] != (item.owner, item.holder)):
            found.append((item.owner, item.holder, item.at))
    ends = [at for *_, at in found[1:]] + ([max(items[-1].at, found[-1][2])] if found else [])
    return [(owner, holder, begins, max(begins, end)) for (owner, holder, begins), end in zip(found, ends, strict=True)]


def _held(spans: Iterable[_Span]) -> Counter[str]:
    held: Counter[str] = Counter()
    for owner, _, begins, end in spans:
        held[owner] += end - begins  # type: ignore[assignment]
    return held


def _together(platform: str, found: Sequence[Sequence[_Span]]) -> Band:
    """The shares of the mean conversation: a long one counts no more than a short one."""
    shares: Counter[str] = Counter()
    for spans in found:
        held = _held(spans)
        whole = held.total() or 1.0
        for owner, seconds_held in held.items():
            shares[owner] += seconds_held / whole / len(found)  # type: ignore[assignment]
    count = f"{len(found)} conversation{'s'[: len(found) != 1]}"
    return Band(platform_title(platform), platform, tuple(_shares(shares)), count)


def _shares(shares: Counter[str]) -> Iterator[Stretch]:
    x = 0.0
    for owner in _ORDER:
        width = round(shares[owner] * 100, 2)
        if width:
            yield Stretch(owner, round(x, 2), width, f"{OWNERS[owner]}: {width:.0f} % of the time")
        x += width


def _alone(one: Conversation, spans: Sequence[_Span]) -> Band:
    begins, whole = spans[0][2], max(spans[-1][3] - spans[0][2], 0.001)
    stretches = tuple(
        Stretch(
            owner,
            round((start - begins) / whole * 100, 2),
            round((end - start) / whole * 100, 2),
            f"{owner_label(owner, holder)}, for {seconds(end - start)}",
        )
        for owner, holder, start, end in spans
    )
    queue = _held(spans)["queue"]
    facts = f"{seconds(whole)}, in the queue {seconds(queue)}"
    return Band(one.case.name, one.case.platform, stretches, facts, one.anchor)
