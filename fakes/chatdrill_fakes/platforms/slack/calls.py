"""A call of the bot on its way through the fake, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chatdrill.model import Effect
from chatdrill.wire import Exchange, Later, Upload
from chatdrill_fakes.platforms.slack import ids
from chatdrill_fakes.platforms.slack.errors import ApiError, invalid_arguments, missing
from chatdrill_fakes.platforms.slack.state import Json, Room, SlackChat, SlackState


@dataclass(slots=True)
class Asked:
    """One call: its arguments, JSON or as strings of a form, and the time, which is the listener's; a chat may be ahead of it."""

    state: SlackState
    exchange: Exchange
    values: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    @property
    def now(self) -> float:
        """Drill time of the listener."""
        return self.exchange.now

    def has(self, name: str) -> bool:
        """True if an argument was given, and is not empty."""
        return self.values.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """A string that must be there; a number counts as one, for forms know no difference."""
        if not self.has(name):
            raise missing(name)
        return self.optional(name)

    def optional(self, name: str) -> str:
        """A string that may be there."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise invalid_arguments(f"must be a string: {name}")
        return value if isinstance(value, str) else str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """A truth, as JSON or a form says it."""
        value = self.values.get(name)
        return default if value in (None, "") else value in (True, 1, "1", "true", "True")

    def number(self, name: str, default: int, most: int) -> int:
        """A number from 1 to ``most``; more counts as the most."""
        if not self.has(name):
            return default
        words = self.optional(name)
        if not (words.isascii() and words.isdigit() and len(words) < 12) or int(words) < 1:
            raise ApiError("invalid_limit" if name == "limit" else "invalid_arguments", why=f"{name} is {words[:20]!r}")
        return min(int(words), most)

    def names(self, name: str) -> list[str]:
        """A list of strings, as JSON or with commas between."""
        value = self.values.get(name)
        if isinstance(value, list):
            if not all(isinstance(one, str) for one in value):
                raise invalid_arguments(f"must be a list of strings: {name}")
            return value
        return [word.strip() for word in self.optional(name).split(",") if word.strip()]

    def json(self, name: str, problem: str = "invalid_arguments") -> Any:
        """A list or object, which stands as a string in forms; ``None`` if it is not there. Raises the error ``problem``."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return msgspec.json.decode(value.encode("utf-8", "replace"))
        except (msgspec.DecodeError, RecursionError):
            raise ApiError(problem, why=f"{name} is no JSON: {value[:80]!r}") from None

    # ------------------------------------------------------------------------------------------------------ who and where

    def room(self, name: str = "channel") -> Room:
        """A conversation by its id, a person's id (their direct message) or its name. Raises ``channel_not_found``."""
        given = self.text(name)
        rooms, chats = self.state.rooms, self.state.chats
        if given in rooms:
            return rooms[given]
        if given in chats:
            return rooms[chats[given].dm]
        found = next(self.state.named(given.removeprefix("#")), None)
        if found is None:
            raise ApiError("channel_not_found")
        return found

    def joined_room(self, name: str = "channel") -> Room:
        """One that the bot is in and that is open for new messages."""
        room = self.room(name)
        if room.is_archived:
            raise ApiError("is_archived")
        if not room.is_in:
            raise ApiError("not_in_channel")
        return room

    def person(self, name: str) -> SlackChat:
        """A customer by their id. Raises ``user_not_found``."""
        chat = self.state.chats.get(self.text(name))
        if chat is None:
            raise ApiError("user_not_found")
        return chat

    def ts(self, name: str, problem: str = "message_not_found") -> str:
        """The ``ts`` of a message; what is none is the error ``problem``."""
        given = self.text(name)
        if ids.seconds(given) is None:
            raise ApiError(problem)
        return given

    def at(self, to: str | None) -> float:
        """The drill time of a chat."""
        chat = self.state.chats.get(to or "")
        return self.now if chat is None else chat.at(self.now)


def customer_of(state: SlackState, room: Room, thread_ts: str = "") -> str | None:
    """Whom words in a room are for: the customer of a direct message, else who began the thread."""
    if room.kind == "im":
        return room.user
    parent = room.messages.get(thread_ts)
    author = str(parent.get("user")) if parent is not None else ""
    return author if author in state.chats else None


@dataclass(slots=True)
class Answered:
    """What a method decides: the fields of the answer beside ``ok``."""

    body: Json = field(default_factory=dict)
    to: str | None = None
    effects: tuple[Effect, ...] = ()
    later: tuple[Later, ...] = ()
    warnings: tuple[str, ...] = ()
    note: str | None = None
