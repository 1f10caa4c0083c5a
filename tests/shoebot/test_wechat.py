"""The bot on WeChat: the greeting in the webhook's answer, taps that are numbers, tokens, windows, seals."""

from __future__ import annotations

import hashlib
import itertools
import time
from typing import Any
from urllib.parse import urlencode

import pytest

from chatdrill.wire.xml import read_xml, write_xml
from chatdrill_fakes.platforms.wechat.crypto import seal, unseal
from chatdrill_scenarios.shoebot.channels.wechat import _pieces
from chatdrill_scenarios.shoebot.config import DEFAULTS
from shoebot.kit import Call, World, build

MEI = "oTest4Xq2Lr8Zk1Vn7Pb3Wd5Yc9a"
KEY, APP = DEFAULTS["WECHAT_ENCODING_AES_KEY"], DEFAULTS["WECHAT_APPID"]
ENDED = (200, {"errcode": 42001, "errmsg": "access_token expired"}, {})
_ids = itertools.count(25190000000000001)


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def message(text: str, **more: Any) -> dict[str, Any]:
    return {"MsgType": "text", "Content": text, "MsgId": next(_ids), **more}


def event(name: str, key: str = "") -> dict[str, Any]:
    return {"MsgType": "event", "Event": name, "EventKey": key}


def document(fields: dict[str, Any]) -> bytes:
    ends = {"ToUserName": DEFAULTS["WECHAT_ACCOUNT"], "FromUserName": MEI, "CreateTime": int(time.time())}
    return write_xml("xml", {**ends, **fields}).encode()


async def push(world: World, body: bytes, word: str = DEFAULTS["WECHAT_TOKEN"], encrypt: str = "") -> tuple[int, bytes]:
    query = {"signature": signature(word, "1", "2"), "timestamp": "1", "nonce": "2", "openid": MEI}
    if encrypt:
        query |= {"encrypt_type": "aes", "msg_signature": signature(word, "1", "2", encrypt)}
    return await world.request("POST", "/webhooks/wechat", body, query=urlencode(query))


async def tell(world: World, fields: dict[str, Any]) -> tuple[int, bytes]:
    return await push(world, document(fields))


async def sends(world: World, count: int = 1) -> list[Call]:
    await world.platforms.until(lambda platforms: len(platforms.named("send")) >= count)
    return world.platforms.named("send")


async def test_a_forged_push_and_a_forged_check_are_refused(world: World) -> None:
    assert (await push(world, document(message("hi")), word="other"))[0] == 401
    for word, expected in ((DEFAULTS["WECHAT_TOKEN"], (200, b"4917")), ("other", (403, b"forbidden"))):
        query = urlencode({"signature": signature(word, "1", "2"), "timestamp": "1", "nonce": "2", "echostr": "4917"})
        assert await world.request("GET", "/webhooks/wechat", query=query) == expected


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"<xml>", b'<!DOCTYPE x [<!ENTITY a "b">]><xml><MsgType>&a;</MsgType></xml>']
)
async def test_what_is_not_wechats_is_refused(world: World, body: bytes) -> None:
    assert (await push(world, body))[0] == 400


async def test_who_follows_is_greeted_in_the_answer_and_with_the_same_words_again(world: World) -> None:
    body = document(event("subscribe", "qrscene_ord_553"))
    first, again = await push(world, body), await push(world, body)
    reply = read_xml(first[1])[1]
    assert first == again and (reply["ToUserName"], reply["FromUserName"]) == (MEI, DEFAULTS["WECHAT_ACCOUNT"])
    assert "Order 553" in reply["Content"] and 'href="weixin://bizmsgmenu?' in reply["Content"]
    assert world.platforms.named("send") == []


async def test_choices_have_numbers_and_a_tap_is_a_press(world: World) -> None:
    assert await tell(world, message("hello")) == (200, b"")
    (sent,) = await sends(world)
    lines = sent.body["msgmenu"]["list"]
    assert all(line["id"].isdigit() for line in lines)
    person = next(line for line in lines if line["content"] == "Call a person")
    await tell(world, message("Call a person", bizmsgmenuid=person["id"]))
    assert "calling a colleague" in (await sends(world, 2))[1].body["msgmenu"]["head_content"]


async def test_a_token_that_has_ended_is_fetched_anew_once(world: World) -> None:
    world.platforms.failures.append(ENDED)
    await tell(world, message("thanks"))
    await sends(world, 2)
    assert len(world.platforms.named("stable_token")) == 2


async def test_nothing_is_sent_that_would_be_refused(world: World) -> None:
    await world.app.bot.ready.wait()
    channel: Any = world.app.bot.channels["wechat"]
    channel._allowed[MEI] = 0, time.time() + 60
    with pytest.raises(Exception, match="45015"):
        await channel._say(MEI, "hello")
    assert world.platforms.named("send") == []


async def test_in_safe_mode_all_is_sealed() -> None:
    world = await build(WECHAT_MODE="safe")
    try:
        encrypt = seal(KEY, APP, b"0123456789abcdef", document(event("subscribe")))
        body = write_xml("xml", {"ToUserName": "gh", "Encrypt": encrypt}).encode()
        assert (await push(world, body, encrypt="another"))[0] == 401
        status, answer = await push(world, body, encrypt=encrypt)
        reply = read_xml(answer)[1]
        proof = signature(DEFAULTS["WECHAT_TOKEN"], reply["TimeStamp"], reply["Nonce"], reply["Encrypt"])
        assert status == 200 and reply["MsgSignature"] == proof
        assert "Stepwell Shoes" in read_xml(unseal(KEY, APP, reply["Encrypt"]))[1]["Content"]
    finally:
        await world.close()


def test_a_text_is_cut_by_its_bytes_and_never_inside_of_a_letter() -> None:
    text = "привет мир 👋 " * 300
    found = _pieces(text, 2048)
    assert all(len(piece.encode()) <= 2048 for piece in found) and len(found) > 3
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
