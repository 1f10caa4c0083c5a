"""Zendesk's Ticketing API over a real socket, from its documentation: what a bot calls, is refused, and hears."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sdk.desk_kit import PNG, Helpdesk

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def kind(name: str) -> Callable[[Any], bool]:
    return lambda event: event["type"] == f"zen:event-type:{name}"


def said(api: httpx.Client, ticket: int, **comment: Any) -> httpx.Response:
    return api.put(f"/tickets/{ticket}", json={"ticket": {"comment": comment}})


# -------------------------------------------------------------------------------------------------- authentication


def test_email_and_token_or_an_oauth_token_open_the_api(api: httpx.Client, helpdesk: Helpdesk) -> None:
    assert api.get("/users/me.json").json()["user"]["email"] == helpdesk.env["ZENDESK_EMAIL"]
    headers = {"Authorization": f"Bearer {helpdesk.env['ZENDESK_OAUTH_TOKEN']}"}
    with helpdesk.client(headers=headers) as client:
        assert client.get("/api/v2/users/me").json()["user"]["role"] == "admin"


@pytest.mark.parametrize(
    "auth",
    [
        None,
        ("bot@chatdrill.example/token", "guessed"),
        ("bot@chatdrill.example", "zdChatdrillApiToken"),
        ("x/token", ""),
    ],
)
def test_missing_or_wrong_credentials_are_401(helpdesk: Helpdesk, auth: Any) -> None:
    with helpdesk.client(auth=auth) as client:
        for method, path in (("GET", "tickets/1"), ("POST", "tickets"), ("POST", "uploads?filename=a.png")):
            answer = client.request(method, f"/api/v2/{path}")
            assert (answer.status_code, answer.json()) == (401, {"error": "Couldn't authenticate you"})


# ----------------------------------------------------------------------------------------------------------- users


def test_a_user_is_made_once_then_updated_and_found(api: httpx.Client) -> None:
    about = {"external_id": "tg-42", "name": "Ann", "email": "ann@example.com", "user_fields": {"channel": "telegram"}}
    first = api.post("/users/create_or_update", json={"user": about})
    again = api.post("/users/create_or_update.json", json={"user": {**about, "phone": "+4912345"}})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["user"]["id"] == first.json()["user"]["id"] and again.json()["user"]["role"] == "end-user"
    for query in ({"query": "external_id:tg-42"}, {"external_id": "tg-42"}, {"query": "email:ann@example.com"}):
        found = api.get("/users/search", params=query).json()
        assert (found["count"], found["users"][0]["phone"], found["next_page"]) == (1, "+4912345", None)


def test_an_email_of_somebody_else_is_a_duplicate_value(api: httpx.Client, ann: Any) -> None:
    answer = api.post("/users", json={"user": {"name": "Ann", "email": ann["email"]}})
    assert answer.status_code == 422 and answer.json()["error"] == "RecordInvalid"
    assert answer.json()["details"]["email"][0]["error"] == "DuplicateValue"


# --------------------------------------------------------------------------------------------------------- tickets


def test_a_ticket_is_made_with_its_audit_and_location(api: httpx.Client, ann: Any) -> None:
    comment = {"body": "Transcript", "author_id": ann["id"]}
    fields = [{"id": 360001, "value": "telegram"}]
    asked = {"subject": "Parcel", "comment": comment, "requester_id": ann["id"], "custom_fields": fields}
    answer = api.post("/tickets", json={"ticket": asked})
    made, audit = answer.json()["ticket"], answer.json()["audit"]
    assert answer.status_code == 201 and answer.headers["Location"].endswith(f"/api/v2/tickets/{made['id']}.json")
    assert (made["status"], made["description"], made["custom_fields"]) == ("new", "Transcript", fields)
    assert made["via"] == {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}}
    assert (made["satisfaction_rating"], made["followup_ids"], made["custom_status_id"]) == (
        {"score": "unoffered"},
        [],
        1,
    )
    assert made["requester_id"] == ann["id"] != made["submitter_id"] and ISO.fullmatch(made["created_at"])
    assert "Comment" in [event["type"] for event in audit["events"]]


def test_a_ticket_without_a_requester_is_the_api_users(api: httpx.Client) -> None:
    made = api.post("/tickets", json={"ticket": {"comment": {"body": "Hi"}}}).json()["ticket"]
    assert made["requester_id"] == made["submitter_id"] == api.get("/users/me").json()["user"]["id"]


def test_an_idempotency_key_answers_again_what_it_answered(api: httpx.Client) -> None:
    body, key = (
        {"ticket": {"comment": {"body": "Hi"}, "external_id": "d-1"}},
        {"Idempotency-Key": "dialog-42-handoff-1"},
    )
    first, again = (api.post("/tickets", json=body, headers=key) for _ in range(2))
    assert [one.headers["x-idempotency-lookup"] for one in (first, again)] == ["miss", "hit"]
    assert again.status_code == 201 and again.json() == first.json()
    other = api.post("/tickets", json={"ticket": {"comment": {"body": "Ho"}}}, headers=key)
    assert other.status_code == 400


def test_an_idempotency_key_is_forgotten_after_two_hours(api: httpx.Client, helpdesk: Helpdesk) -> None:
    body, key = {"ticket": {"comment": {"body": "Hi"}}}, {"Idempotency-Key": "k"}
    first = api.post("/tickets", json=body, headers=key)
    helpdesk.pass_time(7201)
    again = api.post("/tickets", json=body, headers=key)
    assert again.headers["x-idempotency-lookup"] == "miss"
    assert again.json()["ticket"]["id"] != first.json()["ticket"]["id"]


def test_an_external_id_does_not_deduplicate(api: httpx.Client, ticket: int) -> None:
    body = {"ticket": {"comment": {"body": "Again"}, "external_id": "dialog-42"}}
    second = api.post("/tickets", json=body).json()["ticket"]["id"]
    found = api.get("/tickets", params={"external_id": "dialog-42"}).json()
    assert [one["id"] for one in found["tickets"]] == [ticket, second] and found["count"] == 2


# -------------------------------------------------------------------------------------------------------- comments


def test_words_and_notes_are_comments_in_the_order_they_came(api: httpx.Client, ann: Any, ticket: int) -> None:
    answer = said(api, ticket, body="Hello?", author_id=ann["id"], public=True)
    events = answer.json()["audit"]["events"]
    assert answer.status_code == 200 and answer.json()["audit"]["author_id"] == ann["id"]
    assert [(one["body"], one["public"]) for one in events if one["type"] == "Comment"] == [("Hello?", True)]
    said(api, ticket, body="VIP", public=False)
    told = api.get(f"/tickets/{ticket}/comments").json()
    shown = [(one["plain_body"], one["public"]) for one in told["comments"]]
    assert shown == [("Where is my parcel?", True), ("Hello?", True), ("VIP", False)]
    assert [one["author_id"] == ann["id"] for one in told["comments"]] == [True, True, False] and told["count"] == 3


def test_the_customers_words_open_what_was_pending(api: httpx.Client, ann: Any, ticket: int) -> None:
    api.put(f"/tickets/{ticket}", json={"ticket": {"status": "pending"}})
    answer = said(api, ticket, body="Here I am", author_id=ann["id"]).json()
    (change,) = [one for one in answer["audit"]["events"] if one.get("field_name") == "status"]
    assert (change["type"], change["previous_value"], change["value"]) == ("Change", "pending", "open")
    assert answer["ticket"]["status"] == "open"


def test_a_safe_update_of_what_has_changed_is_a_conflict(api: httpx.Client, helpdesk: Helpdesk, ticket: int) -> None:
    stamp = api.get(f"/tickets/{ticket}").json()["ticket"]["updated_at"]
    helpdesk.pass_time(2)
    safe = {"safe_update": True, "updated_stamp": stamp, "priority": "high"}
    assert api.put(f"/tickets/{ticket}", json={"ticket": safe}).status_code == 200
    answer = api.put(f"/tickets/{ticket}", json={"ticket": safe})
    assert answer.status_code == 409 and answer.json()["error"] == "UpdateConflict"
    assert answer.json()["description"].startswith("Safe Update prevented the update due to outdated ticket data")


def test_tags_are_added_set_and_taken_away(api: httpx.Client, ticket: int) -> None:
    path = f"/tickets/{ticket}/tags"
    assert api.put(path, json={"tags": ["vip"]}).json() == {"tags": ["bot_handoff", "vip"]}
    assert api.request("DELETE", path, json={"tags": ["vip"]}).json() == {"tags": ["bot_handoff"]}
    answer = api.post(path, json={"tags": ["new"]})
    assert (answer.status_code, answer.json()) == (201, {"tags": ["new"]})
    changed = api.put(f"/tickets/{ticket}", json={"ticket": {"tags": ["only"]}})
    assert changed.json()["ticket"]["tags"] == ["only"]


def test_pages_are_walked_by_number_and_by_cursor(api: httpx.Client, ticket: int) -> None:
    for word in ("one", "two"):
        said(api, ticket, body=word)
    path, words = f"/tickets/{ticket}/comments", ["Where is my parcel?", "one", "two"]
    page = api.get(path, params={"page[size]": 2}).json()
    rest = api.get(page["links"]["next"]).json()
    assert page["meta"]["has_more"] and not rest["meta"]["has_more"] and rest["links"]["next"] is None
    assert [one["body"] for one in page["comments"] + rest["comments"]] == words
    by_number = api.get(path, params={"per_page": 2, "sort_order": "desc"}).json()
    assert [one["body"] for one in api.get(by_number["next_page"]).json()["comments"]] == words[:1]


# ----------------------------------------------------------------------------------------------------------- files


def test_files_of_one_token_stand_in_one_comment_and_are_read_back(api: httpx.Client, ticket: int) -> None:
    png = {"Content-Type": "image/png"}
    first = api.post("/uploads", params={"filename": "a.png"}, content=PNG, headers=png)
    token = first.json()["upload"]["token"]
    more = api.post("/uploads.json", params={"filename": "b.png", "token": token}, content=PNG, headers=png)
    assert first.status_code == 201 and len(more.json()["upload"]["attachments"]) == 2
    said(api, ticket, body="Two", uploads=[token])
    files = api.get(f"/tickets/{ticket}/comments").json()["comments"][-1]["attachments"]
    assert [(one["file_name"], one["content_type"], one["size"]) for one in files] == [
        ("a.png", "image/png", len(PNG)), ("b.png", "image/png", len(PNG)),
    ]  # fmt: skip
    assert httpx.get(files[0]["content_url"]).content == PNG


def test_a_token_is_used_up_by_the_first_comment(api: httpx.Client, ticket: int) -> None:
    made = api.post("/uploads", params={"filename": "a.txt"}, content=b"x").json()["upload"]
    said(api, ticket, body="First", uploads=[made["token"]])
    answer = said(api, ticket, body="Second", uploads=[made["token"]])
    assert answer.status_code == 422
    assert [one["body"] for one in api.get(f"/tickets/{ticket}/comments").json()["comments"]][-1] == "First"


def test_a_file_of_more_than_50_megabytes_is_refused(api: httpx.Client) -> None:
    answer = api.post("/uploads", params={"filename": "big.bin"}, content=b"\0" * (50 * 1024 * 1024 + 1))
    assert answer.status_code in (413, 422)


# ---------------------------------------------------------------------------------------- agents, and what is heard


def test_an_agent_answers_with_words_and_a_file_and_the_bot_hears(
    helpdesk: Helpdesk, api: httpx.Client, ticket: int
) -> None:
    helpdesk.agent("accept")
    helpdesk.agent(text="It is on its way")
    heard = helpdesk.bot.until(
        lambda event: kind("ticket.comment_added")(event) and event["event"]["comment"]["author"]["is_staff"]
    )
    detail, comment = heard.json["detail"], heard.json["event"]["comment"]
    assert (detail["id"], detail["external_id"], detail["status"]) == (str(ticket), "dialog-42", "OPEN")
    assert (comment["body"], comment["is_public"], comment["author"]["name"]) == ("It is on its way", True, "Bob")
    assert heard.json["subject"] == f"zen:ticket:{ticket}" and heard.json["zendesk_event_version"] == "2022-11-06"
    for name in ("id", "invocation-id"):
        assert re.fullmatch("01[0-9A-Z]{24}", heard.headers[f"x-zendesk-webhook-{name}"])
    assert heard.headers["x-zendesk-account-id"] == str(heard.json["account_id"])


def test_a_note_is_heard_as_what_is_not_public(helpdesk: Helpdesk, ticket: int) -> None:
    helpdesk.agent({"act": "note", "text": "an old friend"})
    heard = helpdesk.bot.until(
        lambda one: kind("ticket.comment_added")(one) and not one["event"]["comment"]["is_public"]
    )
    assert heard.json["event"]["comment"]["body"] == "an old friend"


def test_a_change_says_what_was_and_shares_its_sequence(helpdesk: Helpdesk, ticket: int) -> None:
    helpdesk.agent("accept")
    solved = helpdesk.agent("close")
    heard = helpdesk.bot.until(lambda one: kind("ticket.status_changed")(one) and one["event"]["current"] == "SOLVED")
    assert heard.json["event"]["previous"] == "OPEN" and solved["owner"] == "bot"
    assigned = helpdesk.bot.until(kind("ticket.agent_assignment_changed")).json["event"]
    assert assigned["previous"] is None and assigned["current"].isdecimal()
    sequence = assigned["meta"]["sequence"]
    shared = [
        hook.json
        for hook in helpdesk.bot.taken
        if hook.json["event"].get("meta", {}).get("sequence", {}).get("id") == sequence["id"]
    ]
    assert len(shared) == sequence["total"] and min(one["event"]["meta"]["sequence"]["position"] for one in shared) == 1


def test_what_the_bot_did_not_take_comes_again_with_its_id(helpdesk: Helpdesk, api: httpx.Client, ticket: int) -> None:
    helpdesk.bot.until(kind("ticket.comment_added"))
    helpdesk.bot.answers = [409]
    said(api, ticket, body="Hello?")
    first, again = helpdesk.bot.all_until(kind("ticket.comment_added"), 3)[-2:]
    assert first.json["id"] == again.json["id"] and first.body == again.body


def test_a_subscription_of_the_bots_own_is_signed_with_its_own_secret(helpdesk: Helpdesk, api: httpx.Client) -> None:
    about = {"name": "bot", "endpoint": f"{helpdesk.bot.url}/own", "http_method": "POST", "request_format": "json"}
    events = ["zen:event-type:ticket.created"]
    made = api.post("/webhooks", json={"webhook": {**about, "status": "active", "subscriptions": events}})
    id = made.json()["webhook"]["id"]
    secret = api.get(f"/webhooks/{id}/signing_secret").json()["signing_secret"]
    assert made.status_code == 201 and secret["algorithm"] == "SHA256"
    helpdesk.env["ZENDESK_WEBHOOK_SECRET"] = secret["secret"]
    genuine = helpdesk.bot.genuine
    helpdesk.bot.genuine = lambda hook: hook.path != "/own" or genuine(hook)  # the account's own has another secret
    api.post("/tickets", json={"ticket": {"comment": {"body": "Hi"}}})
    (heard,) = [hook for hook in helpdesk.bot.all_until(kind("ticket.created"), 2) if hook.path == "/own"]
    assert heard.headers["x-zendesk-webhook-id"] == id


# -------------------------------------------------------------------------------------- solved, closed, rated, merged


def test_solving_needs_somebody_who_has_it(api: httpx.Client, ticket: int) -> None:
    answer = api.put(f"/tickets/{ticket}", json={"ticket": {"status": "solved"}})
    assert answer.status_code == 422
    assert "Assignee: is required when solving a ticket" in answer.text


def test_an_agent_outside_the_group_cannot_have_the_ticket(helpdesk: Helpdesk, api: httpx.Client, ticket: int) -> None:
    helpdesk.agent(
        {"act": "set_presence", "presence": "online"}, agent={"key": "eva", "first_name": "Eva", "team": "Billing"}
    )
    groups = {one["name"]: one["id"] for one in api.get("/groups").json()["groups"]}
    eva = api.get("/users/search", params={"query": "name:Eva"}).json()["users"][0]["id"]
    wrong = {"assignee_id": eva, "group_id": groups["Support"]}
    assert api.put(f"/tickets/{ticket}", json={"ticket": wrong}).status_code == 422
    right = api.put(f"/tickets/{ticket}", json={"ticket": {"assignee_id": eva, "group_id": groups["Billing"]}})
    assert right.json()["ticket"]["assignee_id"] == eva
    moved = api.put(f"/tickets/{ticket}", json={"ticket": {"group_id": groups["Support"]}})
    assert moved.json()["ticket"]["assignee_id"] is None


def test_a_closed_ticket_takes_nothing_and_is_followed_up(helpdesk: Helpdesk, api: httpx.Client, ticket: int) -> None:
    helpdesk.agent("accept")
    api.put(f"/tickets/{ticket}", json={"ticket": {"status": "closed"}})
    answer = said(api, ticket, body="One more thing")
    assert (answer.status_code, answer.json()["error"]) == (422, "RecordInvalid")
    assert answer.json()["details"]["status"][0]["description"] == "Status: closed prevents ticket update"
    assert api.put(f"/tickets/{ticket}/tags", json={"tags": ["x"]}).status_code == 422
    followed = {"comment": {"body": "One more thing"}, "via_followup_source_id": ticket}
    second = api.post("/tickets", json={"ticket": followed}).json()["ticket"]
    assert api.get(f"/tickets/{ticket}").json()["ticket"]["followup_ids"] == [second["id"]]


def test_a_solved_ticket_is_opened_again_by_the_customer(
    helpdesk: Helpdesk, api: httpx.Client, ann: Any, ticket: int
) -> None:
    helpdesk.agent("accept")
    helpdesk.agent("close")
    assert said(api, ticket, body="Still not here", author_id=ann["id"]).json()["ticket"]["status"] == "open"
    assert helpdesk.owner(str(ticket)) == "agent"


def test_only_the_requester_rates_and_only_what_was_solved(
    helpdesk: Helpdesk, api: httpx.Client, as_user: Callable[[str], httpx.Client], ticket: int
) -> None:
    path, good = (
        f"/tickets/{ticket}/satisfaction_rating",
        {"satisfaction_rating": {"score": "good", "comment": "thanks"}},
    )
    with as_user("ann@example.com") as ann:
        assert ann.post(path, json=good).status_code == 422
        helpdesk.agent("accept")
        helpdesk.agent("close")
        assert api.post(path, json=good).status_code in (403, 422)
        assert ann.post(path, json={"satisfaction_rating": {"score": "superb"}}).status_code == 422
        answer = ann.post(path, json=good)
    assert answer.status_code == 200 and answer.json()["satisfaction_rating"]["comment"] == "thanks"
    listed = api.get("/satisfaction_ratings", params={"score": "good_with_comment"}).json()["satisfaction_ratings"]
    assert [one["ticket_id"] for one in listed] == [ticket]


def test_a_merge_is_a_job_and_closes_the_source(api: httpx.Client, ticket: int) -> None:
    other = api.post("/tickets", json={"ticket": {"comment": {"body": "Twice"}}}).json()["ticket"]["id"]
    answer = api.post(f"/tickets/{ticket}/merge", json={"ids": [other], "target_comment": "merged"})
    job = answer.json()["job_status"]
    assert answer.status_code == 200 and job["status"] == "queued"
    assert api.get(f"/job_statuses/{job['id']}").json()["job_status"]["status"] == "completed"
    assert api.get(f"/tickets/{other}").json()["ticket"]["status"] == "closed"


# -------------------------------------------------------------------------------------------------- errors and rates


def test_what_is_unknown_is_404_and_what_is_malformed_400(api: httpx.Client) -> None:
    unknown = {"error": "RecordNotFound", "description": "Not found"}
    for path in ("/tickets/999999", "/users/999999", "/tickets/999999/comments"):
        answer = api.get(path)
        assert (answer.status_code, answer.json()) == (404, unknown)
    json = {"Content-Type": "application/json"}
    assert api.post("/tickets", content=b'{"ticket":', headers=json).status_code == 400
    assert api.get("/nothing/like/this").status_code == 404


def test_a_ticket_takes_thirty_updates_in_ten_minutes(api: httpx.Client, helpdesk: Helpdesk, ticket: int) -> None:
    statuses = [said(api, ticket, body=str(number)).status_code for number in range(31)]
    assert statuses == [200] * 30 + [429]
    answer = said(api, ticket, body="once more")
    assert answer.text == "Number of allowed API requests per minute exceeded"
    helpdesk.pass_time(float(answer.headers["Retry-After"]))
    assert said(api, ticket, body="now").status_code == 200
    assert len(api.get(f"/tickets/{ticket}/comments").json()["comments"]) == 32


@pytest.mark.parametrize("helpdesk", [{"plan": "team"}], indirect=True)
def test_every_answer_says_what_is_left_of_the_minute(api: httpx.Client) -> None:
    answers = [api.get("/users/me") for _ in range(201)]
    assert [answer.status_code for answer in answers] == [200] * 200 + [429]
    assert [answer.headers["X-Rate-Limit"] for answer in (answers[0], answers[-1])] == ["200", "200"]
    left = [int(answer.headers["X-Rate-Limit-Remaining"]) for answer in answers]
    assert left[0] == 199 and left[-1] == 0 and int(answers[-1].headers["Retry-After"]) >= 1
    assert answers[-1].headers["ratelimit-reset"] == answers[-1].headers["Retry-After"]
