"""Fuzzing specimens: what the fuzzer finds is told with the smallest chat, and who does right is not accused."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from types import SimpleNamespace as Line

import pytest

from chatdrill_scenarios.zoo.catalogue import SPECIMENS
from chatdrill_scenarios.zoo.promises import PROMISES
from chatdrill_scenarios.zookeeper.hunting import alarms, hunt, rounds, speakers
from chatdrill_scenarios.zookeeper.playing import Place
from chatdrill_scenarios.zookeeper.watching import Looks, place_of, watch

BY_NAME = {one.name: one for one in SPECIMENS}
PARROT = Place("chatdrill_scenarios.zoo.shapes:answering", "telegram")


@pytest.fixture
def untidy() -> Iterator[None]:
    """What a bot with a defect leaves open is not the next test's."""
    yield
    gc.collect()


def said(*lines: tuple[str, str]) -> Line:
    """Where the customer is in capitals, a button was pressed."""
    chat = [
        Line(n=n, who=who.lower(), kind="message" if who.islower() else "press", text=text)
        for n, (who, text) in enumerate(lines)
    ]
    evidence = Line(acts=[], filed=[], tries_of=lambda _acts: [])
    return Line(lines=chat, heard=[one for one in chat if one.who == "bot"], evidence=evidence)


def test_rounds_grow_and_have_as_many_dialogs_as_were_asked_for() -> None:
    assert list(rounds(100)) == [(0, 25), (1, 50), (2, 25)]
    assert list(rounds(0)) == []


@pytest.mark.usefixtures("untidy")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_specimen_is_found_and_its_chat_is_as_short_as_the_one_written_by_hand() -> None:
    one = BY_NAME["answers after nine seconds"]
    with one.seeded():
        found = hunt(one, place_of(one), dialogs=25)
    assert (found.check, found.right, found.messages) == ("sla", True, len(one.minimum))
    assert found.chat[0].startswith("customer: ")


@pytest.mark.usefixtures("untidy")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_only_the_fuzzer_finds_counts_as_found_by_it() -> None:
    one = BY_NAME["fails after the work is done"]
    seen = watch(one.__class__(**{**vars(one), "where": ()}), Looks(suites=False, missed=25))
    assert seen.right and seen.by == "fuzz" and not seen.by_suite and seen.check == "acknowledged"


def test_what_scenarios_expect_names_no_cause_in_a_dialog_that_was_drawn() -> None:
    assert speakers(BY_NAME["loses captions"]) <= {"answered", *PROMISES}
    assert speakers(BY_NAME["gives up at a limit"]) >= {"calls-accepted"}


def test_a_correct_bot_that_is_not_the_shop_is_not_accused() -> None:
    fuzzed = alarms(PARROT, (), dialogs=25, faults="bad-day")
    assert (fuzzed.failures, fuzzed.problem, fuzzed.dialogs) == ([], None, 25)


def test_two_buttons_may_have_the_same_answer() -> None:
    said_twice = (("bot", "A photo, please"), ("bot", "A photo, please"))
    PROMISES["says_nothing_twice"](said(("CUSTOMER", "Damaged"), ("CUSTOMER", "Wrong size"), *said_twice))
    with pytest.raises(AssertionError):
        PROMISES["says_nothing_twice"](said(("CUSTOMER", "Damaged"), *said_twice))


def test_each_promise_of_the_shops_can_be_broken() -> None:
    broken = {
        "says_nothing_twice": said(("customer", "hi"), ("bot", "Hello"), ("bot", "Hello")),
        "has_words_for_everything": said(("customer", "hi"), ("bot", "greeting.first_time")),
    }
    fine = said(("customer", "hi"), ("bot", "Hello"), ("customer", "hi"), ("bot", "Hello"))
    assert set(broken) == set(PROMISES)
    for name, chat in broken.items():
        PROMISES[name](fine)
        with pytest.raises(AssertionError):
            PROMISES[name](chat)
