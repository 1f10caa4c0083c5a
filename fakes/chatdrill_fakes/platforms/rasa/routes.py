"""What the bot says: in its answer, or to the callback's address."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill.model import Message, Sent
from chatdrill.wire import Call, Exchange, Fetch, Handled, HttpResponse, json_response
from chatdrill_fakes.platforms.rasa import limits, messages
from chatdrill_fakes.platforms.rasa.messages import Trouble, judge, link_in, parts_of
from chatdrill_fakes.platforms.rasa.state import RasaState
from chatdrill_fakes.platforms.rasa.webhooks import ANSWER, SUCCESS

CALLBACK = "/callback"
_REFUSED = {"/socket.io": "socket.io", "/conversations": "tracker"}
_FILE_MAX_BYTES = 20 * 1024 * 1024


def handle(state: RasaState, exchange: Exchange) -> Handled:
    """Answer a call. Never raises for anything a bot may send."""
    request = exchange.request
    first, _, rest = request.path_in_parts.removeprefix("/").partition("/")
    if exchange.source == "webhook_answer" and f"/{first}" == ANSWER:
        return _said(state, exchange, "answer", rest)
    if f"/{first}" == CALLBACK:
        return _called_back(state, exchange, rest)
    name = _REFUSED.get(f"/{first}", "")
    if name:
        text = f"chatdrill does not emulate {name}"
        return Handled(_refusal(501, text), Call(name, ok=False, error=text, support="refused"))
    text = f"there is nothing at {request.path[:100]}: a bot answers in its answer, or calls {CALLBACK}/..."
    call = Call(f"{request.method[:20]} {request.path[:80]}", ok=False, error=text, support="unknown")
    return Handled(_refusal(404, text), call)


def _called_back(state: RasaState, exchange: Exchange, token: str) -> Handled:
    if not hmac.compare_digest(token.encode(), state.token.encode()):
        text = "the address of the callback has another token"
        return Handled(_refusal(403, text), Call("callback", ok=False, error=text))
    if exchange.request.method.upper() != "POST":
        text = "a callback is a POST"
        return Handled(_refusal(405, text), Call("callback", ok=False, error=text))
    return _said(state, exchange, "callback", None)


def _said(state: RasaState, exchange: Exchange, name: str, sender: str | None) -> Handled:
    """What a bot says. In an answer everything is for whoever wrote; what is wrong with one message spoils the answer."""
    shown: Mapping[str, Any] = {"answer": exchange.request.body[:500].decode("utf-8", "replace")}
    about = sender
    try:
        said = _messages(exchange, many=sender is not None)
        about = _about(state, said) if sender is None else sender
        found = [judge(each, sender) for each in said]
        missing = tuple({link for each in found if (link := link_in(each)) and _is_unread(link, exchange)})
        if missing:
            return Handled(wait=Fetch(missing, limits.TIMEOUT_S, _FILE_MAX_BYTES))
        parts = [parts_of(state.blobs, each, exchange.fetched) for each in found]
        to = found[0]["recipient_id"] if found else sender
        if to not in state.chats:
            raise Trouble(f"nobody has the sender {str(to)[:80]!r}")
    except Trouble as trouble:
        call = Call(name, about, shown, ok=False, error=str(trouble))
        return Handled(_refusal(400, str(trouble)), call)
    chat = state.chats[to]
    at = chat.at(exchange.now)
    effects = []
    for each in parts:
        id = state.chance.hex(16)
        chat.messages[id] = Message(ids=(id,), author="bot", parts=each, at=at)
        effects.append(Sent(to=to, message=chat.messages[id]))
    note = _note(found)
    call = Call(name, to, {"messages": found}, note=note)
    return Handled(HttpResponse(200, (("Content-Type", "text/plain"),), SUCCESS), call, tuple(effects))


def _about(state: RasaState, said: list[Any]) -> str | None:
    """Whose a callback is, whatever else is wrong with it."""
    recipient = said[0].get("recipient_id") if said and isinstance(said[0], dict) else None
    return recipient if isinstance(recipient, str) and recipient in state.chats else None


def _is_unread(link: str, exchange: Exchange) -> bool:
    return link.startswith("http") and link not in exchange.fetched


def _note(found: list[Mapping[str, Any]]) -> str | None:
    unknown = sorted({str(name)[:40] for each in found for name in each if name not in messages.KNOWN})
    return f"not shown: {', '.join(unknown[:10])}" if unknown else None


def _messages(exchange: Exchange, *, many: bool) -> list[Any]:
    """A list, or lines; a callback has one message. Raises ``Trouble``."""
    body = exchange.request.body
    if len(body) > limits.ANSWER_MAX_BYTES:
        raise Trouble(f"more than {limits.ANSWER_MAX_BYTES} bytes")
    lines = [line for line in body.splitlines() if line.strip()]
    try:
        if many and exchange.request.content_type == "text/event-stream":
            return [msgspec.json.decode(line) for line in lines]
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        kind = "a list of messages, or the word success" if many else "one message"
        raise Trouble(f"no JSON: {str(error)[:100]}; what is due is {kind}") from None
    if not many:
        return [found]
    if not isinstance(found, list):
        raise Trouble(f"the answer of the REST channel is a list of messages, not {type(found).__name__}")
    return found


def _refusal(status: int, text: str) -> HttpResponse:
    return json_response({"status": "failure", "message": text, "code": status}, status=status)
