"""What a bot leaves of conversations that are over, and what it may."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chatdrill.fuzz import Fuzzed
from chatdrill.fuzz.leaking import MEMORY_MAX, Reading, leaks

Fuzzing = Callable[..., Fuzzed]


@pytest.mark.parametrize(
    ("name", "words"),
    [("hoarding", ["KiB of every conversation", "files or sockets open"]), ("idling", ["tasks running"]), ("good", [])],
)
def test_what_a_bot_leaves_of_every_conversation_is_found(fuzzing: Fuzzing, name: str, words: list[str]) -> None:
    found = [one.message for one in fuzzing(name, dialogs=1, leaks=True).failures if one.check == "leaks"]
    assert len(found) == len(words) and all(word in message for word, message in zip(words, found, strict=True))


def test_what_grows_once_is_a_cache() -> None:
    much = 10 * MEMORY_MAX
    assert not leaks([Reading(0, 3, 9), Reading(40 * much, 43, 49), Reading(40 * much, 43, 49)], 40)
    assert len(leaks([Reading(0, 3, 9), Reading(40 * much, 43, 49), Reading(80 * much, 83, 89)], 40)) == 3


def test_remembering_customers_is_no_leak() -> None:
    assert not leaks([Reading(40 * 8_000 * number, 3, 9) for number in range(3)], 40)
