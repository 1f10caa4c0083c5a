"""Clients: made once, found by phone, changed and told."""

from __future__ import annotations

import msgspec
import pytest

from chatdrill.model import ContactFiled
from desks.chat2desk.kit import ANNA, Account, answer, kinds, refused

ANN = {"phone": ANNA.phone, "transport": "whatsapp", "channel_id": 15, "nickname": "Ann", "assigned_name": "Ann N."}


def test_a_client_has_its_golden_shape(account: Account) -> None:
    id = account.data("POST", "/clients", ANN)["id"]
    assert account.data("GET", f"/clients/{id}") == {
        "id": id,
        "phone": "48600100200",
        "name": "Ann",
        "assigned_name": "Ann N.",
        "comment": None,
        "extra_comment_1": None,
        "extra_comment_2": None,
        "extra_comment_3": None,
        "external_id": None,
        "custom_fields": None,
        "client_phone": None,
        "avatar": None,
        "tags": [],
        "channels": [{"id": 15, "transports": ["whatsapp"]}],
    }


def test_a_second_client_is_refused_with_the_first_as_json_text(account: Account) -> None:
    first = account.data("POST", "/clients", ANN)
    status, errors = refused(account.call("POST", "/clients", {**ANN, "phone": "48600100200", "nickname": "Ela"}))
    word, told = errors["client"]
    assert (status, word, msgspec.json.decode(told)) == (400, "Client already exist", first)
    assert kinds(account.told()) == ["new_client"] and len(account.state.clients) == 1


def test_one_number_in_two_transports_is_two_clients(account: Account) -> None:
    ids = {account.data("POST", "/clients", {**ANN, "transport": name})["id"] for name in ("whatsapp", "viber")}
    assert len(ids) == 2


def test_a_client_is_filed_under_every_name_the_bot_gives(account: Account) -> None:
    (event,) = account.call("POST", "/clients", {**ANN, "external_id": "crm-5", "custom_fields": {"1": "x"}}).events
    assert isinstance(event, ContactFiled) and event.made and event.name == "Ann N."
    assert {"48600100200", ANNA.phone, "Ann", "crm-5", "x"} <= set(event.keys)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": ""}, "phone"),
        ({"phone": "none"}, "phone"),
        ({"phone": ["1"]}, "phone"),
        ({"transport": "pigeon"}, "transport"),
        ({"channel_id": 16}, "channel_id"),
        ({"nickname": ["Ann"]}, "nickname"),
        ({"custom_fields": "x"}, "custom_fields"),
    ],
)
def test_a_wrong_field_is_named(account: Account, change: dict[str, object], field: str) -> None:
    status, errors = refused(account.call("POST", "/clients", {**ANN, **change}))
    assert status == 400 and set(errors) == {field}


def test_clients_are_found_by_phone(account: Account) -> None:
    ann = account.data("POST", "/clients", ANN)
    account.data("POST", "/clients", {**ANN, "phone": "48600100201"})
    body = answer(account.call("GET", "/clients?phone=48600100200&limit=5"))
    assert body["data"] == [ann] and body["meta"] == {"total": 1, "limit": 5, "offset": 0}
    assert answer(account.call("GET", "/clients?phone=1"))["data"] == []


def test_a_changed_client_is_told_without_a_wrapper(account: Account) -> None:
    id = account.data("POST", "/clients", ANN)["id"]
    handled = account.call("PUT", f"/clients/{id}", {"comment": "angry", "extra_comment_1": "A-77"})
    created, updated = account.told()
    assert (updated["hook_type"], updated["id"], updated["comment"]) == ("client_updated", id, "angry")
    assert "client" not in updated and created["hook_type"] == "new_client"
    (event,) = handled.events
    assert isinstance(event, ContactFiled) and not event.made and "A-77" in event.keys


def test_a_client_leads_to_dialog_transport_and_last_question(account: Account) -> None:
    heard = account.hear("first")
    account.hear("second")
    account.say(heard["client_id"], dont_open_dialog=True)
    path = f"/clients/{heard['client_id']}"
    assert [each["id"] for each in account.data("GET", f"{path}/dialogs")] == [heard["dialog_id"]]
    assert account.data("GET", f"{path}/transport") == [{"channel_id": 15, "transports": ["external"]}]
    assert account.data("GET", f"{path}/last_question")["text"] == "second"


@pytest.mark.parametrize("path", ["", "/dialogs", "/transport", "/last_question"])
def test_an_unknown_client_is_not_found(account: Account, path: str) -> None:
    assert refused(account.call("GET", f"/clients/7{path}")) == (404, "Client not found")
