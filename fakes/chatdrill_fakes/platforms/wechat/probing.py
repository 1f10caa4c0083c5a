"""What WeChat prescribes for the bot's side of a push, and events that were never seen."""

from __future__ import annotations

from chatdrill.wire import Matter, Rule
from chatdrill_fakes.platforms.wechat import limits
from chatdrill_fakes.platforms.wechat.objects import document
from chatdrill_fakes.platforms.wechat.state import WeChatState

_GUIDE = "developers.weixin.qq.com, service account guide (2026)"
RULES: dict[Matter, Rule] = {
    "handshake": Rule("a GET with the right signature is answered by the echostr and nothing else", _GUIDE),
    "signature": Rule(
        "signature is the SHA-1 of token, timestamp and nonce in the order of their bytes; in safe mode msg_signature covers "
        "Encrypt as well",
        _GUIDE,
    ),
    "acknowledgement": Rule(
        "within five seconds status 200 comes with success, nothing, or one reply; else the same is sent again, three times in all",
        _GUIDE,
    ),
    "redelivery": Rule("what is sent again has the same MsgId; an event the same sender and CreateTime", _GUIDE),
    "unknown": Rule(
        "events of new kinds come unasked; what is no success, reply or nothing makes the app say so", _GUIDE
    ),
    "text": Rule(f"a text has up to {limits.TEXT_MAX_BYTES} bytes, of any script", _GUIDE),
}


def unknown_event(state: WeChatState, to: str, now: float) -> bytes:
    """A push of an event that does not exist yet."""
    head = {"ToUserName": state.account, "FromUserName": to, "CreateTime": int(now)}
    return document(state, {**head, "MsgType": "event", "Event": "chatdrill_novelty", "EventKey": ""})
