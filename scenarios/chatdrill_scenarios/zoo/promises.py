"""What the shop promises in every dialog, beside the laws that all bots keep: properties for the fuzzer, as a user would write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

_KEY = re.compile(r"[a-z]+(?:[._][a-z]+)+")


def says_nothing_twice(chat: Any) -> None:
    """Nothing is said again before the customer has said something."""
    for before, line in pairwise(one for one in chat.lines if one.who != "agent"):
        if before.who == line.who == "bot" and before.kind == line.kind == "message":
            assert not line.text or before.text != line.text, "the same was said twice in a row"


def has_words_for_everything(chat: Any) -> None:
    """No customer reads the name of a text."""
    for line in chat.heard:
        assert not _KEY.fullmatch(line.text), "the name of a text was sent"


PROMISES: dict[str, Callable[[Any], None]] = {
    one.__name__: one for one in (says_nothing_twice, has_words_for_everything)
}
