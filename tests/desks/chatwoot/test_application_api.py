"""The application API: tokens and their rights, contacts, conversations, messages, limits."""

from __future__ import annotations

import pytest

from chatdrill.model import Accept, EntryAdded, EntryDelivered, EntryFailed, Reply, Text
from chatdrill.wire import HttpRequest, HttpResponse
from chatdrill_fakes.desks.chatwoot import desk
from chatdrill_fakes.desks.chatwoot.routes import BOTS_MAY, ROUTES
from desks.chatwoot.kit import ACCOUNT, BASE, BOT, CONTACTS, NOW, PNG, USER, Office, body, good, multipart, path, status

_ANSWER = Reply(agent="bob", parts=(Text(text="Hello"),))


# ----------------------------------------------------------------------------------------------- tokens, rights


def test_a_wrong_token_and_none_are_told_apart(office: Office) -> None:
    wrong, none = (
        office.call("GET", f"{ACCOUNT}/agents", token="x"),
        office.call("GET", f"{ACCOUNT}/agents", token=None),
    )
    assert (status(wrong), body(wrong)) == (401, {"error": "Invalid Access Token"})
    assert (status(none), body(none)) == (401, {"errors": ["You need to sign in or sign up before continuing."]})


@pytest.mark.parametrize("name", sorted({each.name for each in ROUTES if each.path.startswith("/api/")}))
def test_a_bots_token_may_call_only_what_bots_may(office: Office, name: str) -> None:
    method, _, url = name.partition(" ")
    office.talk()
    prefix = "" if url.startswith("/api/") else ACCOUNT
    for id in (
        "conversation_id",
        "message_id",
        "contact_id",
        "inbox_id",
        "team_id",
        "bot_id",
        "webhook_id",
        "account_id",
    ):
        url = url.replace(f"{{{id}}}", "1")
    handled = office.call(method, prefix + url, {})
    refusal = {"error": "Access to this endpoint is not authorized for bots"}
    assert (status(handled) == 401 and body(handled) == refusal) is (name not in BOTS_MAY)


def test_another_account_is_not_for_this_token(office: Office) -> None:
    other = "/api/v1/accounts/2/conversations"
    assert body(office.call("POST", other, {})) == {"error": "Bot is not authorized to access this account"}
    assert body(office.call("GET", other, token=USER)) == {"error": "You are not authorized to access this account"}


def test_what_is_not_emulated_is_refused_loudly(office: Office) -> None:
    handled = office.call("POST", f"{ACCOUNT}/conversations/filter", {}, token=USER)
    assert status(handled) == 501 and handled.call is not None and handled.call.support == "refused"


@pytest.mark.parametrize(("levels", "expected"), [(100, 200), (101, 400), (5000, 400)])
def test_json_is_nested_a_hundred_levels_deep_at_most(office: Office, levels: int, expected: int) -> None:
    office.talk()
    deep = b'{"custom_attributes":' + b'{"a":' * (levels - 1) + b"1" + b"}" * levels
    handled = office.raw("POST", f"{path()}/custom_attributes", deep, ("Content-Type", "application/json"))
    assert status(handled) == expected


@pytest.mark.parametrize(("sent", "expected"), [(b"{", 400), (b"[1]", 200), (b"{}", 200)])
def test_a_body_that_cannot_be_parsed_is_a_bad_request(office: Office, sent: bytes, expected: int) -> None:
    office.talk()
    handled = office.raw("POST", f"{path()}/messages", sent, ("Content-Type", "application/json"))
    assert status(handled) == expected and (expected == 200 or body(handled)["error"] == "Bad Request")


def test_no_secret_is_shown_in_calls_or_states(office: Office) -> None:
    handled = office.call("POST", CONTACTS, {"source_id": "a", "identifier": "u", "identifier_hash": "77ff"})
    assert handled.call is not None and "77ff" not in repr(handled.call)
    office.ask("POST", f"{ACCOUNT}/webhooks", {"url": "http://127.0.0.1:9/x?token=s3cret"}, token=USER)
    shown = repr(office.state)
    assert not any(secret in shown for secret in (USER, BOT, "cw-webhook-chatdrill", "cw-hmac-chatdrill", "s3cret"))


def test_the_environment_names_what_a_bot_needs(office: Office) -> None:
    found = desk.environment(office.state, BASE + "/")
    assert found["CHATWOOT_API_ROOT"] == BASE and found["CHATWOOT_BOT_ACCESS_TOKEN"] == BOT
    assert {each.env for each in desk.settings} < set(found)


@pytest.mark.parametrize(
    ("url", "token", "expected"),
    [("/x", BOT, True), ("/x", USER, True), (CONTACTS, None, True), ("/x", "other", False), ("/x", None, False)],
)
def test_a_call_is_claimed_by_its_token_or_its_inbox(
    office: Office, url: str, token: str | None, expected: bool
) -> None:
    headers = (("api_access_token", token),) if token else ()
    assert desk.claims(HttpRequest("GET", url, headers), office.state) is expected


def test_an_address_is_used_without_a_handshake(office: Office) -> None:
    assert desk.handshake(office.state) is None and desk.read_handshake(office.state, HttpResponse(500)) is None


# ------------------------------------------------------------------------------------------------- conversations


def test_a_conversation_is_made_with_its_first_message(office: Office) -> None:
    contact = office.contact()["id"]
    asked = {"source_id": "tg-42", "inbox_id": 3, "contact_id": contact, "message": {"content": "Welcome"}}
    made = office.ask("POST", f"{ACCOUNT}/conversations", asked)
    assert made["last_non_activity_message"]["content"] == "Welcome"
    assert made["meta"]["channel"] == "Channel::Api" and made["meta"]["sender"]["id"] == contact


def test_a_conversation_is_shown_field_by_field(office: Office) -> None:
    office.talk()
    office.say("Hi")
    shown = office.ask("GET", path())
    plain = {key: value for key, value in shown.items() if key not in ("meta", "messages", "last_non_activity_message")}
    assert plain.pop("uuid") == office.state.tickets["1"].uuid
    assert plain == {
        "id": 1,
        "account_id": 1,
        "additional_attributes": {},
        "agent_last_seen_at": 0,
        "assignee_last_seen_at": 0,
        "can_reply": True,
        "contact_last_seen_at": 0,
        "custom_attributes": {},
        "inbox_id": 3,
        "labels": [],
        "muted": False,
        "snoozed_until": None,
        "status": "pending",
        "created_at": 1768471200,
        "updated_at": NOW,
        "timestamp": 1768471200,
        "first_reply_created_at": 0,
        "unread_count": 1,
        "last_activity_at": 1768471200,
        "priority": None,
        "waiting_since": 1768471200,
        "sla_policy_id": None,
    }


def test_a_toggled_status_is_answered_as_the_vendor_does(office: Office) -> None:
    office.talk()
    payload = {"success": True, "conversation_id": 1, "current_status": "open", "snoozed_until": None}
    assert good(office.status("open")) == {"meta": {}, "payload": payload}


def test_without_a_status_toggling_goes_to_and_fro(office: Office) -> None:
    office.talk()
    found = [office.ask("POST", f"{path()}/toggle_status", {})["payload"]["current_status"] for _ in range(3)]
    assert found == ["open", "resolved", "open"]


def test_an_unknown_status_is_refused(office: Office) -> None:
    office.talk()
    assert status(office.status("closed")) == 422 and office.state.tickets["1"].status == "pending"


ASSIGNMENTS = {
    "user": ({"assignee_id": 2}, "Bob"),
    "bot": ({"assignee_id": 1, "assignee_type": "AgentBot"}, "Bot"),
    "team": ({"team_id": 1}, "sales"),
}


@pytest.mark.parametrize("kind", ASSIGNMENTS)
def test_an_assignment_is_answered_with_whom_it_went_to(office: Office, kind: str) -> None:
    office.talk()
    asked, name = ASSIGNMENTS[kind]
    assert office.ask("POST", f"{path()}/assignments", asked)["name"] == name


@pytest.mark.parametrize("asked", [{"assignee_id": 0}, {"assignee_id": 77}, {"team_id": 0}, {}])
def test_an_unknown_assignee_unassigns(office: Office, asked: dict[str, int]) -> None:
    office.queued()
    office.act(Accept(agent="bob"))
    assert office.ask("POST", f"{path()}/assignments", asked) is None
    assert (office.state.tickets["1"].assignee is None) is ("assignee_id" in asked)


def test_labels_and_attributes_are_replaced(office: Office) -> None:
    office.talk()
    office.ask("POST", f"{path()}/labels", {"labels": ["a", "b"]})
    assert office.ask("POST", f"{path()}/labels", {"labels": ["bot_handoff"]}) == {"payload": ["bot_handoff"]}
    assert office.ask("GET", f"{path()}/labels") == {"payload": ["bot_handoff"]}
    office.ask("POST", f"{path()}/custom_attributes", {"custom_attributes": {"a": 1}})
    shown = office.ask("POST", f"{path()}/custom_attributes", {"custom_attributes": {"owner": "agent"}})
    assert shown == {"custom_attributes": {"owner": "agent"}}


def test_the_priority_is_one_of_four_or_none(office: Office) -> None:
    office.talk()
    assert status(office.call("POST", f"{path()}/toggle_priority", {"priority": "urgent"})) == 200
    assert office.ask("GET", path())["priority"] == "urgent"
    assert office.ask("PATCH", path(), {"priority": None})["priority"] is None
    assert status(office.call("POST", f"{path()}/toggle_priority", {"priority": "huge"})) == 422


def test_conversations_are_listed_by_status_and_assignee(office: Office) -> None:
    for key in ("a", "b", "c"):
        office.status("open", office.talk(key))
    office.talk("d")
    office.act(Accept(agent="bob"), "2")
    found = office.ask("GET", f"{ACCOUNT}/conversations?assignee_type=unassigned", token=USER)["data"]
    assert found["meta"] == {"mine_count": 0, "assigned_count": 1, "unassigned_count": 2, "all_count": 3}
    assert {each["id"] for each in found["payload"]} == {1, 3}
    assert office.ask("GET", f"{ACCOUNT}/conversations/meta?status=all", token=USER)["meta"]["all_count"] == 4


def test_conversations_are_filtered_by_labels_team_words_and_source(office: Office) -> None:
    _ = [office.talk(key) for key in ("a", "b", "c")]
    office.ask("POST", f"{path('1')}/labels", {"labels": ["vip", "late"]}, token=USER)
    office.ask("POST", f"{path('2')}/assignments", {"team_id": 1}, token=USER)
    office.say("Where is my Parcel?", "3", "c")

    def found(query: str) -> list[int]:
        shown = office.ask("GET", f"{ACCOUNT}/conversations?{query}", token=USER)
        return [each["id"] for each in shown["data"]["payload"]]

    assert found("status=all&labels[]=vip&labels[]=other") == [1] == found("status=pending&labels=late")
    assert found("status=all&team_id=1") == [2] and found("status=all&source_id=b") == [2]
    assert found("q=parcel") == [3] and found("q=nothing") == [] == found("status=all&inbox_id=99")
    assert status(office.call("GET", f"{ACCOUNT}/conversations?team_id=99", token=USER)) == 404


def test_conversations_come_in_pages_of_25(office: Office) -> None:
    for number in range(26):
        office.talk(f"c-{number}")
    url = f"{ACCOUNT}/conversations?status=pending&page="
    pages = [office.ask("GET", f"{url}{page}", token=USER)["data"]["payload"] for page in (1, 2)]
    assert [len(page) for page in pages] == [25, 1]


def test_reading_and_deleting_conversations(office: Office) -> None:
    office.talk()
    office.say("Hi")
    assert office.ask("POST", f"{path()}/update_last_seen", token=USER)["unread_count"] == 0
    office.ask("DELETE", path(), token=USER)
    assert status(office.call("GET", path())) == 404


# ------------------------------------------------------------------------------------------------------ messages


def test_a_message_is_answered_field_by_field(office: Office) -> None:
    office.talk()
    assert office.answer("text", message_type="outgoing", private=False, echo_id="e-1") == {
        "id": 1,
        "content": "text",
        "inbox_id": 3,
        "echo_id": "e-1",
        "conversation_id": 1,
        "message_type": 1,
        "content_type": "text",
        "status": "sent",
        "content_attributes": {},
        "created_at": 1768471200,
        "private": False,
        "source_id": None,
        "sender": {"id": 1, "name": "Bot", "avatar_url": "", "type": "agent_bot"},
    }


AUTHORS = {
    "the bot": (BOT, {}, "bot"),
    "the integration's user": (USER, {}, "bot"),
    "a user for the bot": (USER, {"sender_type": "AgentBot", "sender_id": 1}, "bot"),
    "an imported word of the customer": (BOT, {"message_type": "incoming"}, "customer"),
}


@pytest.mark.parametrize("case", AUTHORS)
def test_the_author_is_who_the_vendor_shows(office: Office, case: str) -> None:
    token, about, author = AUTHORS[case]
    office.talk()
    handled = office.call("POST", f"{path()}/messages", {"content": "x", **about}, token=token)
    (event,) = handled.events
    assert isinstance(event, EntryAdded) and event.entry.author == author


def test_an_imported_message_keeps_the_time_it_states(office: Office) -> None:
    office.talk()
    asked = {"content": "x", "message_type": "incoming", "content_attributes": {"external_created_at": 1768000000}}
    (event,) = office.call("POST", f"{path()}/messages", asked).events
    assert isinstance(event, EntryAdded)
    assert (event.entry.origin_at, event.entry.at) == (1768000000.0, NOW)


def test_only_a_persons_public_answer_is_a_first_reply(office: Office) -> None:
    office.queued()
    office.answer("I am the bot")
    office.answer("for colleagues", private=True)
    assert office.ask("GET", path())["first_reply_created_at"] == 0
    office.act(_ANSWER)
    shown = office.ask("GET", path())
    assert (shown["first_reply_created_at"], shown["waiting_since"]) == (1768471200, 0)


def test_files_of_a_message_come_by_multipart(office: Office) -> None:
    office.talk()
    fields = {"content": "see", "private": "true", "content_attributes": '{"in_reply_to":1}'}
    sent, kind = multipart(fields, ("a.png", "image/png", PNG))
    made = good(office.raw("POST", f"{path()}/messages", sent, kind))
    assert (made["private"], made["content_attributes"]) == (True, {"in_reply_to": 1})
    assert made["attachments"][0]["file_size"] == len(PNG)


@pytest.mark.parametrize(("count", "expected"), [(15, 200), (16, 422)])
def test_a_message_has_at_most_fifteen_files(office: Office, count: int, expected: int) -> None:
    office.talk()
    sent, kind = multipart({}, *[(f"{n}.txt", "text/plain", b"x") for n in range(count)])
    assert status(office.raw("POST", f"{path()}/messages", sent, kind)) == expected


@pytest.mark.parametrize(("length", "expected"), [(150_000, 200), (150_001, 422)])
def test_a_message_has_at_most_150000_characters(office: Office, length: int, expected: int) -> None:
    office.talk()
    handled = office.call("POST", f"{path()}/messages", {"content": "я" * length})
    assert status(handled) == expected
    too_long = {"error": "Validation failed: Content is too long (maximum is 150000 characters)"}
    assert expected == 200 or body(handled) == too_long


def test_a_conversation_takes_200_messages_in_a_minute(office: Office) -> None:
    office.talk()
    assert {status(office.say("x")) for _ in range(200)} == {200}
    refused = office.say("x")
    assert (status(refused), body(refused)) == (422, {"message": "Too many messages", "attributes": ["base"]})
    other = office.call("POST", f"{path()}/messages", {"content": "x"})
    assert body(other) == {"error": "Validation failed: Too many messages"}
    office.now += 60
    assert status(office.say("x")) == 200


@pytest.mark.parametrize("about", [{"message_type": "shouted"}, {"content_type": "song"}, {"message_type": "template"}])
def test_a_message_of_no_known_kind_is_refused(office: Office, about: dict[str, str]) -> None:
    office.talk()
    assert status(office.call("POST", f"{path()}/messages", {"content": "x", **about})) == 422


def test_messages_come_in_pages_of_twenty_oldest_first(office: Office) -> None:
    office.talk()
    for number in range(25):
        office.answer(str(number))
    url = f"{path()}/messages"
    last = office.ask("GET", url, token=USER)["payload"]
    before = office.ask("GET", f"{url}?before={last[0]['id']}", token=USER)["payload"]
    after = office.ask("GET", f"{url}?after=20", token=USER)["payload"]
    assert [each["id"] for each in last] == list(range(6, 26))
    assert ([each["id"] for each in before], [each["id"] for each in after]) == ([1, 2, 3, 4, 5], [21, 22, 23, 24, 25])


def test_a_deleted_message_leaves_a_marker_without_files(office: Office) -> None:
    office.talk()
    sent, kind = multipart({"content": "see"}, ("a.png", "image/png", PNG))
    made = good(office.raw("POST", f"{path()}/messages", sent, kind))
    shown = office.ask("DELETE", f"{path()}/messages/{made['id']}", token=USER)
    assert (shown["content"], shown["content_attributes"]) == ("This message was deleted", {"deleted": True})
    assert "attachments" not in shown


def test_the_fate_of_an_answer_is_reported_and_shown(office: Office) -> None:
    office.queued()
    (added,) = office.act(_ANSWER)
    assert isinstance(added, EntryAdded)
    url = f"{path()}/messages/{added.entry.id}"
    failed = office.call("PATCH", url, {"status": "failed", "external_error": "blocked"}, token=USER)
    assert failed.events == (EntryFailed(ticket="1", entry_id=added.entry.id, reason="blocked"),)
    assert good(failed)["content_attributes"] == {"external_error": "blocked"}
    read = office.call("PATCH", url, {"status": "read"}, token=USER)
    assert read.events == (EntryDelivered(ticket="1", entry_id=added.entry.id, status="read"),)
    assert office.call("PATCH", url, {"status": "delivered"}, token=USER).events == ()
    assert good(office.call("PATCH", url, {"status": "lost"}, token=USER))["status"] == "read"


# -------------------------------------------------------------------------------------------------------- rates


@pytest.mark.parametrize(("count", "url"), [(3000, f"{ACCOUNT}/agents"), (100, f"{ACCOUNT}/contacts/search?q=a")])
def test_too_many_requests_in_a_minute_are_429_without_a_body(office: Office, count: int, url: str) -> None:
    statuses = {status(office.call("GET", url, token=USER)) for _ in range(count)}
    refused = office.call("GET", url, token=USER).response
    assert statuses == {200} and refused is not None and (refused.status, refused.body) == (429, b"")


def test_rates_can_be_switched_off() -> None:
    office = Office(rate_limits="no")
    assert {status(office.call("GET", f"{ACCOUNT}/contacts/search?q=a", token=USER)) for _ in range(101)} == {200}


def test_any_error_can_be_worded_as_the_vendor_does(office: Office) -> None:
    assert desk.refusal(office.state, 429, 7).header("retry-after") == "7"
    assert desk.refusal(office.state, 404, None).body == b'{"error":"Resource could not be found"}'
    assert desk.refusal(office.state, 503, None).status == 503
