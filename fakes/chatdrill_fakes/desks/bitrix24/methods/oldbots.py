"""``imbot.*``: bots of the generation before, still common."""

from __future__ import annotations

from typing import Any

from chatdrill.wire import Hook
from chatdrill_fakes.desks.bitrix24 import chatting, declared, values
from chatdrill_fakes.desks.bitrix24.calls import Failure, Job, Method
from chatdrill_fakes.desks.bitrix24.methods.bots import cut, is_member, leave_chat, put_on_line, remove_bot
from chatdrill_fakes.desks.bitrix24.methods.events import is_address
from chatdrill_fakes.desks.bitrix24.state import Bot, Dialog

BOTS_MAX = 5  # imbot.register: bots of one application
_HANDLERS = {
    "EVENT_MESSAGE_ADD": ("ONIMBOTMESSAGEADD", "Message add"),
    "EVENT_WELCOME_MESSAGE": ("ONIMBOTJOINCHAT", "Welcome message"),
    "EVENT_BOT_DELETE": ("ONIMBOTDELETE", "Bot delete"),
    "EVENT_MESSAGE_UPDATE": ("ONIMBOTMESSAGEUPDATE", ""),
    "EVENT_MESSAGE_DELETE": ("ONIMBOTMESSAGEDELETE", ""),
}


def register(job: Job) -> Any:
    """A bot is made; for a known code the bot that there is. Returns its id."""
    token, code = _client(job), job.text("CODE")
    if not code:
        raise Failure("CODE_ERROR", "Bot code isn't specified")
    urls = _urls(job)
    properties = values.upper(job.table("PROPERTIES"))
    if not values.text(properties.get("NAME")) and not values.text(properties.get("LAST_NAME")):
        raise Failure("NAME_ERROR", "Bot name isn't specified")
    known = [bot for bot in job.state.bots.values() if bot.version == 1]
    bot = next((each for each in known if each.code == code), None)
    if bot is None:
        if len(known) >= BOTS_MAX:
            raise Failure(
                "MAX_COUNT_ERROR", f"Has reached the maximum number of bots for application (max: {BOTS_MAX})"
            )
        kind = job.text("TYPE").upper() or "B"
        bot = Bot(job.state.next("user"), code, 1, kind, kind == "O" or values.flag(job.get("OPENLINE")), token=token)
        bot.properties = properties
        bot.urls = {event: Hook(f"{bot.id}", url, retry=declared.ONCE) for event, url in urls.items()}
        put_on_line(job, bot)
    return bot.id


def _client(job: Job) -> str:
    token = job.text("CLIENT_ID")
    if not token and not job.caller.is_app:
        raise Failure("ACCESS_DENIED", "Access denied! Client ID not specified", 403)
    return token if not job.caller.is_app else job.state.settings["client_id"]


def _urls(job: Job) -> dict[str, str]:
    common, found = job.text("EVENT_HANDLER"), {}
    for name, (event, words) in _HANDLERS.items():
        url = common or job.text(name)
        code = f"{name}_ERROR"
        if not url and words:
            raise Failure(code, f'Handler for "{words}" event isn\'t specified')
        if url and not is_address(url):
            raise Failure(code, "Wrong handler URL")
        if url:
            found[event] = url
    return found


def _bot(job: Job) -> Bot:
    token = _client(job)
    bots = [bot for bot in job.state.bots.values() if bot.version == 1]
    if job.get("BOT_ID") is not None:
        bots = [bot for bot in bots if bot.id == job.number("BOT_ID")]
    if not bots:
        raise Failure("BOT_ID_ERROR", "Bot not found")
    if not job.caller.is_app and bots[0].token != token:
        raise Failure("APP_ID_ERROR", "Bot was installed by another REST application")
    return bots[0]


def unregister(job: Job) -> Any:
    """A bot is removed."""
    remove_bot(job, _bot(job))
    return True


def update(job: Job) -> Any:
    """A bot has other handlers or properties."""
    bot, said = _bot(job), values.upper(job.table("FIELDS"))
    for name, (event, _) in _HANDLERS.items():
        url = values.text(said.get(name))
        if url and not is_address(url):
            raise Failure(f"{name}_ERROR", "Wrong handler URL")
        if url:
            bot.urls[event] = Hook(f"{bot.id}", url, retry=declared.ONCE)
    bot.properties |= values.upper(values.table(said.get("PROPERTIES")))
    return True


def listed(job: Job) -> Any:
    """All bots of the portal."""
    _client(job)
    return {
        str(bot.id): {
            "ID": bot.id,
            "NAME": bot.name,
            "CODE": bot.code,
            "OPENLINE": "Y" if bot.is_openline else "N",
        }
        for bot in job.state.bots.values()
    }


def _dialog(job: Job, bot: Bot) -> Dialog:
    said = job.text("DIALOG_ID")
    if not said:
        raise Failure("DIALOG_ID_EMPTY", "Dialog ID can't be empty")
    dialog = job.state.dialog(values.number(said.lower().removeprefix("chat")))
    if dialog is None or not is_member(dialog, bot):
        raise Failure("WRONG_REQUEST", "Message isn't added")
    job.visit.to = dialog.address
    return dialog


def send(job: Job) -> Any:
    """A message of a bot; in an open line the customer gets it. Returns its id."""
    bot = _bot(job)
    if not job.text("DIALOG_ID"):
        raise Failure("DIALOG_ID_EMPTY", "Dialog ID can't be empty")
    text = job.text("MESSAGE").strip()
    if not text:
        raise Failure("MESSAGE_EMPTY", "Message can't be empty")
    dialog = _dialog(job, bot)
    goes_out = not values.flag(job.get("SKIP_CONNECTOR"))
    about: dict[str, Any] = {"sender": bot.id, "is_outward": goes_out, "said_by": bot.name}
    return int(chatting.add(job.scene(dialog), dialog, "bot", cut(text), **about).id)


def _own(job: Job) -> tuple[Dialog, Any]:
    bot, id = _bot(job), str(job.number("MESSAGE_ID"))
    for dialog in job.state.dialogs():
        if dialog.senders.get(id) == bot.id:
            return dialog, chatting.entry_of(dialog, id)
    raise Failure("CANT_EDIT_MESSAGE", "Time has expired for modification or you don't have access")


def change(job: Job) -> Any:
    """A bot's message has another text; without one it is deleted."""
    dialog, entry = _own(job)
    if job.text("MESSAGE").strip():
        chatting.change(job.scene(dialog), dialog, entry, cut(job.text("MESSAGE").strip()))
    else:
        chatting.remove(job.scene(dialog), dialog, entry)
    return True


def delete(job: Job) -> Any:
    """A bot's message is deleted."""
    dialog, entry = _own(job)
    chatting.remove(job.scene(dialog), dialog, entry)
    return True


def typing(job: Job) -> Any:
    """The bot seems to type."""
    _dialog(job, _bot(job))
    return True


def leave(job: Job) -> Any:
    """The bot leaves a chat."""
    bot = _bot(job)
    dialog = job.state.dialog(job.number("CHAT_ID"))
    if dialog is None or not is_member(dialog, bot):
        raise Failure("CHAT_ID_EMPTY", "Chat ID can't be empty")
    leave_chat(job, dialog, bot)
    return True


_RUNS = {
    "imbot.register": register,
    "imbot.unregister": unregister,
    "imbot.update": update,
    "imbot.bot.list": listed,
    "imbot.message.add": send,
    "imbot.message.update": change,
    "imbot.message.delete": delete,
    "imbot.chat.sendTyping": typing,
    "imbot.chat.leave": leave,
}
METHODS = {name: Method(run, "imbot") for name, run in _RUNS.items()}
