"""Shape A: a connector brings customers' messages in and takes agents' ones out."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import (
    ContactFiled,
    DeleteReply,
    EditReply,
    EntryAdded,
    EntryChanged,
    EntryDelivered,
    File,
    Media,
    Reply,
    Text,
    TicketOpened,
)
from chatdrill.wire import Fetched
from chatdrill.wire.files import describe
from desks.bitrix24.kit import ANN, HOOK, NOW, PNG, Portal, answer, error, names, pairs

ICON = {"DATA_IMAGE": "data:image/svg+xml,x"}
WHOLE = {"ID": "My_Chat", "NAME": "My chat", "ICON": ICON, "PLACEMENT_HANDLER": "https://bot.example/place"}


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ({"ID": ""}, "CONNECTOR_ID_REQUIRED"),
        ({"ID": "a.b"}, "CONNECTOR_ID_REQUIRED"),
        ({"NAME": ""}, "NAME_REQUIRED"),
        ({"ICON": {}}, "ICON_REQUIRED"),
        ({"PLACEMENT_HANDLER": ""}, "NO_PLACEMENT_HANDLER"),
    ],
)
def test_a_registration_fails_with_status_200(portal: Portal, missing: dict[str, Any], code: str) -> None:
    result = portal.result("imconnector.register", {**WHOLE, **missing})
    assert result["result"] is False and result["error"] == code


def test_a_connector_is_registered_switched_on_and_taken_away(portal: Portal) -> None:
    assert portal.result("imconnector.register", WHOLE) == {"result": True}
    where = {"CONNECTOR": "my_chat", "LINE": 107}
    off = {"LINE": 107, "CONNECTOR": "my_chat", "ERROR": False, "CONFIGURED": False, "STATUS": False}
    assert portal.result("imconnector.status", where) == off
    assert portal.result("imconnector.activate", {**where, "ACTIVE": "1"}) is True
    assert portal.result("imconnector.connector.data.set", {**where, "DATA": {"ID": "1", "NAME": "x"}}) is True
    assert portal.result("imconnector.status", where) == {**off, "CONFIGURED": True, "STATUS": True}
    assert portal.result("imconnector.list")["my_chat"] == "My chat"
    portal.bind("ONIMCONNECTORSTATUSDELETE")
    assert portal.result("imconnector.unregister", {"ID": "my_chat"}) == {"result": True}
    assert portal.told("ONIMCONNECTORSTATUSDELETE")[0]["data"] == {"connector": "my_chat", "line": "107"}


def test_registering_again_changes_the_connector(portal: Portal) -> None:
    portal.result("imconnector.register", WHOLE)
    portal.result("imconnector.register", {**WHOLE, "NAME": "Other", "NEED_SIGNATURE": "N"})
    assert portal.state.connectors["my_chat"].name == "Other"
    assert portal.state.connectors["my_chat"].flags["NEED_SIGNATURE"] is False


def test_a_message_opens_a_dialog_and_is_answered_as_documented(portal: Portal) -> None:
    chat = {"id": "tg-42", "name": "Telegram", "url": "https://t.me/ann"}
    handled = portal.send(message={"disable_crm": "Y"}, chat=chat)
    (done,) = answer(handled)["result"]["DATA"]["RESULT"]
    dialog = next(iter(portal.state.tickets.values()))
    assert done == {
        "user": str(dialog.user_id),
        "message": {"id": "tg-1001", "date": {}, "text": "Where is my parcel?", "files": []},
        "chat": {"id": "tg-42", "name": "Telegram", "description": "Link to the original post: https://t.me/ann"},
        "extra": {"disable_tracker": "Y"},
        "SUCCESS": True,
        "session": {"ID": str(dialog.session.id), "CHAT_ID": dialog.address},
    }
    assert names(handled.events) == ["ContactFiled", "TicketOpened", "EntryAdded", "HandoffAsked", "Assigned"]
    filed, opened, added = handled.events[:3]
    assert isinstance(filed, ContactFiled) and {"tg-42", "+4915155501234"} <= set(filed.keys)
    assert isinstance(opened, TicketOpened) and opened.name == "Ann Lee" and opened.request_key == "tg-1001"
    assert isinstance(added, EntryAdded) and added.entry.origin_id == "tg-1001" and added.entry.author == "customer"
    assert added.entry.origin_at == 1795212300 and handled.call.to == dialog.address


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"CONNECTOR": ""}, "ERROR_ARGUMENT", "Argument 'CONNECTOR' is null or empty"),
        ({"LINE": ""}, "ERROR_ARGUMENT", "Argument 'LINE' is null or empty"),
        ({"MESSAGES": []}, "ERROR_ARGUMENT", "Argument 'MESSAGES' is null or empty"),
        ({"MESSAGES": "x"}, "ERROR_ARGUMENT", "The value of an argument 'MESSAGES' must be of type array"),
        ({"MESSAGES": ["x"]}, "ERROR_ARGUMENT", "The MESSAGES parameter must be an array of messages (arrays)"),
        (
            {"MESSAGES": [{"user": {"id": 1}, "message": {"text": "x"}}]},
            "ERROR_ARGUMENT",
            "The incorrect structure of a message inside MESSAGES parameter",
        ),
        ({"LINE": 999}, "NOT_ACTIVE_LINE", "The line with this ID is inactive or does not exist"),
        (
            {"CONNECTOR": "other"},
            "IMCONNECTOR_NO_CORRECT_PROVIDER",
            "Failed to find a suitable provider for the connector",
        ),
    ],
)
@pytest.mark.parametrize("method", ["send", "update", "delete"])
def test_a_wrong_call_fails_as_a_whole(portal: Portal, change: Any, code: str, words: str, method: str) -> None:
    element = {"user": {"id": "1"}, "message": {"id": "1", "text": "x"}, "chat": {"id": "1"}}
    args = {"CONNECTOR": "chatdrill", "LINE": 107, "MESSAGES": [element], **change}
    assert error(portal.call(f"imconnector.{method}.messages", args)) == (400, code, words)
    assert not portal.state.tickets


def test_an_element_fails_for_itself(portal: Portal) -> None:
    good = {"user": {"id": "1"}, "message": {"id": "1", "text": "x"}, "chat": {"id": "1"}}
    bad = {**good, "message": {"id": "2"}}
    args = {"CONNECTOR": "chatdrill", "LINE": 107, "MESSAGES": [bad, good]}
    first, second = portal.result("imconnector.send.messages", args)["DATA"]["RESULT"]
    assert first["SUCCESS"] is False and first["ERRORS"] and second["SUCCESS"] is True


@pytest.mark.parametrize(
    ("name", "passes"), [("A" * 25, True), ("A" * 26, False), ("Ann 2", False), ("O’Neil-Ü", True)]
)
def test_names_have_a_limit_that_can_be_enforced(name: str, passes: bool) -> None:
    lax, strict = Portal(), Portal(strict_names="yes")
    user = {**ANN, "name": name}
    assert (lax.send(user=user).call.note is None) == passes
    assert answer(strict.send(user=user))["result"]["DATA"]["RESULT"][0]["SUCCESS"] is passes


@pytest.mark.parametrize(("setting", "entries"), [("no", 2), ("yes", 1)])
def test_a_message_sent_twice_stands_twice_unless_told_otherwise(setting: str, entries: int) -> None:
    portal = Portal(dedupe_messages=setting)
    assert portal.sent() == portal.sent()
    assert len([each for each in next(portal.state.dialogs()).entries if each.author == "customer"]) == entries


def test_dialogs_are_told_apart_by_user_or_by_chat() -> None:
    by_user, by_chat = Portal(), Portal(chat_group="yes")
    eve = {**ANN, "id": "tg-43"}
    assert by_user.sent() != by_user.sent(user=eve)
    assert by_chat.sent() == by_chat.sent(user=eve)
    assert by_user.sent() == by_user.sent(chat={"id": "other"})


def test_a_file_is_read_before_anything_is_changed(portal: Portal) -> None:
    url = "http://127.0.0.1:9/p.png"
    message = {"files": [{"url": url, "name": "p.png"}]}
    first = portal.send("", message=message)
    assert first.wait is not None and first.wait.urls == (url,) and not portal.state.tickets
    handled = portal.send("", message=message, fetched={url: Fetched(PNG, "image/png")})
    entry = next(each.entry for each in handled.events if isinstance(each, EntryAdded))
    assert portal.state.blobs.get(entry.files[0].sha256) == PNG and entry.files[0].name == "p.png"


def test_a_customers_edit_and_deletion_reach_the_agents(portal: Portal, chat: str) -> None:
    element = {"user": ANN, "message": {"id": "tg-1001", "text": "Parcel 7"}, "chat": {"id": "tg-42"}}
    args = {"CONNECTOR": "chatdrill", "LINE": 107, "MESSAGES": [element]}
    edited = portal.call("imconnector.update.messages", args)
    assert answer(edited)["result"]["DATA"]["RESULT"][0]["SUCCESS"] is True
    entry = portal.state.tickets[chat].entries[0]
    assert edited.events == (EntryChanged(ticket=chat, entry_id=entry.id, text="Parcel 7"),)
    deleted = portal.call("imconnector.delete.messages", args)
    assert deleted.events == (EntryChanged(ticket=chat, entry_id=entry.id, deleted=True),)
    element["message"] = {"id": "nobody", "text": "x"}
    assert portal.result("imconnector.update.messages", args)["DATA"]["RESULT"][0]["SUCCESS"] is False


def test_an_agents_reply_goes_out_as_a_form_of_strings(portal: Portal, chat: str) -> None:
    portal.accept(chat)
    entry = portal.reply(chat)
    (update,) = portal.updates("ONIMCONNECTORMESSAGEADD")
    request, bob = portal.request(update), portal.state.seats["bob"].id
    assert request.url == HOOK and request.method == "POST"
    assert request.header("content-type") == "application/x-www-form-urlencoded"
    found = pairs(request)
    token = found.pop("auth[access_token]")
    handler = found.pop("event_handler_id")
    assert found == {
        "event": "ONIMCONNECTORMESSAGEADD",
        "data[CONNECTOR]": "chatdrill",
        "data[LINE]": "107",
        "data[MESSAGES][0][im][chat_id]": chat,
        "data[MESSAGES][0][im][message_id]": entry,
        "data[MESSAGES][0][message][user_id]": bob,
        "data[MESSAGES][0][message][text]": "[b]Klaus Weber:[/b] [br]Guten Tag!",
        "data[MESSAGES][0][chat][id]": "tg-42",
        "ts": str(int(NOW)),
        "auth[expires]": str(int(NOW) + 3600),
        "auth[expires_in]": "3600",
        "auth[domain]": "chatdrill.bitrix24.com",
        "auth[client_endpoint]": "https://chatdrill.bitrix24.com/rest/",
        "auth[server_endpoint]": "https://oauth.bitrix.info/rest/",
        "auth[member_id]": "bac1cd5c8940947a75e0d71b1a84e348",
        "auth[status]": "L",
        "auth[scope]": portal.state.settings["scope"],
        "auth[application_token]": "831c76b092f9f135d9b6b36c3a720757",
        "auth[user_id]": bob,
    }
    assert handler.isdigit() and portal.result("profile", token=token)["ID"] == bob
    assert (update.to, portal.request(update)) == (chat, request)


def test_a_connector_may_do_without_signatures(portal: Portal, chat: str) -> None:
    portal.state.connectors["chatdrill"].flags["NEED_SIGNATURE"] = False
    portal.reply(chat)
    (told,) = portal.told("ONIMCONNECTORMESSAGEADD")
    assert told["data"]["MESSAGES"][0]["message"]["text"] == "Guten Tag!"


def test_an_agents_file_can_be_downloaded(portal: Portal, chat: str) -> None:
    file = describe(PNG, portal.state.blobs, name="Rechnung ü.png")
    portal.act(chat, Reply(agent="bob", parts=(Media(kind="photo", file=file, caption=Text(text="hier")),)))
    (told,) = portal.told("ONIMCONNECTORMESSAGEADD")
    message = told["data"]["MESSAGES"][0]["message"]
    (sent,) = message["files"]
    assert sent["type"] == "image" and sent["name"] == "Rechnung ü.png" and sent["size"] == str(len(PNG))
    assert sent["link"] == sent["downloadLink"] and message["text"].endswith("hier")
    got = portal.raw("GET", sent["downloadLink"].removeprefix("http://127.0.0.1:8080/bitrix24"))
    assert got.response.status == 200 and got.response.body == PNG
    lost = portal.raw("GET", "/bitrix/services/main/ajax.php?action=disk.api.file.download&fileId=1")
    assert lost.response.status == 404


def test_a_receipt_is_kept_and_needed_for_edits(portal: Portal, chat: str) -> None:
    entry = portal.reply(chat)
    portal.act(chat, EditReply(agent="bob", entry_id=entry, text="Hallo!"))
    assert not portal.told("ONIMCONNECTORMESSAGEUPDATE")
    receipt = {"im": {"chat_id": chat, "message_id": entry}, "message": {"id": ["tg-9"]}, "chat": {"id": "tg-42"}}
    where = {"CONNECTOR": "chatdrill", "LINE": 107}
    handled = portal.call("imconnector.send.status.delivery", {**where, "MESSAGES": [receipt]})
    assert answer(handled)["result"] == {"SUCCESS": True, "DATA": []}
    assert handled.events == (EntryDelivered(ticket=chat, entry_id=entry, status="read", origin_id="tg-9"),)
    portal.act(chat, EditReply(agent="bob", entry_id=entry, text="Hallo Ann!"))
    (told,) = portal.told("ONIMCONNECTORMESSAGEUPDATE")
    message = told["data"]["MESSAGES"][0]["message"]
    assert message == {"id": ["tg-9"], "text": "[b]Klaus Weber:[/b] [br]Hallo Ann!"}
    portal.act(chat, DeleteReply(agent="bob", entry_id=entry))
    (told,) = portal.told("ONIMCONNECTORMESSAGEDELETE")
    assert told["data"]["MESSAGES"][0]["message"] == {"id": "tg-9"}


@pytest.mark.parametrize("status", ["delivery", "reading"])
def test_a_receipt_needs_its_arguments(portal: Portal, status: str) -> None:
    method, where = f"imconnector.send.status.{status}", {"CONNECTOR": "chatdrill", "LINE": 107}
    assert error(portal.call(method, where))[2] == "Argument 'MESSAGES' is null or empty"
    unknown = {"im": {"chat_id": 1, "message_id": 1}, "message": {"id": ["x"]}}
    handled = portal.call(method, {**where, "MESSAGES": [unknown]})
    assert answer(handled)["result"] == {"SUCCESS": True, "DATA": []} and not handled.events


def test_a_chat_gets_another_name(portal: Portal, chat: str) -> None:
    args = {"CONNECTOR": "chatdrill", "LINE": 107, "CHAT_ID": "tg-42", "NAME": "Ann (VIP)"}
    assert portal.result("imconnector.chat.name.set", args)["SUCCESS"] is True
    assert portal.state.tickets[chat].title == "Ann (VIP)"
    assert error(portal.call("imconnector.chat.name.set", {**args, "CHAT_ID": "x"}))[1] == "CHAT_RENAMING_FAILED"


def test_a_line_on_behalf_is_its_users(portal: Portal, chat: str) -> None:
    bob = portal.state.seats["bob"].id
    authors = []
    for user in (bob, "1"):
        handled = portal.send("Ich war das", f"o-{user}", message={"user_id": user})
        authors += [each.entry.author for each in handled.events if isinstance(each, EntryAdded)]
    assert authors == ["agent", "bot"] and portal.owner(chat) == "queue"
    assert not portal.told("ONIMCONNECTORMESSAGEADD")


def test_a_file_that_nobody_has_seen_is_taken_on_trust(portal: Portal) -> None:
    url = "https://far.example/p.png"
    handled = portal.send("x", message={"files": [{"url": url}]}, fetched={url: Fetched(error="unreachable")})
    entry = next(each.entry for each in handled.events if isinstance(each, EntryAdded))
    assert entry.files == (File(url=url),)
