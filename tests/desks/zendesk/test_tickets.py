"""Tickets of the Ticketing API: what is answered, what is refused, and what became true."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Close, EntryAdded, SetState, TicketOpened
from desks.zendesk.kit import NOW, Account, answer, header, status, tags

STAMP = "2026-11-20T22:05:45Z"


def entries(account: Account) -> list[Any]:
    return [event.entry for event in account.events if isinstance(event, EntryAdded)]


def test_an_update_with_a_comment_is_its_authors(account: Account) -> None:
    number = account.ticket()
    ann = account.ann(number)
    theirs = answer(account.update(number, comment={"body": "Hello?", "author_id": ann}))["audit"]
    ours = answer(account.update(number, priority="high"))["audit"]
    assert (theirs["author_id"], ours["author_id"]) == (ann, account.state.api_user_id)


def test_a_new_ticket_has_the_vendors_shape(account: Account) -> None:
    body = {
        "subject": "Telegram: delivery",
        "comment": {"body": "Transcript"},
        "requester": {"name": "Ann", "email": "ann@example.com"},
        "external_id": "dialog-42",
        "tags": ["bot_handoff"],
        "priority": "normal",
        "custom_fields": [{"id": 360001, "value": "telegram"}],
    }
    made = account.api("POST", "tickets.json", {"ticket": body})
    told = answer(made)["ticket"]
    assert (status(made), header(made, "location")) == (201, told["url"])
    assert told["url"].endswith(f"/zendesk/api/v2/tickets/{told['id']}.json")
    wanted = {"external_id": "dialog-42", "status": "new", "priority": "normal", "description": "Transcript"}
    assert {name: told[name] for name in wanted} == wanted
    assert told["tags"] == ["bot_handoff"] and told["custom_fields"] == [{"id": 360001, "value": "telegram"}]
    assert told["via"] == {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}}
    assert told["satisfaction_rating"] == {"score": "unoffered"} and told["followup_ids"] == []
    assert told["created_at"] == STAMP and told["generated_timestamp"] == int(NOW)
    assert told["requester_id"] != told["submitter_id"] == account.state.api_user_id
    assert any(event["type"] == "Comment" for event in answer(made)["audit"]["events"])


def test_a_new_ticket_is_a_handover_that_names_the_person(account: Account) -> None:
    number = account.ticket(external_id="dialog-42", custom_fields=[{"id": 7, "value": "tg:5001"}])
    opened = next(event for event in account.events if isinstance(event, TicketOpened))
    assert tags(account.events) == ["contact_filed", "ticket_opened", "handoff_asked", "entry_added"]
    assert {"tg-42", "ann@example.com", "dialog-42", "tg:5001"} <= set(opened.keys)
    assert (opened.ticket, opened.name, opened.subject) == (str(number), "Ann", "Parcel")


def test_without_a_requester_the_ticket_is_the_bots_own(account: Account) -> None:
    made = answer(account.api("POST", "tickets", {"ticket": {"comment": {"body": "x"}}}))["ticket"]
    assert made["requester_id"] == account.state.api_user_id
    assert next(event for event in account.events if isinstance(event, TicketOpened)).name == ""


def test_the_author_of_a_comment_says_whose_it_is(account: Account) -> None:
    number = account.ticket()
    account.update(number, comment={"body": "mine", "author_id": account.ann(number)}, metadata={"origin": "tg:7"})
    account.update(number, comment={"body": "note", "public": False})
    assert [(each.author, each.text, each.public) for each in entries(account)] == [
        ("bot", "Where is my parcel?", True),
        ("customer", "mine", True),
        ("bot", "note", False),
    ]
    assert entries(account)[1].origin_id == "tg:7"


@pytest.mark.parametrize("waiting", ["pending", "hold", "solved"])
def test_a_customers_public_comment_opens_a_waiting_ticket(account: Account, waiting: str) -> None:
    number = account.ticket()
    account.update(number, status=waiting, assignee_id=account.state.api_user_id)
    account.update(number, comment={"body": "quietly", "author_id": account.ann(number), "public": False})
    assert answer(account.api("GET", f"tickets/{number}"))["ticket"]["status"] == waiting
    told = answer(account.update(number, comment={"body": "hello?", "author_id": account.ann(number)}))
    assert told["ticket"]["status"] == "open"
    change = next(event for event in told["audit"]["events"] if event.get("field_name") == "status")
    assert (change["type"], change["value"], change["previous_value"]) == ("Change", "open", waiting)
    assert ("ticket_reopened" in tags(account.events)) == (waiting == "solved")


def test_an_external_id_does_not_make_a_ticket_unique(account: Account) -> None:
    assert account.ticket(external_id="dialog-42") != account.ticket(external_id="dialog-42")
    assert answer(account.api("GET", "tickets?external_id=dialog-42"))["count"] == 2


def test_the_tickets_of_a_requester_are_listed(account: Account) -> None:
    number = account.ticket()
    listed = answer(account.api("GET", f"users/{account.ann(number)}/tickets/requested"))
    assert [each["id"] for each in listed["tickets"]] == [number]
    assert answer(account.api("GET", f"users/{account.state.api_user_id}/tickets/requested"))["count"] == 0


# ---------------------------------------------------------------------------------------------------- idempotency


def test_the_same_key_with_the_same_body_makes_one_ticket(account: Account) -> None:
    body, key = {"ticket": {"comment": {"body": "x"}}}, (("Idempotency-Key", "dialog-42-1"),)
    first = account.api("POST", "tickets", body, headers=key)
    again = account.api("POST", "tickets", body, headers=key)
    assert [header(each, "x-idempotency-lookup") for each in (first, again)] == ["miss", "hit"]
    assert answer(first) == answer(again) and status(again) == 201 and again.events == ()
    assert next(event for event in first.events if isinstance(event, TicketOpened)).request_key == "dialog-42-1"


def test_the_same_key_with_another_body_is_refused(account: Account) -> None:
    key = (("Idempotency-Key", "k"),)
    account.api("POST", "tickets", {"ticket": {"comment": {"body": "x"}}}, headers=key)
    assert status(account.api("POST", "tickets", {"ticket": {"comment": {"body": "y"}}}, headers=key)) == 400


def test_a_key_is_forgotten_after_two_hours(account: Account) -> None:
    body, key = {"ticket": {"comment": {"body": "x"}}}, (("Idempotency-Key", "k"),)
    first = account.api("POST", "tickets", body, headers=key)
    account.now += 2 * 3600 + 1
    assert answer(account.api("POST", "tickets", body, headers=key))["ticket"]["id"] != answer(first)["ticket"]["id"]


@pytest.mark.parametrize(("length", "code"), [(255, 201), (256, 400)])
def test_a_key_has_at_most_255_characters(account: Account, length: int, code: int) -> None:
    key = (("Idempotency-Key", "k" * length),)
    assert status(account.api("POST", "tickets", {"ticket": {"comment": {"body": "x"}}}, headers=key)) == code


# ------------------------------------------------------------------------------------------------------- refusals


def test_an_outdated_safe_update_is_refused_and_changes_nothing(account: Account) -> None:
    number = account.ticket()
    account.now += 60
    account.update(number, comment={"body": "newer"})
    refused = account.update(number, comment={"body": "x"}, safe_update=True, updated_stamp=STAMP)
    assert (status(refused), answer(refused)["error"]) == (409, "UpdateConflict")
    assert answer(refused)["description"].startswith("Safe Update prevented the update due to outdated ticket data")
    fresh = answer(account.api("GET", f"tickets/{number}"))["ticket"]["updated_at"]
    assert status(account.update(number, comment={"body": "x"}, safe_update=True, updated_stamp=fresh)) == 200


def test_a_closed_ticket_never_changes_and_is_followed_by_another(account: Account) -> None:
    number = account.ticket()
    assert status(account.api("POST", "tickets", {"ticket": {"comment": "x", "via_followup_source_id": number}})) == 422
    account.update(number, status="closed", assignee_id=account.state.api_user_id)
    refused = account.update(number, comment={"body": "x"})
    details = answer(refused)["details"]["status"][0]
    assert (status(refused), answer(refused)["error"]) == (422, "RecordInvalid")
    assert details["description"] == "Status: closed prevents ticket update"
    follow = account.ticket(via_followup_source_id=number)
    assert answer(account.api("GET", f"tickets/{number}"))["ticket"]["followup_ids"] == [follow]
    assert next(event for event in reversed(account.events) if isinstance(event, TicketOpened)).follows == str(number)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"status": "solved"}, "base"),
        ({"status": "done"}, "status"),
        ({"priority": "huge"}, "priority"),
        ({"assignee_id": 1}, "assignee"),
        ({"group_id": 1}, "group"),
        ({"comment": {"body": " "}}, "base"),
        ({"comment": {"body": "x", "author_id": 1}}, "author"),
        ({"comment": {"body": "x", "uploads": ["nothing"]}}, "uploads"),
    ],
)
def test_what_cannot_be_is_a_record_invalid(account: Account, changes: Any, field: str) -> None:
    number = account.ticket()
    account.updates()
    refused = account.update(number, **changes)
    assert status(refused) == 422 and list(answer(refused)["details"]) == [field]
    assert refused.events == () and not account.updates()


def test_a_ticket_without_words_is_refused(account: Account) -> None:
    refused = account.api("POST", "tickets", {"ticket": {"subject": "x"}})
    error = {"description": "Description: cannot be blank", "error": "BlankValue"}
    assert (status(refused), answer(refused)["details"]) == (422, {"base": [error]})


def test_an_agent_belongs_to_the_group(account: Account) -> None:
    number, eva = account.ticket(), account.state.person_of("eva")
    bobs = account.state.person_of("bob").group_ids[0]
    assert status(account.update(number, assignee_id=eva.id, group_id=bobs)) == 422
    told = answer(account.update(number, assignee_id=eva.id))["ticket"]
    assert (told["assignee_id"], told["group_id"], told["status"]) == (eva.id, eva.group_ids[0], "open")
    told = answer(account.update(number, group_id=bobs))["ticket"]
    assert (told["assignee_id"], told["group_id"]) == (None, bobs)


@pytest.mark.parametrize("path", ["tickets/1", "tickets/x", "tickets/1/comments", "users/1", "job_statuses/x"])
def test_what_is_not_there_is_a_404(account: Account, path: str) -> None:
    refused = account.api("GET", path)
    assert (status(refused), answer(refused)) == (404, {"error": "RecordNotFound", "description": "Not found"})


# ------------------------------------------------------------------------------------------------ tags and so on


def test_tags_are_added_set_and_removed(account: Account) -> None:
    number = account.ticket(tags=["a"])
    path = f"tickets/{number}/tags"
    assert answer(account.api("PUT", path, {"tags": ["b"]})) == {"tags": ["a", "b"]}
    assert answer(account.api("DELETE", path, {"tags": ["a"]})) == {"tags": ["b"]}
    made = account.api("POST", path, {"tags": ["c"]})
    assert (status(made), answer(account.api("GET", path))) == (201, {"tags": ["c"]})
    assert answer(account.update(number, tags=["d"]))["ticket"]["tags"] == ["d"]


def test_comments_are_listed_in_order_by_page_and_by_cursor(account: Account) -> None:
    number = account.ticket()
    for text in ("2", "3"):
        account.update(number, comment={"body": text})
    by_page = answer(account.api("GET", f"tickets/{number}/comments?per_page=2&page=2"))
    assert [each["body"] for each in by_page["comments"]] == ["3"] and by_page["count"] == 3
    assert by_page["next_page"] is None and "page=1" in by_page["previous_page"]
    first = answer(account.api("GET", f"tickets/{number}/comments?page[size]=2"))
    after = first["meta"]["after_cursor"]
    second = answer(account.api("GET", f"tickets/{number}/comments?page[size]=2&page[after]={after}"))
    assert first["meta"]["has_more"] and [each["body"] for each in second["comments"]] == ["3"]
    assert status(account.api("GET", f"tickets/{number}/comments?page[size]=101")) == 400


def test_every_update_is_in_the_change_log_and_time_only_grows(account: Account) -> None:
    number = account.ticket()
    account.now -= 30
    account.update(number, subject="Another")
    log = answer(account.api("GET", f"tickets/{number}/audits"))["audits"]
    assert len(log) == 2 and log[1]["events"][0]["field_name"] == "subject"
    assert answer(account.api("GET", f"tickets/{number}"))["ticket"]["updated_at"] == STAMP


def test_merged_tickets_are_closed_and_a_job_tells_of_it(account: Account) -> None:
    source, target = account.ticket(), account.ticket()
    told = answer(account.api("POST", f"tickets/{target}/merge", {"ids": [source], "source_comment": "same"}))
    job = answer(account.api("GET", f"job_statuses/{told['job_status']['id']}"))["job_status"]
    assert (told["job_status"]["status"], job["status"]) == ("queued", "completed")
    assert answer(account.api("GET", f"tickets/{source}"))["ticket"]["status"] == "closed"
    assert "ticket.merged" in account.kinds()
    assert status(account.api("POST", f"tickets/{target}/merge", {"ids": [source]})) == 422


def test_an_imported_ticket_keeps_its_times_and_tells_no_webhook(account: Account) -> None:
    rows = [{"value": "long ago", "created_at": "2025-01-02T03:04:05Z"}]
    body = {"ticket": {"requester": {"name": "Ann"}, "comments": rows, "status": "closed"}}
    made = account.api("POST", "imports/tickets", body)
    assert (status(made), answer(made)["ticket"]["status"]) == (201, "closed")
    (entry,) = entries(account)
    assert entry.at == entry.origin_at == 1735787045.0 and not account.updates()
    assert "handoff_asked" not in tags(account.events)


def test_a_deleted_ticket_is_gone(account: Account) -> None:
    number = account.ticket()
    assert status(account.api("DELETE", f"tickets/{number}")) == 204
    assert status(account.api("GET", f"tickets/{number}")) == 404
    assert "ticket.soft_deleted" in account.kinds()


def test_a_deleted_ticket_is_nobodys_work(account: Account) -> None:
    number = account.ticket()
    assert (
        tags(account.api("DELETE", f"tickets/{number}").events) == ["ticket_closed"] and account.owner(number) == "bot"
    )
    talk = account.handed_over()
    messaging = account.state.tickets[talk].record
    assert messaging is not None
    assert "ticket_closed" in tags(account.api("DELETE", f"tickets/{messaging.number}").events)
    assert account.owner(talk) == "bot"


def test_giving_up_a_ticket_of_its_own_is_how_the_bot_asks_for_a_person(account: Account) -> None:
    number = account.ticket(assignee_id=account.state.api_user_id)
    assert account.owner(number) == "bot" and "handoff_asked" not in tags(account.events)
    assert "handoff_asked" in tags(account.update(number, assignee_id=None).events)
    assert account.owner(number) == "queue"


@pytest.mark.parametrize("odd", [{"status": []}, {"custom_fields": 5}, {"tags": {}}, {"comment": []}, {"metadata": 1}])
def test_odd_types_are_refused_or_ignored(account: Account, odd: Any) -> None:
    assert status(account.update(account.ticket(), **odd)) in (200, 422)


def test_a_comment_can_be_made_private(account: Account) -> None:
    number = account.ticket()
    comment = answer(account.api("GET", f"tickets/{number}/comments"))["comments"][0]["id"]
    assert status(account.api("PUT", f"tickets/{number}/comments/{comment}/make_private")) == 200
    assert not answer(account.api("GET", f"tickets/{number}/comments"))["comments"][0]["public"]


def test_redaction_leaves_blocks(account: Account) -> None:
    number = account.ticket(comment={"body": "card 4111"})
    comment = answer(account.api("GET", f"tickets/{number}/comments"))["comments"][0]["id"]
    body = {"ticket_id": number, "html_body": "card <redact>4111</redact>", "external_attachment_urls": []}
    told = answer(account.api("PUT", f"comment_redactions/{comment}", body))["comment"]
    assert told["body"] == "card ▇▇▇▇" and tags(account.events)[-1] == "entry_changed"
    assert "ticket.comment_redacted" in account.kinds()
    assert status(account.api("PUT", "comment_redactions/1", body)) == 404


# -------------------------------------------------------------------------------------------------------- ratings


def test_only_the_requester_rates_and_only_after_solving(account: Account) -> None:
    number = account.ticket()
    path, body = (
        f"tickets/{number}/satisfaction_rating",
        {"satisfaction_rating": {"score": "good", "comment": "thanks"}},
    )
    ann = account.support_auth("ann@example.com")
    assert status(account.api("POST", path, body)) == 403
    assert status(account.api("POST", path, body, auth=ann)) == 422
    account.act(number, SetState(agent="bob", state="solved"))
    assert status(account.api("POST", path, {"satisfaction_rating": {"score": "great"}}, auth=ann)) == 422
    told = answer(account.api("POST", path, body, auth=ann))["satisfaction_rating"]
    assert (told["score"], told["comment"]) == ("good_with_comment", "thanks")
    assert answer(account.api("GET", "satisfaction_ratings?score=bad"))["count"] == 0
    assert answer(account.api("GET", "satisfaction_ratings?score=good_with_comment"))["count"] == 1
    rated = account.events[-1]
    assert (tags([rated]), rated.score, rated.agent) == (["rated"], 5, "bob")  # type: ignore[attr-defined,union-attr]


def test_a_solved_ticket_is_closed_four_days_later(account: Account) -> None:
    number = account.ticket()
    solved = account.update(number, status="solved", assignee_id=account.state.api_user_id)
    (later,) = solved.later
    assert (later.after_s, later.to) == (96 * 3600, str(number))
    account.act(number, later.act)  # type: ignore[arg-type]
    assert answer(account.api("GET", f"tickets/{number}"))["ticket"]["status"] == "closed"
    assert tags(account.events).count("ticket_closed") == 1


def test_the_survey_is_asked_for_a_day_after_solving_where_it_is_on() -> None:
    account = Account(csat="yes")
    number = account.ticket()
    solved = account.update(number, status="solved", assignee_id=account.state.api_user_id)
    later = next(each for each in solved.later if each.after_s == 24 * 3600)
    assert tags(account.act(number, later.act)) == ["survey_asked"]  # type: ignore[arg-type]
    assert answer(account.api("GET", f"tickets/{number}"))["ticket"]["satisfaction_rating"]["score"] == "offered"
    assert account.act(number, later.act) == []  # type: ignore[arg-type]


def test_closing_at_the_desk_solves_a_ticket(account: Account) -> None:
    number = account.ticket()
    assert tags(account.act(number, Close(agent="bob")))[-1] == "ticket_closed"
    told = answer(account.api("GET", f"tickets/{number}"))["ticket"]
    assert (told["status"], told["assignee_id"]) == ("solved", account.state.person_of("bob").id)
