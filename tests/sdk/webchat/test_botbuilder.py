"""What the channel tells is believed by the SDK's own adapter, and what the SDK sends is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from botbuilder.core import CardFactory, MessageFactory, TurnContext
from botbuilder.schema import (
    ActionTypes,
    Activity,
    Attachment,
    AttachmentData,
    CardAction,
    ErrorResponseException,
    HeroCard,
    SuggestedActions,
)

from chatdrill.model import Delete, Edit, Event, File, Media, Press, React, Start, Text, Typing, Write
from chatdrill.model.parts import Button
from chatdrill.wire.files import describe

# The SDK asks for UTC in a way that Python 3.12 calls deprecated.
pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning")]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360483bf31f0003ce0232ba9a835f0000000049454e44ae426082"
)
HELLO = Write(parts=(Text(text="Where is my order?"),))


async def test_every_activity_is_believed_and_read(sdk: Callable[..., Any]) -> None:
    bot = await sdk(channel_id="msteams")
    await bot.does(Start(payload="ord_1"))
    joined = await bot.next("conversationUpdate")
    assert [one.name for one in joined.members_added] == ["Stepwell Shoes", "Anna Nowak"]
    assert (await bot.next("event")).value == {"language": "de-DE", "ref": "ord_1"}
    await bot.does(HELLO)
    said = await bot.next("message")
    assert (said.text, said.locale, said.channel_id, said.from_property.role) == (
        "Where is my order?", "de-DE", "msteams", "user",
    )  # fmt: skip
    file = describe(PNG, bot.place.state.blobs, name="torn.png")
    for act, kind in (
        (Write(parts=(Media(kind="photo", file=file),)), "message"),
        (Typing(), "typing"),
        (Edit(message_id=said.id, parts=(Text(text="Well?"),)), "messageUpdate"),
        (React(message_id=said.id, emoji="👍"), "messageReaction"),
        (Delete(message_id=said.id), "messageDelete"),
        (Event(name="installationUpdate"), "installationUpdate"),
        (Event(name="endOfConversation"), "endOfConversation"),
    ):
        await bot.does(act)
        assert (await bot.next(kind)).type == kind
    assert set(bot.answers) <= {200, 201}


async def test_words_cards_chips_and_files_are_shown(sdk: Callable[..., Any]) -> None:
    bot = await sdk()

    async def answer(turn: TurnContext) -> None:
        buy = CardAction(type=ActionTypes.post_back, title="Buy", value="buy")
        await turn.send_activities([Activity(type="typing"), MessageFactory.text("Here it is")])
        await turn.send_activity(
            MessageFactory.attachment(CardFactory.hero_card(HeroCard(title="Runner", buttons=[buy])))
        )
        chips = SuggestedActions(actions=[CardAction(type=ActionTypes.im_back, title="Status", value="status")])
        await turn.send_activity(Activity(type="message", text="What next?", suggested_actions=chips))

    bot.answer = answer
    await bot.does(HELLO)
    await bot.next("message")
    text, card, chips = bot.place.said()
    assert (text.text, card.text, [one.title for one in card.buttons]) == ("Here it is", "Runner", ["Buy"])
    assert chips.parts[1].style == "quick_replies"
    bot.answer = None
    await bot.does(Press(button=Button(title="Buy", kind="callback", payload="buy"), message_id=card.id))
    pressed = await bot.next("message")
    assert (pressed.text, pressed.channel_data["postBack"]) == ("buy", True)


async def test_a_file_is_uploaded_and_shown(sdk: Callable[..., Any]) -> None:
    bot = await sdk()

    async def answer(turn: TurnContext) -> None:
        client = turn.turn_state["ConnectorClient"]
        data = AttachmentData(type="image/png", name="size.png", original_base64=PNG)
        kept = await client.conversations.upload_attachment(turn.activity.conversation.id, data)
        info = await client.attachments.get_attachment_info(kept.id)
        assert (info.name, info.views[0].size) == ("size.png", len(PNG))
        link = f"{turn.activity.service_url}v3/attachments/{kept.id}/views/original"
        await turn.send_activity(MessageFactory.attachment(Attachment(content_type="image/png", content_url=link)))
        members = await client.conversations.get_conversation_members(turn.activity.conversation.id)
        assert {one.name for one in members} == {"Anna Nowak", "Stepwell Shoes"}

    bot.answer = answer
    await bot.does(HELLO)
    await bot.next("message")
    ((shown,),) = (message.media for message in bot.place.said())
    assert isinstance(shown.file, File) and shown.file.size_bytes == len(PNG)


@pytest.mark.parametrize("channel", ["webchat", "msteams"])
async def test_what_was_said_is_changed_where_the_channel_lets_it(sdk: Callable[..., Any], channel: str) -> None:
    bot = await sdk(channel_id=channel)
    caught: list[tuple[int, str]] = []

    async def answer(turn: TurnContext) -> None:
        sent = await turn.send_activity("One moment")
        try:
            await turn.update_activity(Activity(id=sent.id, type="message", text="It is on its way"))
            await turn.delete_activity(sent.id)
        except ErrorResponseException as error:
            caught.append((error.response.status_code, error.error.error.code))

    bot.answer = answer
    await bot.does(HELLO)
    await bot.next("message")
    kinds = [type(effect).__name__ for effect in bot.place.effects]
    if channel == "webchat":
        assert caught == [(405, "BadArgument")] and kinds == ["Sent"]
    else:
        assert caught == [] and kinds == ["Sent", "Edited", "Deleted"]


async def test_no_key_but_the_published_one_is_believed(sdk: Callable[..., Any]) -> None:
    bot = await sdk(signing_key="another")
    await bot.does(HELLO)
    assert await asyncio.wait_for(bot.refused.get(), 10) == 401 and bot.heard.empty()
