"""Socket Mode: envelopes over WebSockets that the bot opens, each acknowledged by its id.

Source: docs.slack.dev, Using Socket Mode (2026-08). What the eleventh connection is told is not documented.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import msgspec

from chatdrill.wire import (
    Accept,
    Call,
    Exchange,
    Handled,
    Heard,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    SocketMessage,
    Update,
    wants_socket,
)
from chatdrill_fakes.platforms.slack import ids, limits
from chatdrill_fakes.platforms.slack.account import LINK
from chatdrill_fakes.platforms.slack.objects import body_of
from chatdrill_fakes.platforms.slack.state import Json, SlackState

_NORMAL = 1000
_HOST = {"host": "applink-1"}
_WITH_ANSWER = ("view_submission", "block_suggestion", "slash_command")
_JSON = (("Content-Type", "application/json"),)
_IDS_MAX = 200  # characters of an envelope's id; whatever is longer is none


def is_link(path: str) -> bool:
    """True for the address of WebSockets."""
    return path.rstrip("/") == LINK


def open_link(state: SlackState, exchange: Exchange) -> Handled:
    """Answer a handshake: hello, or why not."""
    if not wants_socket(exchange.request):
        error = "this address is for WebSockets"
        return Handled(
            HttpResponse(426, (("Upgrade", "websocket"),), error.encode()), Call("link", ok=False, error=error)
        )
    until = state.tickets.pop(dict(exchange.request.query).get("ticket", ""), None)
    if until is None or exchange.now > until:
        error = "the ticket is unknown, used, or too old: call apps.connections.open again"
        return Handled(HttpResponse(403, (), error.encode()), Call("link", ok=False, error=error))
    name = ids.drawn(state.chance, "WS")
    reason = _refusal(state)
    if reason is not None:
        said = body_of({"type": "disconnect", "reason": reason, "debug_info": _HOST}).decode()
        return Handled(None, Call("link", ok=False, error=reason), accept=Accept(name, (said,), close=_NORMAL))
    state.sockets.append(name)
    state.webhook_url = f"{state.known_url.replace('http', 'ws', 1)}{LINK}"
    state.outbox.changed()
    return Handled(None, Call("link"), accept=Accept(name, (_hello(state),)))


def _refusal(state: SlackState) -> str | None:
    if not state.comes_by_itself:
        return "link_disabled"
    return "too_many_websockets" if len(state.sockets) >= limits.SOCKETS_MAX else None


def _hello(state: SlackState) -> str:
    about = {**_HOST, "build_number": 1, "approximate_connection_time": 18060}
    body: Json = {"type": "hello", "num_connections": len(state.sockets), "debug_info": about}
    return body_of({**body, "connection_info": {"app_id": state.app}}).decode()


def hung_up(state: SlackState, socket: str) -> None:
    """One is closed; without any, everything waits."""
    if socket in state.sockets:
        state.sockets.remove(socket)
    if not state.sockets and state.comes_by_itself:
        state.webhook_url = None
        state.outbox.changed()


def hears(data: str | bytes) -> Heard:
    """An acknowledgement; nothing else is expected."""
    try:
        said: Any = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Heard(trouble=f"said over its WebSocket what is no JSON: {data[:80]!r}")
    id = said.get("envelope_id") if isinstance(said, dict) else None
    if not isinstance(id, str) or len(id) > _IDS_MAX:
        return Heard(trouble=f"said over its WebSocket what has no envelope_id: {data[:80]!r}")
    payload = said.get("payload")
    body = (
        b"" if payload is None else payload.encode("utf-8", "replace") if isinstance(payload, str) else body_of(payload)
    )
    return Heard(((id, HttpResponse(200, _JSON, body)),))


def enveloped(state: SlackState, update: Update, attempt: int = 0, reason: str = "") -> SocketMessage:
    """An update in its envelope, for any of the open sockets."""
    place = zlib.crc32(update.id.encode()) + attempt
    socket = state.sockets[place % len(state.sockets)] if state.sockets else ""
    url = f"{state.known_url.replace('http', 'ws', 1)}{LINK}"
    if update.kind == "disconnect":
        is_warning = b'"warning"' in update.body
        return SocketMessage("SEND", url, (), update.body, socket=socket, close=None if is_warning else _NORMAL)
    kind = kind_of(update.kind)
    id = ids.uuid_of(f"{update.id} {attempt}")
    head: Json = {"envelope_id": id, "type": kind, "accepts_response_payload": update.kind in _WITH_ANSWER}
    if kind == "events_api":
        head |= {"retry_attempt": attempt, "retry_reason": reason}
    body = body_of(head)[:-1] + b',"payload":' + update.body + b"}"
    return SocketMessage("SEND", url, (), body, socket=socket, awaits=id)


INTERACTIONS = frozenset(
    {"block_actions", "view_submission", "view_closed", "shortcut", "message_action", "block_suggestion"}
)


def kind_of(update_kind: str) -> str:
    """What sort of envelope an update travels in."""
    if update_kind in INTERACTIONS:
        return "interactive"
    return "slash_commands" if update_kind == "slash_command" else "events_api"


def again(state: SlackState, updates: Sequence[Update], answer: HttpResponse | HttpFailure, number: int) -> HttpRequest:
    """The same payload in another envelope."""
    reason = "timeout" if isinstance(answer, HttpFailure) else "error"
    return enveloped(state, updates[0], number - 1, reason)
