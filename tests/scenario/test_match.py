from __future__ import annotations

import pytest

from chatdrill.engine.assigning import assign
from chatdrill.engine.expect import MessageRef, contains, expect, media, one_of, regex
from chatdrill.engine.match import captured, find_button, find_message, matches, nearest, part_name
from chatdrill.engine.steps import Presses
from chatdrill.model import Button, Card, Carousel, Contact, File, Keyboard, Location, Media, Other, Template, Text

YES = Keyboard(style="inline", rows=((Button(title="Yes", kind="callback", payload="Y"),),))
PHOTO = Media(kind="photo", file=File(sha256="ab" * 32, size_bytes=1500, mime="image/jpeg"))


@pytest.mark.parametrize(
    ("expectation", "text"),
    [
        (expect("Hello there"), " Hello\n there "),
        (contains("ON ITS", "way"), "It is on its way"),
        (one_of("Hi", "Hello"), "Hello"),
        (regex(r"R-\d+"), "case R-204"),
        (expect(lacks="error"), "fine"),
        (expect("caf\u00e9"), "cafe\u0301"),
    ],
)
def test_texts_that_match(said, expectation, text: str) -> None:
    assert matches(expectation, said(text)) is None


@pytest.mark.parametrize(
    ("expectation", "text", "why"),
    [
        (expect("Hello"), "hello", "text differs"),
        (contains("way", "home"), "on its way", "does not contain 'home'"),
        (one_of("Hi", "Hello"), "Hey", "text is none of the 2 expected"),
        (regex(r"R-\d+"), "case R-x", r"no match for 'R-\\d+'"),
        (expect(lacks="Error"), "an error", "contains 'Error'"),
        (expect("none"), "words", "has a text"),
    ],
)
def test_texts_that_differ_say_how(said, expectation, text: str, why: str) -> None:
    assert str(matches(expectation, said(text))) == why


@pytest.mark.parametrize(
    ("expectation", "why"),
    [
        (expect(button="Yes"), None),
        (expect(button={"payload": "Y"}), None),
        (expect(buttons=["Yes", "Track"]), "no button 'Track' (has: 'Yes')"),
        (expect(buttons="none"), "has buttons: 'Yes'"),
        (expect(parts=["text", "keyboard.inline"]), None),
        (expect(parts=["text"]), "the parts are text, keyboard.inline"),
        (expect(kind="keyboard"), None),
        (expect(kind="carousel"), "no part of the kind 'carousel' (has: text, keyboard.inline)"),
    ],
)
def test_buttons_and_parts(said, expectation, why: str | None) -> None:
    mismatch = matches(expectation, said("Sure?", YES))
    assert why == (mismatch and str(mismatch))


@pytest.mark.parametrize(
    ("expectation", "why"),
    [
        (media("photo"), None),
        (media(), None),
        (expect(mime="image/*", size="<2kB"), None),
        (media("voice"), "no voice (has: media.photo)"),
        (media("none"), "has a photo"),
        (expect(mime="image/png"), "the photo is image/jpeg, not image/png"),
        (expect(size=">2kB"), "the photo has 1500 bytes, expected at least 2001"),
        (expect(sha256="00" * 32, of="shoe.jpg"), "the photo is another file than shoe.jpg"),
        (expect(sha256="AB" * 32), None),
    ],
)
def test_media_by_kind_type_size_and_content(said, expectation, why: str | None) -> None:
    mismatch = matches(expectation, said("", PHOTO))
    assert why == (mismatch and str(mismatch))


@pytest.mark.parametrize(
    ("expectation", "part", "why"),
    [
        (expect(location=[52.2297, 21.0122]), Location(latitude=52.2299, longitude=21.0121), None),
        (expect(location=[52.2297, 21.0122]), Location(latitude=52.2397, longitude=21.0122), "1112 m away"),
        (expect(location="Shop"), Location(latitude=0, longitude=0, name="Home"), "the place is called 'Home'"),
        (expect(location="any"), PHOTO, "no location"),
        (expect(contact={"phone": "+48 500 000"}), Contact(name="A", phone="+48500000"), None),
        (expect(contact="boris"), Contact(name="Anna", phone="1"), "the contact is 'Anna'"),
        (expect(card="Boots"), Carousel(cards=(Card(title="Boots"),)), None),
        (expect(card="Boots"), Carousel(cards=(Card(title="Shoes"),)), "no card titled 'Boots' (has: 'Shoes')"),
        (expect(template="ready"), Template(name="ready", language="pl"), None),
        (expect(template={"name": "ready", "language": "en"}), Template(name="ready", language="pl"), "is in 'pl'"),
        (expect(template="ready"), PHOTO, "not the template 'ready'"),
    ],
)
def test_places_people_cards_and_templates(said, expectation, part, why: str | None) -> None:
    mismatch = matches(expectation, said("", part))
    assert (mismatch is None) if why is None else why in str(mismatch)


def test_an_edit_counts_only_where_an_edit_is_expected(said) -> None:
    edit = said("Done", edited_at=120.0)
    assert matches(expect("Done", edited=True), edit) is None
    assert str(matches(expect("Done"), edit)) == "an edit of an earlier message, not a new one"
    assert str(matches(expect("Done", edited=True), said("Done"))) == "not an edit of an earlier message"


def test_a_reply_is_known_by_the_words_it_quotes(said) -> None:
    known = {"1": said("order 553", ids=("1",), author="customer"), "2": said("Hi", ids=("2",), author="customer")}
    assert matches(expect("ok", reply_to="553"), said("ok", reply_to="1"), known) is None
    assert matches(expect("ok", reply_to="last"), said("ok", reply_to="2"), known) is None
    assert str(matches(expect("ok", reply_to="last"), said("ok", reply_to="1"), known)) == "replies to 'order 553'"
    assert str(matches(expect("ok", reply_to="last"), said("ok"), known)) == "not a reply"


def test_captures_are_the_named_groups_and_what_was_asked_for(said) -> None:
    want = regex(r"(?P<nr>\d+)-(\w)(x)?", capture={"letter": 2, "whole": "text", "nothing": 3})
    assert captured(want, said("no 204-b")) == {"nr": "204", "letter": "b", "whole": "no 204-b", "nothing": ""}


def test_messages_are_found_from_the_newest(said) -> None:
    messages = [said("order A"), said("Order B"), said("bye")]
    assert find_message(MessageRef(), messages) is messages[2]
    assert find_message(MessageRef("order"), messages) is messages[1]
    assert find_message(MessageRef("nothing"), messages) is None


def test_a_button_is_found_in_the_newest_message_that_has_it(said) -> None:
    messages = [said("one", YES), said("two", YES), said("three")]
    assert find_button(Presses(title="Yes"), messages) == (messages[1], YES.buttons[0])
    assert find_button(Presses(payload="Y", of=MessageRef("one")), messages) == (messages[0], YES.buttons[0])
    assert find_button(Presses(title="Yes", of=MessageRef()), messages) is None
    assert find_button(Presses(title="No"), messages) is None


def test_the_nearest_message_comes_with_its_difference(said) -> None:
    messages = [said("Welcome!"), said("Your order is on its wey"), said("Bye")]
    found = nearest(contains("on its way"), messages)
    assert found is not None
    assert (found.index, str(found.mismatch)) == (1, "does not contain 'on its way'")
    assert nearest(contains("x"), []) is None


def test_a_group_finds_a_place_for_everyone_where_there_is_one(said) -> None:
    messages = [said("A"), said("B"), said("?")]
    result = assign([regex("[AB]"), expect("A")], messages)
    assert (result.matched, result.unmet, result.extra) == ({0: 1, 1: 0}, [], [2])


def test_expectations_prefer_the_earliest_messages(said) -> None:
    assert assign([regex("."), regex(".")], [said("a"), said("b"), said("c")]).matched == {0: 0, 1: 1}


def test_order_is_kept_where_it_is_asked_for(said) -> None:
    result = assign([expect("A"), expect("B"), expect("C")], [said("B"), said("A"), said("C")], in_order=True)
    assert (len(result.matched), len(result.unmet), len(result.extra)) == (2, 1, 1)
    assert result.matched[2] == 2
    assert not result.complete


def test_a_group_gives_the_captures_of_what_it_matched(said) -> None:
    assert assign([regex("(?P<a>x.)"), regex("(?P<b>y.)")], [said("y1"), said("x1")]).captures == {"a": "x1", "b": "y1"}


def test_no_messages_leave_everything_unmet() -> None:
    assert assign([expect("A")], []).unmet == [0]
    assert assign([expect("A")], [], in_order=True).unmet == [0]


def test_parts_are_named_as_capabilities_name_them() -> None:
    parts = [Text(text="x"), PHOTO, YES, Other(kind="dice")]
    assert [part_name(part) for part in parts] == ["text", "media.photo", "keyboard.inline", "other.dice"]
