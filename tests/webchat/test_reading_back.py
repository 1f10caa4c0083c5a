"""Activities as the reference shows them, read back as acts; calls with the service's answers, seen as effects."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chatdrill.model import (
    Activity,
    Button,
    Delete,
    Deleted,
    Edit,
    Edited,
    Event,
    Form,
    Press,
    React,
    Reacted,
    Sent,
    Start,
    Text,
    Typing,
    Write,
)
from chatdrill.wire import HttpResponse, Update
from recording.shadow import NOW, Shadow

CONV = "Cnv01"
SAY = f"/v3/conversations/{CONV}/activities"
HERO = "application/vnd.microsoft.card.hero"


def activity(type: str = "message", **fields: Any) -> dict[str, Any]:
    return {
        "type": type,
        "id": f"{CONV}|0000003",
        "timestamp": "2026-09-21T14:13:20.1234567Z",
        "localTimezone": "Europe/Moscow",
        "serviceUrl": "https://directline.botframework.com/",
        "channelId": "webchat",
        "from": {"id": "dl_anna", "name": "Анна Смирнова", "role": "user"},
        "conversation": {"id": CONV},
        "recipient": {"id": "bench-bot@handle", "name": "Bench", "role": "bot"},
        "locale": "ru-RU",
        **fields,
    }


@pytest.fixture
def shadow() -> Shadow:
    return Shadow("webchat")


ACTS = [
    (activity(text="Где мой заказ?", textFormat="plain", entities=[{}]), Write(parts=(Text(text="Где мой заказ?"),))),
    (activity("messageUpdate", text="new"), Edit(message_id=f"{CONV}|0000003", parts=(Text(text="new"),))),
    (activity("messageDelete"), Delete(message_id=f"{CONV}|0000003")),
    (
        activity("messageReaction", replyToId="4", reactionsAdded=[{"type": "like"}]),
        React(message_id="4", emoji="\N{THUMBS UP SIGN}"),
    ),
    (
        activity("messageReaction", replyToId="4", reactionsRemoved=[{"type": "like"}]),
        React(message_id="4", emoji=None),
    ),
    (activity("typing"), Typing()),
    (activity("event", name="webchat/join", value={"language": "ru-RU", "ref": "tok77"}), Start(payload="tok77")),
    (activity("event", name="webchat/join"), Start()),
    (
        activity(text="yes", channelData={"postBack": True}),
        Press(button=Button(title="yes", kind="callback", payload="yes")),
    ),
    (
        activity(text="later", value={"n": 1}, channelData={"messageBack": True}),
        Press(button=Button(title="later", kind="callback", payload='{"n":1}')),
    ),
    (
        activity(value={"size": "42"}, channelData={"postBack": True}),
        Write(parts=(Form(name="form", values={"size": "42"}),)),
    ),
]


@pytest.mark.parametrize(("given", "wanted"), ACTS, ids=lambda one: one["type"] if isinstance(one, dict) else "")
def test_an_activity_is_the_act_that_it_tells_of(shadow: Shadow, given: Any, wanted: Any) -> None:
    (said,) = shadow.told(given)
    assert (said.act, said.to, said.at) == (wanted, CONV, 1790000000.123456)
    assert said.person == {"first_name": "Анна", "last_name": "Смирнова", "locale": "ru_RU"}


def test_files_are_described_and_what_is_none_is_kept(shadow: Shadow) -> None:
    attachments = [
        {"contentType": "image/png", "contentUrl": "https://a.test/check.png", "name": "check.png"},
        {"contentType": "audio/ogg", "contentUrl": "https://a.test/x"},
        {"contentType": "application/vnd.example.map", "content": {"at": "Vienna"}},
    ]
    (said,) = shadow.told(activity(text="here", attachments=attachments))
    photo, audio, other = said.act.parts  # type: ignore[union-attr]
    assert (photo.kind, photo.caption.text, audio.kind) == ("photo", "here", "audio")
    assert said.unread == other.kind == "application/vnd.example.map" and other.data == {"at": "Vienna"}


def test_what_teams_says_again_in_html_is_left_out(shadow: Shadow) -> None:
    html = {"contentType": "text/html", "content": "<p>Hi</p>"}
    assert shadow.act(activity(text="Hi", attachments=[html])) == Write(parts=(Text(text="Hi"),))


@pytest.mark.parametrize("kind", ["conversationUpdate", "invoke", "endOfConversation", "things_to_come"])
def test_what_no_act_says_is_an_event_of_that_name(shadow: Shadow, kind: str) -> None:
    (said,) = shadow.told(activity(kind, name="some/name"))
    assert isinstance(said.act, Event) and said.unread == f"{kind} some/name"


@pytest.mark.parametrize(
    "body",
    [{}, {"type": "message"}, {"type": 5, "conversation": {"id": "x"}}, [], {"type": "x", "conversation": {"id": ""}}],
)
def test_what_is_no_activity_is_refused(shadow: Shadow, body: Any) -> None:
    with pytest.raises(ValueError, match=r"activity|object"):
        shadow.told(body)


# -------------------------------------------------------------------------------------------------------- the bot's calls


def posted(shadow: Shadow, url: str = SAY, **fields: Any) -> Any:
    seen = shadow.saw(url, {"type": "message", **fields}, {"id": f"{CONV}|0000004"})
    assert seen.unread is None
    (effect,) = seen.effects
    return effect


def test_a_message_of_the_bots_has_the_services_id(shadow: Shadow) -> None:
    shadow.told(activity(text="hi"))
    sent = posted(shadow, f"{SAY}/{CONV}%7C0000003", text="Заказ в пути", replyToId=f"{CONV}|0000003")
    assert isinstance(sent, Sent) and (sent.to, sent.message.ids) == (CONV, (f"{CONV}|0000004",))
    assert (sent.message.text, sent.message.reply_to) == ("Заказ в пути", f"{CONV}|0000003")


def test_whatever_stands_before_the_path_in_service_url_is_passed_over(shadow: Shadow) -> None:
    shadow.told(activity(text="hi"))
    assert posted(shadow, f"/emea{SAY}", text="Hi").message.text == "Hi"


def test_a_press_leads_back_to_the_button_that_was_shown(shadow: Shadow) -> None:
    shadow.told(activity(text="hi"))
    buttons = [
        {"type": "postBack", "title": "Yes", "value": "y"},
        {"type": "postBack", "title": "Or", "value": {"n": 1}},
    ]
    posted(shadow, text="?", attachments=[{"contentType": HERO, "content": {"buttons": buttons}}])
    yes = shadow.act(activity(text="y", channelData={"postBack": True}))
    other = shadow.act(activity(value={"n": 1}, channelData={"postBack": True}))
    assert [(one.button.title, one.message_id) for one in (yes, other)] == [  # type: ignore[union-attr]
        ("Yes", f"{CONV}|0000004"),
        ("Or", f"{CONV}|0000004"),
    ]


def test_changes_and_signs_are_seen(shadow: Shadow) -> None:
    shadow.told(activity(text="hi"))
    posted(shadow, text="one")
    at = f"{SAY}/{CONV}%7C0000004"
    (edited,) = shadow.saw(at, {"type": "message", "text": "two"}, {"id": f"{CONV}|0000004"}, method="PUT").effects
    assert isinstance(edited, Edited) and (edited.message.id, edited.message.text) == (f"{CONV}|0000004", "two")
    assert shadow.saw(at, None, {}, method="DELETE").effects == (Deleted(to=CONV, message_ids=(f"{CONV}|0000004",)),)
    assert shadow.saw(SAY, {"type": "typing"}, {"id": "x"}).effects == (Activity(to=CONV, action="typing"),)
    liked = {"type": "messageReaction", "replyToId": "4", "reactionsAdded": [{"type": "like"}]}
    assert shadow.saw(SAY, liked, {"id": "x"}).effects == (Reacted(to=CONV, message_id="4", emoji="like"),)


def test_a_file_and_a_card_that_nobody_knows(shadow: Shadow) -> None:
    shadow.told(activity(text="hi"))
    picture = {"contentType": "image/png", "contentUrl": "https://a.test/p.png"}
    assert posted(shadow, attachments=[picture]).message.media[0].file.url == "https://a.test/p.png"
    card = {"contentType": "application/vnd.example.map", "content": {"at": "Vienna"}}
    seen = shadow.saw(SAY, {"type": "message", "attachments": [card]}, {"id": "5"})
    assert seen.unread == "application/vnd.example.map"


def test_a_conversation_that_the_bot_begins_has_its_first_words(shadow: Shadow) -> None:
    body = {"members": [{"id": "dl_anna"}], "activity": {"type": "message", "text": "Your order has come"}}
    seen = shadow.saw("/v3/conversations", body, {"id": "Cnv02", "activityId": "Cnv02|1"}, status=201)
    (effect,) = seen.effects
    assert isinstance(effect, Sent) and (effect.to, effect.message.ids) == ("Cnv02", ("Cnv02|1",))


def test_replies_in_the_answer_are_seen_where_the_activity_asks_for_them(shadow: Shadow) -> None:
    answer = HttpResponse(
        200, (), msgspec.json.encode({"activities": [{"type": "message", "text": "one"}, {"type": "typing"}]})
    )
    effects = []
    for mode in ("expectReplies", "normal"):
        body = msgspec.json.encode(activity(text="hi", deliveryMode=mode))
        shadow.told(body)
        update = Update("1", "write", CONV, CONV, body, NOW)
        for call in shadow.platform.read_ack(shadow.state, [update], answer, NOW).calls:
            effects += shadow.observed(call, HttpResponse(200), "webhook_answer").effects
    assert [type(one) for one in effects] == [Sent, Activity]


def test_what_the_service_refuses_did_nothing(shadow: Shadow) -> None:
    error = {"error": {"code": "ConversationNotFound", "message": "Unknown conversation id"}}
    seen = shadow.saw(SAY, {"type": "message", "text": "x"}, error, status=404)
    assert (
        seen.call is not None
        and seen.call.error == "ConversationNotFound: Unknown conversation id"
        and not seen.effects
    )


def test_what_is_no_send_is_a_call_of_its_name(shadow: Shadow) -> None:
    seen = shadow.saw(f"/v3/conversations/{CONV}/members", None, [], method="GET")
    assert seen.call is not None and (seen.call.method, seen.call.to) == (
        "GET /v3/conversations/{conversation}/members",
        CONV,
    )
