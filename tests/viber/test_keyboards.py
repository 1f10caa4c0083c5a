"""Keyboards and rich media: the schema, the API levels, and what the customer sees."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Carousel, Keyboard, Press
from viber.kit import BUTTON, Account, answer, keys, status

COLOUR = {"BgColor": "#FFFFFF", "TextBgGradientColor": "#aabbccdd"}
RICH = {
    "Type": "rich_media",
    "ButtonsGroupColumns": 6,
    "ButtonsGroupRows": 7,
    "Buttons": [
        {"Columns": 6, "Rows": 3, "ActionType": "open-url", "ActionBody": "https://a.test/1", "Image": "https://a.test/1.jpg"},
        {"Columns": 6, "Rows": 2, "ActionType": "none", "ActionBody": "", "Text": "<b>Tea</b> &amp; cup<br>120 ₴"},
        {"Columns": 6, "Rows": 2, "ActionType": "reply", "ActionBody": "buy:1", "Text": "Buy"},
        {"Columns": 6, "Rows": 7, "ActionBody": "buy:2", "Text": "<font color=#323232>Coffee</font>"},
    ],
}  # fmt: skip


def problem(account: Account, keyboard: Any, **fields: Any) -> str:
    handled = account.send(type="text", text="?", keyboard=keyboard, **fields)
    assert status(handled) == 3
    return str(answer(handled)["status_message"])


def test_the_known_answers_of_the_live_schema_are_given(talk: Account) -> None:
    missing = 'keyboard is not valid. [object has missing required properties (["Type"])]'
    short = "keyboard is not valid. [array is too short: must have at least 1 elements but instance has 0 elements]"
    assert problem(talk, {"Buttons": [BUTTON]}) == missing
    assert problem(talk, {"Type": "keyboard", "Buttons": []}) == short


WRONG = [
    ("x", "instance type (string)"),
    (keys(Type="rich_media"), "not found in enum"),
    ({"Type": "keyboard", "Buttons": {}}, "instance type (object)"),
    ({"type": "keyboard", "buttons": [BUTTON]}, '["Buttons","Type"]'),
    (keys("x"), "instance type (string)"),  # type: ignore[arg-type]
    (keys({"Text": "Menu"}), '["ActionBody"]'),
    (keys({"ActionType": "dance", "ActionBody": "x"}), "not found in enum"),
    (keys({**BUTTON, "Columns": 7}), "maximum: 6, found: 7"),
    (keys({**BUTTON, "Columns": "0"}), "minimum: 1, found: 0"),
    (keys({**BUTTON, "Rows": 3}), "maximum: 2, found: 3"),
    (keys({**BUTTON, "Columns": 2.5}), "instance type (number)"),
    (keys({**BUTTON, "BgColor": "red"}), "does not match input string"),
    (keys({**BUTTON, "TextSize": "huge"}), "not found in enum"),
    (keys({**BUTTON, "TextPaddings": [1, 2, 3]}), "must have 4 elements"),
    (keys({**BUTTON, "TextPaddings": [1, 2, 3, 13]}), "maximum: 12"),
    (keys({**BUTTON, "Silent": "maybe"}), "instance type (string)"),
    (keys({**BUTTON, "Frame": {"BorderWidth": 11}}), "maximum: 10"),
    (keys({**BUTTON, "InternalBrowser": {"CustomTitle": "x" * 16}}), "maximum allowed: 15"),
    (keys({**BUTTON, "InternalBrowser": {"Mode": "tiny"}}), "not found in enum"),
    (keys(CustomDefaultHeight=71), "maximum: 70"),
    (keys(HeightScale=19), "minimum: 20"),
    (keys(InputFieldState="gone"), "not found in enum"),
    (keys(FavoritesMetadata="x"), "instance type (string)"),
]


@pytest.mark.parametrize(("keyboard", "words"), WRONG)
def test_what_breaks_the_schema_is_status_3_and_explained(talk: Account, keyboard: Any, words: str) -> None:
    assert words in problem(talk, keyboard, min_api_version=10)


EDGES = [
    {"Columns": "1", "Rows": "2"},
    {"Columns": 6, "Rows": 1.0},
    {**COLOUR, "Silent": "true", "BgLoop": False},
    {"TextPaddings": [0, 12, 0, 12], "TextOpacity": 100, "Frame": {"BorderWidth": 10, "BorderColor": "#000000"}},
    {"InternalBrowser": {"CustomTitle": "x" * 15, "Mode": "partial-size"}, "Map": {"Latitude": "1", "Longitude": "2"}},
    {"Whatever": {"is": "unknown"}, "Image": None},
]


@pytest.mark.parametrize("fields", EDGES)
def test_what_just_keeps_to_the_schema_is_taken(talk: Account, fields: dict[str, Any]) -> None:
    assert status(talk.send(type="text", text="?", keyboard=keys({**BUTTON, **fields}), min_api_version=6)) == 0


LEVELS = [
    (keys({**BUTTON, "ActionType": "share-phone"}), 3),
    (keys({**BUTTON, "ActionType": "location-picker"}), 3),
    (keys({**BUTTON, "ActionType": "open-map"}), 6),
    (keys(CustomDefaultHeight=40), 3),
    (keys(ButtonsGroupColumns=6), 4),
    (keys(InputFieldState="hidden"), 4),
    (keys({**BUTTON, "TextShouldFit": True}), 6),
]


@pytest.mark.parametrize(("keyboard", "level"), LEVELS)
def test_what_needs_a_higher_level_than_the_message_has_is_status_14(talk: Account, keyboard: Any, level: int) -> None:
    sent = [talk.send(type="text", text="?", keyboard=keyboard, min_api_version=n) for n in (level - 1, level)]
    assert [status(one) for one in sent] == [14, 0]


def test_keys_stand_in_rows_as_their_columns_fill_up(talk: Account) -> None:
    widths = (3, 3, 2, 2, 2, 6, 4, 3)
    buttons = [{"Columns": width, "ActionBody": f"b{n}", "Text": f"<i>B</i>{n}"} for n, width in enumerate(widths)]
    part = talk.sent(type="text", text="?", keyboard=keys(*buttons)).parts[-1]
    assert isinstance(part, Keyboard) and part.style == "reply"
    assert [[button.title for button in row] for row in part.rows] == [
        ["B0", "B1"], ["B2", "B3", "B4"], ["B5"], ["B6"], ["B7"],
    ]  # fmt: skip


def test_rich_media_is_cards_side_by_side(talk: Account) -> None:
    (part,) = talk.sent(type="rich_media", rich_media=RICH, min_api_version=7, alt_text="2 products").parts
    assert isinstance(part, Carousel)
    tea, coffee = part.cards
    assert (tea.title, tea.url, tea.image.url if tea.image else "") == (
        "Tea & cup\n120 ₴", "https://a.test/1", "https://a.test/1.jpg",
    )  # fmt: skip
    assert [button.payload or button.url for button in tea.buttons] == ["https://a.test/1", "buy:1"]
    assert (coffee.title, coffee.buttons[0].payload) == ("Coffee", "buy:2")


def test_rich_media_needs_level_2_and_its_own_schema(talk: Account) -> None:
    assert status(talk.send(type="rich_media", rich_media=RICH)) == 14
    wrong = talk.send(type="rich_media", rich_media=keys(), min_api_version=7)
    assert status(wrong) == 3 and answer(wrong)["status_message"].startswith("rich_media is not valid.")


def test_rich_media_can_be_pressed_for_ever(talk: Account) -> None:
    shown = talk.sent(type="rich_media", rich_media=RICH, min_api_version=7)
    talk.sent(type="text", text="Anything else?")
    button = next(one for one in shown.buttons if one.title == "Buy")
    assert talk.event(Press(button=button, message_id=shown.id))["message"]["text"] == "buy:1"
