"""Statuses: what became of a message of the bot. Shapes per Graph version: Meta, "Status messages" (2025/26)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.model import Read, Receipt
from chatdrill.wire import Update
from chatdrill_fakes.platforms.whatsapp import envelope
from chatdrill_fakes.platforms.whatsapp.errors import PROBLEMS, status_error
from chatdrill_fakes.platforms.whatsapp.state import DAY_S, Outgoing, WhatsAppChat, WhatsAppState

_RECEIVED = {"delivered", "read"}
_RANK = {"sent": 0, "delivered": 1, "read": 2, "played": 3, "failed": 4}


def encode_receipt(state: WhatsAppState, to: str, act: Receipt, now: float) -> Sequence[Update]:
    """A status, unless the bot was told of it or of a later one already."""
    sent = state.outgoing.get(act.message_id)
    if sent is None:
        raise Unsupported(f"whatsapp has no message {act.message_id!r} of the bot to report a status of")
    swapped = "statuses_swapped" in state.quirks
    if act.status in sent.statuses or (not swapped and _overtaken(sent, act.status)):
        return ()
    chat = state.chats.get(to)
    before = ("sent",) if act.status in ("read", "played") and not sent.statuses else ()
    return [
        update for status in (*before, act.status) for update in _updates(state, chat, sent, status, act.error, now)
    ]


def encode_read(state: WhatsAppState, chat: WhatsAppChat, act: Read, at: float) -> list[Update]:
    """``read`` for every message of the bot up to one, as far as the customer sends receipts."""
    if not state.on("receipts") or "no_read" in state.quirks:
        return []
    return [
        update
        for sent in state.unread(chat, act.message_id)
        for status in (("read",) if sent.statuses else ("sent", "read"))
        for update in _updates(state, chat, sent, status, None, at)
    ]


def _overtaken(sent: Outgoing, status: str) -> bool:
    return any(_RANK[seen] > _RANK[status] for seen in sent.statuses)


def _updates(
    state: WhatsAppState, chat: WhatsAppChat | None, sent: Outgoing, status: str, error: int | None, at: float
) -> Iterator[Update]:
    first_receipt = not sent.statuses & _RECEIVED
    sent.statuses |= {status}
    if not envelope.wanted(state, envelope.MESSAGES):
        return
    entry = {
        "id": sent.id,
        "status": status,
        "timestamp": str(int(at)),
        **_recipient(state, chat, sent),
        **({"biz_opaque_callback_data": sent.data} if sent.data is not None else {}),
        **(_money(state, sent, status) if status == "sent" or (first_receipt and status in _RECEIVED) else {}),
        **({"errors": [_error(sent, error)]} if status == "failed" else {}),
    }
    contacts = {"contacts": [envelope.contact(state, chat)]} if chat and status != "failed" else {}
    value = {
        "messaging_product": "whatsapp",
        "metadata": envelope.metadata(state),
        **contacts,
        "statuses": [entry],
    }
    body = envelope.entry(state, envelope.MESSAGES, value)
    for _ in range(2 if "statuses_doubled" in state.quirks else 1):
        yield Update(f"{sent.id}:{status}", f"statuses.{status}", sent.to, sent.to, body, at)


def _error(sent: Outgoing, code: int | None) -> dict[str, Any]:
    if sent.failure and sent.failure[0] == code:
        return status_error(*sent.failure)
    return status_error(code if code in PROBLEMS else 131000)


def _recipient(state: WhatsAppState, chat: WhatsAppChat | None, sent: Outgoing) -> dict[str, str]:
    hidden = sent.by_user_id and (chat is None or "hidden_numbers" in state.quirks)
    number = {} if hidden else {"recipient_id": chat.wa_id if chat else sent.to}
    user = {"recipient_user_id": chat.user_id if chat else sent.to} if sent.by_user_id else {}
    known = {"recipient_identity_key_hash": chat.identity_hash} if chat and chat.identity_hash else {}
    return {**number, **user, **known}


def _money(state: WhatsAppState, sent: Outgoing, status: str) -> dict[str, Any]:
    """``pricing``, and ``conversation`` as far as the Graph version has it."""
    in_entry_point = sent.free_entry_until is not None
    free_service = sent.category == "service" or (sent.category == "utility" and sent.in_window)
    kind = "free_entry_point" if in_entry_point else "free_customer_service" if free_service else "regular"
    category = "referral_conversion" if in_entry_point else sent.category
    pricing = {"billable": kind == "regular", "pricing_model": "PMP", "type": kind, "category": category}
    if in_entry_point or _graph_major(state) <= 23:
        return {"conversation": _conversation(state, sent, status, category), "pricing": pricing}
    return {"pricing": pricing}


def _conversation(state: WhatsAppState, sent: Outgoing, status: str, category: str) -> dict[str, Any]:
    sent.conversation = sent.conversation or state.chance.hex(32)
    ends = int(sent.free_entry_until or sent.at + DAY_S)
    expiry = {"expiration_timestamp": str(ends)} if status == "sent" else {}
    return {"id": sent.conversation, **expiry, "origin": {"type": category}}


def _graph_major(state: WhatsAppState) -> int:
    digits = state.settings["graph_version"].lstrip("v").partition(".")[0]
    return int(digits) if digits.isdecimal() else 25
