"""Passive replies: what stands in the answer to a push."""

from __future__ import annotations

import pytest

from chatdrill.model import Event, Text, Write
from chatdrill.wire import HttpFailure
from chatdrill_fakes.platforms.wechat import platform
from chatdrill_fakes.platforms.wechat.crypto import seal, signature
from chatdrill_fakes.platforms.wechat.passive import FAILED
from wechat.kit import MP3, MP4, Account, shown

ITEM = {"Title": "A shoe", "Description": "Blue", "PicUrl": "https://a.test/p.jpg", "Url": "https://a.test/1"}
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><xml><Content>&b;</Content></xml>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>'


@pytest.mark.parametrize("body", [b"", b"success", b"success\n"])
def test_silence_is_an_acknowledgement(account: Account, body: bytes) -> None:
    (update,) = account.updates(Write(parts=(Text(text="Hi"),)))
    ack = account.ack(update, body)
    assert ack.ok and ack.calls == ()


def test_what_is_not_200_or_too_late_comes_again(account: Account) -> None:
    (update,) = account.updates(Write(parts=(Text(text="Hi"),)))
    late = platform.read_ack(account.state, (update,), HttpFailure("timeout"), account.now)
    assert not late.ok and not account.ack(update, account.reply(Content="Hi"), status=500).ok
    assert (platform.delivery.ack_timeout_s, platform.delivery.retry.attempts_max) == (5.0, 3)


def test_every_type_of_reply_is_shown(account: Account) -> None:
    picture, voice, video = account.uploaded(), account.uploaded("voice", MP3), account.uploaded("video", MP4)
    replies = {
        "text": {"Content": "Hello & ]]> <b>"},
        "image": {"Image": {"MediaId": picture}},
        "voice": {"Voice": {"MediaId": voice}},
        "video": {"Video": {"MediaId": video, "Title": "A shoe", "Description": ""}},
        "music": {"Music": {"Title": "Song", "MusicUrl": "https://a.test/s.mp3", "ThumbMediaId": picture}},
        "news": {"ArticleCount": 1, "Articles": {"item": [ITEM]}},
    }
    kinds = []
    for kind, inner in replies.items():
        handled = account.passive(account.reply(kind, **inner))
        assert handled.call is not None and handled.call.ok and handled.call.method == f"passive {kind}"
        kinds.append(type(shown(handled).parts[0]).__name__)
    assert kinds == ["Text", "Media", "Media", "Media", "Media", "Carousel"]


def test_a_reply_costs_nothing_and_needs_no_window(account: Account) -> None:
    (update,) = account.updates(Event(name="VIEW"))
    assert account.chat.remaining == 0
    assert shown(account.passive(account.reply(Content="Hello"), update)).text == "Hello"


def test_a_push_has_one_reply(account: Account) -> None:
    (update,) = account.updates(Write(parts=(Text(text="Hi"),)))
    assert len(account.passive(account.reply(Content="one"), update).effects) == 1
    again = account.passive(account.reply(Content="two"), update)
    assert again.effects == () and again.call is not None and again.call.note


def test_one_article_follows_a_text_and_eight_a_subscription(account: Account) -> None:
    eight = account.reply("news", ArticleCount=8, Articles={"item": [ITEM] * 8})
    refused = account.passive(eight)
    assert refused.call is not None and (refused.call.error or "").startswith("45008")
    (update,) = account.updates(Event(name="subscribe"))
    assert len(shown(account.passive(eight, update)).parts[0].cards) == 8  # type: ignore[union-attr]
    nine = account.reply("news", ArticleCount=9, Articles={"item": [ITEM] * 9})
    (update,) = account.updates(Event(name="subscribe"))
    assert not account.passive(nine, update).effects


def test_a_text_has_2048_bytes(account: Account) -> None:
    assert account.passive(account.reply(Content="ё" * 1024)).effects
    handled = account.passive(account.reply(Content="ё" * 1024 + "x"))
    assert not handled.effects and handled.call is not None and (handled.call.error or "").startswith("45002")


def replies(account: Account) -> dict[str, bytes]:
    good = account.reply(Content="Hi")
    return {
        "JSON": b'{"code":0}',
        "words": b"ok",
        "another root": b"<reply/>",
        "no elements": b"<xml>hello</xml>",
        "cut off": good[:-5],
        "to nobody": good.replace(account.to.encode(), b"oNobody"),
        "from another": good.replace(b"gh_", b"gx_"),
        "without a date": good.replace(b"<CreateTime>", b"<CreateTime>x"),
        "another type": account.reply("dance"),
        "no articles": account.reply("news", ArticleCount=2, Articles={"item": [ITEM]}),
        "a bomb": BOMB,
        "a file": OUTSIDE,
        "deep": b"<xml>" + b"<a>" * 100_000,
        "sealed": b"<xml><Encrypt>x</Encrypt></xml>",
        "zeros": b"\0" * 10,
        "another encoding": b'<?xml version="1.0" encoding="utf-7"?><xml/>',
    }


@pytest.mark.parametrize("name", replies(Account()))
def test_what_cannot_be_read_is_told_to_the_customer(account: Account, name: str) -> None:
    handled = account.passive(replies(account)[name])
    assert handled.effects == () and handled.call is not None and not handled.call.ok
    assert FAILED in (handled.call.error or "")


# ----------------------------------------------------------------------------------------------------------- safe mode


def sealed(account: Account, document: bytes, **changed: str) -> bytes:
    state = account.state
    encrypt = seal(changed.get("key", state.key), changed.get("appid", state.app_id), b"0123456789abcdef", document)
    stamp, nonce = "1790000003", "735112"
    proof = changed.get("proof") or signature(state.word, stamp, nonce, encrypt)
    inner = f"<Encrypt><![CDATA[{encrypt}]]></Encrypt><MsgSignature><![CDATA[{proof}]]></MsgSignature>"
    return f"<xml>{inner}<TimeStamp>{stamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>".encode()


@pytest.mark.parametrize("mode", ["safe", "compatible"])
def test_a_sealed_reply_is_opened(mode: str) -> None:
    account = Account(mode=mode)
    assert shown(account.passive(sealed(account, account.reply(Content="Привет")))).text == "Привет"


def test_compatible_mode_takes_plain_replies_and_safe_mode_does_not() -> None:
    for mode, count in (("compatible", 1), ("safe", 0)):
        account = Account(mode=mode)
        assert len(account.passive(account.reply(Content="Hi")).effects) == count


def test_silence_is_plain_in_safe_mode_too() -> None:
    account = Account(mode="safe")
    (update,) = account.updates(Write(parts=(Text(text="Hi"),)))
    assert account.ack(update, b"success").ok


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"proof": "0" * 40}, "MsgSignature"),
        ({"appid": "wx0000000000000000"}, "appid"),
        ({"key": "A" * 43}, "Encrypt"),
    ],
)
def test_a_reply_that_is_sealed_wrongly_says_where(changed: dict[str, str], words: str) -> None:
    account = Account(mode="safe")
    handled = account.passive(sealed(account, account.reply(Content="Hi"), **changed))
    assert handled.effects == () and handled.call is not None and words in (handled.call.error or "")


def test_replies_may_be_json_where_pushes_are() -> None:
    account = Account(format="json")
    body = f'{{"ToUserName":"{account.to}","FromUserName":"gh_7c1d2e3f4a5b","CreateTime":1,"MsgType":"text","Content":"Hi"}}'
    (update,) = account.updates(Write(parts=(Text(text="Hi"),)))
    assert shown(account.passive(body.encode(), update)).text == "Hi"
