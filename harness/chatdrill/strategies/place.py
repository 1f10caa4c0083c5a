"""Where a dialog takes place: what a platform lets people do, whether there is a desk, and whose the bot's process is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chatdrill.wire import Platform

_TEXT_MAX = 4096
"""Where a vendor names no limit: that of most."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """``parts`` and ``acts`` are those of a customer that the bot is told of; ``text_max`` is the vendor's limit of a text in characters,
    ``can_restart``: the run owns the bot's process."""

    platform: str
    parts: frozenset[str] = frozenset({"text"})
    acts: frozenset[str] = frozenset({"write"})
    text_max: int = _TEXT_MAX
    desk: str | None = None
    can_restart: bool = False
    locales: tuple[str, ...] = field(default=("en_US", "ru_RU", "pl_PL", "de_DE"))

    @classmethod
    def on(cls, platform: Platform[Any], *, desk: str | None = None, can_restart: bool = False) -> Place:
        """A platform as it declares itself. What it lacks nobody does."""
        can = platform.capabilities
        limit = next((limit.value for limit in platform.limits if limit.name == "text"), _TEXT_MAX)
        return cls(
            platform=platform.name,
            parts=can.customer_parts - set(can.lacks),
            acts=can.acts - set(can.lacks),
            text_max=int(limit),
            desk=desk,
            can_restart=can_restart,
        )
