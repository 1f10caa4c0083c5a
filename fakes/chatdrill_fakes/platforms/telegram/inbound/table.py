"""Which function encodes which act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import (
    Act,
    Block,
    Delete,
    Echo,
    Edit,
    Event,
    Press,
    React,
    Read,
    Receipt,
    Start,
    Typing,
    Unblock,
    Write,
)
from chatdrill.wire import Update
from chatdrill_fakes.platforms.telegram.capabilities import CAPABILITIES
from chatdrill_fakes.platforms.telegram.inbound.events import encode_event
from chatdrill_fakes.platforms.telegram.inbound.membership import encode_block, encode_unblock
from chatdrill_fakes.platforms.telegram.inbound.pressing import encode_press, encode_react
from chatdrill_fakes.platforms.telegram.inbound.writing import encode_delete, encode_edit, encode_start, encode_write
from chatdrill_fakes.platforms.telegram.state import TelegramChat, TelegramState


def _nothing(_state: TelegramState, _chat: TelegramChat, _act: Any, _at: float) -> list[Update]:
    return []


def _unknown(_state: TelegramState, _chat: TelegramChat, act: Receipt | Echo, _at: float) -> list[Update]:
    name = type(act).__name__.lower()
    raise Unsupported(f"telegram: {CAPABILITIES.lacks[name]}")


_ACTS: dict[type, Callable[[TelegramState, TelegramChat, Any, float], list[Update]]] = {
    Write: encode_write,
    Press: encode_press,
    Edit: encode_edit,
    Delete: encode_delete,
    React: encode_react,
    Start: encode_start,
    Block: encode_block,
    Unblock: encode_unblock,
    Event: encode_event,
    Typing: _nothing,
    Read: _nothing,
    Receipt: _unknown,
    Echo: _unknown,
}


def encode_act(state: TelegramState, to: str, act: Act, now: float) -> list[Update]:
    """The updates of an act of (or upon) the customer ``to``; raises ``Unsupported``."""
    chat = state.chats.get(to)
    if chat is None:
        raise Unsupported(
            f"telegram: nobody has the address {to!r}; let the customer join{did_you_mean(to, state.chats)}"
        )
    return _ACTS[type(act)](state, chat, act, now)
