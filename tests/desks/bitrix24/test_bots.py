"""Shape B: a bot in the open line, in both generations."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from chatdrill.model import Assigned, Elapse, EntryAdded, TakeOver
from chatdrill_fakes.desks.bitrix24.methods.bots import TEXT_MAX
from desks.bitrix24.kit import ANN, HOOK, PNG, Portal, error, names

OLD = {
    "CODE": "old_bot",
    "TYPE": "O",
    "EVENT_HANDLER": f"{HOOK}/old",
    "PROPERTIES": {"NAME": "Old", "LAST_NAME": "Bot"},
}


@pytest.fixture
def portal() -> Portal:
    """The first bot that registers is put on the line."""
    return Portal(welcome_bot="yes")


@pytest.fixture
def bot(portal: Portal) -> int:
    return portal.bot()


def say(portal: Portal, bot: int, chat: str, text: str = "I am a bot.", **fields: Any) -> Any:
    args = {"botId": bot, "dialogId": f"chat{chat}", "fields": {"message": text, **fields}}
    return portal.call("imbot.v2.Chat.Message.send", args)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": ""}, "BOT_CODE_REQUIRED"),
        ({"botToken": "x" * 41}, "BOT_TOKEN_INVALID_LENGTH"),
        ({"type": "human"}, "BOT_INVALID_TYPE"),
        ({"eventMode": "carrier"}, "BOT_INVALID_EVENT_MODE"),
        ({"eventMode": "webhook", "webhookUrl": ""}, "BOT_WEBHOOK_URL_REQUIRED"),
        ({"properties": {}}, "BOT_PROPERTIES_REQUIRED"),
    ],
)
def test_a_bot_that_is_wrong_is_not_registered(portal: Portal, change: dict[str, Any], code: str) -> None:
    fields = {"code": "x", "properties": {"name": "X"}, **change}
    assert error(portal.call("imbot.v2.Bot.register", {"fields": fields}))[1] == code
    assert not portal.state.bots


def test_registering_again_gives_the_same_bot(portal: Portal, bot: int) -> None:
    assert portal.bot() == bot and portal.bot(code="other") != bot
    fields = {"code": "x", "botToken": "x" * 40, "properties": {"name": "X"}}
    assert portal.call("imbot.v2.Bot.register", {"fields": fields}).call.ok
    assert error(portal.hooked("imbot.v2.Bot.list"))[1] == "BOT_TOKEN_NOT_SPECIFIED"
    assert error(portal.hooked("imbot.v2.Bot.get", {"botId": bot, "botToken": "y"}))[1] == "BOT_OWNERSHIP_ERROR"


def test_bots_are_shown_changed_and_removed(portal: Portal, bot: int) -> None:
    shown = portal.result("imbot.v2.Bot.get", {"botId": bot})
    assert shown["bot"]["code"] == "support_bot" and shown["bot"]["isSupportOpenline"] is True
    assert shown["users"][0]["bot"] is True
    args = {"botId": bot, "fields": {"properties": {"name": "New"}}}
    assert portal.result("imbot.v2.Bot.update", args)["users"][0]["name"] == "New"
    assert [each["id"] for each in portal.result("imbot.v2.Bot.list")["bots"]] == [bot]
    assert error(portal.call("imbot.v2.Bot.get", {}))[1] == "PARAMS_REQUIRED"
    assert portal.result("imbot.v2.Bot.unregister", {"botId": bot}) == {"result": True}
    (gone,) = portal.told("ONIMBOTV2DELETE")
    assert gone["data"]["bot"]["id"] == str(bot)
    assert error(portal.call("imbot.v2.Bot.get", {"botId": bot}))[1] == "BOT_NOT_FOUND"


def test_a_new_dialog_is_the_bots(portal: Portal, bot: int) -> None:
    handled = portal.send()
    chat = handled.call.to
    assert "HandoffAsked" not in names(handled.events) and portal.owner(chat) == "bot"
    assert [each.kind for each in portal.state.outbox if each.hook] == ["ONIMBOTV2JOINCHAT", "ONIMBOTV2MESSAGEADD"]
    update = next(each for each in portal.state.outbox if each.kind == "ONIMBOTV2MESSAGEADD")
    assert portal.request(update).url == f"{HOOK}/bot"
    (told,) = portal.told("ONIMBOTV2MESSAGEADD")
    data, dialog = told["data"], portal.state.tickets[chat]
    assert {key: data["message"][key] for key in ("text", "isSystem", "authorId", "chatId")} == {
        "text": "Where is my parcel?",
        "isSystem": "0",
        "authorId": str(dialog.user_id),
        "chatId": chat,
    }
    assert data["message"]["forward"] == "" and data["language"] == "en"
    assert data["chat"]["entityType"] == "LINES" and data["chat"]["dialogId"] == f"chat{chat}"
    assert data["user"]["connector"] == "1" and data["user"]["name"] == "Ann Lee"
    assert data["bot"]["code"] == "support_bot" and data["bot"]["auth"]["user_id"] == str(bot)
    assert told["auth"]["application_token"] and "access_token" not in told["auth"]


def test_a_bots_words_go_to_the_customer(portal: Portal, bot: int) -> None:
    chat = portal.sent()
    portal.updates()
    handled = say(portal, bot, chat)
    (added,) = [each for each in handled.events if isinstance(each, EntryAdded)]
    assert added.entry.author == "bot" and added.entry.said_by == "Support Bot"
    (told,) = portal.told("ONIMCONNECTORMESSAGEADD")
    message = told["data"]["MESSAGES"][0]["message"]
    assert message == {"user_id": str(bot), "text": "[b]Support Bot:[/b] [br]I am a bot."}
    own = {"botId": bot, "messageId": added.entry.id, "fields": {"message": "Edited"}}
    assert portal.result("imbot.v2.Chat.Message.update", own) == {"result": True}
    assert portal.result("imbot.v2.Chat.Message.get", own)["message"]["text"] == "Edited"
    assert portal.result("imbot.v2.Chat.Message.delete", own) == {"result": True}
    strange = {**own, "messageId": portal.state.tickets[chat].entries[0].id}
    assert error(portal.call("imbot.v2.Chat.Message.update", strange))[1] == "ACCESS_DENIED"


@pytest.mark.parametrize(("length", "kept"), [(TEXT_MAX, TEXT_MAX), (TEXT_MAX + 1, TEXT_MAX + 6)])
def test_a_bots_long_text_is_cut(portal: Portal, bot: int, length: int, kept: int) -> None:
    chat = portal.sent()
    say(portal, bot, chat, "x" * length)
    assert len(portal.state.tickets[chat].entries[-1].text) == kept


def test_a_bots_message_has_its_errors(portal: Portal, bot: int) -> None:
    chat = portal.sent()
    assert error(say(portal, bot, chat, " "))[1] == "EMPTY_MESSAGE"
    assert error(say(portal, 0, chat))[1] == "BOT_ID_REQUIRED"
    assert error(say(portal, 9, chat))[1] == "BOT_NOT_FOUND"
    assert error(say(portal, bot, "1"))[1] == "ACCESS_DENIED"


def test_a_bots_file_is_filed_and_sent(portal: Portal, bot: int) -> None:
    chat = portal.sent()
    args = {"botId": bot, "dialogId": f"chat{chat}"}
    content = base64.b64encode(PNG).decode()
    done = portal.result("imbot.v2.File.upload", {**args, "fields": {"name": "a.png", "content": content}})
    assert done["file"]["size"] == len(PNG) and done["dialogId"] == f"chat{chat}"
    url = portal.result("imbot.v2.File.download", {"botId": bot, "fileId": done["file"]["id"]})["downloadUrl"]
    assert portal.raw("GET", url.removeprefix("http://127.0.0.1:8080/bitrix24")).response.body == PNG
    for fields, code in (({"name": "x"}, "FILE_EMPTY"), ({"name": "x", "content": "%"}, "FILE_INVALID_CONTENT")):
        assert error(portal.call("imbot.v2.File.upload", {**args, "fields": fields}))[1] == code
    assert error(portal.call("imbot.v2.File.download", {"botId": bot, "fileId": 1}))[1] == "FILE_NOT_FOUND"


def test_a_bot_reads_types_and_leaves(portal: Portal, bot: int) -> None:
    chat = portal.sent()
    args = {"botId": bot, "dialogId": f"chat{chat}"}
    assert portal.result("imbot.v2.Chat.get", args)["chat"]["id"] == int(chat)
    assert portal.result("imbot.v2.Chat.InputAction.notify", args) == {"result": True}
    assert portal.result("imbot.v2.Chat.Message.read", args)["chatId"] == int(chat)
    assert portal.result("imbot.v2.Chat.leave", args) == {"result": True} and portal.owner(chat) == "queue"
    assert portal.state.tickets[chat].offered == "bob"
    assert error(portal.call("imbot.v2.Chat.get", args))[1] == "ACCESS_DENIED"


def test_fetching_confirms_what_lies_below_the_offset(portal: Portal) -> None:
    bot = portal.bot(eventMode="fetch")
    portal.sent()
    assert not [each for each in portal.updates() if each.hook]
    first = portal.result("imbot.v2.Event.get", {"botId": bot, "limit": 1})
    assert [each["type"] for each in first["events"]] == ["ONIMBOTV2JOINCHAT"] and first["hasMore"] is True
    assert portal.result("imbot.v2.Event.get", {"botId": bot, "limit": 1}) == first
    second = portal.result("imbot.v2.Event.get", {"botId": bot, "offset": first["nextOffset"]})
    (event,) = second["events"]
    assert event["type"] == "ONIMBOTV2MESSAGEADD" and event["data"]["message"]["isSystem"] is False
    assert "auth" not in event["data"]["bot"] and event["data"]["bot"]["eventMode"] == "fetch"
    last = portal.result("imbot.v2.Event.get", {"botId": bot, "offset": second["nextOffset"]})
    assert last["events"] == [] and last["nextOffset"] == second["nextOffset"]


# ------------------------------------------------------------------------------------------------ handing over


def test_a_bot_hands_over_once(portal: Portal, bot: int) -> None:
    chat = portal.sent()
    handled = portal.call("imopenlines.bot.session.operator", {"CHAT_ID": chat})
    assert names(handled.events) == ["HandoffAsked", "Assigned"] and portal.owner(chat) == "queue"
    again = error(portal.call("imopenlines.bot.session.operator", {"CHAT_ID": chat}))
    assert again == (400, "WRONG_CHAT", "Operator is not a bot")
    assert error(say(portal, bot, chat))[1] == "ACCESS_DENIED"
    assert error(portal.call("imopenlines.bot.session.operator"))[1] == "CHAT_ID_EMPTY"


@pytest.mark.parametrize(("leave", "stays"), [("N", True), ("Y", False), (None, True)])
def test_a_bot_that_stays_hears_until_somebody_answers(
    portal: Portal, bot: int, leave: str | None, stays: bool
) -> None:
    chat, eva = portal.sent(), portal.state.seats["eva"].id
    args = {"CHAT_ID": chat, "USER_ID": eva} | ({"LEAVE": leave} if leave else {})
    assert portal.result("imopenlines.bot.session.transfer", args) is True
    assert portal.owner(chat) == "queue" and portal.state.tickets[chat].offered == "eva"
    portal.updates()
    portal.send("Hello?", "2")
    assert bool(portal.told("ONIMBOTV2MESSAGEADD")) is stays
    portal.accept(chat, "eva")
    portal.send("Hello!", "3")
    assert not portal.told("ONIMBOTV2MESSAGEADD")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({}, "TRANSFER_ID_EMPTY"),
        ({"USER_ID": 0}, "USER_ID_EMPTY"),
        ({"QUEUE_ID": ""}, "QUEUE_ID_EMPTY"),
        ({"USER_ID": 3, "QUEUE_ID": 107}, "OPERATOR_WRONG"),
        ({"QUEUE_ID": 999}, "OPERATOR_WRONG"),
        ({"TRANSFER_ID": "queue999"}, "OPERATOR_WRONG"),
        ({"CHAT_ID": 0, "QUEUE_ID": 107}, "CHAT_ID_EMPTY"),
    ],
)
@pytest.mark.parametrize("who", ["bot.session", "operator"])
def test_a_transfer_has_its_errors(portal: Portal, bot: int, args: Any, code: str, who: str) -> None:
    chat = portal.sent()
    assert error(portal.call(f"imopenlines.{who}.transfer", {"CHAT_ID": chat, **args}))[:2] == (400, code)


def test_a_transfer_needs_a_bot_and_by_webhook_its_key() -> None:
    portal = Portal()
    chat = portal.sent()
    assert (
        error(portal.call("imopenlines.bot.session.transfer", {"CHAT_ID": chat, "QUEUE_ID": 107}))[1] == "BOT_ID_ERROR"
    )
    owned = Portal(welcome_bot="yes")
    owned.bot(botToken="key")
    args = {"CHAT_ID": owned.sent(), "TRANSFER_ID": "queue107"}
    assert error(owned.hooked("imopenlines.bot.session.transfer", args))[1] == "BOT_ID_ERROR"
    assert owned.hooked("imopenlines.bot.session.transfer", {**args, "CLIENT_ID": "key"}).call.ok


def test_a_bot_that_finishes_ends_no_persons_work(portal: Portal, bot: int) -> None:
    chat = portal.sent()
    handled = portal.call("imopenlines.bot.session.finish", {"CHAT_ID": chat})
    assert names(handled.events) == ["StateChanged"] and portal.state.tickets[chat].is_over
    assert portal.result("imopenlines.bot.session.finish", {"CHAT_ID": chat}) is True


def test_a_bot_has_the_line_say_something(portal: Portal, bot: int) -> None:
    chat = portal.sent()
    portal.updates()
    args = {"CHAT_ID": chat, "NAME": "DEFAULT", "MESSAGE": "One moment."}
    assert portal.result("imopenlines.bot.session.message.send", args) is True
    assert len(portal.told("ONIMCONNECTORMESSAGEADD")) == 1
    assert portal.result("imopenlines.bot.session.message.send", {"CHAT_ID": chat, "NAME": "WELCOME"}) is True
    assert not portal.updates()


def test_a_bot_has_only_so_much_time(portal: Portal, bot: int) -> None:
    portal.configure(WELCOME_BOT_TIME=300)
    later = next(each for each in portal.send().later if each.act.what == "welcome_bot")
    assert later.after_s == 300
    events = portal.act(later.to, later.act)
    assert names(events) == ["HandoffAsked", "Assigned"] and portal.owner(later.to) == "queue"
    assert portal.act(later.to, Elapse(agent="", what="welcome_bot")) == []


@pytest.mark.parametrize(("join", "owner"), [("always", "bot"), ("first", "queue")])
def test_a_bot_joins_every_session_or_the_first(portal: Portal, bot: int, join: str, owner: str) -> None:
    portal.configure(WELCOME_BOT_JOIN=join)
    chat = portal.sent()
    portal.result("imopenlines.bot.session.finish", {"CHAT_ID": chat})
    portal.sent("Again", "2")
    assert portal.owner(chat) == owner


def test_a_bot_may_stay_until_the_end(portal: Portal, bot: int) -> None:
    portal.configure(WELCOME_BOT_LEFT="close")
    chat = portal.sent()
    (taken, *_) = portal.act(chat, TakeOver(agent="bob"))
    assert isinstance(taken, Assigned) and not taken.automatic and portal.owner(chat) == "agent"
    assert say(portal, bot, chat).call.ok


# --------------------------------------------------------------------------------------------- the old generation


def test_an_old_bot_hears_in_the_old_way(portal: Portal) -> None:
    bot = portal.result("imbot.register", OLD)
    assert portal.result("imbot.register", OLD) == bot
    chat = portal.sent()
    dialog = portal.state.tickets[chat]
    told = {each["event"]: each["data"] for each in portal.told(None)}
    data = told["ONIMBOTMESSAGEADD"]
    assert data["BOT"][str(bot)]["BOT_CODE"] == "old_bot" and data["BOT"][str(bot)]["AUTH"]["access_token"]
    params = data["PARAMS"]
    assert {key: params[key] for key in ("MESSAGE", "MESSAGE_TYPE", "DIALOG_ID", "CHAT_ENTITY_TYPE")} == {
        "MESSAGE": "Where is my parcel?",
        "MESSAGE_TYPE": "L",
        "DIALOG_ID": f"chat{chat}",
        "CHAT_ENTITY_TYPE": "LINES",
    }
    assert params["CHAT_ENTITY_ID"] == dialog.code == f"chatdrill|107|tg-42|{dialog.user_id}"
    assert params["CHAT_ENTITY_DATA_1"].split("|")[5] == str(dialog.session.id)
    assert data["USER"]["IS_CONNECTOR"] == "Y" and data["USER"]["NAME"] == "Ann Lee"
    assert told["ONIMBOTJOINCHAT"]["PARAMS"]["BOT_ID"] == str(bot)


def test_an_old_bot_writes_changes_deletes_and_leaves(portal: Portal) -> None:
    bot = portal.result("imbot.register", OLD)
    chat = portal.sent()
    args = {"BOT_ID": bot, "DIALOG_ID": f"chat{chat}"}
    entry = portal.result("imbot.message.add", {**args, "MESSAGE": "Hi"})
    assert len(portal.told("ONIMCONNECTORMESSAGEADD")) == 1
    own = {"BOT_ID": bot, "MESSAGE_ID": entry}
    assert portal.result("imbot.message.update", {**own, "MESSAGE": "Hello"}) is True
    assert portal.state.tickets[chat].entries[-1].text == "Hello"
    assert portal.result("imbot.message.delete", own) is True
    assert portal.result("imbot.chat.sendTyping", args) is True
    assert portal.result("imbot.chat.leave", {"BOT_ID": bot, "CHAT_ID": chat}) is True
    assert error(portal.call("imbot.message.add", {**args, "MESSAGE": "Hi"}))[1] == "WRONG_REQUEST"
    assert portal.result("imbot.bot.list")[str(bot)]["CODE"] == "old_bot"
    assert portal.result("imbot.update", {"BOT_ID": bot, "FIELDS": {"PROPERTIES": {"NAME": "New"}}}) is True
    assert portal.result("imbot.unregister", {"BOT_ID": bot}) is True and portal.told("ONIMBOTDELETE")


@pytest.mark.parametrize("version", [1, 2])
def test_bots_hear_of_a_customers_edit_and_deletion(portal: Portal, version: int) -> None:
    begin = "ONIMBOTV2MESSAGE" if version == 2 else "ONIMBOTMESSAGE"
    portal.bot() if version == 2 else portal.result("imbot.register", OLD)
    chat = portal.sent()
    entry = portal.state.tickets[chat].entries[0].id
    element = {"user": ANN, "message": {"id": "tg-1001", "text": "Parcel 7"}, "chat": {"id": "tg-42"}}
    args = {"CONNECTOR": "chatdrill", "LINE": 107, "MESSAGES": [element]}
    portal.result("imconnector.update.messages", args)
    data = portal.told(f"{begin}UPDATE")[0]["data"]
    assert (data["message"]["text"] if version == 2 else data["PARAMS"]["MESSAGE"]) == "Parcel 7"
    portal.result("imconnector.delete.messages", args)
    data = portal.told(f"{begin}DELETE")[0]["data"]
    assert (data["messageId"] if version == 2 else data["PARAMS"]["MESSAGE_ID"]) == entry


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"CODE": ""}, "CODE_ERROR"),
        ({"EVENT_HANDLER": ""}, "EVENT_MESSAGE_ADD_ERROR"),
        ({"EVENT_HANDLER": "ftp://x"}, "EVENT_MESSAGE_ADD_ERROR"),
        ({"PROPERTIES": {}}, "NAME_ERROR"),
    ],
)
def test_an_old_bot_that_is_wrong_is_not_registered(portal: Portal, change: dict[str, Any], code: str) -> None:
    assert error(portal.call("imbot.register", {**OLD, **change}))[1] == code
    assert error(portal.hooked("imbot.register", OLD))[1] == "ACCESS_DENIED"


def test_an_application_has_five_old_bots(portal: Portal) -> None:
    for number in range(5):
        portal.result("imbot.register", {**OLD, "CODE": f"bot{number}"})
    assert error(portal.call("imbot.register", {**OLD, "CODE": "bot5"}))[1] == "MAX_COUNT_ERROR"


def test_an_old_bots_message_has_its_errors(portal: Portal) -> None:
    args = {"DIALOG_ID": "chat1", "MESSAGE": "x"}
    assert error(portal.call("imbot.message.add", args))[1] == "BOT_ID_ERROR"
    portal.result("imbot.register", OLD)
    assert error(portal.call("imbot.message.add", {**args, "DIALOG_ID": ""}))[1] == "DIALOG_ID_EMPTY"
    assert error(portal.call("imbot.message.add", {**args, "MESSAGE": " "}))[1] == "MESSAGE_EMPTY"
    assert error(portal.hooked("imbot.message.add", {**args, "CLIENT_ID": "x"}))[1] == "APP_ID_ERROR"
