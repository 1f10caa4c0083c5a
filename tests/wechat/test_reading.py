"""WeChat's own pushes are read as acts, sealed or not, and what a call or a passive reply did is told as effects."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill.clock import WallClock
from chatdrill.importing.captures import captures
from chatdrill.model import Activity, Block, Button, Event, Location, Press, Sent, Start, Text, Write
from chatdrill.recording.scribe import Scribe
from chatdrill.serve.errands import Outcome
from chatdrill.trace import Acted, Attempt, Called, Recorder, Took
from chatdrill.wire import HttpRequest, HttpResponse, Said
from chatdrill.wire.xml import write_xml
from chatdrill_fakes.platforms.wechat import platform
from chatdrill_fakes.platforms.wechat.crypto import seal, signature
from deep import tries
from wechat.kit import Account

LAX = settings(max_examples=tries(80, 5000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
THEIRS, OURS = "oTest4Xq2Lr8Zk1Vn7Pb3Wd5Yc9a", "gh_0a1b2c3d4e5f"
KEY, APP = "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9d", "wx0123456789abcdef"
HEAD = {"ToUserName": OURS, "FromUserName": THEIRS, "CreateTime": 1790000000}
HELLO = {**HEAD, "MsgType": "text", "Content": "Где мой заказ?", "MsgId": 25190000000000001}
XML, JSON = ("Content-Type", "text/xml"), ("Content-Type", "application/json")


def push(fields: dict[str, Any], kind: Any = XML) -> HttpRequest:
    body = write_xml("xml", fields).encode() if kind is XML else msgspec.json.encode(fields)
    return HttpRequest("POST", "/hooks/wechat?signature=a&timestamp=1&nonce=2", (kind,), body)


def read(account: Account, fields: dict[str, Any], kind: Any = XML) -> Said:
    (said,) = platform.decode(account.state, push(fields, kind))
    return said


def act_of(account: Account, msgtype: str, **fields: Any) -> Any:
    return read(account, {**HEAD, "MsgType": msgtype, "MsgId": 7, **fields}).act


@pytest.mark.parametrize("kind", [XML, JSON], ids=["xml", "json"])
def test_a_message_is_read_in_either_language(account: Account, kind: Any) -> None:
    said = read(account, {"Newer": "x", **HELLO, "MsgDataId": "a1", "Idx": 1}, kind)
    assert said == Said(
        to=THEIRS, act=Write(parts=(Text(text="Где мой заказ?"),)), at=1790000000.0, ids=("25190000000000001",), update="25190000000000001", kind="text"
    )  # fmt: skip


def test_files_and_places_are_read_without_what_may_be_missing(account: Account) -> None:
    picture = act_of(account, "image", PicUrl="http://mmbiz.qpic.cn/a/0", MediaId="m").parts[0]
    place = act_of(account, "location", Location_X="55.75", Location_Y="37.61", Scale="15", Label="Красная площадь")
    voice = act_of(account, "voice", MediaId="m", Format="amr", Recognition="где").parts[0]
    assert (picture.kind, picture.file.url, voice.kind, voice.caption) == (
        "photo",
        "http://mmbiz.qpic.cn/a/0",
        "voice",
        None,
    )
    assert place.parts == (Location(latitude=55.75, longitude=37.61, address="Красная площадь"),)
    assert [act_of(account, kind).parts[0].kind for kind in ("video", "shortvideo")] == ["video", "video_note"]


def test_a_line_that_was_tapped_is_a_press(account: Account) -> None:
    assert act_of(account, "text", Content="Доволен", bizmsgmenuid="101") == Press(
        button=Button(title="Доволен", kind="reply", payload="101")
    )


@pytest.mark.parametrize(
    ("fields", "act"),
    [
        ({"Event": "subscribe", "EventKey": ""}, Start()),
        ({"Event": "subscribe"}, Start()),
        ({"Event": "subscribe", "EventKey": "qrscene_order77", "Ticket": "gQH"}, Start(payload="order77")),
        ({"Event": "SCAN", "EventKey": "order77", "Ticket": "gQH"}, Start(payload="order77")),
        ({"Event": "unsubscribe", "EventKey": ""}, Block()),
        ({"Event": "CLICK", "EventKey": "HELP"}, Press(button=Button(title="HELP", kind="postback", payload="HELP"))),
        ({"Event": "kf_close_session", "KfAccount": "a@b"}, Event(name="kf_close_session", data={"KfAccount": "a@b"})),
        ({"Event": "view", "EventKey": "https://a.test"}, Event(name="VIEW", data={"EventKey": "https://a.test"})),
    ],
)
def test_events_are_the_acts_that_make_them(account: Account, fields: dict[str, str], act: Any) -> None:
    said = read(account, {**HEAD, "MsgType": "event", **fields})
    assert (said.act, said.unread, said.update) == (act, None, f"{THEIRS}1790000000{fields['Event']}")


def test_what_is_new_is_kept_under_its_name(account: Account) -> None:
    event = read(account, {**HEAD, "MsgType": "event", "Event": "wxa_media_check", "trace_id": "x"})
    message = read(account, {**HEAD, "MsgType": "channels_shop", "MsgId": 9, "Data": {"a": "1"}})
    assert event.unread == "wxa_media_check" and event.act == Event(name="wxa_media_check", data={"trace_id": "x"})
    assert message.unread == "channels_shop" and message.act.parts[0].data == {"Data": {"a": "1"}}  # type: ignore[union-attr]
    file = act_of(account, "text", Content="【收到不支持的消息类型，暂无法显示】").parts[0]
    assert file.kind == "unsupported"


def sealed(fields: dict[str, Any], key: str = KEY, **beside: Any) -> dict[str, Any]:
    secret = seal(key, APP, b"0123456789abcdef", write_xml("xml", fields).encode())
    return {"ToUserName": OURS, **beside, "Encrypt": secret}


def test_a_sealed_push_is_opened_by_the_key_and_kept_without_it() -> None:
    keyed, keyless = Account(encoding_aes_key=KEY, appid=APP), Account()
    assert read(keyed, sealed(HELLO)).act == Write(parts=(Text(text="Где мой заказ?"),))
    assert read(keyless, sealed(HELLO, **HELLO)).act == read(keyed, sealed(HELLO)).act  # compatible mode has both
    unread = read(keyless, sealed(HELLO)).unread
    assert unread is not None and "wechat.encoding_aes_key" in unread
    assert b"MsgId" in platform.opened(keyed.state, push(sealed(HELLO)))  # type: ignore[attr-defined]


UNREADABLE = [
    b"", b"<", b"<xml>", b"{", b"[]", b"x=1", b"\xff", b"<x><a>1</a></x>", b"<xml><MsgType>text</MsgType></xml>",
    b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>', b"<a>" * 90_000, b"[" * 90_000, b'{"a":' * 90_000,
    write_xml("xml", {**HELLO, "CreateTime": "9" * 400}).encode(), write_xml("xml", {**HELLO, "CreateTime": "soon"}).encode(),
    write_xml("xml", {**HEAD, "MsgType": "location", "Location_X": "x"}).encode(), b'{"FromUserName":7,"MsgType":"text"}',
]  # fmt: skip


@pytest.mark.parametrize("body", UNREADABLE, ids=lambda body: str(body[:24]))
def test_what_is_no_push_is_refused(account: Account, body: bytes) -> None:
    with pytest.raises(ValueError):
        platform.decode(account.state, HttpRequest("POST", "/", (), body))


NAMES = [
    "Content",
    "MsgId",
    "Event",
    "EventKey",
    "Location_X",
    "Label",
    "PicUrl",
    "bizmsgmenuid",
    "Encrypt",
    "CreateTime",
    "MsgType",
]
VALUES = st.one_of(st.text(max_size=12), st.integers(), st.lists(st.text(max_size=3), max_size=2), st.none(),
                   st.sampled_from(["event", "text", "subscribe", "location", "image", "1e999", "nan"]))  # fmt: skip


@LAX
@given(fields=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6), junk=st.binary(max_size=60))
def test_no_push_breaks_the_reader(account: Account, fields: dict[str, Any], junk: bytes) -> None:
    whole = {**HELLO, **fields}
    for body in (msgspec.json.encode(whole), write_xml("xml", whole).encode("utf-8", "replace"), junk, b"<xml>" + junk):
        try:
            for said in platform.decode(account.state, HttpRequest("POST", "/", (), body)):
                platform.meet(account.state, said, account.state.chats[account.to].customer, account.now)
                msgspec.json.encode(said)
        except ValueError:
            continue


# ---------------------------------------------------------------------------------------------------------- observing


class Wire:
    """What passes between WeChat itself and a bot."""

    def __init__(self, **given: str) -> None:
        clock = WallClock()
        self.recorder = Recorder(clock)
        self.scribe = Scribe(self.recorder, clock, [platform], {"wechat": given})

    def told(self, fields: dict[str, Any], answer: bytes = b"success", kind: Any = XML) -> None:
        request = push(fields, kind)
        updates = self.scribe.webhook_came("wechat", request)
        self.scribe.webhook_answered("wechat", request, updates, Outcome(HttpResponse(200, (), answer), 0.01))

    def called(self, method: str, body: dict[str, Any], answer: dict[str, Any] | None = None) -> None:
        url = f"/cgi-bin/{method}?{urlencode({'access_token': '98_vendorsOwnToken'})}"
        response = HttpResponse(200, (), msgspec.json.encode(answer or {"errcode": 0, "errmsg": "ok"}))
        self.scribe.called("wechat", HttpRequest("POST", url, (JSON,), msgspec.json.encode(body)), response, 0.01)

    def sends(self, kind: str, content: Any, **more: Any) -> None:
        self.called("message/custom/send", {"touser": THEIRS, "msgtype": kind, kind: content, **more})

    def of(self, kind: Any) -> list[Any]:
        return [record for record in self.recorder.records if isinstance(record, kind)]

    def shown(self) -> list[Any]:
        return [took.effect.message for took in self.of(Took) if isinstance(took.effect, Sent)]


@pytest.fixture
def wire() -> Wire:
    made = Wire()
    made.told(HELLO)
    return made


def test_each_kind_of_message_is_told(wire: Wire) -> None:
    wire.sends("text", {"content": "Курьер <a href='https://a.test'>едет</a>"})
    wire.sends("image", {"media_id": "vendors"}, customservice={"kf_account": "eva@bench"})
    wire.sends("video", {"media_id": "vendors2", "thumb_media_id": "t", "title": "A shoe"})
    wire.sends("music", {"musicurl": "https://a.test/s.mp3", "thumb_media_id": "t"})
    wire.sends("msgmenu", {"head_content": "?", "list": [{"id": "1", "content": "Yes"}], "tail_content": "!"})
    wire.sends("news", {"articles": [{"title": "A shoe", "url": "https://a.test/1"}]})
    wire.called(
        "message/template/send",
        {"touser": THEIRS, "template_id": "own", "data": {"a": {"value": "553"}}},
        {"errcode": 0, "msgid": 99},
    )
    wire.called("message/custom/typing", {"touser": THEIRS, "command": "Typing"})
    kinds = [[str(part.__struct_config__.tag) for part in message.parts] for message in wire.shown()]
    assert kinds == [
        ["text"],
        ["media"],
        ["media"],
        ["media"],
        ["text", "keyboard", "text"],
        ["carousel"],
        ["template"],
    ]
    assert [took.effect for took in wire.of(Took)][-1] == Activity(to=THEIRS, action="typing")
    assert wire.shown()[1].sender == "Eva" and wire.shown()[-1].ids == ("99",) and not wire.scribe.unread


def test_more_than_any_quota_of_the_fake_is_told(wire: Wire) -> None:
    for number in range(30):
        wire.sends("text", {"content": str(number)})
    assert len(wire.shown()) == 30 and not wire.scribe.unread


def test_a_refusal_stands_in_an_answer_of_200(wire: Wire) -> None:
    wire.called(
        "message/custom/send",
        {"touser": THEIRS, "msgtype": "text", "text": {"content": "x"}},
        {"errcode": 45015, "errmsg": "late"},
    )
    (called,) = wire.of(Called)
    assert not called.ok and called.error == "45015 late" and not wire.shown()


def test_what_the_fake_does_not_emulate_is_kept_and_named(wire: Wire) -> None:
    wire.called("message/mass/send", {"touser": [THEIRS, "other"], "msgtype": "text", "text": {"content": "Sale"}})
    wire.sends("dance", {"steps": 4})
    assert [message.parts[0].kind for message in wire.shown()] == ["message/mass/send", "dance"]
    assert sum(wire.scribe.unread.values()) == 2


def test_a_file_is_what_was_uploaded(wire: Wire) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="media"; filename="shoe.gif"\r\n\r\nGIF89a....\r\n--x--\r\n'
    request = HttpRequest(
        "POST",
        "/cgi-bin/media/upload?type=image&access_token=98_v",
        (("Content-Type", "multipart/form-data; boundary=x"),),
        body,
    )
    answer = HttpResponse(200, (), b'{"type":"image","media_id":"vendors","created_at":1}')
    wire.scribe.called("wechat", request, answer, 0.01)
    wire.sends("image", {"media_id": "vendors"})
    assert wire.shown()[0].media[0].file.name == "shoe.gif"


def reply(kind: str, **inner: Any) -> dict[str, Any]:
    return {"ToUserName": THEIRS, "FromUserName": OURS, "CreateTime": 1790000002, "MsgType": kind, **inner}


def test_a_passive_reply_is_said_in_either_language() -> None:
    wire = Wire()
    wire.told(HELLO, write_xml("xml", reply("text", Content="Уже в пути")).encode())
    wire.told({**HELLO, "MsgId": 2}, msgspec.json.encode(reply("text", Content="And now")), JSON)
    article = {"item": [{"Title": "A shoe", "Url": "https://a.test"}]}
    wire.told({**HELLO, "MsgId": 3}, write_xml("xml", reply("news", ArticleCount=1, Articles=article)).encode())
    wire.told({**HELLO, "MsgId": 4}, write_xml("xml", reply("image", Image={"MediaId": "vendors"})).encode())
    wire.told(
        {**HELLO, "MsgId": 5},
        write_xml("xml", reply("transfer_customer_service", TransInfo={"KfAccount": "x@y"})).encode(),
    )
    wire.told({**HELLO, "MsgId": 6})
    wire.told({**HELLO, "MsgId": 6})
    assert [message.text or message.media[0].kind for message in wire.shown()] == [
        "Уже в пути",
        "And now",
        "A shoe",
        "photo",
    ]
    assert [one.ok for one in wire.of(Called)] == [True] * 5 and len(wire.of(Acted)) == 6 and len(wire.of(Attempt)) == 7


def test_a_sealed_reply_is_opened_by_the_key() -> None:
    secret = seal(KEY, APP, b"0123456789abcdef", write_xml("xml", reply("text", Content="Sealed")).encode())
    answer = {"Encrypt": secret, "MsgSignature": signature("t", "1", "2", secret), "TimeStamp": "1", "Nonce": "2"}
    keyed, keyless = Wire(encoding_aes_key=KEY, appid=APP), Wire()
    for wire in (keyed, keyless):
        wire.told(sealed(HELLO, **HELLO), write_xml("xml", answer).encode())
    assert [message.text for message in keyed.shown()] == ["Sealed"] and not keyed.scribe.unread
    assert not keyless.shown() and dict(keyless.scribe.unread) == {"wechat: passive": 1}


def test_what_nobody_can_open_is_kept_and_said_loudly() -> None:
    wire = Wire()
    secret = sealed(HELLO)
    wire.told(secret, write_xml("xml", reply("text", Content="Plain")).encode())
    (acted,), (attempt,) = wire.of(Acted), wire.of(Attempt)
    assert acted.act == Event(name="sealed push") and secret["Encrypt"] in attempt.body and not wire.shown()
    assert any("wechat.encoding_aes_key" in word for word in wire.scribe.unread) and wire.scribe.conversations == 0


def test_a_reply_that_wechat_cannot_read_did_nothing() -> None:
    wire = Wire()
    wire.told(HELLO, b'{"ok":true')
    (called,) = wire.of(Called)
    assert not called.ok and not wire.shown()


# ------------------------------------------------------------------------------------------------------------ importing


def test_captured_traffic_is_turns() -> None:
    (capture,) = [one for one in captures() if one.platform == "wechat"]
    told = [*capture.webhook(HELLO, 7.0)]
    body = {
        "touser": THEIRS,
        "msgtype": "msgmenu",
        "msgmenu": {"head_content": "Sure?", "list": [{"id": "1", "content": "Yes"}]},
    }
    said = [*capture.call("https://api.weixin.qq.com/cgi-bin/message/custom/send?access_token=x", body, {}, 8.0)]
    replied = [
        *capture.answer(HELLO, write_xml("xml", reply("text", Content="Уже")), 9.0),
        *capture.answer(HELLO, "success", 9.0),
    ]
    assert capture.knows(HELLO) and capture.knows(sealed(HELLO)) and not capture.knows({"FromUserName": "x"})
    assert [(chat, turn.role, turn.text, turn.buttons) for chat, turn in (*told, *said, *replied)] == [
        (THEIRS, "customer", "Где мой заказ?", ()), (THEIRS, "bot", "Sure?", ("Yes",)), (THEIRS, "bot", "Уже", ())
    ]  # fmt: skip
    with pytest.raises(ValueError, match="sealed"):
        list(capture.webhook(sealed(HELLO), 7.0))
