"""What a call of Sunshine Conversations says: users, conversations, metadata, pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.zendesk import problems
from chatdrill_fakes.desks.zendesk.limits import METADATA_MAX_BYTES, PAGE_MAX, SUNCO_PAGE
from chatdrill_fakes.desks.zendesk.scene import Scene
from chatdrill_fakes.desks.zendesk.state import SuncoUser, Talk, ZendeskState, ZendeskTicket
from chatdrill_fakes.families.desks import Visit

Call = Visit[ZendeskState]
T = TypeVar("T")


def user(state: ZendeskState, key: object) -> SuncoUser | None:
    """A user by id or external id."""
    text = str(key)
    return state.users.get(text) or by_external_id(state, text)


def by_external_id(state: ZendeskState, external_id: object) -> SuncoUser | None:
    """A user by external id."""
    found = (each for each in state.users.values() if each.external_id == str(external_id))
    return next(found, None)


def the_user(visit: Call) -> SuncoUser:
    """The user that the path names; refused with 404."""
    found = user(visit.state, visit.params["user"])
    return found if found is not None else problems.fail(404, "user_not_found", "User not found")


def named_user(state: ZendeskState, given: dict[str, Any]) -> SuncoUser:
    """The user whom ``userId`` or ``userExternalId`` names; refused with 400 or 404."""
    if given.get("userId") is not None:
        found = state.users.get(str(given["userId"]))
    elif given.get("userExternalId") is not None:
        found = by_external_id(state, given["userExternalId"])
    else:
        problems.wrong("One of userId or userExternalId is required")
    return found if found is not None else problems.fail(404, "user_not_found", "User not found")


def conversation(visit: Call) -> tuple[ZendeskTicket, Talk]:
    """The conversation that the path names; refused with 404. Before its first transfer it is nobody's ticket."""
    ticket = visit.state.tickets.get(visit.params["cid"])
    if ticket is None or ticket.talk is None:
        problems.fail(404, "conversation_not_found", "Conversation not found")
    if ticket.record is not None:
        visit.to = ticket.address
    return ticket, ticket.talk


def scene(visit: Call, ticket: ZendeskTicket) -> Scene:
    """The caller does something with a conversation."""
    state = visit.state
    now = ticket.at(visit.exchange.now)
    return Scene(state, ticket, state.api_user, now, "sunshine_conversations_api", False, visit.events, visit.later)


def metadata(value: object) -> dict[str, Any]:
    """Flat and at most 4 KB; refused with 400."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        problems.wrong("metadata must be an object")
    if any(isinstance(each, dict | list) for each in value.values()):
        problems.wrong("metadata must be flat: strings, numbers and booleans only")
    if len(msgspec.json.encode(value)) > METADATA_MAX_BYTES:
        problems.wrong("metadata exceeds the maximum size of 4KB")
    return {key: each for key, each in value.items() if each is not None}


def text(value: object, name: str, longest: int) -> str | None:
    """A text of bounded length; refused with 400."""
    if value is None:
        return None
    if not isinstance(value, str) or not value or len(value) > longest:
        problems.wrong(f"{name} must be a string of 1 to {longest} characters")
    return value


def listed(
    visit: Call, name: str, items: Sequence[T], id_of: Callable[[T], str], shape: Callable[[T], Any]
) -> HttpResponse:
    """A page, forwards from ``page[after]`` or backwards from ``page[before]``."""
    size = _size(visit)
    places = {id_of(each): place for place, each in enumerate(items)}
    after, before = visit.values.get("page[after]"), visit.values.get("page[before]")
    if (after is not None and before is not None) or any(cursor not in (None, *places) for cursor in (after, before)):
        problems.wrong("Invalid page query parameters")
    end = places[str(before)] if before is not None else len(items)
    start = places[str(after)] + 1 if after is not None else max(0, end - size) if before is not None else 0
    stop = min(start + size, end)
    more = start > 0 if before is not None else stop < len(items)
    return json_response(
        {
            name: [shape(each) for each in items[start:stop]],
            **_meta(visit, [id_of(each) for each in items], start, stop, more),
        }
    )


def _size(visit: Call) -> int:
    given = visit.values.get("page[size]")
    if given is None:
        return SUNCO_PAGE
    if not str(given).isdecimal() or not 1 <= int(str(given)[:6]) <= PAGE_MAX:
        problems.wrong("Invalid page query parameters")
    return int(str(given))


def _meta(visit: Call, keys: list[str], start: int, stop: int, more: bool) -> dict[str, Any]:
    """``afterCursor`` and ``beforeCursor`` are there where something lies beyond."""
    meta: dict[str, Any] = {"hasMore": more}
    links: dict[str, Any] = {}
    size = {"page[size]": visit.values["page[size]"]} if "page[size]" in visit.values else {}
    if stop > start and stop < len(keys):
        meta["afterCursor"] = keys[stop - 1]
        links["next"] = visit.link({"page[after]": keys[stop - 1], **size})
    if stop > start > 0:
        meta["beforeCursor"] = keys[start]
        links["prev"] = visit.link({"page[before]": keys[start], **size})
    return {"meta": meta, **({"links": links} if links else {})}


def last_page(
    visit: Call, name: str, items: Sequence[T], id_of: Callable[[T], str], shape: Callable[[T], Any], size: int
) -> HttpResponse:
    """A page of messages: backwards, the newest page first."""
    places = {id_of(each): place for place, each in enumerate(items)}
    after, before = visit.values.get("page[after]"), visit.values.get("page[before]")
    if (after is not None and before is not None) or any(cursor not in (None, *places) for cursor in (after, before)):
        problems.wrong("Invalid page query parameters")
    if after is not None:
        start = places[str(after)] + 1
        stop = min(start + size, len(items))
        more = stop < len(items)
    else:
        stop = places[str(before)] if before is not None else len(items)
        start = max(0, stop - size)
        more = start > 0
    return json_response(
        {
            name: [shape(each) for each in items[start:stop]],
            **_meta(visit, [id_of(each) for each in items], start, stop, more),
        }
    )
