"""What a fake may be able to say so that an endpoint can be examined: how any body is signed, what the bot has never heard of.

The examination (``chatdrill.probe``) works without it; more can be tried with it. All of this is pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

from chatdrill.wire.contract import Service
from chatdrill.wire.http import HttpRequest
from chatdrill.wire.state import ChannelState

S = TypeVar("S", bound=ChannelState[Any])

Matter = Literal["handshake", "signature", "acknowledgement", "redelivery", "unknown", "batch", "text", "size"]
"""What a vendor has a rule about."""


@dataclass(frozen=True)
class Rule:
    """What the vendor says in a sentence, and where: ``source`` is the vendor's page and its date."""

    text: str
    source: str


@runtime_checkable
class Sealing(Protocol):
    """A service whose webhooks can be sealed, so that nobody could read in a trace what they say."""

    def opened(self, state: Any, request: HttpRequest) -> bytes:
        """The body of a webhook as it was before it was sealed."""


@runtime_checkable
class Examinable(Service[S], Protocol[S]):
    """A service whose webhooks can be made of anything.

    ``rules`` has the vendor's rules for the bot's side of a webhook. ``body_max_bytes`` is the largest body that the vendor
    says it sends; ``None`` where it does not say.
    """

    rules: Mapping[Matter, Rule]
    body_max_bytes: int | None

    def sign(self, state: S, body: bytes, now: float) -> HttpRequest:
        """A webhook as the vendor would send it, signature included, with any body whatsoever."""

    def unknown_event(self, state: S, to: str, now: float) -> bytes:
        """The whole body of a webhook about the customer ``to`` with an event of a kind that does not exist yet."""
