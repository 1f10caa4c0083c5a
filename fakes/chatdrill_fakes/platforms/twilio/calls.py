"""A call of the bot on its way through the fake, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chatdrill.model import Effect
from chatdrill.wire import Exchange, Fetch, HttpResponse, Later
from chatdrill_fakes.platforms.twilio.state import Json, TwilioState


@dataclass(slots=True)
class Asked:
    """One call: its arguments, the ids in its path, and the time, which is the listener's; a chat may be ahead of it."""

    state: TwilioState
    exchange: Exchange
    values: Mapping[str, str]
    pairs: Sequence[tuple[str, str]] = ()
    sid: str = ""
    inner: str = ""

    @property
    def now(self) -> float:
        """Drill time of the listener."""
        return self.exchange.now

    def every(self, name: str) -> list[str]:
        """The values of a name that may come several times."""
        return [value for key, value in self.pairs if key == name and value]


@dataclass(slots=True)
class Answered:
    """What a method decides: an answer with a status, or a wait. ``raw`` is an answer that is no JSON."""

    body: Json = field(default_factory=dict)
    status: int = 200
    root: str = "Message"
    to: str | None = None
    label: str = ""
    effects: tuple[Effect, ...] = ()
    later: tuple[Later, ...] = ()
    wait: Fetch | None = None
    raw: HttpResponse | None = None
    note: str | None = None
