"""What the hub remembers: conversations, their members and activities, attachments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from chatdrill.model import File
from chatdrill.wire import Bucket, DeskState, Ticket

CALLS_PER_S = 50


@dataclass(slots=True, kw_only=True)
class Conversation(Ticket):
    """A conversation of the hub. ``phase`` is who may speak; ``episode`` counts the requests for a person.

    ``members`` are the customers' accounts by id. ``numbered`` counts activities of both sides. ``declined`` are agents who
    refused the present request.
    """

    phase: Literal["bot", "queue", "agent"] = "bot"
    episode: int = 0
    ended: bool = False
    numbered: int = 0
    declined: set[str] = field(default_factory=set)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)

    def new_id(self) -> str:
        """The id of the next activity."""
        self.numbered += 1
        return f"{self.address}|{self.numbered:07d}"


@dataclass(slots=True)
class Stored:
    """An attachment that has an id."""

    id: str
    file: File
    thumbnail: File | None = None


@dataclass(kw_only=True)
class BotFrameworkState(DeskState[Conversation]):
    """One bot at one hub. ``people`` are the ids of all customers it spoke of."""

    people: set[str] = field(default_factory=set)
    attachments: dict[str, Stored] = field(default_factory=dict)
    calls: Bucket = field(default_factory=lambda: Bucket(per_s=CALLS_PER_S, burst=CALLS_PER_S))
    edits: int = 0

    def on(self, setting: str) -> bool:
        """True if a yes-or-no setting says yes."""
        return self.settings[setting].strip().lower() in ("yes", "true", "1", "on")

    @property
    def bot_id(self) -> str:
        """The id of the bot's account; a bot without an app id has the hub's name for bots."""
        return self.settings["app_id"] or "bot"

    def load_of(self, agent: str) -> int:
        """How many conversations an agent has or is offered."""
        return sum(each.phase != "bot" and each.assignee == agent for each in self.tickets.values())

    def keep(self, file: File, thumbnail: File | None = None) -> Stored:
        """Give a file an id."""
        stored = Stored(self.chance.hex(32), file, thumbnail)
        self.attachments[stored.id] = stored
        return stored

    def url_of(self, stored: Stored) -> str:
        """Where an attachment can be fetched."""
        return f"{self.base_url}/v3/attachments/{stored.id}/views/original"
