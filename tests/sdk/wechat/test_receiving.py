"""wechatpy reads what the fake pushes, in plain and in safe mode, and its replies are shown."""

from __future__ import annotations

from typing import Any

import pytest
from wechatpy.replies import ArticlesReply, EmptyReply, ImageReply, TransferCustomerServiceReply
from wechatpy.utils import ObjectDict

from chatdrill.model import (
    Act,
    Block,
    Button,
    Carousel,
    Event,
    Location,
    Media,
    Other,
    Press,
    Start,
    Text,
    Write,
)
from chatdrill.wire import HttpRequest
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.wechat import platform
from sdk.wechat.conftest import Bot, Rehearsal
from wechat.kit import MP3, PNG

HELLO = Write(parts=(Text(text="Где мой заказ? 👋"),))
MODES = pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])


@MODES
async def test_a_text_is_believed_and_parsed(rehearsal: Rehearsal, bot: Bot) -> None:
    (id,) = rehearsal.act(HELLO)
    message = await rehearsal.hears(bot)
    assert (message.type, message.content, message.source) == ("text", "Где мой заказ? 👋", rehearsal.to)
    assert str(message.id) == id and message.target == "gh_7c1d2e3f4a5b" and bot.refused == []


@MODES
async def test_a_passive_reply_is_shown(rehearsal: Rehearsal, bot: Bot) -> None:
    bot.replies = lambda message: f"You said {message.content}"
    rehearsal.act(HELLO)
    assert await rehearsal.until(rehearsal.sent) == [(Text(text="You said Где мой заказ? 👋"),)]
    assert rehearsal.calls() == [("passive text", True)]


async def test_media_and_places_are_parsed(rehearsal: Rehearsal, bot: Bot) -> None:
    blobs = rehearsal.channel.state.blobs
    picture, voice = (Media(kind=kind, file=describe(data, blobs)) for kind, data in (("photo", PNG), ("voice", MP3)))
    for part in (picture, voice, Location(latitude=55.75, longitude=37.61, address="Moscow"), Other(kind="link")):
        rehearsal.act(Write(parts=(part,)))
    image, sound, place, link = [await rehearsal.hears(bot) for _ in range(4)]
    assert [each.type for each in (image, sound, place, link)] == ["image", "voice", "location", "link"]
    assert (place.location_x, place.location_y, sound.format) == ("55.75", "37.61", "amr")
    assert (await rehearsal.does(bot.client.media.download, image.media_id)).content == PNG
    assert (await rehearsal.does(bot.client._http.get, image.image)).content == PNG


EVENTS: list[tuple[Act, str, dict[str, Any]]] = [
    (Start(), "subscribe", {}),
    (Start(payload="order77"), "subscribe_scan", {"scene_id": "order77"}),
    (Block(), "unsubscribe", {}),
    (Press(button=Button(title="Help", kind="postback", payload="HELP")), "click", {"key": "HELP"}),
    (Event(name="VIEW"), "view", {"url": "https://acme.example/m"}),
    (Event(name="LOCATION"), "location", {"latitude": 55.751244}),
    (Event(name="SCAN"), "scan", {"scene_id": "order77"}),
    (Event(name="scancode_waitmsg"), "scancode_waitmsg", {"scan_result": "order77"}),
    (Event(name="pic_weixin"), "pic_weixin", {"count": 1}),
    (Event(name="location_select"), "location_select", {"label": "Guangzhou"}),
    (Event(name="TEMPLATESENDJOBFINISH"), "templatesendjobfinish", {"status": "success"}),
]


@pytest.mark.parametrize(("act", "name", "fields"), EVENTS, ids=lambda value: value if isinstance(value, str) else "")
async def test_events_are_parsed(rehearsal: Rehearsal, bot: Bot, act: Act, name: str, fields: dict[str, Any]) -> None:
    rehearsal.act(act)
    message = await rehearsal.hears(bot)
    assert message.event == name
    assert {field: getattr(message, field) for field in fields} == fields


async def test_every_kind_of_reply_is_taken(rehearsal: Rehearsal, bot: Bot) -> None:
    picture = (await rehearsal.does(bot.client.media.upload, "image", ("a.png", PNG)))["media_id"]
    article = ObjectDict(title="A shoe", description="Blue", image="https://a.test/p.jpg", url="https://a.test/1")
    made = iter(
        (ImageReply(media_id=picture), ArticlesReply(articles=[article]), TransferCustomerServiceReply(), EmptyReply())
    )

    def reply(message: Any) -> Any:
        found = next(made)
        found.source, found.target = message.target, message.source
        return found

    bot.replies = reply
    for _ in range(4):
        rehearsal.act(HELLO)
        await rehearsal.hears(bot)
    shown = await rehearsal.until(rehearsal.sent, 2)
    assert [type(parts[0]) for parts in shown] == [Media, Carousel]
    await rehearsal.until(rehearsal.attempts, 4)
    assert rehearsal.calls()[2:] == [
        ("passive image", True),
        ("passive news", True),
        ("passive transfer_customer_service", True),
    ]


@MODES
async def test_a_forged_push_is_refused(rehearsal: Rehearsal, bot: Bot, mode: str) -> None:
    bot.word = "anotherWord"
    bot.crypto.token = "anotherWord"
    rehearsal.act(HELLO)
    attempts = await rehearsal.until(rehearsal.attempts, 3)
    assert [each.status for each in attempts] == [403, 403, 403] and len(bot.refused) == 3
    assert len({each.url for each in attempts}) == 1 and len({each.body for each in attempts}) == 1


async def test_the_address_is_checked(rehearsal: Rehearsal, bot: Bot) -> None:
    state = rehearsal.channel.state
    state.asked_at = 1795212345.0
    request = platform.handshake(state)
    assert request is not None
    answer = await rehearsal.does(bot.client._http.get, request.url)
    assert answer.content == dict(HttpRequest("GET", request.url).query)["echostr"].encode()
