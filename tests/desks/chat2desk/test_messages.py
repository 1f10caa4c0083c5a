"""Messages: four types outward, one inward, files, and who is shown what."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from chatdrill.model import ContactFiled, EntryAdded, HandoffAsked, Rated, SurveyAsked, TicketOpened
from chatdrill.wire import Exchange, Fetch, Fetched, HttpRequest
from chatdrill_fakes.desks.chat2desk import desk
from desks.chat2desk.kit import BASE, NOW, PNG, Account, answer, kinds, names, refused

LINK = "http://127.0.0.1:7/p.png"


def entry(handled: Any) -> Any:
    (added,) = [event for event in handled.events if isinstance(event, EntryAdded)]
    return added.entry


def test_a_message_in_an_external_channel_makes_client_dialog_and_request(account: Account) -> None:
    body = {"channel_id": 15, "body": "Hi", "from_client": {"id": "tg-42", "nickname": "Ann"}, "external_id": "m1"}
    handled = account.call("POST", "/messages/inbox", body)
    assert names(handled.events) == ["ContactFiled", "TicketOpened", "StateChanged", "EntryAdded"]
    filed, opened = handled.events[:2]
    assert isinstance(filed, ContactFiled) and isinstance(opened, TicketOpened)
    assert "tg-42" in opened.keys and opened.contact == filed.contact
    assert (entry(handled).author, entry(handled).origin_id, entry(handled).text) == ("customer", "m1", "Hi")
    assert kinds(account.told()) == ["new_client", "new_request", "inbox"]
    assert account.owner(str(answer(handled)["data"]["dialog_id"])) == "bot"


def test_the_same_message_again_is_another_message(account: Account) -> None:
    first, second = account.hear("Hi", external_id="m1"), account.hear("Hi", external_id="m1")
    assert first["message_id"] != second["message_id"] and first["request_id"] == second["request_id"]


def test_the_answer_to_a_message_names_everything(account: Account) -> None:
    heard = account.hear()
    said = account.say(heard["client_id"], dont_open_dialog=True, external_id="bot-77")
    assert said == {
        "message_id": said["message_id"],
        "channel_id": 15,
        "operator_id": None,
        "transport": "external",
        "type": "to_client",
        "client_id": heard["client_id"],
        "dialog_id": heard["dialog_id"],
        "request_id": heard["request_id"],
    }
    assert said["message_id"] > heard["message_id"]


@pytest.mark.parametrize(
    ("kind", "hook", "author", "public"),
    [
        ("to_client", "outbox", "bot", True),
        ("autoreply", "outbox", "bot", True),
        ("comment", "comment", "bot", False),
        ("system", "outbox", "system", False),
    ],
)
def test_each_type_of_message_is_for_its_eyes(
    account: Account, kind: str, hook: str, author: str, public: bool
) -> None:
    client = account.hear()["client_id"]
    account.told()
    body = {"client_id": client, "text": "psst", "type": kind, "dont_open_dialog": True, "external_id": "b1"}
    found = entry(account.call("POST", "/messages", body))
    assert (found.author, found.public, found.origin_id) == (author, public, "b1")
    (told,) = account.told()
    assert (told["hook_type"], told["type"], told["text"], told["external_id"]) == (hook, kind, "psst", "b1")


@pytest.mark.parametrize(
    ("kind", "flags", "owner"),
    [
        ("to_client", {}, "queue"),
        ("to_client", {"dont_open_dialog": True}, "bot"),
        ("to_client", {"open_dialog": True}, "queue"),
        ("autoreply", {}, "bot"),
        ("comment", {}, "bot"),
        ("system", {}, "bot"),
        ("system", {"open_dialog": True}, "queue"),
    ],
)
def test_a_bot_that_forgets_dont_open_dialog_floods_the_operators(
    account: Account, kind: str, flags: dict[str, bool], owner: str
) -> None:
    heard = account.hear()
    body = {"client_id": heard["client_id"], "text": "x", "type": kind, **flags}
    handled = account.call("POST", "/messages", body)
    assert account.owner(str(heard["dialog_id"])) == owner
    assert any(isinstance(event, HandoffAsked) for event in handled.events) is (owner == "queue")


def test_a_message_can_be_written_in_an_operators_name(account: Account) -> None:
    heard = account.hear()
    said = account.say(heard["client_id"], operator_id=account.id_of("bob"), dont_open_dialog=True)
    assert said["operator_id"] == account.id_of("bob") and account.told()[-1]["operator_id"] == said["operator_id"]
    last = account.state.tickets[str(heard["dialog_id"])].entries[-1]
    assert (last.author, last.said_by, account.owner(str(heard["dialog_id"]))) == ("bot", "Bob Lis", "bot")


def test_the_first_word_may_be_the_bots(account: Account) -> None:
    client = account.data("POST", "/clients", {"phone": "48600100200"})["id"]
    handled = account.call("POST", "/messages", {"client_id": client, "text": "x", "dont_open_dialog": True})
    assert names(handled.events) == ["TicketOpened", "StateChanged", "EntryAdded"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": {"a": 1}}, "text"),
        ({"type": "from_client"}, "type"),
        ({"operator_id": 1}, "operator_id"),
        ({"channel_id": 99}, "channel_id"),
        ({"attachment": "p.jpg"}, "attachment"),
        ({"client_id": [1]}, "client_id"),
    ],
)
def test_a_wrong_message_is_refused_and_nothing_stored(account: Account, change: dict[str, Any], field: str) -> None:
    client = account.hear()["client_id"]
    status, errors = refused(account.call("POST", "/messages", {"client_id": client, "text": "x", **change}))
    assert status == 400 and set(errors) == {field} and len(account.state.messages) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"from_client": {"id": "tg-42", "phone": "48600"}}, "from_client"),
        ({"from_client": {}}, "from_client"),
        ({"from_client": "tg-42"}, "from_client"),
        ({"body": ""}, "body"),
        ({"channel_id": 1}, "channel_id"),
        ({"location": {"lat": "52.1"}}, "location"),
    ],
)
def test_a_wrong_inbox_message_is_refused(account: Account, change: dict[str, Any], field: str) -> None:
    body = {"channel_id": 15, "body": "x", "from_client": {"id": "tg-42"}, **change}
    status, errors = refused(account.call("POST", "/messages/inbox", body))
    assert status == 400 and set(errors) == {field} and not account.state.clients


def test_only_an_external_channel_takes_messages_of_customers() -> None:
    account = Account(transport="whatsapp")
    body = {"body": "x", "from_client": {"phone": "48600100200"}}
    assert refused(account.call("POST", "/messages/inbox", body))[1] == {"channel_id": ["is not an external channel"]}


def test_a_customer_known_by_phone_is_the_same_client(account: Account) -> None:
    client = account.data("POST", "/clients", {"phone": "48600100200"})["id"]
    heard = account.data("POST", "/messages/inbox", {"body": "x", "from_client": {"phone": "+48 600 100 200"}})
    assert heard["client_id"] == client


def test_a_place_is_shown_as_coordinates(account: Account) -> None:
    heard = account.hear("", location={"lat": "52.10", "lon": "21.01"})
    assert account.told()[-1]["coordinates"] == "52.10,21.01"
    shown = account.state.tickets[str(heard["dialog_id"])].entries[0]
    assert (shown.kind, shown.text) == ("location", "52.10,21.01")


def test_a_file_is_read_before_anything_changes_and_served_again(account: Account) -> None:
    body = {"body": "look", "image": LINK, "from_client": {"id": "tg-42"}}
    waiting = account.call("POST", "/messages/inbox", body)
    assert waiting.wait == Fetch((LINK,)) and not account.state.clients
    handled = account.call("POST", "/messages/inbox", body, fetched={LINK: Fetched(PNG, "image/png")})
    (file,) = entry(handled).files
    told = account.told()[-1]
    assert (file.sha256, told["photo"]) == (hashlib.sha256(PNG).hexdigest(), told["attachments"][0]["link"])
    got = desk.handle(account.state, Exchange(HttpRequest("GET", told["photo"].removeprefix(BASE)), NOW)).response
    assert got is not None and (got.status, got.body) == (200, PNG) and got.header("content-type") == "image/png"


def test_a_file_that_cannot_be_read_is_a_broken_link(account: Account) -> None:
    client = account.hear()["client_id"]
    body = {"client_id": client, "attachment": LINK, "attachment_filename": "a.pdf", "dont_open_dialog": True}
    (file,) = entry(account.call("POST", "/messages", body, fetched={LINK: Fetched(error="status 404")})).files
    assert (file.sha256, file.name) == ("", "a.pdf")
    assert account.told()[-1]["attachments"] == [{"name": "a.pdf", "link": LINK}]


def test_buttons_go_where_the_channel_finds_them(account: Account) -> None:
    client, buttons = account.hear()["client_id"], [{"type": "reply", "text": "Yes"}]
    account.say(client, inline_buttons=buttons, dont_open_dialog=True)
    assert account.told()[-1]["extra_data"] == {"inline_buttons": buttons}


def test_a_message_has_its_golden_shape(account: Account) -> None:
    heard = account.hear()
    assert account.data("GET", f"/messages/{heard['message_id']}") == {
        "id": heard["message_id"],
        "text": "Where is my parcel?",
        "coordinates": None,
        "transport": "external",
        "type": "from_client",
        "read": "0",
        "created": "2026-11-20T22:05:45 UTC",
        "pdf": None,
        "photo": None,
        "video": None,
        "audio": None,
        "remote_id": None,
        "recipient_status": None,
        "dialog_id": heard["dialog_id"],
        "operator_id": None,
        "channel_id": 15,
        "client_id": heard["client_id"],
        "request_id": heard["request_id"],
        "external_id": None,
        "attachments": [],
        "is_new": True,
        "extra_data": {},
        "ai_tips": None,
    }


def test_a_message_is_marked_read_and_unread(account: Account) -> None:
    path = f"/messages/{account.hear()['message_id']}"
    assert account.data("GET", f"{path}/read")["read"] == "1"
    assert account.data("GET", f"{path}/unread")["read"] == "0"
    assert refused(account.call("GET", "/messages/5/read")) == (404, "Message not found")


def test_messages_are_listed_by_filter_page_and_order(account: Account) -> None:
    heard = [account.hear(str(n)) for n in range(21)]
    account.hear("other", who="tg-43")
    account.say(heard[0]["client_id"], type="comment")

    def texts(query: str) -> list[str]:
        return [each["text"] for each in account.data("GET", f"/messages?{query}")]

    assert texts("") == [str(n) for n in range(20)] and texts("offset=20&limit=2") == ["20", "other"]
    assert texts(f"dialog_id={heard[0]['dialog_id']}&order=desc&limit=2") == ["Hello", "20"]
    assert texts("type=comment") == ["Hello"] and texts("read=1") == []
    assert texts(f"start_id={heard[20]['message_id']}&type=from_client") == ["20", "other"]
    assert texts("start_date=20-11-2026&limit=1") == ["0"] and texts("finish_date=19-11-2026") == []
    assert len(account.data("GET", f"/requests/{heard[0]['request_id']}/messages?limit=200")) == 22
    assert refused(account.call("GET", "/requests/3/messages"))[0] == 404
    assert refused(account.call("GET", "/messages?start_date=2026-11-21"))[0] == 400


@pytest.mark.parametrize(("asked", "given"), [("200", 200), ("201", 200), ("0", 20), ("-3", 1), ("", 20)])
def test_a_page_has_at_most_200_items(account: Account, asked: str, given: int) -> None:
    assert answer(account.call("GET", f"/messages?limit={asked}"))["meta"]["limit"] == given


# ----------------------------------------------------------------------------- what the desk says by itself


def test_a_digit_after_the_survey_is_a_rating_and_no_new_request() -> None:
    account = Account(survey="How was it? 1-5")
    heard = account.hear()
    dialog = str(heard["dialog_id"])
    account.data("PUT", f"/dialogs/{dialog}", {"operator_id": account.id_of("bob")})
    closed = account.call("PUT", "/requests/close", {"client_id": heard["client_id"]})
    assert any(isinstance(event, SurveyAsked) for event in closed.events)
    account.told()
    body = {"body": "4", "from_client": {"id": "tg-42"}}
    handled = account.call("POST", "/messages/inbox", body)
    assert [event for event in handled.events if isinstance(event, Rated)] == [
        Rated(ticket=dialog, score=4, word="4", agent="bob")
    ]
    (told,) = account.told()
    assert (told["is_new_request"], told["request_id"], told["extra_data"]) == (
        False,
        heard["request_id"],
        {"rating": 4},
    )


def test_words_after_the_survey_are_a_new_request_and_a_later_digit_is_no_rating() -> None:
    account = Account(survey="How was it? 1-5")
    heard = account.hear()
    account.data("PUT", f"/dialogs/{heard['dialog_id']}", {"state": "open"})
    account.data("PUT", "/requests/close", {"client_id": heard["client_id"]})
    later = account.hear("One more thing")
    assert later["request_id"] != heard["request_id"] and later["dialog_id"] == heard["dialog_id"]
    handled = account.call("POST", "/messages/inbox", {"body": "5", "from_client": {"id": "tg-42"}})
    assert not [event for event in handled.events if isinstance(event, Rated)]


@pytest.mark.parametrize(("hours", "answers"), [("23-24", 1), ("22-23", 0), ("0-22", 1), ("", 0)])
def test_a_closed_office_answers_once_in_a_request(hours: str, answers: int) -> None:
    account = Account(office_hours=hours, away_message="We are back at nine.")  # it is 22 hours
    account.queued()
    account.hear("Hello?")
    told = [each for each in account.told() if each["type" if "type" in each else "hook_type"] == "autoreply"]
    assert len(told) == answers and all(each["operator_id"] is None for each in told)


def test_without_a_scenario_a_customers_message_opens_the_dialog() -> None:
    account = Account(inbox_opens="yes")
    assert account.owner(account.dialog()) == "queue"
