"""Calls about what Chat2Desk calls tickets: tasks beside the dialogs, which no operator of chatdrill works on."""

from __future__ import annotations

from typing import Any

from chatdrill.wire import HttpResponse
from chatdrill_fakes.desks.chat2desk import hooks, shapes
from chatdrill_fakes.desks.chat2desk.account import HELP
from chatdrill_fakes.desks.chat2desk.answers import At, client_of, page, refuse, success, text, wrong

_TEXTS = ("subject", "description", "priority", "external_id")
_NUMBERS = ("reporter_id", "assignee_id", "request_id")


def _read(visit: At) -> dict[str, Any]:
    found: dict[str, Any] = {name: text(visit, name) for name in _TEXTS if name in visit.values}
    for name in _NUMBERS:
        if name in visit.values:
            said = text(visit, name)
            found[name] = int(said) if said and said.isdecimal() and len(said) < 19 else None
    if (status := text(visit, "status")) is not None:
        if status not in HELP["tickets"]["statuses"]:
            raise wrong("status", "is not included in the list")
        found["status"] = status
    return found


def _one(visit: At) -> dict[str, Any]:
    document = visit.state.documents.get(visit.params["id"])
    if document is None:
        raise refuse(404, "Ticket not found")
    client_of(visit, str(document["client_id"]))
    return document


def _told(visit: At, event: str, document: dict[str, Any]) -> HttpResponse:
    client = visit.state.clients[str(document["client_id"])]
    hooks.tell(visit.state, event, {"ticket": document}, client, visit.at)
    return success(document)


def create(visit: At) -> HttpResponse:
    """POST /tickets."""
    client, fields = client_of(visit, text(visit, "client_id")), _read(visit)
    if not fields.get("subject"):
        raise wrong("subject", "can't be blank")
    id = visit.state.new_id("ticket")
    empty = dict.fromkeys((*_TEXTS, *_NUMBERS))
    document = {"id": int(id), "client_id": int(client.id), **empty, "status": "new", **fields}
    document["created_at"] = document["updated_at"] = shapes.moment(visit.at)
    visit.state.documents[id] = document
    return _told(visit, "new_ticket", document)


def change(visit: At) -> HttpResponse:
    """PUT /tickets/{id}."""
    document, fields = _one(visit), _read(visit)
    document.update(fields, updated_at=shapes.moment(visit.at))
    return _told(visit, "ticket_updated", document)


def delete(visit: At) -> HttpResponse:
    """DELETE /tickets/{id}."""
    document = _one(visit)
    del visit.state.documents[visit.params["id"]]
    return _told(visit, "ticket_deleted", document)


def show(visit: At) -> HttpResponse:
    """GET /tickets/{id}."""
    return success(_one(visit))


def listed(visit: At) -> HttpResponse:
    """GET /tickets."""
    client = text(visit, "client_id")
    return page(visit, [each for each in visit.state.documents.values() if client in (None, str(each["client_id"]))])
