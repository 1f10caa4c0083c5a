"""Calls about tags, on clients and on requests."""

from __future__ import annotations

from typing import Any

from chatdrill.wire import HttpResponse
from chatdrill_fakes.desks.chat2desk import hooks
from chatdrill_fakes.desks.chat2desk.answers import At, client_of, ids, page, refuse, success, text, wrong
from chatdrill_fakes.desks.chat2desk.state import Client, Dialog, Request

GROUP = {"id": 1, "name": "Default"}


def _all(visit: At) -> dict[str, dict[str, Any]]:
    labels = [label.strip() for label in visit.state.settings["tags"].split(",") if label.strip()]
    return {
        str(id): {"id": id, "group_id": GROUP["id"], "group_name": GROUP["name"], "label": label, "description": ""}
        for id, label in enumerate(labels, 1)
    }


def listed(visit: At) -> HttpResponse:
    """GET /tags."""
    return page(visit, list(_all(visit).values()))


def groups(visit: At) -> HttpResponse:
    """GET /tag_groups."""
    return page(visit, [GROUP])


def _request_of(visit: At, id: str) -> tuple[Dialog, Request]:
    for dialog in visit.state.tickets.values():
        for request in dialog.requests:
            if request.id == id:
                visit.to = dialog.address
                return dialog, request
    raise refuse(404, "Request not found")


def _bearer(visit: At, kind: str, id: str) -> tuple[Client, list[str], dict[str, Any]]:
    """Whose client it is, the tags, and the ids that a webhook tells."""
    if kind == "request":
        dialog, request = _request_of(visit, id)
        return dialog.client, request.tags, {"client_id": int(dialog.client.id), "request_id": int(request.id)}
    client = client_of(visit, id)
    return client, client.tags, {"client_id": int(client.id)}


def assign(visit: At) -> HttpResponse:
    """POST /tags/assign_to."""
    tag_ids, kind, known = ids(visit, "tag_ids"), text(visit, "assignee_type"), _all(visit)
    if kind not in ("client", "request"):
        raise wrong("assignee_type", "is not included in the list")
    for tag in tag_ids:
        if tag not in known:
            raise wrong("tag_ids", f"Tag {tag[:20]} not found")
    client, tags, told = _bearer(visit, kind, text(visit, "assignee_id") or "")
    for tag in tag_ids:
        if tag not in tags:
            tags.append(tag)
            hooks.tell(visit.state, f"add_tag_to_{kind}", {**told, "tag_id": int(tag)}, client, visit.at)
    return success({**told, "tag_ids": [int(tag) for tag in tags]})


def delete(visit: At) -> HttpResponse:
    """DELETE /tags/{id}/delete_from, a client or a request."""
    tag = visit.params["id"]
    kind = "request" if text(visit, "request_id") else "client"
    client, tags, told = _bearer(visit, kind, text(visit, f"{kind}_id") or "")
    if tag not in tags:
        raise refuse(404, "Tag not found")
    tags.remove(tag)
    hooks.tell(visit.state, f"delete_tag_from_{kind}", {**told, "tag_id": int(tag)}, client, visit.at)
    return success({**told, "tag_ids": [int(each) for each in tags]})
