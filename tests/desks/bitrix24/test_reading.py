"""What a bot can read: a dialog, its history, the employees, the portal."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Close, SetPresence
from desks.bitrix24.kit import Portal, error


def test_the_owner_of_a_dialog_can_be_read(portal: Portal, chat: str) -> None:
    def shown() -> Any:
        return portal.result("imopenlines.dialog.get", {"CHAT_ID": chat})

    waiting = shown()
    assert (waiting["owner"], waiting["manager_list"], waiting["entity_type"]) == (0, [], "LINES")
    portal.accept(chat)
    bob = int(portal.state.seats["bob"].id)
    assert (shown()["owner"], shown()["manager_list"], shown()["dialog_id"]) == (bob, [bob], f"chat{chat}")
    portal.act(chat, Close(agent="bob"))
    assert shown()["owner"] == 0


def test_a_dialog_is_found_by_any_of_its_names(portal: Portal, chat: str) -> None:
    dialog = portal.state.tickets[chat]
    names = {"CHAT_ID": chat, "DIALOG_ID": f"chat{chat}", "SESSION_ID": dialog.session.id, "USER_CODE": dialog.code}
    for name, value in names.items():
        shown = portal.result("imopenlines.dialog.get", {name: value})
        assert shown["id"] == int(chat) and shown["entity_id"] == dialog.code
        assert shown["entity_data_1"].split("|")[5] == str(dialog.session.id)
        assert error(portal.call("imopenlines.dialog.get", {name: "1"}))[1] == "ACCESS_ERROR"
    assert portal.result("imopenlines.session.open", {"USER_CODE": dialog.code}) == {"chatId": chat}
    assert error(portal.call("imopenlines.session.open", {"USER_CODE": "x"}))[1] == "ACCESS_DENIED"


def test_the_history_has_messages_people_and_chat(portal: Portal, chat: str) -> None:
    reply = portal.reply(chat)
    found = portal.result("imopenlines.session.history.get", {"CHAT_ID": chat})
    dialog, bob = portal.state.tickets[chat], portal.state.seats["bob"].id
    assert (found["chatId"], found["sessionId"], found["userId"]) == (int(chat), dialog.session.id, f"chat{chat}")
    assert found["message"][reply]["senderid"] == bob and found["message"][reply]["text"] == "Guten Tag!"
    first = found["message"][dialog.entries[0].id]
    assert first["params"] == {"connectorMid": ["tg-1001"]} and first["senderid"] == str(dialog.user_id)
    assert found["users"][bob]["bot"] is False and found["users"][str(dialog.user_id)]["connector"] is True
    assert found["chat"][chat]["entityId"] == dialog.code and found["chat"][chat]["owner"] == bob
    assert found["usersMessage"] == {f"chat{chat}": [each.id for each in reversed(dialog.entries)]}
    assert error(portal.call("imopenlines.session.history.get", {"CHAT_ID": 1}))[1] == "ACCESS_DENIED"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({}, "EMPTY_SESSION_ID"),
        ({"SESSION_ID": 1}, "EMPTY_VOTE_PARAMS"),
        ({"SESSION_ID": 1, "RATING": 5}, "ACCESS_DENIED"),
    ],
)
def test_a_heads_vote_has_its_errors(portal: Portal, args: dict[str, int], code: str) -> None:
    assert error(portal.call("imopenlines.session.head.vote", args))[1] == code


def test_a_heads_vote_is_no_customers_rating(portal: Portal, chat: str) -> None:
    session = portal.state.tickets[chat].session.id
    handled = portal.call("imopenlines.session.head.vote", {"SESSION_ID": session, "RATING": 4, "COMMENT": "good"})
    assert not handled.events
    found = portal.result("imopenlines.session.history.get", {"SESSION_ID": session})
    assert (found["sessionVoteHead"], found["sessionCommentHead"]) == (4, "good")


@pytest.mark.parametrize(
    ("presence", "status", "online"), [("online", "OPENED", "Y"), ("away", "PAUSED", "N"), ("offline", "CLOSED", "N")]
)
def test_who_is_there_can_be_read(portal: Portal, presence: Any, status: str, online: str) -> None:
    bob = portal.state.seats["bob"].id
    portal.act("", SetPresence(agent="bob", presence=presence))
    assert portal.result("timeman.status", {"USER_ID": bob})["STATUS"] == status
    (user,) = portal.result("user.get", {"ID": bob})
    assert user["IS_ONLINE"] == online and user["LAST_NAME"] == "Weber"
    assert error(portal.call("timeman.status", {"USER_ID": 7}))[0] == 400


def test_the_portal_says_who_calls_and_what_may_be_called(portal: Portal) -> None:
    assert portal.result("user.current")["ID"] == portal.result("profile")["ID"] == "1"
    assert "imopenlines" in portal.result("scope")
    assert portal.result("app.info")["CODE"] == portal.state.settings["client_id"]
