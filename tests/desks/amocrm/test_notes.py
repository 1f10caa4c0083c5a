"""Notes and tasks."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import EntryAdded
from desks.amocrm.kit import NOW, Account, error, fault


def test_a_note_of_the_bot_stands_in_the_ticket_privately(account: Account) -> None:
    account.asked()
    deal = account.ticket.lead
    body = [{"note_type": "common", "params": {"text": "Transcript"}, "request_id": "n1"}]
    handled = account.crm("POST", f"/leads/{deal}/notes", body)
    (made,) = account.ok(handled)["_embedded"]["notes"]
    assert (made["entity_id"], made["request_id"]) == (deal, "n1")
    (entry,) = [each.entry for each in handled.events if isinstance(each, EntryAdded)]
    assert (entry.author, entry.public, entry.text, entry.origin_id) == ("bot", False, "Transcript", "n1")
    note = account.crm_hook("note_lead")["leads"]["note"][0]["note"]
    assert (note["text"], note["note_type"], note["element_id"], note["element_type"]) == (
        "Transcript",
        "4",
        str(deal),
        "2",
    )
    assert account.channel_hooks() == []


def test_notes_are_read_back(account: Account) -> None:
    account.asked()
    deal, who = account.ticket.lead, int(account.ticket.contact or 0)
    service = {"note_type": "service_message", "params": {"service": "Bot", "text": "b"}}
    account.ok(account.crm("POST", "/leads/notes", [{"entity_id": deal, **service}]))
    account.ok(account.crm("POST", f"/contacts/{who}/notes", [{"note_type": "common", "params": {"text": "c"}}]))
    (found,) = account.ok(account.crm("GET", f"/leads/{deal}/notes"))["_embedded"]["notes"]
    assert (found["params"], found["note_type"]) == (service["params"], "service_message")
    assert account.ok(account.crm("GET", f"/leads/{deal}/notes/{found['id']}"))["_embedded"]["notes"] == [found]
    assert account.crm("GET", f"/leads/{deal}/notes?filter[note_type]=common").response is not None
    assert len(account.ticket.entries) == 3


@pytest.mark.parametrize(
    ("note", "where"),
    [
        ({"note_type": "common"}, "params"),
        ({"params": {"text": "x"}}, "note_type"),
        ({"note_type": "odd", "params": {"text": "x"}}, "note_type"),
        ({"note_type": "common", "params": {}}, "params.text"),
        ({"note_type": "service_message", "params": {"text": "x"}}, "params.service"),
        ({"note_type": "message_cashier", "params": {"text": "x", "status": "odd"}}, "params.status"),
        ({"note_type": "attachment", "params": {"file_uuid": "x"}}, "params.file_uuid"),
    ],
)
def test_a_wrong_note_is_refused(account: Account, note: dict[str, Any], where: str) -> None:
    account.asked()
    assert fault(account.crm("POST", f"/leads/{account.ticket.lead}/notes", [note]))[1] == where
    assert error(account.crm("POST", "/leads/5/notes", [note]))[0] == 404
    assert fault(
        account.crm("POST", "/leads/notes", [{"entity_id": 5, "note_type": "common", "params": {"text": "x"}}])
    )


def test_a_task_is_made_changed_and_listed(account: Account) -> None:
    deal = account.asked().ticket.lead
    body = {"text": "Answer", "complete_till": int(NOW) + 900, "entity_id": deal, "entity_type": "leads"}
    (made,) = account.ok(account.crm("POST", "/tasks", [{**body, "request_id": "t"}]))["_embedded"]["tasks"]
    assert account.crm_hook("add_task")["task"]["add"][0]["element_id"] == str(deal)
    account.ok(account.crm("PATCH", f"/tasks/{made['id']}", {"is_completed": True}))
    assert account.ok(account.crm("GET", f"/tasks/{made['id']}"))["is_completed"] is True
    page = account.ok(account.crm("GET", f"/tasks?filter[is_completed]=1&filter[entity_id]={deal}"))
    assert [each["id"] for each in page["_embedded"]["tasks"]] == [made["id"]]
    response = account.crm("GET", "/tasks?filter[is_completed]=0").response
    assert response is not None and response.status == 204


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"text": None}, "text"),
        ({"complete_till": "tomorrow"}, "complete_till"),
        ({"task_type_id": 9}, "task_type_id"),
        ({"entity_type": "odd"}, "entity_type"),
        ({"entity_type": "leads", "entity_id": 5}, "entity_id"),
        ({"responsible_user_id": 5}, "responsible_user_id"),
    ],
)
def test_a_wrong_task_is_refused(account: Account, change: dict[str, Any], where: str) -> None:
    body = {"text": "x", "complete_till": 1, **change}
    assert fault(account.crm("POST", "/tasks", [body]))[1] == where
    assert error(account.crm("GET", "/tasks/5"))[0] == 404
