"""Contacts over the application API."""

from __future__ import annotations

from typing import Any

import pytest

from desks.chatwoot.kit import ACCOUNT, BOT, USER, Office, body, path, status


def test_a_contact_is_made_with_its_place_in_the_inbox(office: Office) -> None:
    asked = {"inbox_id": 3, "name": "Ann", "phone_number": "+4912345", "identifier": "user-42"}
    made = office.ask("POST", f"{ACCOUNT}/contacts", asked, token=USER)["payload"]
    assert made["contact_inbox"]["inbox"]["channel_type"] == "Channel::Api"
    assert made["contact"]["contact_inboxes"][0]["source_id"] == made["contact_inbox"]["source_id"]
    assert (made["contact"]["identifier"], made["contact"]["created_at"]) == ("user-42", 1768471200)


def test_a_second_contact_with_the_same_addresses_is_refused(office: Office) -> None:
    asked = {"name": "Ann", "phone_number": "+4912345", "identifier": "u", "email": "a@b.example"}
    office.ask("POST", f"{ACCOUNT}/contacts", asked, token=USER)
    handled = office.call("POST", f"{ACCOUNT}/contacts", asked, token=USER)
    assert status(handled) == 422 and set(body(handled)["attributes"]) == {"phone_number", "identifier", "email"}
    assert "Identifier has already been taken" in body(handled)["message"]


@pytest.mark.parametrize(("wanted", "count"), [("%2B4912", 1), ("ann", 2), ("user-4", 1), ("2", 2), ("nobody", 0)])
def test_contacts_are_found_by_parts(office: Office, wanted: str, count: int) -> None:
    office.contact("a", phone_number="+4912345", identifier="user-42")
    office.contact("b", email="b@c.example")
    found = office.ask("GET", f"{ACCOUNT}/contacts/search?q={wanted}", token=USER)
    assert found["meta"] == {"count": count, "current_page": 1} and len(found["payload"]) == count


def _condition(key: str, operator: str, *values: str, joined: str | None = None) -> dict[str, Any]:
    return {"attribute_key": key, "filter_operator": operator, "values": list(values), "query_operator": joined}


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        ([_condition("phone_number", "equal_to", "4915112345678")], ["Ann"]),
        ([_condition("phone_number", "equal_to", "+4915112345678")], []),
        ([_condition("phone_number", "contains", "15112")], ["Ann"]),
        ([_condition("email", "equal_to", "EVE@acme.example")], ["Eve"]),
        ([_condition("email", "not_equal_to", "ann@acme.example")], ["Eve"]),
        ([_condition("name", "does_not_contain", "v")], ["Ann", "Bo"]),
        (
            [_condition("name", "equal_to", "Bo", joined="or"), _condition("identifier", "equal_to", "u-1")],
            ["Ann", "Bo"],
        ),
        (
            [_condition("name", "contains", "e", joined="AND"), _condition("identifier", "equal_to", "u-1")],
            [],
        ),
    ],
)
def test_contacts_are_found_by_conditions(office: Office, conditions: Any, names: list[str]) -> None:
    for about in (
        {"name": "Ann", "phone_number": "+4915112345678", "identifier": "u-1"},
        {"name": "Eve", "email": "eve@acme.example"},
        {"name": "Bo"},
    ):
        office.ask("POST", f"{ACCOUNT}/contacts", about, token=USER)
    found = office.ask("POST", f"{ACCOUNT}/contacts/filter", {"payload": conditions}, token=USER)
    assert [each["name"] for each in found["payload"]] == names and found["meta"]["count"] == len(names)


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        (_condition("shoe_size", "equal_to", "43"), 422),
        (_condition("identifier", "contains", "u"), 422),
        (_condition("name", "equal_to"), 422),
        (_condition("city", "equal_to", "Berlin"), 501),
    ],
)
def test_a_condition_that_cannot_be_is_refused(office: Office, condition: Any, code: int) -> None:
    handled = office.call("POST", f"{ACCOUNT}/contacts/filter", {"payload": [condition]}, token=USER)
    assert status(handled) == code and body(handled)["error"]


def test_a_search_for_nothing_is_refused(office: Office) -> None:
    handled = office.call("GET", f"{ACCOUNT}/contacts/search?q=", token=USER)
    assert (status(handled), body(handled)) == (422, {"error": "Specify search string with parameter q"})


def test_contacts_come_in_pages_of_fifteen(office: Office) -> None:
    for number in range(16):
        office.contact(f"c-{number}")
    first = office.ask("GET", f"{ACCOUNT}/contacts", token=USER)
    second = office.ask("GET", f"{ACCOUNT}/contacts?page=2", token=USER)
    assert (len(first["payload"]), len(second["payload"]), second["meta"]["count"]) == (15, 1, 16)


def test_attributes_of_a_contact_are_merged(office: Office) -> None:
    office.contact(custom_attributes={"a": 1})
    shown = office.ask("PUT", f"{ACCOUNT}/contacts/1", {"custom_attributes": {"b": 2}}, token=USER)
    assert shown["payload"]["custom_attributes"] == {"a": 1, "b": 2}


def test_a_deleted_contact_takes_the_conversations_along(office: Office) -> None:
    office.talk()
    assert len(office.ask("GET", f"{ACCOUNT}/contacts/1/conversations", token=USER)["payload"]) == 1
    assert status(office.call("DELETE", f"{ACCOUNT}/contacts/1", token=USER)) == 200
    assert status(office.call("GET", path())) == status(office.call("GET", f"{ACCOUNT}/contacts/1", token=USER)) == 404


def test_a_source_id_of_somebody_else_is_refused(office: Office) -> None:
    office.contact("tg-42")
    other = office.contact("tg-43")["id"]
    asked = {"source_id": "tg-42", "inbox_id": 3, "contact_id": other}
    for url, token in ((f"{ACCOUNT}/conversations", BOT), (f"{ACCOUNT}/contacts/{other}/contact_inboxes", USER)):
        handled = office.call("POST", url, asked, token=token)
        assert (status(handled), body(handled)) == (422, {"error": "source_id should be unique"})


def test_labels_of_a_contact_are_replaced(office: Office) -> None:
    office.contact()
    office.ask("POST", f"{ACCOUNT}/contacts/1/labels", {"labels": ["a", "b"]}, token=USER)
    assert office.ask("POST", f"{ACCOUNT}/contacts/1/labels", {"labels": ["c"]}, token=USER) == {"payload": ["c"]}
