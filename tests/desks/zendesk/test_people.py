"""Users, groups, files, agents' presence and hours of the Ticketing API."""

from __future__ import annotations

import pytest

from chatdrill.model import ContactFiled, EntryAdded, SetPresence
from desks.zendesk.kit import PNG, Account, answer, header, status

ANN = {"external_id": "tg-42", "name": "Ann", "email": "ann@example.com", "phone": "+4912345"}


def test_a_user_is_made_once_and_then_updated(account: Account) -> None:
    body = {"user": {**ANN, "user_fields": {"channel": "telegram"}}}
    first = account.api("POST", "users/create_or_update", body)
    again = account.api("POST", "users/create_or_update", {"user": {"external_id": "tg-42", "name": "Anna"}})
    assert (status(first), status(again)) == (201, 200)
    assert answer(first)["user"]["id"] == answer(again)["user"]["id"] and answer(again)["user"]["name"] == "Anna"
    assert answer(first)["user"]["role"] == "end-user"
    filed = [event for event in account.events if isinstance(event, ContactFiled)]
    assert [event.made for event in filed] == [True, False] and {"tg-42", "+4912345", "telegram"} <= set(filed[0].keys)


@pytest.mark.parametrize("query", ["query=external_id:tg-42", "external_id=tg-42", "query=email:ann@example.com"])
def test_a_user_is_found(account: Account, query: str) -> None:
    account.api("POST", "users", {"user": ANN})
    found = answer(account.api("GET", f"users/search?{query}"))
    assert (found["count"], found["users"][0]["name"]) == (1, "Ann")
    assert answer(account.api("GET", "users/search.json?external_id=nobody"))["count"] == 0


@pytest.mark.parametrize("field", ["email", "external_id"])
def test_what_names_a_user_is_nobody_elses(account: Account, field: str) -> None:
    account.api("POST", "users", {"user": ANN})
    refused = account.api("POST", "users", {"user": {"name": "Other", field: ANN[field]}})
    assert (status(refused), answer(refused)["error"]) == (422, "RecordInvalid")
    assert answer(refused)["details"][field][0]["error"] == "DuplicateValue"


def test_a_user_needs_a_name(account: Account) -> None:
    assert status(account.api("POST", "users", {"user": {"email": "x@y.example"}})) == 422


def test_users_are_shown_changed_and_listed(account: Account) -> None:
    id = answer(account.api("POST", "users", {"user": ANN}))["user"]["id"]
    changed = account.api("PUT", f"users/{id}", {"user": {"phone": "+1", "tags": ["vip"]}})
    assert answer(changed)["user"]["phone"] == "+1" == answer(account.api("GET", f"users/{id}"))["user"]["phone"]
    assert answer(account.api("GET", "users?role=end-user"))["count"] == 1
    assert answer(account.api("GET", "users/me"))["user"]["id"] == account.state.api_user_id
    groups = answer(account.api("GET", "groups"))["groups"]
    assert {each["name"] for each in groups} == {"Support", "Billing"}
    assert answer(account.api("GET", f"groups/{groups[0]['id']}"))["group"] == groups[0]
    assert status(account.api("GET", "groups/1")) == 404


def test_several_are_shown_by_their_ids(account: Account) -> None:
    first, second, gone = account.ticket(), account.ticket(), account.ticket()
    account.api("DELETE", f"tickets/{gone}")
    shown = answer(account.api("GET", f"tickets/show_many?ids={first},{second},{gone},99"))
    assert [each["id"] for each in shown["tickets"]] == [first, second] and shown["count"] == 2
    ann, me = account.ann(first), account.state.api_user_id
    assert {each["id"] for each in answer(account.api("GET", f"users/show_many?ids={ann},{me},1"))["users"]} == {
        ann,
        me,
    }
    assert answer(account.api("GET", "users/show_many?external_ids=tg-42,x"))["users"][0]["id"] == ann
    assert status(account.api("GET", "tickets/show_many?ids=" + ",".join(map(str, range(101))))) == 400


def test_pages_of_a_list_keep_what_was_asked(account: Account) -> None:
    for _ in range(3):
        account.ticket(external_id="d-1")
    account.ticket()
    path = "tickets?external_id=d-1&per_page=2"
    onward = answer(account.api("GET", path))["next_page"].partition("/api/v2/")[2]
    assert [each["external_id"] for each in answer(account.api("GET", onward))["tickets"]] == ["d-1"]
    cursor = answer(account.api("GET", "tickets?external_id=d-1&page[size]=2"))["links"]["next"]
    rest = answer(account.api("GET", cursor.partition("/api/v2/")[2]))
    assert [each["external_id"] for each in rest["tickets"]] == ["d-1"] and rest["links"]["next"] is None


# ---------------------------------------------------------------------------------------------------------- files


def test_an_upload_waits_for_a_comment_and_is_used_up_by_it(account: Account) -> None:
    first = answer(account.api("POST", "uploads?filename=a.png", PNG, kind="image/png"))["upload"]
    both = answer(account.api("POST", f"uploads?filename=b.txt&token={first['token']}", b"words", kind="text/plain"))
    assert [each["file_name"] for each in both["upload"]["attachments"]] == ["a.png", "b.txt"]
    number = account.ticket(comment={"body": "see", "uploads": [first["token"]]})
    entry = next(event.entry for event in account.events if isinstance(event, EntryAdded))
    assert [file.name for file in entry.files] == ["a.png", "b.txt"] and all(file.sha256 for file in entry.files)
    assert status(account.update(number, comment={"body": "again", "uploads": [first["token"]]})) == 422


def test_a_file_comes_back_byte_by_byte(account: Account) -> None:
    made = answer(account.api("POST", "uploads?filename=a.png", PNG, kind="image/png"))["upload"]["attachment"]
    assert (made["size"], made["content_type"], made["thumbnails"]) == (len(PNG), "image/png", [])
    link = made["content_url"].partition("/zendesk")[2]
    got = account.call("GET", link, auth=None)
    assert got.response is not None and got.response.body == PNG and header(got, "content-type") == "image/png"
    assert answer(account.api("GET", f"attachments/{made['id']}"))["attachment"]["file_name"] == "a.png"
    assert status(account.call("GET", "/attachments/token/none/?name=a", auth=None)) == 404


def test_a_token_lives_for_an_hour(account: Account) -> None:
    token = answer(account.api("POST", "uploads?filename=a.png", PNG, kind="image/png"))["upload"]["token"]
    number = account.ticket()
    account.now += 3600
    assert status(account.update(number, comment={"body": "x", "uploads": [token]})) == 422


@pytest.mark.parametrize(("more", "code"), [(0, 201), (1, 422)])
def test_an_upload_has_at_most_50_mb(account: Account, more: int, code: int) -> None:
    content = bytes(50 * 1024 * 1024 + more)
    assert status(account.api("POST", "uploads?filename=a.bin", content, kind="application/binary")) == code


def test_an_upload_can_be_taken_back(account: Account) -> None:
    token = answer(account.api("POST", "uploads?filename=a.png", PNG, kind="image/png"))["upload"]["token"]
    assert status(account.api("DELETE", f"uploads/{token}")) == 204
    assert status(account.api("DELETE", f"uploads/{token}")) == 404
    assert status(account.api("POST", "uploads", PNG, kind="image/png")) == 400


# --------------------------------------------------------------------------------------------------------- agents


def test_the_presence_of_agents_is_shown(account: Account) -> None:
    account.act("", SetPresence(agent="bob", presence="away"))
    bob = account.state.seats["bob"].id
    told = answer(account.api("GET", f"agent_availabilities/{bob}"))
    assert told["data"]["attributes"]["agent_status"]["id"] == 4
    assert {each["attributes"]["name"] for each in told["included"]} == {"messaging", "support", "talk"}
    assert all(each["attributes"]["max_capacity"] == 5 for each in told["included"])
    assert len(answer(account.api("GET", "agent_availabilities"))["data"]) == 2
    assert status(account.api("GET", "agent_availabilities/1")) == 404


def test_the_hours_are_minutes_since_sunday(account: Account) -> None:
    (schedule,) = answer(account.api("GET", "business_hours/schedules"))["schedules"]
    assert schedule["intervals"][0] == {"start_time": 1980, "end_time": 2460} and len(schedule["intervals"]) == 5
    assert answer(account.api("GET", "business_hours/schedules/1/holidays")) == {"holidays": []}
    assert status(account.api("GET", "business_hours/schedules/2/holidays")) == 404
