"""Users of Sunshine Conversations."""

from __future__ import annotations

from typing import Any

from chatdrill.model import ContactFiled
from chatdrill.wire import HttpResponse, json_response, strings_in
from chatdrill_fakes.desks.zendesk import hooks, ids, problems, talking
from chatdrill_fakes.desks.zendesk.ids import iso_ms
from chatdrill_fakes.desks.zendesk.limits import EXTERNAL_ID_MAX
from chatdrill_fakes.desks.zendesk.state import SuncoUser
from chatdrill_fakes.desks.zendesk.sunco.reading import Call, by_external_id, listed, metadata, text, the_user

_PROFILE = {"givenName": 128, "surname": 128, "email": 128, "avatarUrl": 2048, "locale": 64}


def _profile(value: object) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        problems.wrong("profile must be an object")
    told = {name: text(value.get(name), f"profile.{name}", longest) for name, longest in _PROFILE.items()}
    if told["email"] is not None and "@" not in told["email"]:
        problems.wrong("profile.email must be an email")
    return {name: each for name, each in told.items() if each is not None}


def create(visit: Call) -> HttpResponse:
    """``POST /users``."""
    external = text(visit.values.get("externalId"), "externalId", EXTERNAL_ID_MAX)
    profile, told = _profile(visit.values.get("profile")), metadata(visit.values.get("metadata"))
    if external is not None and by_external_id(visit.state, external) is not None:
        problems.fail(409, "conflict", "User already exists")
    signed_up = str(visit.values.get("signedUpAt") or iso_ms(visit.at))
    id = ids.object_id(visit.state.chance, visit.at)
    made = SuncoUser(id=id, external_id=external, profile=profile, metadata=told, signed_up_at=signed_up)
    visit.state.users[id] = made
    _tell(visit, made, made=True)
    return json_response({"user": talking.user(made)}, status=201)


def _tell(visit: Call, each: SuncoUser, *, made: bool) -> None:
    keys = tuple(dict.fromkeys(strings_in([each.external_id, each.profile, each.metadata])))
    visit.events.append(ContactFiled(contact=each.id, keys=keys, name=each.name, made=made))


def show(visit: Call) -> HttpResponse:
    """``GET /users/{idOrExternalId}``."""
    return json_response({"user": talking.user(the_user(visit))})


def index(visit: Call) -> HttpResponse:
    """``GET /users?filter[identities.email]=``."""
    email = visit.values.get("filter[identities.email]")
    if email is None:
        problems.wrong("filter[identities.email] is required")
    found = [each for each in visit.state.users.values() if each.profile.get("email") == email]
    return listed(visit, "users", found, lambda each: each.id, talking.user)


def update(visit: Call) -> HttpResponse:
    """``PATCH /users/{idOrExternalId}``: what is given is merged."""
    each = the_user(visit)
    profile, told = _profile(visit.values.get("profile")), metadata(visit.values.get("metadata"))
    each.profile.update(profile)
    each.metadata.update(told)
    _tell(visit, each, made=False)
    return json_response({"user": talking.user(each)})


def remove(visit: Call) -> HttpResponse:
    """``DELETE /users/{idOrExternalId}``: with the conversations that are only theirs."""
    each = the_user(visit)
    del visit.state.users[each.id]
    for ticket, talk in tuple(visit.state.talks()):
        if talk.user_ids == [each.id] and ticket.record is None:
            del visit.state.tickets[ticket.address]
    payload = {"user": talking.truncated_user(each)}
    hooks.tell_sunco(visit.state, None, "user:remove", lambda full: payload, visit.at)  # noqa: ARG005
    return json_response({})
