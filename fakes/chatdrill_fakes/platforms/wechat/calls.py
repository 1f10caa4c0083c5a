"""A call of the bot on its way through the fake, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import Effect
from chatdrill.wire import Arguments, Exchange, HttpResponse, Later
from chatdrill_fakes.platforms.wechat.errors import ApiError
from chatdrill_fakes.platforms.wechat.state import Json, WeChatChat, WeChatState


@dataclass(slots=True)
class Asked:
    """One call: its arguments, of the address and of the body together, and the time, which is the listener's."""

    state: WeChatState
    exchange: Exchange
    arguments: Arguments
    values: Mapping[str, Any]

    @property
    def now(self) -> float:
        """Drill time of the listener."""
        return self.exchange.now

    def given(self, name: str, code: int = 40101) -> str:
        """A string that must be there. Raises ``code`` without it, 40097 for another type."""
        value = self.values.get(name)
        if value is None or value == "":
            raise ApiError(code, f"{name} is missing")
        if not isinstance(value, str):
            raise ApiError(40097, f"{name} is no string")
        return value

    def optional(self, name: str) -> str:
        """A string that may be there."""
        return self.given(name) if self.values.get(name) else ""

    def number(self, name: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number. Raises 40101 without it, 40097 for anything else."""
        value = self.values.get(name, default)
        if value is None:
            raise ApiError(40101, f"{name} is missing")
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ApiError(40097, f"{name} is no whole number from {least} to {most}")
        return value

    def inner(self, name: str) -> Mapping[str, Any]:
        """An object that must be there."""
        value = self.values.get(name)
        if value is None:
            raise ApiError(40101, f"{name} is missing")
        if not isinstance(value, dict):
            raise ApiError(40097, f"{name} is no object")
        return value

    def texts(self, name: str, most: int) -> list[str]:
        """A list of strings that must be there, and not be empty."""
        value = self.values.get(name)
        if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
            raise ApiError(40097, f"{name} is no list of strings")
        if len(value) > most:
            raise ApiError(40097, f"{name} has {len(value)}, {most} are allowed")
        return value

    def person(self, name: str = "openid") -> WeChatChat:
        """The chat of whoever is named. Raises 41009 without a name, 40003 for one that nobody has."""
        value = self.values.get(name)
        if value is None or value == "":
            raise ApiError(41009, f"{name} is missing")
        chat = self.state.chats.get(value) if isinstance(value, str) else None
        if chat is None:
            raise ApiError(40003, "nobody of this account has it")
        return chat


@dataclass(slots=True)
class Answered:
    """What a call decides: the fields of the answer beside ``errcode`` and ``errmsg`` (``is_bare``: without them), or a whole ``response``."""

    body: Json = field(default_factory=dict)
    to: str | None = None
    label: str = ""
    effects: tuple[Effect, ...] = ()
    later: tuple[Later, ...] = ()
    response: HttpResponse | None = None
    is_bare: bool = False
    note: str | None = None
