"""What the shop promises in every dialog, beside the laws that all bots keep: properties for the fuzzer, as a user would write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

_KEY = re.compile(r"[a-z]+(?:[._][a-z]+)+")


def says_nothing_twice(chat: Any) -> None:
    """Nothing is said again before the bot has heard something of the customer, who may have said it long ago. Each thing that the
    customer said may have an answer of its own, and those may be alike."""
    heard, due = list(_heard(chat.evidence)), 0
    entries = [getattr(record.event, "entry", None) for record in chat.evidence.filed]
    of_agents = {entry.text for entry in entries if entry is not None and entry.author == "agent"}
    lines = (line for line in chat.lines if line.who == "customer" or line.text not in of_agents)
    for is_customer, turn in groupby(lines, lambda line: line.who == "customer"):
        if is_customer:
            due = sum(line.kind in ("message", "press", "start") for line in turn)
            continue
        for (kind, words), same in groupby(turn, lambda line: (line.kind, line.text)):
            first, *again = same
            if kind == "message" and words and again:
                asked = sum(first.n < n < again[-1].n for n in heard)
                assert len(again) < max(due, 1) + asked, "the same was said twice in a row"


def _heard(evidence: Any) -> Iterator[int]:
    """The records by which the bot was first told of what the customer did."""
    for act in evidence.acts:
        first = next((attempt for attempt in evidence.tries_of([act]) if attempt.ok), None)
        if act.cause != "platform" and first is not None:
            yield first.n


def has_words_for_everything(chat: Any) -> None:
    """No customer reads the name of a text."""
    for line in chat.heard:
        assert not _KEY.fullmatch(line.text), "the name of a text was sent"


PROMISES: dict[str, Callable[[Any], None]] = {
    one.__name__: one for one in (says_nothing_twice, has_words_for_everything)
}
