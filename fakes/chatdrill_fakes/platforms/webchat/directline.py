"""Direct Line 3.0: whoever shows the customer's side of a conversation is a client here, with a secret or a token.

The bot on the other side is told what a client says while the client waits, and what it does with it is the client's answer. A conversation
of a simulated customer can be read, too. Source: learn.microsoft.com, Direct Line API 3.0 reference and authentication (2025);
github.com/microsoft/BotFramework-DirectLineJS (2025). A choice: a second stream of a conversation closes the first one.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import msgspec

from chatdrill.model import Customer
from chatdrill.wire import Accept, Deliver, HttpResponse, Push, json_response, wants_socket
from chatdrill.wire.files import describe
from chatdrill_fakes.families.connector.errors import error
from chatdrill_fakes.platforms.webchat import acts, limits, streaming
from chatdrill_fakes.platforms.webchat.activities import Account, activity, read
from chatdrill_fakes.platforms.webchat.calls import Asked, Refused, Wanted, refuse
from chatdrill_fakes.platforms.webchat.state import Json, Spoken, WebChat, WebChatState

_PREFIX = "dl_"
_STREAM = "stream"


@dataclass(frozen=True)
class Pass:
    """What a token says: whose conversation, by which user (empty: whoever each activity is from), until when."""

    conversation: str
    user: str
    ends: int


class User(msgspec.Struct, frozen=True):
    """Who a site says that its visitor is."""

    id: str = ""
    name: str = ""


class Parameters(msgspec.Struct, frozen=True):
    """Of a token or a conversation."""

    user: User = User()


# ------------------------------------------------------------------------------------------------------------ tokens


def _token(state: WebChatState, conversation: str, user: str, ends: float, kind: str = "token") -> str:
    """Whoever holds the account can read it: nothing is kept."""
    words = f"{kind}~{conversation}~{user}~{int(ends)}"
    return f"{words.encode().hex()}.{_proof(state, words)}"


def _proof(state: WebChatState, words: str) -> str:
    return hmac.new(state.settings["directline_secret"].encode(), words.encode(), hashlib.sha256).hexdigest()


def _read_token(state: WebChatState, token: str, kind: str = "token") -> Pass | None:
    coded, _, proof = token.partition(".")
    try:
        words = bytes.fromhex(coded).decode()
    except ValueError:
        return None
    found = words.split("~")
    is_ours = hmac.compare_digest(proof.encode(), _proof(state, words).encode())
    return Pass(found[1], found[2], int(found[3])) if is_ours and found[0] == kind else None


def passed(asked: Asked) -> Pass | None:
    """The token that a client shows; ``None`` for the secret, which may do everything. Raises ``Refused``."""
    scheme, _, word = (asked.request.header("authorization") or "").partition(" ")
    if scheme != "Bearer" or not word:
        raise refuse(401, "Unauthorized", "Unauthorized")
    if hmac.compare_digest(word.encode(), asked.state.settings["directline_secret"].encode()):
        return None
    found = _read_token(asked.state, word)
    if found is None:
        raise refuse(403, "BadArgument", "Invalid token or secret")
    if found.ends <= asked.exchange.now:
        raise refuse(403, "TokenExpired", "Token has expired")
    return found


def _entered(asked: Asked) -> tuple[WebChat, Pass | None]:
    """The conversation of the path, which the token must be for."""
    shown = passed(asked)
    chat = asked.chat()
    if shown is not None and shown.conversation != chat.address:
        raise refuse(403, "Forbidden", "The token is for another conversation")
    return chat, shown


def _parameters(asked: Asked) -> User:
    user = read(dict(asked.values), Parameters).user
    if user.id and not user.id.startswith(_PREFIX):
        raise refuse(400, "BadArgument", "User IDs must begin with dl_")
    return user


def generate(asked: Asked) -> HttpResponse:
    """POST /v3/directline/tokens/generate: a token for a conversation that has not begun."""
    if passed(asked) is not None:
        raise refuse(403, "Forbidden", "A token cannot generate tokens")
    user = _parameters(asked)
    return _granted(asked, asked.state.chance.base64url(22), user.id)


def refresh(asked: Asked) -> HttpResponse:
    """POST /v3/directline/tokens/refresh, while the token is good."""
    shown = passed(asked)
    if shown is None:
        raise refuse(403, "BadArgument", "A secret needs no refreshing")
    return _granted(asked, shown.conversation, shown.user)


def _granted(asked: Asked, conversation: str, user: str) -> HttpResponse:
    ends = asked.exchange.now + limits.DIRECTLINE_TOKEN_S
    token = _token(asked.state, conversation, user, ends)
    return json_response({"conversationId": conversation, "token": token, "expires_in": limits.DIRECTLINE_TOKEN_S})


# ----------------------------------------------------------------------------------------------------- conversations


def start(asked: Asked) -> HttpResponse:
    """POST /v3/directline/conversations: 201 for a new one, 200 for one that was begun with this token."""
    shown, user = passed(asked), _parameters(asked)
    address = shown.conversation if shown else asked.state.chance.base64url(22)
    bound = (shown.user if shown else "") or user.id
    is_new = address not in asked.state.chats
    if is_new:
        _open(asked, address, bound, user.name)
    asked.to = address
    return _place(asked, asked.state.chats[address], bound, status=201 if is_new else 200)


def _open(asked: Asked, address: str, user: str, name: str) -> None:
    """A conversation of nobody in the drill; the bot is told of it as of any other."""
    state = asked.state
    id = user or f"{_PREFIX}{state.chance.hex(16)}"
    customer = Customer(key=f"directline {len(state.chats)}", first_name=name or id)
    chat = WebChat(address=address, customer=customer, user={"id": id, "name": name, "role": "user"})
    state.chats[address] = chat
    for update in acts.introduce(acts.Scene(state, chat, asked.exchange.now)):
        state.outbox.put(update)


def reconnect(asked: Asked) -> HttpResponse:
    """GET /v3/directline/conversations/{id}?watermark=: a new address for the stream."""
    chat, shown = _entered(asked)
    return _place(asked, chat, shown.user if shown else "", _watermark(asked))


def _place(asked: Asked, chat: WebChat, user: str, watermark: int = 0, status: int = 200) -> HttpResponse:
    state, now = asked.state, asked.exchange.now
    token = _token(state, chat.address, user, now + limits.DIRECTLINE_TOKEN_S)
    opens = _token(state, chat.address, user, now + limits.STREAM_OPENS_S, _STREAM)
    root = asked.base_url.replace("http", "ws", 1)
    stream = f"{root}/v3/directline/conversations/{chat.address}/stream?watermark={watermark or '-'}&t={opens}"
    told = {
        "conversationId": chat.address,
        "token": token,
        "expires_in": limits.DIRECTLINE_TOKEN_S,
        "streamUrl": stream,
    }
    return json_response(told, status=status)


def _watermark(asked: Asked) -> int:
    given = str(asked.values.get("watermark") or "-")
    if given in ("-", "null"):
        return 0
    if not given.isdecimal() or len(given) > 18:
        raise refuse(400, "BadArgument", "Invalid watermark")
    return int(given)


def activities(asked: Asked) -> HttpResponse:
    """GET .../activities?watermark=."""
    chat, _ = _entered(asked)
    return json_response(streaming.since(chat, _watermark(asked)))


def stream(asked: Asked) -> HttpResponse | None:
    """The WebSocket: what was said after the watermark, and whatever comes."""
    chat = asked.chat()
    shown = _read_token(asked.state, str(asked.values.get("t", "")), _STREAM)
    if shown is None or shown.conversation != chat.address or shown.ends < asked.exchange.now:
        raise refuse(403, "TokenExpired", "The stream URL has expired")
    if not wants_socket(asked.request):
        raise refuse(400, "BadArgument", "A stream is opened by a WebSocket")
    asked.pushes += [Push(socket, close=1000) for socket in chat.sockets]
    first = streaming.frame(chat, _watermark(asked))
    socket = f"{chat.address} {asked.state.chance.hex(16)}"
    chat.sockets = {socket: chat.logged}
    asked.accept = Accept(socket, says=(first,) if first else ())
    return None


def hung_up(state: WebChatState, socket: str) -> None:
    """A stream is closed."""
    chat = state.chats.get(socket.partition(" ")[0])
    if chat is not None:
        chat.sockets.pop(socket, None)


# ----------------------------------------------------------------------------------------------------------- saying


def say(asked: Asked) -> HttpResponse:
    """POST .../activities: the bot is told while the client waits."""
    if isinstance(asked.exchange.resumed, Deliver):
        return _taken(asked, asked.exchange.resumed)
    chat, shown = _entered(asked)
    given = dict(asked.values)
    if not isinstance(given.get("type"), str) or not given["type"]:
        raise refuse(400, "MissingProperty", "The 'Activity.Type' property is required")
    if not read(given.get("from") or {}, Account).id:
        raise refuse(400, "MissingProperty", "The 'Activity.From' field is required")
    raise _told(asked, chat, shown, given)


def _told(asked: Asked, chat: WebChat, shown: Pass | None, given: Json) -> Wanted | Refused:
    """The activity stands in the conversation before the bot has it, and stays there if it never does."""
    said = _activity(asked, chat, shown, given)
    chat.note(said)
    if not asked.state.webhook_url:
        return Refused(error(502, "BotError", "There is no bot"), "BotError: the drill has no address of a bot")
    at = chat.at(asked.exchange.now)
    update = Spoken(said["id"], said["type"], chat.address, chat.address, msgspec.json.encode(said), at)
    update.expires_at = at + limits.ACK_TIMEOUT_S
    return Wanted(Deliver((update,), limits.ACK_TIMEOUT_S))


def _activity(asked: Asked, chat: WebChat, shown: Pass | None, given: Json) -> Json:
    """What the service makes of a client's activity."""
    user = shown.user if shown is not None and shown.user else given["from"]["id"]
    sender = {**given["from"], "id": user, "role": "user"}
    said = activity(asked.state, chat, given["type"], chat.at(asked.exchange.now))
    taken = ("id", "timestamp", "serviceUrl", "channelId", "conversation", "recipient", "from")
    mode = {} if asked.state.mode == "normal" or said["type"] != "message" else {"deliveryMode": asked.state.mode}
    return {**said, "from": sender, **mode, **{name: value for name, value in given.items() if name not in taken}}


def _taken(asked: Asked, told: Deliver) -> HttpResponse:
    """What the bot's answer is to the client; raises ``Refused``."""
    chat, (update,) = asked.chat(), told.updates
    answer = update.answer if isinstance(update, Spoken) else None
    if isinstance(answer, HttpResponse):
        if not 200 <= answer.status < 300:
            raise _rejected("BotRejectedActivity", answer.status)
        asked.pushes += streaming.pushed(chat)
        return json_response({"id": update.id})
    if asked.exchange.timed_out or (answer is not None and answer.kind == "timeout"):
        raise Refused(error(504, "GatewayTimeout", "The bot did not answer in time"), "GatewayTimeout")
    raise _rejected("BotError", 0 if answer is None else answer.kind)


def _rejected(code: str, why: int | str) -> Refused:
    told: dict[str, Any] = {"code": code, "message": "Failed to send activity: bot returned an error"}
    if isinstance(why, int) and why:
        told["innerHttpError"] = {"statusCode": why, "body": {}}
    return Refused(json_response({"error": told}, status=502), f"{code}: {why or 'it was given up'}")


def upload(asked: Asked) -> HttpResponse:
    """POST .../upload?userId=: files, perhaps with the activity that they belong to."""
    if isinstance(asked.exchange.resumed, Deliver):
        return _taken(asked, asked.exchange.resumed)
    chat, shown = _entered(asked)
    user = str(asked.values.get("userId") or (shown.user if shown else ""))
    if not user:
        raise refuse(400, "MissingProperty", "The 'userId' parameter is required")
    if len(asked.request.body) > limits.UPLOAD_MAX_BYTES:
        raise refuse(413, "MessageSizeTooBig", "The upload is larger than 4 MB")
    given = _described(asked, user)
    attachments = [_attached(asked, *file) for file in _files(asked)]
    if not attachments:
        raise refuse(400, "BadArgument", "There is no file")
    raise _told(asked, chat, shown, {**given, "attachments": attachments})


def _described(asked: Asked, user: str) -> Json:
    text = asked.values.get("activity") if asked.arguments.encoding == "multipart" else None
    try:
        given = msgspec.json.decode(text) if isinstance(text, str) else {}
    except (msgspec.DecodeError, RecursionError):
        raise refuse(400, "BadSyntax", "The activity is not JSON") from None
    if not isinstance(given, dict) or not isinstance(given.get("from") or {}, dict):
        raise refuse(400, "BadSyntax", "The activity is not an object")
    return {"type": "message", "text": "", **given, "from": {**(given.get("from") or {}), "id": user}}


def _files(asked: Asked) -> list[tuple[str, str, bytes]]:
    if asked.arguments.encoding == "multipart":
        return [(each.filename, each.content_type, each.content) for each in asked.arguments.files.values()]
    if not asked.request.body:
        return []
    words = (asked.request.header("content-disposition") or "").partition("filename=")[2]
    name = unquote(words.partition(";")[0].strip(' "')) or "file"
    return [(name, asked.request.content_type or "application/octet-stream", asked.request.body)]


def _attached(asked: Asked, name: str, mime: str, content: bytes) -> Json:
    file = describe(content, asked.state.blobs, name=name, mime=mime)
    return {"contentType": mime or file.mime, "contentUrl": asked.state.link(asked.state.keep(file)), "name": name}
