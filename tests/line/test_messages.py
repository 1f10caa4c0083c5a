"""What a bot sends, as the customer sees it; and what is wrong with it, property by property."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Carousel, Keyboard, Location, Media
from chatdrill.wire import Fetched
from chatdrill_fakes.platforms.line.reading import signs
from line.kit import LINK, PNG, Account, shown, template, text

ACTION = {"type": "postback", "label": "Cancel", "data": "cancel", "displayText": "Cancel it"}
SAY = {"type": "message", "label": "Yes", "text": "yes"}
BOX = {"type": "box", "layout": "vertical"}
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def kinds(message: Any) -> list[str]:
    return [type(part).__name__ for part in message.parts]


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (text(), ["Text"]),
        ({"type": "sticker", "packageId": "446", "stickerId": "1988"}, ["Media"]),
        ({"type": "image", "originalContentUrl": LINK, "previewImageUrl": LINK}, ["Media"]),
        ({"type": "audio", "originalContentUrl": LINK, "duration": 1}, ["Media"]),
        (template(type="buttons", title="Order", text="?", thumbnailImageUrl=LINK, actions=[ACTION]), ["Media", "Text", "Keyboard"]),
        (template(type="confirm", text="?", actions=[ACTION, SAY]), ["Text", "Keyboard"]),
        (template(type="carousel", columns=[{"text": "x", "actions": [SAY]}]), ["Carousel"]),
        (template(type="image_carousel", columns=[{"imageUrl": LINK, "action": SAY}]), ["Carousel"]),
    ],
)  # fmt: skip
def test_every_kind_is_shown(account: Account, message: dict[str, Any], parts: list[str]) -> None:
    assert kinds(account.sent(message)) == parts


def test_a_place_has_its_name(account: Account) -> None:
    (part,) = account.sent(
        {"type": "location", "title": "Shop", "address": "Kioicho", "latitude": 35.6, "longitude": 139.7}
    ).parts
    assert part == Location(latitude=35.6, longitude=139.7, name="Shop", address="Kioicho")


def test_an_imagemap_is_a_picture_with_regions_to_press(account: Account) -> None:
    area = {"x": 0, "y": 0, "width": 520, "height": 585}
    actions = [
        {"type": "uri", "linkUri": "https://acme.test", "area": area},
        {"type": "message", "text": "hello", "area": area},
    ]
    given = {
        "type": "imagemap",
        "baseUrl": "https://cdn.acme.test/map",
        "altText": "map",
        "baseSize": {"width": 1040, "height": 585},
    }
    picture, keys = account.sent({**given, "actions": actions}).parts
    assert (
        isinstance(picture, Media)
        and picture.file.url == "https://cdn.acme.test/map/1040"
        and isinstance(keys, Keyboard)
    )
    assert [(one.kind, one.title) for one in keys.buttons] == [("url", "https://acme.test"), ("reply", "hello")]
    assert account.problems({**given, "actions": [], "baseSize": {"width": 800, "height": 1}}) == [
        ("messages[0].baseSize.width", "must be 1040")
    ]


def test_flex_is_read_as_the_customer_sees_it(account: Account) -> None:
    body = {
        **BOX,
        "contents": [
            {"type": "text", "text": "Order 553"},
            {"type": "separator"},
            {"type": "button", "action": ACTION},
        ],
    }
    bubble = {"type": "bubble", "hero": {"type": "image", "url": LINK}, "body": body}
    message = account.sent({"type": "flex", "altText": "order", "contents": bubble})
    assert message.text == "Order 553" and [one.title for one in message.buttons] == ["Cancel"]
    several = account.sent(
        {"type": "flex", "altText": "o", "contents": {"type": "carousel", "contents": [bubble, bubble]}}
    )
    (cards,) = several.parts
    assert isinstance(cards, Carousel) and [card.title for card in cards.cards] == ["Order 553"] * 2


def test_flex_names_what_is_wrong_deep_inside(account: Account) -> None:
    rows = [
        {"type": "text", "text": ""},
        {"type": "button", "action": {"type": "uri", "uri": "ftp://x"}},
        {"type": "dance"},
    ]
    problems = account.problems(
        {"type": "flex", "altText": "o", "contents": {"type": "bubble", "body": {**BOX, "contents": rows}}}
    )
    at = "messages[0].contents.body.contents"
    assert [place for place, _ in problems] == [
        f"{at}[0].text",
        f"{at}[1].action.label",
        f"{at}[1].action.uri",
        f"{at}[2].type",
    ]


def test_a_carousel_of_bubbles_has_a_size(account: Account) -> None:
    row = {"type": "text", "text": "x" * 20_000}
    bubble = {"type": "bubble", "body": {**BOX, "contents": [row]}}
    message = {"type": "flex", "altText": "o", "contents": {"type": "carousel", "contents": [bubble] * 3}}
    assert account.problems(message) == [("messages[0].contents", "must be at most 50000 bytes")]


def test_an_emoji_stands_at_its_dollar_counted_in_utf16(account: Account) -> None:
    emoji = {"productId": "5ac1", "emojiId": "001"}
    message = account.sent(text("\U0001f600 $!", emojis=[{"index": 3, **emoji}]))
    (part,) = message.parts
    assert [(span.start, span.style, span.value) for span in part.spans] == [(2, "custom_emoji", "5ac1/001")]  # type: ignore[union-attr]
    assert (
        account.problems(text("\U0001f600 $!", emojis=[{"index": 2, **emoji}]))[0][0] == "messages[0].emojis[0].index"
    )


def test_a_text_is_as_long_as_its_utf16(account: Account) -> None:
    account.sent(text("\U0001f600" * 2500))
    assert account.problems(text("\U0001f600" * 2501)) == [("messages[0].text", "Length must be between 0 and 5000")]


def test_substitutions_fill_braces_and_two_are_one(account: Account) -> None:
    ok = {"type": "emoji", "productId": "5ac1", "emojiId": "001"}
    assert account.sent({"type": "textV2", "text": "{{a}} {ok}", "substitution": {"ok": ok}}).text == "{a} $"
    assert account.problems({"type": "textV2", "text": "{who}"})[0][0] == "messages[0].text"
    many = {f"k{number}": ok for number in range(101)}
    assert (
        account.problems({"type": "textV2", "text": "x", "substitution": many})[0][1]
        == "Size must be between 0 and 100"
    )


def test_people_are_mentioned_in_groups_only(account: Account) -> None:
    who = {"type": "mention", "mentionee": {"type": "user", "userId": account.to}}
    assert (
        account.problems({"type": "textV2", "text": "{who}", "substitution": {"who": who}})[0][0]
        == "messages[0].substitution"
    )


def test_all_that_is_wrong_is_told_at_once(account: Account) -> None:
    known = "Must be one of the following values: [text, image, video, audio, location, sticker, template, imagemap]"
    assert account.problems(text(""), {"type": "foo"}) == [
        ("messages[0].text", "May not be empty"),
        ("messages[1].type", known),
    ]


@pytest.mark.parametrize(
    "url", ["http://cdn.acme.test/a.jpg", "cdn.acme.test/a.jpg", "https://", "https://[", "https://a.test/ü", "https://a.test/" + "x" * 1990]
)  # fmt: skip
def test_an_address_is_https_and_not_too_long(account: Account, url: str) -> None:
    (problem,) = account.problems({"type": "image", "originalContentUrl": url, "previewImageUrl": LINK})
    assert problem[0] == "messages[0].originalContentUrl"


def test_plain_http_leads_to_this_machine_unless_it_is_strict() -> None:
    message = {"type": "image", "originalContentUrl": "http://127.0.0.1:9/p.png", "previewImageUrl": LINK}
    assert len(shown(Account().push(message))) == 1
    assert Account(strict="yes").problems(message) == [("messages[0].originalContentUrl", "invalid uri")]


def test_a_link_of_a_button_is_short_and_may_call(account: Account) -> None:
    for uri in ("https://a.test/" + "x" * 985, "tel:+81312345678", "line://x"):
        account.sent(template(type="buttons", text="?", actions=[{"type": "uri", "label": "x", "uri": uri}]))
    long = {"type": "uri", "label": "x", "uri": "https://a.test/" + "x" * 986}
    assert (
        account.problems(template(type="buttons", text="?", actions=[long]))[0][1]
        == "Length must be between 0 and 1000"
    )


@pytest.mark.parametrize(
    ("content", "words"), [(PNG, None), (b"%PDF-1.4", "the app shows nothing"), (PNG + bytes(10_000_000), "10000000 are allowed")]
)  # fmt: skip
def test_a_file_that_the_app_cannot_show_is_taken_with_a_note(
    account: Account, content: bytes, words: str | None
) -> None:
    link = "http://127.0.0.1:9/p.png"
    account.fetched = {link: Fetched(content), LINK: Fetched(PNG)}
    handled = account.push({"type": "image", "originalContentUrl": link, "previewImageUrl": LINK})
    assert len(shown(handled)) == 1 and handled.call is not None
    assert words is None or words in (handled.call.note or "")


def test_all_columns_have_as_many_buttons(account: Account) -> None:
    columns = [{"text": "a", "actions": [SAY]}, {"text": "b", "actions": [SAY, SAY]}]
    assert account.problems(template(type="carousel", columns=columns))[0][0] == "messages[0].template.columns"


def test_a_text_beside_a_title_is_shorter(account: Account) -> None:
    account.sent(template(type="buttons", title="x", text="x" * 60, actions=[SAY]))
    assert (
        account.problems(template(type="buttons", title="x", text="x" * 61, actions=[SAY]))[0][1]
        == "Length must be between 0 and 60"
    )


def test_a_label_is_counted_as_it_is_read(account: Account) -> None:
    assert [
        signs(words)
        for words in (FAMILY, "e\u0301", "\U0001f44d\U0001f3fd", "\U0001f1fa\U0001f1e6\U0001f1ef\U0001f1f5")
    ] == [1, 1, 1, 2]
    account.sent(template(type="confirm", text="?", actions=[{**SAY, "label": FAMILY * 20}, SAY]))
    assert account.problems(template(type="confirm", text="?", actions=[{**SAY, "label": FAMILY * 21}, SAY]))


def test_the_senders_name_may_not_be_the_vendors(account: Account) -> None:
    assert account.sent(text(sender={"name": "Anna", "iconUrl": LINK})).sender == "Anna"
    assert account.problems(text(sender={"name": "LINE"})) == [("messages[0].sender.name", "invalid sender name")]
