"""What the bots in a chat are told, in the two generations of their interface."""

from __future__ import annotations

from typing import Any, Literal

from chatdrill.model import Entry
from chatdrill_fakes.desks.bitrix24 import hooks, people, values
from chatdrill_fakes.desks.bitrix24.calls import Scene
from chatdrill_fakes.desks.bitrix24.state import Bitrix24State, Bot, Dialog

What = Literal["add", "update", "delete", "join", "gone"]
LANGUAGE = "en"


def bot_told_all(scene: Scene, dialog: Dialog, what: What, entry: Entry, text: str) -> None:
    """Every bot in the chat learns of a customer's message."""
    for id in sorted({*dialog.staying, *([dialog.bot] if dialog.bot is not None else [])}):
        if id in scene.state.bots:
            bot_told(scene, dialog, scene.state.bots[id], what, entry, text)


def bot_told(scene: Scene, dialog: Dialog | None, bot: Bot, what: What, entry: Entry | None, text: str) -> None:
    """One bot is told, where it wants to be told: at its address, or when it fetches."""
    event = hooks.BOT_EVENTS[what][bot.version - 1]
    ticket = None if dialog is None else dialog.address
    data = _old(scene, dialog, bot, entry, text) if bot.version == 1 else _new(scene, dialog, what, entry, text)
    if bot.mode == "fetch":
        serial = scene.state.next("event")
        whole = {"bot": described(bot), **data}
        bot.queue.append({"eventId": serial, "type": event, "date": values.iso(scene.at), "data": whole})
        return
    hook = bot.urls.get(event) or bot.urls.get("")
    if hook is None:
        return
    if bot.version == 2:
        data = {"bot": {"id": bot.id, "code": bot.code, "auth": _authority(scene, bot)}, **data}
    top = hooks.authority(scene.state, scene.at, scene.user)
    body = {"event": event, "event_handler_id": hook.id, "data": data, "ts": int(scene.at), "auth": top}
    hooks.send(scene, event, body, ticket, hook)


def _authority(scene: Scene, bot: Bot) -> dict[str, Any]:
    return hooks.authority(scene.state, scene.at, str(bot.id))


def described(bot: Bot) -> dict[str, Any]:
    """A bot as ``imbot.v2.Bot.get`` shows it."""
    return {
        "id": bot.id,
        "code": bot.code,
        "type": bot.kind,
        "isHidden": False,
        "isSupportOpenline": bot.is_openline,
        "isReactionsEnabled": True,
        "backgroundId": None,
        "language": LANGUAGE,
        "moduleId": "rest",
        "eventMode": bot.mode,
        "countMessage": 0,
        "countCommand": 0,
        "countChat": 0,
        "countUser": 0,
    }


def _new(scene: Scene, dialog: Dialog | None, what: What, entry: Entry | None, text: str) -> dict[str, Any]:
    if dialog is None:
        return {}
    state = scene.state
    around = {
        "chat": people.chat(state, dialog),
        "user": people.user(state, dialog.user_id, dialog),
        "language": LANGUAGE,
    }
    if entry is None:
        return {"dialogId": f"chat{dialog.id}", **around}
    if what == "delete":
        return {"messageId": int(entry.id), **around}
    return {"message": message(dialog, entry, text, state), **around}


def message(dialog: Dialog, entry: Entry, text: str, state: Bitrix24State) -> dict[str, Any]:
    """A message as ``imbot.v2`` shows it."""
    files = [people.file_id_of(state, file) for file in entry.files]
    return {
        "id": int(entry.id),
        "chatId": dialog.id,
        "authorId": dialog.senders[entry.id],
        "date": values.iso(entry.at),
        "text": text,
        "isSystem": entry.author == "system",
        "uuid": "",
        "forward": None,
        "params": {"FILE_ID": files} if files else {},
        "viewedByOthers": False,
    }


def _old(scene: Scene, dialog: Dialog | None, bot: Bot, entry: Entry | None, text: str) -> dict[str, Any]:
    token = _authority(scene, bot)
    whose = {**token, "client_id": bot.token, "AUTH": token, "BOT_ID": bot.id, "BOT_CODE": bot.code}
    if dialog is None:
        return {"BOT_ID": bot.id, "BOT_CODE": bot.code, "BOT": {str(bot.id): whose}}
    state, (first, second) = scene.state, people.entity_data(dialog)
    around: dict[str, Any] = {
        "MESSAGE_TYPE": "L",
        "DIALOG_ID": f"chat{dialog.id}",
        "CHAT_ID": dialog.id,
        "CHAT_TYPE": "L",
        "CHAT_ENTITY_TYPE": "LINES",
        "CHAT_ENTITY_ID": dialog.code,
        "CHAT_AUTHOR_ID": people.owner_id(state, dialog),
        "LANGUAGE": LANGUAGE,
    }
    if entry is None:
        params = {**around, "BOT_ID": bot.id, "USER_ID": dialog.user_id}
    else:
        params = {**_old_message(state, dialog, bot, entry, text), **around}
        params |= {"CHAT_ENTITY_DATA_1": first, "CHAT_ENTITY_DATA_2": second, "CHAT_TITLE": dialog.title}
    return {
        "BOT": {str(bot.id): whose},
        "PARAMS": params,
        "USER": people.old_user(state, dialog.user_id, dialog),
    }


def _old_message(state: Bitrix24State, dialog: Dialog, bot: Bot, entry: Entry, text: str) -> dict[str, Any]:
    sender = dialog.senders[entry.id]
    params: dict[str, Any] = {
        "MESSAGE": text,
        "MESSAGE_ID": int(entry.id),
        "TO_CHAT_ID": dialog.id,
        "FROM_USER_ID": sender,
        "AUTHOR_ID": sender,
        "SYSTEM": "N",
        "TO_USER_ID": bot.id,
    }
    if entry.files:
        ids = [people.file_id_of(state, file) for file in entry.files]
        params["FILES"] = {str(id): _old_file(state, dialog, id) for id in ids}
    return params


def _old_file(state: Bitrix24State, dialog: Dialog, id: int) -> dict[str, Any]:
    file = state.files[id]
    name, url = people.file_name(file, id), people.download_url(state, id)
    return {
        "id": id,
        "chatId": dialog.id,
        "type": people.file_kind(name),
        "name": name,
        "extension": name.rpartition(".")[2],
        "size": file.size_bytes,
        "urlDownload": url,
        "urlShow": url,
    }
