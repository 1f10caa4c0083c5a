"""``imbot.v2.*``: bots of the current generation."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from chatdrill.model import Entry
from chatdrill.wire import Hook
from chatdrill.wire.files import describe
from chatdrill_fakes.desks.bitrix24 import botting, chatting, declared, people, sessions, values
from chatdrill_fakes.desks.bitrix24.calls import Failure, Job, Method
from chatdrill_fakes.desks.bitrix24.methods.events import is_address
from chatdrill_fakes.desks.bitrix24.state import Bot, Dialog

TOKEN_MAX = 40  # imbot.v2.Bot.register, 2026-08
BOTS_MAX = 100  # the same: bots of one application
TEXT_MAX = 20_000  # imbot.v2.Chat.Message.send: longer texts are cut
FILE_MAX_BYTES = 100 * 1024 * 1024  # imbot.v2.File.upload
EVENTS_MAX = 1000  # imbot.v2.Event.get
_CUT = " (...)"
_KINDS = ("bot", "openline", "supervisor", "personal")

# -------------------------------------------------------------------------------------------------------- the bot


def _token(job: Job) -> str:
    token = job.text("BOTTOKEN") or values.text(values.upper(job.table("FIELDS")).get("BOTTOKEN"))
    if not token and not job.caller.is_app:
        raise Failure("BOT_TOKEN_NOT_SPECIFIED", "Bot token is not specified")
    return token


def _owned(job: Job, bot: Bot) -> Bot:
    if not job.caller.is_app and bot.token != _token(job):
        raise Failure("BOT_OWNERSHIP_ERROR", "Bot is registered by another application", 403)
    return bot


def _bot(job: Job) -> Bot:
    _token(job)
    if not job.number("BOTID"):
        raise Failure("BOT_ID_REQUIRED", "Bot ID is required")
    bot = job.state.bots.get(job.number("BOTID"))
    if bot is None:
        raise Failure("BOT_NOT_FOUND", "Bot not found")
    return _owned(job, bot)


def register(job: Job) -> Any:
    """A bot is made; for a known code the bot that there is."""
    said = values.upper(job.table("FIELDS"))
    token = _token(job)
    _check(said, token)
    code = values.text(said.get("CODE"))
    bot = next((each for each in job.state.bots.values() if each.version == 2 and each.code == code), None)
    if bot is None:
        if sum(each.version == 2 for each in job.state.bots.values()) >= BOTS_MAX:
            raise Failure(
                "MAX_COUNT_ERROR", f"Has reached the maximum number of bots for application (max: {BOTS_MAX})"
            )
        kind = values.text(said.get("TYPE")) or "bot"
        bot = Bot(job.state.next("user"), code, 2, kind, kind == "openline", token=token)
        _set(bot, said)
        put_on_line(job, bot)
    return _shown(job, _owned(job, bot))


def _check(said: dict[str, Any], token: str) -> None:
    kind, mode = values.text(said.get("TYPE")) or "bot", values.text(said.get("EVENTMODE")) or "fetch"
    named = values.upper(values.table(said.get("PROPERTIES")))
    url = values.text(said.get("WEBHOOKURL"))
    for is_wrong, code, words in (
        (not values.text(said.get("CODE")), "BOT_CODE_REQUIRED", "Bot code is required"),
        (len(token) > TOKEN_MAX, "BOT_TOKEN_INVALID_LENGTH", "Bot token has invalid length"),
        (not values.text(named.get("NAME")), "BOT_PROPERTIES_REQUIRED", "Bot name is required"),
        (kind not in _KINDS, "BOT_INVALID_TYPE", "Invalid bot type"),
        (mode not in ("fetch", "webhook"), "BOT_INVALID_EVENT_MODE", "Invalid event mode"),
        (mode == "webhook" and not is_address(url), "BOT_WEBHOOK_URL_REQUIRED", "Webhook URL is required"),
    ):
        if is_wrong:
            raise Failure(code, words)


def _set(bot: Bot, said: dict[str, Any]) -> None:
    bot.kind = values.text(said.get("TYPE")) or bot.kind
    bot.mode = values.text(said.get("EVENTMODE")) or ("fetch" if not bot.urls else bot.mode)
    bot.is_openline = bot.kind == "openline" or values.flag(said.get("ISSUPPORTOPENLINE"), bot.is_openline)
    named = values.upper(values.table(said.get("PROPERTIES")))
    renamed = {"LASTNAME": "LAST_NAME", "WORKPOSITION": "WORK_POSITION"}
    bot.properties |= {renamed.get(key, key): value for key, value in named.items()}
    if is_address(values.text(said.get("WEBHOOKURL"))):
        hook = Hook(f"{bot.id}", values.text(said["WEBHOOKURL"]), retry=declared.ONCE)
        bot.urls = {"": hook}


def put_on_line(job: Job, bot: Bot) -> None:
    """File a bot; where the settings say so, its owner puts it on the line at once."""
    job.state.bots[bot.id] = bot
    config = job.state.line.config
    if job.state.on("welcome_bot") and bot.is_openline and not values.number(config["WELCOME_BOT_ID"]):
        config |= {"WELCOME_BOT_ENABLE": "Y", "WELCOME_BOT_ID": bot.id}


def _shown(job: Job, bot: Bot) -> dict[str, Any]:
    return {"bot": botting.described(bot), "users": [people.user(job.state, bot.id)]}


def get(job: Job) -> Any:
    """One bot, by id or code."""
    _token(job)
    code = job.text("CODE")
    if not job.number("BOTID") and not code:
        raise Failure("PARAMS_REQUIRED", "Required parameters are missing")
    bot = job.state.bots.get(job.number("BOTID"))
    bot = bot or next((each for each in job.state.bots.values() if code and each.code == code), None)
    if bot is None:
        raise Failure("BOT_NOT_FOUND", "Bot not found")
    return _shown(job, _owned(job, bot))


def listed(job: Job) -> Any:
    """The bots of the caller."""
    token = _token(job)
    bots = [
        each for each in job.state.bots.values() if each.version == 2 and (job.caller.is_app or each.token == token)
    ]
    kind = values.text(values.upper(job.table("FILTER")).get("TYPE"))
    bots = [each for each in bots if not kind or each.kind == kind]
    first, most = max(0, job.number("OFFSET")), job.number("LIMIT") or 50
    shown = bots[first : first + most]
    users = [people.user(job.state, each.id) for each in shown]
    return {
        "bots": [botting.described(each) for each in shown],
        "users": users,
        "hasNextPage": len(bots) > first + most,
    }


def update(job: Job) -> Any:
    """A bot has other properties."""
    bot = _bot(job)
    _set(bot, values.upper(job.table("FIELDS")))
    return _shown(job, bot)


def unregister(job: Job) -> Any:
    """A bot is removed; that is the last it hears."""
    bot = _bot(job)
    remove_bot(job, bot)
    return {"result": True}


def remove_bot(job: Job, bot: Bot) -> None:
    """Take a bot out of the portal; its dialogs go to the queue."""
    botting.bot_told(job.scene(), None, bot, "gone", None, "")
    del job.state.bots[bot.id]
    for dialog in job.state.dialogs():
        if is_member(dialog, bot):
            leave_chat(job, dialog, bot)


def fetch(job: Job) -> Any:
    """What waits for a bot; ``offset`` confirms all below it."""
    bot = _bot(job)
    offset = job.number("OFFSET")
    bot.queue = [each for each in bot.queue if each["eventId"] >= offset]
    limit = min(max(job.number("LIMIT") or 100, 1), EVENTS_MAX)
    events = bot.queue[:limit]
    following = events[-1]["eventId"] + 1 if events else offset
    return {"events": events, "nextOffset": following, "hasMore": len(bot.queue) > limit}


# ------------------------------------------------------------------------------------------------------- messages


def _dialog(job: Job, bot: Bot) -> Dialog:
    dialog = job.state.dialog(values.number(job.text("DIALOGID").lower().removeprefix("chat")))
    if dialog is None or not is_member(dialog, bot):
        raise Failure("ACCESS_DENIED", "Access denied", 403)
    job.visit.to = dialog.address
    return dialog


def is_member(dialog: Dialog, bot: Bot) -> bool:
    """True while the bot is in the chat."""
    return not dialog.is_over and (dialog.bot == bot.id or bot.id in dialog.staying)


def cut(text: str) -> str:
    """A text as long as the portal keeps it."""
    return text if len(text) <= TEXT_MAX else text[:TEXT_MAX] + _CUT


def send(job: Job) -> Any:
    """A message of a bot; in an open line the customer gets it."""
    bot = _bot(job)
    dialog, said = _dialog(job, bot), values.upper(job.table("FIELDS"))
    text = values.text(said.get("MESSAGE")).strip()
    if not text and not said.get("ATTACH"):
        raise Failure("EMPTY_MESSAGE", "Message is empty")
    reply_to = str(values.number(said.get("REPLYID")) or "") or None
    entry = chatting.add(
        job.scene(dialog),
        dialog,
        "bot",
        cut(text),
        sender=bot.id,
        is_outward=not values.flag(said.get("SYSTEM")),
        said_by=bot.name,
        reply_to=reply_to if reply_to and chatting.entry_of(dialog, reply_to) else None,
    )
    return {"id": int(entry.id), "uuidMap": {}}


def _own(job: Job, bot: Bot) -> tuple[Dialog, Entry]:
    id = str(job.number("MESSAGEID"))
    for dialog in job.state.dialogs():
        if dialog.senders.get(id) == bot.id and (entry := chatting.entry_of(dialog, id)) is not None:
            return dialog, entry
    raise Failure("ACCESS_DENIED", "Access denied", 403)


def change(job: Job) -> Any:
    """A bot's own message has another text."""
    dialog, entry = _own(job, _bot(job))
    text = values.text(values.upper(job.table("FIELDS")).get("MESSAGE")).strip()
    if text:
        chatting.change(job.scene(dialog), dialog, entry, cut(text))
    return {"result": True}


def delete(job: Job) -> Any:
    """A bot's own message is deleted."""
    dialog, entry = _own(job, _bot(job))
    chatting.remove(job.scene(dialog), dialog, entry)
    return {"result": True}


def upload(job: Job) -> Any:
    """A file of a bot, in base64, with words."""
    bot = _bot(job)
    dialog, said = _dialog(job, bot), values.upper(job.table("FIELDS"))
    name, content = values.text(said.get("NAME")), values.text(said.get("CONTENT"))
    if not name or not content:
        raise Failure("FILE_EMPTY", "File name or content is empty")
    try:
        bytes_ = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise Failure("FILE_INVALID_CONTENT", "Invalid base64 content") from None
    if len(bytes_) > FILE_MAX_BYTES:
        raise Failure("FILE_TOO_LARGE", "File is too large")
    file = describe(bytes_, job.state.blobs, name=name)
    about: dict[str, Any] = {"sender": bot.id, "files": (file,), "is_outward": True, "said_by": bot.name}
    entry = chatting.add(job.scene(dialog), dialog, "bot", cut(values.text(said.get("MESSAGE"))), **about)
    filed = {"id": people.file_id_of(job.state, file), "chatId": dialog.id, "name": name}
    filed |= {"extension": name.rpartition(".")[2], "size": len(bytes_)}
    return {"file": filed, "messageId": int(entry.id), "chatId": dialog.id, "dialogId": f"chat{dialog.id}"}


def download(job: Job) -> Any:
    """Where a file of a chat can be read."""
    _bot(job)
    id = job.number("FILEID")
    if id not in job.state.files:
        raise Failure("FILE_NOT_FOUND", "File not found")
    return {"downloadUrl": people.download_url(job.state, id)}


# ---------------------------------------------------------------------------------------------------------- chats


def chat(job: Job) -> Any:
    """A chat that the bot is in."""
    bot = _bot(job)
    dialog = _dialog(job, bot)
    return {"chat": {**people.chat(job.state, dialog), "messageType": "L", "role": "member", "muteList": []}}


def leave(job: Job) -> Any:
    """The bot leaves a chat; if it was the operator, the queue is next."""
    bot = _bot(job)
    dialog = _dialog(job, bot)
    leave_chat(job, dialog, bot)
    return {"result": True}


def leave_chat(job: Job, dialog: Dialog, bot: Bot) -> None:
    """Take a bot out of one chat; if it was the operator, the queue is next."""
    if dialog.bot == bot.id:
        sessions.to_queue(job.scene(dialog), dialog)
    dialog.staying.discard(bot.id)


def typing(job: Job) -> Any:
    """The bot seems to type; only the portal's own people see it."""
    bot = _bot(job)
    _dialog(job, bot)
    return {"result": True}


def read(job: Job) -> Any:
    """The bot has read the chat."""
    bot = _bot(job)
    dialog = _dialog(job, bot)
    last = int(dialog.entries[-1].id) if dialog.entries else 0
    return {"chatId": dialog.id, "lastId": last, "counter": 0, "viewedMessages": []}


def message(job: Job) -> Any:
    """One message of a chat that the bot is in."""
    bot = _bot(job)
    id = str(job.number("MESSAGEID"))
    for dialog in job.state.dialogs():
        entry = chatting.entry_of(dialog, id)
        if entry is not None and is_member(dialog, bot):
            user = people.user(job.state, dialog.senders[id], dialog)
            return {"message": botting.message(dialog, entry, entry.text, job.state), "user": user}
    raise Failure("MESSAGE_NOT_FOUND", "Message not found")


_RUNS = {
    "imbot.v2.Bot.register": register,
    "imbot.v2.Bot.get": get,
    "imbot.v2.Bot.list": listed,
    "imbot.v2.Bot.update": update,
    "imbot.v2.Bot.unregister": unregister,
    "imbot.v2.Event.get": fetch,
    "imbot.v2.Chat.get": chat,
    "imbot.v2.Chat.leave": leave,
    "imbot.v2.Chat.InputAction.notify": typing,
    "imbot.v2.Chat.Message.send": send,
    "imbot.v2.Chat.Message.get": message,
    "imbot.v2.Chat.Message.update": change,
    "imbot.v2.Chat.Message.delete": delete,
    "imbot.v2.Chat.Message.read": read,
    "imbot.v2.File.upload": upload,
    "imbot.v2.File.download": download,
}
METHODS = {name: Method(run, "imbot") for name, run in _RUNS.items()}
