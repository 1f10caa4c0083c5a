"""``send_message``, ``broadcast_message`` and the welcome message in a webhook's answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from chatdrill.model import Message, Receipt, Sent
from chatdrill.wire import Later
from chatdrill_fakes.platforms.viber import contents, limits, shelf
from chatdrill_fakes.platforms.viber.calls import Answered, Asked, hosted
from chatdrill_fakes.platforms.viber.contents import Draft
from chatdrill_fakes.platforms.viber.errors import ApiError, bad
from chatdrill_fakes.platforms.viber.state import Json, ViberChat, ViberState


def send_message(asked: Asked) -> Answered:
    """One message to one subscribed customer."""
    _check_account(asked.state)
    draft = _read(asked, asked.values)
    chat = asked.chat(asked.text("receiver"))
    if asked.values.get("chat_id") is not None:
        raise ApiError(17)
    wait = shelf.to_fetch(asked.state, draft.wanted, asked.exchange.fetched, asked.now)
    if wait is not None:
        return Answered(wait=wait)
    _check_receiver(asked, chat, draft)
    token = asked.state.new_token()
    sent, later = deliver(asked, chat, draft, token)
    billing = int(asked.state.settings["billing_status"])
    body = {"message_token": int(token), **hosted(billing_status=billing)}
    return Answered(body, to=chat.address, label=draft.type, effects=(sent,), later=later)


def broadcast_message(asked: Asked) -> Answered:
    """One message to up to 300 customers. Who cannot get it stands in ``failed_list``; the call is a success all the same."""
    state = asked.state
    _check_account(state)
    receivers = list(dict.fromkeys(asked.texts("broadcast_list", limits.BROADCAST_MAX)))
    drafts = {to: _read(asked, _personal(asked, to)) for to in receivers}
    wanted = [one for draft in drafts.values() for one in draft.wanted]
    wait = shelf.to_fetch(state, wanted, asked.exchange.fetched, asked.now)
    if wait is not None:
        return Answered(wait=wait)
    if state.limited and state.broadcasts.take(asked.now):
        raise ApiError(12)
    token = state.new_token()
    effects: list[Sent] = []
    later: list[Later] = []
    failed: list[Json] = []
    for to, draft in drafts.items():
        try:
            chat = asked.chat(to)
            _check_receiver(asked, chat, draft)
        except ApiError as error:
            failed.append({"receiver": to, "status": error.status, "status_message": _listed(error)})
            continue
        sent, then = deliver(asked, chat, draft, token)
        effects.append(sent)
        later += then
    body = {"message_token": int(token), "failed_list": failed, **hosted()}
    alone = receivers[0] if len(receivers) == 1 else None
    return Answered(body, to=alone, effects=tuple(effects), later=tuple(later))


def _listed(error: ApiError) -> str:
    return "Not subscribed" if error.status == 6 else str(error)


def _personal(asked: Asked, to: str) -> Mapping[str, Any]:
    """The message with its placeholders filled in. Source: developers.viber.com, REST API: broadcast message (2026)."""
    chat = asked.state.chats.get(to)
    words = {
        "replace_me_with_receiver_id": to,
        "replace_me_with_url_encoded_receiver_id": quote(to, safe=""),
        "replace_me_with_user_name": chat.customer.name if chat else "",
    }
    message = {key: value for key, value in asked.values.items() if key not in ("broadcast_list", "auth_token")}
    return contents.fill_in(message, words)


def welcome(asked: Asked, to: str, token: str) -> Answered:
    """The message in the answer to ``conversation_started``: free, without a subscription, once for each opening."""
    chat = asked.chat(to)
    if token in chat.greeted:
        return Answered(to=to, label="again", note="this opening was welcomed already")
    draft = _read(asked, asked.values)
    wait = shelf.to_fetch(asked.state, draft.wanted, asked.exchange.fetched, asked.now)
    if wait is not None:
        return Answered(wait=wait)
    if draft.level > asked.state.level:
        raise ApiError(13)
    chat.greeted.add(token)
    message_token = asked.state.new_token()
    sent, later = deliver(asked, chat, draft, message_token)
    failed = tuple(one for one in later if isinstance(one.act, Receipt) and one.act.status == "failed")
    return Answered({"message_token": int(message_token)}, to=to, label=draft.type, effects=(sent,), later=failed)


# ------------------------------------------------------------------------------------------------------------- checks


def _check_account(state: ViberState) -> None:
    if state.standing:
        raise ApiError(state.standing)
    if not state.webhook_url:
        raise ApiError(10)


def _read(asked: Asked, values: Mapping[str, Any]) -> Draft:
    settings = asked.state.settings
    return contents.read(values, os=settings["device_os"], require_sender=asked.state.on("require_sender"))


def _check_receiver(asked: Asked, chat: ViberChat, draft: Draft) -> None:
    """What depends on the customer. Counts the message last, so that a refused one costs nothing."""
    if chat.fails_next:
        raise ApiError(chat.fails_next.pop(0))
    if not chat.subscribed or chat.blocked:
        raise ApiError(6)
    if draft.level > asked.state.level:
        raise ApiError(13)
    if asked.state.limited:
        _count(chat, chat.at(asked.now), asked.state)


def _count(chat: ViberChat, at: float, state: ViberState) -> None:
    """A hundred messages in a clock hour, unless the customer says something in between."""
    hour = int(at // limits.HOUR_S)
    if hour != chat.hour:
        chat.hour, chat.unanswered = hour, 0
    if chat.unanswered >= limits.UNANSWERED_MAX:
        text = "maximum messages from Public Account to Viber user without reply exceeded."
        raise ApiError(12, text=text, **hosted(message_token=int(state.new_token())))
    chat.unanswered += 1


# ----------------------------------------------------------------------------------------------------------- delivery


def deliver(asked: Asked, chat: ViberChat, draft: Draft, token: str) -> tuple[Sent, tuple[Later, ...]]:
    """Put a message into the chat; returns what the customer sees and the receipts that follow.

    Raises status 3 for a message without anything to see.
    """
    state, at = asked.state, chat.at(asked.now)
    parts, problem = draft.parts, draft.problem
    for number, wanted in enumerate(draft.wanted):
        file, wrong = shelf.take(state, wanted, asked.exchange.fetched, asked.now)
        problem = problem or wrong
        if number == 0:
            parts = contents.with_file(parts, file)
    if not parts:
        raise bad("there is nothing to show")
    message = Message(ids=(token,), author="bot", parts=parts, at=at, sender=draft.sender)
    chat.messages[token] = message
    chat.tracking = draft.tracking
    if draft.pressables:
        chat.pressables[token] = draft.pressables
    if problem is None:
        chat.keyboard = token if draft.has_keyboard else None
        chat.input_field = draft.input_field
    return Sent(to=chat.address, message=message), _receipts(state, chat, token, problem)


def _receipts(state: ViberState, chat: ViberChat, token: str, problem: str | None) -> tuple[Later, ...]:
    if problem is not None:
        chat.failed[token] = problem
        return (Later(limits.FAILED_AFTER_S, chat.address, Receipt(message_id=token, status="failed")),)
    chat.unseen.append(token)
    if not state.receipts:
        return ()
    return (Later(limits.DELIVERED_AFTER_S, chat.address, Receipt(message_id=token, status="delivered")),)
