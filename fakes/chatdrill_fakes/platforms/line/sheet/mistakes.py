"""Calls that LINE refuses, and how."""

from __future__ import annotations

from chatdrill.model import Block, Delete, Event
from chatdrill.wire.sheets import Ask, Happens, Mistake, Refused
from chatdrill_fakes.platforms.line.errors import BAD_REPLY_TOKEN, BAD_TOKEN, NO_HEADER, NO_RECIPIENT, USED_UP
from chatdrill_fakes.platforms.line.sheet.asking import (
    CANCEL,
    FILE,
    HEARD,
    JOINED,
    MESSAGE,
    PICTURE,
    PUSH,
    SAID,
    file,
    get,
    post,
    push,
    template,
    text,
)
from chatdrill_fakes.platforms.line.sheet.calls import ALIASED, CLIENT, MADE, PNG, UPLOADED, WHO

_STRANGER = "U00000000000000000000000000000000"


def wrong(message: str, place: str, count: int = 1) -> Refused:
    """What the validator says of one property."""
    details = [{"message": message, "property": place}]
    return Refused(400, {"message": f"The request body has {count} error(s)", "details": details})


REPLY = post(f"{MESSAGE}/reply", {"replyToken": "{reply}", "messages": SAID}, HEARD)
_KNOWN = "Must be one of the following values: [text, image, video, audio, location, sticker, template, imagemap]"
_KEY = ("X-Line-Retry-Key", "3f9a1c77-d2e8-4b60-a5c1-f0b29e6d7a84")
AUTH = ("Authorization", "Bearer {token}")
_RETRIED = Ask(PUSH, {"to": "{to}", "messages": SAID}, headers=(AUTH, _KEY))
_BOTH = wrong("May not be empty", "messages[0].text", 2)


def said(message: str) -> Refused:
    return Refused(400, {"message": message})


ERRORS = (
    Mistake("no token", Ask("/v2/bot/info", method="GET", headers=()), Refused(401, {"message": NO_HEADER})),
    Mistake("another token", Ask("/v2/bot/info", method="GET", headers=(("Authorization", "Bearer x"),)), Refused(401, {"message": BAD_TOKEN})),
    Mistake("unknown reply token", post(f"{MESSAGE}/reply", {"replyToken": "used", "messages": SAID}), said(BAD_REPLY_TOKEN)),
    Mistake("reply token used twice", Ask(f"{MESSAGE}/reply", {"replyToken": "{reply}", "messages": SAID}, after=(REPLY,)), said(BAD_REPLY_TOKEN)),
    Mistake("no messages", push(), wrong("Size must be between 1 and 5", "messages")),
    Mistake("an empty text and an unknown kind", push(text(""), {"type": "foo"}), _BOTH),
    Mistake("an unknown kind", push({"type": "foo"}), wrong(_KNOWN, "messages[0].type")),
    Mistake("no https", push({"type": "image", "originalContentUrl": "http://a.test/p.png", "previewImageUrl": PICTURE}),
            wrong("invalid uri", "messages[0].originalContentUrl")),
    Mistake("no label", push(template(type="confirm", text="?", actions=[{"type": "uri", "uri": "https://a.test"}, CANCEL])),
            wrong("must be specified", "messages[0].template.actions[0].label")),
    Mistake("no id", Ask(PUSH, {"to": "olena", "messages": SAID}), said("The property, 'to', in the request body is invalid (line: -, column: -)")),
    Mistake("stranger", Ask(PUSH, {"to": _STRANGER, "messages": SAID}), said(NO_RECIPIENT)),
    Mistake("one that is no id", post(f"{MESSAGE}/multicast", {"to": ["{to}", "x"], "messages": SAID}),
            said("The property, to[1], in the request body is invalid (line: -, column: -)")),
    Mistake("retry key", Ask(PUSH, _RETRIED.body, headers=_RETRIED.headers, after=(_RETRIED,)),
            Refused(409, {"message": "The retry key is already accepted"})),
    Mistake("retry key of a reply", Ask(f"{MESSAGE}/reply", REPLY.body, headers=_RETRIED.headers, after=(HEARD,)), Refused(400)),
    Mistake("quota", push(text()), Refused(429, {"message": USED_UP}), settings={"quota": "1"}),
    Mistake("blocker's profile", get("/v2/bot/profile/{to}", Block()), Refused(404, {"message": "Not found"})),
    Mistake("all friends", get("/v2/bot/followers/ids"), Refused(403, {"message": "Access to this API is not available for your account"})),
    Mistake("unsent", get(f"{MESSAGE}/{{file}}/content", FILE, Delete(message_id="{mine}")), Refused(410, {"message": "The content is gone"})),
    Mistake("no content", get(f"{MESSAGE}/1/content"), Refused(404, {"message": "not found"})),
    Mistake("no preview", get(f"{MESSAGE}/{{file}}/content/preview", Happens(file("voice"), keeps={"file": "message.id"})),
            said("The content can not be previewed")),
    Mistake("odd group", get("/v2/bot/group/x/summary"), said("The value for the 'groupId' parameter is invalid")),
    Mistake("seconds", post("/v2/bot/chat/loading/start", {"chatId": "{to}", "loadingSeconds": 7}), wrong("must be a multiple of five", "loadingSeconds")),
    Mistake("dots in a group", post("/v2/bot/chat/loading/start", {"chatId": "{group}"}, JOINED),
            wrong("Only user id is acceptable, please confirm if there are any group/room ids or illegal ids.", "chatId")),
    Mistake("mark", post("/v2/bot/chat/markAsRead", {"markAsReadToken": "x"}),
            said("Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook.")),
    Mistake("a menu without a picture", post(f"{WHO}/richmenu/{{menu}}", None, MADE), said("must upload richmenu image before applying it to user")),
    Mistake("a second picture", Ask(UPLOADED.path, PNG, after=(UPLOADED,)), said("An image has already been uploaded to the richmenu")),
    Mistake("a second alias", Ask(ALIASED.path, ALIASED.body, after=(ALIASED,)), said("conflict richmenu alias id")),
    Mistake("an alias of nothing", Ask(ALIASED.path, {"richMenuAliasId": "a", "richMenuId": "richmenu-0"}), said("richmenu not found")),
    Mistake("endpoint", Ask("/v2/bot/channel/webhook/endpoint", {"endpoint": "http://bot.example"}, "PUT"), said("Invalid webhook endpoint URL")),
    Mistake("wrong secret", post("/v2/oauth/accessToken", {**CLIENT, "client_secret": "x"}),
            Refused(400, {"error": "invalid_client", "error_description": "invalid client_secret"})),
    Mistake("no access token", post("/v2/oauth/verify", {"access_token": "x"}),
            Refused(400, {"error": "invalid_request", "error_description": "access_token invalid"})),
    *(
        Mistake(str(status), push(text(), after=(Event(name="api_error", data={"status": status}),)), Refused(status))
        for status in (400, 403, 423, 429, 500)
    ),
)  # fmt: skip
