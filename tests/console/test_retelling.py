"""What was done by hand becomes a scenario that says it again: bursts, pauses, reminders, and words that mean nothing else."""

from __future__ import annotations

from typing import Any

from chatdrill.clock import WallClock
from chatdrill.console.retelling import Retelling
from chatdrill.engine.scenario import Scenario
from chatdrill.engine.steps import Edits, Hears, Presses, Reminded, Says, Starts, Waits
from chatdrill.engine.writer import write_scenario
from chatdrill.model import (
    Blobs,
    Button,
    Edit,
    Keyboard,
    Message,
    Press,
    Sent,
    Start,
    Text,
    Typing,
    Write,
)
from chatdrill.trace import Acted, Recorder, Took

CONV = "by hand/anna"


class Told:
    """A conversation that happens at given seconds."""

    def __init__(self, *convs: str) -> None:
        self.recorder = Recorder(WallClock())
        keys = {conv: (conv.rpartition("/")[2], Blobs()) for conv in convs or (CONV,)}
        self.retelling = Retelling(keys)
        self.number = 0

    def act(self, at: float, act: Any, conv: str = CONV) -> str:
        self.number += 1
        id = f"c{self.number}"
        self.retelling.take(self.recorder.record(Acted, at=at, conv=conv, act=act, ids=(id,)))
        return id

    def say(self, at: float, text: str, conv: str = CONV) -> str:
        return self.act(at, Write(parts=(Text(text=text),)), conv)

    def bot(self, at: float, *more: Any, conv: str = CONV) -> None:
        self.number += 1
        message = Message(ids=(f"b{self.number}",), author="bot", parts=(Text(text="hello"), *more), at=at)
        self.retelling.take(
            self.recorder.record(Took, at=at, conv=conv, platform="x", effect=Sent(to="1", message=message))
        )

    @property
    def steps(self) -> list[Any]:
        return list(self.retelling.steps())


def scenario_of(steps: list[Any]) -> Scenario:
    return Scenario("x").placed(steps, ("",) * len(steps), file=None, line=None, folder="")


def test_messages_close_together_are_one_burst_with_its_gaps():
    told = Told()
    told.say(0, "one"), told.say(1.5, "two"), told.say(40, "three")
    first, wait, second = told.steps
    assert [(piece.text, piece.after_s) for piece in first.pieces] == [("one", None), ("two", 1.5)]
    assert wait == Waits(seconds=38.0) and isinstance(second, Says) and second.pieces[0].text == "three"


def test_an_answer_is_expected_by_its_structure_and_not_by_its_words():
    told = Told()
    told.say(0, "Hi")
    told.bot(1, Keyboard(style="inline", rows=((Button(title="Yes", kind="callback"),),)))
    told.bot(2)
    heard = told.steps[1]
    assert type(heard) is Hears and [each.parts for each in heard.expectations] == [
        ("text", "keyboard.inline"),
        ("text",),
    ]


def test_a_long_silence_of_the_customer_is_a_pause_and_of_the_bot_a_reminder():
    told = Told()
    told.say(0, "Hi"), told.bot(1), told.bot(86_400), told.say(90_000, "back")
    kinds = [type(step) for step in told.steps]
    assert kinds == [Says, Hears, Reminded, Waits, Says]
    assert "reminded: {parts: [text], after: 1d ± 2h24m}" in write_scenario(scenario_of(told.steps))


def test_two_who_talk_at_the_same_time_stand_in_the_order_in_which_they_began():
    told = Told(CONV, "by hand/ben")
    told.say(0, "a"), told.say(1, "b", "by hand/ben"), told.bot(2), told.bot(3, conv="by hand/ben")
    assert [(step.customer, type(step)) for step in told.steps] == [
        ("anna", Says),
        ("ben", Says),
        ("anna", Hears),
        ("ben", Hears),
    ]


def test_braces_that_a_customer_writes_are_no_variables():
    told = Told()
    told.say(0, "{name} and {{x}}")
    assert told.steps[0].pieces[0].text != "{name} and {{x}}"


def test_an_edit_finds_its_message_and_a_button_goes_by_its_title():
    told = Told()
    first = told.say(0, "oder")
    told.say(30, "more")
    told.act(31, Edit(message_id=first, parts=(Text(text="order"),)))
    told.act(32, Press(button=Button(title="Yes", kind="callback"), message_id="b9"))
    told.act(33, Start(payload="ord_5"))
    edits, presses, starts = (step for step in told.steps if not isinstance(step, Says | Waits))
    assert isinstance(edits, Edits) and edits.message.text == "oder" and edits.text == "order"
    assert presses == Presses(title="Yes") and starts == Starts(payload="ord_5")


def test_what_the_language_has_no_words_for_is_said():
    told = Told()
    told.act(0, Typing()), told.say(1, "Hi")
    assert len(told.steps) == 1 and list(told.retelling.notes) == ["that a customer typed is left out"]
