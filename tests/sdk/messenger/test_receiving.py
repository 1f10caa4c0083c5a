"""fbmessenger takes the fake's webhooks, and a wrong secret is noticed."""

from __future__ import annotations

import asyncio
from typing import Any

import requests

from chatdrill.model import Button, Edit, Event, Media, Press, React, Read, Start, Text, Write
from chatdrill.trace import Attempt
from chatdrill.wire.files import describe

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def say(text: str = "Grüß Gott 👋 1/2") -> Write:
    return Write(parts=(Text(text=text),))


async def test_a_text_arrives_and_is_answered(rehearsal: Any, bot: Any) -> None:
    (mid,) = rehearsal.act(say())
    event = await rehearsal.hears(bot, "message")
    assert (event["message"], bot.get_user_id()) == ({"mid": mid, "text": "Grüß Gott 👋 1/2"}, rehearsal.to)
    answer = await rehearsal.does(bot.send, {"text": "Willkommen!"})
    assert answer["recipient_id"] == rehearsal.to
    assert rehearsal.sent == [(Text(text="Willkommen!"),)]


async def test_media_arrives_and_can_be_downloaded_without_a_token(rehearsal: Any, bot: Any) -> None:
    file = describe(PDF, rehearsal.channel.state.blobs, name="offer ß.pdf")
    rehearsal.act(Write(parts=(Media(kind="document", file=file),)))
    event = await rehearsal.hears(bot, "message")
    (attachment,) = event["message"]["attachments"]
    got = await rehearsal.does(requests.get, attachment["payload"]["url"], timeout=5)
    assert (attachment["type"], got.status_code, got.content) == ("file", 200, PDF)
    assert got.headers["Content-Type"] == "application/pdf"


async def test_quick_replies_and_postbacks_arrive(rehearsal: Any, bot: Any) -> None:
    rehearsal.act(Press(button=Button(title="Yes", kind="reply", payload="YES")))
    said = await rehearsal.hears(bot, "message")
    rehearsal.act(Press(button=Button(title="Help", kind="postback", payload="HELP")))
    pressed = await rehearsal.hears(bot, "postback")
    assert said["message"]["quick_reply"] == {"payload": "YES"}
    assert (pressed["postback"]["title"], pressed["postback"]["payload"]) == ("Help", "HELP")


async def test_get_started_follows_the_profile_that_the_bot_set(rehearsal: Any, bot: Any) -> None:
    await rehearsal.does(bot.set_messenger_profile, {"get_started": {"payload": "GO"}})
    rehearsal.act(Start(payload="flyer-17"))
    event = await rehearsal.hears(bot, "postback")
    assert event["postback"]["payload"] == "GO" and event["postback"]["referral"]["ref"] == "flyer-17"


async def test_edits_and_reactions_arrive(rehearsal: Any, bot: Any) -> None:
    (mid,) = rehearsal.act(say("Graz"))
    await rehearsal.hears(bot, "message")
    rehearsal.act(Edit(message_id=mid, parts=(Text(text="Linz"),)))
    edited = await rehearsal.hears(bot, "other")
    rehearsal.act(React(message_id=mid, emoji="👍"))
    reacted = await rehearsal.hears(bot, "other")
    assert edited["message_edit"] == {"mid": mid, "text": "Linz", "num_edit": 1}
    assert reacted["reaction"]["reaction"] == "like"


async def test_what_the_bot_sent_is_delivered_and_read(rehearsal: Any, bot: Any) -> None:
    rehearsal.act(say())
    await rehearsal.hears(bot, "message")
    mid = (await rehearsal.does(bot.send, {"text": "hi"}))["message_id"]
    delivered = await rehearsal.hears(bot, "delivery")
    rehearsal.act(Read(message_id=mid))
    read = await rehearsal.hears(bot, "read")
    assert delivered["delivery"]["mids"] == [mid]
    assert read["read"]["watermark"] == delivered["delivery"]["watermark"]


async def test_opt_ins_and_account_links_arrive(rehearsal: Any, bot: Any) -> None:
    rehearsal.act(Event(name="optin"))
    optin = await rehearsal.hears(bot, "optin")
    rehearsal.act(Event(name="account_linking", data={"account_linking_token": "ALT"}))
    linked = await rehearsal.hears(bot, "account_linking")
    answer = await rehearsal.does(bot.link_account, "ALT")
    assert optin["optin"]["type"] == "notification_messages"
    assert linked["account_linking"]["status"] == "linked" and answer["recipient"] == rehearsal.to


async def test_a_bot_with_another_app_secret_refuses_the_webhook(rehearsal: Any) -> None:
    bot = rehearsal.bot(webhook_secret="another")
    rehearsal.stage.set_webhook("messenger", bot.url)
    rehearsal.act(say())
    body = await asyncio.to_thread(bot.refused.get, True, 5)
    assert b'"object":"page"' in body and bot.seen.empty()
    attempts = [one for one in rehearsal.recorder.records if isinstance(one, Attempt)]
    assert all(one.status in (403, None) for one in attempts)


async def test_the_callback_is_registered_by_the_api_after_the_handshake(rehearsal: Any) -> None:
    bot = rehearsal.bot()
    environment = rehearsal.stage.environment()
    app = environment["MESSENGER_APP_ID"]
    body = {
        "object": "page",
        "callback_url": bot.url,
        "verify_token": environment["MESSENGER_VERIFY_TOKEN"],
        "fields": "messages",
        "access_token": f"{app}|{environment['MESSENGER_APP_SECRET']}",
    }
    url = f"{environment['MESSENGER_API_ROOT']}/v25.0/{app}/subscriptions"
    wrong = await rehearsal.does(requests.post, url, data={**body, "verify_token": "wrong"}, timeout=5)
    right = await rehearsal.does(requests.post, url, data=body, timeout=5)
    rehearsal.act(say())
    assert wrong.json()["error"]["code"] == 2200 and right.json() == {"success": True}
    assert (await rehearsal.hears(bot, "message"))["message"]["text"] == "Grüß Gott 👋 1/2"
