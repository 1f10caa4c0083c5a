"""Scenarios written out: loading what was written gives the scenario again, and what has no words is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.engine import steps
from chatdrill.engine.desk_steps import Forges, Restarts
from chatdrill.engine.durations import seconds, write_seconds
from chatdrill.engine.expect import Expectation, MessageRef, contains, expect
from chatdrill.engine.loader import load_path, load_scenarios
from chatdrill.engine.persona import PERSONAS, Persona, Spread
from chatdrill.engine.scenario import Scenario
from chatdrill.engine.verbs import Steps, album, contact, location, order, photo
from chatdrill.engine.writer import renumbered, write_scenario
from chatdrill.engine.yamlmarks import read_documents
from chatdrill.engine.yamltext import Block, Lines, block
from chatdrill.errors import ScenarioError
from scenario.test_docs import snippets

WHOLE = re.compile("0|[1-9][0-9]{0,16}")
PACKS = Path(__file__).parents[2] / "scenarios" / "chatdrill_scenarios" / "packs"
ODD = ("yes", "553", "10.50", "null", "- a", "a: b", "a #b", "{x}", "'\"", "last,", "---", "a\nb", "\u202e", "x" * 5000)
LONG = st.lists(st.text(max_size=9), min_size=20, max_size=40).map(" ".join)
TEXTS = st.text(max_size=40) | st.sampled_from(ODD) | LONG
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXTS.filter(lambda key: len(key) < 150), inner, max_size=4)
    ),
    max_leaves=12,
)


def again(scenario: Scenario, folder: Path, heading: str = "") -> Scenario:
    file = folder / "again.drill.yaml"
    file.write_text(write_scenario(scenario, heading), encoding="utf-8")
    (read,) = load_scenarios(file)
    return read


def numbered(scenario: Scenario) -> Scenario:
    return scenario.placed(renumbered(scenario.steps), (), file=None, line=None, folder="")


@pytest.mark.parametrize("scenario", load_path(PACKS), ids=lambda scenario: scenario.name)
def test_a_shipped_scenario_written_out_is_read_as_itself(scenario: Scenario, tmp_path: Path) -> None:
    assert again(scenario, tmp_path) == numbered(scenario)


def test_every_example_of_the_language_is_read_as_itself_and_together_they_have_all_steps(write, tmp_path) -> None:
    (greet,) = [shown for shown in snippets("text") if "greet.steps.yaml" in shown]
    write(greet, "common/greet.steps.yaml")
    kinds: set[type] = set()
    for example in snippets("yaml"):
        for scenario in load_scenarios(write(example)):
            assert again(scenario, tmp_path) == numbered(scenario)
            kinds |= {type(step) for step in scenario.steps}
    assert kinds >= set(steps.Step.__args__) - {Forges, Restarts}  # the page has them in words


PYTHON = (
    Scenario("Kinds").sends(photo("a.jpg", caption="Look: here")).sends(album("a.jpg", "b.jpg", caption="Both")),
    Scenario("Places").sends(location(52.00001, -0.00000012, name="Home")).sends(contact()).sends(contact("Al", "+4812")),
    Scenario("Baskets").sends(order("boots-42", {"id": "laces", "quantity": 2, "price": 3.5}, note="please")),
    Scenario("Answers").replies("last", says="this").replies("three", sends="a.jpg").presses(payload="GO", of="menu"),
    Scenario("Gaps").says("a", {"text": "b", "after": 0.25}, "553").says({"text": "x", "after": "1h30m", "forwarded": True}),
    Scenario("Hearing").hears("Hi", contains("a", "b", lacks="c"), within=2.5, in_order=True).hears("Hi", only=True),
    Scenario("Times", calendar="shop").reminded(after="24h ± 10m").hears("Hi", not_before="2h", due="09:15 next working day"),
    Scenario("Never").never("Hi", for_="2 days").never(contains("a")).hears_nothing(1.001).waits_until("monday 09:00"),
    Scenario("Media").hears(expect("none", media="sticker", size="10kB..2MB", location=[1.5, 2], contact="any", buttons=())),
    Scenario("Luck", faults="flaky-mobile, delay 1s-4s 10%").blocks().unblocks(),
    Scenario("Two", customers={"anna": {"locale": "pl_PL"}, "ben": {"persona": {"name": "angry", "burst": [1]}}})
    .says("Hi", by="ben")
    .reacts(None)
    .bot_restarts(),
    Scenario("Start", starts="2026-03-01 09:30:15 Europe/Warsaw", clock="virtual", calendar={"zone": "Europe/Warsaw", "hours": {"mon-fri": "09:00-17:00"}}).waits(90),
    Scenario("Branches").when("{platform} == telegram", Steps().says("a").when("{locale} == pl_PL", Steps().says("d")), Steps().says("e")).says("f"),
    Scenario("Desk", agents={"ann": {"accepts": "told"}, "bob": None, "eve": {"accepts": "never"}}).agent_accepts("ann").agent_sends("a.jpg", agent="ann").forges("stale", text="x").rates(5, comment="ok"),
)  # fmt: skip


@pytest.mark.parametrize("scenario", PYTHON, ids=lambda scenario: scenario.name)
def test_a_scenario_made_in_python_is_read_as_itself(scenario: Scenario, tmp_path: Path) -> None:
    assert again(scenario, tmp_path, heading="Why it is here.\n\nAnd how.") == scenario


def with_step(step: steps.Step) -> Scenario:
    return Scenario("x").placed([step], [""], file=None, line=None, folder="")


UNWRITABLE = {
    "'expectations' would be read as": with_step(steps.Hears(expectations=(Expectation(text="none"),))),
    "this 'says' step": with_step(steps.Says(pieces=(steps.Piece("a"), steps.Piece("b")), forwarded=True)),
    "half a character": with_step(steps.Says(pieces=(steps.Piece("\ud83d"),))),
    "it would be read as": with_step(steps.Eventually(expectations=(Expectation(text="a"),), optional=True)),
    "this 'presses' step": with_step(steps.Presses(title="a", of=MessageRef("menu"))),
    "it is none of": Scenario("x", persona=Persona(name="own", think=Spread(1))).says("a"),
    "'starts_at' of 'x'": Scenario("x", starts=0.5).says("a"),
    "expected a phone number": Scenario("x", customer={"phone": "5"}).says("a"),
}


@pytest.mark.parametrize("why", UNWRITABLE)
def test_what_the_language_has_no_words_for_is_refused_by_name(why: str) -> None:
    with pytest.raises(ScenarioError, match=why):
        write_scenario(UNWRITABLE[why])


@given(DATA)
def test_plain_data_is_read_as_it_was(value: Any) -> None:
    for shape in ({"key": value}, {"key": Lines([value, value])}, {"key": Lines([Block({"a": value, "b": value})])}):
        (document,) = read_documents("\n".join(block(shape)) + "\n", "x")
        assert document.data == shape


@given(st.lists(TEXTS, min_size=1, max_size=4), st.sampled_from(sorted(PERSONAS)))
def test_any_words_in_any_place_are_read_as_they_were(words: list[str], persona: str) -> None:
    scenario = Scenario("x", persona=persona, facts={"a": words[0]}, data=[{"b": word} for word in words])
    scenario = scenario.says(*words).hears(contains(*words, buttons=words)).edits(words[0]).agent_says(words[-1])
    (document,) = read_documents(write_scenario(scenario), "x")
    read = document.data
    assert read["data"] == [{"b": int(word) if WHOLE.fullmatch(word) else word} for word in words]
    assert read["steps"][0]["says"] in (words, words[0]) and read["steps"][1]["hears"]["buttons"] == words


@given(st.integers(0, 10**9).map(lambda value: value / 1000) | st.floats(0, 3e9) | st.integers(0, 3 * 10**9))
def test_a_duration_is_read_as_the_same_number_of_seconds(value_s: float) -> None:
    assert seconds(write_seconds(value_s)) == value_s


@pytest.mark.parametrize(
    ("value_s", "text"),
    [(0, "0s"), (0.25, "250ms"), (2.5, "2.5s"), (90, "1m30s"), (172800, "2d"), (5400, "1h30m"), (604800, "7d")],
)
def test_a_duration_is_written_as_people_write_it(value_s: float, text: str) -> None:
    assert write_seconds(value_s) == text
