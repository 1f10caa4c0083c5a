"""Who had the conversation: the words of the band beside the chat, and its stretches on the axis of days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from chatdrill.trace.transcript import Item
from chatdrill.trace.transcript.phrases import length, one_line

OWNERS: Mapping[str, str] = {"bot": "Bot", "queue": "Queue", "agent": "Agent", "none": "Nobody"}
_NAME_MAX = 30
_LABEL_FROM = 9.0  # percent of the width; a narrower stretch has its words only as a tooltip


def owner_label(owner: str | None, holder: str = "") -> str:
    """``Bot``, ``Queue``, an agent's name, ``Nobody``."""
    return one_line(holder, _NAME_MAX) or OWNERS.get(owner or "", "")


@dataclass(frozen=True)
class Reign:
    """A stretch with one owner: percent of the width, the label if there is room for it, and all words."""

    owner: str
    x: float
    width: float
    label: str
    words: str


def reigns(items: Iterable[Item], x: Callable[[float], float]) -> Iterator[Reign]:
    """The stretches of a conversation with one customer; ``x`` places a moment on the axis."""
    spans: list[tuple[str, str, float]] = []
    last_at = 0.0
    for item in items:
        last_at = item.at
        if item.owner is not None and (not spans or spans[-1][:2] != (item.owner, item.holder)):
            spans.append((item.owner, item.holder, item.at))
    ends = [*(at for _, _, at in spans[1:]), last_at]
    for (owner, holder, begins), end in zip(spans, ends, strict=False):  # without a desk there are no spans
        left, width = x(begins), round(x(end) - x(begins), 2)
        label = owner_label(owner, holder)
        yield Reign(owner, left, width, label if width >= _LABEL_FROM else "", f"{label}, for {length(end - begins)}")
