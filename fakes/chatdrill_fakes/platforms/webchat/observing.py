"""What a call did at the connector: the activity as the call has it, with the id of the service's answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import structs

from chatdrill.model import Activity as Doing
from chatdrill.model import Customer, Deleted, Edited, Effect, Message, Other, Part, Press, Reacted, Sent, Write
from chatdrill.wire import Arguments, Call, Exchange, Fetched, HttpRequest, HttpResponse, read_arguments
from chatdrill.wire.reading import (
    MALFORMED,
    Observed,
    Said,
    answered_object,
    pressed_in,
    refused,
    remember,
    unread_parts,
)
from chatdrill_fakes.platforms.webchat import sending
from chatdrill_fakes.platforms.webchat.activities import Activity, read_activity
from chatdrill_fakes.platforms.webchat.calls import Asked, Refused, Wanted
from chatdrill_fakes.platforms.webchat.routes import HIDDEN, find
from chatdrill_fakes.platforms.webchat.state import Json, WebChat, WebChatState

_VERSION = "/v3/"
"""Where the paths of the connector begin: behind whatever ``serviceUrl`` has."""


def meet(state: WebChatState, said: Said, customer: Customer, now: float) -> None:
    """Make a conversation of the vendor's known."""
    if said.to is None:
        return
    chat = state.chats.get(said.to)
    if chat is None:
        user = {"id": said.tokens.get("user", ""), "name": customer.name, "role": "user"}
        chat = state.chats[said.to] = WebChat(address=said.to, customer=customer, user=user)
    if isinstance(said.act, Write | Press):
        chat.opened, chat.last_customer_at = True, now
    if isinstance(said.act, Write):
        remember(chat, said, said.act.parts, now)


def pressed(state: WebChatState, to: str, payload: str) -> Press | None:
    """The button of a conversation with this payload."""
    return pressed_in(state.chats.get(to), lambda one: one.payload == payload and one.kind in ("callback", "postback"))


def shown(state: WebChatState, activity: Mapping[str, Any], now: float = 0.0) -> tuple[Part, ...]:
    """What a message of the bot's shows, which the service has taken; what is known to nobody here stands as it is."""
    given = activity.get("attachments")
    links = [one.get("contentUrl") for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    trusted = {url: Fetched(error="unreachable") for url in links if isinstance(url, str)}
    exchange = Exchange(HttpRequest("POST", "/"), now, fetched=trusted)
    try:
        parts = sending.shown(Asked(state, exchange, Arguments(), {}), read_activity(dict(activity)), {})
    except (Refused, Wanted, RecursionError, msgspec.MsgspecError, *MALFORMED):
        return (Other(kind=str(activity.get("type")), data=dict(activity)),)
    return parts


def observe(state: WebChatState, exchange: Exchange, response: HttpResponse) -> Observed:
    """What a call did that the service answered."""
    request = exchange.request
    path = request.path_in_parts
    found = find(request.method, path[max(path.find(_VERSION), 0) :])
    if found is None:
        return Observed()
    (route, params), given = found, read_arguments(request).values
    values = {name: value for name, value in given.items() if name not in HIDDEN}
    observer, answer = _OBSERVERS.get(route.handler), answered_object(response)
    call = Call(route.name, params.get("conversation"), values, support=route.support)
    if response.status >= 400:
        return refused(call, _error(answer, response.status))
    if observer is None:
        return Observed(call=call)
    id = str(answer.get("id") or params.get("activity") or state.chance.hex(16))
    try:
        return observer(state, call, params, {**answer, "id": id}, exchange.now)
    except (Refused, *MALFORMED) as error:
        return Observed(call=call, unread=f"the activity is without {error}")


def _error(answer: Mapping[str, Any], status: int) -> str:
    error = answer.get("error")
    return f"{error.get('code')}: {error.get('message')}" if isinstance(error, dict) else f"status {status}"


def _received(state: WebChatState, call: Call, _params: Mapping[str, str], answer: Json, now: float) -> Observed:
    return _told(state, call, call.arguments, str(answer["id"]), now)


def _told(state: WebChatState, call: Call, values: Mapping[str, Any], id: str, now: float) -> Observed:
    """An activity of the bot's in a conversation."""
    activity, to = read_activity(dict(values)), str(call.to)
    effects, parts = _effects(state, to, activity, values, id, now)
    label = activity.type if activity.type in _SAID else "other"
    return Observed(
        call=structs.replace(call, method=f"{call.method} {label}"), effects=effects, unread=unread_parts(parts)
    )


_SAID = frozenset(
    (
        "message",
        "typing",
        "messageReaction",
        "event",
        "endOfConversation",
        "trace",
        "handoff",
        "command",
        "commandResult",
    )
)


def _effects(
    state: WebChatState, to: str, activity: Activity, values: Mapping[str, Any], id: str, now: float
) -> tuple[tuple[Effect, ...], tuple[Part, ...]]:
    if activity.type == "typing":
        return (Doing(to=to, action="typing"),), ()
    if activity.type == "messageReaction":
        added, of = activity.reactions_added or (), activity.reply_to_id or ""
        return (Reacted(to=to, message_id=of, emoji=added[-1].type if added else None),), ()
    parts = shown(state, values, now) if activity.type == "message" else ()
    if not parts:
        return (), ()
    message = Message(ids=(id,), author="bot", parts=parts, at=now, reply_to=activity.reply_to_id)
    if to in state.chats:
        state.chats[to].messages[id] = message
    return (Sent(to=to, message=message),), parts


def _changed(state: WebChatState, call: Call, params: Mapping[str, str], _answer: Json, now: float) -> Observed:
    to, id = str(call.to), params["activity"]
    parts = shown(state, call.arguments, now)
    chat = state.chats.get(to)
    known = chat.messages.get(id) if chat is not None else None
    first = known or Message(ids=(id,), author="bot", parts=parts, at=now)
    message = structs.replace(first, parts=parts, edited_at=now)
    if chat is not None:
        chat.messages[id] = message
    return Observed(call=call, effects=(Edited(to=to, message=message),), unread=unread_parts(parts))


def _removed(state: WebChatState, call: Call, params: Mapping[str, str], _answer: Json, _now: float) -> Observed:
    to, id = str(call.to), params["activity"]
    if to in state.chats:
        state.chats[to].messages.pop(id, None)
    return Observed(call=call, effects=(Deleted(to=to, message_ids=(id,)),))


def _begun(state: WebChatState, call: Call, _params: Mapping[str, str], answer: Json, now: float) -> Observed:
    """A conversation of the bot's own, perhaps with its first words."""
    call = structs.replace(call, to=answer["id"])
    activity = call.arguments.get("activity")
    if not isinstance(activity, dict):
        return Observed(call=call)
    seen = _told(state, call, activity, str(answer.get("activityId") or answer["id"]), now)
    return structs.replace(seen, call=call)


Observer = Callable[[WebChatState, Call, Mapping[str, str], Json, float], Observed]
_OBSERVERS: Mapping[Any, Observer] = {
    sending.receive: _received,
    sending.change: _changed,
    sending.remove: _removed,
    sending.begin: _begun,
}
