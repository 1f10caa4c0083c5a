"""The customer half of a trace becomes steps: every act after the pause that it had, and patience for what was heard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chatdrill.engine.steps import Deletes, Edits, Happens, Hears, Presses, Reacts, Says, Sends, Starts, Waits
from chatdrill.errors import UsageError
from chatdrill.model import Block, Button, Delete, Edit, Event, Press, React, Start, Text
from chatdrill.replaying import Planned, plan
from chatdrill.trace import Acted, StepEnded
from comparing.kit import Script

PHOTO = {"shoe-front.jpg": Path("/samples/shoe-front.jpg")}


def planned(script: Script, **options: Any) -> Planned:
    return plan(script.over(), platforms=["telegram"], files={}, samples=PHOTO, **options)


def steps(script: Script, **options: Any) -> list[Any]:
    (case,) = planned(script, **options).cases
    return list(case.steps)


def act(script: Script, act: Any, **fields: Any) -> Script:
    return script._add(Acted, 1.0, act=act, **{**script._of, **fields})


def test_words_come_at_the_distance_from_what_was_heard() -> None:
    made = steps(Script().says("Hi").hears("Hello", after=2.0).says("Bye", after=7.5))
    assert [type(step) for step in made] == [Says, Hears, Waits, Says]
    assert made[0].pieces[0].text == "Hi" and made[0].scripted and made[1].optional and made[2].seconds == 7.5


def test_a_burst_keeps_its_gaps() -> None:
    made = steps(Script().says("I").says("have", after=0.6).says("time", after=1.25))
    assert [step.seconds for step in made if isinstance(step, Waits)] == [0.6, 1.25]


def test_as_many_messages_are_waited_for_as_came_and_the_last_ones_too() -> None:
    made = steps(Script().says("Hi").hears("One").hears("Two").says("Bye").hears("Three"))
    assert [len(step.expectations) for step in made if isinstance(step, Hears)] == [2, 1]


def test_a_slow_answer_is_given_more_time_and_a_reminder_is_waited_for_by_the_clock() -> None:
    slow = steps(Script().says("Hi").hears("Hello", after=20.0))
    late = steps(Script().says("Hi").hears("Still there?", after=3600.0))
    assert (
        slow[1].within_s == 40.0 and [type(step) for step in late] == [Says, Waits, Hears] and late[1].seconds == 3599.0
    )


def test_a_button_is_pressed_by_its_title() -> None:
    pressed = steps(Script().says("Hi").hears("Sure?", "Yes").presses("Yes"))[-1]
    menu = steps(act(Script(), Press(button=Button(title="Help", kind="postback", payload="H"))))[-1]
    assert pressed == Presses(title="Yes") and menu == Presses(title="Help", payload="H", menu=True)


def test_a_file_beside_the_trace_is_sent_and_a_sample_stands_for_others() -> None:
    script = Script().sends("photo", sha256="ab").sends("photo")
    (case,) = plan(script.over(), platforms=["telegram"], files={"ab": Path("/run/media/ab")}, samples=PHOTO).cases
    sent = [step.contents[0].file for step in case.steps if isinstance(step, Sends)]
    assert sent == ["ab", "shoe-front.jpg"] and case.files["ab"] == Path("/run/media/ab")


def test_what_was_changed_and_taken_back_is_found_by_its_words() -> None:
    script = Script().says("Hi").says("Bye")
    first = next(record.ids[0] for record in script.records if isinstance(record, Acted))
    act(script, Edit(message_id=first, parts=(Text(text="Hi there"),)))
    act(script, Delete(message_id=first))
    act(script, React(message_id="b", emoji="👍"))
    made = [step for step in steps(script) if isinstance(step, Edits | Deletes | Reacts)]
    assert made[0].text == "Hi there" and made[0].message.text == "Hi" and made[1].message.text == "Hi there"


def test_the_person_and_the_date_are_those_of_the_trace() -> None:
    (case,) = planned(act(Script(), Start(payload="flyer")), keeps_dates=True).cases
    assert case.scenario.customers[0].given["first_name"] == "Anna" and case.scenario.starts_at == 1000.0
    assert (
        case.steps[0] == Starts(payload="flyer") and case.is_improvised and case.id == "drills/a.yaml::Order [telegram]"
    )


def test_what_the_platform_did_by_itself_is_not_played() -> None:
    made = planned(act(Script().says("Hi"), Block(), cause="platform"))
    assert [type(step) for step in made.cases[0].steps] == [Says]


def test_what_only_a_vendor_can_make_is_left_out_and_said() -> None:
    script = act(Script(settings={"recorded": True}).says("Hi"), Event(name="poll_answer", data={}))
    made = planned(script)
    assert made.notes == ["left out: the event poll_answer, which only the vendor can make (1 conversation)"]


def test_an_event_that_customers_bring_about_happens_again() -> None:
    script = act(Script(settings={"recorded": True}).says("Hi"), Event(name="keys", data={"digits": "1"}))
    made = planned(script, deeds={"telegram": frozenset(("keys",))})
    assert not made.notes and made.cases[0].steps[-1] == Happens(
        platform="telegram", event="keys", data={"digits": "1"}
    )


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (Script(), "the customer did nothing"),
        (Script().hears("Hello"), "the customer did nothing"),
    ],
)
def test_a_trace_that_leaves_nothing_to_play_says_why(script: Script, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        planned(script)


def test_a_platform_that_is_left_out_is_named() -> None:
    with pytest.raises(UsageError, match="not played, for telegram is left out"):
        plan(Script().says("Hi").over(), platforms=["viber"], files={}, samples={})


def test_the_silence_that_was_listened_to_is_kept() -> None:
    silent = Script().says("Hi").hears("Hello", after=2.0)
    silent._add(StepEnded, 300.0, **silent._of, step=3, outcome="met")
    assert [type(step) for step in steps(silent)] == [Says, Hears, Waits] and steps(silent)[2].seconds == 300.0
