"""What may be said of any declared messenger's webhooks, and one of a kind that nobody has seen."""

from __future__ import annotations

import msgspec

from chatdrill.wire import HttpRequest, Matter, Rule
from chatdrill_fakes.platforms.declared.rendering import address, proved
from chatdrill_fakes.platforms.declared.spec import MESSAGE, TELLS, Spec, Tell
from chatdrill_fakes.platforms.declared.state import DeclaredState


def rules_of(spec: Spec) -> dict[Matter, Rule]:
    """What the file says of the other side's part."""
    tell, source = first(spec), spec.source
    good = " or ".join(map(str, tell.ack)) or "2xx"
    tries = len(spec.delivery.retry_s) + 1
    said: dict[Matter, Rule] = {
        "acknowledgement": Rule(f"success is status {good} within {spec.delivery.timeout_s:g} s", source),
        "redelivery": Rule(f"what failed is sent again, byte for byte: {tries} attempts in all", source),
        "unknown": Rule("a request of a kind that is not known is answered, and does no harm", source),
        "text": Rule("a text has any length and any script that the file does not rule out", source),
    }
    if tell.signature.kind != "none":
        said["signature"] = Rule(f"requests are proved by the header {tell.signature.header}", source)
    return said


def first(spec: Spec) -> Tell:
    """The request that stands for all: that of a message, or whatever there is."""
    return next(tell for on in (MESSAGE, *TELLS) for tell in spec.tells[on])


def sign(state: DeclaredState, body: bytes, now: float) -> HttpRequest:
    """A request with any body."""
    tell = first(state.spec)
    path = tell.url if "{" not in tell.url else ""
    kind = ("Content-Type", "application/json")
    return proved(state, tell, address(state.webhook_url or "", path), (kind,), body, "", now)


def unknown_event(to: str) -> bytes:
    """A request of a kind that does not exist yet."""
    return msgspec.json.encode({"event": "chatdrill_novelty", "type": "chatdrill_novelty", "customer": to})
