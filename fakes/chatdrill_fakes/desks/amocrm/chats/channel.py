"""Connecting the channel to an account, and chats before their first message."""

from __future__ import annotations

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.amocrm import ids
from chatdrill_fakes.desks.amocrm.chats.reading import body, fields, needed, person, source
from chatdrill_fakes.desks.amocrm.errors import chat_problem
from chatdrill_fakes.desks.amocrm.state import AmoState, Conversation, Document, Person
from chatdrill_fakes.families.desks import Visit


def connect(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /v2/origin/custom/{channel}/connect``; again, it changes the connection."""
    state, given = visit.state, body(visit)
    _check_channel(visit)
    wanted = (("account_id", "string", True), ("title", "string", False), ("hook_api_version", "string", False))
    fields(given, (*wanted, ("is_time_window_disabled", "boolean", False)))
    _check_account(state, given)
    version = given.get("hook_api_version") or "v1"
    if version not in ("v1", "v2"):
        raise chat_problem(400, "hook_api_version: The value you selected is not a valid choice.")
    if version == "v1":
        raise chat_problem(
            400, "hook_api_version: chatdrill does not emulate the outdated v1, which is also the default"
        )
    state.scopes[state.scope_id] = connection = {
        "account_id": given["account_id"],
        "scope_id": state.scope_id,
        "title": given.get("title") or "chatdrill",
        "hook_api_version": version,
        "is_time_window_disabled": bool(given.get("is_time_window_disabled")),
    }
    return json_response(connection)


def disconnect(visit: Visit[AmoState]) -> HttpResponse:
    """``DELETE /v2/origin/custom/{channel}/disconnect``: from now on no hook is sent."""
    given = body(visit)
    _check_channel(visit)
    fields(given, (("account_id", "string", True),))
    _check_account(visit.state, given)
    visit.state.scopes.pop(visit.state.scope_id, None)
    return HttpResponse(200)


def create_chat(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /v2/origin/custom/{scope}/chats``: the same ``conversation_id`` gives the same chat."""
    state, given = visit.state, body(visit)
    check_scope(visit)
    fields(given, (("conversation_id", "string", True),))
    user = person(needed(given, "user"), "user")
    conversation = conversation_by_client(state, given["conversation_id"])
    if conversation is None:
        conversation = new_conversation(state, given["conversation_id"], keep_person(state, user), source(given))
    visit.to = conversation.ticket
    return json_response({"id": conversation.id, "user": shown(conversation.person)})


def check_scope(visit: Visit[AmoState]) -> None:
    """Raise 404 for a scope that the channel is not connected to."""
    if visit.params["scope"] not in visit.state.scopes:
        raise chat_problem(404, "the channel is not connected to this account", "SCOPE_NOT_FOUND")


def conversation_by_client(state: AmoState, client_id: str) -> Conversation | None:
    """The chat that the channel calls so."""
    return state.conversations.get(state.client_ids.get(client_id, ""))


def new_conversation(state: AmoState, client_id: str | None, who: Person, origin: str | None) -> Conversation:
    """A chat without messages."""
    conversation = Conversation(ids.uuid(state.chance), client_id, who, origin)
    state.conversations[conversation.id] = conversation
    if client_id is not None:
        state.client_ids[client_id] = conversation.id
    return conversation


def keep_person(state: AmoState, given: Document) -> Person:
    """The participant that the channel calls so; what it says of them is brought up to date."""
    known = state.persons.get(given["id"])
    if known is None:
        known = state.persons[given["id"]] = Person(ids.uuid(state.chance), given["id"])
    profile = given.get("profile") or {}
    known.name = given["name"]
    known.avatar = given.get("avatar") or known.avatar
    known.profile_link = given.get("profile_link") or known.profile_link
    known.phone = profile.get("phone") or known.phone
    known.email = profile.get("email") or known.email
    return known


def shown(who: Person) -> Document:
    """A participant in an answer; what is not known is left out, but the avatar is empty."""
    named = {"id": who.id, "client_id": who.client_id, "name": who.name, "avatar": who.avatar}
    known = {"phone": who.phone, "email": who.email}
    return {
        **{name: value for name, value in named.items() if value is not None},
        **{name: value for name, value in known.items() if value},
    }


def _check_channel(visit: Visit[AmoState]) -> None:
    if visit.params["channel"] != visit.state.settings["channel_id"]:
        raise chat_problem(404, "there is no such channel", "CHANNEL_NOT_FOUND")


def _check_account(state: AmoState, given: Document) -> None:
    if given["account_id"] != state.settings["amojo_id"]:
        raise chat_problem(400, "account_id: there is no such account")
