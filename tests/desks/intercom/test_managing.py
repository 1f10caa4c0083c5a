"""What is done to a conversation by calls: assignment, states, tags, participants, redaction, deletion."""

from __future__ import annotations

import pytest

from chatdrill.model import Assigned, Elapse, EntryChanged, HandoffAsked, TicketClosed
from desks.intercom.kit import BOT, NOW, TEAM, Desk, queued


def last_part(shown: dict[str, object]) -> dict[str, object]:
    listed = shown["conversation_parts"]
    assert isinstance(listed, dict)
    part: dict[str, object] = listed["conversation_parts"][-1]
    return part


def test_an_assignment_to_the_team_asks_for_a_person_once(desk: Desk) -> None:
    ticket = desk.conversation()
    shown = desk.assign(ticket)
    assert (shown["team_assignee_id"], shown["admin_assignee_id"]) == (int(TEAM), None)
    part = last_part(shown)
    assert (part["part_type"], part["assigned_to"]) == ("assignment", {"type": "team", "id": TEAM})
    assert desk.seen[-2:] == [Assigned(ticket=ticket, team="Support"), HandoffAsked(ticket=ticket)]
    desk.seen.clear()
    desk.assign(ticket)
    assert desk.kinds() == ["assigned"]


def test_zero_means_nobody(desk: Desk) -> None:
    ticket = queued(desk)
    desk.assign(ticket, "admin", desk.id())
    shown = desk.assign(ticket, "admin", "0")
    assert shown["admin_assignee_id"] is None and shown["team_assignee_id"] == int(TEAM)
    assert last_part(shown)["assigned_to"] == {"type": "nobody_admin", "id": None}
    assert desk.assign(ticket, "team", "0")["team_assignee_id"] is None and desk.owner(ticket) == "bot"


@pytest.mark.parametrize(("state", "kind"), [("closed", "assign_and_reopen"), ("snoozed", "assign_and_unsnooze")])
def test_an_assignment_opens_what_is_closed_or_snoozed(desk: Desk, state: str, kind: str) -> None:
    ticket = queued(desk)
    desk.manage(ticket, "close" if state == "closed" else "snoozed", type="admin", snoozed_until=int(NOW) + 60)
    desk.hooks()
    shown = desk.assign(ticket, "admin", desk.id())
    assert (shown["state"], last_part(shown)["part_type"]) == ("open", kind)
    topic = "conversation.admin.open.assigned" if state == "closed" else "conversation.admin.assigned"
    assert desk.told() == [topic]


def test_states_change_as_the_vendor_changes_them(desk: Desk) -> None:
    ticket = queued(desk)
    shown = desk.manage(ticket, "snoozed", snoozed_until=int(NOW) + 600)
    assert (shown["state"], shown["open"], shown["snoozed_until"]) == ("snoozed", True, int(NOW) + 600)
    shown = desk.manage(ticket, "open")
    assert (shown["state"], shown["snoozed_until"], last_part(shown)["part_type"]) == ("open", None, "unsnoozed")
    shown = desk.manage(ticket, "close", type="admin", body="Goodbye :)")
    assert (shown["state"], shown["open"], last_part(shown)["body"]) == ("closed", False, "<p>Goodbye :)</p>")
    assert last_part(desk.manage(ticket, "open"))["part_type"] == "open"
    topics = ["snoozed", "unsnoozed", "closed", "opened"]
    assert desk.told() == [f"conversation.admin.{topic}" for topic in topics]


def test_closing_twice_and_opening_twice_change_nothing(desk: Desk) -> None:
    ticket = queued(desk)
    assert desk.manage(ticket, "open")["conversation_parts"]["total_count"] == 1
    desk.manage(ticket, "close")
    assert desk.manage(ticket, "close")["conversation_parts"]["total_count"] == 2
    assert [event for event in desk.seen if isinstance(event, TicketClosed)] == [TicketClosed(ticket=ticket)]


def test_a_snooze_ends_by_itself_unless_it_was_changed(desk: Desk) -> None:
    ticket = queued(desk)
    desk.manage(ticket, "snoozed", snoozed_until=int(NOW) + 600)
    desk.manage(ticket, "snoozed", snoozed_until=int(NOW) + 900)
    early, late = desk.later
    assert (early.after_s, late.after_s, late.to) == (600, 900, ticket)
    assert isinstance(late.act, Elapse)
    desk.now += 600
    assert desk.act(ticket, early.act) == []
    desk.act(ticket, late.act)
    assert desk.ok("GET", f"/conversations/{ticket}")["state"] == "open"
    assert desk.told()[-1] == "conversation.admin.unsnoozed"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"message_type": "assignment", "type": "admin", "assignee_id": "12"}, (404, "assignee_not_found")),
        ({"message_type": "assignment", "type": "team", "assignee_id": BOT}, (404, "assignee_not_found")),
        ({"message_type": "assignment", "type": "team"}, (400, "parameter_not_found")),
        ({"message_type": "assignment", "assignee_id": TEAM}, (400, "parameter_invalid")),
        ({"message_type": "close", "admin_id": "12"}, (404, "admin_not_found")),
        ({"message_type": "snoozed"}, (400, "parameter_invalid")),
        ({"message_type": "snoozed", "snoozed_until": int(NOW)}, (400, "parameter_invalid")),
        ({"message_type": "bury"}, (400, "parameter_invalid")),
    ],
)
def test_a_wrong_deed_is_refused(desk: Desk, body: dict[str, object], error: tuple[int, str]) -> None:
    ticket = desk.conversation()
    assert desk.refused("POST", f"/conversations/{ticket}/parts", {"admin_id": BOT, **body})[:2] == error
    assert desk.ok("GET", f"/conversations/{ticket}")["conversation_parts"]["total_count"] == 0


def test_a_redacted_part_keeps_its_place_without_its_words(desk: Desk) -> None:
    ticket = desk.conversation()
    part = last_part(desk.say(ticket, "my card is 4111"))
    body = {"type": "conversation_part", "conversation_id": int(ticket), "conversation_part_id": part["id"]}
    shown = last_part(desk.ok("POST", "/conversations/redact", body))
    assert (shown["redacted"], shown["body"]) == (True, "<p><i>This message was deleted</i></p>")
    assert desk.seen[-1] == EntryChanged(ticket=ticket, entry_id=str(part["id"]), deleted=True)
    source = desk.ok("GET", f"/conversations/{ticket}")["source"]["id"]
    body = {"type": "source", "conversation_id": ticket, "source_id": source}
    assert desk.ok("POST", "/conversations/redact", body)["source"]["redacted"] is True
    texts = [entry.text for entry in desk.state.tickets[ticket].entries]
    assert texts == ["", ""]


def test_a_part_without_words_cannot_be_redacted(desk: Desk) -> None:
    ticket = desk.conversation()
    part = last_part(desk.assign(ticket))["id"]
    body = {"type": "conversation_part", "conversation_id": ticket, "conversation_part_id": part}
    assert desk.refused("POST", "/conversations/redact", body)[:2] == (422, "conversation_part_not_redactable")
    body["conversation_part_id"] = "1"
    message = "Conversation part or message not found"
    error = (404, "conversation_part_or_message_not_found", message)
    assert desk.refused("POST", "/conversations/redact", body) == error
    assert desk.refused("POST", "/conversations/redact", {"type": "all"})[0] == 400


def test_a_deleted_conversation_is_gone_and_told_in_its_short_form(desk: Desk) -> None:
    ticket = queued(desk)
    gone = desk.ok("DELETE", f"/conversations/{ticket}")
    assert gone == {"id": ticket, "object": "conversation", "deleted": True}
    (hook,) = desk.hooks()
    assert hook["topic"] == "conversation.deleted"
    assert hook["data"]["item"] == {"type": "conversation", "conversation_id": ticket}
    assert desk.kinds() == ["ticket_closed"] and desk.owner(ticket) == "bot"
    assert desk.refused("GET", f"/conversations/{ticket}")[0] == 404
    assert desk.ok("GET", "/conversations")["total_count"] == 0


def test_a_tag_is_hung_on_and_taken_off(desk: Desk) -> None:
    ticket, tag = desk.conversation(), desk.ok("POST", "/tags", {"name": "vip"})["id"]
    assert desk.ok("POST", "/tags", {"name": "VIP"})["id"] == tag
    desk.hooks()
    hung = desk.ok("POST", f"/conversations/{ticket}/tags", {"id": tag, "admin_id": BOT})
    assert hung == {
        "type": "tag",
        "id": tag,
        "name": "vip",
        "applied_at": int(NOW),
        "applied_by": {"type": "admin", "id": BOT},
    }
    assert desk.told() == ["conversation_part.tag.created"]
    assert desk.ok("GET", f"/conversations/{ticket}")["tags"]["tags"] == [hung]
    path = f"/conversations/{ticket}/tags/{tag}"
    assert desk.ok("DELETE", path, {"admin_id": BOT}) == hung
    assert desk.refused("DELETE", path, {"admin_id": BOT}) == (404, "tag_not_found", "Tag not found")
    assert desk.refused("POST", "/conversations/1/tags", {"id": tag, "admin_id": BOT})[2] == "Conversation not found"


def test_participants_come_and_go_but_not_the_last_one(desk: Desk) -> None:
    ticket, other = desk.conversation(), desk.contact("tg-43")
    desk.hooks()
    body = {"admin_id": BOT, "customer": {"user_id": "tg-43"}}
    added = desk.ok("POST", f"/conversations/{ticket}/customers", body)["customers"]
    assert [one["id"] for one in added][1:] == [other]
    desk.say(ticket, "me too", "tg-43")
    first = added[0]["id"]
    left = desk.ok("DELETE", f"/conversations/{ticket}/customers/{first}", {"admin_id": BOT})["customers"]
    assert left == [{"type": "user", "id": other}]
    message = "Removing the last customer is not allowed"
    refused = desk.refused("DELETE", f"/conversations/{ticket}/customers/{other}", {"admin_id": BOT})
    assert refused == (422, "parameter_invalid", message)
    topics = ["conversation.contact.attached", "conversation.user.replied", "conversation.contact.detached"]
    assert desk.told() == topics


def test_an_address_that_nobody_has_joins_as_a_lead(desk: Desk) -> None:
    body = {"admin_id": BOT, "customer": {"email": "new@example.org"}}
    joined = desk.ok("POST", f"/conversations/{desk.conversation()}/customers", body)["customers"]
    assert [one["type"] for one in joined] == ["user", "lead"] and "contact.lead.created" in desk.told()
