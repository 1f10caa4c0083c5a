"""JSON of Intercom's objects. Source: Intercom's OpenAPI description 2.14 (MIT), schemas and examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from chatdrill.model import File
from chatdrill.wire import Seat
from chatdrill_fakes.desks.intercom.state import Author, AwayMode, Contact, IntercomState, IntercomTicket, Part, Team

PARTS_MAX = 500
"""A conversation object has the 500 latest parts. Source: GET /conversations/{id}, 2.14."""

Json = dict[str, Any]

_CONTACT_NULLS = (
    "last_replied_at", "last_contacted_at", "last_email_opened_at", "last_email_clicked_at", "language_override",
    "browser", "browser_version", "browser_language", "os", "android_app_name", "android_app_version",
    "android_device", "android_os_version", "android_sdk_version", "android_last_seen_at", "ios_app_name",
    "ios_app_version", "ios_device", "ios_os_version", "ios_sdk_version", "ios_last_seen_at", "utm_campaign",
    "utm_content", "utm_medium", "utm_source", "utm_term", "referrer", "enabled_push_messaging",
)  # fmt: skip
_CONTACT_LISTS = {
    "tags": "tags",
    "notes": "notes",
    "companies": "companies",
    "opted_out_subscription_types": "subscriptions",
    "opted_in_subscription_types": "subscriptions",
}
_PLACE = ("country", "region", "city", "country_code", "continent_code")


def contact(state: IntercomState, who: Contact) -> Json:
    """A contact as the API gives it."""
    about = who.about
    return {
        "type": "contact",
        "id": who.id,
        "workspace_id": state.settings["app_id"],
        "external_id": who.external_id,
        "role": who.role,
        "email": who.email,
        "phone": who.phone,
        "name": who.name,
        "avatar": about.get("avatar"),
        "owner_id": about.get("owner_id"),
        "social_profiles": {"type": "list", "data": []},
        "has_hard_bounced": False,
        "marked_email_as_spam": False,
        "unsubscribed_from_emails": bool(about.get("unsubscribed_from_emails")),
        "created_at": int(who.made_at),
        "updated_at": int(who.changed_at),
        "signed_up_at": about.get("signed_up_at"),
        "last_seen_at": about.get("last_seen_at"),
        **dict.fromkeys(_CONTACT_NULLS),
        "location": {"type": "location", **dict.fromkeys(_PLACE)},
        "custom_attributes": who.custom_attributes,
        **{name: _nothing(f"/contacts/{who.id}/{path}") for name, path in _CONTACT_LISTS.items()},
    }


def _nothing(url: str) -> Json:
    return {"type": "list", "data": [], "url": url, "total_count": 0, "has_more": False}


def contact_reference(who: Contact) -> Json:
    """A contact as other objects name it."""
    return {"type": "contact", "id": who.id, "external_id": who.external_id}


def author(who: Author) -> Json:
    """The author of a part."""
    return {"id": who.id, "type": who.type, "name": who.name, "email": who.email}


def attachment(state: IntercomState, file: File, base_url: str) -> Json:
    """A file of a part, with the address where it can be read; a file that nobody could read keeps its own."""
    url = file.url or ""
    if file.sha256:
        url = f"{base_url or state.base_url}/downloads/{file.sha256}/{quote(file.name or 'file', safe='')}"
    return {
        "type": "upload",
        "name": file.name or "file",
        "url": url,
        "content_type": file.mime,
        "filesize": file.size_bytes,
        "width": file.width,
        "height": file.height,
    }


def part(state: IntercomState, one: Part, *, plain: bool = False, base_url: str = "") -> Json:
    """A part of a conversation."""
    return {
        "type": "conversation_part",
        "id": one.id,
        "part_type": one.kind,
        "body": _body(one, plain),
        "created_at": int(one.stated_at or one.at),
        "updated_at": int(one.changed_at or one.at),
        "notified_at": int(one.at),
        "assigned_to": None if one.assigned_to is None else {"type": one.assigned_to[0], "id": one.assigned_to[1]},
        "author": author(one.author),
        "attachments": [attachment(state, file, base_url) for file in one.files],
        "external_id": None,
        "redacted": one.redacted,
        "metadata": one.metadata,
        "email_message_metadata": None,
        "state": one.state,
        "tags": [],
        "event_details": None,
        "app_package_code": state.settings["app_package_code"] if one.by_api else None,
    }


def _body(one: Part, plain: bool) -> str | None:
    return one.text if plain and one.body is not None else one.body


def _source(state: IntercomState, ticket: IntercomTicket, plain: bool, base_url: str) -> Json:
    one = ticket.source
    return {
        "type": "conversation",
        "id": one.id,
        "delivered_as": "customer_initiated",
        "subject": "",
        "body": _body(one, plain),
        "author": {"type": one.author.type, "id": one.author.id, "name": one.author.name, "email": one.author.email},
        "attachments": [attachment(state, file, base_url) for file in one.files],
        "url": None,
        "redacted": one.redacted,
    }


def conversation(
    state: IntercomState,
    ticket: IntercomTicket,
    parts: Sequence[Part] | None = None,
    *,
    plain: bool = False,
    base_url: str = "",
) -> Json:
    """A conversation; ``parts`` are those to show, if not all."""
    shown = ticket.parts[-PARTS_MAX:] if parts is None else parts
    listed = {
        "type": "conversation_part.list",
        "conversation_parts": [part(state, one, plain=plain, base_url=base_url) for one in shown],
        "total_count": len(ticket.parts) if parts is None else len(shown),
    }
    return {**conversation_item(state, ticket, plain=plain, base_url=base_url), "conversation_parts": listed}


def conversation_item(state: IntercomState, ticket: IntercomTicket, *, plain: bool = False, base_url: str = "") -> Json:
    """A conversation without its parts, as in lists."""
    first = ticket.first_reply_at
    return {
        "type": "conversation",
        "id": ticket.address,
        "created_at": int(ticket.source.stated_at or ticket.made_at),
        "updated_at": int(ticket.changed_at),
        "waiting_since": ticket.waiting_since,
        "snoozed_until": ticket.snoozed_until,
        "source": _source(state, ticket, plain, base_url),
        "contacts": contacts(state, ticket),
        "first_contact_reply": first and {"created_at": first, "type": "conversation", "url": None},
        "admin_assignee_id": int(ticket.admin_id) if ticket.admin_id else None,
        "team_assignee_id": int(ticket.team_id) if ticket.team_id else None,
        "open": ticket.status != "closed",
        "state": ticket.status,
        "read": ticket.read,
        "tags": {"type": "tag.list", "tags": [applied_tag(state, ticket, id) for id in ticket.tags]},
        "priority": "not_priority",
        "sla_applied": None,
        "statistics": None,
        "conversation_rating": ticket.rating,
        "teammates": _teammates(ticket),
        "title": ticket.title,
        "custom_attributes": ticket.custom_attributes,
        "topics": {},
        "ticket": None if ticket.face is None else {"type": "ticket", "id": ticket.address},
        "linked_objects": _links(state, ticket),
        "ai_agent": None,
        "ai_agent_participated": False,
    }


def contacts(state: IntercomState, ticket: IntercomTicket) -> Json:
    """The contacts of a conversation."""
    found = [contact_reference(state.contacts[id]) for id in ticket.contacts if id in state.contacts]
    return {"type": "contact.list", "contacts": found}


def _teammates(ticket: IntercomTicket) -> Json | None:
    if ticket.admin_id is None:
        return None
    return {"type": "admin.list", "teammates": [{"type": "admin", "id": ticket.admin_id}]}


def _links(state: IntercomState, ticket: IntercomTicket) -> Json:
    found = [id for id in (ticket.face.linked if ticket.face else []) if state.conversation(id)]
    data = [{"type": "conversation", "id": id, "category": None} for id in found]
    return {"type": "list", "data": data, "total_count": len(data), "has_more": False}


def applied_tag(state: IntercomState, ticket: IntercomTicket, id: str) -> Json:
    """A tag as it hangs on a conversation."""
    at, by = ticket.tags[id]
    applied_by = {"type": by.type, "id": by.id}
    return {"type": "tag", "id": id, "name": state.tags.get(id, ""), "applied_at": at, "applied_by": applied_by}


def admin(state: IntercomState, key: str, seat: Seat) -> Json:
    """An agent."""
    away = state.away.get(key, AwayMode())
    who = state.admin(seat.id)
    assert who is not None
    return {
        "type": "admin",
        "id": seat.id,
        "name": who.name,
        "email": who.email,
        "away_mode_enabled": away.enabled,
        "away_mode_reassign": away.reassign,
        "has_inbox_seat": True,
        "away_status_reason_id": away.reason,
        "team_ids": [int(id) for id in team_ids(state, seat)],
    }


def bot_admin(state: IntercomState) -> Json:
    """The seat of the bot."""
    who = state.admin(state.bot_id)
    assert who is not None
    away = {"away_mode_enabled": False, "away_mode_reassign": False, "has_inbox_seat": True}
    named = {"type": "admin", "id": who.id, "name": who.name, "email": who.email}
    return {**named, **away, "away_status_reason_id": None, "team_ids": []}


def team_ids(state: IntercomState, seat: Seat) -> list[str]:
    """The teams of an agent; one without a team works in the bot's."""
    named = state.team_named(seat.agent.team or state.settings["team_id"])
    return [named.id] if named else []


def members(state: IntercomState, team: Team) -> list[str]:
    """The keys of a team's agents."""
    return [key for key, seat in state.seats.items() if team.id in team_ids(state, seat)]


def team(state: IntercomState, one: Team) -> Json:
    """A team."""
    ids = [int(state.seats[key].id) for key in members(state, one)]
    shown: Json = {"type": "team", "id": one.id, "name": one.name, "admin_ids": ids}
    if one.distribution != "manual":
        shown |= {"distribution_method": one.distribution}
    if one.distribution == "load_balanced":
        shown |= {"assignment_limit": one.limit}
    return {**shown, "admin_priority_level": {"primary_admin_ids": ids, "secondary_admin_ids": []}}
