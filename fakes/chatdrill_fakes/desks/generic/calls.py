"""The bot's calls: read as the file says, carried out, answered by its templates."""

from __future__ import annotations

import hmac
from functools import partial
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.model import Entry, EntryDelivered, EntryFailed, Rated
from chatdrill.wire import Exchange, Handled, HttpResponse, strings_in
from chatdrill_fakes.desks.generic.doing import Work, is_over, status_of
from chatdrill_fakes.desks.generic.errors import error
from chatdrill_fakes.desks.generic.hearing import Call, Reading, read, uploads_of
from chatdrill_fakes.desks.generic.naming import filled
from chatdrill_fakes.desks.generic.spec import Ask, Spec
from chatdrill_fakes.desks.generic.state import GenericState, GenericTicket, Person
from chatdrill_fakes.families.declared.filling import fill_text
from chatdrill_fakes.families.declared.refusing import one_line, respond
from chatdrill_fakes.families.declared.templates import Answer
from chatdrill_fakes.families.desks import Route, answer, fetched_file, route, uploaded_file

_FILES = "/_files/{key}"
_STATUSES: dict[str, Any] = {"sent": "sent", "delivered": "delivered", "read": "read", "failed": "failed"}


# ------------------------------------------------------------------------------------------------------ the table


def routes_of(spec: Spec) -> tuple[Route, ...]:
    """The calls that a file declares, and the files that they leave behind."""
    declared = [
        route(each.method, spec.base + each.path, partial(_carry_out, each), name=each.name) for each in spec.requests
    ]
    return (route("GET", _FILES, _serve, name="download a file"), *declared)


def handle(state: GenericState, exchange: Exchange) -> Handled:
    """Answer a call. Never raises."""
    return answer(
        state,
        exchange,
        state.routes,
        path=exchange.request.path,
        unknown=lambda request: error(state.spec, "unknown_path", f"{request.method} {request.path}").response,
        refused=lambda name: error(state.spec, "unknown_path", name).response,
        before=_before,
        hidden=frozenset({"token", "secret"}),
    )


def _before(visit: Call, found: Route | None) -> None:
    """The rate, then the token; files have their secret in the address."""
    state, spec = visit.state, visit.state.spec
    if state.requests is not None and state.requests.take(visit.exchange.now) > 0:
        raise error(spec, "too_fast", f"more than {spec.limits.requests_per_minute} requests in a minute")
    if spec.auth_header is None or (found is not None and found.path == _FILES):
        return
    wanted = fill_text(spec.auth_value, {"token": state.settings["token"]})
    given = visit.request.header(spec.auth_header) or ""
    if not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
        raise error(spec, "unauthorized", f"the header {spec.auth_header} is {'wrong' if given else 'missing'}")


def _serve(visit: Call) -> HttpResponse:
    file = visit.state.files.get(visit.params["key"])
    if file is None or file.sha256 not in visit.state.blobs:
        raise error(visit.state.spec, "unknown_path", visit.request.path)
    return HttpResponse(200, (("Content-Type", file.mime),), visit.state.blobs.get(file.sha256))


# ------------------------------------------------------------------------------------------------- carrying out


def _carry_out(ask: Ask, visit: Call) -> HttpResponse:
    reading, state = read(ask, visit), visit.state
    ticket = _ticket(reading, visit) if "ticket" in ask.read else None
    key = _key_of(ask, reading, ticket)
    if key is not None and key in state.repeated:
        visit.note = f"repeated: the same {ask.once}"
        return state.repeated[key]
    if ticket is not None:
        _check_over(ask, ticket, visit)
    _fetch(ask, reading, visit)
    work = Work(state, visit.at, called=True, events=visit.events)
    try:
        ticket, entry = _DEEDS[ask.does](ask, reading, work, ticket)
    except Unsupported as problem:
        raise error(state.spec, "bad_request", str(problem)) from problem
    visit.to = ticket.address if ticket is not None else None
    response = _answered(state, ask.answer, ticket, entry, visit.at)
    if key is not None:
        state.repeated[key] = response
    return response


def _key_of(ask: Ask, reading: Reading, ticket: GenericTicket | None) -> tuple[str, ...] | None:
    """What a repetition is known by: the request, the ticket, and the key or the id of the message."""
    value = reading.word(ask.once) if ask.once is not None else None
    return None if value is None else (ask.name, ticket.address if ticket is not None else "", value)


def _ticket(reading: Reading, visit: Call) -> GenericTicket:
    id = reading.word("ticket")
    ticket = visit.state.tickets.get(id) if id is not None else None
    if ticket is None:
        raise error(visit.state.spec, "unknown_ticket", f"no ticket {id}")
    visit.to = ticket.address
    return ticket


def _check_over(ask: Ask, ticket: GenericTicket, visit: Call) -> None:
    """Nobody writes in a ticket that is over, unless a customer's word opens it again."""
    spec = visit.state.spec
    if not is_over(ticket) or ask.does not in ("add", "ask", "close") or spec.after_close == "reopen":
        return
    raise error(spec, "closed_ticket", f"ticket {ticket.address} is {ticket.status}")


def _fetch(ask: Ask, reading: Reading, visit: Call) -> None:
    """Files of messages: by links that the desk reads, or uploaded."""
    urls = tuple(dict.fromkeys(url for each in reading.said for url in each.urls))
    read = dict(zip(urls, visit.read(*urls), strict=True))
    blobs = visit.state.blobs
    for each in reading.said:
        each.files = tuple(fetched_file(read[url], blobs, url=url) for url in each.urls)
    if reading.said:
        uploads = tuple(uploaded_file(upload, blobs) for upload in uploads_of(ask, visit))
        reading.said[0].files += uploads


def _answered(
    state: GenericState, declared: Answer, ticket: GenericTicket | None, entry: Entry | None, now: float
) -> HttpResponse:
    agent = ticket.assignee if ticket is not None else None
    known: dict[str, Any] = {"entry": entry, "agent": agent}
    headers = [
        (name, one_line(str(filled(state, value, ticket, now, **known)))) for name, value in declared.headers.items()
    ]
    return respond(declared.status, filled(state, declared.body, ticket, now, **known), headers)


# ---------------------------------------------------------------------------------------------------------- deeds

Done = tuple[GenericTicket | None, Entry | None]


def _person(reading: Reading, work: Work) -> tuple[Person | None, tuple[str, ...]]:
    named = [reading.values.get("contact"), reading.values.get("keys")]
    keys = tuple(dict.fromkeys(each for each in strings_in(named) if each))
    if not keys:
        return None, ()
    return work.person(reading.word("contact") or keys[0], keys, reading.word("name") or ""), keys


def _contact(ask: Ask, reading: Reading, work: Work, ticket: GenericTicket | None) -> Done:  # noqa: ARG001
    _person(reading, work)
    return ticket, None


def _open(ask: Ask, reading: Reading, work: Work, ticket: GenericTicket | None) -> Done:  # noqa: ARG001
    person, keys = _person(reading, work)
    fields = reading.values.get("fields")
    about = {
        "subject": reading.word("subject") or "",
        "locale": reading.word("locale"),
        "priority": reading.word("priority"),
        "team": reading.word("team"),
        "request_key": reading.word("request_key"),
        "fields": fields if isinstance(fields, dict) else {},
    }
    made = work.open(person, ask.status or work.state.spec.moves["open"], keys, about)
    return made, _say(reading, work, made)


def _say(reading: Reading, work: Work, ticket: GenericTicket) -> Entry | None:
    """Every message of a call; returns the last."""
    entry: Entry | None = None
    for said in reading.said:
        entry = Entry(
            id=work.state.new_id("message")[1],
            author=said.author,
            at=work.now,
            text=said.text,
            public=said.public,
            files=said.files,
            origin_id=said.origin,
            origin_at=said.origin_at,
            reply_to=said.reply_to,
            said_by=said.said_by,
        )
        work.add(ticket, entry)
    return entry


def _add(ask: Ask, reading: Reading, work: Work, ticket: GenericTicket | None) -> Done:
    assert ticket is not None
    if is_over(ticket) and any(each.author == "customer" for each in reading.said):
        work.reopen(ticket)
    if ask.status is not None:
        work.set_status(ticket, ask.status)
    return ticket, _say(reading, work, ticket)


def _ask(ask: Ask, reading: Reading, work: Work, ticket: GenericTicket | None) -> Done:  # noqa: ARG001
    assert ticket is not None
    status_of(work.state, "ask")
    entry = _say(reading, work, ticket)
    work.ask(ticket)
    return ticket, entry


def _close(ask: Ask, reading: Reading, work: Work, ticket: GenericTicket | None) -> Done:  # noqa: ARG001
    assert ticket is not None
    if not is_over(ticket):
        work.close(ticket)
    return ticket, None


def _reopen(ask: Ask, reading: Reading, work: Work, ticket: GenericTicket | None) -> Done:  # noqa: ARG001
    assert ticket is not None
    if is_over(ticket):
        work.reopen(ticket)
    return ticket, None


def _delivery(ask: Ask, reading: Reading, work: Work, ticket: GenericTicket | None) -> Done:
    """What became of an agent's message."""
    assert ticket is not None
    id, written = reading.word("message"), reading.word("word") or ""
    entry, status = ticket.entry(id), ask.words.get(written, written)
    spec = work.state.spec
    if entry is None:
        raise error(spec, "unknown_message", f"no message {id} in ticket {ticket.address}")
    if status not in _STATUSES:
        raise error(spec, "bad_request", f"nothing is called {written!r}")
    if status == "failed":
        reason = reading.word("reason") or ""
        work.events.append(EntryFailed(ticket=ticket.address, entry_id=entry.id, reason=reason))
    else:
        origin = reading.word("origin")
        told = EntryDelivered(ticket=ticket.address, entry_id=entry.id, status=_STATUSES[status], origin_id=origin)
        work.events.append(told)
    return ticket, entry


def _rate(ask: Ask, reading: Reading, work: Work, ticket: GenericTicket | None) -> Done:  # noqa: ARG001
    assert ticket is not None
    score, word = reading.values.get("score"), reading.word("score") or ""
    if isinstance(score, bool) or not isinstance(score, int | float) or not 1 <= score <= 5:
        raise error(work.state.spec, "bad_request", f"{word or 'nothing'} is no rating from 1 to 5")
    comment, agent = reading.word("comment") or "", _last_agent(ticket, work)
    work.events.append(Rated(ticket=ticket.address, score=score, word=word, agent=agent, comment=comment))
    return ticket, None


def _last_agent(ticket: GenericTicket, work: Work) -> str | None:
    """Whom a rating is about: who has the ticket, or who wrote last."""
    names = {seat.agent.name: key for key, seat in work.state.seats.items()}
    wrote = [entry.said_by for entry in reversed(ticket.entries) if entry.author == "agent"]
    return ticket.assignee or next((names[name] for name in wrote if name in names), None)


def _nothing(ask: Ask, reading: Reading, work: Work, ticket: GenericTicket | None) -> Done:  # noqa: ARG001
    return ticket, None


_DEEDS = {
    "open": _open,
    "add": _add,
    "ask": _ask,
    "close": _close,
    "reopen": _reopen,
    "delivery": _delivery,
    "contact": _contact,
    "rate": _rate,
    "typing": _nothing,
    "show": _nothing,
}
