"""What WeChat's reference says, as examples: what the conformance kit holds this fake to."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from chatdrill.model import (
    Act,
    Block,
    Button,
    Customer,
    Event,
    Location,
    Media,
    Other,
    Press,
    Start,
    Text,
    Write,
)
from chatdrill.model.parts import File, MediaKind
from chatdrill.wire import Fetched, HttpRequest
from chatdrill.wire.sheets import Ask, Bound, Golden, Happens, Mistake, Refused, Sheet, Step
from chatdrill.wire.xml import XmlError, read_xml
from chatdrill_fakes.platforms.wechat.crypto import SealError, signature, unseal
from chatdrill_fakes.platforms.wechat.errors import WORDS
from chatdrill_fakes.platforms.wechat.events import EVENT_NAMES

_TOKEN = "access_token={access_token}"
_GUIDE = "developers.weixin.qq.com, service account guide"


def call(path: str, body: Any = None, **more: Any) -> Ask:
    """A call with the token that is valid from the beginning."""
    mark = "&" if "?" in path else "?"
    return Ask(f"{path}{mark}{_TOKEN}", body, "GET" if body is None and "files" not in more else "POST", **more)


def send(kind: str, content: Any, after: tuple[Step, ...] = (), **more: Any) -> Ask:
    """A message to the customer."""
    return call("/cgi-bin/message/custom/send", {"touser": "{to}", "msgtype": kind, kind: content}, after=after, **more)


def believes(environment: Mapping[str, str], request: HttpRequest, now: float) -> bool:  # noqa: ARG001 (old ones are taken)
    """The signature of the address; of a sealed push that of the cipher text, which must open."""
    query = dict(request.query)
    token, stamp, nonce = environment["WECHAT_TOKEN"], query.get("timestamp", ""), query.get("nonce", "")
    if environment["WECHAT_MODE"] == "plain":
        return _equal(query.get("signature"), signature(token, stamp, nonce))
    try:
        sealed = read_xml(request.body)[1]["Encrypt"]
        unseal(environment["WECHAT_ENCODING_AES_KEY"], environment["WECHAT_APPID"], sealed)
    except (XmlError, SealError, TypeError, KeyError):
        return False
    return _equal(query.get("msg_signature"), signature(token, stamp, nonce, sealed))


def _equal(given: str | None, expected: str) -> bool:
    return hmac.compare_digest((given or "").encode(), expected.encode())


def _echo(url: str) -> Fetched:
    """The answer to the check of an address: what it asks for."""
    query = dict(HttpRequest("GET", url).query)
    return Fetched(query["echostr"].encode()) if "echostr" in query else Fetched(error="unreachable")


def _file(kind: MediaKind) -> Write:
    return Write(parts=(Media(kind=kind, file=File(name=f"a.{kind}")),))


# ------------------------------------------------------------------------------------------------------------ pushes

_HI = Write(parts=(Text(text="Hi"),))
_MENU = {"head_content": "?", "list": [{"id": "101", "content": "Доволен"}], "tail_content": "!"}
_RED_SQUARE = Location(latitude=55.751244, longitude=37.618423, address="Москва, Красная площадь")
_ARTICLE = {"Title": "Статья", "Description": "...", "Url": "https://example.test/a"}
_GOLDEN: dict[str, Act | Happens] = {
    "text": Write(parts=(Text(text="Где мой заказ?"),)),
    "choice": Happens(Press(button=Button(title="Доволен", kind="reply", payload="101"), message_id="{sent}"),
                      after=(_HI, send("msgmenu", _MENU))),
    "image": _file("photo"),
    "voice": _file("voice"),
    "video": _file("video"),
    "shortvideo": _file("video_note"),
    "location": Write(parts=(_RED_SQUARE,)),
    "link": Write(parts=(Other(kind="link", data=_ARTICLE),)),
    "subscribe": Happens(Start(payload="order77"), who="eva"),
    "SCAN": Happens(Start(payload="order77"), after=(_HI,)),
    "unsubscribe": Block(),
    "CLICK": Press(button=Button(title="Help", kind="postback", payload="MENU_HELP")),
    "kf_switch_session": Event(name="kf_switch_session"),
}  # fmt: skip
_HEARD = {"recognition": "yes", "recognized": "где мой заказ"}
DRAWN = (
    r"^o[A-Za-z0-9_-]{27}$|^openid$",
    r"^2\d{16}$|^msgid$",
    r"^https?://\S+/mmbiz_jpg/\S+$|^picurl$",
    r"^[A-Za-z0-9_-]{64}$|^mediaid$",
    r"^gQH[0-9a-f]{64}$|^ticket$",
)


def documents() -> dict[str, str]:
    """The golden documents, by name."""
    text = (resources.files("chatdrill_fakes.platforms.wechat") / "golden" / "pushes.json").read_text("utf-8")
    found: dict[str, str] = json.loads(text)
    return found


def _golden() -> tuple[Golden, ...]:
    return tuple(
        Golden(name, act, read_xml(text.encode())[1], _GUIDE, "2026", settings=_HEARD)
        for (name, act), text in zip(_GOLDEN.items(), documents().values(), strict=True)
    )


# ------------------------------------------------------------------------------------------------------------- calls


def _upload(kind: str, sample: tuple[str, str], keeps: str) -> Ask:
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return call(f"/cgi-bin/media/upload?type={kind}", files={"media": sample}, keeps={keeps: name})


_PICTURE = _upload("image", ("shoe.png", "photo"), "picture")
_VOICE = _upload("voice", ("hello.mp3", "audio"), "voice")
_VIDEO = _upload("video", ("shoe.mp4", "video"), "video")
_ARTICLES = {
    "articles": [
        {"title": "A shoe", "description": "Blue", "url": "https://a.test/1", "picurl": "https://a.test/p.jpg"}
    ]
}
_TEMPLATE = {"touser": "{to}", "template_id": "{templates}", "data": {"thing1": {"value": "It goes on"}}}
_ANNA = {"kf_account": "anna@bench", "openid": "{to}"}
_BUTTONS = {"button": [{"type": "click", "name": "Help", "key": "MENU_HELP"}]}
_SCENE = {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "order77"}}}
_OWNER = "grant_type=client_credential&appid={appid}&secret={secret}"
_STABLE = {"grant_type": "client_credential", "appid": "{appid}", "secret": "{secret}"}
_SENT = send("text", {"content": "Hello"})
_CREATE = call("/customservice/kfsession/create", _ANNA)
_TAG = call("/cgi-bin/tags/create", {"tag": {"name": "vip"}}, keeps={"tag": "tag.id"})
_PHOTO = Happens(_file("photo"), keeps={"file": "MediaId", "link": "PicUrl"})

EXAMPLES = (
    _SENT,
    send("image", {"media_id": "{picture}"}, (_PICTURE,)),
    send("voice", {"media_id": "{voice}"}, (_VOICE,)),
    send("video", {"media_id": "{video}", "title": "A shoe"}, (_VIDEO,)),
    send("music", {"musicurl": "https://a.test/s.mp3", "thumb_media_id": "{picture}"}, (_PICTURE,)),
    send("news", _ARTICLES),
    send("msgmenu", _MENU),
    send("mpnews", {"media_id": "draft"}),
    send("mpnewsarticle", {"article_id": "article"}),
    send("wxcard", {"card_id": "card"}),
    send("miniprogrampage", {"title": "Shop", "appid": "wx1", "pagepath": "p", "thumb_media_id": "{picture}"}, (_PICTURE,)),
    call("/cgi-bin/message/custom/typing", {"touser": "{to}", "command": "Typing"}),
    call("/cgi-bin/message/custom/typing", {"touser": "{to}", "command": "CancelTyping"}),
    call("/cgi-bin/message/template/send", _TEMPLATE),
    _PICTURE,
    _VOICE,
    _VIDEO,
    _upload("thumb", ("small.jpg", "jpeg"), "thumb"),
    call("/cgi-bin/media/get?media_id={file}", after=(_PHOTO,)),
    call("/cgi-bin/media/get/jssdk?media_id={file}", after=(_PHOTO,)),
    Ask("{link}", method="GET", after=(_PHOTO,)),
    Ask(f"/cgi-bin/token?{_OWNER}", method="GET"),
    Ask("/cgi-bin/stable_token", _STABLE),
    call("/cgi-bin/user/info?openid={to}&lang=zh_CN"),
    call("/cgi-bin/user/info/batchget", {"user_list": [{"openid": "{to}", "lang": "zh_CN"}]}),
    call("/cgi-bin/user/get?next_openid="),
    call("/cgi-bin/user/info/updateremark", {"openid": "{to}", "remark": "likes boots"}),
    _TAG,
    call("/cgi-bin/tags/get"),
    call("/cgi-bin/tags/members/batchtagging", {"openid_list": ["{to}"], "tagid": 100}, after=(_TAG,)),
    call("/cgi-bin/tags/members/batchuntagging", {"openid_list": ["{to}"], "tagid": 100}, after=(_TAG,)),
    call("/cgi-bin/menu/create", _BUTTONS),
    call("/cgi-bin/menu/get", after=(call("/cgi-bin/menu/create", _BUTTONS),)),
    call("/cgi-bin/menu/delete"),
    call("/cgi-bin/get_current_selfmenu_info"),
    call("/cgi-bin/qrcode/create", _SCENE),
    Ask("/cgi-bin/showqrcode?ticket={code}", method="GET", after=(call("/cgi-bin/qrcode/create", _SCENE, keeps={"code": "ticket"}),)),
    call("/cgi-bin/customservice/getkflist"),
    call("/cgi-bin/customservice/getonlinekflist"),
    call("/customservice/kfaccount/add", {"kf_account": "eva@bench", "nickname": "Eva"}),
    call("/customservice/kfaccount/update", {"kf_account": "anna@bench", "nickname": "Anna"}),
    call("/customservice/kfaccount/inviteworker", {"kf_account": "anna@bench", "invite_wx": "anna_at_home"}),
    call("/customservice/kfaccount/del?kf_account=anna@bench"),
    _CREATE,
    call("/customservice/kfsession/close", _ANNA, after=(_CREATE, Event(name="kf_create_session"))),
    call("/customservice/kfsession/getsession?openid={to}"),
    call("/customservice/kfsession/getsessionlist?kf_account=anna@bench"),
    call("/customservice/kfsession/getwaitcase"),
    call("/customservice/msgrecord/getmsglist", {"starttime": 1795212000, "endtime": 1795213000, "msgid": 1, "number": 100}),
    call("/cgi-bin/getcallbackip"),
    call("/cgi-bin/get_api_domain_ip"),
    call("/cgi-bin/clear_quota", {"appid": "{appid}"}),
    call("/cgi-bin/callback/check", {"action": "all", "check_operator": "DEFAULT"}),
)  # fmt: skip


def _reply(kind: str, inner: str, *after: Step) -> Ask:
    """A passive reply."""
    ends = "<ToUserName><![CDATA[{to}]]></ToUserName><FromUserName><![CDATA[{account}]]></FromUserName>"
    head = f"{ends}<CreateTime>{{now}}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>"
    return Ask("", answers=f"<xml>{head}{inner}</xml>", after=(*after, Write(parts=(Text(text="hello"),))))


ANSWERS = (
    _reply("text", "<Content><![CDATA[Hello]]></Content>"),
    _reply("image", "<Image><MediaId><![CDATA[{picture}]]></MediaId></Image>", _PICTURE),
    _reply("voice", "<Voice><MediaId><![CDATA[{voice}]]></MediaId></Voice>", _VOICE),
    _reply("video", "<Video><MediaId><![CDATA[{video}]]></MediaId><Title>A shoe</Title></Video>", _VIDEO),
    _reply(
        "music",
        "<Music><MusicUrl>https://a.test/s.mp3</MusicUrl><ThumbMediaId>{picture}</ThumbMediaId></Music>",
        _PICTURE,
    ),
    _reply("news", "<ArticleCount>1</ArticleCount><Articles><item><Title>A shoe</Title></item></Articles>"),
    _reply("transfer_customer_service", "<TransInfo><KfAccount><![CDATA[anna@bench]]></KfAccount></TransInfo>"),
)


def _is(code: int) -> Refused:
    return Refused(200, {"errcode": code, "errmsg": f"{WORDS[code]}..."})


def _mistake(name: str, ask: Ask, code: int, **settings: str) -> Mistake:
    return Mistake(name, ask, _is(code), settings)


_TYPING = "/cgi-bin/message/custom/typing"
_MET = (-1, 43019, 48002, 48004, 48008, 50002, 45009, 45011)  # that no call brings about by itself
ERRORS = (
    _mistake("no token", Ask("/cgi-bin/user/get", method="GET"), 41001),
    _mistake("no such token", Ask("/cgi-bin/user/get?access_token=98_nobodyKnowsThisToken", method="GET"), 40001),
    _mistake("a broken token", Ask("/cgi-bin/user/get?access_token=x", method="GET"), 40014),
    _mistake("a token that is too old", call("/cgi-bin/user/get", after=(Event(name="token_expired"),)), 42001),
    _mistake("a token that was replaced", call("/cgi-bin/user/get", after=(Event(name="token_replaced"),)), 40001),
    _mistake("no grant", Ask("/cgi-bin/token?appid={appid}&secret={secret}", method="GET"), 40002),
    _mistake("another app", Ask("/cgi-bin/token?grant_type=client_credential&appid=wx1&secret={secret}", method="GET"), 40013),
    _mistake("no app", Ask("/cgi-bin/token?grant_type=client_credential&secret={secret}", method="GET"), 41002),
    _mistake("no secret", Ask("/cgi-bin/token?grant_type=client_credential&appid={appid}", method="GET"), 41004),
    _mistake("a broken secret", Ask("/cgi-bin/token?grant_type=client_credential&appid={appid}&secret=x", method="GET"), 40125),
    _mistake("another's secret", Ask(f"/cgi-bin/token?grant_type=client_credential&appid={{appid}}&secret={'0' * 32}", method="GET"), 40001),
    _mistake("a stranger", call("/cgi-bin/message/custom/send", {"touser": "oNobody", "msgtype": "text", "text": {"content": "x"}}), 40003),
    _mistake("nobody", call("/cgi-bin/message/custom/send", {"msgtype": "text", "text": {"content": "x"}}), 41009),
    _mistake("unknown type", send("dance", {}), 40008),
    _mistake("nothing to say", send("text", {"content": ""}), 44004),
    _mistake("no articles", send("news", {"articles": []}), 44003),
    _mistake("no file", send("image", {}), 41006),
    _mistake("no such file", send("image", {"media_id": "x"}), 40007),
    _mistake("no such agent", call("/cgi-bin/message/custom/send", {"touser": "{to}", "msgtype": "text", "text": {"content": "x"}, "customservice": {"kf_account": "x@y"}}), 65401),
    _mistake("a menu of a test account", send("msgmenu", _MENU), 40200, account_type="test"),
    _mistake("who has gone", send("text", {"content": "x"}, (Block(),)), 43004),
    _mistake("odd command", call(_TYPING, {"touser": "{to}", "command": "Dance"}), 45072),
    _mistake("typing twice", call(_TYPING, {"touser": "{to}", "command": "Typing"}, after=(call(_TYPING, {"touser": "{to}", "command": "Typing"}),)), 45081),
    _mistake("odd kind of file", call("/cgi-bin/media/upload?type=dance", files={"media": ("a.png", "photo")}), 40004),
    _mistake("a file of another kind", call("/cgi-bin/media/upload?type=video", files={"media": ("a.png", "photo")}), 40005),
    _mistake("no menu", call("/cgi-bin/menu/get"), 46003),
    _mistake("too many buttons", call("/cgi-bin/menu/create", {"button": [*_BUTTONS["button"]] * 4}), 40016),
    _mistake("no such template", call("/cgi-bin/message/template/send", {**_TEMPLATE, "template_id": "x"}), 40037),
    _mistake("another verb", Ask(f"/cgi-bin/user/get?{_TOKEN}", {}), 43001),
    _mistake("no body", Ask(f"/cgi-bin/message/custom/send?{_TOKEN}"), 44002),
    _mistake("a GET for a message", Ask(f"/cgi-bin/message/custom/send?{_TOKEN}", method="GET"), 43002),
    _mistake("unknown address", call("/cgi-bin/dance", {}), 40066),
    _mistake("a tag twice", call("/cgi-bin/tags/create", {"tag": {"name": "vip"}}, after=(_TAG,)), 45157),
    _mistake("no such tag", call("/cgi-bin/tags/members/batchtagging", {"openid_list": ["{to}"], "tagid": 1}), 45159),
    _mistake("no session", call("/customservice/kfsession/close", _ANNA), 65413),
    _mistake("another's session", call("/customservice/kfsession/close", {**_ANNA, "kf_account": "oleg@bench"}, after=(Event(name="kf_create_session"),)), 65414),
    _mistake("an account twice", call("/customservice/kfaccount/add", {"kf_account": "anna@bench", "nickname": "Anna"}), 65406),
    _mistake("an odd account", call("/customservice/kfaccount/add", {"kf_account": "anna", "nickname": "Anna"}), 65404),
    _mistake("a banned account", call("/cgi-bin/user/get", after=(Event(name="account_status"),)), 48004),
    *(_mistake(WORDS[code], send("text", {"content": "x"}, (Event(name="api_error", data={"errcode": code}),)), code) for code in _MET),
)  # fmt: skip
_PLAIN = Ask(f"/cgi-bin/token?{_OWNER}", method="GET")
_FRESH = Ask(f"/cgi-bin/token?{_OWNER}", method="GET", keeps={"fresh": "access_token"})
BOUNDS = (
    Bound("text", send("text", {}), _is(45002), "text.content", "ё"),
    Bound("msgmenu", send("msgmenu", {"list": [{"id": "1", "content": "ok"}]}), _is(45002), "msgmenu.head_content", fixed=2),
    Bound("articles", send("news", {}), _is(45008), "news.articles", {"title": "{i}"}),
    Bound("window", send("text", {"content": "x"}), _is(45015)),
    Bound("media", call("/cgi-bin/media/get?media_id={file}", after=(_PHOTO,)), _is(40007)),
    Bound("typing", call(_TYPING, {"touser": "{to}", "command": "Typing"}), _is(45080)),
    Bound("user_list", call("/cgi-bin/user/info/batchget", {}), _is(40097), "user_list", {"openid": "{to}", "i": "{i}"}),
    Bound("remark", call("/cgi-bin/user/info/updateremark", {"openid": "{to}"}), _is(40097), "remark", "ё"),
    Bound("scene_str", call("/cgi-bin/qrcode/create", _SCENE), _is(40097), "action_info.scene.scene_str"),
    Bound("scene_id", call("/cgi-bin/qrcode/create", {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {}}}), _is(40097),
          "action_info.scene.scene_id", 1),
    Bound("expire_seconds", call("/cgi-bin/qrcode/create", _SCENE), _is(40097), "expire_seconds", 1),
    Bound("menu.buttons", call("/cgi-bin/menu/create", {}), _is(40016), "button", {"type": "click", "name": "a", "key": "{i}"}),
    Bound("menu.sub_buttons", call("/cgi-bin/menu/create", {"button": [{"name": "a"}]}), _is(40023), "button.0.sub_button",
          {"type": "click", "name": "a", "key": "{i}"}),
    Bound("menu.name", call("/cgi-bin/menu/create", _BUTTONS), _is(40018), "button.0.name", "ё"),
    Bound("menu.sub_name", call("/cgi-bin/menu/create", {"button": [{"name": "a", "sub_button": [_BUTTONS["button"][0]]}]}), _is(40018),
          "button.0.sub_button.0.name", "ё"),
    Bound("token", Ask("/cgi-bin/user/get?access_token={fresh}", method="GET", after=(_FRESH,)), _is(42001)),
    Bound("token.grace", Ask("/cgi-bin/user/get?access_token={fresh}", method="GET", after=(_FRESH, _PLAIN)), _is(40001)),
    Bound("kf.records", call("/customservice/msgrecord/getmsglist", {"starttime": 0, "msgid": 1, "number": 1}), _is(65416), "endtime", 1),
    Bound("tag.name", call("/cgi-bin/tags/create", {"tag": {}}), _is(45158), "tag.name", "ё"),
)  # fmt: skip
_RATES = "is about many calls: tests/wechat/test_tokens.py"
_UPLOADS = "is about a file: tests/wechat/test_media.py"
_PASSIVE = "is about no call, but an answer: tests/wechat/test_passive.py"
_QUOTAS = "is about many calls: tests/wechat/test_windows.py"
UNTRIED = {
    "passive.text": _PASSIVE,
    "passive.articles": _PASSIVE,
    "window.messages": _QUOTAS,
    "click": _QUOTAS,
    "click.messages": _QUOTAS,
    "token.refreshes": _RATES,
    "typing.shown": "is the time in which it is refused: tests/wechat/test_sending.py",
    **{f"{kind}.size": _UPLOADS for kind in ("image", "voice", "video", "thumb")},
    "voice.duration": _UPLOADS,
    "openids": "more people than a drill has",
    "kf.accounts": "is about many calls: tests/wechat/test_kf.py",
    "kf.idle": "is about no call: tests/wechat/test_kf.py",
    "tags": "is about many calls: tests/wechat/test_people.py",
    "clear_quota": _RATES,
    "calls": _RATES,
    "calls.stable_token.minute": _RATES,
}  # fmt: skip
_CONTROLS = ("api_error", "account_status", "token_expired", "token_replaced")

SHEET = Sheet(
    says=send("text", {"content": "{text}"}),
    believes=believes,
    customer=Customer(key="mei", first_name="Mei", last_name="Li", phone="+8613800138000", locale="zh_CN"),
    settings={"reply_quota": "1000"},  # laws say more than five things in a row
    golden=_golden(),
    drawn=DRAWN,
    examples=(*EXAMPLES, *ANSWERS),
    told=(
        Write(parts=(Other(kind="miniprogrampage"),)),
        *(Event(name=name) for name in sorted(EVENT_NAMES - set(_CONTROLS))),
    ),
    refused=tuple(
        call(f"/cgi-bin/{path}", {})
        for path in (
            "message/mass/send",
            "message/subscribe/bizsend",
            "material/add_material",
            "kf/sync_msg",
            "kf/send_msg",
        )
    ),
    errors=ERRORS,
    bounds=BOUNDS,
    untried=UNTRIED,
    parts={"other": Other(kind="link")},
    silent={
        "api_error": "the next send meets it",
        "account_status": "every call meets it",
        "token_expired": "the next call meets it",
        "token_replaced": "the next call meets it",
    },
    file_key="MediaId",
    file_asks=(call("/cgi-bin/media/get?media_id={file}"),),
    recoded=frozenset({"media.video", "media.video_note"}),  # the answer is an address
    names=("push {kind}",),
    fetched=_echo,
)
