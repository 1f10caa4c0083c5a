"""What a customer writes, edits and deletes."""

from __future__ import annotations

import re

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Delete, Edit, Start, Text, Write
from chatdrill.wire import Update
from chatdrill_fakes.platforms.telegram.contents import text_content
from chatdrill_fakes.platforms.telegram.inbound.membership import PRESENT, let_back_in
from chatdrill_fakes.platforms.telegram.inbound.parts import read_parts
from chatdrill_fakes.platforms.telegram.limits import START_PAYLOAD_MAX
from chatdrill_fakes.platforms.telegram.messages import LEAD_FIELDS, Frame, change, from_customer
from chatdrill_fakes.platforms.telegram.state import Json, Stored, TelegramChat, TelegramState
from chatdrill_fakes.platforms.telegram.texts import from_part
from chatdrill_fakes.platforms.telegram.updates import message_update

_PAYLOAD = re.compile(f"[A-Za-z0-9_-]{{1,{START_PAYLOAD_MAX}}}")


def encode_write(state: TelegramState, chat: TelegramChat, act: Write, at: float) -> list[Update]:
    """A message (several for an album), after ``/start`` where a link led here."""
    contents = read_parts(state, chat, act.parts) if act.parts or act.referral is None else []
    if act.reply_to is not None and act.reply_to not in chat.stored:
        raise Unsupported(f"telegram: no message {act.reply_to!r} to reply to{did_you_mean(act.reply_to, chat.stored)}")
    _check_payload(act.referral.ref if act.referral is not None else None)
    updates = let_back_in(state, chat, at)
    if act.referral is not None:
        updates += _start(state, chat, act.referral.ref, at)
    lead: Json = {"media_group_id": _album_id(state)} if len(contents) > 1 and contents[0].kind != "text" else {}
    for content in contents:
        frame = Frame(
            reply_to=act.reply_to,
            origin=_hidden_origin(at) if act.forwarded else {},
            lead=lead,
            is_forwarded=act.forwarded,
        )
        updates += tell(state, chat, from_customer(state, chat, content, at, frame), at)
    return updates


def tell(state: TelegramState, chat: TelegramChat, stored: Stored, at: float, prefix: str = "") -> list[Update]:
    """The update of a customer's message, unless the bot is not in the group or privacy mode keeps it from it."""
    if not chat.is_private:
        is_kept = state.is_on("privacy_mode") and not _concerns_bot(state, chat, stored)
        if is_kept or chat.status not in PRESENT:
            return []
    return message_update(state, chat, stored, at, prefix)


def _concerns_bot(state: TelegramState, chat: TelegramChat, stored: Stored) -> bool:
    """In groups a bot with privacy mode is told of commands, mentions, replies to it and service messages."""
    if chat.kind == "channel" or chat.status == "administrator" or stored.kind == "service":
        return True
    replied = chat.stored.get(stored.reply_to or "")
    if replied is not None and replied.author == "bot":
        return True
    words = stored.text.lower()
    mention = rf"@{re.escape(str(state.bot['username']).lower())}(?![a-z0-9_])"
    return re.search(mention, words) is not None or (words.startswith("/") and "@" not in words.split(maxsplit=1)[0])


def _album_id(state: TelegramState) -> str:
    return state.chance.digits(17)


def _hidden_origin(at: float) -> Json:
    """A message forwarded from someone who does not want to be linked to."""
    date = int(at) - 3600
    origin = {"type": "hidden_user", "sender_user_name": "Petro", "date": date}
    return {"forward_origin": origin, "forward_sender_name": "Petro", "forward_date": date}


# ---------------------------------------------------------------------------------------------------- starting


def encode_start(state: TelegramState, chat: TelegramChat, act: Start, at: float) -> list[Update]:
    """START was pressed, or a link opened: ``/start`` with the link's payload."""
    payload = act.payload if act.payload is not None else act.referral.ref if act.referral is not None else None
    _check_payload(payload)
    return let_back_in(state, chat, at) + _start(state, chat, payload, at)


def _start(state: TelegramState, chat: TelegramChat, payload: str | None, at: float) -> list[Update]:
    words = f"/start {payload}" if payload else "/start"
    if not chat.is_private:
        words = f"/start@{state.bot['username']}" + (f" {payload}" if payload else "")
    content = text_content(state, from_part(state, Text(text=words)))
    return message_update(state, chat, from_customer(state, chat, content, at), at)


def _check_payload(payload: str | None) -> None:
    if payload and not _PAYLOAD.fullmatch(payload):
        raise Unsupported(
            f"telegram: a start payload is 1 to {START_PAYLOAD_MAX} characters of A-Z a-z 0-9 _ -, not {payload!r}"
        )


# ----------------------------------------------------------------------------------------- changing one's mind


def own_message(chat: TelegramChat, message_id: str) -> Stored:
    """A message of the customer; raises ``Unsupported`` for any other."""
    stored = chat.stored.get(message_id)
    if stored is None or stored.author != "customer":
        own = [key for key, kept in chat.stored.items() if kept.author == "customer"]
        raise Unsupported(f"telegram: {message_id!r} is no message of this customer{did_you_mean(message_id, own)}")
    return stored


def encode_edit(state: TelegramState, chat: TelegramChat, act: Edit, at: float) -> list[Update]:
    """An own message changed; nothing if it is the same as before."""
    stored = own_message(chat, act.message_id)
    found = read_parts(state, chat, act.parts)
    if len(found) != 1:
        raise Unsupported("telegram: an edit leaves one message; give it the parts of one")
    if {name: value for name, value in stored.body.items() if name not in LEAD_FIELDS} == found[0].fields:
        return []
    change(chat, stored, found[0], at, stored.tail, ())
    return tell(state, chat, stored, at, "edited_")


def encode_delete(_state: TelegramState, chat: TelegramChat, act: Delete, _at: float) -> list[Update]:
    """The message is gone; no bot is told."""
    own_message(chat, act.message_id)
    del chat.stored[act.message_id]
    return []
