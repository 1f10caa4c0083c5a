"""Which cases are chosen by their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from chatdrill.engine.cases import Case
from chatdrill.engine.copies import copied, repeated
from chatdrill.errors import UsageError
from chatdrill.run.registry import platform_names
from chatdrill.run.selection import find_scenarios, make_cases, narrow, spread
from shipped import shipped


@pytest.fixture
def found(tmp_path: Path) -> Sequence[Case]:
    for word in ("hello", "bye"):
        (tmp_path / f"{word}.drill.yaml").write_text(f"name: {word}\nsteps:\n  - says: {word}\n", "utf-8")
    cases = make_cases(find_scenarios([tmp_path]), ["telegram", "whatsapp"])
    return [replace(case, id=case.id.rpartition("::")[2]) for case in cases]


def test_a_conversation_of_a_load_is_chosen_by_its_own_name(found: Sequence[Case]) -> None:
    (one,) = narrow(found, only=["hello [telegram] #0-36"])
    assert (one.id, one.platform, one.scenario.name) == ("hello [telegram] #0-36", "telegram", "hello")


def test_a_repeat_is_chosen_by_its_own_name_and_stays_one(found: Sequence[Case]) -> None:
    chosen = narrow(found, only=["hello [telegram] ~3", "bye [telegram]"])
    assert [case.id for case in repeated(chosen, 2)] == [
        "bye [telegram] ~1",
        "bye [telegram] ~2",
        "hello [telegram] ~3",
    ]


def test_once_is_no_repeat(found: Sequence[Case]) -> None:
    assert repeated(found, 1) == list(found)


def test_an_id_says_of_what_it_is_a_copy() -> None:
    assert copied("hello [telegram] ~12") == ("hello [telegram]", 12)
    assert copied("hello [telegram] #0-36") == ("hello [telegram]", None)
    assert copied("hello [telegram] [who=~3]") is None


def test_beside_such_a_conversation_others_can_be_chosen(found: Sequence[Case]) -> None:
    chosen = narrow(found, only=["bye [whatsapp]", "bye [whatsapp] #2-7"])
    assert [case.id for case in chosen] == ["bye [whatsapp]", "bye [whatsapp] #2-7"]


@pytest.mark.parametrize(
    "identity",
    [
        "hallo [telegram] #0-36",
        "hello [telegram] #36",
        "hello [telegram]#0-1",
        "hello [telegram] ~0",
        "hello [telegram]~1",
    ],
)
def test_a_name_that_no_case_has_is_refused(found: Sequence[Case], identity: str) -> None:
    with pytest.raises(UsageError, match="there is no case"):
        narrow(found, only=[identity])


def test_each_scenario_is_played_on_so_many_platforms_and_all_have_their_turn() -> None:
    cases = make_cases(shipped("orders"), platform_names())
    left = spread(cases, 2)
    each = Counter((id(case.scenario), case.platform) for case in left)
    assert set(Counter(scenario for scenario, _ in each).values()) <= {1, 2}
    assert {case.scenario.name for case in left} == {case.scenario.name for case in cases}
    assert {case.platform for case in left} == set(platform_names())
    assert spread(cases, 99) == cases
