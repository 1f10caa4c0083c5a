"""What the names in templates stand for, at one moment of one ticket."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Entry, File
from chatdrill_fakes.desks.generic.state import GenericState, GenericTicket
from chatdrill_fakes.families.declared.filling import fill, names_in
from chatdrill_fakes.families.declared.values import times

_NOBODY: dict[str, Any] = {"agent": None, "agent_id": None, "agent_name": None, "agent_email": None}
_NO_MESSAGE: dict[str, Any] = {
    "message": None,
    "text": None,
    "author": None,
    "public": None,
    "files": [],
    "origin": None,
    "reply_to": None,
    "at": None,
}


def filled(
    state: GenericState,
    template: Any,
    ticket: GenericTicket | None,
    now: float,
    *,
    entry: Entry | None = None,
    agent: str | None = None,
    **more: Any,
) -> Any:
    """A template with everything in its place that is known of a ticket, a message, an agent."""
    names = {
        **times(now),
        **_ticket(ticket),
        **_agent(state, agent),
        **(_NO_MESSAGE if entry is None else _entry(state, entry)),
        "event": None,
        "id": None,
        "previous_status": None,
        **more,
    }
    if "entries" in set(names_in(template)):
        entries = ticket.entries if ticket is not None else []
        names["entries"] = [fill(state.spec.entry_shape, _entry(state, each)) for each in entries]
    return fill(template, names)


def _ticket(ticket: GenericTicket | None) -> dict[str, Any]:
    person = ticket.person if ticket is not None else None
    return {
        "ticket": ticket.address if ticket is not None else None,
        "ticket_number": ticket.number if ticket is not None else None,
        "status": ticket.status if ticket is not None else None,
        "team": ticket.team if ticket is not None else None,
        "subject": ticket.subject if ticket is not None else None,
        "contact": person.id if person is not None else None,
        "contact_name": person.name if person is not None else None,
    }


def _agent(state: GenericState, key: str | None) -> dict[str, Any]:
    seat = state.seats.get(key) if key is not None else None
    if seat is None:
        return _NOBODY
    agent = seat.agent
    return {"agent": agent.key, "agent_id": seat.id, "agent_name": agent.name, "agent_email": agent.email}


def _entry(state: GenericState, entry: Entry) -> dict[str, Any]:
    return {
        "message": entry.id,
        "text": entry.text,
        "author": entry.author,
        "public": entry.public,
        "files": [_file(state, file) for file in entry.files],
        "origin": entry.origin_id,
        "reply_to": entry.reply_to,
        "said_by": entry.said_by,
        "at": int(entry.at),
    }


def _file(state: GenericState, file: File) -> Any:
    kind = file.mime.partition("/")[0]
    names = {
        "file_url": state.serve(file),
        "file_name": file.name,
        "file_mime": file.mime,
        "file_size": file.size_bytes,
        "file_sha256": file.sha256,
        "file_kind": kind if kind in ("image", "audio", "video") else "file",
    }
    return fill(state.spec.file_shape, names)
