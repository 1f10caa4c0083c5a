"""What a call of the Ticketing API says: bodies, ids, pages, and the ticket it asks for, checked before anything changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.zendesk import gate, problems
from chatdrill_fakes.desks.zendesk.limits import PAGE_MAX
from chatdrill_fakes.desks.zendesk.scene import Scene
from chatdrill_fakes.desks.zendesk.state import STATES, Person, Record, Upload, ZendeskState, ZendeskTicket
from chatdrill_fakes.families.desks import Visit, plain_words

PRIORITIES = ("low", "normal", "high", "urgent")
TYPES = ("problem", "incident", "question", "task")
Call = Visit[ZendeskState]
T = TypeVar("T")


def body(visit: Call, name: str) -> dict[str, Any]:
    """The object ``{name: {...}}`` of a request; refused with 400 where it is missing."""
    value = visit.values.get(name)
    if not isinstance(value, dict):
        problems.bad_request("InvalidRequest", f"Parameter {name} is required")
    return value


def number(value: object) -> int | None:
    """An id, as a number or in digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = str(value) if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None


def many(visit: Call, name: str) -> list[str]:
    """Ids with commas between them; refused with 400 where they are too many."""
    found = [each.strip() for each in str(visit.values.get(name) or "").split(",") if each.strip()]
    if len(found) > PAGE_MAX:
        problems.bad_request("TooManyValues", f"{name} takes at most {PAGE_MAX} values")
    return found


def ticket(visit: Call, name: str = "id") -> tuple[ZendeskTicket, Record]:
    """The ticket that the path names; refused with 404."""
    found = visit.state.find(number(visit.params.get(name)) or 0)
    if found is None or found[1].is_deleted:
        problems.refuse(404, f"there is no ticket {visit.params.get(name)}")
    visit.to = found[0].address
    return found


def person(state: ZendeskState, value: object) -> Person | None:
    """A user by id."""
    return state.people.get(number(value) or 0)


def scene(visit: Call, of: ZendeskTicket, *, at: float | None = None) -> Scene:
    """The caller does something with a ticket."""
    visit.to = of.address
    now = visit.at if at is None else at
    return Scene(visit.state, of, gate.caller(visit), now, "api", False, visit.events, visit.later)


def listed(visit: Call, name: str, items: Sequence[T], shape: Callable[[T], Any]) -> HttpResponse:
    """A page of a list: by cursor where ``page[size]`` is given, else by number."""
    size = number(visit.values.get("page[size]"))
    if size is not None:
        if not 1 <= size <= PAGE_MAX:
            problems.bad_request("InvalidPaginationParameter", "page[size] must be between 1 and 100")
        return json_response(_cursor_page(visit, name, items, shape, size))
    size = min(max(number(visit.values.get("per_page")) or PAGE_MAX, 1), PAGE_MAX)
    page = max(number(visit.values.get("page")) or 1, 1)
    part = items[(page - 1) * size : page * size]
    shown = [shape(each) for each in part]
    after = visit.link({"page": page + 1, "per_page": size}) if page * size < len(items) else None
    before = visit.link({"page": page - 1, "per_page": size}) if page > 1 else None
    told = {name: shown, "next_page": after, "previous_page": before, "count": len(items)}
    return json_response(told)


def _cursor_page(visit: Call, name: str, items: Sequence[T], shape: Callable[[T], Any], size: int) -> dict[str, Any]:
    start = number(visit.values.get("page[after]")) or 0
    end = number(visit.values.get("page[before]"))
    if end is not None:
        start = max(0, end - size)
    stop = min(start + size, len(items))
    more = stop < len(items)
    links = {
        "next": visit.link({"page[after]": stop, "page[size]": size}) if more else None,
        "prev": visit.link({"page[before]": start, "page[size]": size}) if start else None,
    }
    meta = {"has_more": more, "after_cursor": str(stop), "before_cursor": str(start)}
    return {name: [shape(each) for each in items[start:stop]], "meta": meta, "links": links}


# --------------------------------------------------------------------------------------------- what a ticket says


@dataclass
class Words:
    """A comment that is asked for."""

    body: str
    html: str | None
    public: bool
    author: Person
    uploads: list[Upload] = field(default_factory=list)
    at: float | None = None


@dataclass
class Draft:
    """A ticket, or an update of one, that is asked for; what is ``None`` was not said (``assignment`` holds what was)."""

    simple: dict[str, Any] = field(default_factory=dict)
    status: str | None = None
    assignment: dict[str, int | None] = field(default_factory=dict)
    tags: list[str] | None = None
    custom: dict[int, Any] = field(default_factory=dict)
    words: Words | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


def draft(visit: Call, given: Mapping[str, Any], default_author: Person) -> Draft:
    """Read a ticket; refused with 422 where a value cannot be."""
    found = Draft(simple=_simple(given), custom=_custom(given))
    status = given.get("status")
    if status is not None and (not isinstance(status, str) or status not in STATES):
        problems.invalid("status", f"Status: {status} is not a valid status")
    found.status = status
    for name in ("assignee_id", "group_id"):
        if name in given:
            found.assignment[name] = _staff_or_group(visit.state, name, given[name])
    if isinstance(given.get("tags"), list | str):
        found.tags = tag_list(given["tags"])
    if isinstance(given.get("metadata"), dict):
        found.metadata = dict(given["metadata"])
    found.words = words(visit, given.get("comment"), default_author)
    return found


def _simple(given: Mapping[str, Any]) -> dict[str, Any]:
    for name, known in (("priority", PRIORITIES), ("type", TYPES)):
        if given.get(name) is not None and given[name] not in known:
            problems.invalid(name, f"{name.title()}: {given[name]} is not valid")
    names = ("subject", "priority", "type", "external_id")
    return {name: None if given[name] is None else str(given[name]) for name in names if name in given}


def _custom(given: Mapping[str, Any]) -> dict[int, Any]:
    rows = given.get("custom_fields") or given.get("fields") or []
    if isinstance(rows, dict):
        rows = [{"id": id, "value": value} for id, value in rows.items()]
    listed = rows if isinstance(rows, list) else []
    pairs = [(number(row.get("id")), row.get("value")) for row in listed if isinstance(row, dict)]
    return {id: value for id, value in pairs if id is not None}


def _staff_or_group(state: ZendeskState, name: str, value: object) -> int | None:
    if value is None:
        return None
    id = number(value) or 0
    if name == "group_id":
        return id if id in state.groups else problems.invalid("group", "Group: is invalid")
    found = state.people.get(id)
    return id if found is not None and found.is_staff else problems.invalid("assignee", "Assignee: is invalid")


def tag_list(value: Any) -> list[str]:
    """Tags from a list, or from words with blanks between."""
    rows = value.split() if isinstance(value, str) else value if isinstance(value, list) else []
    return [str(tag).strip().lower().replace(" ", "_") for tag in rows if str(tag).strip()]


def words(visit: Call, given: object, default: Person) -> Words | None:
    """A comment; refused with 422 if nobody is its author, it says nothing, or a file's token is not good."""
    if given is None:
        return None
    if not isinstance(given, dict):
        given = {"body": str(given)}
    html = given.get("html_body")
    text = given.get("body") if given.get("body") is not None else given.get("value")
    uploads = [_upload(visit, token) for token in _tokens(given.get("uploads"))]
    if not str(text or html or "").strip() and not uploads:
        problems.invalid("base", "Description: cannot be blank", "BlankValue")
    author = default
    if given.get("author_id") is not None:
        author = person(visit.state, given["author_id"]) or problems.invalid("author", "Author: is invalid")
    shown = None if html is None else str(html)
    return Words(str(text or "") or _plain(shown), shown, given.get("public") is not False, author, uploads)


def _plain(html: str | None) -> str:
    return plain_words(html or "")


def _tokens(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)] if value else []


def _upload(visit: Call, token: str) -> Upload:
    found = visit.state.uploads.get(token)
    if found is None or found.expires_at <= visit.at:
        problems.invalid("uploads", f"Attachment: token {token} is not valid or has expired")
    return found


def check_assignment(state: ZendeskState, found: Draft, record: Record | None) -> tuple[int | None, int | None]:
    """Assignee and group after an update: an agent belongs to the group, and a group alone has no assignee yet."""
    told = found.assignment
    assignee = told.get("assignee_id", record.assignee_id if record is not None else None)
    group = told.get("group_id", record.group_id if record is not None else None)
    if "group_id" in told and "assignee_id" not in told and (record is None or group != record.group_id):
        return None, group
    staff = state.people.get(assignee or 0)
    if staff is None or group in staff.group_ids or (staff.id == state.api_user_id):
        return assignee, group
    if "group_id" in told and group is not None:
        problems.invalid("assignee", "Assignee: is not a member of the group")
    return assignee, next(iter(staff.group_ids), group)


def check_status(found: Draft, assignee_id: int | None, before: str) -> None:
    """Nobody solves a ticket that nobody has."""
    status = found.status or before
    if found.status in ("solved", "closed") and status != before and assignee_id is None:
        problems.invalid("base", "Assignee: is required when solving a ticket", "BlankValue")
