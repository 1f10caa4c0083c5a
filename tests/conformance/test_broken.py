"""Every law can fail: for each there is a desk that breaks it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import pytest

from chatdrill.conformance import LAWS, House, check_desk
from chatdrill.model import Accept, Close, EntryAdded, Note, Reply, Text, TicketClosed, TicketOpened
from chatdrill.run.registry import load_desk
from chatdrill.wire import Exchange, Handled, HttpRequest, HttpResponse
from chatdrill_fakes.desks.generic.rehearsal import Rehearsal

replace = msgspec.structs.replace


class Spoiled:
    """The declared desk with some of its members replaced; each gets the true desk first."""

    def __init__(self, **members: Any) -> None:
        self._true, self._members = load_desk("generic"), members

    def __getattr__(self, name: str) -> Any:
        own = self._members.get(name)
        if own is None:
            return getattr(self._true, name)
        return (lambda *given, **named: own(self._true, *given, **named)) if callable(own) else own


class Credulous(Rehearsal):
    """A bot that believes every webhook."""

    def read_hook(self, request: HttpRequest) -> Sequence[Any]:
        try:
            return super().read_hook(request)
        except ValueError:
            return ()


Edit = Callable[[Any], Any]


def events(edit: Callable[[list[Any]], list[Any]]) -> Callable[..., Handled]:
    """Other things become true by a call."""

    def handle(true: Any, state: Any, exchange: Exchange) -> Handled:
        handled = true.handle(state, exchange)
        return replace(handled, events=tuple(edit(list(handled.events))))

    return handle


def entries(**changes: Any) -> Callable[..., Handled]:
    """Entries of the bot's have other values; a function gets the old one."""

    def one(event: Any) -> Any:
        if not isinstance(event, EntryAdded):
            return event
        new = {k: v(getattr(event.entry, k)) if callable(v) else v for k, v in changes.items()}
        return replace(event, entry=replace(event.entry, **new))

    return events(lambda found: [one(event) for event in found])


def answers(edit: Callable[[HttpResponse], HttpResponse]) -> Callable[..., Handled]:
    """Calls are answered otherwise."""

    def handle(true: Any, state: Any, exchange: Exchange) -> Handled:
        handled = true.handle(state, exchange)
        return handled if handled.response is None else replace(handled, response=edit(handled.response))

    return handle


def acts(kind: type, edit: Callable[..., Any]) -> Callable[..., Any]:
    """One act of an agent has another effect."""

    def act(true: Any, state: Any, ticket: str, given: Any, now: float) -> Any:
        if not isinstance(given, kind):
            return true.act(state, ticket, given, now)
        return edit(true, state, ticket, given, now)

    return act


def twice(true: Any, *given: Any) -> Any:
    return [*true.act(*given), *true.act(*given)]


def as_reply(true: Any, state: Any, ticket: str, note: Note, now: float) -> Any:
    return true.act(state, ticket, Reply(agent=note.agent, parts=(Text(text=note.text),)), now)


def in_capitals(true: Any, state: Any, ticket: str, reply: Reply, now: float) -> Any:
    return true.act(state, ticket, replace(reply, parts=(Text(text=reply.parts[0].text.upper()),)), now)


def without(kind: type) -> Callable[..., Any]:
    return lambda true, *given: [event for event in true.act(*given) if not isinstance(event, kind)]


def growing(true: Any, state: Any, updates: Any, now: float, count: Any = itertools.count()) -> HttpRequest:  # noqa: B008
    made = true.request(state, updates, now)
    return HttpRequest(made.method, made.url, made.headers, made.body + b" " * next(count))


def unforged(_true: Any, _state: Any, request: HttpRequest, _how: str, _now: float) -> HttpRequest:
    return request


def intolerant(true: Any, state: Any, exchange: Exchange) -> Handled:
    if len(exchange.request.body) > 1_000_000:
        raise MemoryError("too much")
    return true.handle(state, exchange)


def telling(true: Any, state: Any, exchange: Exchange) -> Handled:
    handled = true.handle(state, exchange)
    call = handled.call and replace(handled.call, arguments={"token": state.settings["token"]})
    return replace(handled, call=call)


def early(true: Any, state: Any, exchange: Exchange) -> Handled:
    return true.handle(state, replace(exchange, now=0.0))


def moody(_true: Any, *_given: Any) -> Any:
    raise KeyError("what was it again")


def rehired(true: Any, state: Any, agent: Any) -> None:
    true.hire(state, agent)
    state.seats[agent.key].id += "0"


def somebodys(true: Any, state: Any, ticket: str) -> str:
    return true.owner(state, ticket) if ticket in state.tickets else "agent"


def numbered(found: list[Any], count: Any = itertools.count()) -> list[Any]:  # noqa: B008
    return [replace(event, contact=f"c{next(count)}") if isinstance(event, TicketOpened) else event for event in found]


def in_peace(response: HttpResponse) -> HttpResponse:
    return replace(response, status=200) if response.status >= 400 else response


TRUE = load_desk("generic")
ABLE = TRUE.capabilities


def capable(acts: frozenset[str]) -> Any:
    from dataclasses import replace as anew

    return anew(ABLE, acts=acts)


BROKEN: Mapping[str, Spoiled] = {
    "one_ticket": Spoiled(
        handle=events(lambda f: [e for event in f for e in [event] * (1 + isinstance(event, TicketOpened))])
    ),
    "queue_owns": Spoiled(owner=lambda _true, _state, _ticket: "bot"),
    "history_arrives": Spoiled(handle=entries(author=lambda a: {"bot": "customer"}.get(a, a))),
    "accepting_owns": Spoiled(act=acts(Accept, lambda *_: [])),
    "reply_told": Spoiled(act=acts(Reply, twice)),
    "note_stays": Spoiled(act=acts(Note, as_reply)),
    "closing_returns": Spoiled(act=acts(Close, without(TicketClosed))),
    "burst_arrives": Spoiled(handle=events(lambda found: found * 2)),
    "any_text_survives": Spoiled(handle=entries(text=lambda text: text.replace("&", "&amp;"))),
    "any_reply_survives": Spoiled(act=acts(Reply, in_capitals)),
    "file_arrives": Spoiled(handle=entries(files=())),
    "one_contact": Spoiled(handle=events(numbered)),
    "redelivery_is_identical": Spoiled(request=growing),
    "forgery_is_refused": Spoiled(forge=unforged),
    "stale_is_declared": Spoiled(forge=unforged),
    "wrong_token": Spoiled(handle=answers(in_peace)),
    "malformed_json": Spoiled(handle=answers(in_peace)),
    "odd_sizes": Spoiled(handle=intolerant),
    "unknown_ticket": Spoiled(owner=somebodys),
    "time_is_given": Spoiled(handle=early),
    "secrets_stay": Spoiled(handle=telling),
    "failures_are_calm": Spoiled(dropped=moody),
    "acts_are_declared": Spoiled(capabilities=capable(ABLE.acts - {"note"})),
    "acts_are_known": Spoiled(capabilities=capable(ABLE.acts | {"rate"})),
    "settings_are_told": Spoiled(settings=TRUE.settings * 2),
    "coverage_is_told": Spoiled(coverage=TRUE.coverage * 2),
    "limits_have_sources": Spoiled(limits=(*TRUE.limits, type(TRUE.limits[0])("a number", 1, "", ""))),
    "hiring_is_idempotent": Spoiled(hire=rehired),
}


@pytest.mark.parametrize("law", [law for law in LAWS if law.name != "tampering_is_seen"], ids=lambda law: law.name)
def test_a_desk_that_breaks_the_law_is_told(law: Any) -> None:
    [result] = check_desk(BROKEN[law.name], Rehearsal, laws=[law]).results
    assert result.verdict == "broken" and result.detail


def test_a_bot_that_checks_no_signature_is_told() -> None:
    [law] = [law for law in LAWS if law.name == "tampering_is_seen"]
    [result] = check_desk(TRUE, Credulous, laws=[law]).results
    assert result.verdict == "broken"


def test_a_report_says_which_laws_are_broken() -> None:
    report = check_desk(BROKEN["queue_owns"], Rehearsal)
    assert "queue_owns" in {result.law.name for result in report.broken}
    assert "broken         After a handover the queue owns the conversation. the owner is bot" in str(report)


def test_each_law_has_an_account_of_its_own() -> None:
    house = House(TRUE, Rehearsal)
    assert house.hand_over() in house.state.tickets
    assert not house.anew().state.tickets
