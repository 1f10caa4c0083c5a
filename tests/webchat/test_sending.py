"""What the bot does in a conversation."""

from __future__ import annotations

from base64 import b64encode

import pytest

from chatdrill.model import Activity, Deleted, Edited, Event, Reacted, Sent
from chatdrill.wire import Fetched, HttpRequest, HttpResponse
from chatdrill_fakes.platforms.webchat import limits, platform
from chatdrill_fakes.platforms.webchat.events import ERRORS
from webchat.kit import PNG, Channel, answer, code


def test_what_was_said_changes_where_the_channel_lets_it() -> None:
    channel = Channel(channel_id="msteams")
    sent = channel.sent(text="One moment")
    place = f"/v3/conversations/{channel.to}/activities/{sent.id}"
    (edited,) = channel.call("PUT", place, {"type": "message", "text": "Done"}).effects
    assert isinstance(edited, Edited) and edited.message.text == "Done"
    assert isinstance(channel.call("DELETE", place).effects[0], Deleted)
    assert code(channel.call("DELETE", place)) == (404, "NotFound")


def test_a_bot_begins_where_the_channel_lets_it() -> None:
    channel = Channel(channel_id="msteams")
    user = channel.state.chats[channel.to].user["id"]
    handled = channel.call(
        "POST", "/v3/conversations", {"members": [{"id": user}], "activity": {"type": "message", "text": "Hi"}}
    )
    assert answer(handled)["id"] == channel.to and isinstance(handled.effects[0], Sent)
    assert code(Channel().call("POST", "/v3/conversations", {"members": [{"id": user}]})) == (403, "Forbidden")


def test_an_uploaded_file_is_shown(channel: Channel) -> None:
    body = {"type": "image/png", "name": "a.png", "originalBase64": b64encode(PNG).decode()}
    kept = answer(channel.call("POST", f"/v3/conversations/{channel.to}/attachments", body))["id"]
    link = f"{channel.state.base_url}/v3/attachments/{kept}/views/original"
    (media,) = channel.sent(attachments=[{"contentType": "image/png", "contentUrl": link}]).media
    assert media.file.size_bytes == len(PNG)
    large = {"originalBase64": b64encode(bytes(limits.UPLOAD_MAX_BYTES + 1)).decode()}
    assert code(channel.call("POST", f"/v3/conversations/{channel.to}/attachments", large)) == (
        413,
        "MessageSizeTooBig",
    )


def test_a_link_that_leads_nowhere_is_a_broken_picture_and_a_remark(channel: Channel) -> None:
    channel.fetched["https://a.test/x.png"] = Fetched(error="status 404")
    handled = channel.say(attachments=[{"contentType": "image/png", "contentUrl": "https://a.test/x.png"}])
    assert handled.call is not None and handled.call.ok and "status 404" in handled.call.remarks[0]


@pytest.mark.parametrize(
    ("status", "word"), [(status, word) for status, words in ERRORS.items() for word in words][::4]
)
def test_every_error_can_be_met(channel: Channel, status: int, word: str) -> None:
    assert channel.updates(Event(name="api_error", data={"status": status, "code": word})) == []
    assert code(channel.say(text="x")) == (status, word)
    assert channel.sent(text="x").text == "x"


def test_typing_and_reactions_are_seen_and_events_are_the_pages(channel: Channel) -> None:
    mine = channel.told()["id"]
    assert channel.say(type="typing").effects == (Activity(to=channel.to, action="typing"),)
    reacted = channel.say(type="messageReaction", replyToId=mine, reactionsAdded=[{"type": "like"}])
    assert reacted.effects == (Reacted(to=channel.to, message_id=mine, emoji="like"),)
    handled = channel.say(type="event", name="handoff.initiate")
    assert handled.effects == () and handled.call is not None and "not shown" in (handled.call.note or "")


def test_what_names_another_conversation_is_remarked(channel: Channel) -> None:
    handled = channel.say(text="x", conversation={"id": "other"}, replyToId="other|0000001", inputHint="shout")
    assert handled.call is not None and len(handled.call.remarks) == 3


def test_only_the_serviceurl_of_the_activities_knows_the_conversation() -> None:
    channel = Channel(region="emea")
    assert channel.told()["serviceUrl"].endswith("/webchat/emea/")
    handled = channel.say(text="x")
    assert code(handled) == (404, "ConversationNotFound")
    assert handled.call is not None and "/emea/" in (handled.call.note or "")
    there = channel.call("POST", f"/emea/v3/conversations/{channel.to}/activities", {"type": "message", "text": "x"})
    assert isinstance(there.effects[0], Sent)


@pytest.mark.parametrize(
    "body", [b'{"activities":[{"type":"message","text":"Hi"}]}', b"[]", b'{"activities":5}', b"ok"]
)
def test_replies_stand_in_the_answer_where_they_are_expected(body: bytes) -> None:
    channel = Channel(delivery_mode="expectReplies")
    update = channel.updates()[-1]
    ack = platform.read_ack(channel.state, [update], HttpResponse(200, (), body), channel.now)
    handled = [channel.handle(call, "webhook_answer") for call in ack.calls]
    assert ack.ok and bool(handled[0].effects) == body.startswith(b'{"activities":[{')
    calm = Channel()
    assert platform.read_ack(calm.state, calm.updates()[-1:], HttpResponse(200, (), body), calm.now).calls == ()


def test_a_call_of_another_login_is_not_claimed(channel: Channel) -> None:
    assert platform.claims(HttpRequest("GET", "/v3/directline/conversations/x"), channel.state)
    assert not platform.claims(HttpRequest("GET", "/v3/x", (("Authorization", "Bearer other"),)), channel.state)
    begun = HttpRequest("POST", "/v3/conversations", (), b'{"members":[{"id":"dl_1"}]}')
    assert platform.owner_of(channel.state, begun) == "dl_1"  # type: ignore[attr-defined]
    assert platform.owner_of(channel.state, HttpRequest("GET", f"/v3/conversations/{channel.to}/members")) == channel.to  # type: ignore[attr-defined]
