"""The Conversations API: threads and what stands in them, without what was taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from . import errors, gate
from .call import Answered, Endpoint
from .recipients import Asked
from .selection import Field, page, read_fields, select
from .state import GraphChat, Json

_CONVERSATION_FIELDS = "id,updated_time"
_MESSAGE_FIELDS = "id,created_time"


@dataclass(frozen=True, slots=True)
class Conversations:
    """How a product shows threads and messages.

    ``thread`` words a chat, ``message`` one of its messages. ``elsewhere`` checks which inbox is asked for, and says why there is nothing in
    another one. Only the newest ``detailed`` messages of a thread have more than id and time (``None``: all of them).
    """

    thread: Callable[[Any, Any], Json]
    message: Callable[[Any, Any, str], Json]
    elsewhere: Callable[[Any], str | None]
    detailed: int | None = None

    def list_threads(self, asked: Asked) -> Answered:
        """``GET /me/conversations``, newest first; ``user_id`` narrows them down to one person's."""
        gate.take(asked, asked.state.quotas.conversations)
        note = self.elsewhere(asked)
        if note is not None:
            return Answered(page([], asked), note=note)
        fields = read_fields(asked.values.get("fields"), _CONVERSATION_FIELDS)
        wanted = asked.values.get("user_id")
        chats = [
            chat for chat in asked.state.chats.values() if chat.messages and str(wanted or chat.address) == chat.address
        ]
        chats.sort(key=updated_at, reverse=True)
        return Answered(page([self._thread(asked, chat, fields) for chat in chats], asked))

    def read_thread(self, asked: Asked) -> Answered:
        """``GET /{conversation}``"""
        gate.take(asked, asked.state.quotas.conversations)
        fields = read_fields(asked.values.get("fields"), _CONVERSATION_FIELDS)
        return Answered(self._thread(asked, _by_thread(asked), fields))

    def list_messages(self, asked: Asked) -> Answered:
        """``GET /{conversation}/messages``"""
        gate.take(asked, asked.state.quotas.conversations)
        fields = read_fields(asked.values.get("fields"), _MESSAGE_FIELDS)
        return Answered(page(self._messages(asked, _by_thread(asked), fields), asked))

    def read_message(self, asked: Asked) -> Answered:
        """``GET /{mid}``; error 9000001 for one that was taken back, or has no details any more."""
        gate.take(asked, asked.state.quotas.conversations)
        chat = asked.state.chats[asked.state.mids[asked.node]]
        if asked.node not in _left(chat)[: self.detailed]:
            raise errors.gone()
        fields = read_fields(asked.values.get("fields"), _MESSAGE_FIELDS)
        return Answered(select(self.message(asked.state, chat, asked.node), fields))

    def _thread(self, asked: Asked, chat: GraphChat, fields: Sequence[Field]) -> Json:
        values = self.thread(asked.state, chat)
        for one in fields:
            if one.name == "messages":
                inner = one.inner or read_fields(None, _MESSAGE_FIELDS)
                values["messages"] = page(self._messages(asked, chat, inner), asked, limit=one.limit)
        return select(values, fields)

    def _messages(self, asked: Asked, chat: GraphChat, fields: Sequence[Field]) -> list[Json]:
        """Newest first; the older ones by id and time only."""
        left, bare = _left(chat), read_fields(None, _MESSAGE_FIELDS)
        newest = frozenset(left[: self.detailed])
        return [select(self.message(asked.state, chat, mid), fields if mid in newest else bare) for mid in left]

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Below a conversation."""
        return (("", "GET", self.read_thread), ("messages", "GET", self.list_messages))


def _by_thread(asked: Asked) -> GraphChat:
    chat: GraphChat = asked.state.chats[asked.state.threads[asked.node]]
    return chat


def _left(chat: GraphChat) -> list[str]:
    """What was not taken back, newest first."""
    return [mid for mid in reversed(chat.messages) if mid not in chat.deleted]


def updated_at(chat: GraphChat) -> float:
    """When the last word was said."""
    return next(reversed(chat.messages.values())).at if chat.messages else 0.0


def written(at: float) -> str:
    """A time as the Graph API writes it."""
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
