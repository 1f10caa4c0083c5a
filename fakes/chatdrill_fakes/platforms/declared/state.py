"""What a declared messenger remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import Button, Customer, File
from chatdrill.wire import Bucket, ChannelState, Chat, Update
from chatdrill_fakes.families.declared.filling import fill
from chatdrill_fakes.families.declared.ids import quick_id, uuid
from chatdrill_fakes.platforms.declared.spec import Spec, Tell

FILES = "/_files/"


@dataclass(slots=True)
class Told(Update):
    """An update with what its request is made of. ``tells`` are the declared requests of which the first one that may be is
    sent (``tell``, once that is known); ``names`` is what is known of the act, ``files`` what is uploaded. ``lacking`` are values of earlier
    answers that it needs and nobody knows; ``is_fixed`` once it was sent, and may change no more."""

    tells: tuple[Tell, ...] = ()
    names: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    tell: Tell | None = None
    url: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    lacking: tuple[str, ...] = ()
    is_fixed: bool = False


@dataclass(slots=True, kw_only=True)
class DeclaredChat(Chat):
    """A customer's chat.

    ``kept`` are the values that answers gave, ``done`` the opening requests that were answered well, ``opening`` those on their
    way. ``replied`` are the updates in whose answer there were messages, ``origins`` leads from the other side's ids to ours.
    ``fails_next`` are errors that the next messages meet.
    """

    person: Mapping[str, Any]
    kept: dict[str, Any] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    opening: dict[str, Update] = field(default_factory=dict)
    replied: set[str] = field(default_factory=set)
    origins: dict[str, str] = field(default_factory=dict)
    pressables: dict[str, tuple[Button, ...]] = field(default_factory=dict)
    fails_next: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Heard:
    """A request of somebody else's that was read back: what it was declared as, and the values of earlier answers in it."""

    tell: Tell
    kept: Mapping[str, str]


@dataclass(kw_only=True)
class DeclaredState(ChannelState[DeclaredChat]):
    """One account. ``values`` are the file's own names, ``found`` leads from kept values to customers, ``shared`` from a key to
    a customer's file. ``heard`` are requests that were read back, by their ids; ``trusts``: the vendor has judged what is called, so no proof
    is looked at."""

    spec: Spec
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    found: dict[tuple[str, str], str] = field(default_factory=dict)
    shared: dict[str, File] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    requests: Bucket | None = None
    heard: dict[str, Heard] = field(default_factory=dict)
    trusts: bool = False

    def __post_init__(self) -> None:
        self.constants = {**self.values, "key": self.settings["key"], "token": self.settings["token"]}

    def new_id(self, kind: str) -> str:
        """The next id of a customer or a message, as the file wants it."""
        self.counters[kind] = self.counters.get(kind, 0) + 1
        return quick_id(self.spec.ids[kind], self.chance, self.chance.nth(self.counters[kind]))

    def delivery_id(self) -> str:
        """The id of a request to the other side."""
        return uuid(self.chance)

    def keep(self, chat: DeclaredChat, name: str, value: Any) -> None:
        """Remember a value of an answer, and whose it is."""
        chat.kept[name] = value
        self.found[name, str(value)] = chat.address

    def share(self, file: File) -> str:
        """The address under which a customer's file can be read; its own link where there are no bytes."""
        if not file.sha256:
            return file.url or ""
        key = self.keys.get(file.sha256)
        if key is None:
            key = self.keys[file.sha256] = self.chance.marked(self.chance.base64url(20))
            self.shared[key] = file
        return f"{self.known_url}{FILES}{key}"

    def shape(self, file: File) -> tuple[Any, dict[str, Any]]:
        """A file as the file's shape has it, and the names that stand for it."""
        kind = file.mime.partition("/")[0]
        names = {
            "file_url": self.share(file),
            "file_name": file.name or f"file{ENDINGS.get(file.mime, '')}",
            "file_mime": file.mime,
            "file_size": file.size_bytes,
            "file_sha256": file.sha256,
            "file_kind": kind if kind in ("image", "audio", "video") else "file",
        }
        return fill(self.spec.file_shape, names), names


ENDINGS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "application/pdf": ".pdf",
}
"""Ends of names for files that customers send without one."""


def person_of(customer: Customer, address: str) -> dict[str, Any]:
    """A customer as templates name them; what nobody knows of them comes to nothing."""
    return {
        "customer": address,
        "name": customer.name,
        "first_name": customer.first_name,
        "last_name": customer.last_name or None,
        "phone": customer.phone or None,
        "email": customer.email or None,
        "username": customer.username,
        "locale": customer.locale,
        "language": customer.language,
    }
