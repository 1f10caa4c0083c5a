"""Presses on buttons, and reactions."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from chatdrill.errors import Unsupported
from chatdrill.model import Button, Contact, Keyboard, Location, Part, React, Start, Text, Write
from chatdrill.model import Press as PressAct
from chatdrill.wire import Update
from chatdrill_fakes.platforms.telegram.capabilities import CAPABILITIES
from chatdrill_fakes.platforms.telegram.encoding import clean, text
from chatdrill_fakes.platforms.telegram.inbound.writing import encode_start, encode_write
from chatdrill_fakes.platforms.telegram.messages import inaccessible, write
from chatdrill_fakes.platforms.telegram.state import Json, Press, TelegramChat, TelegramState
from chatdrill_fakes.platforms.telegram.updates import make_update

# Where customers are who share their place by a button: the model knows no place of theirs.
_HERE = Location(latitude=50.450001, longitude=30.523333)


def encode_press(state: TelegramState, chat: TelegramChat, act: PressAct, at: float) -> list[Update]:
    """What a press tells the bot: a callback query, an ordinary message, or nothing. Raises ``Unsupported``."""
    if act.message_id is None and act.button.kind == "postback":
        return _say_title(state, chat, act, at)  # an entry of the bot's menu: its command is said
    press = _PRESSES.get(act.button.kind)
    if press is None:
        why = CAPABILITIES.lacks.get(act.button.kind, _OTHER)
        raise Unsupported(f"telegram: the button {act.button.title!r} cannot be pressed: {why}")
    return press(state, chat, act, at)


_OTHER = "use the event that follows from it (web_app_data, users_shared, chat_shared, inline_query ...)"


def _callback(state: TelegramState, chat: TelegramChat, act: PressAct, at: float) -> list[Update]:
    message_id = act.message_id or _newest_with(chat, act.button)
    data = act.button.payload if act.button.payload is not None else _payload_of(chat, message_id, act.button.title)
    return callback_query(state, chat, message_id, {"data": text(clean(data))}, at)


def _newest_with(chat: TelegramChat, button: Button) -> str:
    for key, stored in reversed(chat.stored.items()):
        if any((b.title, b.kind) == (button.title, button.kind) for b in _buttons(stored.parts)):
            return key
    raise Unsupported(f"telegram: no message shows an inline button {button.title!r}; name the message to press on")


def _buttons(parts: tuple[Part, ...]) -> list[Button]:
    return [button for part in parts if isinstance(part, Keyboard) for button in part.buttons]


def _payload_of(chat: TelegramChat, message_id: str, title: str) -> str:
    stored = chat.stored.get(message_id)
    found = [b.payload for b in _buttons(stored.parts) if b.title == title and b.payload] if stored is not None else []
    return found[0] if found else title


def query_id(state: TelegramState, user: TelegramChat) -> str:
    """A query's id: a positive 64-bit number, whose upper half comes from the user's."""
    return state.chance.marked(str(((user.user["id"] & 0x7FFFFFFF) << 32) + state.chance.randrange(1 << 32)))


def callback_query(
    state: TelegramState, chat: TelegramChat, message_id: str, fields: Json, at: float, user: TelegramChat | None = None
) -> list[Update]:
    """A callback query; a message that is gone is shown as inaccessible. ``fields`` end its payload."""
    who = user or chat
    number = message_id if message_id.isascii() and message_id.isdigit() else "0"
    stored = chat.stored.get(message_id)
    key = query_id(state, who)
    payload: Json = {
        "id": key,
        "from": who.user_json,
        "message": write(chat, stored) if stored is not None else inaccessible(chat, int(number)),
        "chat_instance": chat.instance,
        **fields,
    }
    state.presses[key] = Press(chat=chat, made_at=at)
    return make_update(state, "callback_query", who.address, payload, at, user_id=who.id)


def _say_title(state: TelegramState, chat: TelegramChat, act: PressAct, at: float) -> list[Update]:
    return encode_write(state, chat, Write(parts=(Text(text=act.button.title),)), at)


def _share_contact(state: TelegramState, chat: TelegramChat, act: PressAct, at: float) -> list[Update]:
    phone = chat.customer.phone or f"+{chat.id}"
    reply_to = act.message_id if state.is_on("contact_replies") and act.message_id in chat.stored else None
    part = Contact(name=chat.customer.name, phone=phone, own=True)
    return encode_write(state, chat, Write(parts=(part,), reply_to=reply_to), at)


def _share_location(state: TelegramState, chat: TelegramChat, _act: PressAct, at: float) -> list[Update]:
    return encode_write(state, chat, Write(parts=(_HERE,)), at)


def _open_link(state: TelegramState, chat: TelegramChat, act: PressAct, at: float) -> list[Update]:
    """A link to the bot itself starts it; no bot is told of any other."""
    url = urlsplit(act.button.url or "")
    if url.hostname not in ("t.me", "telegram.me"):
        return []
    if url.path.strip("/").lower() != str(state.bot["username"]).lower():
        return []
    query = parse_qs(url.query)
    if query and "start" not in query:
        raise Unsupported(f"telegram: {url.query!r} does not start the bot here; use the event that follows from it")
    payload = query.get("start", [None])[0]
    return encode_start(state, chat, Start(payload=payload), at)


def _copy(_state: TelegramState, _chat: TelegramChat, _act: PressAct, _at: float) -> list[Update]:
    return []  # the text goes to the customer's clipboard


_PRESSES: dict[str, Callable[[TelegramState, TelegramChat, PressAct, float], list[Update]]] = {
    "callback": _callback,
    "reply": _say_title,
    "request_contact": _share_contact,
    "request_location": _share_location,
    "url": _open_link,
    "copy": _copy,
}


def encode_react(state: TelegramState, chat: TelegramChat, act: React, at: float) -> list[Update]:
    """A reaction set, changed or taken back; told to bots that asked for it, in groups only to administrators."""
    if act.message_id not in chat.stored:
        raise Unsupported(f"telegram: no message {act.message_id!r} to react to")
    old, new = react(chat, act.message_id, chat.user["id"], act.emoji)
    is_told = state.is_on("private_reactions") if chat.is_private else chat.status == "administrator"
    if old == new or not is_told:
        return []
    payload = {
        "chat": chat.card_json,
        "message_id": chat.stored[act.message_id].id,
        "user": chat.user_json,
        "date": int(at),
        "old_reaction": old,
        "new_reaction": new,
    }
    return make_update(state, "message_reaction", chat.address, payload, at, chat_id=chat.id)


def react(chat: TelegramChat, message_id: str, user_id: int, emoji: str | None) -> tuple[list[Json], list[Json]]:
    """Remember somebody's reaction; returns the old and the new one."""
    old = chat.reactions.get((message_id, user_id), [])
    new = [{"type": "emoji", "emoji": text(clean(emoji))}] if emoji else []
    chat.reactions[message_id, user_id] = new
    return old, new
