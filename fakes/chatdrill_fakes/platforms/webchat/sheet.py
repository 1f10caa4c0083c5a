"""What the reference of the Bot Connector and of Direct Line says, as examples: what the conformance kit holds this fake to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill.model import (
    Button,
    Customer,
    Delete,
    Edit,
    Event,
    Form,
    Media,
    Press,
    React,
    Start,
    Text,
    Typing,
    Write,
)
from chatdrill.model.parts import File, MediaKind
from chatdrill.wire import HttpRequest
from chatdrill.wire.sheets import Ask, Bound, Golden, Happens, Mistake, Refused, Sheet, Step
from chatdrill_fakes.families.connector import tokens
from chatdrill_fakes.platforms.webchat import events, limits

_ONE = "/v3/conversations/{to}"
_SAY = f"{_ONE}/activities"
_LINE = "/v3/directline/conversations"
_SECRET = (("Authorization", "Bearer {directline_secret}"),)
_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
_EDITABLE = {"channel_id": "msteams"}
_PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="  # one grey pixel
)


def believes(environment: Mapping[str, str], request: HttpRequest, now: float) -> bool:
    """The token's signature, issuer, audience, dates and address; of the body only the channel is looked at."""
    scheme, _, word = (request.header("Authorization") or "").partition(" ")
    claims = tokens.read(word) if scheme == "Bearer" else None
    if claims is None:
        return False
    right = (tokens.ISSUER, environment["MicrosoftAppId"], environment["WEBCHAT_SERVICE_URL"])
    is_on_time = bool(claims["nbf"] - limits.SKEW_S <= now <= claims["exp"] + limits.SKEW_S)
    return is_on_time and (claims["iss"], claims["aud"], claims["serviceurl"]) == right


def say(after: tuple[Step, ...] = (), settings: Mapping[str, str] | None = None, **fields: Any) -> Ask:
    """An activity of the bot's."""
    return Ask(_SAY, {"type": "message", **fields}, after=after, settings=settings or {})


def _file(kind: MediaKind, name: str = "") -> Write:
    return Write(parts=(Media(kind=kind, file=File(name=name or f"a.{kind}")),))


def _words(text: str) -> Write:
    return Write(parts=(Text(text=text),))


# ---------------------------------------------------------------------------------------------------------- activities

_BOT = {"id": "stepwell@chatdrill", "name": "Stepwell Shoes", "role": "bot"}
_USER = {"id": "<0>", "name": "Anna Nowak", "role": "user"}
_SPEC = "github.com/microsoft/botframework-sdk, specs/botframework-activity"
_RECORDED = "BotFramework-Emulator, recorded activities"


def _told(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "type": kind, "id": "<1>", "timestamp": "2026-11-20T22:00:00.0000000Z", "localTimestamp": "2026-11-20T22:00:00.000+00:00",
        "serviceUrl": "http://127.0.0.1:8080/webchat/", "channelId": "webchat", "from": _USER, "conversation": {"id": "<2>"},
        "recipient": _BOT, **more,
    }  # fmt: skip


def _message(text: str | None, data: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    words = {} if text is None else {"text": text}
    after = {
        "entities": [
            {"type": "ClientCapabilities", "requiresBotState": True, "supportsListening": True, "supportsTts": True}
        ]
    }
    ends = {"channelData": {"clientActivityID": "<3>", **(data or {})}}
    before = {name: more.pop(name) for name in ("attachments",) if name in more}
    return _told("message", textFormat="plain", locale="de-DE", **words, **before, **after, **ends, **more)


_HERO = {"contentType": "application/vnd.microsoft.card.hero", "content": {"buttons": [
    {"type": "postBack", "title": "Yes", "value": "yes"}, {"type": "imBack", "title": "No", "value": "no"},
    {"type": "messageBack", "title": "Later", "text": "later", "displayText": "Not now", "value": {"n": 1}}]}}  # fmt: skip
_OFFERED = say(text="Agreed?", attachments=[_HERO])


def _pressed(title: str, payload: str, kind: Any = "callback") -> Happens:
    return Happens(
        Press(button=Button(title=title, kind=kind, payload=payload), message_id="{sent}"), after=(_OFFERED,)
    )


_EDITED = Edit(message_id="{mine}", parts=(Text(text="Where is my parcel?"),))
_SPOKEN = _words("Where is my order?")
_PICTURE = {"contentType": "image/png", "contentUrl": "<4>", "name": "a.photo"}
GOLDEN = (
    Golden("message", _SPOKEN, _message("Where is my order?"), _SPEC, "2025-12"),
    Golden("cyrillic", _words("Где мой заказ?"), _message("Где мой заказ?"), _SPEC, "2025-12"),
    Golden("a file", _file("photo"), _message("", attachments=[_PICTURE]), _SPEC, "2025-12"),
    Golden("join", Start(payload="ord_553"),
           _told("event", name="webchat/join", locale="de-DE", value={"language": "de-DE", "ref": "ord_553"}), "BotFramework-WebChat, samples", "2025-12"),
    Golden("typing", Typing(), _told("typing"), _SPEC, "2025-12"),
    Golden("postBack", _pressed("Yes", "yes"), _message("yes", {"postBack": True}), "BotFramework-WebChat, postBack", "2025-12"),
    Golden("imBack", _pressed("No", "no", "reply"), _message("no"), "BotFramework-WebChat, imBack", "2025-12"),
    Golden("messageBack", _pressed("Later", '{"n":1}', "postback"), _message("later", {"messageBack": True}, value={"n": 1}), "BotFramework-WebChat, messageBack", "2025-12", shape=True),
    Golden("a form", Write(parts=(Form(name="size", values={"size": "42"}),)), _message(None, {"postBack": True}, value={"size": "42"}), "adaptivecards.io, Action.Submit", "2025"),
    Golden("edit", Happens(_EDITED, after=(_SPOKEN,)), _told("messageUpdate", textFormat="plain", locale="de-DE", text="Where is my parcel?"), _SPEC, "2025-12"),
    Golden("delete", Happens(Delete(message_id="{mine}"), after=(_SPOKEN,)), _told("messageDelete"), _SPEC, "2025-12"),
    Golden("reaction", Happens(React(message_id="{sent}", emoji="👍"), after=(say(text="Hi"),)),
           _told("messageReaction", replyToId="<1>", reactionsAdded=[{"type": "like"}]), _SPEC, "2025-12"),
    Golden("who is here", Event(name="conversationUpdate"), _told("conversationUpdate", membersAdded=[_BOT, _USER]), _RECORDED, "2025-12"),
    Golden("the end", Event(name="endOfConversation"), _told("endOfConversation", code="userCancelled"), _SPEC, "2025-12"),
    Golden("expecting replies", _words("Hi"), _message("Hi", deliveryMode="expectReplies"), _SPEC, "2025-12", settings={"delivery_mode": "expectReplies"}),
)  # fmt: skip
DRAWN = (
    r"^dl_[0-9a-f]{16}$|^<0>$",
    r"^[\w-]{22}\|\d{7}$|^<1>$",
    r"^[\w-]{22}$|^<2>$",
    r"^[0-9a-f]{16}$|^<3>$",
    r"^https?://\S+\?t=\w+$|^<4>$",
)

# ------------------------------------------------------------------------------------------------------------- calls

_SENT = say(text="Hello")
_CARDS = [
    {"contentType": "application/vnd.microsoft.card.hero",
     "content": {"title": "Runner", "subtitle": "42", "text": "In stock", "images": [{"url": "https://a.test/p.png"}],
                 "buttons": [{"type": "imBack", "title": "Buy", "value": "buy"}, {"type": "openUrl", "title": "See", "value": "https://a.test/"}]}},
    {"contentType": "application/vnd.microsoft.card.adaptive",
     "content": {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Your size"}, {"type": "Input.Number", "id": "size"}],
                 "actions": [{"type": "Action.Submit", "title": "Send", "data": {"form": "size"}}, {"type": "Action.OpenUrl", "title": "Help", "url": "https://a.test/"}]}},
    {"contentType": "application/vnd.microsoft.card.receipt",
     "content": {"title": "Receipt", "items": [{"title": "Runner", "price": "89.90", "quantity": "1"}], "total": "89.90"}},
    {"contentType": "application/vnd.microsoft.card.video", "content": {"title": "How to", "media": [{"url": "https://a.test/v.mp4"}]}},
    {"contentType": "application/vnd.example.map", "content": {"at": "Vienna"}},
]  # fmt: skip
_CHIPS = {"to": ["dl_anna"], "actions": [{"type": "imBack", "title": "Status", "value": "status"}]}
_KEPT = Ask(
    f"{_ONE}/attachments",
    {"type": "image/png", "name": "a.png", "originalBase64": _PNG, "thumbnailBase64": _PNG},
    keeps={"kept": "id"},
)
_TOKEN = {
    "grant_type": "client_credentials",
    "client_id": "{app_id}",
    "client_secret": "{app_password}",
    "scope": "https://api.botframework.com/.default",
}
_LOGIN = "/botframework.com/oauth2/v2.0/token"
_BEGUN = Ask(_LINE, {"user": {"id": "dl_eva", "name": "Eva"}}, headers=_SECRET,
             keeps={"line": "conversationId", "pass": "token"})  # fmt: skip
_BY_TOKEN = (("Authorization", "Bearer {pass}"),)
_SPEAKS = {"type": "message", "from": {"id": "dl_eva"}, "text": "Hi"}


def _with_file(kind: str, ending: str) -> Ask:
    return say(attachments=[{"contentType": kind, "contentUrl": f"https://a.test/x.{ending}", "name": f"x.{ending}"}])


EXAMPLES = (
    _SENT,
    say(text="What next?", suggestedActions=_CHIPS),
    _OFFERED,
    say(attachments=_CARDS, attachmentLayout="carousel"),
    *(_with_file(*each) for each in (("image/png", "png"), ("image/gif", "gif"), ("video/mp4", "mp4"), ("audio/mpeg", "mp3"), ("application/pdf", "pdf"))),
    say(attachments=[{"contentType": "image/png", "contentUrl": f"data:image/png;base64,{_PNG}"}]),
    say(attachments=[{"contentType": "image/png", "contentUrl": "{base}/v3/attachments/{kept}/views/original"}], after=(_KEPT,)),
    Ask(_SAY, {"type": "typing"}),
    Ask(_SAY, {"type": "messageReaction", "replyToId": "{mine}", "reactionsAdded": [{"type": "like"}]}),
    Ask(_SAY, {"type": "event", "name": "handoff.initiate", "value": {"Skill": "orders"}}),
    *(Ask(_SAY, {"type": kind, "name": "x"}) for kind in ("endOfConversation", "trace", "handoff", "command", "commandResult")),
    Ask(f"{_SAY}/{{mine}}", {"type": "message", "text": "It is on its way", "replyToId": "{mine}"}),
    Ask(f"{_SAY}/{{sent}}", {"type": "message", "text": "Hello!"}, method="PUT", settings=_EDITABLE),
    Ask(f"{_SAY}/{{sent}}", method="DELETE", settings=_EDITABLE),
    Ask(f"{_SAY}/{{mine}}/members", method="GET"),
    Ask("/v3/conversations", {"isGroup": False, "bot": {"id": "{bot_id}"}, "members": [{"id": "{user}"}], "activity": {"type": "message", "text": "Hi again"}},
        settings=_EDITABLE, after=(Ask(f"{_ONE}/members", method="GET", keeps={"user": "0.id"}),)),
    Ask("/v3/conversations", method="GET"),
    Ask(f"{_ONE}/members", method="GET"),
    Ask(f"{_ONE}/members/{{bot_id}}", method="GET"),
    Ask(f"{_ONE}/pagedmembers?pageSize=1", method="GET"),
    _KEPT,
    Ask("/v3/attachments/{kept}", method="GET", after=(_KEPT,)),
    Ask("/v3/attachments/{kept}/views/thumbnail", method="GET", after=(_KEPT,)),
    Ask(_LOGIN, _TOKEN, headers=_FORM),
    Ask("/botframework.com/v2.0/.well-known/openid-configuration", method="GET", headers=()),
    Ask("/common/discovery/instance", method="GET", headers=()),
    Ask("/v1/.well-known/openidconfiguration", method="GET", headers=()),
    Ask("/v1/.well-known/keys", method="GET", headers=()),
    Ask("/v3/directline/tokens/generate", {"user": {"id": "dl_eva"}}, headers=_SECRET),
    Ask("/v3/directline/tokens/refresh", headers=_BY_TOKEN, after=(_BEGUN,)),
    _BEGUN,
    Ask(f"{_LINE}/{{line}}?watermark=1", method="GET", headers=_BY_TOKEN, after=(_BEGUN,)),
    Ask(f"{_LINE}/{{line}}/activities", _SPEAKS, headers=_BY_TOKEN, after=(_BEGUN,)),
    Ask(f"{_LINE}/{{to}}/activities?watermark=0", method="GET", headers=_SECRET),
    Ask(f"{_LINE}/{{line}}/upload?userId=dl_eva", {"activity": {"type": "message", "from": {"id": "dl_eva"}, "text": "See"}},
        files={"file": ("a.png", "photo")}, headers=_BY_TOKEN, after=(_BEGUN,)),
    Ask("", answers='{"activities":[{"type":"message","text":"Hello"},{"type":"typing"}]}', headers=(("Content-Type", "application/json"),),
        after=(Happens(_SPOKEN),), settings={"delivery_mode": "expectReplies"}),
)  # fmt: skip


def _error(status: int, code: str, headers: Mapping[str, str] | None = None) -> Refused:
    return Refused(status, {"error": {"code": code}}, headers or {})


def _login(status: int, word: str) -> Refused:
    return Refused(status, {"error": word})


_MET = tuple((status, code) for status, codes in events.ERRORS.items() for code in codes)
ERRORS = (
    Mistake("no token", Ask(_SAY, {"type": "message", "text": "x"}, headers=()), _error(401, "Unauthorized")),
    Mistake("a wrong token", Ask(_SAY, {"type": "message", "text": "x"}, headers=(("Authorization", "Bearer eyJ.1.x"),)), _error(401, "Unauthorized")),
    Mistake("an unknown conversation", Ask("/v3/conversations/nobody/activities", {"type": "message", "text": "x"}), _error(404, "ConversationNotFound")),
    Mistake("no type", Ask(_SAY, {"text": "x"}), _error(400, "MissingProperty")),
    Mistake("a text that is none", Ask(_SAY, {"type": "message", "text": 5}), _error(400, "BadArgument")),
    Mistake("not JSON", Ask(_SAY, b"text"), _error(400, "BadSyntax")),
    Mistake("what only channels send", Ask(_SAY, {"type": "invoke"}), _error(400, "BadArgument")),
    Mistake("an attachment of no type", say(attachments=[{"contentUrl": "https://a.test/p.png"}]), _error(400, "MissingProperty")),
    Mistake("an attachment with nothing in it", say(attachments=[{"contentType": "image/png"}]), _error(400, "MissingProperty")),
    Mistake("a relative link", say(attachments=[{"contentType": "image/png", "contentUrl": "/p.png"}]), _error(400, "BadArgument")),
    Mistake("a button that does nothing", say(text="x", suggestedActions={"actions": [{"title": "x"}]}), _error(400, "MissingProperty")),
    Mistake("a button that nobody knows", say(text="x", suggestedActions={"actions": [{"type": "dance", "title": "x"}]}), _error(400, "BadArgument")),
    Mistake("a change in a web chat", Ask(f"{_SAY}/{{sent}}", {"type": "message", "text": "x"}, method="PUT"), _error(405, "BadArgument")),
    Mistake("a deletion in a web chat", Ask(f"{_SAY}/{{sent}}", method="DELETE"), _error(405, "BadArgument")),
    Mistake("a change of the customer's words", Ask(f"{_SAY}/{{mine}}", {"type": "message", "text": "x"}, method="PUT"), _error(403, "Forbidden"), settings=_EDITABLE),
    Mistake("a change of nothing", Ask(f"{_SAY}/1|2", {"type": "message", "text": "x"}, method="PUT"), _error(404, "NotFound"), settings=_EDITABLE),
    Mistake("a beginning in a web chat", Ask("/v3/conversations", {"members": [{"id": "dl_x"}]}), _error(403, "Forbidden")),
    Mistake("a beginning with nobody", Ask("/v3/conversations", {"members": []}), _error(400, "BadArgument"), settings=_EDITABLE),
    Mistake("a beginning with a stranger", Ask("/v3/conversations", {"members": [{"id": "dl_x"}]}), _error(403, "BotNotInConversationRoster"), settings=_EDITABLE),
    Mistake("a stranger", Ask(f"{_ONE}/members/dl_x", method="GET"), _error(404, "NotFound")),
    Mistake("odd base64", Ask(f"{_ONE}/attachments", {"originalBase64": "?"}), _error(400, "BadArgument")),
    Mistake("no file", Ask(f"{_ONE}/attachments", {"name": "x"}), _error(400, "MissingProperty")),
    Mistake("an unknown file", Ask("/v3/attachments/0", method="GET"), _error(404, "NotFound")),
    Mistake("a wrong password", Ask(_LOGIN, {**_TOKEN, "client_secret": "x"}, headers=_FORM), _login(401, "invalid_client")),
    Mistake("an unknown app", Ask(_LOGIN, {**_TOKEN, "client_id": "x"}, headers=_FORM), _login(400, "unauthorized_client")),
    Mistake("another grant", Ask(_LOGIN, {**_TOKEN, "grant_type": "x"}, headers=_FORM), _login(400, "unsupported_grant_type")),
    Mistake("Direct Line: no token", Ask(_LINE, {}, headers=()), _error(401, "Unauthorized")),
    Mistake("Direct Line: a wrong token", Ask(_LINE, {}, headers=(("Authorization", "Bearer x"),)), _error(403, "BadArgument")),
    Mistake("Direct Line: an old token", Ask("/v3/directline/tokens/refresh", headers=_BY_TOKEN, after=(_BEGUN,), wait_s=3600), _error(403, "TokenExpired")),
    Mistake("Direct Line: another's conversation", Ask(f"{_LINE}/{{to}}/activities", method="GET", headers=_BY_TOKEN, after=(_BEGUN,)), _error(403, "Forbidden")),
    Mistake("Direct Line: no conversation", Ask(f"{_LINE}/nobody", method="GET", headers=_SECRET), _error(404, "ConversationNotFound")),
    Mistake("Direct Line: no type", Ask(f"{_LINE}/{{to}}/activities", {"from": {"id": "dl_x"}}, headers=_SECRET), _error(400, "MissingProperty")),
    Mistake("Direct Line: from nobody", Ask(f"{_LINE}/{{to}}/activities", {"type": "message"}, headers=_SECRET), _error(400, "MissingProperty")),
    Mistake("Direct Line: an odd user", Ask(_LINE, {"user": {"id": "eva"}}, headers=_SECRET), _error(400, "BadArgument")),
    Mistake("Direct Line: an odd watermark", Ask(f"{_LINE}/{{to}}?watermark=x", method="GET", headers=_SECRET), _error(400, "BadArgument")),
    *(Mistake(f"{status} {code}", say(text="x", after=(Event(name="api_error", data={"status": status, "code": code}),)),
              _error(status, code, {"Retry-After": "1"} if status == 429 else {})) for status, code in _MET),
)  # fmt: skip
_AROUND = len(msgspec.json.encode({"type": "message", "text": ""}))
BOUNDS = (Bound("activity", say(), _error(413, "MessageSizeTooBig"), "text", "x", fixed=_AROUND),)
UNTRIED = {
    "attachment": "is about the file behind the base64: tests/webchat/test_sending.py",
    "members.page": "there are two members: nobody can ask for more",
    "token.skew": "is the bot's to allow",
    "stream.opens": "is about a WebSocket: tests/webchat/test_directline.py",
}

SHEET = Sheet(
    headers=(("Authorization", "Bearer {token}"),),
    says=say(text="{text}"),
    believes=believes,
    now=1_795_212_000.0,
    customer=Customer(key="anna", first_name="Anna", last_name="Nowak", locale="de_DE"),
    opening=(Start(),),
    golden=GOLDEN,
    drawn=DRAWN,
    examples=EXAMPLES,
    refused=(
        Ask(f"{_SAY}/history", {"activities": []}),
        Ask(f"{_ONE}/members/x", method="DELETE"),
        Ask("/v3/directline/session/getsessionid", method="GET", headers=_SECRET),
    ),
    errors=ERRORS,
    bounds=BOUNDS,
    untried=UNTRIED,
    silent={"api_error": "the next call meets it", "token_revoked": "the next call meets it"},
    file_key="contentUrl",
    file_asks=(Ask("{file}", method="GET", headers=()),),
    stale_after_s=float(limits.TOKEN_LIFE_S + limits.SKEW_S),
)
