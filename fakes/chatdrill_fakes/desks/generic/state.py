"""What a declared desk remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import Entry, File, Owner
from chatdrill.wire import Bucket, DeskState, Hook, HttpResponse, Ticket, Update
from chatdrill_fakes.desks.generic.spec import Hooked, Spec
from chatdrill_fakes.families.declared.ids import make_id, uuid
from chatdrill_fakes.families.desks import Route

HUMAN: tuple[Owner, ...] = ("queue", "agent")


@dataclass(slots=True)
class HookUpdate(Update):
    """An update that knows which declared hook it is, and the headers that were filled in for it."""

    hooked: Hooked | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Person:
    """A contact: ``id`` is the desk's, ``key`` what the bot calls them."""

    id: str
    key: str
    name: str = ""


@dataclass(slots=True, kw_only=True)
class GenericTicket(Ticket):
    """A ticket; ``status`` is the vendor's word. ``episodes`` counts the human parts that are over."""

    number: int
    status: str
    person: Person | None = None
    subject: str = ""
    episodes: int = 0

    def entry(self, id: str | None) -> Entry | None:
        """The message with this id."""
        return next((entry for entry in self.entries if entry.id == id), None)


@dataclass(kw_only=True)
class GenericState(DeskState[GenericTicket]):
    """One account. ``hooks`` are the receivers by the name that the file gives them; ``repeated`` the answers that were
    given, by what a repetition is known by; ``files`` what is served, by key."""

    spec: Spec
    routes: tuple[Route, ...] = ()
    people: dict[str, Person] = field(default_factory=dict)
    hooks: dict[str, Hook] = field(default_factory=dict)
    repeated: dict[tuple[str, ...], HttpResponse] = field(default_factory=dict, repr=False)
    files: dict[str, File] = field(default_factory=dict)
    file_keys: dict[str, str] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    requests: Bucket | None = None

    def owner_of(self, ticket: GenericTicket) -> Owner:
        """Whose a ticket is, by its status alone."""
        return self.spec.statuses[ticket.status].owner

    def new_id(self, kind: str) -> tuple[int, str]:
        """The next number of a kind, and the id that the file makes of it."""
        self.counters[kind] = self.counters.get(kind, 0) + 1
        number = self.chance.nth(self.counters[kind])
        return number, make_id(self.spec.ids[kind], self.chance, number)

    def delivery_id(self) -> str:
        """The id of a webhook."""
        return uuid(self.chance)

    def serve(self, file: File) -> str:
        """The address under which a file can be downloaded; the bot's own link, where the desk has no bytes."""
        if not file.sha256:
            return file.url or ""
        key = self.file_keys.get(file.sha256)
        if key is None:
            key = self.file_keys[file.sha256] = self.chance.base64url(22)
            self.files[key] = file
        return f"{self.base_url}/_files/{key}"


Names = Mapping[str, Any]
