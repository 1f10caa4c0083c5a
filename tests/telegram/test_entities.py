"""Entities: found by the server, given by the bot, counted in UTF-16."""

from __future__ import annotations

import pytest

from chatdrill.model import Span, Text
from chatdrill_fakes.platforms.telegram.detect import find_entities
from chatdrill_fakes.platforms.telegram.entities import Entity, fix

FOUND = {
    "see https://acme.test/a?b=c.": [("url", "https://acme.test/a?b=c")],
    "(acme.com/x)": [("url", "acme.com/x")],
    "https://example.internal:8443/": [("url", "https://example.internal:8443/")],
    "end of sentence.Next one": [],
    "file.pdf is no link": [],
    "mail a.b+c@shop.pl now": [("email", "a.b+c@shop.pl")],
    "@acme_help_bot hi @ab a@bcde": [("mention", "@acme_help_bot")],
    "/start@acme_help_bot x /1/2 a/b": [("bot_command", "/start@acme_help_bot")],
    "#заказ #553 x#y": [("hashtag", "#заказ")],
    "$USD $usd $TOOLONGTAG": [("cashtag", "$USD")],
    "call +380 50 111-22-33 or 112": [("phone_number", "+380 50 111-22-33")],
    "card 4111 1111 1111 1111 ok 4111 1111 1111 1112": [("bank_card_number", "4111 1111 1111 1111")],
    "tg://resolve?domain=x": [("url", "tg://resolve?domain=x")],
    "1.2.3.4 and 1.2.3": [("url", "1.2.3.4")],
    "пример.рф": [("url", "пример.рф")],
    "ordinary words, nothing else": [],
}


@pytest.mark.parametrize(("text", "expected"), FOUND.items())
def test_the_server_finds_entities_by_itself(text, expected):
    assert [(e.kind, text[e.offset : e.end]) for e in find_entities(text)] == expected


def test_offsets_on_the_wire_are_utf16_and_in_the_model_code_points(drill):
    message = drill.write(Text(text="😀😀 bold", spans=(Span(3, 4, "bold"),)))
    assert message["entities"] == [{"offset": 5, "length": 4, "type": "bold"}]
    given = [{"offset": 5, "length": 4, "type": "bold"}]
    handled = drill.handle("sendMessage", {"chat_id": drill.to, "text": "😀😀 bold", "entities": given})
    assert handled.effects[0].message.parts[0].spans == (Span(3, 4, "bold"),)


@pytest.mark.parametrize(
    ("entity", "error"),
    [
        ({"offset": 0, "length": 1}, "can't parse MessageEntity: Can't find field \"type\""),
        ({"offset": "x", "length": 1, "type": "bold"}, 'can\'t parse MessageEntity: Field "offset" must be a valid Number'),
        ({"offset": 0, "length": 1, "type": "wavy"}, "can't parse MessageEntity: Unsupported type specified"),
        (7, "can't parse MessageEntity: expected an Object"),
        ({"offset": 0, "length": 99, "type": "bold"},
         "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 99"),
        ({"offset": 50, "length": 1, "type": "bold"}, "entity begins after the end of the text at UTF-16 offset 50"),
        ({"offset": 1, "length": 2, "type": "bold"}, "entity begins in a middle of a UTF-16 symbol at byte offset 4"),
        ({"offset": -1, "length": 2, "type": "bold"}, "receive an entity with incorrect offset -1"),
    ],
)  # fmt: skip
def test_wrong_entities_are_refused(drill, entity, error):
    found = drill.error("sendMessage", chat_id=drill.to, text="😀 text", entities=[entity])
    assert found == f"400 Bad Request: {error}"


def test_entities_are_ignored_where_a_parse_mode_is_given(drill):
    given = [{"offset": 0, "length": 1, "type": "italic"}]
    message = drill.send(text="<b>x</b>", parse_mode="HTML", entities=given)
    assert [e["type"] for e in message["entities"]] == ["bold"]


def test_mentions_of_strangers_are_dropped_and_of_customers_kept(drill):
    text = f'<a href="tg://user?id={drill.to}">O</a> <a href="tg://user?id=1">S</a>'
    message = drill.send(text=text, parse_mode="HTML")
    assert [e["user"]["id"] for e in message["entities"]] == [int(drill.to)]


def test_a_style_over_a_found_link_is_split_at_its_borders(drill):
    message = drill.send(text="<b>see acme.com now</b>", parse_mode="HTML")
    found = [(e["type"], e["offset"], e["length"]) for e in message["entities"]]
    assert found == [("bold", 0, 4), ("url", 4, 8), ("bold", 4, 8), ("bold", 12, 4)]


def test_styles_inside_code_are_dropped_and_touching_ones_joined():
    code = [Entity(0, 10, "code"), Entity(2, 3, "bold")]
    assert fix(code) == [Entity(0, 10, "code")]
    assert fix([Entity(0, 3, "bold"), Entity(3, 3, "bold")]) == [Entity(0, 6, "bold")]


def test_nested_styles_are_cut_where_the_inner_one_begins(drill):
    message = drill.send(text="*a _b_ c*", parse_mode="MarkdownV2")
    found = [(e["type"], e["offset"], e["length"]) for e in message["entities"]]
    assert found == [("bold", 0, 2), ("bold", 2, 3), ("italic", 2, 1)]
