"""The messengers. A channel reads webhooks and makes API calls, and decides nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from ..desks import File
from ..model import Event, Media, Reply, Say


class Channel(Protocol):
    name: str
    can_reopen: bool  # by a template, when the platform's window is closed

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        """Whether the request really comes from the platform. Header names are lower case; ``:path`` is what was asked for."""
        ...

    async def prepare(self) -> None:
        """Waits for what `trusts` needs, where that has to be fetched."""
        ...

    def read(self, headers: Mapping[str, str], raw: bytes) -> Any:
        """What a request that is trusted says. Raises `ValueError` for what the platform does not send, or `RecursionError`."""
        ...

    def handshake(self, query: Mapping[str, str]) -> str | None:
        """The answer to a verification by GET, or None if it is refused."""
        ...

    def challenge(self, update: Mapping[str, Any]) -> bytes | None:
        """The answer to a verification by an ordinary webhook; None for any other."""
        ...

    def items(self, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """The single happenings in one webhook request; platforms may batch them."""
        ...

    def events(self, item: Mapping[str, Any]) -> Iterator[Event]:
        """What the customer did; nothing for receipts, echoes, reactions and whatever is not known yet."""
        ...

    def opening(self, update: Mapping[str, Any]) -> Event | None:
        """What a customer did whom nothing but the answer to this webhook reaches; None everywhere else."""
        ...

    def greeting(self, event: Event, replies: Iterable[Reply]) -> bytes:
        """Such an answer."""
        ...

    async def register(self) -> None:
        """Tells the platform what it wants to be told by API: where the webhook is, how a chat is opened."""
        ...

    async def confirm(self, event: Event) -> None:
        """Acknowledges a press."""
        ...

    async def attend(self, event: Event) -> None:
        """Shows the customer that the message was read and an answer is being written."""
        ...

    def may_say(self, say: Say, silence_s: float) -> bool:
        """Whether the platform lets this through, so long after the customer's last word."""
        ...

    async def send(self, user: str, reply: Reply) -> None: ...

    async def hand(self, user: str, file: File) -> None:
        """Sends an agent's file as what it is."""
        ...

    async def reopen(self, user: str, language: str) -> None:
        """Asks the customer to open the window again; only where `can_reopen`."""
        ...

    async def fetch(self, media: Media) -> bytes: ...


class Prepared:
    """A channel that has what it needs from the beginning."""

    async def prepare(self) -> None:
        return


class JsonBody(Prepared):
    """A channel whose webhooks are JSON and ask nothing."""

    def read(self, headers: Mapping[str, str], raw: bytes) -> Any:  # noqa: ARG002
        return json.loads(raw)

    def challenge(self, update: Mapping[str, Any]) -> bytes | None:  # noqa: ARG002
        return None


class Writable(JsonBody):
    """A channel whose customers can always be written to, once they have done anything."""

    def opening(self, update: Mapping[str, Any]) -> Event | None:  # noqa: ARG002 - nobody needs that answer
        return None

    def greeting(self, event: Event, replies: Iterable[Reply]) -> bytes:  # noqa: ARG002
        return b""


def in_characters(text: str, most: int) -> str:
    return text[:most]


def in_bytes(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")


def pieces(text: str, length_max: int, begin: Callable[[str, int], str] = in_characters) -> list[str]:
    """A text in messages of a legal length, cut between paragraphs or words where there are any. `begin` gives as much of the
    beginning as one message holds."""
    found = []
    while (head := begin(text, length_max)) != text:
        cut = max(head.rfind("\n\n"), 0) or max(head.rfind(" "), 0) or len(head)
        found.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*found, text]


def short(label: str, length_max: int) -> str:
    return label if len(label) <= length_max else label[: length_max - 1] + "…"
