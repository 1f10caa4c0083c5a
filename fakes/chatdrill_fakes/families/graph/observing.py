"""What a call did at Messenger or Instagram: the shadow account reads the request, the vendor's answer names the message."""

from __future__ import annotations

from typing import Any

import msgspec

from chatdrill.model import Message, Write
from chatdrill.wire import Call, Exchange, HttpRequest, HttpResponse, Platform, read_arguments
from chatdrill.wire.reading import Observed, Said, answered_object, observed_by_handling, or_raw, refused
from chatdrill_fakes.families.meta import GraphPath

from .state import GraphChat, GraphState

_SECRET = frozenset(("access_token", "appsecret_proof"))
_STAND_IN = "https://media.invalid/"
"""Attachments that were uploaded to the vendor are known by an id; the shadow takes a link of this kind on trust (RFC 2606)."""


def heard(state: GraphState[Any], chat: GraphChat, said: Said, now: float) -> None:
    """Let an act have happened in a chat of the shadow."""
    chat.hear(now)
    state.engaged.add(chat.address)
    for id in said.ids:
        state.mids[id] = chat.address
        parts = said.act.parts if isinstance(said.act, Write) else ()
        chat.keep(Message(ids=(id,), author="customer", parts=parts, at=now), {"mid": id})


def observe(platform: Platform[Any], state: GraphState[Any], exchange: Exchange, response: HttpResponse) -> Observed:
    """What a call did that the vendor answered."""
    request = exchange.request
    segments = GraphPath.read(request.path).segments
    arguments = read_arguments(request)
    values = {key: _opened(value) for key, value in arguments.values.items() if key not in _SECRET}
    if request.method.upper() != "POST" or segments[-1:] != ("messages",):
        call = Call(f"{request.method} /{'/'.join(segments)}", arguments=values, ok=response.status < 400)
        return Observed(call=call) if response.status < 400 else refused(call, _error(response))
    recipient = values.get("recipient")
    to = str(recipient.get("id") or "") if isinstance(recipient, dict) else ""
    call = Call(f"POST /{{page-id}}/messages {values.get('sender_action') or 'message'}", to or None, values)
    if response.status >= 400:
        return refused(call, _error(response))
    answer = answered_object(response)
    ids = (str(answer["message_id"]),) if answer.get("message_id") else ()
    to = to or str(answer.get("recipient_id") or "")
    seen = observed_by_handling(
        platform, state, exchange, _for_shadow(state, request, values, bool(arguments.files)), ids
    )
    return or_raw(seen, call, to or None, ids, "message", exchange.now) if ids else seen


def _opened(value: Any) -> Any:
    """An argument that is JSON in a string, as forms have it."""
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError):
        return value


def _for_shadow(state: GraphState[Any], request: HttpRequest, values: dict[str, Any], has_files: bool) -> HttpRequest:
    """The call as the shadow's account would get it."""
    url = f"/me/messages?access_token={state.page_token}"
    if has_files:
        headers = tuple(each for each in request.headers if each[0].lower() == "content-type")
        return HttpRequest("POST", url, headers, request.body, request.came_at)
    body = msgspec.json.encode(_linked(values))
    return HttpRequest("POST", url, (("Content-Type", "application/json"),), body, request.came_at)


def _linked(values: dict[str, Any]) -> dict[str, Any]:
    message = _inner(values, "message")
    attachment = _inner(message, "attachment")
    payload = _inner(attachment, "payload")
    if "attachment_id" not in payload:
        return values
    made = {**attachment, "payload": {"url": f"{_STAND_IN}{payload['attachment_id']}"}}
    return {**values, "message": {**message, "attachment": made}}


def _inner(value: dict[str, Any], name: str) -> dict[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _error(response: HttpResponse) -> str:
    error = answered_object(response).get("error")
    return str(error.get("message")) if isinstance(error, dict) else f"status {response.status}"
