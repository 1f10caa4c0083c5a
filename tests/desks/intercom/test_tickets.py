"""Tickets: made alone or out of a conversation."""

from __future__ import annotations

import pytest

from chatdrill.model import HandoffAsked, TicketClosed, TicketOpened
from desks.intercom.kit import BOT, NOW, TEAM, Desk

TITLE = {"_default_title_": "Delivery", "_default_description_": "late"}


def create(desk: Desk, **more: object) -> dict[str, object]:
    if not desk.state.contacts:
        desk.contact()
    contacts = [{"external_id": "tg-42"}]
    body = {"ticket_type_id": "53", "contacts": contacts, "ticket_attributes": TITLE, **more}
    made: dict[str, object] = desk.ok("POST", "/tickets", body)
    return made


def test_a_ticket_has_the_shape_of_the_api_and_waits_for_people(desk: Desk) -> None:
    made = create(desk)
    id = str(made["id"])
    assert id != made["ticket_id"] and made["ticket_attributes"] == TITLE
    assert made["ticket_state"] == {
        "type": "ticket_state",
        "id": "8481",
        "category": "submitted",
        "internal_label": "Submitted",
        "external_label": "Submitted",
    }
    assert (made["category"], made["is_shared"], made["open"], made["created_at"]) == ("Customer", True, True, int(NOW))
    assert (made["admin_assignee_id"], made["team_assignee_id"]) == ("0", "0")
    assert desk.ok("GET", f"/tickets/{id}") == made and desk.owner(id) == "queue"
    opened = next(event for event in desk.seen if isinstance(event, TicketOpened))
    assert (opened.subject, opened.fields) == ("Delivery", TITLE) and HandoffAsked(ticket=id) in desk.seen
    assert desk.told()[-1] == "ticket.created"


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"ticket_type_id": "99"}, (404, "ticket_type_not_found")),
        ({"ticket_type_id": None}, (400, "parameter_not_found")),
        ({"contacts": []}, (400, "parameter_invalid")),
        ({"contacts": [{"external_id": "tg-42"}, {"external_id": "tg-42"}]}, (400, "parameter_invalid")),
        ({"contacts": [{"id": "nobody"}]}, (404, "not_found")),
        ({"assignment": {"admin_assignee_id": "12"}}, (404, "assignee_not_found")),
        ({"assignment": {"team_assignee_id": "12"}}, (404, "assignee_not_found")),
        ({"conversation_to_link_id": "12"}, (404, "not_found")),
    ],
)
def test_a_wrong_ticket_is_refused_and_none_is_made(
    desk: Desk, more: dict[str, object], error: tuple[int, str]
) -> None:
    desk.contact()
    body = {"ticket_type_id": "53", "contacts": [{"external_id": "tg-42"}], **more}
    assert desk.refused("POST", "/tickets", body)[:2] == error
    assert desk.refused("POST", "/tickets/enqueue", body)[:2] == error
    assert not desk.state.tickets


def test_a_ticket_may_be_made_assigned_and_linked(desk: Desk) -> None:
    talk = desk.conversation()
    assignment = {"admin_assignee_id": desk.id(), "team_assignee_id": TEAM}
    made = create(desk, assignment=assignment, conversation_to_link_id=talk, ticket_type_id="54")
    assert (made["admin_assignee_id"], made["team_assignee_id"]) == (desk.id(), TEAM)
    links, id = made["linked_objects"], str(made["id"])
    assert isinstance(links, dict) and links["data"][0]["id"] == talk
    assert desk.owner(id) == "agent" and made["is_shared"] is False
    assert desk.told()[-2:] == ["ticket.team.assigned", "ticket.admin.assigned"]


def test_an_enqueued_ticket_is_a_job_and_a_second_call_makes_a_second_ticket(desk: Desk) -> None:
    desk.contact()
    body = {"ticket_type_id": "53", "contacts": [{"external_id": "tg-42"}]}
    jobs = [desk.ok("POST", "/tickets/enqueue", body) for _ in range(2)]
    assert [job["status"] for job in jobs] == ["pending", "pending"] and jobs[0]["resource_id"] is None
    done = [desk.ok("GET", f"/jobs/status/{job['id']}") for job in jobs]
    assert done[0]["status"] == "success" and done[0]["resource_id"] != done[1]["resource_id"]
    assert len(desk.state.tickets) == 2
    assert desk.refused("GET", "/jobs/status/9") == (404, "job_not_found", "Job Not Found")


def test_a_converted_conversation_keeps_its_id(desk: Desk) -> None:
    ticket = desk.conversation()
    message = "Ticket type is not a customer ticket type"
    path = f"/conversations/{ticket}/convert"
    assert desk.refused("POST", path, {"ticket_type_id": "54"}) == (400, "parameter_invalid", message)
    made = desk.ok("POST", path, {"ticket_type_id": "53", "attributes": {"_default_title_": "Parcel"}})
    assert made["id"] == ticket and made["ticket_attributes"] == {"_default_title_": "Parcel"}
    assert desk.owner(ticket) == "queue" and desk.seen[-1] == HandoffAsked(ticket=ticket)
    assert desk.ok("GET", f"/conversations/{ticket}")["ticket"]["id"] == ticket
    assert desk.refused("POST", path, {"ticket_type_id": "53"})[0] == 400


def test_a_ticket_changes_state_attributes_and_assignee(desk: Desk) -> None:
    id = str(create(desk)["id"])
    desk.hooks(), desk.kinds()
    body = {"ticket_state_id": 8483, "ticket_attributes": {"_default_title_": "New"}, "assignee_id": int(desk.id())}
    shown = desk.ok("PUT", f"/tickets/{id}", {**body, "admin_id": int(BOT), "is_shared": False})
    assert shown["ticket_state"]["external_label"] == "Waiting on you" and shown["is_shared"] is False
    assert shown["ticket_attributes"]["_default_title_"] == "New" and shown["admin_assignee_id"] == desk.id()
    assert shown["ticket_parts"]["ticket_parts"][-2]["previous_ticket_state"] == "submitted"
    assert desk.told() == ["ticket.attribute.updated", "ticket.state.updated", "ticket.admin.assigned"]
    assert desk.kinds() == ["state_changed", "assigned"]
    shown = desk.ok("PUT", f"/tickets/{id}", {"snoozed_until": int(NOW) + 60})
    assert (shown["snoozed_until"], shown["open"]) == (int(NOW) + 60, True)
    assert desk.ok("PUT", f"/tickets/{id}", {"assignee_id": TEAM})["team_assignee_id"] == TEAM
    assert desk.ok("PUT", f"/tickets/{id}", {"assignee_id": 0})["admin_assignee_id"] == "0"


def test_a_closed_ticket_gives_the_customer_back(desk: Desk) -> None:
    id = str(create(desk)["id"])
    desk.ok("PUT", f"/tickets/{id}", {"ticket_state_id": "8484"})
    assert desk.told()[-2:] == ["ticket.state.updated", "ticket.resolved"] and desk.owner(id) == "queue"
    assert desk.ok("PUT", f"/tickets/{id}", {"open": False})["open"] is False
    assert desk.told() == ["ticket.closed"] and desk.owner(id) == "bot" and TicketClosed(ticket=id) in desk.seen
    assert desk.ok("PUT", f"/tickets/{id}", {"open": True})["open"] is True and desk.owner(id) == "queue"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"ticket_state_id": 0}, (400, "ticket_state_id_invalid")),
        ({"admin_id": 12}, (404, "assignee_not_found")),
        ({"assignee_id": "12"}, (404, "assignee_not_found")),
        ({"ticket_attributes": 1}, (400, "parameter_invalid")),
    ],
)
def test_a_wrong_change_of_a_ticket_is_refused(desk: Desk, body: dict[str, object], error: tuple[int, str]) -> None:
    made = create(desk)
    assert desk.refused("PUT", f"/tickets/{made['id']}", {"is_shared": False, **body})[:2] == error
    assert desk.ok("GET", f"/tickets/{made['id']}") == made


def test_replies_to_a_ticket_are_ticket_parts(desk: Desk) -> None:
    id = str(create(desk)["id"])
    desk.hooks()
    said = {"message_type": "comment", "type": "user", "user_id": "tg-42", "body": "Thanks"}
    part = desk.ok("POST", f"/tickets/{id}/reply", said)
    assert (part["type"], part["part_type"], part["body"]) == ("ticket_part", "comment", "<p>Thanks</p>")
    assert "assigned_to" not in part and part["app_package_code"] == "chatdrill-bot"
    note = {"message_type": "note", "type": "admin", "admin_id": BOT, "body": "<h2>Log</h2>"}
    assert desk.ok("POST", f"/tickets/{id}/reply", note)["body"] == "<h2>Log</h2>"
    assert desk.told() == ["ticket.contact.replied", "ticket.note.created"]
    back = create(desk, ticket_type_id="54")["id"]
    message = "User replies are not allowed on Backoffice tickets"
    assert desk.refused("POST", f"/tickets/{back}/reply", said) == (400, "parameter_mismatch", message)
    assert desk.refused("POST", f"/tickets/{desk.conversation(desk.contact('tg-5'))}/reply", said)[0] == 404


def test_tickets_are_searched(desk: Desk) -> None:
    made = create(desk)
    desk.conversation(desk.contact("tg-43"))
    query = {"field": "ticket_state.category", "operator": "=", "value": "submitted"}
    found = desk.ok("POST", "/tickets/search", {"query": query})
    assert found["type"] == "ticket.list" and [one["id"] for one in found["tickets"]] == [made["id"]]


def test_a_deleted_ticket_is_gone(desk: Desk) -> None:
    id = create(desk)["id"]
    assert desk.ok("DELETE", f"/tickets/{id}") == {"id": id, "object": "ticket", "deleted": True}
    assert desk.refused("GET", f"/tickets/{id}") == (404, "ticket_not_found", "Ticket not found")
