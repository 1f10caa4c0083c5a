"""REST as a table: which function answers which path, and what becomes of an answer that is an error.

A desk lists ``Route`` s; ``answer`` finds the one that a request means, runs it with a ``Visit`` and makes the
``Handled`` of it. A handler returns a response, raises ``Refused`` with the vendor's, and appends to ``visit.events`` what it
made true. Handlers that need a file from the network call ``visit.read``, before they change anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import urlencode

from chatdrill.model import DeskEvent
from chatdrill.wire import (
    Arguments,
    Call,
    DeskState,
    Exchange,
    Fetch,
    Fetched,
    Handled,
    HttpRequest,
    HttpResponse,
    Later,
    read_arguments,
)
from chatdrill.wire.http import SLASH
from chatdrill_fakes.families.desks.brackets import nested

Support = Literal["supported", "partial", "refused", "unknown"]
S = TypeVar("S", bound=DeskState[Any])


class Refused(Exception):
    """The vendor's answer to a call that is not carried out; ``why`` is for the trace."""

    def __init__(self, response: HttpResponse, why: str) -> None:
        super().__init__(why)
        self.response = response
        self.why = why


class _Wanted(Exception):
    """Files of the network that must be read before a call can be answered."""

    def __init__(self, urls: tuple[str, ...]) -> None:
        super().__init__()
        self.urls = urls


@dataclass
class Visit(Generic[S]):
    """One call while it is answered. ``params`` are the names in the route's path; ``to`` is the ticket it is about, once
    that is known; ``now`` the clock's drill time (a ticket's own is ``at``)."""

    state: S
    exchange: Exchange
    arguments: Arguments
    params: Mapping[str, str] = field(default_factory=dict)
    to: str | None = None
    note: str | None = None
    events: list[DeskEvent] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)

    @property
    def request(self) -> HttpRequest:
        """The request."""
        return self.exchange.request

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The arguments by name, of query and body together; ``labels[]`` and ``message[content]`` of a query or form are under
        ``labels`` and ``message`` as well, as Rails and PHP read them."""
        bracketed = [pair for pair in self.arguments.pairs if "[" in pair[0]]
        return {**nested(bracketed), **self.arguments.values} if bracketed else self.arguments.values

    @property
    def base_url(self) -> str:
        """How the bot reached this desk; links in answers start with it."""
        return self.exchange.base_url or self.state.base_url

    def link(self, query: Mapping[str, Any]) -> str:
        """The address of this call for another page: what was asked stays, but for arguments of the names (before a bracket)
        that ``query`` has."""
        replaced = {name.partition("[")[0] for name in query}
        kept = [pair for pair in self.request.query if pair[0].partition("[")[0] not in replaced]
        return f"{self.base_url.rstrip('/')}{self.request.path}?{urlencode([*kept, *query.items()])}"

    @property
    def at(self) -> float:
        """The drill time in the ticket that the call is about."""
        ticket = self.state.tickets.get(self.to) if self.to is not None else None
        return self.exchange.now if ticket is None else ticket.at(self.exchange.now)

    def read(self, *urls: str) -> list[Fetched]:
        """What lies under ``urls``. Call it before anything is changed: the call is begun anew once they are read."""
        missing = tuple(url for url in urls if url not in self.exchange.fetched)
        if missing:
            raise _Wanted(missing)
        return [self.exchange.fetched[url] for url in urls]


Handler = Callable[[Visit[Any]], HttpResponse]


@dataclass(frozen=True)
class Route:
    """``path`` has its variable parts in braces: ``/conversations/{id}/messages``. Without a ``handler`` the vendor has the
    call and chatdrill does not emulate it."""

    method: str
    path: str
    name: str
    handler: Handler | None
    support: Support
    pattern: re.Pattern[str]


def route(method: str, path: str, handler: Handler | None, *, name: str = "", support: Support = "supported") -> Route:
    """A line of a desk's table. ``{rest*}`` at the end takes everything that follows."""
    parts = re.split(r"\{(\w+\*?)\}", path)
    regex = "".join(
        re.escape(part) if n % 2 == 0 else f"(?P<{part.rstrip('*')}>{'.+' if part.endswith('*') else '[^/]+'})"
        for n, part in enumerate(parts)
    )
    kind: Support = "refused" if handler is None else support
    return Route(method, path, name or f"{method} {path}", handler, kind, re.compile(regex + "/?"))


def find(routes: Sequence[Route], method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The first route that takes the request, and what its path's variable parts say; in ``path`` a slash inside a part is ``%2F``."""
    for candidate in routes:
        if candidate.method == method and (match := candidate.pattern.fullmatch(path)):
            return candidate, {name: value.replace(SLASH, "/") for name, value in match.groupdict().items()}
    return None


def answer(
    state: S,
    exchange: Exchange,
    routes: Sequence[Route],
    *,
    path: str,
    unknown: Callable[[HttpRequest], HttpResponse],
    refused: Callable[[str], HttpResponse],
    before: Callable[[Visit[S], Route | None], None],
    hidden: frozenset[str] = frozenset(),
) -> Handled:
    """Answer a request by ``routes``. ``path`` is what is left of ``HttpRequest.path_in_parts`` behind the vendor's
    prefix.

    ``unknown`` words the vendor's answer to a path that nobody has, ``refused`` that to a call which chatdrill does not
    emulate (it is told its name, and must be an error). ``before`` may raise ``Refused``: authentication and rates.
    ``hidden`` are arguments that no trace may show.
    """
    request = exchange.request
    found = find(routes, request.method, path)
    visit = Visit(state, exchange, read_arguments(request), {} if found is None else found[1])
    name = f"{request.method} {path}" if found is None else found[0].name
    support: Support = "unknown" if found is None else found[0].support
    error: str | None = None
    try:
        before(visit, None if found is None else found[0])
        if found is None:
            raise Refused(unknown(request), f"{request.method} {path}: no such call")
        if found[0].handler is None:
            raise Refused(refused(name), f"chatdrill does not emulate {name}")
        response = found[0].handler(visit)
    except _Wanted as wanted:
        return Handled(wait=Fetch(wanted.urls))
    except Refused as refusal:
        response, error = refusal.response, refusal.why
    ok = error is None and response.status < 400
    call = Call(name, visit.to, _shown(visit.arguments, hidden), ok, error, support, visit.note)
    return Handled(response, call, later=tuple(visit.later), events=tuple(visit.events))


def _shown(arguments: Arguments, hidden: frozenset[str]) -> dict[str, Any]:
    shown = {name: value for name, value in arguments.values.items() if name not in hidden}
    for name, file in arguments.files.items():
        shown[name] = {"filename": file.filename, "content_type": file.content_type, "size": len(file.content)}
    return shown
