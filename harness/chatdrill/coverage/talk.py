"""What a trace can know of the state of a conversation, without knowing the bot."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatdrill.checks.evidence import is_spoken
from chatdrill.coverage.kinds import text_of
from chatdrill.model import (
    DeskEvent,
    Edited,
    Message,
    Owner,
    OwnerChanged,
    Sent,
    Template,
    TicketClosed,
    TicketReopened,
)
from chatdrill.trace import Acted, Took

UNASKED_S = 600.0
"""A bot's message so long after the customer's last word is no answer to it."""
HOURS_S = 3600.0
DAYS_S = 86_400.0
BURST_S = 10.0
_PEOPLE: dict[Owner, str] = {"queue": "in the queue", "agent": "with an agent"}


@dataclass
class Talk:
    """One conversation as far as it went. ``opener`` is how it began, ``step`` the last one that the customer acted in, ``answers`` counts
    the bot's turns, ``button`` is the title of the last button that was shown."""

    owner: Owner = "bot"
    word_at: float | None = None
    heard_at: float | None = None
    base: str = "first contact"
    opener: str | None = None
    step: int | None = None
    answers: int = 0
    button: str | None = None
    template_button: str | None = None
    templates: set[str] = field(default_factory=set)
    was_with_people: bool = False
    is_nudged: bool = False
    is_unblocked: bool = False
    is_closed: bool = False
    is_reopened: bool = False

    def states(self, at: float) -> frozenset[str]:
        """The states that the conversation is in when the customer acts at drill time ``at``."""
        if self.word_at is None and self.owner == "bot":
            return frozenset({"first contact"})
        found = {_PEOPLE.get(self.owner, self.base)}
        found.update(name for name, holds in self._flags() if holds)
        quiet_s = at - max(self.word_at or 0.0, self.heard_at or 0.0)
        if quiet_s >= HOURS_S:
            found.add("days later" if quiet_s >= DAYS_S else "hours later")
        return frozenset(found)

    def _flags(self) -> tuple[tuple[str, bool], ...]:
        return (
            ("nudged", self.is_nudged),
            ("unblocked", self.is_unblocked),
            ("back to the bot", self.was_with_people and self.owner not in _PEOPLE),
            ("ticket closed", self.is_closed),
            ("ticket reopened", self.is_reopened),
        )

    def is_burst(self, record: Acted) -> bool:
        """True for a further word before there was an answer to the first."""
        waits = self.word_at is not None and (self.heard_at is None or self.heard_at < self.word_at)
        return waits and is_spoken(record) and record.at - (self.word_at or 0.0) <= BURST_S

    def acted(self, record: Acted) -> None:
        """The customer has done something."""
        self.step = record.step
        if not is_spoken(record):
            return
        if self.word_at is None:
            self.opener = text_of(record.act)
        self.word_at, self.base = record.at, "waiting"
        self.is_nudged = record.cause == "persona"
        self.is_unblocked = self.is_closed = self.is_reopened = False

    def took(self, record: Took) -> None:
        """The bot has done something."""
        effect = record.effect
        if not isinstance(effect, Sent | Edited):
            return
        message = effect.message
        self.answers += self.base == "waiting"
        if isinstance(effect, Sent) and self.word_at is not None:
            self.base = "answered" if record.at - self.word_at < UNASKED_S else "reminded"
        self.heard_at = record.at
        if message.buttons and self.base != "first contact":
            self.base = "reminded" if self.base == "reminded" else "buttons"
            self.button = message.buttons[0].title
        if any(isinstance(part, Template) for part in message.parts):
            self._template(message)

    def _template(self, message: Message) -> None:
        self.templates.update(message.ids)
        self.template_button = message.buttons[0].title if message.buttons else None

    def filed(self, event: DeskEvent) -> None:
        """Something became true at the helpdesk."""
        if isinstance(event, OwnerChanged):
            self.owner = event.owner
            self.was_with_people = self.was_with_people or event.owner in _PEOPLE
        elif isinstance(event, TicketClosed):
            self.is_closed = True
        elif isinstance(event, TicketReopened):
            self.is_closed, self.is_reopened = False, True
