"""fbmessenger takes the fake's webhooks, and what it sends arrives as it was meant, by both logins."""

from __future__ import annotations

import asyncio
from typing import Any

import requests
from fbmessenger import attachments, elements, quick_replies, sender_actions, templates

from chatdrill.model import Button, Carousel, Delete, Keyboard, Media, Other, Press, React, Read, Text, Write
from chatdrill.wire.files import describe

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def say(text: str = "Grüß Gott 👋 1/2") -> Write:
    return Write(parts=(Text(text=text),))


async def test_a_text_arrives_and_is_answered_and_the_answer_comes_as_an_echo(rehearsal: Any, bot: Any) -> None:
    (mid,) = rehearsal.act(say())
    event = await rehearsal.hears(bot, "message")
    assert (event["message"], bot.get_user_id()) == ({"mid": mid, "text": "Grüß Gott 👋 1/2"}, rehearsal.to)
    answer = await rehearsal.does(bot.send, {"text": "Willkommen!"})
    echo = (await rehearsal.hears(bot, "message"))["message"]
    assert answer["recipient_id"] == rehearsal.to and rehearsal.sent == [(Text(text="Willkommen!"),)]
    assert echo == {"mid": answer["message_id"], "text": "Willkommen!", "is_echo": True}


async def test_media_stories_and_what_was_unsent_arrive(rehearsal: Any, bot: Any) -> None:
    file = describe(PDF, rehearsal.channel.state.blobs, name="offer ß.pdf")
    rehearsal.act(Write(parts=(Media(kind="document", file=file),)))
    (attachment,) = (await rehearsal.hears(bot, "message"))["message"]["attachments"]
    got = await rehearsal.does(requests.get, attachment["payload"]["url"], timeout=5)
    assert (attachment["type"], got.status_code, got.content) == ("file", 200, PDF)
    (mid,) = rehearsal.act(Write(parts=(Other(kind="story_mention"),)))
    assert (await rehearsal.hears(bot, "message"))["message"]["attachments"][0]["type"] == "story_mention"
    rehearsal.act(Delete(message_id=mid))
    assert (await rehearsal.hears(bot, "message"))["message"] == {"mid": mid, "is_deleted": True}


async def test_presses_reactions_and_seen_arrive(rehearsal: Any, bot: Any) -> None:
    rehearsal.act(Press(button=Button(title="Help", kind="postback", payload="HELP")))
    pressed = await rehearsal.hears(bot, "postback")
    answer = await rehearsal.does(bot.send, {"text": "hi"})
    rehearsal.act(React(message_id=answer["message_id"], emoji="❤️"))
    reacted = await rehearsal.hears(bot, "other")
    rehearsal.act(Read(message_id=answer["message_id"]))
    read = await rehearsal.hears(bot, "read")
    assert pressed["postback"]["payload"] == "HELP" and reacted["reaction"]["reaction"] == "love"
    assert read["read"] == {"mid": answer["message_id"]}


async def test_a_webhook_with_another_secret_is_refused(rehearsal: Any) -> None:
    bot = rehearsal.bot(webhook_secret="another")
    rehearsal.stage.set_webhook("instagram", bot.url)
    rehearsal.act(say())
    assert b"Gott" in await asyncio.to_thread(bot.refused.get, True, 5)


async def test_every_kind_of_message_is_shown(rehearsal: Any, bot: Any) -> None:
    rehearsal.act(say())
    await rehearsal.hears(bot, "message")
    buttons = [elements.Button("postback", title="Track", payload="TRACK")]
    choices = quick_replies.QuickReplies([quick_replies.QuickReply(title="Yes", payload="YES")])
    messages = (
        elements.Text("Today?", quick_replies=choices).to_dict(),
        attachments.Image(url="https://cdn.example/map.png").to_dict(),
        attachments.Video(url="https://cdn.example/a.mp4").to_dict(),
        attachments.File(url="https://cdn.example/a.pdf").to_dict(),
        templates.ButtonTemplate("How may I help?", buttons).to_dict(),
        templates.GenericTemplate([elements.Element("Mug", subtitle="€18", buttons=buttons)]).to_dict(),
    )
    for message in messages:  # not bot.send: an echo makes the account itself the one who wrote last
        assert "message_id" in await rehearsal.does(bot.client.send, message, rehearsal.to, "RESPONSE"), message
    kinds = [parts[0].kind for parts in rehearsal.sent if isinstance(parts[0], Media)]
    assert kinds == ["photo", "video", "document"]
    assert isinstance(rehearsal.sent[0][1], Keyboard) and isinstance(rehearsal.sent[5][0], Carousel)
    for action in ("mark_seen", "typing_on"):
        await rehearsal.does(bot.client.send_action, sender_actions.SenderAction(action).to_dict(), rehearsal.to)
    assert rehearsal.activities == ["mark_seen", "typing_on"]


async def test_what_only_messenger_has_is_the_vendors_error(rehearsal: Any, bot: Any) -> None:
    rehearsal.act(say())
    await rehearsal.hears(bot, "message")
    call = elements.Button("phone_number", title="Call", payload="+4312345678")
    answer = await rehearsal.does(bot.send, templates.ButtonTemplate("?", [call]).to_dict())
    assert answer["error"]["error_subcode"] == 2534015
    answer = await rehearsal.does(bot.send, {"text": "ж" * 501})
    assert (answer["error"]["code"], rehearsal.sent) == (100, [])
