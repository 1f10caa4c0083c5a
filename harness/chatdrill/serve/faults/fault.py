"""One fault that a tester injects, on the platform's API or on the way of its webhooks."""

from __future__ import annotations

from typing import Literal

import msgspec

Where = Literal["api", "webhook"]
Kind = Literal[
    "status",
    "delay",
    "reset",
    "duplicate",
    "drop",
    "swap",
    "late",
    "twin",
    "unacknowledged",
    "gather",
    "cut",
    "renewed",
]
"""``late``: others of its lane pass while it waits; ``twin``: a copy at the same moment; ``unacknowledged``: the bot's 2xx is lost; ``gather``: waits for others to travel with; ``renewed``: a copy in a new request."""

_MEANING: dict[tuple[Where, Kind], str] = {
    ("api", "status"): "answered {status} instead of being handled",
    ("api", "delay"): "held up for {delay_s:g} s",
    ("api", "reset"): "reset before it was handled",
    ("api", "drop"): "handled, but the answer was lost",
    ("api", "cut"): "broken off in the middle of the answer",
    ("webhook", "status"): "the bot's answer was replaced by {status}",
    ("webhook", "delay"): "held up for {delay_s:g} s",
    ("webhook", "reset"): "reset before it reached the bot",
    ("webhook", "duplicate"): "delivered {times}",
    ("webhook", "drop"): "lost for good",
    ("webhook", "swap"): "overtaken by the next one",
    ("webhook", "late"): "sent {delay_s:g} s later, while others overtake it",
    ("webhook", "twin"): "delivered {times} at the same moment",
    ("webhook", "unacknowledged"): "the bot's acknowledgement was lost on the way",
    ("webhook", "renewed"): "delivered {times}, the second time under a new request id",
    ("webhook", "gather"): "held back for {delay_s:g} s, to travel with others",
}


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One fault. ``match`` is a pattern (``send*``) for the last part of an API path or the kind of an update.

    ``times`` is how often it strikes (``null``: always), ``probability`` how likely it does each time. ``delay_s`` and
    ``retry_after_s`` are real seconds, ``copies`` how many duplicates follow; ``case``: it strikes in this case only; ``body`` is the text of an injected answer, else the vendor's words for it.
    """

    where: Where
    kind: Kind
    platform: str = "*"
    match: str = "*"
    status: int = 500
    retry_after_s: int | None = None
    delay_s: float = 1.0
    body: str | None = None
    times: int | None = 1
    probability: float = 1.0
    copies: int = 1
    case: str | None = None

    def __post_init__(self) -> None:
        if (self.where, self.kind) not in _MEANING:
            kinds = ", ".join(kind for where, kind in _MEANING if where == self.where)
            raise ValueError(f"there is no fault {self.kind!r} on the {self.where} side; known: {kinds}")
        if not 200 <= self.status <= 599 or not 0 <= self.probability <= 1 or not 0 <= self.delay_s <= 3600:
            raise ValueError("status must be 200-599, probability 0-1, delay_s 0-3600")
        if self.copies < 1 or (self.times is not None and self.times < 1) or (self.retry_after_s or 0) < 0:
            raise ValueError("times and copies must be 1 or more, retry_after_s 0 or more")

    @property
    def note(self) -> str:
        """What it does, for the record."""
        times = "twice" if self.copies == 1 else f"{self.copies + 1} times"
        return "fault: " + _MEANING[self.where, self.kind].format(status=self.status, delay_s=self.delay_s, times=times)
