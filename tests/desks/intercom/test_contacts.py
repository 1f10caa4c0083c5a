"""Contacts: shape, uniqueness, search, merging."""

from __future__ import annotations

import re

import pytest

from chatdrill.model import ContactFiled
from desks.intercom.kit import NOW, Desk


def test_a_contact_has_the_shape_of_the_api(desk: Desk) -> None:
    body = {"role": "user", "external_id": "tg-7", "email": "li@example.org", "name": "Li", "phone": "+493012"}
    made = desk.ok("POST", "/contacts", {**body, "custom_attributes": {"channel": "telegram"}})
    assert re.fullmatch("[0-9a-f]{24}", made["id"]) and made["type"] == "contact"
    assert {name: made[name] for name in body} == body
    assert (made["workspace_id"], made["created_at"], made["signed_up_at"]) == ("cdrl4711", int(NOW), None)
    assert made["custom_attributes"] == {"channel": "telegram"} and made["social_profiles"]["data"] == []
    assert made["tags"]["url"] == f"/contacts/{made['id']}/tags" and made["location"]["country"] is None
    assert desk.ok("GET", f"/contacts/{made['id']}") == made
    assert desk.ok("GET", "/contacts/find_by_external_id/tg-7") == made
    (filed,) = desk.seen
    assert isinstance(filed, ContactFiled) and {"tg-7", "li@example.org", "+493012", "telegram"} < set(filed.keys)


@pytest.mark.parametrize("second", [{"external_id": "tg-42"}, {"email": "ann@example.org"}])
def test_two_users_share_neither_external_id_nor_address(desk: Desk, second: dict[str, str]) -> None:
    first = desk.contact(email="ann@example.org")
    message = f"A contact matching those details already exists with id={first}"
    assert desk.refused("POST", "/contacts", second) == (409, "conflict", message)
    other = desk.contact("tg-43")
    assert desk.refused("PUT", f"/contacts/{other}", second)[0] == 409
    assert desk.ok("PUT", f"/contacts/{first}", second)["id"] == first


def test_a_lead_may_share_an_address_and_becomes_a_user_by_an_external_id(desk: Desk) -> None:
    desk.contact(email="ann@example.org")
    lead = desk.ok("POST", "/contacts", {"role": "lead", "email": "ann@example.org"})
    assert lead["role"] == "lead" and len(lead["external_id"]) == 36
    assert desk.refused("GET", f"/contacts/find_by_external_id/{lead['external_id']}")[0] == 404
    assert desk.ok("POST", "/contacts", {"role": "lead", "external_id": "tg-8"})["role"] == "user"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "parameter_not_found"),
        ({"name": "Ann"}, "parameter_not_found"),
        ({"role": "boss"}, "parameter_invalid"),
        ({"email": ["a"]}, "parameter_invalid"),
        ({"role": "user", "custom_attributes": "no"}, "parameter_invalid"),
    ],
)
def test_a_contact_needs_something_to_be_known_by(desk: Desk, body: dict[str, object], code: str) -> None:
    assert desk.refused("POST", "/contacts", body)[:2] == (400, code)


def test_a_contact_is_changed_and_deleted(desk: Desk) -> None:
    id = desk.contact()
    desk.now += 60
    changed = desk.ok("PUT", f"/contacts/{id}", {"name": "Ann B.", "custom_attributes": {"plan": 2}})
    assert (changed["name"], changed["external_id"], changed["updated_at"]) == ("Ann B.", "tg-42", int(NOW) + 60)
    gone = desk.ok("DELETE", f"/contacts/{id}")
    assert gone == {"type": "contact", "id": id, "external_id": "tg-42", "deleted": True}
    assert desk.refused("GET", f"/contacts/{id}") == (404, "not_found", "User Not Found")


def test_an_archived_contact_does_not_resolve_and_still_takes_its_place(desk: Desk) -> None:
    id = desk.contact()
    assert desk.ok("POST", f"/contacts/{id}/archive")["archived"] is True
    assert desk.refused("GET", f"/contacts/{id}")[0] == 404
    message = desk.refused("POST", "/contacts", {"external_id": "tg-42"})[2]
    assert message == f"An archived contact matching those details already exists with id={id}"
    desk.ok("POST", f"/contacts/{id}/unarchive")
    assert desk.ok("POST", f"/contacts/{id}/block")["blocked"] is True
    assert desk.refused("POST", "/conversations", {"from": {"type": "user", "id": id}, "body": "Hi"})[0] == 404


def test_a_merged_lead_stops_to_resolve_and_its_conversations_move(desk: Desk) -> None:
    user = desk.contact()
    lead = desk.ok("POST", "/contacts", {"role": "lead", "email": "ann@example.org"})["id"]
    ticket = desk.conversation(lead)
    assert desk.ok("POST", "/contacts/merge", {"from": lead, "into": user})["email"] == "ann@example.org"
    assert desk.refused("GET", f"/contacts/{lead}")[0] == 404
    assert desk.ok("GET", f"/conversations/{ticket}")["contacts"]["contacts"][0]["id"] == user
    assert "contact.merged" in desk.told()
    assert desk.refused("POST", "/contacts/merge", {"from": user, "into": user})[0] == 400


def test_contacts_are_searched_and_listed_by_page(desk: Desk) -> None:
    ids = [desk.contact(f"tg-{n}", email=f"p{n}@example.org") for n in range(3)]
    query = {"field": "external_id", "operator": "=", "value": "tg-1"}
    found = desk.ok("POST", "/contacts/search", {"query": query})
    assert [one["id"] for one in found["data"]] == [ids[1]] and found["total_count"] == 1
    assert found["pages"] == {"type": "pages", "page": 1, "per_page": 50, "total_pages": 1}
    first = desk.ok("GET", "/contacts?per_page=2")
    after = first["pages"]["next"]["starting_after"]
    second = desk.ok("GET", f"/contacts?per_page=2&starting_after={after}")
    assert [one["id"] for one in first["data"] + second["data"]] == ids and "next" not in second["pages"]


EMAIL = {"field": "email", "operator": "~", "value": "P1@"}
MADE = {"field": "created_at", "operator": ">", "value": str(int(NOW) - 5)}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"operator": "AND", "value": [EMAIL, MADE]}, 1),
        ({"operator": "OR", "value": [EMAIL, MADE]}, 2),
        ({"field": "external_id", "operator": "IN", "value": ["tg-0", "tg-9"]}, 1),
        ({"field": "external_id", "operator": "NIN", "value": ["tg-0"]}, 1),
        ({"field": "email", "operator": "!~", "value": "p1"}, 1),
        ({"field": "email", "operator": "^", "value": "p"}, 2),
        ({"field": "email", "operator": "$", "value": "com"}, 0),
        ({"field": "created_at", "operator": "<=", "value": int(NOW)}, 2),
        ({"field": "created_at", "operator": ">=", "value": int(NOW) + 1}, 0),
        ({"field": "email", "operator": "!=", "value": "p1@example.org"}, 1),
        ({"field": "phone", "operator": "=", "value": None}, 2),
        ({"field": "unsubscribed_from_emails", "operator": "=", "value": False}, 2),
    ],
)
def test_a_query_finds_what_it_says(desk: Desk, query: object, count: int) -> None:
    for n in range(2):
        desk.contact(f"tg-{n}", email=f"p{n}@example.org")
    assert desk.ok("POST", "/contacts/search", {"query": query})["total_count"] == count


def _nested(depth: int) -> dict[str, object]:
    query: dict[str, object] = EMAIL
    for _ in range(depth):
        query = {"operator": "AND", "value": [query]}
    return query


@pytest.mark.parametrize(
    ("query", "fine"),
    [
        ({"operator": "AND", "value": [EMAIL] * 15}, True),
        ({"operator": "AND", "value": [EMAIL] * 16}, False),
        (_nested(2), True),
        (_nested(3), False),
        ({"field": "email", "operator": "LIKE", "value": "a"}, False),
        ({"operator": "=", "value": "a"}, False),
        (None, False),
    ],
)
def test_a_query_has_limits(desk: Desk, query: object, fine: bool) -> None:
    handled = desk.call("POST", "/contacts/search", {"query": query})
    assert handled.response is not None and handled.response.status == (200 if fine else 400)


def test_a_new_contact_is_found_late_if_the_workspace_is_slow() -> None:
    desk = Desk(search_delay_s="120")
    desk.contact()
    query = {"query": {"field": "external_id", "operator": "=", "value": "tg-42"}}
    assert desk.ok("POST", "/contacts/search", query)["total_count"] == 0
    desk.now += 120
    assert desk.ok("POST", "/contacts/search", query)["total_count"] == 1
