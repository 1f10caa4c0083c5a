"""Updates: their bytes, their lane and how long they live."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chatdrill.wire import Update
from chatdrill_fakes.platforms.telegram.encoding import dumps
from chatdrill_fakes.platforms.telegram.limits import (
    CHOSEN_UPDATE_S,
    INLINE_UPDATE_S,
    MESSAGE_UPDATE_S,
    QUERY_UPDATE_S,
)
from chatdrill_fakes.platforms.telegram.messages import write
from chatdrill_fakes.platforms.telegram.state import Stored, TelegramChat, TelegramState

_LIFE_S = {
    "callback_query": QUERY_UPDATE_S,
    "shipping_query": QUERY_UPDATE_S,
    "pre_checkout_query": QUERY_UPDATE_S,
    "inline_query": INLINE_UPDATE_S,
    "chosen_inline_result": CHOSEN_UPDATE_S,
}
_BY_USER = frozenset(("callback_query", "inline_query", "chosen_inline_result", "shipping_query", "pre_checkout_query"))


def make_update(
    state: TelegramState, kind: str, to: str, payload: Any, at: float, *, user_id: int = 0, chat_id: int = 0
) -> list[Update]:
    """One update about the customer ``to``, or none if the bot did not ask for its kind (then no id is spent).

    Queries queue by user, everything else by chat. ``at`` is drill time of the chat.
    """
    if kind not in state.allowed:
        return []
    number = _next_number(state)
    body = b'{"update_id":%d,\n"%s":%s}' % (number, kind.encode(), dumps(payload))
    lane = f"user:{user_id}" if kind in _BY_USER else f"chat:{chat_id}"
    return [Update(str(number), kind, to, lane, body, at, at + _LIFE_S.get(kind, MESSAGE_UPDATE_S))]


def _next_number(state: TelegramState) -> int:
    number = state.chance.following(state.next_update_id, 0)
    state.next_update_id = number + 1
    return number


def renumbered(state: TelegramState, update: Update) -> Update:
    """The same under the next id: ids of one account grow in the order in which its bot fetches them."""
    number = _next_number(state)
    _, comma, rest = update.body.partition(b",")
    return replace(update, id=str(number), body=b'{"update_id":%d' % number + comma + rest)


def message_update(
    state: TelegramState, chat: TelegramChat, stored: Stored, at: float, prefix: str = "", to: str | None = None
) -> list[Update]:
    """The update that tells of a message (``prefix`` ``edited_``: of its edit). ``to`` is the customer behind it."""
    if chat.connection is not None:
        kind = f"{prefix}business_message"
    else:
        kind = f"{prefix}channel_post" if chat.kind == "channel" else f"{prefix}message"
    return make_update(state, kind, to or chat.address, write(chat, stored), at, chat_id=chat.id)
