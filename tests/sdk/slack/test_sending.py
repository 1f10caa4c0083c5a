"""Every kind of call of slack_sdk's, and what the customer sees."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, HeaderBlock, SectionBlock, StaticSelectElement
from slack_sdk.models.blocks.basic_components import Option
from slack_sdk.webhook import WebhookClient

from chatdrill.model import Activity, Deleted, Edited, Event, Keyboard, Media, Reacted, Text, Write

BLOCKS = [
    HeaderBlock(text="Order 553"),
    SectionBlock(text="*On its way*", fields=["today", "by van"]),
    ActionsBlock(
        elements=[
            ButtonElement(text="Good", action_id="good", value="5", style="primary"),
            ButtonElement(text="Page", action_id="page", url="https://shop.example"),
        ]
    ),
    SectionBlock(
        text="Which?",
        accessory=StaticSelectElement(
            placeholder="Pick", action_id="pick", options=[Option(value="a", text="A"), Option(value="b", text="B")]
        ),
    ),
]


@pytest.fixture
async def client(rehearsal: Any, bot: Any) -> Any:
    rehearsal.act(Write(parts=(Text(text="Hi"),)))
    return bot.client


async def test_blocks_are_seen_as_they_are_meant(rehearsal, client):
    await rehearsal.does(client.chat_postMessage, channel=rehearsal.to, text="Order 553", blocks=BLOCKS)
    (message,) = await rehearsal.shown()
    assert message.text == "Order 553\nOn its way\ntoday\nby van\nWhich?"
    assert [one.style for one in message.parts if isinstance(one, Keyboard)] == ["inline", "list"]
    assert [(one.title, one.kind) for one in message.buttons] == [
        ("Good", "callback"), ("Page", "url"), ("A", "callback"), ("B", "callback"),
    ]  # fmt: skip


async def test_a_message_lives_and_dies(rehearsal, client):
    posted = await rehearsal.does(client.chat_postMessage, channel=rehearsal.to, text="one")
    channel, ts = posted["channel"], posted["ts"]
    await rehearsal.does(client.chat_postMessage, channel=channel, text="reply", thread_ts=ts)
    await rehearsal.does(client.chat_update, channel=channel, ts=ts, text="two")
    await rehearsal.does(client.reactions_add, channel=channel, timestamp=ts, name="thumbsup")
    link = await rehearsal.does(client.chat_getPermalink, channel=channel, message_ts=ts)
    thread = await rehearsal.does(client.conversations_replies, channel=channel, ts=ts)
    await rehearsal.does(client.chat_delete, channel=channel, ts=ts)
    kinds = [type(one).__name__ for one in rehearsal.effects]
    assert kinds == ["Sent", "Sent", "Edited", "Reacted", "Deleted"]
    assert [one["text"] for one in thread["messages"]] == ["two", "reply"] and ts.replace(".", "") in link["permalink"]
    assert (await rehearsal.shown(2))[1].reply_to == ts
    assert {Edited, Reacted, Deleted} == {type(one) for one in rehearsal.effects[2:]}


async def test_a_file_is_uploaded_in_three_steps_and_seen(rehearsal, client):
    channel = (await rehearsal.does(client.conversations_open, users=rehearsal.to))["channel"]["id"]
    await rehearsal.does(
        client.files_upload_v2,
        channel=channel,
        content=b"GIF89a\x01\x00\x01\x00",
        filename="a.gif",
        initial_comment="Look",
    )
    (message,) = await rehearsal.shown()
    assert message.text == "Look" and [one.kind for one in message.parts if isinstance(one, Media)] == ["animation"]
    info = await rehearsal.does(client.files_list)
    assert [one["name"] for one in info["files"]] == ["a.gif"]


async def test_whispers_status_and_streams_are_seen(rehearsal, client):
    (mine,) = rehearsal.act(Write(parts=(Text(text="Hi"),)))
    channel = rehearsal.channel.state.chats[rehearsal.to].dm
    await rehearsal.does(client.chat_postEphemeral, channel=channel, user=rehearsal.to, text="only you")
    await rehearsal.does(client.assistant_threads_setStatus, channel_id=channel, thread_ts=mine, status="thinking")
    stream = await rehearsal.does(client.chat_stream, channel=channel, thread_ts=mine, recipient_user_id=rehearsal.to, recipient_team_id="T0CHATDRILL", buffer_size=1)  # fmt: skip
    await rehearsal.does(stream.append, markdown_text="one ")
    await rehearsal.does(stream.append, markdown_text="two")
    await rehearsal.does(stream.stop)
    chat = rehearsal.channel.state.chats[rehearsal.to]
    assert any(isinstance(one, Activity) for one in rehearsal.effects)
    assert [one.text for one in chat.messages.values() if one.author == "bot"] == ["only you", "one two"]


async def test_people_and_places_are_read_page_by_page(rehearsal, client):
    user = (await rehearsal.does(client.users_info, user=rehearsal.to, include_locale=True))["user"]
    assert (user["real_name"], user["locale"], user["profile"]["email"]) == ("Anna Nowak", "en-US", "anna@example.org")
    assert (await rehearsal.does(client.users_lookupByEmail, email="ANNA@example.org"))["user"]["id"] == rehearsal.to
    pages = await rehearsal.does(lambda: [page["members"] for page in client.users_list(limit=1)])
    assert [len(page) for page in pages] == [1, 1]
    rooms = await rehearsal.does(client.conversations_list, types="public_channel,im")
    assert [room["is_im"] for room in rooms["channels"]] == [False, True]
    assert (await rehearsal.does(client.auth_test))["bot_id"] == "B0CHATDRILL"
    assert (await rehearsal.does(client.team_info))["team"]["domain"] == "chatdrill"


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda client, to: client.chat_postMessage(channel="C0NOWHERE00", text="x"), "channel_not_found"),
        (lambda client, to: client.chat_postMessage(channel=to, text=""), "no_text"),
        (lambda client, to: client.chat_postMessage(channel=to, text="x", blocks=[{"type": "dance"}]), "invalid_blocks"),
        (lambda client, to: client.users_info(user="U0NOBODY000"), "user_not_found"),
        (lambda client, to: client.views_open(trigger_id="1.2.3", view={"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []}), "invalid_trigger_id"),
        (lambda client, to: client.chat_scheduleMessage(channel=to, text="x", post_at=1), "unknown_method"),
        (lambda client, to: client.files_upload(content="x"), "method_deprecated"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:.*:UserWarning")
async def test_errors_are_handed_on(rehearsal, client, call, word):
    with pytest.raises(SlackApiError) as caught:
        await rehearsal.does(call, client, rehearsal.to)
    assert caught.value.response["error"] == word


async def test_too_many_messages_say_when_to_come_back(rehearsal, client):
    def flood() -> None:
        for number in range(10):
            client.chat_postMessage(channel=rehearsal.to, text=str(number))

    with pytest.raises(SlackApiError) as caught:
        await rehearsal.does(flood)
    response = caught.value.response
    assert (response.status_code, response["error"], response.headers["Retry-After"]) == (429, "ratelimited", "1")


async def test_webhook_clients_answer_an_interaction_and_post_to_a_channel(rehearsal, client):
    rehearsal.act(Event(name="slash_command"))
    (key,) = rehearsal.channel.state.replies
    hook = WebhookClient(f"{rehearsal.channel.base_url}/commands/T0CHATDRILL/1/{key}")
    answer = await rehearsal.does(hook.send, text="Thank you", response_type="ephemeral")
    incoming = WebhookClient(f"{rehearsal.channel.base_url}/services/T0CHATDRILL/B0CHATDRILL/abc")
    posted = await rehearsal.does(incoming.send, text="Good morning")
    assert (answer.status_code, answer.body, posted.body) == (200, "ok", "ok")
    assert [one.text for one in await rehearsal.shown()] == ["Thank you"]
