"""Every kind of send of wechatpy's is accepted by the fake and journaled."""

from __future__ import annotations

from typing import Any

import pytest
from wechatpy.exceptions import WeChatClientException

from chatdrill.model import Event, Keyboard, Text, Write
from sdk.wechat.conftest import Bot, Rehearsal
from wechat.kit import MP3, MP4, PNG

HELLO = Write(parts=(Text(text="Hi"),))


@pytest.fixture
async def talk(rehearsal: Rehearsal, bot: Bot) -> Rehearsal:
    """A customer who has just written."""
    rehearsal.act(HELLO)
    await rehearsal.hears(bot)
    return rehearsal


async def test_a_token_is_fetched_and_fetched_again_when_it_ends(talk: Rehearsal, bot: Bot) -> None:
    await talk.does(bot.client.message.send_text, talk.to, "Привет 👋")
    talk.act(Event(name="token_expired"))
    await talk.does(bot.client.message.send_text, talk.to, "again")
    assert talk.calls() == [
        ("token", True), ("message/custom/send text", True), ("message/custom/send text", False),
        ("token", True), ("message/custom/send text", True),
    ]  # fmt: skip
    assert talk.sent()[0] == (Text(text="Привет 👋"),)


async def test_every_kind_of_message_is_sent(talk: Rehearsal, bot: Bot) -> None:
    client, to = bot.client, talk.to
    ids: dict[str, str] = {}
    for kind, file in (("image", ("a.png", PNG)), ("voice", ("a.mp3", MP3)), ("video", ("a.mp4", MP4))):
        ids[kind] = (await talk.does(client.media.upload, kind, file))["media_id"]
    message = client.message
    article = {"title": "A shoe", "description": "Blue", "url": "https://a.test/1", "image": "https://a.test/p.jpg"}
    menu = {"head_content": "?", "list": [{"id": "1", "content": "Yes"}], "tail_content": ""}
    sends: list[tuple[Any, ...]] = [
        (message.send_text, to, "Hi", "anna@bench"),
        (message.send_image, to, ids["image"]),
        (message.send_voice, to, ids["voice"]),
        (message.send_video, to, ids["video"]),
        (message.send_music, to, "https://a.test/s.mp3", "https://a.test/h.mp3", ids["image"], "Song"),
    ]
    for call, *given in sends:
        await talk.does(call, *given)
    talk.act(HELLO)
    await talk.does(message.send_articles, to, [article])
    await talk.does(message.send_msg_menu, to, menu)
    assert all(ok for _, ok in talk.calls())
    assert len(talk.sent()) == 7 and isinstance(talk.sent()[-1][1], Keyboard)


async def test_people_menus_codes_and_tags(talk: Rehearsal, bot: Bot) -> None:
    client, to = bot.client, talk.to
    assert (await talk.does(client.user.get, to))["nickname"] == ""
    assert (await talk.does(client.user.get_followers))["total"] == 1
    assert (await talk.does(client.user.get_batch, [to]))[0]["openid"] == to
    await talk.does(client.user.update_remark, to, "VIP")
    await talk.does(client.menu.create, {"button": [{"type": "click", "name": "Help", "key": "HELP"}]})
    assert (await talk.does(client.menu.get))["menu"]["button"][0]["name"] == "Help"
    await talk.does(client.menu.delete)
    code = await talk.does(
        client.qrcode.create, {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "a"}}}
    )
    assert (await talk.does(client.qrcode.show, code)).content.startswith(b"\xff\xd8")
    tag = (await talk.does(client.tag.create, "vip"))["id"]
    await talk.does(client.tag.tag_user, tag, to)
    await talk.does(client.misc.get_wechat_ips)
    assert all(ok for _, ok in talk.calls())


async def test_templates_and_agents(talk: Rehearsal, bot: Bot) -> None:
    client = bot.client
    data = {"thing1": {"value": "It goes on"}}
    await talk.does(client.message.send_template, talk.to, bot.environment["WECHAT_TEMPLATES"], data)
    finished = await talk.hears(bot)
    assert (finished.event, finished.status) == ("templatesendjobfinish", "success")
    assert [each["kf_account"] for each in await talk.does(client.customservice.get_accounts)] == [
        "anna@bench",
        "oleg@bench",
    ]
    await talk.does(client.customservice.create_session, talk.to, "anna@bench")
    assert (await talk.hears(bot)).event == "kf_create_session"
    assert (await talk.does(client.customservice.get_session, talk.to))["kf_account"] == "anna@bench"
    await talk.does(client.customservice.close_session, talk.to, "anna@bench")
    assert (await talk.hears(bot)).event == "kf_close_session"


async def test_an_error_is_the_sdks_own(talk: Rehearsal, bot: Bot) -> None:
    with pytest.raises(WeChatClientException) as caught:
        await talk.does(bot.client.message.send_text, talk.to, "ё" * 1025)
    assert caught.value.errcode == 45002
    for _ in range(5):
        await talk.does(bot.client.message.send_text, talk.to, "Hi")
    with pytest.raises(WeChatClientException) as caught:
        await talk.does(bot.client.message.send_text, talk.to, "Hi")
    assert caught.value.errcode == 45047
