"""Choices by number, for every platform without buttons."""

from __future__ import annotations

import pytest

from chatdrill.engine.expect import expect
from chatdrill.engine.match import matches
from chatdrill.model import Button, Message, Press
from chatdrill.wire import numbered, typed, with_choices, without_choices


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Which?\n1. Yes\n2. No", ["Yes", "No"]),
        ("1) Yes\n2) No thanks, bye", ["Yes", "No thanks, bye"]),
        ("1: a\n2: b\n\nReply with the number", ["a", "b"]),
        ("1 - a\n2 – b", ["a", "b"]),
        ("1️⃣ a\n2️⃣ b", ["a", "b"]),
        ("Steps\n1. fold\n2. post\nThen?\n1. Done\n2. Help", ["Done", "Help"]),
        ("1. a\n3. c", ["a"]),
        ("Order 553\n10:30\n1-2 days\n12. May", []),
        ("2. b\n3. c", []),
        ("", []),
    ],
)
def test_the_last_lines_that_count_from_one_are_choices(text: str, titles: list[str]) -> None:
    found = numbered(text)
    assert [button.title for button in found.buttons] == titles if found else titles == []


def test_long_lists_and_long_lines_take_no_time() -> None:
    assert numbered("1. x" + " " * 100_000 + "\n" * 10_000) is not None
    assert numbered("\n".join(f"{number}. x" for number in range(1, 200))).buttons[-1].payload == "99"  # type: ignore[union-attr]


def test_a_press_is_the_number_and_that_of_no_message_its_words() -> None:
    button = Button(title="No", kind="reply", payload="2")
    assert [typed(Press(button=button, message_id=id)).parts[0].text for id in ("SM1", None)] == ["2", "No"]  # type: ignore[union-attr]


def test_expectations_see_choices_as_buttons_and_the_text_without_them() -> None:
    text = "Order 554 is being packed.\n\n1. Return\n2. Call a person"
    message = Message(ids=("1",), author="bot", parts=with_choices(text), at=0.0)
    assert matches(expect(text="Order 554 is being packed.", buttons=["Return"]), message) is None
    assert (
        matches(expect(text=text), message) is None
        and matches(expect(one_of=["x", "Order 554 is being packed."]), message) is None
    )
    assert str(matches(expect(buttons="none"), message)).startswith("has buttons")
    assert without_choices("a\n1. b\nc") == "a\nc"
