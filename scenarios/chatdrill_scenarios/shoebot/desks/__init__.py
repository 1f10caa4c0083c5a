"""The helpdesks. A desk files conversations for people and tells what they do; it decides nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

LineAuthor = Literal["customer", "bot"]
NewsKind = Literal["accepted", "reply", "edited", "deleted", "failed", "closed", "asked", "look"]
"""`failed`: nobody has taken it. `look`: something has happened, and only `Desk.recent` tells what."""


@dataclass(frozen=True, slots=True)
class File:
    """A file with its bytes."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the conversation as the desk is shown it. `id` is the platform's, `at` Unix seconds."""

    id: str
    author: LineAuthor
    text: str
    at: float
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """The customer as the desk knows them: `key` is the platform and the id there, and never anybody else's."""

    key: str
    name: str
    language: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Handover:
    """What a desk is told when somebody is needed. `key` names this handover: however often it is tried, it is one."""

    key: str
    person: Person
    platform: str
    lines: Sequence[Line]
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, str]:
        """What the bot knows, for the desk's fields."""
        return {"language": self.person.language, **self.facts}

    @property
    def summary(self) -> Line:
        """The same in words, for who reads the conversation; it has an id as other lines have."""
        words = ", ".join(f"{name}: {value}" for name, value in self.known.items())
        at = self.lines[-1].at if self.lines else time.time()
        return Line(f"{self.key}:facts", "bot", words, at)


@dataclass(frozen=True, slots=True)
class Link:
    """A file of an agent: where the bot can load it."""

    url: str
    name: str
    mime: str


@dataclass(frozen=True, slots=True)
class News:
    """What an agent or the desk did. `id` is what a repeated webhook about the same thing would carry again."""

    kind: NewsKind
    ticket: str
    id: str
    text: str = ""
    entry: str = ""  # of the message that is meant
    agent: str = ""
    files: tuple[Link, ...] = ()
    in_charge: bool = True  # when it happened, a person was in charge


class Desk(Protocol):
    name: str
    asks_for_rating: bool  # by itself; else the bot does
    hears_rating: bool  # the customer answers its question in the chat, behind the end: with a digit

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        """Whether the webhook really comes from the desk. Header names are lower case."""
        ...

    def news(self, raw: bytes) -> Iterator[News]:
        """What a webhook tells; nothing for echoes of the bot's own words and whatever is not known yet."""
        ...

    async def register(self) -> None:
        """Tells the desk what it wants to be told by API: where the webhook is."""
        ...

    async def open(self, handover: Handover) -> str:
        """Asks for a person; returns the ticket. It is asked again after a failure, and asking twice with one key gives one
        ticket with every line once: what may have been carried out is looked for first."""
        ...

    async def pass_on(self, ticket: str, person: Person, line: Line, *, again: bool) -> None:
        """Shows the agents what the customer has written; `again`, if it may stand there already."""
        ...

    async def change(self, ticket: str, person: Person, line: Line) -> None:
        """Shows the agents that the customer has changed a message."""
        ...

    async def confirm(self, news: News, *, delivered: bool, why: str = "") -> None:
        """Tells the agents what became of their message."""
        ...

    async def end(self, ticket: str, why: str) -> None:
        """The customer wants nobody any more."""
        ...

    async def rate(self, ticket: str, stars: int) -> None:
        """Files the customer's rating with the ticket."""
        ...

    async def recent(self, ticket: str) -> list[News]:
        """What has happened in a ticket, for whoever may have missed a webhook."""
        ...

    async def load(self, link: Link) -> bytes:
        """The bytes of an agent's file."""
        ...


def value_in(data: Any, *path: str | int) -> Any:
    """What lies deep in a webhook, or None where it does not."""
    for key in path:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return None
    return data
