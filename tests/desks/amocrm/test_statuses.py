"""Changed messages, delivery, typing, reactions, history."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import EntryChanged, EntryDelivered, EntryFailed
from chatdrill_fakes.desks.amocrm.chats.statuses import HISTORY_MAX
from desks.amocrm.kit import CHATS, CUSTOMER, NOW, Account, error


def edited(text: str = "new words", **payload: Any) -> dict[str, Any]:
    about = {"conversation_id": "my-42", "msgid": "m-1", "message": {"type": "text", "text": text}}
    return {"event_type": "edit_message", "payload": {**about, **payload}}


def test_an_edit_changes_the_message_and_adds_none(account: Account) -> None:
    id = account.ok(account.send())["new_message"]["msgid"]
    events = account.chat("POST", CHATS, edited()).events
    assert events == (EntryChanged(ticket=account.ticket.address, entry_id=id, text="new words"),)
    assert len(account.ticket.entries) == 1 and account.ticket.messages[id]["message"]["text"] == "new words"


def test_an_edit_may_name_the_vendors_id_and_give_its_own(account: Account) -> None:
    id = account.ok(account.send())["new_message"]["msgid"]
    account.ok(account.chat("POST", CHATS, edited(id=id, msgid="m-7")))
    assert account.ok(account.chat("POST", CHATS, edited("again", msgid="m-7")))["new_message"]["msgid"] == id


@pytest.mark.parametrize("change", [{"msgid": "m-9"}, {"conversation_id": "other"}, {"message": {"type": "text"}}])
def test_an_edit_of_nothing_is_refused(account: Account, change: dict[str, Any]) -> None:
    account.asked()
    assert error(account.chat("POST", CHATS, edited(**change)))[0] == 400


# ------------------------------------------------------------------------------------------------------ delivery


def replied(account: Account) -> str:
    account.accepted().reply()
    return account.ticket.entries[-1].id


@pytest.mark.parametrize("name", ["status_code", "delivery_status"])
@pytest.mark.parametrize(("status", "word"), [(1, "delivered"), (2, "read")])
def test_delivery_is_shown_to_the_agent(account: Account, name: str, status: int, word: Any) -> None:
    id = replied(account)
    handled = account.chat("POST", f"{CHATS}/{id}/delivery_status", {"msgid": "tg-77", name: status})
    ticket = account.ticket.address
    assert handled.events == (EntryDelivered(ticket=ticket, entry_id=id, status=word, origin_id="tg-77"),)
    assert handled.response is not None and (handled.response.status, handled.response.body) == (200, b"")


@pytest.mark.parametrize(("code", "words"), [(901, "901 the customer deleted the chat"), (905, "905 blocked")])
def test_a_failure_is_shown_with_its_reason(account: Account, code: int, words: str) -> None:
    id = replied(account)
    body = {"status_code": -1, "error_code": code, **({"error": "blocked"} if code == 905 else {})}
    events = account.chat("POST", f"{CHATS}/{id}/delivery_status", body).events
    assert events == (EntryFailed(ticket=account.ticket.address, entry_id=id, reason=words),)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status_code": 3},
        {"status_code": "1"},
        {"status_code": -1},
        {"status_code": -1, "error_code": 900},
        {"status_code": -1, "error_code": 905},
        {"status_code": -1, "error_code": 905, "error": ""},
    ],
)
def test_a_wrong_status_is_refused(account: Account, body: dict[str, Any]) -> None:
    assert error(account.chat("POST", f"{CHATS}/{replied(account)}/delivery_status", body))[0] == 400


def test_the_status_of_an_unknown_message_is_not_found(account: Account) -> None:
    assert error(account.chat("POST", f"{CHATS}/nothing/delivery_status", {"status_code": 1}))[0] == 404


# ------------------------------------------------------------------------------------------- typing and reactions


def test_typing_is_accepted_without_an_answer(account: Account) -> None:
    body = {"conversation_id": "my-42", "duration_ms": 5000, "sender": {"id": "tg-42"}}
    handled = account.asked().chat("POST", f"{CHATS}/typing", body)
    assert handled.response is not None and handled.response.status == 204 and not handled.response.body
    assert error(account.chat("POST", f"{CHATS}/typing", {**body, "duration_ms": "5"}))[0] == 400
    assert error(account.chat("POST", f"{CHATS}/typing", {"conversation_id": "my-42"}))[0] == 400


def test_a_reaction_needs_its_message(account: Account) -> None:
    account.asked()
    body = {"conversation_id": "my-42", "msgid": "m-1", "user": {"id": "tg-42"}, "type": "react", "emoji": "👍"}
    assert account.ok(account.chat("POST", f"{CHATS}/react", body)) is None
    (item,) = account.ticket.messages.values()
    assert item["reactions"] == {"tg-42": "👍"}
    account.ok(account.chat("POST", f"{CHATS}/react", {**body, "type": "unreact"}))
    assert item["reactions"] == {"tg-42": None}
    assert error(account.chat("POST", f"{CHATS}/react", {**body, "msgid": "m-9"}))[0] == 404
    assert error(account.chat("POST", f"{CHATS}/react", {**body, "type": "like"}))[0] == 400


# ------------------------------------------------------------------------------------------------------- history


def history(account: Account, query: str = "", chat: str = "my-42") -> list[dict[str, Any]]:
    answer = account.ok(account.chat("GET", f"{CHATS}/chats/{chat}/history{query}"))
    return [] if answer is None else answer["messages"]


def test_history_recovers_a_reply_whose_hook_was_lost(account: Account) -> None:
    replied(account)
    newest, oldest = history(account)
    assert newest["message"]["text"] == "Hello, Bob here" and newest["sender"]["name"] == "Bob Lis"
    assert newest["receiver"]["client_id"] == "tg-42" and newest["receiver"]["phone"] == CUSTOMER["profile"]["phone"]
    assert oldest["message"] == {
        "id": account.ticket.entries[0].id,
        "client_id": "m-1",
        "type": "text",
        "text": "Where is my parcel?",
        "media": "",
        "thumbnail": "",
        "file_name": "",
        "file_size": 0,
    }
    assert oldest["timestamp"] == int(NOW) and "receiver" not in oldest
    assert history(account, chat=account.ticket.chat or "") == [newest, oldest]


def test_history_is_read_in_pages_of_fifty(account: Account) -> None:
    for number in range(HISTORY_MAX + 1):
        account.ok(account.send(str(number), f"m-{number}", silent=True))
    assert len(history(account)) == HISTORY_MAX
    assert [each["message"]["text"] for each in history(account, "?offset=50")] == ["0"]
    assert len(history(account, "?limit=50")) == 50
    assert error(account.chat("GET", f"{CHATS}/chats/my-42/history?limit=51"))[0] == 400
    assert error(account.chat("GET", f"{CHATS}/chats/my-42/history?offset=x"))[0] == 400


def test_a_chat_without_messages_has_no_history(account: Account) -> None:
    assert history(account, chat="nobody") == []
