"""Tasks: reminders for users."""

from __future__ import annotations

from chatdrill.wire import HttpResponse
from chatdrill_fakes.desks.amocrm import hooks
from chatdrill_fakes.desks.amocrm.crm.reading import (
    check_all,
    check_user,
    choice,
    document,
    embedded,
    filters,
    has,
    kinds,
    link,
    objects,
    page,
    request_id,
    wanted,
)
from chatdrill_fakes.desks.amocrm.errors import Fault, hal, problem
from chatdrill_fakes.desks.amocrm.state import AmoState, Document
from chatdrill_fakes.families.desks import Visit

_SPEC = (
    ("text", "string", True),
    ("complete_till", "integer", True),
    ("entity_id", "integer", False),
    ("entity_type", "string", False),
    ("responsible_user_id", "integer", False),
    ("task_type_id", "integer", False),
    ("duration", "integer", False),
    ("is_completed", "boolean", False),
    ("result", "object", False),
)
_CHANGED = tuple((name, kind, False) for name, kind, _ in _SPEC)
_ENTITY_TYPES = {"contacts": 1, "leads": 2}
_TYPES = (1, 2)


def add(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /tasks``."""
    state, given = visit.state, objects(visit)
    check_all(given, lambda each, path: kinds(each, _SPEC, path) or _check(state, each, path))
    made = []
    for number, each in enumerate(given):
        task = _keep(visit, each)
        made.append(
            {
                "id": task["id"],
                "request_id": request_id(each, number),
                "_links": link(visit, f"tasks/{task['id']}"),
            }
        )
    return embedded(visit, "tasks", made)


def change(visit: Visit[AmoState]) -> HttpResponse:
    """``PATCH /tasks/{id}``."""
    task, given = _find(visit), document(visit)
    check_all([given], lambda each, path: kinds(each, _CHANGED, path) or _check(visit.state, each, path))
    task |= {name: value for name, value in given.items() if name in task and name != "id"}
    task["updated_at"], task["updated_by"] = int(visit.exchange.now), visit.state.bot_user
    _tell(visit, "update", task)
    return hal({"id": task["id"], "updated_at": task["updated_at"], "_links": link(visit, f"tasks/{task['id']}")})


def get(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /tasks/{id}``."""
    return hal(_shown(visit, _find(visit)))


def listed(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /tasks``."""
    asked = filters(visit)
    found = [
        _shown(visit, task)
        for task in visit.state.tasks.values()
        if all(
            not values or str(int(task[name]) if isinstance(task[name], bool) else task[name]) in values
            for name in ("id", "entity_id", "entity_type", "responsible_user_id", "is_completed")
            if (values := wanted(asked.get(name))) is not None
        )
    ]
    return page(visit, "tasks", found)


def _check(state: AmoState, given: Document, path: str) -> list[Fault]:
    faults = check_user(state, given, "responsible_user_id", path)
    if given.get("task_type_id") not in (None, *_TYPES):
        faults.append(choice(f"{path}task_type_id"))
    kind = given.get("entity_type")
    if kind is not None and kind not in _ENTITY_TYPES:
        faults.append(choice(f"{path}entity_type"))
    things = {"leads": state.leads, "contacts": state.contacts}.get(str(kind))
    if things is not None and not has(things, given.get("entity_id")):
        faults.append(choice(f"{path}entity_id"))
    return faults


def _keep(visit: Visit[AmoState], given: Document) -> Document:
    state, now = visit.state, int(visit.exchange.now)
    id = state.next_id()
    task = state.tasks[id] = {
        "id": id,
        "created_by": state.bot_user,
        "updated_by": state.bot_user,
        "created_at": now,
        "updated_at": now,
        "responsible_user_id": given.get("responsible_user_id") or state.bot_user,
        "group_id": 0,
        "entity_id": given.get("entity_id"),
        "entity_type": given.get("entity_type"),
        "duration": given.get("duration") or 0,
        "is_completed": bool(given.get("is_completed")),
        "task_type_id": given.get("task_type_id") or 1,
        "text": given["text"],
        "result": given.get("result") or [],
        "complete_till": given["complete_till"],
        "account_id": state.account_id,
    }
    _tell(visit, "add", task)
    return task


def _tell(visit: Visit[AmoState], action: str, task: Document) -> None:
    state = visit.state
    ticket = state.ticket_of_lead(task["entity_id"]) if task["entity_type"] == "leads" else None
    visit.to = None if ticket is None else ticket.address
    item = {
        "id": task["id"],
        "element_id": task["entity_id"],
        "element_type": _ENTITY_TYPES.get(str(task["entity_type"])),
        "task_type": task["task_type_id"],
        "date_create": task["created_at"],
        "text": task["text"],
        "status": task["is_completed"],
        "account_id": state.account_id,
        "created_user_id": task["created_by"],
        "last_modified": task["updated_at"],
        "responsible_user_id": task["responsible_user_id"],
        "complete_till": task["complete_till"],
    }
    hooks.tell_crm(state, f"{action}_task", {"task": {action: [item]}}, to=visit.to, now=visit.at)


def _find(visit: Visit[AmoState]) -> Document:
    text = visit.params["id"]
    task = visit.state.tasks.get(int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else None
    if task is None:
        raise problem(404, "Task not found")
    return task


def _shown(visit: Visit[AmoState], task: Document) -> Document:
    return {**task, "_links": link(visit, f"tasks/{task['id']}")}
