"""What a file declares of a desk, as values. The words of the file are the names of the fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chatdrill.model import Owner, TicketState
from chatdrill_fakes.families.declared import spec as family
from chatdrill_fakes.families.declared.signing import Signature
from chatdrill_fakes.families.declared.templates import Answer

Deed = Literal["open", "add", "ask", "close", "reopen", "delivery", "contact", "rate", "typing", "show"]
DEEDS: tuple[Deed, ...] = ("open", "add", "ask", "close", "reopen", "delivery", "contact", "rate", "typing", "show")
Encoding = Literal["json", "form"]
ENCODINGS: tuple[Encoding, ...] = ("json", "form")

MOVES = (
    "open",
    "ask",
    "accept",
    "take_over",
    "decline",
    "reply",
    "transfer",
    "snooze",
    "solve",
    "release",
    "close",
    "reopen",
)
"""What may put a ticket into another status; all but the first two are acts of agents (``reopen`` of customers too)."""

EVENTS = (
    "opened",
    "asked",
    "message",
    "reply",
    "note",
    "accepted",
    "declined",
    "assigned",
    "status",
    "released",
    "closed",
    "reopened",
    "edited",
    "deleted",
    "typing",
    "survey",
)
"""What a hook may be on. ``message`` is the bot's own message, told back; ``status`` any change of the status."""

ERRORS: dict[str, tuple[int, str]] = {
    **family.ERRORS,
    "unknown_ticket": (404, "ticket not found"),
    "closed_ticket": (409, "ticket is closed"),
}
"""The errors a file may word, with what they are where it does not."""

READ = (
    "ticket",
    "contact",
    "keys",
    "name",
    "subject",
    "locale",
    "priority",
    "team",
    "request_key",
    "fields",
    "each",
    "text",
    "files",
    "uploads",
    "origin",
    "author",
    "at",
    "public",
    "reply_to",
    "said_by",
    "message",
    "word",
    "reason",
    "score",
    "comment",
)
"""What can be read out of a request; those from ``text`` to ``said_by`` lie in each element, where ``each`` names a list."""


@dataclass(frozen=True)
class Ask:
    """A request that the desk takes. ``authors`` and ``words`` translate what the bot writes; ``author`` is who writes where
    nothing is read. ``once`` names what a repetition is known by. ``line`` is where it stands in the file."""

    name: str
    method: str
    path: str
    does: Deed
    read: Mapping[str, Any] = field(default_factory=dict)
    require: tuple[str, ...] = ()
    author: str = "customer"
    authors: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    once: str | None = None
    status: str | None = None
    answer: Answer = field(default_factory=Answer)
    line: int = 0


@dataclass(frozen=True)
class Hooked:
    """A webhook: on what, under which name, whither, with which body. ``url`` is ``main``, or a name in the setting
    ``hooks``."""

    on: str
    name: str
    url: str = "main"
    method: str = "POST"
    encoding: Encoding = "json"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    signature: Signature = field(default_factory=Signature)
    line: int = 0


@dataclass(frozen=True)
class Status:
    """A word for the state of a ticket: whose it is then."""

    owner: Owner
    state: TicketState


@dataclass(frozen=True)
class Spec:
    """A whole desk. ``after_close`` says what a customer's message does to a ticket that is over."""

    file: str
    title: str
    statuses: Mapping[str, Status]
    moves: Mapping[str, str]
    requests: tuple[Ask, ...]
    hooks: tuple[Hooked, ...] = ()
    base: str = ""
    auth_header: str | None = None
    auth_value: str = "{token}"
    ids: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Answer] = field(default_factory=dict)
    limits: family.Limits = field(default_factory=family.Limits)
    delivery: family.Deliver = field(default_factory=family.Deliver)
    after_close: Literal["error", "reopen"] = "error"
    survey: Literal["page", "message", "bot", "none"] = "none"
    file_shape: Any = None
    entry_shape: Any = None

    @property
    def mirrors(self) -> bool:
        """True if the bot shows every conversation from its first word: a ticket that was opened is the bot's."""
        return self.statuses[self.moves["open"]].owner in ("bot", "none")
