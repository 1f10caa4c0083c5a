"""``POST /{phone-number-id}/messages``: sending, reading, typing.

The order of the checks is Meta's as far as it can be seen from outside: the shape first, then the template, the
recipient, the rates; the window, blocks and preferences show only later, in a ``failed`` status.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import msgspec

from chatdrill.model import Activity, Effect, MarkedRead, Message, Reacted, Receipt, Sent
from chatdrill.wire import Later
from chatdrill_fakes.platforms.whatsapp import ids
from chatdrill_fakes.platforms.whatsapp.bodies import (
    Draft,
    read_contacts,
    read_location,
    read_media,
    read_reaction,
    read_text,
)
from chatdrill_fakes.platforms.whatsapp.calls import SUCCESS, Reply, Request
from chatdrill_fakes.platforms.whatsapp.errors import DETAILS, PROBLEMS, parameter_required, problem
from chatdrill_fakes.platforms.whatsapp.filling import read_template
from chatdrill_fakes.platforms.whatsapp.interactive import read_interactive
from chatdrill_fakes.platforms.whatsapp.library import SORTS, Shelf
from chatdrill_fakes.platforms.whatsapp.reading import Node
from chatdrill_fakes.platforms.whatsapp.state import DAY_S, FREE_ENTRY_POINT_S, Outgoing, WhatsAppChat, WhatsAppState
from chatdrill_fakes.platforms.whatsapp.statuses import encode_receipt

SENT_AFTER_S, DELIVERED_AFTER_S, FAILED_AFTER_S = 0.05, 0.15, 0.1
CALLBACK_DATA_MAX = 512
READ_MAX_S = REACTION_MAX_S = 30 * DAY_S
_NUMBER = re.compile(r"\+?[\d\s().-]{5,40}")
_NOT_DIGITS = re.compile(r"\D")
_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
_AUTHENTICATION = "AUTHENTICATION"

READERS: dict[str, Callable[[Node, Shelf], Draft]] = {
    "text": read_text,
    **{sort: partial(read_media, sort) for sort in SORTS},
    "location": read_location,
    "reaction": read_reaction,
    "interactive": read_interactive,
    "template": read_template,
}


class Recipient(msgspec.Struct):
    """Whom a message is for: what the bot wrote (``given``), the number or user id it means, and the chat, if any.

    ``address`` is the chat's, or what the bot wrote where no such customer exists.
    """

    given: str
    wa_id: str | None
    user_id: str | None
    chat: WhatsAppChat | None
    address: str

    def contact(self) -> dict[str, str]:
        """The entry in ``contacts`` of the answer."""
        entry = {"input": self.given}
        if self.wa_id is not None:
            entry["wa_id"] = self.wa_id
        if self.user_id is not None:
            entry["user_id"] = self.user_id
        return entry


def post_message(request: Request) -> Reply:
    """Send a message, or (``status``) mark one as read and show typing."""
    values = request.arguments.values
    if values.get("messaging_product") != "whatsapp":
        raise parameter_required("messaging_product")
    if "status" in values:
        return _mark_read(request)
    recipient = _recipient(request)
    shelf = Shelf(request.state, request.exchange.fetched, request.now)
    draft = _draft(request, shelf)
    draft.reply_to = _quoted(request, draft)
    _check_recipient(request, recipient, draft)
    if shelf.missing:
        return Reply(label=draft.kind, to=recipient.address, wait=shelf.fetch())
    return _accept(request, recipient, draft, shelf)


# ----------------------------------------------------------------------------------------- what the call asks


def _recipient(request: Request) -> Recipient:
    state, to, by_user = request.state, request.text("to"), request.text("recipient")
    if to is None and by_user is None:
        raise parameter_required("to")
    if request.text("recipient_type") not in (None, "individual") and _recipient_type(request) == "group":
        raise problem(131055, "chatdrill does not emulate groups: a message to a group cannot be sent.")
    if to is None:
        return _by_user_id(state, by_user or "")
    wa_id = _digits(to)
    if wa_id is None:
        raise problem(131009, f"Param to: {to[:60]!r} is not a valid phone number.")
    chat = state.chat_of(wa_id) or state.chat_by_number(wa_id, whole=to.lstrip().startswith("+"))
    if chat is None:
        wa_id = ids.canonical(wa_id)
        return Recipient(to, wa_id, by_user, None, wa_id)
    return Recipient(to, chat.wa_id, by_user, chat, chat.address)


def _recipient_type(request: Request) -> str:
    return Node(request.arguments.values, "message").choice("recipient_type", ("individual", "group"), "individual")


@lru_cache(maxsize=4096)
def _digits(number: str) -> str | None:
    """The digits of a phone number in any spelling, or ``None`` if it is none."""
    return _NOT_DIGITS.sub("", number) if _NUMBER.fullmatch(number.strip()) else None


def addressee(request: Request) -> str | None:
    """The address that a call is for, as far as it can be told: a chat's, or what the bot wrote."""
    given = request.text("to") or request.text("recipient")
    chat = request.state.chat_of(_NOT_DIGITS.sub("", given)) or request.state.chat_of(given) if given else None
    return chat.address if chat else given


def _by_user_id(state: WhatsAppState, user_id: str) -> Recipient:
    if not _USER_ID.fullmatch(user_id):
        raise problem(131009, f"Param recipient: {user_id[:60]!r} is not a valid business-scoped user ID.")
    chat = state.chat_of(user_id)
    return Recipient(user_id, None, user_id, chat, chat.address if chat else user_id)


def _draft(request: Request, shelf: Shelf) -> Draft:
    kind = (request.text("type") or "text").lower()
    if kind == "contacts":
        return read_contacts(Node({"contacts": request.arguments.values.get("contacts")}, "message"))
    reader = READERS.get(kind)
    if reader is None:
        raise problem(
            131051, f"Param type must be one of {{{', '.join(READERS).upper()}, CONTACTS}} - got {kind[:40]!r}."
        )
    body = request.arguments.values.get(kind)
    if body is None:
        raise problem(131008, f"Param {kind} is required for a message of type {kind}.")
    return reader(Node.read(body, kind), shelf)


def _quoted(request: Request, draft: Draft) -> str | None:
    """The message that the customer sees quoted: templates and reactions do not show what they answer."""
    if request.arguments.values.get("context") is None:
        return None
    quoted = Node.read(request.value("context"), "context").optional_text("message_id")
    return None if draft.template or draft.reaction else quoted


def _check_recipient(request: Request, recipient: Recipient, draft: Draft) -> None:
    state = request.state
    if len(request.text("biz_opaque_callback_data") or "") > CALLBACK_DATA_MAX:
        raise problem(100, f"Param biz_opaque_callback_data must be at most {CALLBACK_DATA_MAX} characters long.")
    if not state.account.registered:
        raise problem(133010)
    if recipient.wa_id == state.settings["display_phone_number"]:
        raise problem(131021)
    if state.allowed and recipient.wa_id not in state.allowed:
        raise problem(131030)
    known_hash = recipient.chat.identity_hash if recipient.chat else None
    if known_hash is not None and request.text("recipient_identity_key_hash") not in (None, known_hash):
        raise problem(137000)
    if draft.template and draft.template.category == _AUTHENTICATION and recipient.wa_id is None:
        raise problem(131062)


# ------------------------------------------------------------------------------------------ what becomes of it


def _accept(request: Request, recipient: Recipient, draft: Draft, shelf: Shelf) -> Reply:
    state, chat = request.state, recipient.chat
    at = chat.at(request.now) if chat else request.now
    _spend(state, chat, request.now, at)
    failure = _failure(chat, draft, shelf, at)
    message_id = ids.business_message_id(chat.wa_id if chat else recipient.wa_id or "0", state.chance)
    _remember(request, recipient, draft, message_id, at, failure)
    if chat is None and failure:
        _fail_at_once(state, recipient.address, message_id, failure[0], at)
    answer: dict[str, Any] = {"id": message_id}
    if draft.template:
        answer["message_status"] = "accepted"
    return Reply(
        body={"messaging_product": "whatsapp", "contacts": [recipient.contact()], "messages": [answer]},
        label=draft.kind,
        to=recipient.address,
        effects=() if failure or chat is None else _effects(chat, draft, message_id, at),
        later=_receipts(state, recipient.address, message_id, draft, failure) if chat else (),
        note=f"accepted, but it will fail with {failure[0]}: {failure[1]}" if failure else None,
    )


def _spend(state: WhatsAppState, chat: WhatsAppChat | None, now: float, at: float) -> None:
    injected = chat.fails_next[0] if chat and chat.fails_next else None
    if chat and injected is not None and "A" not in PROBLEMS[injected].where:
        chat.fails_next.pop(0)
        raise problem(injected)
    if not state.on("rate_limits"):
        return
    # Meta counts incoming messages too; not here, for drilled customers skip the pauses that real ones make.
    if state.throughput.take(now) > 0:
        raise problem(130429)
    if chat and chat.pair_rate.take(at) > 0:
        raise problem(131056)


def _failure(chat: WhatsAppChat | None, draft: Draft, shelf: Shelf, at: float) -> tuple[int, str] | None:
    """Why the message will fail after it was accepted: code and details."""
    if chat is None or chat.blocked or chat.muted:
        return 131026, DETAILS[131026]
    if chat.fails_next:
        code = chat.fails_next.pop(0)
        return code, DETAILS.get(code, PROBLEMS[code].title)
    if shelf.problem:
        return shelf.problem
    if draft.template is None and not chat.window_open(at):
        return 131047, DETAILS[131047]
    if draft.template and draft.template.category == "MARKETING" and chat.marketing_stopped:
        return 131050, DETAILS[131050]
    if draft.reaction and not _can_react(chat, draft.reaction[0], at):
        return 131009, f"Reaction to a message that is unknown or older than 30 days: {draft.reaction[0][:140]}"
    return None


def _can_react(chat: WhatsAppChat, message_id: str, at: float) -> bool:
    target = chat.messages.get(message_id)
    return target is not None and at - target.at <= REACTION_MAX_S


def _remember(
    request: Request, recipient: Recipient, draft: Draft, message_id: str, at: float, failure: tuple[int, str] | None
) -> None:
    chat = recipient.chat
    if chat and not failure and chat.ad_at is not None and at - chat.ad_at <= DAY_S and not chat.free_entry_open(at):
        chat.free_entry_until, chat.ad_at = at + FREE_ENTRY_POINT_S, None
    request.state.outgoing[message_id] = Outgoing(
        message_id,
        recipient.address,
        at,
        by_user_id=recipient.wa_id is None,
        data=request.text("biz_opaque_callback_data"),
        category=draft.template.category.lower() if draft.template else "service",
        in_window=bool(chat and chat.window_open(at)),
        free_entry_until=chat.free_entry_until if chat and chat.free_entry_open(at) else None,
        failure=failure,
    )
    request.state.owners[message_id] = recipient.address


def _effects(chat: WhatsAppChat, draft: Draft, message_id: str, at: float) -> tuple[Effect, ...]:
    if draft.reaction:
        return (Reacted(to=chat.address, message_id=draft.reaction[0], emoji=draft.reaction[1]),)
    message = Message(
        ids=(message_id,),
        author="bot",
        parts=draft.parts,
        at=at,
        reply_to=draft.reply_to,
        tag="template" if draft.template else None,
    )
    chat.messages[message_id] = message
    return (Sent(to=chat.address, message=message),)


def _receipts(
    state: WhatsAppState, to: str, message_id: str, draft: Draft, failure: tuple[int, str] | None
) -> tuple[Later, ...]:
    if failure:
        return (Later(FAILED_AFTER_S, to, Receipt(message_id=message_id, status="failed", error=failure[0])),)
    if not state.on("receipts"):
        return ()
    sent, delivered = Receipt(message_id=message_id, status="sent"), Receipt(message_id=message_id, status="delivered")
    if draft.reaction or "no_delivered" in state.quirks:
        return (Later(SENT_AFTER_S, to, sent),)
    early, late = (delivered, sent) if "statuses_swapped" in state.quirks else (sent, delivered)
    return (Later(SENT_AFTER_S, to, early), Later(DELIVERED_AFTER_S, to, late))


def _fail_at_once(state: WhatsAppState, to: str, message_id: str, error: int, at: float) -> None:
    """Where nobody lives, nobody's time passes: the ``failed`` status of a message to a stranger leaves right away."""
    act = Receipt(message_id=message_id, status="failed", error=error)
    for update in encode_receipt(state, to, act, at):
        state.outbox.put(update)


# --------------------------------------------------------------------------------------------- read and typing


def _mark_read(request: Request) -> Reply:
    state = request.state
    if request.text("status") != "read":
        raise problem(131009, 'Param status must be "read".')
    message_id = request.required("message_id")
    chat = state.chats.get(state.owners.get(message_id, ""))
    if chat is None or message_id in state.outgoing:
        raise problem(131009, f"Param message_id: {message_id[:140]!r} is not a message from a customer.")
    message = chat.messages.get(message_id)  # reactions and the like have an id, but no place in the chat
    if message is not None and chat.at(request.now) - message.at > READ_MAX_S:
        raise problem(131009, "Param message_id: the message is older than 30 days.")
    effects: tuple[Effect, ...] = (MarkedRead(to=chat.address, message_id=message_id),)
    typing = request.value("typing_indicator")
    if typing is not None:
        Node.read(typing, "typing_indicator").choice("type", ("text",))
        effects += (Activity(to=chat.address, action="typing"),)
    return Reply(body=SUCCESS, label="read", to=chat.address, effects=effects)
