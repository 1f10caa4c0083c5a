"""Events, presses, commands, modals: as Bolt verifies, parses and answers them, over HTTP and in Socket Mode."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from chatdrill.model import (
    Delete,
    Edit,
    Edited,
    Event,
    Form,
    Media,
    Press,
    PressAnswered,
    React,
    Start,
    Text,
    Write,
)
from chatdrill.wire.files import describe

WAYS = pytest.mark.parametrize("settings", [{}, {"socket_mode": "yes"}], ids=["http", "socket"], indirect=True)
BUTTON = {"type": "button", "action_id": "good", "text": {"type": "plain_text", "text": "Good"}, "value": "5"}
MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "survey",
    "title": {"type": "plain_text", "text": "Survey"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "c",
            "label": {"type": "plain_text", "text": "Comment"},
            "element": {"type": "plain_text_input", "action_id": "t"},
        }
    ],
}


async def up(rehearsal: Any, bot: Any) -> None:
    if rehearsal.channel.state.comes_by_itself:
        await rehearsal.over_socket(bot)
    else:
        await rehearsal.over_http(bot)


def hi(words: str = "Hi") -> Write:
    return Write(parts=(Text(text=words),))


@WAYS
async def test_a_message_is_heard_and_answered_and_the_echo_is_left_alone(rehearsal, bot):
    @bot.app.event("message")
    def heard(event, say):
        bot.seen.put(event)
        say(text=f"You said *{event['text']}*")

    await up(rehearsal, bot)
    rehearsal.act(hi("Where is 553?"))
    event = await rehearsal.sees(bot)
    (shown,) = await rehearsal.shown()
    assert (event["text"], event["channel_type"], event["user"]) == ("Where is 553?", "im", rehearsal.to)
    assert shown.text == "You said Where is 553?"
    await rehearsal.until(lambda: len(rehearsal.attempts) == 2)
    assert bot.seen.empty()  # Bolt leaves out what the bot itself has said


@WAYS
async def test_a_press_is_acknowledged_and_changes_the_message(rehearsal, bot):
    @bot.app.event("message")
    def heard(event, say):
        if not event.get("subtype"):
            say(text="Rate", blocks=[{"type": "actions", "block_id": "b", "elements": [BUTTON]}])

    @bot.app.action("good")
    def pressed(ack, body, respond):
        ack()
        bot.seen.put(body)
        respond(text="Thank you", replace_original=True)

    await up(rehearsal, bot)
    rehearsal.act(hi())
    (menu,) = await rehearsal.shown()
    rehearsal.act(Press(button=menu.buttons[0], message_id=menu.id))
    body = await rehearsal.sees(bot)
    await rehearsal.until(lambda: any(isinstance(one, Edited) for one in rehearsal.effects))
    assert body["actions"][0]["value"] == "5" and body["container"]["message_ts"] == menu.id
    assert rehearsal.channel.state.chats[rehearsal.to].messages[menu.id].text == "Thank you"


@WAYS
async def test_a_command_is_answered_in_its_answer(rehearsal, bot):
    @bot.app.command("/ask")
    def asked(ack, command):
        ack(f"You asked {command['text']}")

    await up(rehearsal, bot)
    rehearsal.act(Event(name="slash_command", data={"text": "why"}))
    assert [one.text for one in await rehearsal.shown()] == ["You asked why"]


@WAYS
async def test_a_modal_is_opened_refused_and_sent(rehearsal, bot):
    @bot.app.shortcut("help")
    def opens(ack, shortcut, client):
        ack()
        client.views_open(trigger_id=shortcut["trigger_id"], view=MODAL)

    @bot.app.view("survey")
    def sent(ack, view):
        words = view["state"]["values"]["c"]["t"]["value"]
        if words == "no":
            ack(response_action="errors", errors={"c": "More, please"})
        else:
            ack()
        bot.seen.put(words)

    await up(rehearsal, bot)
    rehearsal.act(Event(name="shortcut"))
    (modal,) = await rehearsal.shown()
    form = modal.parts[-1]
    assert isinstance(form, Form) and form.values == {"t": "Comment"}
    rehearsal.act(Write(parts=(Form(name="survey", values={"t": "no"}),)))
    await rehearsal.until(lambda: [one.text for one in rehearsal.effects if isinstance(one, PressAnswered)] == ["More, please"])  # fmt: skip
    rehearsal.act(Write(parts=(Form(name="survey", values={"t": "fine"}),)))
    assert [await rehearsal.sees(bot) for _ in range(2)] == ["no", "fine"]
    await rehearsal.until(lambda: not rehearsal.channel.state.chats[rehearsal.to].modals)


async def test_every_kind_of_news_reaches_its_listener(rehearsal, bot):
    kinds = ("app_mention", "reaction_added", "app_home_opened", "member_joined_channel", "file_shared")
    for kind in kinds:
        bot.app.event(kind)(lambda event: bot.seen.put(event["type"]))
    bot.app.event("message")(lambda event: bot.seen.put(event.get("subtype") or "message"))
    await up(rehearsal, bot)
    (mine,) = rehearsal.act(hi())
    acts = (
        Edit(message_id=mine, parts=(Text(text="Hello"),)),
        React(message_id=mine, emoji="\N{EYES}"),
        Start(),
        Event(name="app_mention"),
        Event(name="member_joined_channel"),
        Delete(message_id=mine),
    )
    for act in acts:
        rehearsal.act(act)
    seen = {await rehearsal.sees(bot) for _ in range(8)}
    assert seen == {"message", "message_changed", "reaction_added", "app_home_opened", "app_mention",
                    "member_joined_channel", "message_deleted"}  # fmt: skip


async def test_a_forged_request_is_refused(rehearsal):
    bot = await rehearsal.bot(signing_secret="another")
    rehearsal.stage.set_webhook("slack", await rehearsal.does(bot.listen))
    with pytest.raises(Exception, match=r"did not pass the platform.s check: .* 401"):
        await rehearsal.stage.check_webhook("slack")


async def test_what_is_not_acknowledged_comes_again_and_says_so(rehearsal, bot):
    seen: list[Any] = []

    @bot.app.event("message")
    def heard(request, event):
        seen.append(
            (event["ts"], request.headers.get("x-slack-retry-num"), request.headers.get("x-slack-retry-reason"))
        )
        if len(seen) == 1:
            raise RuntimeError("not this time")

    bot.app._process_before_response = True  # so that an error of the listener is the answer
    bot.app._listener_runner.process_before_response = True
    await up(rehearsal, bot)
    rehearsal.act(hi())
    await rehearsal.until(lambda: len(seen) >= 2)
    (first, *_), second = seen[0], seen[1]
    assert second == (first, ["1"], ["http_error"]) and seen[0][1] is None


async def test_files_are_fetched_with_the_token_and_not_without(rehearsal, bot):
    @bot.app.event("message")
    def heard(event):
        bot.seen.put(event["files"][0])

    await up(rehearsal, bot)
    file = describe(b"%PDF-1.4 x", rehearsal.channel.state.blobs, name="bill.pdf")
    rehearsal.act(Write(parts=(Media(kind="document", file=file),)))
    told = await rehearsal.sees(bot)
    headers = {"Authorization": f"Bearer {bot.client.token}"}
    got = await rehearsal.does(requests.get, told["url_private"], headers=headers)
    bare = await rehearsal.does(requests.get, told["url_private"])
    assert (got.content, got.headers["Content-Type"]) == (b"%PDF-1.4 x", "application/pdf")
    assert (bare.status_code, bare.headers["Content-Type"].split(";")[0]) == (200, "text/html")


@pytest.mark.parametrize("settings", [{"socket_mode": "yes"}], indirect=True)
async def test_a_socket_is_opened_anew_when_slack_closes_it(rehearsal, bot):
    @bot.app.event("message")
    def heard(event):
        bot.seen.put(event["text"])

    await up(rehearsal, bot)
    (first,) = rehearsal.channel.state.sockets
    rehearsal.act(Event(name="disconnect", data={"reason": "refresh_requested"}))
    await rehearsal.until(lambda: rehearsal.channel.state.sockets not in ([], [first]))
    rehearsal.act(hi("still there?"))
    assert await rehearsal.sees(bot) == "still there?"
    assert rehearsal.trouble == []


@pytest.mark.parametrize("settings", [{"socket_mode": "yes"}], indirect=True)
async def test_the_client_for_asyncio_speaks_socket_mode_too(rehearsal):
    from slack_sdk.socket_mode.aiohttp import SocketModeClient
    from slack_sdk.socket_mode.response import SocketModeResponse
    from slack_sdk.web.async_client import AsyncWebClient

    env = rehearsal.stage.environment()
    web = AsyncWebClient(token=env["SLACK_BOT_TOKEN"], base_url=env["SLACK_API_ROOT"])
    client, seen = SocketModeClient(app_token=env["SLACK_APP_TOKEN"], web_client=web), []

    async def heard(client, request):
        seen.append(request.payload["event"]["text"])
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    client.socket_mode_request_listeners.append(heard)
    await client.connect()
    rehearsal.act(hi())
    await rehearsal.until(lambda: seen == ["Hi"] and rehearsal.attempts)
    await client.close()
    assert [one.ok for one in rehearsal.attempts] == [True]
