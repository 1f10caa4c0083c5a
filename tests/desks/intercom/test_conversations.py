"""Conversations: what a call makes of one, and what the agents see of it."""

from __future__ import annotations

import base64
import hashlib

import pytest

from chatdrill.model import EntryAdded, TicketOpened
from chatdrill.wire import Fetched
from desks.intercom.kit import BASE, BOT, NOW, PNG, Desk

URL = "http://127.0.0.1:9000/shoe.png"


def test_the_answer_names_the_message_and_the_conversation_apart(desk: Desk) -> None:
    who = desk.contact(email="ann@example.org")
    made = desk.ok("POST", "/conversations", {"from": {"type": "user", "id": who}, "body": "1 < 2"})
    assert made["type"] == "user_message" and made["message_type"] == "inapp" and made["body"] == "1 < 2"
    assert made["created_at"] == int(NOW) and made["id"] != made["conversation_id"]
    said = {"message_type": "comment", "type": "user", "user_id": "tg-42", "body": "Hello?"}
    assert desk.refused("POST", f"/conversations/{made['id']}/reply", said) == (404, "not_found", "Resource Not Found")
    opened = next(event for event in desk.seen if isinstance(event, TicketOpened))
    assert {"tg-42", "ann@example.org"} < set(opened.keys) and opened.contact == who


def test_a_conversation_has_the_shape_of_the_api(desk: Desk) -> None:
    ticket = desk.conversation(body="1 < 2\nor not")
    shown = desk.ok("GET", f"/conversations/{ticket}")
    source = shown.pop("source")
    assert source["body"] == "<p>1 &lt; 2<br>or not</p>" and source["delivered_as"] == "customer_initiated"
    assert source["author"] == {"type": "user", "id": source["author"]["id"], "name": "Ann", "email": ""}
    contact = {"type": "contact", "id": source["author"]["id"], "external_id": "tg-42"}
    at = int(NOW)
    assert shown == {
        "type": "conversation",
        "id": ticket,
        "created_at": at,
        "updated_at": at,
        "waiting_since": at,
        "snoozed_until": None,
        "contacts": {"type": "contact.list", "contacts": [contact]},
        "first_contact_reply": {"created_at": at, "type": "conversation", "url": None},
        "admin_assignee_id": None,
        "team_assignee_id": None,
        "open": True,
        "state": "open",
        "read": False,
        "tags": {"type": "tag.list", "tags": []},
        "priority": "not_priority",
        "sla_applied": None,
        "statistics": None,
        "conversation_rating": None,
        "teammates": None,
        "title": None,
        "custom_attributes": {},
        "topics": {},
        "ticket": None,
        "linked_objects": {"type": "list", "data": [], "total_count": 0, "has_more": False},
        "ai_agent": None,
        "ai_agent_participated": False,
        "conversation_parts": {"type": "conversation_part.list", "conversation_parts": [], "total_count": 0},
    }


def test_a_part_has_the_shape_of_the_api(desk: Desk) -> None:
    (part,) = desk.say(desk.conversation(), "Hello?")["conversation_parts"]["conversation_parts"]
    assert part.pop("id").isdigit() and part.pop("author")["type"] == "user"
    assert part == {
        "type": "conversation_part",
        "part_type": "comment",
        "body": "<p>Hello?</p>",
        "created_at": int(NOW),
        "updated_at": int(NOW),
        "notified_at": int(NOW),
        "assigned_to": None,
        "attachments": [],
        "external_id": None,
        "redacted": False,
        "metadata": {},
        "email_message_metadata": None,
        "state": "open",
        "tags": [],
        "event_details": None,
        "app_package_code": "chatdrill-bot",
    }


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"from": {"type": "user", "id": "nobody"}, "body": "Hi"}, (404, "not_found")),
        ({"from": {"type": "admin", "id": BOT}, "body": "Hi"}, (400, "parameter_invalid")),
        ({"body": "Hi"}, (400, "parameter_invalid")),
        ({"from": "me", "body": "Hi"}, (400, "parameter_invalid")),
    ],
)
def test_a_conversation_needs_a_contact(desk: Desk, body: dict[str, object], error: tuple[int, str]) -> None:
    assert desk.refused("POST", "/conversations", body)[:2] == error


def test_the_same_call_twice_makes_two_conversations(desk: Desk) -> None:
    who = desk.contact()
    assert desk.conversation(who) != desk.conversation(who)


QUICK = {"reply_options": [{"text": "Yes", "uuid": "a5e1"}, {"text": "No", "uuid": "a5e2"}]}


@pytest.mark.parametrize(
    ("said", "author", "public", "part_type"),
    [
        ({"message_type": "comment", "type": "user", "user_id": "tg-42", "body": "Hi"}, "customer", True, "comment"),
        ({"message_type": "comment", "type": "user", "email": "ann@x.org", "body": "Hi"}, "customer", True, "comment"),
        ({"message_type": "comment", "type": "admin", "admin_id": BOT, "body": "<b>Hi</b>"}, "bot", True, "comment"),
        ({"message_type": "note", "type": "admin", "admin_id": int(BOT), "body": "Hi"}, "bot", False, "note"),
        ({"message_type": "quick_reply", "type": "admin", "admin_id": BOT, **QUICK}, "bot", True, "quick_reply"),
        ({"message_type": "quick_reply", "type": "user", "user_id": "tg-42", **QUICK}, "customer", True, "comment"),
    ],
)
def test_every_kind_of_reply_is_a_part_with_its_author(
    desk: Desk, said: dict[str, object], author: str, public: bool, part_type: str
) -> None:
    ticket = desk.conversation(desk.contact(email="ann@x.org"))
    shown = desk.ok("POST", f"/conversations/{ticket}/reply", said)
    event = desk.seen[-1]
    assert isinstance(event, EntryAdded) and (event.entry.author, event.entry.public) == (author, public)
    assert event.entry.text == ("Hi" if "body" in said else "Yes" if author == "customer" else "")
    assert shown["conversation_parts"]["conversation_parts"][-1]["part_type"] == part_type


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"type": "user", "user_id": "tg-42"}, (400, "parameter_invalid")),
        ({"type": "user", "user_id": "tg-404", "body": "Hi"}, (404, "not_found")),
        ({"type": "user", "body": "Hi"}, (404, "not_found")),
        ({"type": "admin", "admin_id": "1", "body": "Hi"}, (404, "admin_not_found")),
        ({"type": "admin", "body": "Hi"}, (404, "admin_not_found")),
        ({"type": "team", "body": "Hi"}, (400, "parameter_invalid")),
        ({"type": "user", "user_id": "tg-42", "message_type": "note", "body": "Hi"}, (400, "parameter_invalid")),
        ({"type": "admin", "admin_id": BOT, "message_type": "quick_reply"}, (400, "parameter_invalid")),
        ({"type": "user", "user_id": "tg-42", "body": "Hi", "created_at": "soon"}, (400, "parameter_invalid")),
        ({"type": "user", "user_id": "tg-42", "attachment_urls": ["ftp://x"]}, (400, "parameter_invalid")),
        ({"type": "user", "user_id": "tg-42", "attachment_files": [{"data": "%%"}]}, (400, "parameter_invalid")),
    ],
)
def test_a_wrong_reply_is_refused_and_changes_nothing(
    desk: Desk, said: dict[str, object], error: tuple[int, str]
) -> None:
    ticket = desk.conversation()
    before = desk.ok("GET", f"/conversations/{ticket}")
    assert desk.refused("POST", f"/conversations/{ticket}/reply", said)[:2] == error
    assert desk.ok("GET", f"/conversations/{ticket}") == before


def test_the_word_last_means_the_latest_conversation_of_the_contact(desk: Desk) -> None:
    who = desk.contact()
    desk.conversation(who)
    desk.now += 1
    second = desk.conversation(who)
    assert desk.say("last")["id"] == second
    said = {"type": "user", "user_id": "tg-404", "body": "Hi"}
    assert desk.refused("POST", "/conversations/last/reply", said)[2] == "User Not Found"
    desk.contact("tg-43")
    assert desk.refused("POST", "/conversations/last/reply", {**said, "user_id": "tg-43"})[2] == "Resource Not Found"


def test_files_of_links_and_of_base64_can_be_downloaded(desk: Desk) -> None:
    ticket = desk.conversation()
    path, said = f"/conversations/{ticket}/reply", {"type": "user", "user_id": "tg-42"}
    asked = desk.call("POST", path, {**said, "attachment_urls": [URL]})
    assert asked.wait is not None and asked.response is None
    files = [{"data": base64.b64encode(b"%PDF-1.4").decode(), "name": "bill 1.pdf", "content_type": "application/pdf"}]
    both = {**said, "attachment_urls": [URL], "attachment_files": files}
    shown = desk.ok("POST", path, both, fetched={URL: Fetched(PNG, "image/png")})
    picture, paper = shown["conversation_parts"]["conversation_parts"][0]["attachments"]
    assert (picture["type"], picture["name"], picture["content_type"]) == ("upload", "shoe.png", "image/png")
    assert (picture["width"], picture["filesize"]) == (1, len(PNG)) and paper["name"] == "bill 1.pdf"
    got = desk.call("GET", picture["url"].removeprefix(BASE), token=None)
    assert got.response is not None and (got.response.body, got.response.header("content-type")) == (PNG, "image/png")
    event = desk.seen[-1]
    assert isinstance(event, EntryAdded) and event.entry.files[0].sha256 == hashlib.sha256(PNG).hexdigest()


def test_a_link_that_cannot_be_read_is_a_broken_attachment(desk: Desk) -> None:
    sender = {"type": "user", "id": desk.contact()}
    body = {"from": sender, "body": "See", "attachment_urls": [URL]}
    ticket = desk.ok("POST", "/conversations", body, fetched={URL: Fetched(error="status 404")})["conversation_id"]
    (file,) = desk.ok("GET", f"/conversations/{ticket}")["source"]["attachments"]
    assert file["url"] == URL and desk.refused("GET", "/downloads/00/x", token=None)[0] == 404


@pytest.mark.parametrize(("name", "one"), [("attachment_urls", URL), ("attachment_files", {"data": ""})])
def test_ten_files_are_taken_and_eleven_are_not(desk: Desk, name: str, one: object) -> None:
    ticket = desk.conversation()
    said = {"type": "user", "user_id": "tg-42", "body": "See"}
    fetched = {URL: Fetched(PNG, "image/png")}
    shown = desk.ok("POST", f"/conversations/{ticket}/reply", {**said, name: [one] * 10}, fetched=fetched)
    assert len(shown["conversation_parts"]["conversation_parts"][0]["attachments"]) == 10
    assert desk.refused("POST", f"/conversations/{ticket}/reply", {**said, name: [one] * 11})[0] == 400


def test_a_conversation_shows_its_500_latest_parts(desk: Desk) -> None:
    ticket = desk.conversation()
    for n in range(501):
        desk.say(ticket, f"word {n}")
    parts = desk.ok("GET", f"/conversations/{ticket}?display_as=plaintext")["conversation_parts"]
    shown = [part["body"] for part in parts["conversation_parts"]]
    assert (len(shown), shown[0], shown[-1], parts["total_count"]) == (500, "word 1", "word 500", 501)


def test_title_and_attributes_are_kept_and_leave_parts(desk: Desk) -> None:
    ticket = desk.conversation()
    body = {"read": True, "title": "Parcel", "custom_attributes": {"bot_owner": "bot"}}
    shown = desk.ok("PUT", f"/conversations/{ticket}", body)
    assert (shown["read"], shown["title"], shown["custom_attributes"]) == (True, "Parcel", {"bot_owner": "bot"})
    (part,) = shown["conversation_parts"]["conversation_parts"]
    assert (part["part_type"], part["author"]["type"]) == ("conversation_attribute_updated_by_admin", "bot")
    assert desk.refused("PUT", f"/conversations/{ticket}", {"custom_attributes": 1})[0] == 400


def test_conversations_are_searched_and_listed_by_page(desk: Desk) -> None:
    who = desk.contact()
    first, second = desk.conversation(who), desk.conversation(who)
    desk.now += 1
    desk.assign(first)
    listed = desk.ok("GET", "/conversations?per_page=1")
    assert [one["id"] for one in listed["conversations"]] == [first] and listed["total_count"] == 2
    assert "conversation_parts" not in listed["conversations"][0] and listed["pages"]["total_pages"] == 2
    query = {"field": "team_assignee_id", "operator": "=", "value": None}
    after = {"query": {"field": "contact_ids", "operator": "=", "value": who}, "pagination": {"per_page": 1}}
    assert [one["id"] for one in desk.ok("POST", "/conversations/search", {"query": query})["conversations"]] == [
        second
    ]
    assert "next" in desk.ok("POST", "/conversations/search", after)["pages"]


@pytest.mark.parametrize(("per_page", "status"), [(150, 200), (151, 400), (0, 400), ("many", 400)])
def test_a_page_has_at_most_150(desk: Desk, per_page: object, status: int) -> None:
    handled = desk.call("GET", f"/conversations?per_page={per_page}")
    assert handled.response is not None and handled.response.status == status
    assert desk.refused("GET", "/conversations?starting_after=x")[0] == 400


def test_the_stated_time_of_writing_is_kept_for_the_agents(desk: Desk) -> None:
    desk.say(desk.conversation(), "Earlier", created_at=int(NOW) - 900)
    event = desk.seen[-1]
    assert isinstance(event, EntryAdded) and (event.entry.origin_at, event.entry.at) == (NOW - 900, NOW)
