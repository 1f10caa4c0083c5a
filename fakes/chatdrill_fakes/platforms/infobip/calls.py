"""A call of the bot on its way through the fake, what stands in its JSON, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from chatdrill.model import Effect
from chatdrill.wire import Exchange, Fetch, HttpResponse, Later
from chatdrill_fakes.platforms.infobip.errors import violated
from chatdrill_fakes.platforms.infobip.state import InfobipState, Json


@dataclass(slots=True)
class Asked:
    """One call: its arguments (of the body, and of the query), and the time, which is the listener's; a chat may be ahead of it."""

    state: InfobipState
    exchange: Exchange
    body: Json
    query: Mapping[str, str]
    tail: str = ""

    @property
    def now(self) -> float:
        """Drill time of the listener."""
        return self.exchange.now


@dataclass(slots=True)
class Answered:
    """What a method decides: an answer, or a wait. ``error`` says why a call counts as refused that is answered with 200."""

    body: Json = field(default_factory=dict)
    to: str | None = None
    label: str = ""
    effects: tuple[Effect, ...] = ()
    later: tuple[Later, ...] = ()
    wait: Fetch | None = None
    raw: HttpResponse | None = None
    error: str | None = None
    note: str | None = None


# ------------------------------------------------------------------------------------------------- reading a body


class Node(Struct, frozen=True, gc=False):
    """An object inside a body, and where it stands there."""

    value: Mapping[str, Any]
    path: str = ""

    def at(self, name: str) -> str:
        """The place of a field, as violations name it."""
        return f"{self.path}.{name}" if self.path else name

    def text(self, name: str, most: int | None = None) -> str:
        """A string, empty where there is none; a number is taken for its digits."""
        value = self.value.get(name)
        if value is None:
            return ""
        if type(value) is str and (most is None or len(value) <= most):
            return value
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise violated(self.at(name), "must be a string")
        words = str(value)
        if most is not None and len(words) > most:
            raise violated(self.at(name), f"size must be between 0 and {most}")
        return words

    def flag(self, name: str) -> bool:
        """A boolean, false where there is none."""
        value = self.value.get(name, False)
        if value is not None and not isinstance(value, bool):
            raise violated(self.at(name), "must be a boolean")
        return bool(value)

    def object(self, name: str) -> Node:
        """An object, empty where there is none."""
        value = self.value.get(name)
        if value is None:
            return NOTHING
        if not isinstance(value, dict):
            raise violated(self.at(name), "must be an object")
        return Node(value, self.at(name))

    def objects(self, name: str) -> Sequence[Node]:
        """A list of objects that is not empty."""
        value = self.value.get(name)
        if value is None or value == []:
            raise violated(self.at(name), "must not be empty")
        place = self.at(name)
        nodes = (
            [Node(one, f"{place}[{number}]") for number, one in enumerate(value) if isinstance(one, dict)]
            if isinstance(value, list)
            else []
        )
        if not nodes or len(nodes) < len(value):
            raise violated(place, "must be a list of objects")
        return nodes


NOTHING = Node({})
"""In the place of an object that is not there: nothing in it can be wrong."""
Handler = Callable[[Asked], Answered]
