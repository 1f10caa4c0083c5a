"""A call of the bot on its way through the fake, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from chatdrill.model import Effect
from chatdrill.wire import Arguments, Exchange, Fetch, HttpResponse, Later
from chatdrill_fakes.families.meta import GraphError, GraphPath, object_argument
from chatdrill_fakes.platforms.whatsapp.errors import parameter_required
from chatdrill_fakes.platforms.whatsapp.state import WhatsAppState


class Request(msgspec.Struct):
    """One call: its path, its arguments and the time. ``node`` is the id that the path begins with."""

    state: WhatsAppState
    exchange: Exchange
    arguments: Arguments
    path: GraphPath

    @property
    def now(self) -> float:
        """Drill time of the listener; a chat may be ahead of it."""
        return self.exchange.now

    @property
    def node(self) -> str:
        """The first segment of the path."""
        return self.path.segments[0] if self.path.segments else ""

    def text(self, name: str) -> str | None:
        """An argument as text, or ``None`` if it is missing or empty."""
        value = self.arguments.values.get(name)
        return None if value is None or value == "" else str(value)

    def required(self, name: str) -> str:
        """An argument that must be there; raises error 100."""
        value = self.text(name)
        if value is None:
            raise parameter_required(name)
        return value

    def value(self, name: str) -> Any:
        """An argument that may be an object or a list, also where a form carries it as JSON."""
        return object_argument(self.arguments.values.get(name))

    def base_url(self) -> str:
        """Where media links of this answer lead: to wherever the bot reached the fake."""
        return self.exchange.base_url or self.state.base_url


class Reply(msgspec.Struct):
    """What a handler decides. ``body`` is the JSON answer, unless a ``response`` stands ready or a ``wait`` is needed.

    ``label`` is added to the name of the call (the type of a message). With a ``failure`` the answer is that error,
    and ``body`` lies beside it.
    """

    body: Any = None
    label: str = ""
    to: str | None = None
    effects: tuple[Effect, ...] = ()
    later: tuple[Later, ...] = ()
    note: str | None = None
    response: HttpResponse | None = None
    wait: Fetch | None = None
    failure: GraphError | None = None


Handler = Callable[[Request], Reply]


@dataclass(frozen=True)
class Route:
    """A method of the API: its name with placeholders, who answers it, and how faithfully.

    ``open`` routes need no token of the account: they check one of their own, or none.
    """

    name: str
    handler: Handler | None = None
    support: Literal["supported", "partial", "refused", "unknown"] = "supported"
    open: bool = False


SUCCESS: Mapping[str, bool] = {"success": True}


def pick(document: Mapping[str, Any], fields: str | None, default: tuple[str, ...]) -> dict[str, Any]:
    """The asked fields of a document (``id`` always), in the way of the Graph API."""
    wanted = [name.partition("{")[0].partition(".")[0].strip() for name in fields.split(",")] if fields else default
    chosen = {name: document[name] for name in wanted if name in document}
    return {**chosen, **({"id": document["id"]} if "id" in document else {})}
