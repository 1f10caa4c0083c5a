"""What a REST method is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chatdrill.model import DeskEvent
from chatdrill.wire import HttpResponse, Later, json_response
from chatdrill_fakes.desks.bitrix24 import values
from chatdrill_fakes.desks.bitrix24.state import Bitrix24State, Dialog
from chatdrill_fakes.families.desks import Refused, Visit

PAGE = 50  # REST documentation, lists: the size of a page is always 50


class Failure(Refused):
    """An error in the portal's words; inside a batch only ``code`` and ``description`` are told."""

    def __init__(self, code: str, description: str = "", status: int = 400) -> None:
        body = {"error": code, "error_description": description}
        super().__init__(json_response(body, status=status), f"{code} {description}".strip())
        self.code, self.description, self.status = code, description, status


@dataclass
class Scene:
    """Something happens in the portal: ``at`` is drill time, ``user`` who does it (nobody, if the portal itself)."""

    state: Bitrix24State
    at: float
    events: list[DeskEvent] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)
    user: str | None = None


@dataclass(frozen=True)
class Caller:
    """Who calls: a user's id, in an application's name or by an incoming webhook."""

    user: str
    is_app: bool


@dataclass
class Job:
    """One method while it is answered; a batch has several in one ``visit``. ``args`` have upper-case names."""

    visit: Visit[Bitrix24State]
    caller: Caller
    args: Mapping[str, Any]

    @property
    def state(self) -> Bitrix24State:
        """The portal."""
        return self.visit.state

    @property
    def now(self) -> float:
        """The clock's drill time."""
        return self.visit.exchange.now

    def get(self, name: str) -> Any:
        """An argument, whatever its case."""
        return self.args.get(name.upper())

    def number(self, name: str) -> int:
        """An argument as a whole number; 0 if there is none."""
        return values.number(self.get(name))

    def text(self, name: str) -> str:
        """An argument as text."""
        return values.text(self.get(name))

    def table(self, name: str) -> dict[str, Any]:
        """An argument that is an object."""
        return values.table(self.get(name))

    def scene(self, dialog: Dialog | None = None) -> Scene:
        """What happens by this call, in the time of ``dialog``."""
        if dialog is not None:
            self.visit.to = dialog.address
        at = self.now if dialog is None else dialog.at(self.now)
        return Scene(self.state, at, self.visit.events, self.visit.later, self.caller.user)


@dataclass(frozen=True)
class Page:
    """A list that is shown by pages of 50."""

    result: Any
    total: int
    next: int | None = None


Run = Callable[[Job], Any]
Addresses = Callable[[Mapping[str, Any]], tuple[str, ...]]


@dataclass(frozen=True)
class Method:
    """A line of the table of methods. ``app_only``: incoming webhooks are refused. ``urls`` says what must be read first."""

    run: Run
    scope: str = ""
    app_only: bool = False
    urls: Addresses | None = None


def page(items: list[Any], start: int) -> Page:
    """Fifty of the items from ``start``; ``-1`` counts nothing."""
    first = max(start, 0)
    following = first + PAGE
    return Page(items[first:following], len(items), following if following < len(items) else None)


def timing(now: float) -> dict[str, Any]:
    """The block ``time`` of an answer; a method is said to take 50 ms."""
    return {
        "start": now,
        "finish": now + 0.05,
        "duration": 0.05,
        "processing": 0.02,
        "date_start": values.iso(now),
        "date_finish": values.iso(now + 0.05),
        "operating_reset_at": int(now) + 600,
        "operating": 0.02,
    }


def success(result: Any, now: float) -> HttpResponse:
    """An answer with what a method gave."""
    body: dict[str, Any] = {"result": result.result if isinstance(result, Page) else result}
    if isinstance(result, Page):
        body |= {"next": result.next} if result.next is not None else {}
        body["total"] = result.total
    try:
        return json_response({**body, "time": timing(now)})
    except (msgspec.EncodeError, OverflowError, TypeError, ValueError):
        return Failure("INTERNAL_SERVER_ERROR", "Internal server error", 500).response
