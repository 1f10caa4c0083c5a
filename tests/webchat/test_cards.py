"""Cards of the bot's, as the customer sees them."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Carousel, Form, Keyboard, Media, Order, Other, Press, Text
from webchat.kit import Channel, code

HERO, ADAPTIVE = "application/vnd.microsoft.card.hero", "application/vnd.microsoft.card.adaptive"
BUY = {"type": "postBack", "title": "Buy", "value": "buy"}


def card(kind: str, **content: Any) -> dict[str, Any]:
    return {"contentType": kind, "content": content}


@pytest.mark.parametrize(
    ("shown", "kinds"),
    [
        (card(HERO, title="Runner", buttons=[BUY]), [Carousel]),
        (card(HERO, text="Agreed?", buttons=[BUY]), [Text, Keyboard]),
        (card(HERO, buttons=[BUY]), [Keyboard]),
        (
            card(HERO.replace("hero", "receipt"), items=[{"title": "Runner", "price": "€ 89.90"}], total="89.90"),
            [Order],
        ),
        (card(HERO.replace("hero", "video"), title="How to", media=[{"url": "https://a.test/v.mp4"}]), [Text, Media]),
        (card(ADAPTIVE, type="AdaptiveCard", body=[{"type": "Input.Text", "id": "size"}]), [Carousel, Form]),
        (card("application/vnd.example.map", at="Vienna"), [Other]),
    ],
)
def test_cards_are_shown_as_what_they_are(channel: Channel, shown: Any, kinds: list[type]) -> None:
    assert [type(part) for part in channel.sent(attachments=[shown]).parts] == kinds


@pytest.mark.parametrize(("layout", "rows"), [("carousel", [3, 1]), ("list", [1, 1, 1, 1]), (None, [1, 1, 1, 1])])
def test_cards_stand_side_by_side_in_a_carousel(channel: Channel, layout: str | None, rows: list[int]) -> None:
    shown = [card(HERO, title=title) for title in ("One", "Two", "Three")]
    shown += [card(HERO, text="And then"), card(HERO, title="Four")]
    parts = channel.sent(attachments=shown, attachmentLayout=layout).parts
    assert [len(part.cards) for part in parts if isinstance(part, Carousel)] == rows


def test_what_an_adaptive_card_submits_is_the_messages_value(channel: Channel) -> None:
    submit = {"type": "Action.Submit", "title": "Send", "data": {"form": "size"}}
    nested = [
        {
            "type": "ColumnSet",
            "columns": [
                {"items": [{"type": "TextBlock", "text": "Your size"}, {"type": "ActionSet", "actions": [submit]}]}
            ],
        }
    ]
    message = channel.sent(attachments=[card(ADAPTIVE, type="AdaptiveCard", body=nested)])
    assert message.text == "Your size"
    said = channel.told(Press(button=message.buttons[0], message_id=message.id))
    assert (said["value"], said["channelData"]["postBack"]) == ({"form": "size"}, True)


@pytest.mark.parametrize(
    "content", [{"type": "Table"}, {}, [], "x", {"type": "AdaptiveCard", "body": {"a": 1}, "actions": [5, None]}]
)
def test_an_adaptive_card_that_is_none_is_refused_or_empty(channel: Channel, content: Any) -> None:
    handled = channel.say(attachments=[{"contentType": ADAPTIVE, "content": content}])
    fine = isinstance(content, dict) and content.get("type") == "AdaptiveCard"
    assert bool(handled.effects) == fine and (fine or code(handled)[0] == 400)
