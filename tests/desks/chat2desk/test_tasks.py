"""Tags, and what Chat2Desk calls tickets."""

from __future__ import annotations

import pytest

from desks.chat2desk.kit import Account, kinds, refused


def test_tags_are_put_on_clients_and_requests_and_taken_off(account: Account) -> None:
    heard = account.hear()
    ids = {each["label"]: each["id"] for each in account.data("GET", "/tags")}
    assert account.data("GET", "/tag_groups")[0]["name"] == "Default"
    account.told()
    client = {"tag_ids": list(ids.values())[:2], "assignee_type": "client", "assignee_id": heard["client_id"]}
    assert account.data("POST", "/tags/assign_to", client)["tag_ids"] == [1, 2]
    account.data("POST", "/tags/assign_to", {**client, "tag_ids": [2]})  # again: nothing to tell
    request = {"tag_ids": 3, "assignee_type": "request", "assignee_id": heard["request_id"]}
    account.data("POST", "/tags/assign_to", request)
    account.data("DELETE", "/tags/1/delete_from", {"client_id": heard["client_id"]})
    account.data("DELETE", "/tags/3/delete_from", {"request_id": heard["request_id"]})
    told = account.told()
    assert kinds(told) == [
        *("add_tag_to_client", "add_tag_to_client", "add_tag_to_request"),
        *("delete_tag_from_client", "delete_tag_from_request"),
    ]
    assert told[0] == {"hook_type": "add_tag_to_client", "client_id": heard["client_id"], "tag_id": 1}
    assert told[2]["request_id"] == heard["request_id"]
    assert [each["id"] for each in account.data("GET", "/clients?tags=2")] == [heard["client_id"]]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"tag_ids": [9]}, 400),
        ({"tag_ids": []}, 400),
        ({"tag_ids": {"a": 1}}, 400),
        ({"assignee_type": "dialog"}, 400),
        ({"assignee_id": 1}, 404),
        ({"assignee_type": "request", "assignee_id": 1}, 404),
    ],
)
def test_a_wrong_tag_is_refused(account: Account, change: dict[str, object], status: int) -> None:
    body = {"tag_ids": [1], "assignee_type": "client", "assignee_id": account.hear()["client_id"], **change}
    assert refused(account.call("POST", "/tags/assign_to", body))[0] == status
    assert not [client.tags for client in account.state.clients.values() if client.tags]


def test_a_tag_that_is_not_there_is_not_found(account: Account) -> None:
    client = account.hear()["client_id"]
    assert refused(account.call("DELETE", f"/tags/1/delete_from?client_id={client}")) == (404, "Tag not found")


def test_a_ticket_is_made_changed_and_deleted_and_told(account: Account) -> None:
    client = account.hear()["client_id"]
    account.told()
    made = account.data("POST", "/tickets", {"client_id": client, "subject": "Refund", "reporter_id": 33})
    assert (made["status"], made["reporter_id"], made["client_id"]) == ("new", 33, client)
    path = f"/tickets/{made['id']}"
    assert account.data("PUT", path, {"status": "done"})["status"] == "done"
    assert account.data("GET", path)["subject"] == "Refund" and len(account.data("GET", "/tickets")) == 1
    account.data("DELETE", path)
    told = account.told()
    assert kinds(told) == ["new_ticket", "ticket_updated", "ticket_deleted"]
    assert all(each["ticket"]["id"] == made["id"] for each in told)
    assert refused(account.call("GET", path)) == (404, "Ticket not found")


@pytest.mark.parametrize(
    ("body", "status"), [({}, 404), ({"subject": ""}, 400), ({"subject": "x", "status": "lost"}, 400)]
)
def test_a_wrong_ticket_is_refused(account: Account, body: dict[str, str], status: int) -> None:
    client = {"client_id": account.hear()["client_id"]} if body else {}
    assert refused(account.call("POST", "/tickets", {**client, **body}))[0] == status
