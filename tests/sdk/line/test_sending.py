"""Every kind of send, as line-bot-sdk makes it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from linebot.v3.messaging import (
    AudioMessage,
    BroadcastRequest,
    ButtonsTemplate,
    CarouselColumn,
    CarouselTemplate,
    ConfirmTemplate,
    DatetimePickerAction,
    EmojiSubstitutionObject,
    FlexBox,
    FlexBubble,
    FlexButton,
    FlexMessage,
    FlexText,
    ImageCarouselColumn,
    ImageCarouselTemplate,
    ImagemapArea,
    ImagemapBaseSize,
    ImagemapMessage,
    ImageMessage,
    LocationMessage,
    MarkMessagesAsReadByTokenRequest,
    MessageAction,
    MessageImagemapAction,
    MulticastRequest,
    NarrowcastRequest,
    PostbackAction,
    PushMessageRequest,
    QuickReply,
    QuickReplyItem,
    ReplyMessageRequest,
    RichMenuArea,
    RichMenuBounds,
    RichMenuRequest,
    RichMenuSize,
    Sender,
    ShowLoadingAnimationRequest,
    StickerMessage,
    TemplateMessage,
    TextMessage,
    TextMessageV2,
    URIAction,
    ValidateMessageRequest,
    VideoMessage,
)
from linebot.v3.messaging.exceptions import ApiException
from linebot.v3.oauth import VerifyChannelAccessTokenResponse

from chatdrill.model import Event, Text, Write

LINK = "https://cdn.acme.test/o.jpg"
CANCEL = PostbackAction(label="Cancel", data="cancel=553", displayText="Cancel it")
YES, TRACK = MessageAction(label="Yes", text="yes"), URIAction(label="Track", uri="https://acme.test/t/553")
WHEN = DatetimePickerAction(label="When", data="pick", mode="date")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
OK = EmojiSubstitutionObject(productId="5ac1bfd5040ab15980c9b435", emojiId="001")


def template(inner: Any) -> TemplateMessage:
    return TemplateMessage(altText="a choice", template=inner)


MESSAGES: dict[str, tuple[Any, list[str]]] = {
    "text": (TextMessage(text="Hello", sender=Sender(name="Anna")), ["Text"]),
    "quick replies": (TextMessage(text="?", quickReply=QuickReply(items=[QuickReplyItem(action=CANCEL)])), ["Text", "Keyboard"]),
    "textV2": (TextMessageV2(text="Hi {ok}", substitution={"ok": OK}), ["Text"]),
    "sticker": (StickerMessage(packageId="446", stickerId="1988"), ["Media"]),
    "image": (ImageMessage(originalContentUrl=LINK, previewImageUrl=LINK), ["Media"]),
    "video": (VideoMessage(originalContentUrl=LINK, previewImageUrl=LINK, trackingId="promo"), ["Media"]),
    "audio": (AudioMessage(originalContentUrl=LINK, duration=60000), ["Media"]),
    "location": (LocationMessage(title="Shop", address="Kioicho", latitude=35.6, longitude=139.7), ["Location"]),
    "imagemap": (ImagemapMessage(baseUrl="https://cdn.acme.test/map", altText="map", baseSize=ImagemapBaseSize(width=1040, height=585), actions=[
        MessageImagemapAction(text="hello", area=ImagemapArea(x=0, y=0, width=520, height=585))]), ["Media", "Keyboard"]),
    "buttons": (template(ButtonsTemplate(title="Order 553", text="?", actions=[CANCEL, TRACK, YES, WHEN])), ["Text", "Keyboard"]),
    "confirm": (template(ConfirmTemplate(text="Cancel?", actions=[YES, CANCEL])), ["Text", "Keyboard"]),
    "carousel": (template(CarouselTemplate(columns=[CarouselColumn(title="A", text="a", actions=[CANCEL])])), ["Carousel"]),
    "images": (template(ImageCarouselTemplate(columns=[ImageCarouselColumn(imageUrl=LINK, action=CANCEL)])), ["Carousel"]),
    "flex": (FlexMessage(altText="order", contents=FlexBubble(body=FlexBox(layout="vertical", contents=[
        FlexText(text="Order 553"), FlexButton(action=CANCEL)]))), ["Text", "Keyboard"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", MESSAGES)
async def test_every_kind_of_message_is_shown(rehearsal, bot, kind):
    message, parts = MESSAGES[kind]
    answer = await rehearsal.does(bot.api.push_message, PushMessageRequest(to=rehearsal.to, messages=[message]))
    assert len(answer.sent_messages) == 1
    assert [[type(part).__name__ for part in shown] for shown in rehearsal.shown] == [parts]
    assert rehearsal.calls == [("push", True)]


async def test_an_event_is_replied_to_once(rehearsal, bot):
    rehearsal.act(Write(parts=(Text(text="Hi"),)))
    request = ReplyMessageRequest(
        replyToken=(await rehearsal.hears(bot)).reply_token, messages=[TextMessage(text="Hello")]
    )
    await rehearsal.does(bot.api.reply_message, request)
    with pytest.raises(ApiException, match="Invalid reply token"):
        await rehearsal.does(bot.api.reply_message, request)
    assert rehearsal.calls == [("reply", True), ("reply", False)]


async def test_the_same_retry_key_sends_once(rehearsal, bot):
    request, key = PushMessageRequest(to=rehearsal.to, messages=[TextMessage(text="Hello")]), str(uuid.uuid4())
    await rehearsal.does(bot.api.push_message, request, x_line_retry_key=key)
    with pytest.raises(ApiException) as refused:
        await rehearsal.does(bot.api.push_message, request, x_line_retry_key=key)
    assert refused.value.status == 409 and refused.value.headers["x-line-accepted-request-id"]
    assert len(rehearsal.shown) == 1


async def test_many_are_written_to(rehearsal, bot):
    said = [TextMessage(text="Hello")]
    await rehearsal.does(bot.api.multicast, MulticastRequest(to=[rehearsal.to], messages=said))
    await rehearsal.does(bot.api.broadcast, BroadcastRequest(messages=said))
    found = await rehearsal.does(bot.api.narrowcast_with_http_info, NarrowcastRequest(messages=said))
    progress = await rehearsal.does(bot.api.get_narrowcast_progress, found.headers["x-line-request-id"])
    await rehearsal.does(bot.api.validate_push, ValidateMessageRequest(messages=said))
    assert len(rehearsal.shown) == 3 and progress.phase in ("sending", "succeeded")


async def test_errors_name_their_properties(rehearsal, bot):
    request = PushMessageRequest(to=rehearsal.to, messages=[TextMessage(text="")])
    with pytest.raises(ApiException) as refused:
        await rehearsal.does(bot.api.push_message, request)
    assert refused.value.status == 400 and "messages[0].text" in refused.value.body


async def test_people_groups_and_quota_are_read(rehearsal, bot):
    profile = await rehearsal.does(bot.api.get_profile, rehearsal.to)
    info, quota = await rehearsal.does(bot.api.get_bot_info), await rehearsal.does(bot.api.get_message_quota)
    assert (profile.display_name, profile.language, info.basic_id, quota.type) == ("Olena K.", "uk", "@acme", "none")
    rehearsal.act(Event(name="join"))
    group = (await rehearsal.hears(bot)).source.group_id
    assert (await rehearsal.does(bot.api.get_group_member_count, group)).count == 1
    assert (await rehearsal.does(bot.api.get_group_summary, group)).group_id == group
    assert (await rehearsal.does(bot.api.get_message_quota_consumption)).total_usage == 0
    assert (await rehearsal.does(bot.api.issue_link_token, rehearsal.to)).link_token


async def test_dots_and_reading_are_shown(rehearsal, bot):
    rehearsal.act(Write(parts=(Text(text="Hi"),)))
    token = (await rehearsal.hears(bot)).message.mark_as_read_token
    await rehearsal.does(
        bot.api.show_loading_animation, ShowLoadingAnimationRequest(chatId=rehearsal.to, loadingSeconds=5)
    )
    await rehearsal.does(
        bot.api.mark_messages_as_read_by_token, MarkMessagesAsReadByTokenRequest(markAsReadToken=token)
    )
    assert rehearsal.calls == [("loading", True), ("mark as read", True)]


async def test_a_rich_menu_is_made_and_shown(rehearsal, bot):
    area = RichMenuArea(bounds=RichMenuBounds(x=0, y=0, width=1250, height=843), action=YES)
    menu = RichMenuRequest(
        size=RichMenuSize(width=2500, height=843), selected=False, name="m", chatBarText="M", areas=[area]
    )
    id = (await rehearsal.does(bot.api.create_rich_menu, menu)).rich_menu_id
    await rehearsal.does(bot.blobs.set_rich_menu_image, id, body=bytearray(PNG), _headers={"Content-Type": "image/png"})
    await rehearsal.does(bot.api.set_default_rich_menu, id)
    await rehearsal.does(bot.api.link_rich_menu_id_to_user, rehearsal.to, id)
    assert (await rehearsal.does(bot.api.get_rich_menu_id_of_user, rehearsal.to)).rich_menu_id == id
    assert bytes(await rehearsal.does(bot.blobs.get_rich_menu_image, id)) == PNG
    await rehearsal.does(bot.api.delete_rich_menu, id)


async def test_tokens_are_issued_and_verified(rehearsal, bot):
    environment = rehearsal.stage.environment()
    client = (environment["LINE_CHANNEL_ID"], environment["LINE_CHANNEL_SECRET"])
    issued = await rehearsal.does(bot.tokens.issue_channel_token, "client_credentials", *client)
    known: VerifyChannelAccessTokenResponse = await rehearsal.does(
        bot.tokens.verify_channel_token_by_jwt, issued.access_token
    )
    assert known.client_id == client[0]
    await rehearsal.does(bot.tokens.revoke_channel_token, issued.access_token)
