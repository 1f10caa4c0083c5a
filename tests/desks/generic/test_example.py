"""The desk of the shipped example: its requests, answers, errors, webhooks, and whose a ticket is."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatdrill.model import (
    Accept,
    Close,
    DeleteReply,
    EditReply,
    EntryAdded,
    EntryDelivered,
    EntryFailed,
    Media,
    Note,
    Reply,
    Text,
    TicketOpened,
)
from chatdrill.wire.files import describe
from desks.generic.kit import BASE, NOW, SECRET, TICKETS, TOKEN, Office, body, names, status

_ANSWER = Reply(agent="bob", parts=(Text(text="Hello"),))


# ---------------------------------------------------------------------------------------------------- requests


def test_a_private_note_is_shown_as_one(office: Office) -> None:
    office.call("POST", TICKETS, {"customer": {"id": "tg-42"}, "transcript": [{"from": "customer", "text": "Hi"}]})
    office.act(Note(agent="bob", text="rude"))
    shown = body(office.call("GET", f"{TICKETS}/T-1"))["messages"]
    assert [(each["text"], each["public"]) for each in shown] == [("Hi", True), ("rude", False)]


def test_the_example_answers_as_it_declares(office: Office) -> None:
    asked = {
        "customer": {"id": "tg-42", "name": "Ann", "phone": "+4912345", "language": "de"},
        "subject": "Shoes",
        "fields": {"order": "A-1"},
        "transcript": [
            {"from": "customer", "text": "Hi", "at": 1768471100, "id": "m-1"},
            {"from": "bot", "text": "Hello"},
        ],
    }
    handled = office.call("POST", TICKETS, asked)
    assert status(handled) == 201
    assert body(handled) == {"id": "T-1", "status": "waiting", "created_at": "2026-01-15T10:00:00.250Z"}
    assert names(handled.events) == ["ContactFiled", "TicketOpened", "StateChanged", "HandoffAsked"] + 2 * [
        "EntryAdded"
    ]
    opened, first = handled.events[1], handled.events[4]
    assert isinstance(opened, TicketOpened) and isinstance(first, EntryAdded)
    assert (opened.keys, opened.locale, opened.fields) == (("tg-42", "+4912345"), "de", {"order": "A-1"})
    assert (first.entry.author, first.entry.origin_id, first.entry.origin_at) == ("customer", "m-1", 1768471100.0)
    shown = body(office.call("GET", f"{TICKETS}/T-1"))
    assert (shown["agent"], [each["text"] for each in shown["messages"]]) == (None, ["Hi", "Hello"])


def test_a_repeated_key_gives_the_first_answer_and_no_second_ticket(office: Office) -> None:
    key = ("Idempotency-Key", "k-1")
    first = office.call("POST", TICKETS, {"customer": {"id": "a"}}, key)
    again = office.call("POST", TICKETS, {"customer": {"id": "a"}}, key)
    assert first.response == again.response and again.events == () and len(office.state.tickets) == 1
    assert status(office.call("POST", TICKETS, {"customer": {"id": "a"}}, ("Idempotency-Key", "k-2"))) == 201
    assert len(office.state.tickets) == 2 and len(office.state.people) == 1


def test_a_repeated_message_stands_once(office: Office) -> None:
    office.ticket()
    first, again = office.say("Hi", external_id="m-1"), office.say("Hi", external_id="m-1")
    assert first.response == again.response and len(office.state.tickets["T-1"].entries) == 1
    assert len(office.say("Hi", external_id="m-2").events) == len(office.say("Hi").events) == 1


def test_files_come_by_link_or_upload(office: Office) -> None:
    office.ticket()
    handled = office.say("see", files=[{"url": "http://127.0.0.1:9/a.txt"}])
    (linked,) = handled.events
    sent = b'--b\r\nContent-Disposition: form-data; name="file"; filename="b.txt"\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n'
    uploaded = office.raw("POST", f"{TICKETS}/T-1/messages", sent, ("Content-Type", "multipart/form-data; boundary=b"))
    assert isinstance(linked, EntryAdded) and linked.entry.files[0].sha256 in office.state.blobs
    assert status(uploaded) == 201
    (shown,) = body(office.call("GET", f"{TICKETS}/T-1"))["messages"][1]["files"]
    found = office.raw("GET", shown["url"].removeprefix(BASE), token=None).response
    assert found is not None and (found.body, shown["name"], shown["size"]) == (b"x", "b.txt", 1)


def test_the_fate_of_an_answer_is_reported(office: Office) -> None:
    office.ticket()
    (*_, added) = office.act(_ANSWER)
    assert isinstance(added, EntryAdded)
    url = f"{TICKETS}/T-1/messages/{added.entry.id}/status"
    seen = office.call("POST", url, {"status": "seen", "external_id": "tg-7"})
    failed = office.call("POST", url, {"status": "failed", "error": "blocked"})
    assert status(seen) == 204 and seen.response is not None and seen.response.body == b""
    assert seen.events == (EntryDelivered(ticket="T-1", entry_id=added.entry.id, status="read", origin_id="tg-7"),)
    assert failed.events == (EntryFailed(ticket="T-1", entry_id=added.entry.id, reason="blocked"),)


def test_the_bot_closes_and_reopens(office: Office) -> None:
    office.ticket()
    assert names(office.call("POST", f"{TICKETS}/T-1/close").events) == ["StateChanged", "TicketClosed"]
    reopened = office.call("POST", f"{TICKETS}/T-1/reopen")
    assert names(reopened.events) == ["StateChanged", "HandoffAsked", "TicketReopened"]
    assert office.call("POST", f"{TICKETS}/T-1/reopen").events == ()


ERRORS = {
    "unauthorized": ("GET", f"{TICKETS}/T-1", None, 401, "unauthorized"),
    "unknown path": ("GET", "/api/v1/nowhere", None, 404, "not_found"),
    "outside the base": ("POST", "/tickets", {}, 404, "not_found"),
    "unknown ticket": ("POST", f"{TICKETS}/T-9/messages", {"text": "x"}, 404, "ticket_not_found"),
    "unknown message": ("POST", f"{TICKETS}/T-1/messages/x/status", {"status": "sent"}, 404, "message_not_found"),
    "missing customer": ("POST", TICKETS, {}, 400, "bad_request"),
    "unknown author": ("POST", f"{TICKETS}/T-1/messages", {"text": "x", "from": "robot"}, 400, "bad_request"),
    "too long": ("POST", f"{TICKETS}/T-1/messages", {"text": "x" * 4097}, 422, "text_too_long"),
    "too many files": (
        "POST",
        f"{TICKETS}/T-1/messages",
        {"files": [{"url": f"http://127.0.0.1:9/{n}"} for n in range(11)]},
        422,
        "too_many_files",
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_an_error_is_worded_as_the_file_says(office: Office, case: str) -> None:
    method, url, sent, expected, code = ERRORS[case]
    office.ticket()
    handled = office.call(method, url, sent, token=None if case == "unauthorized" else TOKEN)
    assert (status(handled), body(handled)["error"]["code"]) == (expected, code)
    assert body(handled)["error"]["message"] and handled.events == () and handled.call is not None
    assert not office.state.tickets["T-1"].entries


def test_unreadable_json_and_a_wrong_word_are_bad_requests(office: Office) -> None:
    office.ticket()
    (*_, added) = office.act(_ANSWER)
    assert isinstance(added, EntryAdded)
    broken = office.raw("POST", f"{TICKETS}/T-1/messages", b"{", ("Content-Type", "application/json"))
    word = office.call("POST", f"{TICKETS}/T-1/messages/{added.entry.id}/status", {"status": "lost"})
    assert (status(broken), status(word)) == (400, 400)


@pytest.mark.parametrize(("levels", "expected"), [(100, 201), (101, 400), (5000, 400)])
def test_json_is_nested_a_hundred_levels_deep_at_most(office: Office, levels: int, expected: int) -> None:
    deep = b'{"customer":{"id":"a"},"fields":' + b'{"a":' * (levels - 1) + b"1" + b"}" * levels
    assert status(office.raw("POST", TICKETS, deep, ("Content-Type", "application/json"))) == expected


@pytest.mark.parametrize(("length", "files"), [(4096, 0), (1, 10)])
def test_what_is_within_the_limits_is_taken(office: Office, length: int, files: int) -> None:
    office.ticket()
    links = [{"url": f"http://127.0.0.1:9/{n}"} for n in range(files)]
    assert status(office.say("x" * length, files=links)) == 201


def test_a_ticket_that_is_over_takes_no_message(office: Office) -> None:
    office.ticket()
    office.act(Close(agent="bob"))
    handled = office.say("One more thing")
    assert (status(handled), body(handled)["error"]["code"]) == (409, "ticket_closed")
    assert status(office.call("GET", f"{TICKETS}/T-1")) == 200


def test_the_request_after_the_six_hundredth_in_a_minute_is_too_fast(office: Office) -> None:
    assert {status(office.call("GET", TICKETS)) for _ in range(600)} == {404}
    refused = office.call("GET", TICKETS).response
    assert refused is not None and (refused.status, refused.header("retry-after")) == (429, "1")
    assert Office(rate_limits="no").state.requests is None


def test_any_error_can_be_injected_in_the_words_of_the_file(office: Office) -> None:
    injected = office.desk.refusal(office.state, 429, 7)
    assert injected.header("retry-after") == "7" and b"too_many_requests" in injected.body
    assert office.desk.refusal(office.state, 503, None).status == 503


def test_the_example_tells_what_it_declares(office: Office) -> None:
    office.ticket()
    file = describe(b"x", office.state.blobs, name="a.txt", mime="text/plain")
    office.act(Accept(agent="bob"))
    office.told()
    (added,) = office.act(Reply(agent="bob", parts=(Text(text="Hello"), Media(kind="document", file=file))))
    assert isinstance(added, EntryAdded)
    office.act(EditReply(agent="bob", entry_id=added.entry.id, text="Hallo"))
    office.act(DeleteReply(agent="bob", entry_id=added.entry.id))
    created, edited, deleted = office.hooks()
    message = created["message"]
    assert (created["event"], created["ticket"], message["id"]) == ("message.created", "T-1", added.entry.id)
    assert (message["text"], message["agent"]) == ("Hello", {"id": "A-1", "name": "Bob"})
    assert {key: message["files"][0][key] for key in ("name", "type", "size")} == {
        "name": "a.txt",
        "type": "text/plain",
        "size": 1,
    }
    assert (edited["message"]["text"], deleted["message"]) == ("Hallo", {"id": added.entry.id})
    assert office.state.tickets["T-1"].entries[-1].files == ()


# ------------------------------------------------------------------------------------------------------ declared


def test_no_secret_is_shown_in_calls_or_states(office: Office) -> None:
    office.ticket()
    assert TOKEN not in repr(office.state) and SECRET not in repr(office.state)


def test_the_environment_names_what_a_bot_needs(office: Office) -> None:
    found = office.desk.environment(office.state, BASE + "/")
    assert (found["GENERIC_API_ROOT"], found["GENERIC_TOKEN"], found["GENERIC_SECRET"]) == (BASE, TOKEN, SECRET)


def test_every_proof_of_the_coverage_is_a_test(office: Office) -> None:
    for each in office.desk.coverage:
        file, _, test = each.proof.partition("::")
        assert f"def {test}(" in (Path(__file__).parents[3] / file).read_text(), each.name


def test_times_in_a_ticket_are_its_own(office: Office) -> None:
    office.ticket()
    office.state.tickets["T-1"].ahead_s = 3600
    office.say("Hi")
    assert office.state.tickets["T-1"].entries[0].at == NOW + 3600
