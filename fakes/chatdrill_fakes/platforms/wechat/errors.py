"""WeChat's errors: every answer has HTTP status 200, and one of these codes inside.

Source: developers.weixin.qq.com, global return codes (2026). Bots should go by the number: the words differ between servers, and those
of 43019, 46004, 48002, 48008, 50001, 50002 and the 654xx are translations.
"""

from __future__ import annotations

from typing import Any

import msgspec

from chatdrill.wire import HttpResponse

WORDS: dict[int, str] = {
    -1: "system error",
    0: "ok",
    40001: "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid file type",
    40006: "invalid meida size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40010: "invalid voice size",
    40011: "invalid video size",
    40012: "invalid thumb size",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40018: "invalid button name size",
    40023: "invalid sub button size",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40035: "invalid parameter",
    40037: "invalid template_id",
    40066: "invalid url",
    40097: "invalid args",
    40101: "missing parameter",
    40125: "invalid appsecret",
    40132: "invalid username",
    40164: "invalid ip 203.0.113.9, not in whitelist",
    40200: "invalid account type",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41006: "media_id missing",
    41009: "missing openid",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43003: "require https",
    43004: "require subscribe",
    43019: "user in blacklist",
    44001: "empty media data",
    44002: "empty post data",
    44003: "empty news data",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45003: "title size out of limit",
    45004: "description size out of limit",
    45005: "url size out of limit",
    45007: "playtime size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit must slower retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45056: "too many tags",
    45072: "invalid command",
    45080: "need sending message to user, or recv msg in the last 30 seconds",
    45081: "already in typing state, or in the process",
    45157: "tag name exists",
    45158: "tag name too long",
    45159: "invalid tag id",
    46003: "menu no exist",
    46004: "user no exist",
    47001: "data format error",
    48001: "api unauthorized",
    48002: "user refuses messages",
    48004: "api forbidden for irregularities",
    48006: "forbid to clear quota because of reaching the limit",
    48008: "no permission for this msgtype",
    50001: "user unauthorized",
    50002: "user limited",
    50004: "forbidden api",
    65400: "customer service is not enabled",
    65401: "invalid kf account",
    65402: "kf account is not bound to a wechat id",
    65403: "invalid kf nickname",
    65404: "invalid kf account name",
    65405: "too many kf accounts",
    65406: "kf account exists",
    65407: "already a kf worker",
    65409: "invalid wechat id",
    65413: "no such session",
    65414: "session is with another worker",
    65415: "worker is not online",
    65416: "invalid paging",
    89503: "the call must be confirmed by the owner",
    89506: "the owner has refused the call",
    89507: "the owner has refused the call for an hour",
}
_JSON = (("Content-Type", "application/json; encoding=utf-8"),)


class ApiError(Exception):
    """A code other than 0. ``note`` says in the trace what was wrong."""

    def __init__(self, code: int, note: str = "") -> None:
        super().__init__(WORDS.get(code, "unknown error"))
        self.code, self.note = code, note

    @property
    def told(self) -> str:
        """For the trace: the number, its words, what was wrong."""
        return f"{self.code} {self}{f' ({self.note})' if self.note else ''}"

    def answer(self, rid: str) -> HttpResponse:
        """The JSON answer; bots must go by the code, so the words end in something new each time."""
        return answer({"errcode": self.code, "errmsg": f"{self} rid: {rid}"})


def answer(body: Any) -> HttpResponse:
    """Any answer."""
    return HttpResponse(200, _JSON, msgspec.json.encode(body))


def refusal(status: int) -> HttpResponse:
    """Too many requests are a code inside an answer of 200; any other HTTP status comes from a gateway."""
    if status == 429:
        return answer({"errcode": 45011, "errmsg": WORDS[45011]})
    return HttpResponse(status, _JSON, msgspec.json.encode({"errcode": -1, "errmsg": WORDS[-1]}))
