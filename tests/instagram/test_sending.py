"""Every kind of send, and the rules that are Instagram's own."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import (
    Activity,
    Block,
    Button,
    Carousel,
    Delete,
    Event,
    Keyboard,
    MarkedRead,
    Other,
    Products,
    Reacted,
    Text,
)
from instagram.kit import Account

POSTBACK = {"type": "postback", "title": "Book", "payload": "BOOK"}
HUMAN = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
DAY_S = 86_400


def template(kind: str, **payload: Any) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": {"template_type": kind, **payload}}}


@pytest.mark.parametrize(("sign", "count"), [("x", 1000), ("ж", 500), ("😀", 250)])
def test_text_is_counted_in_bytes(talk: Account, sign: str, count: int) -> None:
    answer = talk.send({"text": sign * count})
    assert list(answer.json) == ["recipient_id", "message_id"] and answer.parts == (Text(text=sign * count),)
    assert talk.send({"text": sign * (count + 1)}).code == (100, None)


def test_quick_replies_are_chips(talk: Account) -> None:
    chips = [{"content_type": "text", "title": "Sunday", "payload": "S"}, {"content_type": "user_phone_number"}]
    _, keyboard = talk.send({"text": "Which day?", "quick_replies": chips}).parts
    assert keyboard == Keyboard(
        style="quick_replies",
        rows=(
            (Button(title="Sunday", kind="reply", payload="S"), Button(title="+436601234567", kind="request_contact")),
        ),
    )


def test_a_long_title_is_cut_and_not_refused(talk: Account) -> None:
    chip = {"content_type": "text", "title": "x" * 21, "payload": "S"}
    answer = talk.send({"text": "?", "quick_replies": [chip]})
    assert answer.handled.call is not None and "20 characters" in (answer.handled.call.note or "")


def test_hearts_and_posts_are_shown(talk: Account) -> None:
    assert talk.send({"attachment": {"type": "like_heart"}}).parts == (Other(kind="like_heart"),)
    answer = talk.send({"attachment": {"type": "MEDIA_SHARE", "payload": {"id": "18055512345678901"}}})
    assert answer.parts == (Other(kind="media_share", data={"id": "18055512345678901"}),)
    assert answer.handled.call is not None and answer.handled.call.support == "partial"


def test_templates_have_two_kinds_of_buttons(talk: Account) -> None:
    link = {"type": "web_url", "title": "More", "url": "https://shop.example"}
    card = {"title": "Workshop", "subtitle": "Sunday", "buttons": [POSTBACK, link]}
    (carousel,) = talk.send(template("generic", elements=[card])).parts
    text, keyboard = talk.send(template("button", text="?", buttons=[POSTBACK])).parts
    assert isinstance(carousel, Carousel) and len(carousel.cards[0].buttons) == 2
    assert text == Text(text="?") and keyboard.style == "inline"
    assert talk.send(template("product", elements=[{"id": "52"}])).parts == (Products(ids=("52",)),)
    call = {"type": "phone_number", "title": "Call", "payload": "+4312345678"}
    for refused in (template("button", text="?", buttons=[call]), template("media", elements=[]), template("coupon")):
        assert talk.send(refused).code == (100, 2534015)


def test_actions_are_shown(talk: Account) -> None:
    mine = next(iter(talk.chat.messages))
    done = [talk.act(name).handled.effects[0] for name in ("typing_on", "typing_off", "mark_seen")]
    done += [talk.act(name, message_id=mine, reaction="love").handled.effects[0] for name in ("react", "unreact")]
    assert done == [
        Activity(to=talk.to, action="typing_on"),
        Activity(to=talk.to, action="typing_off"),
        MarkedRead(to=talk.to, message_id=mine),
        Reacted(to=talk.to, message_id=mine, emoji="❤️"),
        Reacted(to=talk.to, message_id=mine),
    ]
    assert talk.act("typing_on").json == {"recipient_id": talk.to}


def test_a_comment_is_answered_in_private_once(account: Account) -> None:
    (entry,) = account.entries(Event(name="comments"))
    body = {"recipient": {"comment_id": entry["changes"][0]["value"]["id"]}, "message": {"text": "Details here"}}
    first, second = (account.call("POST", "/v25.0/me/messages", body) for _ in range(2))
    assert first.json["recipient_id"] == account.to and second.code == (100, 2534025)
    assert account.send({"text": "more"}).code == (10, 2534022)  # a comment opens no window


def test_a_marketing_token_needs_no_window(talk: Account) -> None:
    token = talk.event(Event(name="optin"))["optin"]["notification_messages_token"]
    talk.now += 9 * DAY_S
    body = {"recipient": {"notification_messages_token": token}, "message": {"text": "News"}}
    first, second = (talk.call("POST", "/v25.0/me/messages", body) for _ in range(2))
    assert (first.status, second.code) == (200, (4, 2018354))


def test_a_person_may_answer_for_a_week_and_the_bot_for_a_day(talk: Account) -> None:
    talk.now += DAY_S + 1
    assert (talk.send({"text": "a"}).code, talk.send({"text": "a"}, **HUMAN).status) == ((10, 2534022), 200)
    talk.now += 6 * DAY_S
    assert talk.send({"text": "a"}, **HUMAN).code == (10, 2534022)


def test_nobody_is_written_to_who_has_not_written_or_has_blocked(account: Account) -> None:
    assert account.send({"text": "hi"}).code == (10, 2534022)
    account.says()
    account.updates(Block())
    assert account.send({"text": "hi"}).code == (100, 2534029)


def test_in_development_mode_only_testers_are_written_to() -> None:
    stranger, tester = Account(testers="eva"), Account(testers="anna")
    stranger.says(), tester.says()
    refused = stranger.send({"text": "hi"})
    assert (refused.status, refused.code, tester.send({"text": "hi"}).status) == (403, (200, None), 200)


def test_an_unsent_message_cannot_be_quoted(talk: Account) -> None:
    mid = talk.says("secret")
    assert talk.send({"text": "that one"}, reply_to={"mid": mid}).status == 200
    talk.updates(Delete(message_id=mid))
    assert talk.send({"text": "that one"}, reply_to={"mid": mid}).code == (100, None)
