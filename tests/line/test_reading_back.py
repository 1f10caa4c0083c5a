"""Webhooks as LINE's reference shows them, read back as acts; calls with the vendor's answers, seen as effects."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import (
    Activity,
    Block,
    Button,
    Delete,
    Edit,
    Event,
    Location,
    MarkedRead,
    Press,
    Sent,
    Start,
    Text,
    Unblock,
    Write,
)
from chatdrill.model.parts import Span
from recording.shadow import Shadow

USER, GROUP = "U5b1c0e7f2a3d4968b7c6d5e4f3a2b1c0", "C9a8b7c6d5e4f30211f0e9d8c7b6a5948"
REPLY = "9d1c0b7e5a3f4c2e8b6a7d9f0e1c2b3a"
IN_GROUP = {"type": "group", "groupId": GROUP, "userId": USER}


def event(type: str, **fields: Any) -> dict[str, Any]:
    head = {
        "mode": "active",
        "timestamp": 1767225600123,
        "source": {"type": "user", "userId": USER},
        "webhookEventId": "01KDVQZ5T0C2R8M4N6P8Q0S2T4",
        "deliveryContext": {"isRedelivery": False},
    }
    return {"type": type, **head, **fields}


def webhook(*events: dict[str, Any]) -> dict[str, Any]:
    return {"destination": "U0d3f5a7b9c1e2f4a6b8d0c2e4f6a8b1c", "events": list(events)}


def message(type: str, **fields: Any) -> dict[str, Any]:
    return event("message", replyToken=REPLY, message={"type": type, "id": "590112233445566780", **fields})


@pytest.fixture
def shadow() -> Shadow:
    return Shadow("line")


WORDS = "\U0001f44b @Acme @All please look (love)"
MENTIONS = {
    "mentionees": [
        {"index": 3, "length": 5, "type": "user", "userId": "U0d3f5a7b9c1e2f4a6b8d0c2e4f6a8b1c", "isSelf": True},
        {"index": 9, "length": 4, "type": "all"},
    ]
}
LOVE = {"index": 26, "length": 6, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}
SPANS = (
    Span(2, 5, "mention", "self"),
    Span(8, 4, "mention", "all"),
    Span(25, 6, "custom_emoji", "5ac1bfd5040ab15980c9b435/001"),
)
ACTS = [
    (message("text", text=WORDS, mention=MENTIONS, emojis=[LOVE]), Write(parts=(Text(text=WORDS, spans=SPANS),))),
    (
        message("text", text="this one", quotedMessageId="590112233445566700"),
        Write(parts=(Text(text="this one"),), reply_to="590112233445566700"),
    ),
    (
        message("location", latitude=35.67966, longitude=139.73669),
        Write(parts=(Location(latitude=35.67966, longitude=139.73669),)),
    ),
    (event("unsend", unsend={"messageId": "590112233445566778"}), Delete(message_id="590112233445566778")),
    (event("follow", replyToken=REPLY), Start()),
    (event("follow", follow={"isUnblocked": True}), Unblock()),
    (event("unfollow"), Block()),
    (
        event("messageEdited", source=IN_GROUP, message={"type": "text", "id": "59", "text": "today"}),
        Edit(message_id="59", parts=(Text(text="today"),)),
    ),
    (
        event("postback", postback={"data": "action=cancel"}),
        Press(button=Button(title="action=cancel", kind="postback", payload="action=cancel")),
    ),
]


@pytest.mark.parametrize(("given", "wanted"), ACTS, ids=lambda one: one["type"] if isinstance(one, dict) else "")
def test_an_event_is_the_act_that_it_tells_of(shadow: Shadow, given: Any, wanted: Any) -> None:
    assert shadow.act(webhook(given)) == wanted


FILES = [
    (message("image", contentProvider={"type": "line"}), "photo"),
    (
        message("image", contentProvider={"type": "external", "originalContentUrl": "https://cdn.acme.test/a.jpg"}),
        "photo",
    ),
    (message("video", duration=60000, contentProvider={"type": "line"}), "video"),
    (message("audio", duration=3400), "voice"),
    (message("file", fileName="invoice-553.pdf", fileSize=88412), "document"),
    (message("sticker", packageId="446", stickerId="1988", stickerResourceType="MESSAGE", text="Hello"), "sticker"),
]


@pytest.mark.parametrize(("given", "kind"), FILES, ids=lambda one: one if isinstance(one, str) else "")
def test_a_file_is_described(shadow: Shadow, given: Any, kind: str) -> None:
    act = shadow.act(webhook(given))
    assert isinstance(act, Write)
    (media,) = act.parts
    assert media.kind == kind  # type: ignore[union-attr]


def test_what_is_known_of_a_file_is_kept(shadow: Shadow) -> None:
    (said, film) = shadow.told(webhook(FILES[4][0], FILES[2][0]))
    (document,), (video,) = said.act.parts, film.act.parts  # type: ignore[union-attr]
    assert (document.file.name, document.file.size_bytes) == ("invoice-553.pdf", 88412)  # type: ignore[union-attr]
    assert video.file.duration_s == 60.0 and said.at == 1767225600.123  # type: ignore[union-attr]


def test_events_of_several_customers_come_in_one_webhook_and_a_group_is_one_chat(shadow: Shadow) -> None:
    other = event("follow", source={"type": "user", "userId": "U" + "0" * 32}, webhookEventId="other")
    joined = event("join", source={"type": "group", "groupId": GROUP})
    said = shadow.told(
        webhook(other, message("text", text="hi"), {**message("text", text="we"), "source": IN_GROUP}, joined)
    )
    assert [one.to for one in said] == ["U" + "0" * 32, USER, GROUP, GROUP]
    assert shadow.told(webhook()) == []


@pytest.mark.parametrize("kind", ["beacon", "videoPlayComplete", "membership", "delivery", "things_to_come"])
def test_what_no_act_says_is_an_event_of_that_name(shadow: Shadow, kind: str) -> None:
    (said,) = shadow.told(webhook(event(kind, **{kind: {"x": 1}})))
    assert isinstance(said.act, Event) and said.unread == kind and said.act.data[kind] == {"x": 1}


def test_a_kind_of_message_that_nobody_knows_is_kept_as_it_is(shadow: Shadow) -> None:
    (said,) = shadow.told(webhook(message("hologram", depth=3)))
    assert said.unread == "hologram" and said.act.parts[0].data["depth"] == 3  # type: ignore[union-attr]


def test_a_date_that_was_picked_is_a_press_with_something_more(shadow: Shadow) -> None:
    (said,) = shadow.told(webhook(event("postback", postback={"data": "pick", "params": {"date": "2026-01-05"}})))
    assert isinstance(said.act, Press) and said.unread == "postback with params"


# ----------------------------------------------------------------------------------------------------------- the bot's calls

TEXT = {"type": "text", "text": "Hello"}
SENT = {"sentMessages": [{"id": "461230966842064897", "quoteToken": "IStG5h1Tz7b"}]}


def test_a_reply_goes_to_whose_token_it_is_under_the_vendors_id(shadow: Shadow) -> None:
    shadow.told(webhook(message("text", text="hi")))
    seen = shadow.saw("/v2/bot/message/reply", {"replyToken": REPLY, "messages": [TEXT]}, SENT)
    (effect,) = seen.effects
    assert isinstance(effect, Sent) and (effect.to, effect.message.ids) == (USER, ("461230966842064897",))
    assert seen.call is not None and (seen.call.method, seen.call.to) == ("reply", USER)


def test_a_reply_to_what_came_before_the_recording_is_named(shadow: Shadow) -> None:
    seen = shadow.saw("/v2/bot/message/reply", {"replyToken": "x" * 32, "messages": [TEXT]}, SENT)
    assert seen.call is not None and seen.call.ok and not seen.effects and seen.unread


def test_a_quote_of_the_bots_and_one_of_the_customers_lead_to_messages(shadow: Shadow) -> None:
    shadow.told(webhook(message("text", text="hi", quoteToken="theirs")))
    one = {**TEXT, "quoteToken": "theirs"}
    (effect,) = shadow.saw("/v2/bot/message/push", {"to": USER, "messages": [one]}, SENT).effects
    assert effect.message.reply_to == "590112233445566780"  # type: ignore[union-attr]
    again = {**TEXT, "quoteToken": "IStG5h1Tz7b"}
    (effect,) = shadow.saw(
        "/v2/bot/message/push", {"to": USER, "messages": [again]}, {"sentMessages": [{"id": "2"}]}
    ).effects
    assert effect.message.reply_to == "461230966842064897"  # type: ignore[union-attr]


def test_a_press_leads_back_to_the_button_that_was_shown(shadow: Shadow) -> None:
    shadow.told(webhook(message("text", text="hi")))
    action = {"type": "postback", "label": "Cancel", "data": "cancel=553", "displayText": "Cancel it"}
    template = {"type": "buttons", "text": "What next?", "actions": [action]}
    body = {"to": USER, "messages": [{"type": "template", "altText": "?", "template": template}]}
    shadow.saw("/v2/bot/message/push", body, SENT)
    act = shadow.act(webhook(event("postback", postback={"data": "cancel=553"})))
    button = Button(title="Cancel", kind="postback", payload="cancel=553")
    assert act == Press(button=button, message_id="461230966842064897")


def test_a_press_on_a_rich_menu_is_known_by_the_menu(shadow: Shadow) -> None:
    area = {"bounds": {"x": 0, "y": 0, "width": 1250, "height": 843}}
    action = {"type": "postback", "label": "Orders", "data": "menu=orders", "displayText": "Orders"}
    shadow.saw("/v2/bot/richmenu", {"areas": [{**area, "action": action}]}, {"richMenuId": "richmenu-88c0"})
    act = shadow.act(webhook(event("postback", postback={"data": "menu=orders"})))
    assert isinstance(act, Press) and (act.button.title, act.message_id) == ("Orders", None)


def test_what_a_bot_shows_of_itself_is_seen(shadow: Shadow) -> None:
    shadow.told(webhook(message("text", text="hi", markAsReadToken="30yhd")))
    (dots,) = shadow.saw("/v2/bot/chat/loading/start", {"chatId": USER}, {}, status=202).effects
    (read,) = shadow.saw("/v2/bot/chat/markAsRead", {"markAsReadToken": "30yhd"}, {}).effects
    assert dots == Activity(to=USER, action="typing")
    assert read == MarkedRead(to=USER, message_id="590112233445566780")


def test_who_blocked_the_account_gets_nothing_although_line_says_200(shadow: Shadow) -> None:
    shadow.told(webhook(message("text", text="hi"), event("unfollow")))
    assert not shadow.saw("/v2/bot/message/push", {"to": USER, "messages": [TEXT]}, SENT).effects


def test_what_only_the_vendor_knows_is_kept_as_it_was_asked_for(shadow: Shadow) -> None:
    shadow.told(webhook(message("text", text="hi")))
    seen = shadow.saw("/v2/bot/message/push", {"to": USER, "messages": [{"type": "coupon", "couponId": "c1"}]}, SENT)
    (effect,) = seen.effects
    assert seen.unread == "coupon" and effect.message.parts[0].data["couponId"] == "c1"  # type: ignore[union-attr]


def test_what_line_refuses_did_nothing(shadow: Shadow) -> None:
    error = {"message": "Invalid reply token"}
    seen = shadow.saw("/v2/bot/message/reply", {"replyToken": REPLY, "messages": [TEXT]}, error, status=400)
    assert (
        seen.call is not None and not seen.call.ok and seen.call.error == "400 Invalid reply token" and not seen.effects
    )
