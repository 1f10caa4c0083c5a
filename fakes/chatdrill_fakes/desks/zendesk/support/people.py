"""Users and groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.model import ContactFiled
from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.zendesk import filing, gate, problems, shapes
from chatdrill_fakes.desks.zendesk.state import Person
from chatdrill_fakes.desks.zendesk.support.reading import Call, body, listed, many, number, person, tag_list

_TEXTS = ("name", "email", "phone", "external_id", "locale")


def search(visit: Call) -> HttpResponse:
    """``GET /users/search``: by ``external_id``, or ``query`` as ``external_id:x``, ``email:x``, ``phone:x``, or any word."""
    people = list(visit.state.people.values())
    external = visit.values.get("external_id")
    if external is not None:
        found = [each for each in people if (each.external_id or "").lower() == str(external).lower()]
    else:
        found = [each for each in people if _matches(each, str(visit.values.get("query") or ""))]
    return _people(visit, found)


def _matches(each: Person, query: str) -> bool:
    name, colon, value = query.partition(":")
    wanted = value.strip().strip('"').lower()
    if colon and name in ("external_id", "email", "phone", "name", "role"):
        return str(getattr(each, name) or "").lower() == wanted
    text = query.strip().strip('"').lower()
    return bool(text) and any(text in str(getattr(each, key) or "").lower() for key in ("name", "email", "phone"))


def _people(visit: Call, found: list[Person]) -> HttpResponse:
    return listed(visit, "users", found, lambda each: shapes.user(each, visit.base_url))


def index(visit: Call) -> HttpResponse:
    """``GET /users``, with ``role`` those who have it."""
    role = visit.values.get("role")
    return _people(visit, [each for each in visit.state.people.values() if role is None or each.role == role])


def show(visit: Call) -> HttpResponse:
    """``GET /users/{id}``."""
    return _answer(visit, _found(visit))


def show_many(visit: Call) -> HttpResponse:
    """``GET /users/show_many?ids=``, or ``external_ids``: those who are there."""
    ids, external = many(visit, "ids"), many(visit, "external_ids")
    found = [each for each in visit.state.people.values() if str(each.id) in ids or each.external_id in external]
    return _people(visit, found)


def me(visit: Call) -> HttpResponse:
    """``GET /users/me``: the API user, or an anonymous one for a wrong token would be 401 here."""
    return _answer(visit, gate.caller(visit))


def _found(visit: Call) -> Person:
    return person(visit.state, visit.params["id"]) or problems.refuse(404, f"there is no user {visit.params['id']}")


def _answer(visit: Call, who: Person, status: int = 200) -> HttpResponse:
    return json_response({"user": shapes.user(who, visit.base_url)}, status=status)


def create(visit: Call) -> HttpResponse:
    """``POST /users``: an e-mail or external id that somebody has is refused."""
    given = body(visit, "user")
    _check_name(given)
    _check_free(visit, given, None)
    return _answer(visit, _make(visit, given), 201)


def create_or_update(visit: Call) -> HttpResponse:
    """``POST /users/create_or_update``: known by external id or e-mail, that user is changed."""
    given = body(visit, "user")
    known = filing.find_person(visit.state, _text(given, "external_id"), _text(given, "email"))
    if known is None:
        _check_name(given)
        return _answer(visit, _make(visit, given), 201)
    _check_free(visit, given, known)
    return _answer(visit, _change(visit, known, given))


def update(visit: Call) -> HttpResponse:
    """``PUT /users/{id}``."""
    known, given = _found(visit), body(visit, "user")
    _check_free(visit, given, known)
    return _answer(visit, _change(visit, known, given))


def _text(given: Mapping[str, Any], name: str) -> str | None:
    return str(given[name]) if given.get(name) not in (None, "") else None


def _check_name(given: Mapping[str, Any]) -> None:
    if not (_text(given, "name") or "").strip():
        problems.invalid("name", "Name: is too short (minimum one character)", "ValueTooShort")
    if given.get("role") not in (None, "end-user", "agent", "admin"):
        problems.invalid("role", f"Role: {given['role']} is not valid")


def _check_free(visit: Call, given: Mapping[str, Any], own: Person | None) -> None:
    email, external = _text(given, "email"), _text(given, "external_id")
    for name, value in (("email", email), ("external_id", external)):
        other = filing.find_person(
            visit.state, value if name == "external_id" else None, value if name == "email" else None
        )
        if other is not None and other is not own:
            word = "Email" if name == "email" else "External"
            problems.invalid(name, f"{word}: {value} is already being used by another user", "DuplicateValue")


def _make(visit: Call, given: Mapping[str, Any]) -> Person:
    made = filing.new_person(visit.state, str(given["name"]), visit.at, role=given.get("role") or "end-user")
    _fill(made, given)
    visit.events.append(ContactFiled(contact=str(made.id), keys=filing.keys_of(made), name=made.name))
    return made


def _change(visit: Call, known: Person, given: Mapping[str, Any]) -> Person:
    _fill(known, given)
    known.changed_at = max(visit.at, known.changed_at)
    visit.events.append(ContactFiled(contact=str(known.id), keys=filing.keys_of(known), name=known.name, made=False))
    return known


def _fill(who: Person, given: Mapping[str, Any]) -> None:
    for name in _TEXTS:
        if _text(given, name) is not None:
            setattr(who, name, _text(given, name))
    if isinstance(given.get("user_fields"), dict):
        who.user_fields.update(given["user_fields"])
    if isinstance(given.get("tags"), list):
        who.tags = tag_list(given["tags"])
    who.verified = given.get("verified", who.verified) is True


def groups(visit: Call) -> HttpResponse:
    """``GET /groups``."""
    found = list(visit.state.groups.values())
    return listed(visit, "groups", found, lambda each: shapes.group(each, visit.base_url))


def show_group(visit: Call) -> HttpResponse:
    """``GET /groups/{id}``."""
    found = visit.state.groups.get(number(visit.params["id"]) or 0)
    if found is None:
        problems.refuse(404, f"there is no group {visit.params['id']}")
    return json_response({"group": shapes.group(found, visit.base_url)})
