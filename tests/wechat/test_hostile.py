"""What a bot should never send, and what it may never do to the fake."""

from __future__ import annotations

import msgspec
import pytest

from chatdrill.model import Text, Write
from chatdrill.wire import Exchange, HttpRequest
from chatdrill_fakes.platforms.wechat import platform
from chatdrill_fakes.platforms.wechat.routes import ROUTES
from wechat.kit import BASE, Account, code

BODIES = (
    b"",
    b"\0",
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"touser": "\\ud83d"}',
    b'{"touser": ' + b"1" * 5000 + b"}",
    b'{"touser": {"a": []}, "openid": [1], "msgtype": ["text"], "text": 5, "button": 1, "user_list": 7, "tag": []}',
    b'{"msgtype": {}, "command": null, "action_info": {"scene": []}, "openid_list": {}, "kf_account": {}, "data": [1]}',
    b"<xml><a/></xml>",
    b"x" * 2_000_000,
)


@pytest.mark.parametrize("method", ROUTES)
def test_any_body_on_any_route_is_answered(talk: Account, method: str) -> None:
    root = "customservice" if method.startswith(("kfaccount", "kfsession", "msgrecord")) else "cgi-bin"
    for verb in ("POST", "GET"):
        for body in BODIES:
            url = (
                f"/{root}/{method}?access_token={talk.token}&openid[]=1&media_id=../../etc/passwd&ticket=%00&type=image"
            )
            handled = talk.handle(HttpRequest(verb, url, (("Content-Type", "application/json"),), body))
            assert handled.response is not None and handled.response.status in (200, 404)
            assert handled.call is not None and not (handled.call.ok and handled.effects)


def test_a_multipart_body_that_is_broken_is_answered(account: Account) -> None:
    url = f"/cgi-bin/media/upload?access_token={account.token}&type=image"
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary=\xff", ""):
        handled = account.handle(
            HttpRequest("POST", url, (("Content-Type", kind),), b'--x\r\nContent-Disposition: name="a"')
        )
        assert code(handled) == 41005


def test_a_name_of_a_file_leads_nowhere(account: Account) -> None:
    handled = account.upload("image", bytes.fromhex("89504e470d0a1a0a") + b"\0" * 20, "../../etc/passwd")
    assert code(handled) == 0
    for path in ("/mmbiz_jpg/../../etc/passwd/0", "/mmbiz_jpg//0", "/snsvideodownload/", "/mmbiz_jpg/%2e%2e/0"):
        assert account.get(path).status == 404


def test_a_picture_that_is_a_bomb_is_not_unpacked(account: Account) -> None:
    import struct
    import zlib

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    )
    assert code(account.upload("image", png)) == 0


def test_a_secret_stands_in_no_record(talk: Account) -> None:
    handled = [talk.text(), talk.call("token", token="", appid="wx", secret=talk.state.settings["secret"])]
    written = msgspec.json.encode([each.call for each in handled]).decode() + repr(talk.state)
    for name in ("secret", "token", "encoding_aes_key", "access_token"):
        assert talk.state.settings[name] not in written


def test_a_reply_for_somebody_who_is_not_there_is_refused(account: Account) -> None:
    request = HttpRequest("POST", "/passive_reply?to=oNobody&id=1&kind=text", (), account.reply(Content="Hi"))
    handled = platform.handle(account.state, Exchange(request, account.now, BASE, source="webhook_answer"))
    assert handled.effects == () and handled.call is not None and not handled.call.ok


def test_nobody_sends_a_reply_by_a_call(account: Account) -> None:
    account.updates(Write(parts=(Text(text="Hi"),)))
    request = HttpRequest("POST", f"/passive_reply?to={account.to}&id=1&kind=text", (), account.reply(Content="Hi"))
    assert code(account.handle(request)) == 40066
