"""What became of an agent's message, typing and reactions, and the history of a chat."""

from __future__ import annotations

from typing import Any, Literal

from chatdrill.model import EntryDelivered, EntryFailed
from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.amocrm.chats.channel import check_scope, conversation_by_client
from chatdrill_fakes.desks.amocrm.chats.messages import find_message
from chatdrill_fakes.desks.amocrm.chats.reading import body, fields, needed
from chatdrill_fakes.desks.amocrm.errors import chat_problem, no_content
from chatdrill_fakes.desks.amocrm.state import AmoState, AmoTicket, Document
from chatdrill_fakes.families.desks import Visit

HISTORY_MAX = 50
FAILURES = {
    901: "the customer deleted the chat",
    902: "the integration is disabled in the channel",
    903: "internal error",
    904: "the chat cannot be created",
    905: "",
}
_DELIVERED: dict[int, Literal["delivered", "read"]] = {1: "delivered", 2: "read"}
_FAILED, _OTHER = -1, 905


def delivery_status(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /v2/origin/custom/{scope}/{msgid}/delivery_status``, with ``status_code`` or the older ``delivery_status``."""
    given = body(visit)
    check_scope(visit)
    fields(given, (("status_code", "integer", False), ("delivery_status", "integer", False)))
    status = given.get("status_code", given.get("delivery_status"))
    if status not in (*_DELIVERED, _FAILED):
        raise chat_problem(400, "status_code: The value you selected is not a valid choice.")
    if status == _FAILED:
        _check_failure(given)
    ticket, item = _message(visit, visit.params["msgid"])
    visit.to, id = ticket.address, item["message"]["id"]
    item["delivery_status"] = status
    if status == _FAILED:
        reason = f"{given['error_code']} {given.get('error') or FAILURES[given['error_code']]}".strip()
        visit.events.append(EntryFailed(ticket=ticket.address, entry_id=id, reason=reason))
    else:
        visit.events.append(_delivered(ticket, id, _DELIVERED[status], given))
    return HttpResponse(200)


def _delivered(ticket: AmoTicket, id: str, status: Literal["delivered", "read"], given: Document) -> EntryDelivered:
    origin = given.get("msgid")
    origin_id = origin if isinstance(origin, str) and origin != id else None
    if origin_id is not None:
        ticket.ids.setdefault(origin_id, id)
    return EntryDelivered(ticket=ticket.address, entry_id=id, status=status, origin_id=origin_id)


def _check_failure(given: Document) -> None:
    fields(given, (("error_code", "integer", True), ("error", "string", False)))
    if given["error_code"] not in FAILURES:
        raise chat_problem(400, "error_code: The value you selected is not a valid choice.")
    if given["error_code"] == _OTHER:
        fields(given, (("error", "string", True),))


def _message(visit: Visit[AmoState], id: str) -> tuple[AmoTicket, Document]:
    for ticket in visit.state.tickets.values():
        item = find_message(ticket, {"id": id, "msgid": id})
        if item is not None:
            return ticket, item
    raise chat_problem(404, "there is no such message", "MESSAGE_NOT_FOUND")


def typing(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /v2/origin/custom/{scope}/typing``: shown to the agents, kept nowhere."""
    given = body(visit)
    check_scope(visit)
    fields(given, (("conversation_id", "string", True), ("duration_ms", "integer", False)))
    fields(needed(given, "sender"), (("id", "string", True),), "sender.")
    conversation = conversation_by_client(visit.state, given["conversation_id"])
    visit.to = None if conversation is None else conversation.ticket
    return no_content()


def react(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /v2/origin/custom/{scope}/react``: the reaction stands at the message in the history."""
    state, given = visit.state, body(visit)
    check_scope(visit)
    ids = ("conversation_id", "conversation_ref_id", "id", "msgid", "emoji")
    fields(given, (*((name, "string", False) for name in ids), ("type", "string", True)))
    user = needed(given, "user")
    fields(user, (("id", "string", False), ("ref_id", "string", False)), "user.")
    if given["type"] not in ("react", "unreact"):
        raise chat_problem(400, "type: The value you selected is not a valid choice.")
    ref_id = given.get("conversation_ref_id")
    conversation = state.conversations.get(ref_id) if ref_id else None
    conversation = conversation or conversation_by_client(state, given.get("conversation_id") or "")
    ticket = None if conversation is None else state.tickets.get(conversation.ticket or "")
    item = None if ticket is None else find_message(ticket, given)
    if ticket is None or item is None:
        raise chat_problem(404, "there is no such message", "MESSAGE_NOT_FOUND")
    visit.to = ticket.address
    reactions: dict[str, Any] = item.setdefault("reactions", {})
    reactions[str(user.get("ref_id") or user.get("id"))] = given.get("emoji") if given["type"] == "react" else None
    return HttpResponse(200)


def history(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /v2/origin/custom/{scope}/chats/{conversation}/history``, the newest first, by the chats API's id of the chat
    or the channel's."""
    state = visit.state
    check_scope(visit)
    offset, limit = _count(visit, "offset", 0), _count(visit, "limit", HISTORY_MAX)
    if not 1 <= limit <= HISTORY_MAX:
        raise chat_problem(400, f"limit: This value should be between 1 and {HISTORY_MAX}.")
    named = visit.params["conversation"]
    conversation = state.conversations.get(named) or conversation_by_client(state, named)
    ticket = None if conversation is None else state.tickets.get(conversation.ticket or "")
    visit.to = None if ticket is None else ticket.address
    items = [] if ticket is None else list(reversed(ticket.messages.values()))[offset : offset + limit]
    if not items:
        return no_content()
    hidden = ("delivery_status", "reactions")
    return json_response({"messages": [{k: v for k, v in item.items() if k not in hidden} for item in items]})


def _count(visit: Visit[AmoState], name: str, default: int) -> int:
    value = str(visit.values.get(name, default))
    if not (value.isascii() and value.isdigit()) or len(value) > 9:
        raise chat_problem(400, f"{name}: This value should be of type integer.")
    return int(value)
