"""Limits, each with a call that shows it, or why none can."""

from __future__ import annotations

from typing import Any

import msgspec

from chatdrill.wire.sheets import Ask, Bound, Refused
from chatdrill_fakes.platforms.line.errors import BAD_REPLY_TOKEN
from chatdrill_fakes.platforms.line.sheet.asking import (
    CONFIRM,
    MESSAGE,
    PICTURE,
    SAID,
    VIDEO,
    post,
    push,
    template,
    text,
)
from chatdrill_fakes.platforms.line.sheet.calls import ALIASED, AREA, AREAS, BUBBLE, BUTTONS, MAP, MENU
from chatdrill_fakes.platforms.line.sheet.mistakes import REPLY, said, wrong

_WITH = "messages.0"
_SHORT = {"type": "message", "label": "x", "text": "x"}
_PRESSED = {"type": "postback", "label": "x"}


def _long(place: str, most: str, least: int = 0) -> Refused:
    return wrong(f"Length must be between {least} and {most}", place)


def _many(place: str, most: int, least: int = 1) -> Refused:
    return wrong(f"Size must be between {least} and {most}", place)


def _acting(**action: Any) -> Ask:
    return push(template(type="buttons", text="?", actions=[action]))


_FLEX = {"type": "flex", "altText": "order", "contents": BUBBLE}
_EMPTY = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": ""}]}}
_FLEX_KEY = {
    "type": "bubble",
    "body": {
        "type": "box",
        "layout": "vertical",
        "contents": [{"type": "button", "action": {"type": "uri", "uri": "https://a.test"}}],
    },
}
_ACTION, _ACTED = f"{_WITH}.template.actions.0", "messages[0].template.actions[0]"
_COLUMNS = push(template(type="carousel", columns=[{"text": "x", "actions": [_SHORT]}]))
BOUNDS = (
    Bound("messages", push(), _many("messages", 5), "messages", text("x")),
    Bound("multicast.to", post(f"{MESSAGE}/multicast", {"messages": SAID}), _many("to", 500), "to", "{to}"),
    Bound("text", push(text("")), _long("messages[0].text", "5000"), f"{_WITH}.text", "\U0001f600"),
    Bound("text.emojis", push(text("$")), _many("messages[0].emojis", 20, 0), f"{_WITH}.emojis", {"index": 0, "productId": "p", "emojiId": "1"}),
    Bound("textV2.text", push({"type": "textV2"}), _long("messages[0].text", "5000"), f"{_WITH}.text", "ї"),
    Bound("altText", push({**_FLEX, "altText": ""}), _long("messages[0].altText", "1500"), f"{_WITH}.altText", "ї"),
    Bound("sender.name", push(text(sender={})), _long("messages[0].sender.name", "20"), f"{_WITH}.sender.name"),
    Bound("video.trackingId", push({"type": "video", "originalContentUrl": VIDEO, "previewImageUrl": PICTURE}),
          _long("messages[0].trackingId", "100"), f"{_WITH}.trackingId"),
    Bound("location.title", push({"type": "location", "address": "a", "latitude": 0, "longitude": 0}),
          _long("messages[0].title", "100"), f"{_WITH}.title"),
    Bound("location.address", push({"type": "location", "title": "a", "latitude": 0, "longitude": 0}),
          _long("messages[0].address", "100"), f"{_WITH}.address"),
    Bound("quickReply.items", push(text(quickReply={})), _many("messages[0].quickReply.items", 13, 0), f"{_WITH}.quickReply.items",
          {"type": "action", "action": _SHORT}),
    Bound("quickReply.label", push(text(quickReply={"items": [{"type": "action", "action": _SHORT}]})),
          _long("messages[0].quickReply.items[0].action.label", "20"), f"{_WITH}.quickReply.items.0.action.label"),
    Bound("imagemap.actions", push({**MAP, "actions": []}), _many("messages[0].actions", 50, 0), f"{_WITH}.actions",
          {"type": "message", "text": "x", "area": AREA}),
    Bound("template.label", _acting(**_SHORT), _long(f"{_ACTED}.label", "20"), f"{_ACTION}.label"),
    Bound("buttons.title", push(template(**BUTTONS)), _long("messages[0].template.title", "40"), f"{_WITH}.template.title"),
    Bound("buttons.text", push(template(**BUTTONS)), _long("messages[0].template.text", "160"), f"{_WITH}.template.text", "ї"),
    Bound("buttons.actions", push(template(**BUTTONS)), _many("messages[0].template.actions", 4), f"{_WITH}.template.actions", _SHORT),
    Bound("confirm.text", push(template(**CONFIRM)), _long("messages[0].template.text", "240"), f"{_WITH}.template.text"),
    Bound("confirm.actions", push(template(**CONFIRM)), _many("messages[0].template.actions", 2, 2), f"{_WITH}.template.actions", _SHORT),
    Bound("carousel.columns", _COLUMNS, _many("messages[0].template.columns", 10), f"{_WITH}.template.columns", {"text": "x", "actions": [_SHORT]}),
    Bound("carousel.text", _COLUMNS, _long("messages[0].template.columns[0].text", "120"), f"{_WITH}.template.columns.0.text"),
    Bound("carousel.actions", _COLUMNS, _many("messages[0].template.columns[0].actions", 3), f"{_WITH}.template.columns.0.actions", _SHORT),
    Bound("image_carousel.columns", push(template(type="image_carousel")), _many("messages[0].template.columns", 10),
          f"{_WITH}.template.columns", {"imageUrl": PICTURE, "action": _SHORT}),
    Bound("image_carousel.label", push(template(type="image_carousel", columns=[{"imageUrl": PICTURE, "action": _SHORT}])),
          _long("messages[0].template.columns[0].action.label", "12"), f"{_WITH}.template.columns.0.action.label"),
    Bound("flex.bubbles", push({**_FLEX, "contents": {"type": "carousel"}}), _many("messages[0].contents.contents", 12),
          f"{_WITH}.contents.contents", BUBBLE),
    Bound("flex.bubble", push({**_FLEX, "contents": _EMPTY}), wrong("must be at most 30000 bytes", "messages[0].contents"),
          f"{_WITH}.contents.body.contents.0.text", fixed=len(msgspec.json.encode(_EMPTY))),
    Bound("flex.label", push({**_FLEX, "contents": _FLEX_KEY}), _long("messages[0].contents.body.contents[0].action.label", "40"),
          f"{_WITH}.contents.body.contents.0.action.label"),
    Bound("action.data", _acting(**_PRESSED), _long(f"{_ACTED}.data", "300"), f"{_ACTION}.data", "ї"),
    Bound("action.text", _acting(**_SHORT), _long(f"{_ACTED}.text", "300"), f"{_ACTION}.text", "ї"),
    Bound("action.clipboardText", _acting(type="clipboard", label="x"), _long(f"{_ACTED}.clipboardText", "1000"), f"{_ACTION}.clipboardText"),
    Bound("reply token", REPLY, said(BAD_REPLY_TOKEN)),
    Bound("loadingSeconds", post("/v2/bot/chat/loading/start", {"chatId": "{to}"}), wrong("Must be between 5 and 60", "loadingSeconds", 2),
          "loadingSeconds", 1),
    Bound("richmenu.areas", post("/v2/bot/richmenu", MENU), _many("areas", 20, 0), "areas", AREAS[0]),
    Bound("richmenu.name", post("/v2/bot/richmenu", MENU), _long("name", "300"), "name"),
    Bound("richmenu.chatBarText", post("/v2/bot/richmenu", MENU), _long("chatBarText", "14"), "chatBarText"),
    Bound("richmenu.alias", ALIASED, wrong("invalid alias id", "richMenuAliasId"), "richMenuAliasId"),
)  # fmt: skip
_SHOWS_NOTHING = "is taken, and the app shows nothing: tests/line/test_messages.py"
_RATES = "is about many calls: tests/line/test_sending.py"
_TOKENS = "is about many calls: tests/line/test_tokens.py"
UNTRIED = {
    "body": "is about the whole body: tests/line/test_errors.py",
    "textV2.substitution": "is about names, not a list: tests/line/test_messages.py",
    "url": "is an address, not any text: tests/line/test_messages.py",
    "action.uri": "is an address, not any text: tests/line/test_messages.py",
    "webhook endpoint": "is an address, not any text: tests/line/test_webhooks.py",
    "image.size": _SHOWS_NOTHING,
    "preview.size": _SHOWS_NOTHING,
    "video.size": _SHOWS_NOTHING,
    "audio.size": _SHOWS_NOTHING,
    "flex.carousel": "needs bubbles that are each small enough: tests/line/test_messages.py",
    "reply token again": "needs a redelivery: tests/line/test_reply_tokens.py",
    "wrote": "is no error: tests/line/test_sending.py",
    "retry key": "is the other way round: tests/line/test_retry_keys.py",
    "link token": "nobody shows it: the page of the account link is not emulated",
    "tokens": _TOKENS,
    "richmenus": "is about many calls: tests/line/test_richmenus.py",
    "richmenu.image": "is about bytes: tests/line/test_richmenus.py",
    "narrowcast rate": _RATES,
    "multicast rate": _RATES,
    "rate": _RATES,
}
