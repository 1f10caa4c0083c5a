"""Dialogs: opened, given, passed on, closed; and whose they are."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Assigned, HandoffAsked, TicketClosed, TicketReopened
from desks.chat2desk.kit import Account, kinds, names, refused


def test_a_dialog_has_its_golden_shape(account: Account) -> None:
    heard = account.hear("Hi")
    shown = account.data("GET", f"/dialogs/{heard['dialog_id']}")
    assert shown.pop("last_message")["id"] == heard["message_id"]
    begin = account.data("GET", f"/messages/{heard['message_id']}")["created"]
    assert shown == {
        "id": heard["dialog_id"],
        "state": "closed",
        "begin": begin,
        "end": None,
        "operator_id": None,
        "messages": 1,
    }


def test_the_owner_follows_state_and_operator(account: Account) -> None:
    dialog, bob, eva = account.dialog(), account.id_of("bob"), account.id_of("eva")
    steps: list[tuple[dict[str, Any], str]] = [
        ({"state": "closed"}, "bot"),
        ({"state": "open"}, "queue"),
        ({"operator_id": bob}, "agent"),
        ({"operator_id": eva}, "agent"),
        ({"operator_id": None}, "queue"),
        ({"state": "open", "operator_id": bob}, "agent"),
        ({"state": "closed"}, "bot"),
        ({"operator_id": bob}, "agent"),
        ({"state": "closed", "operator_id": bob}, "bot"),
    ]
    for body, owner in steps:
        account.data("PUT", f"/dialogs/{dialog}", body)
        assert account.owner(dialog) == owner, body


def test_opening_asks_for_a_person_once(account: Account) -> None:
    dialog = account.dialog()
    first, second = (account.call("PUT", f"/dialogs/{dialog}", {"state": "open"}).events for _ in range(2))
    assert names(first) == ["StateChanged", "HandoffAsked"] and not second


def test_closing_gives_the_dialog_back_once(account: Account) -> None:
    dialog = account.queued()
    account.told()
    first, second = (account.call("PUT", f"/dialogs/{dialog}", {"state": "closed"}).events for _ in range(2))
    assert TicketClosed(ticket=dialog) in first and not second
    assert account.told() == [
        {
            "hook_type": "close_dialog",
            "dialog_id": int(dialog),
            "operator_id": None,
            "client_id": int(account.state.tickets[dialog].client.id),
        }
    ]


def test_a_second_handing_over_reopens_the_same_dialog(account: Account) -> None:
    dialog = account.queued()
    account.data("PUT", f"/dialogs/{dialog}", {"state": "closed"})
    events = account.call("PUT", f"/dialogs/{dialog}", {"state": "open"}).events
    assert TicketReopened(ticket=dialog) in events and any(isinstance(event, HandoffAsked) for event in events)


@pytest.mark.parametrize(
    ("method", "call"), [("GET", "assign"), ("POST", "assign"), ("POST", "transfer"), ("PUT", "dialogs")]
)
def test_a_call_that_names_an_operator_gives_them_the_dialog(account: Account, method: str, call: str) -> None:
    heard, bob = account.hear(), account.id_of("bob")
    account.told()
    path = f"/dialogs/{heard['dialog_id']}" if call == "dialogs" else f"/messages/{heard['message_id']}/{call}"
    handled = account.call(method, path, {"operator_id": bob})
    assert Assigned(ticket=str(heard["dialog_id"]), agent="bob") in handled.events
    assert account.told() == [
        {
            "hook_type": "dialog_transferred",
            "dialog_id": heard["dialog_id"],
            "operator_id": bob,
            "client_id": heard["client_id"],
        }
    ]


def test_a_group_gets_the_dialog_into_its_queue(account: Account) -> None:
    heard = account.hear()
    groups = {each["name"]: each["id"] for each in account.data("GET", "/operators_groups")}
    path = f"/messages/{heard['message_id']}/transfer_to_group"
    handled = account.call("POST", path, {"group_id": groups["returns"]})
    dialog = str(heard["dialog_id"])
    assert Assigned(ticket=dialog, team="returns") in handled.events and account.owner(dialog) == "queue"
    assert account.told()[-1]["operator_id"] is None
    assert refused(account.call("POST", path, {"group_id": 3})) == (400, {"group_id": ["Group not found"]})
    assert refused(account.call("POST", path, {})) == (400, {"group_id": ["Group not found"]})


@pytest.mark.parametrize("setting", ["0", "1"])
def test_an_operator_has_so_many_dialogs_unless_forced(setting: str) -> None:
    account = Account(max_open_dialogs=setting)
    bob = account.id_of("bob")
    room = 2 if setting == "0" else 1  # an agent's own capacity, or that of the account
    dialogs = [str(account.hear(who=f"tg-{n}")["dialog_id"]) for n in range(room + 1)]
    for dialog in dialogs[:-1]:
        account.data("PUT", f"/dialogs/{dialog}", {"operator_id": bob})
    status, errors = refused(account.call("PUT", f"/dialogs/{dialogs[-1]}", {"operator_id": bob}))
    assert status == 400 and set(errors) == {"operator_id"} and account.owner(dialogs[-1]) == "bot"
    account.data("PUT", f"/dialogs/{dialogs[-1]}", {"operator_id": bob, "force_assign": True})
    assert account.data("GET", "/operators")[0]["opened_dialogs"] == room + 1


def test_closing_a_request_tells_both_ends(account: Account) -> None:
    dialog = account.queued()
    heard = account.hear()
    account.told()
    handled = account.call("PUT", "/requests/close", {"client_id": heard["client_id"]})
    assert TicketClosed(ticket=dialog) in handled.events
    ended, closed = account.told()
    assert (ended["hook_type"], ended["request_id"]) == ("close_request", heard["request_id"])
    assert (closed["hook_type"], closed["dialog_id"]) == ("close_dialog", heard["dialog_id"])
    assert refused(account.call("PUT", "/requests/close", {"client_id": heard["client_id"]}))[0] == 404


def test_a_request_without_operators_ends_without_them(account: Account) -> None:
    heard = account.hear()
    account.told()
    handled = account.call("PUT", "/requests/close", {"client_id": heard["client_id"]})
    assert names(handled.events) == ["StateChanged"] and kinds(account.told()) == ["close_request"]


def test_a_word_after_the_end_is_a_new_request_in_the_same_dialog(account: Account) -> None:
    heard = account.hear()
    account.data("PUT", "/requests/close", {"client_id": heard["client_id"]})
    account.told()
    later = account.hear()
    new, inbox = account.told()
    assert (new["hook_type"], inbox["hook_type"], inbox["is_new_request"]) == ("new_request", "inbox", True)
    assert later["dialog_id"] == heard["dialog_id"] and later["request_id"] > heard["request_id"]
    assert inbox["is_new_client"] is False


def test_dialogs_are_listed_by_operator_and_state(account: Account) -> None:
    first, second, third = (str(account.hear(who=f"tg-{n}")["dialog_id"]) for n in range(3))
    account.data("PUT", f"/dialogs/{first}", {"operator_id": account.id_of("bob")})
    account.data("PUT", f"/dialogs/{second}", {"state": "open"})
    account.reply(first)

    def ids(query: str) -> list[str]:
        return [str(each["id"]) for each in account.data("GET", f"/dialogs{query}")]

    assert ids("") == [first, second, third] and ids("?order=desc&limit=1") == [third]
    assert ids("?state=open") == [first, second] and ids("?state=closed") == [third]
    assert ids(f"?operator_id={account.id_of('bob')}") == [first] and ids("/unanswered") == [second]
    assert refused(account.call("GET", "/dialogs?state=snoozed"))[0] == 400


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/dialogs/5", {"state": "open"}, 404),
        ("/dialogs/{id}", {"state": "pending"}, 400),
        ("/dialogs/{id}", {"operator_id": 1}, 400),
        ("/dialogs/{id}", {"operator_id": "bob"}, 400),
        ("/requests/close", {"client_id": 1}, 404),
    ],
)
def test_a_wrong_move_is_refused(account: Account, path: str, body: dict[str, Any], status: int) -> None:
    dialog = account.dialog()
    assert refused(account.call("PUT", path.format(id=dialog), body))[0] == status
    assert account.owner(dialog) == "bot"


def test_assigning_needs_an_operator(account: Account) -> None:
    path = f"/messages/{account.hear()['message_id']}/assign"
    assert refused(account.call("POST", path, {})) == (400, {"operator_id": ["can't be blank"]})


# ------------------------------------------------------------------------------------------------- routing


def test_routing_is_told_like_a_takeover_and_is_none() -> None:
    account = Account(auto_assign="yes")
    dialog = account.dialog()
    handled = account.call("PUT", f"/dialogs/{dialog}", {"state": "open"})
    assert Assigned(ticket=dialog, agent="bob", automatic=True) in handled.events
    assert account.told()[-1]["hook_type"] == "dialog_transferred" and account.owner(dialog) == "queue"
    account.reply(dialog)
    assert account.owner(dialog) == "agent" and kinds(account.told()) == ["outbox"]


def test_routing_gives_to_those_who_are_there_and_have_room() -> None:
    account = Account(auto_assign="yes")
    for n in range(4):
        account.data("PUT", f"/dialogs/{account.hear(who=f'tg-{n}')['dialog_id']}", {"state": "open"})
    assert [dialog.assignee for dialog in account.state.tickets.values()] == ["bob", "eva", "bob", None]


def test_routing_in_a_group_stays_in_the_group() -> None:
    account = Account(auto_assign="yes")
    heard = account.hear()
    account.data("POST", f"/messages/{heard['message_id']}/transfer_to_group", {"group_id": 2})
    assert account.state.tickets[str(heard["dialog_id"])].assignee == "eva"
