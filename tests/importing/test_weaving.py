"""From turns to steps: pauses, bursts, strictness, agents, edits, files; and what is written loads again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.engine.scenario import Scenario
from chatdrill.engine.verbs import Steps
from chatdrill.engine.writer import write_scenario
from chatdrill.importing.dialog import Attached, Card, Place, Turn
from chatdrill.importing.weaving import Manner, clean, weave
from importing.kit import story


def files(attached):
    return f"a-{attached.kind}.bin", attached.kind


def woven(*said, sees_buttons=False, **manner):
    return weave(said, Manner(**manner), files, sees_buttons=sees_buttons)


def told(*said, **manner):
    made = woven(*said, **manner)
    return story(Scenario("x").plus(Steps(tuple(made.steps))))


def customer(at, text="", **more):
    return Turn(at=at, who="Anna", text=text, **more), "customer"


def bot(at, text="", **more):
    return Turn(at=at, who="Bot", text=text, **more), "bot"


def agent(at, text="", who="Bob", **more):
    return Turn(at=at, who=who, text=text, **more), "agent"


def test_close_messages_are_a_burst_and_a_long_pause_is_waited():
    said = (
        customer(0, "Hi"),
        customer(4, "order 553"),
        customer(300, "hello?"),
        bot(302, "Yes?"),
        customer(362, "where?"),
    )
    assert told(*said) == ["says Hi | order 553", "waits 296", "says hello?", "hears none", "waits 60", "says where?"]
    assert woven(*said).steps[0].pieces[1].after_s == 4.0


def test_pauses_can_be_scaled():
    assert told(customer(0, "a"), customer(1000, "b"), pauses=0.1) == ["says a", "waits 100", "says b"]


def test_how_much_of_the_bots_words_is_expected():
    said = customer(0, "Hi"), bot(1, "Hello!"), customer(9, "bye")
    assert told(*said)[1] == "hears none" and told(*said, expect="wording")[1] == "hears Hello!"
    assert told(*said, expect="none") == ["says Hi", "waits 9", "says bye"]


def test_buttons_are_expected_where_the_export_has_them():
    said = customer(0, "Hi"), bot(1, "Pick", buttons=("A", "B")), bot(2, "ok")
    first, second = (step.expectations[0] for step in woven(*said, sees_buttons=True).steps[1:])
    assert [button.title for button in first.buttons] == ["A", "B"] and second.buttons == ()
    assert woven(*said).steps[2].expectations[0].buttons is None


def test_a_slow_bot_may_be_slow_again_and_one_that_speaks_hours_later_reminds():
    slow = woven(customer(0, "Hi"), bot(40, "wait"), bot(90_000, "still there?"))
    assert slow.steps[1].within_s == 80 and slow.needs_virtual
    assert (slow.steps[2].not_before, slow.steps[2].by) == (45_000, 135_000)


def test_a_bot_that_speaks_first_was_started():
    assert told(bot(0, "Welcome"), customer(2, "Hi")) == ["starts", "hears none", "waits 2", "says Hi"]


def test_agents_work_at_the_desk_and_the_customer_hears_them():
    said = (
        customer(0, "help"),
        agent(30, "Hello, Bob here"),
        agent(31, "odd", private=True),
        customer(40, "thanks"),
        agent(50, "Ola", who="Ola"),
        agent(60, does="closes"),
    )
    made = told(*said)
    assert made[:4] == ["says help", "handoff", "says", "hears ('Hello, Bob here',)"]
    assert made[4:] == [
        "waits 1",
        "notes",
        "waits 9",
        "says thanks",
        "agent_sees",
        "waits 10",
        "transfers",
        "says",
        "hears ('Ola',)",
        "closes",
    ]
    assert woven(*said).agents == {"agent1": "Bob", "agent2": "Ola"}
    assert told(*said[:2], agents="bot") == ["says help", "hears none"] and told(*said[:2], agents="none") == [
        "says help"
    ]


def test_edits_deletions_presses_and_reactions_are_done_again():
    said = (
        customer(0, "teh order", id="1"),
        customer(1, "more", id="2"),
        customer(2, "the order", does="edits", of="1"),
        customer(3, does="deletes", of="2"),
        customer(4, "Track", does="presses", payload="t"),
        customer(5, "👍", does="reacts"),
    )
    steps = [step for step in woven(*said).steps if type(step).__name__ != "Waits"]
    assert [type(step).__name__ for step in steps] == ["Says", "Edits", "Deletes", "Presses", "Reacts"]
    assert steps[1].message.text == "teh order" and steps[2].message.text is None and steps[3].title == "Track"


def test_files_places_and_cards_are_sent():
    photos = tuple(Attached(kind="photo") for _ in range(2))
    said = (
        customer(0, "both", files=photos),
        customer(9, place=Place(latitude=1, longitude=2)),
        customer(20, card=Card(name="Jan", phone="1")),
    )
    assert [line for line in told(*said) if line.startswith("sends")] == [
        "sends photo, photo",
        "sends Location",
        "sends Contact",
    ]


def test_braces_of_a_customer_are_no_names():
    (step,) = woven(customer(0, "{order} {{x}} {")).steps
    text = write_scenario(Scenario("x").plus(Steps((step,))))
    assert "{{order}}" in text


def test_halves_of_characters_and_zeros_are_mended():
    assert clean("a\ud83db\0c e\u0301") == "a\ufffdbc é" and clean("\ud83d\ude00") == "😀"


WORDS = st.text("abcй 🌸\n\t{}'\"#:-&*!|>%@[]\\~\u202e\u0000,.1", max_size=30).map(clean)
TURNS = st.builds(
    Turn,
    at=st.floats(0, 1e6).map(lambda at: round(at, 1)),
    who=st.just("x"),
    text=WORDS,
    does=st.sampled_from(["writes", "writes", "writes", "edits", "deletes", "presses", "starts", "reacts", "closes"]),
    id=st.none() | st.sampled_from("123"),
    of=st.none() | st.sampled_from("123"),
    reply_to=st.none() | st.sampled_from("129"),
    payload=st.none() | WORDS,
    files=st.lists(
        st.builds(Attached, kind=st.sampled_from(["photo", "document", "sticker", "voice"]), name=st.none() | WORDS),
        max_size=2,
    ).map(tuple),
    buttons=st.lists(WORDS.filter(bool), max_size=2).map(tuple),
    forwarded=st.booleans(),
)
SAID = st.lists(st.tuples(TURNS, st.sampled_from(["customer", "customer", "bot", "agent"])), max_size=8)


@given(SAID, st.sampled_from(["structure", "wording", "none"]), st.booleans())
def test_whatever_was_said_can_be_written_and_read_again(said, expect, sees_buttons):
    said = sorted(said, key=lambda one: one[0].at)
    made = weave(said, Manner(expect=expect), files, sees_buttons=sees_buttons)
    agents = {key: {"name": "B"} for key in made.agents}
    if made.steps:
        write_scenario(Scenario("x", agents=agents).plus(Steps(tuple(made.steps))))  # it reads every step again itself


@pytest.mark.parametrize(
    "text",
    [
        "none",
        "last",
        "~",
        "null",
        "- a",
        "a: b # c",
        "'",
        '"',
        "\\",
        "{",
        "[x]",
        "*",
        "&a",
        "true",
        "12",
        " lead",
        "\u202egnirts",
        "<b>",
        "\t",
    ],
)
def test_texts_that_mean_something_elsewhere_are_texts(text):
    made = woven(customer(0, text, id="1"), bot(1, text), customer(2, text, does="edits", of="1"), expect="wording")
    write_scenario(Scenario("x").plus(Steps(tuple(made.steps))))
