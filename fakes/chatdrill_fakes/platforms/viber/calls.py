"""A call of the bot on its way through the fake, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import Effect
from chatdrill.wire import Exchange, Fetch, Later
from chatdrill_fakes.platforms.viber.errors import HOSTNAME, ApiError, bad, missing
from chatdrill_fakes.platforms.viber.state import Json, ViberChat, ViberState


@dataclass(slots=True)
class Asked:
    """One call: its arguments and the time, which is the listener's; a chat may be ahead of it."""

    state: ViberState
    exchange: Exchange
    values: Mapping[str, Any]

    @property
    def now(self) -> float:
        """Drill time of the listener."""
        return self.exchange.now

    def chat(self, user_id: str) -> ViberChat:
        """The customer's chat. Raises status 5 for an id that nobody has."""
        chat = self.state.chats.get(user_id)
        if chat is None:
            raise ApiError(5)
        return chat

    def text(self, name: str) -> str:
        """A string that must be there."""
        value = self.values.get(name)
        if value is None or value == "":
            raise missing(name)
        if not isinstance(value, str):
            raise bad(f"{name} is no string")
        return value

    def texts(self, name: str, most: int) -> list[str]:
        """A list of strings that must be there, and not be empty."""
        value = self.values.get(name)
        if value is None or value == []:
            raise missing(name)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise bad(f"{name} is no list of strings")
        if len(value) > most:
            raise bad(f"{name} has {len(value)} ids, {most} are allowed")
        return value


@dataclass(slots=True)
class Answered:
    """What a method decides: the fields of the answer behind its status, or a wait."""

    body: Json = field(default_factory=dict)
    to: str | None = None
    label: str = ""
    effects: tuple[Effect, ...] = ()
    later: tuple[Later, ...] = ()
    wait: Fetch | None = None
    note: str | None = None


def hosted(**fields: Any) -> Json:
    """An answer's fields with the name of a machine that tells nobody anything."""
    return {**fields, "chat_hostname": HOSTNAME}
