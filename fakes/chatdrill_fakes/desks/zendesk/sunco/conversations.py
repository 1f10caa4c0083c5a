"""Conversations and their participants."""

from __future__ import annotations

from typing import Any

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.zendesk import hooks, ids, problems, switchboard, talking
from chatdrill_fakes.desks.zendesk.limits import PARTICIPANTS_MAX
from chatdrill_fakes.desks.zendesk.state import Talk, ZendeskTicket
from chatdrill_fakes.desks.zendesk.sunco.reading import (
    Call,
    by_external_id,
    conversation,
    listed,
    metadata,
    named_user,
    scene,
    text,
)

_TYPES = ("personal", "sdkGroup")


def create(visit: Call) -> HttpResponse:
    """``POST /conversations``."""
    kind = visit.values.get("type")
    if kind not in _TYPES:
        problems.wrong("type must be personal or sdkGroup")
    told = metadata(visit.values.get("metadata"))
    given = visit.values.get("participants")
    people = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    if (kind == "personal" and len(people) != 1) or len(people) > PARTICIPANTS_MAX:
        problems.wrong(
            "A personal conversation must have exactly one participant"
            if kind == "personal"
            else "Too many participants"
        )
    name = text(visit.values.get("displayName"), "displayName", 100)
    user_ids = [named_user(visit.state, each).id for each in people]
    ticket = _make(visit, str(kind), user_ids)
    talk = ticket.talk
    assert talk is not None
    talk.display_name, talk.metadata = name, told
    talk.description = text(visit.values.get("description"), "description", 100)
    talk.icon_url = text(visit.values.get("iconUrl"), "iconUrl", 2048)
    _tell_created(visit, ticket, talk)
    return json_response({"conversation": talking.conversation(visit.state, talk)}, status=201)


def _make(visit: Call, kind: str, user_ids: list[str]) -> ZendeskTicket:
    state, now = visit.state, visit.exchange.now
    is_first = not any(set(talk.user_ids) & set(user_ids) for _, talk in state.talks())
    talk = Talk(
        id=ids.object_id(state.chance, now),
        type=kind,
        user_ids=user_ids,
        made_at=now,
        changed_at=now,
        is_default=kind == "personal" and is_first,
    )
    switchboard.settle(state, talk)
    ticket = ZendeskTicket(address=talk.id, talk=talk, made_at=now, changed_at=now)
    state.tickets[ticket.address] = ticket
    return ticket


def _tell_created(visit: Call, ticket: ZendeskTicket, talk: Talk) -> None:
    state = visit.state
    person = state.users.get(talk.user_ids[0] if talk.user_ids else "")
    told = talking.truncated(state, talk)

    def payload(full: bool) -> dict[str, Any]:
        base = {"conversation": told, "creationReason": "none", "source": {"type": "api:conversations"}}
        if person is None:
            return base
        return {**base, "user": talking.user(person) if full else talking.truncated_user(person)}

    hooks.tell_sunco(state, ticket, "conversation:create", payload, talk.made_at)


def show(visit: Call) -> HttpResponse:
    """``GET /conversations/{id}``."""
    return json_response({"conversation": talking.conversation(visit.state, conversation(visit)[1])})


def index(visit: Call) -> HttpResponse:
    """``GET /conversations?filter[userId]=``, or ``filter[userExternalId]``."""
    id, external = visit.values.get("filter[userId]"), visit.values.get("filter[userExternalId]")
    if (id is None) == (external is None):
        problems.wrong("One of filter[userId] or filter[userExternalId] is required, but not both")
    person = visit.state.users.get(str(id)) if id is not None else by_external_id(visit.state, external)
    if person is None:
        problems.fail(404, "user_not_found", "User not found")
    found = [talk for _, talk in visit.state.talks() if person.id in talk.user_ids]
    return listed(
        visit, "conversations", found, lambda talk: talk.id, lambda talk: talking.conversation(visit.state, talk)
    )


def update(visit: Call) -> HttpResponse:
    """``PATCH /conversations/{id}``."""
    _, talk = conversation(visit)
    told = metadata(visit.values.get("metadata"))
    names = {"displayName": ("display_name", 100), "description": ("description", 100), "iconUrl": ("icon_url", 2048)}
    given = {
        slot: text(visit.values[name], name, longest) for name, (slot, longest) in names.items() if name in visit.values
    }
    talk.metadata.update(told)
    for slot, value in given.items():
        setattr(talk, slot, value)
    return json_response({"conversation": talking.conversation(visit.state, talk)})


def remove(visit: Call) -> HttpResponse:
    """``DELETE /conversations/{id}``; the default one stays."""
    ticket, talk = conversation(visit)
    if talk.is_default:
        problems.wrong(f"Conversation {talk.id} cannot be deleted because it is the default.")
    payload = {"conversation": talking.truncated(visit.state, talk)}
    hooks.tell_sunco(visit.state, ticket, "conversation:remove", lambda full: payload, ticket.at(visit.exchange.now))  # noqa: ARG005
    del visit.state.tickets[ticket.address]
    return json_response({})


# --------------------------------------------------------------------------------------------------- participants


def _participant(talk: Talk, user_id: str) -> dict[str, Any]:
    return {"id": f"{talk.id[:12]}{user_id[-12:]}", "userId": user_id, "unreadCount": 0, "clientAssociations": []}


def participants(visit: Call) -> HttpResponse:
    """``GET /conversations/{id}/participants``."""
    _, talk = conversation(visit)
    found = [_participant(talk, id) for id in talk.user_ids]
    return listed(visit, "participants", found, lambda each: str(each["id"]), lambda each: each)


def join(visit: Call) -> HttpResponse:
    """``POST /conversations/{id}/join``: only into an ``sdkGroup``."""
    ticket, talk = conversation(visit)
    person = named_user(visit.state, dict(visit.values))
    if talk.type != "sdkGroup":
        problems.wrong("Cannot join a personal conversation")
    if person.id not in talk.user_ids:
        talk.user_ids.append(person.id)
        _tell_member(visit, ticket, talk, "conversation:join", person.id)
    return json_response({"participant": _participant(talk, person.id)}, status=201)


def leave(visit: Call) -> HttpResponse:
    """``POST /conversations/{id}/leave``."""
    ticket, talk = conversation(visit)
    person = named_user(visit.state, dict(visit.values))
    if person.id not in talk.user_ids:
        problems.fail(404, "not_found", "User is not a member of the conversation")
    if talk.type != "sdkGroup":
        problems.wrong("Cannot leave a personal conversation")
    talk.user_ids.remove(person.id)
    _tell_member(visit, ticket, talk, "conversation:leave", person.id)
    return json_response({})


def _tell_member(visit: Call, ticket: ZendeskTicket, talk: Talk, type: str, user_id: str) -> None:
    user = talking.truncated_user(visit.state.users[user_id])
    payload = {"conversation": talking.truncated(visit.state, talk), "user": user}
    hooks.tell_sunco(visit.state, ticket, type, lambda full: payload, scene(visit, ticket).now)  # noqa: ARG005
