"""What the page that speaks to a Rasa bot remembers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import File
from chatdrill.wire import ChannelState, Chat

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class RasaChat(Chat):
    """A visitor. ``sender`` is the address; ``page`` is what the page knows, which goes along with each message."""

    page: Json = field(default_factory=dict)


@dataclass(kw_only=True)
class RasaState(ChannelState[RasaChat]):
    """One page. ``files`` leads from the address of a bot's picture to what was read there."""

    files: dict[str, File] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.token = self.settings["callback_token"]
        self.streams = self.settings["stream"].strip().lower() in ("yes", "true", "1", "on")
