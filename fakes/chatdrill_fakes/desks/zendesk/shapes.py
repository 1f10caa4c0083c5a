"""How things of Support look in answers, and in the ``detail`` of its webhooks."""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import quote

from chatdrill_fakes.desks.zendesk.ids import iso
from chatdrill_fakes.desks.zendesk.state import Attachment, Audit, Comment, Group, Person, Record, ZendeskState

STATUS_IDS = {"new": 1, "open": 2, "pending": 3, "hold": 4, "solved": 5, "closed": 5}
MESSAGING = "sunshine_conversations_api"
_REDACTED = "▇"


def api_url(base_url: str, path: str) -> str:
    """The address of something in the Ticketing API."""
    return f"{base_url.rstrip('/')}/api/v2/{path}"


def user(person: Person, base_url: str) -> dict[str, Any]:
    """A user."""
    return {
        "id": person.id,
        "url": api_url(base_url, f"users/{person.id}.json"),
        "name": person.name,
        "email": person.email,
        "created_at": iso(person.made_at),
        "updated_at": iso(person.changed_at),
        "time_zone": "UTC",
        "iana_time_zone": "Etc/UTC",
        "phone": person.phone,
        "shared_phone_number": None,
        "photo": None,
        "locale_id": 1,
        "locale": person.locale,
        "organization_id": None,
        "role": person.role,
        "verified": person.verified,
        "external_id": person.external_id,
        "tags": list(person.tags),
        "alias": "",
        "active": True,
        "shared": False,
        "shared_agent": False,
        "last_login_at": None,
        "two_factor_auth_enabled": None,
        "signature": None,
        "details": None,
        "notes": None,
        "role_type": None,
        "custom_role_id": None,
        "moderator": False,
        "ticket_restriction": None if person.is_staff else "requested",
        "only_private_comments": False,
        "restricted_agent": False,
        "suspended": False,
        "default_group_id": next(iter(person.group_ids), None),
        "report_csv": False,
        "user_fields": dict(person.user_fields),
    }


def group(each: Group, base_url: str) -> dict[str, Any]:
    """A group."""
    url = api_url(base_url, f"groups/{each.id}.json")
    return {"id": each.id, "url": url, "name": each.name, "description": "", "default": False, "deleted": False}


def ticket(record: Record, base_url: str) -> dict[str, Any]:
    """A ticket."""
    return {
        "url": api_url(base_url, f"tickets/{record.number}.json"),
        "id": record.number,
        "external_id": record.external_id,
        "via": via(record.channel),
        "created_at": iso(record.made_at),
        "updated_at": iso(record.changed_at),
        "generated_timestamp": int(record.changed_at),
        "type": record.type,
        "subject": record.subject,
        "raw_subject": record.subject,
        "description": record.description,
        "priority": record.priority,
        "status": record.status,
        "recipient": None,
        "requester_id": record.requester_id,
        "submitter_id": record.submitter_id,
        "assignee_id": record.assignee_id,
        "organization_id": record.organization_id,
        "group_id": record.group_id,
        "collaborator_ids": [],
        "follower_ids": [],
        "email_cc_ids": [],
        "forum_topic_id": None,
        "problem_id": None,
        "has_incidents": False,
        "is_public": any(comment.public for comment in record.comments) or not record.comments,
        "due_at": None,
        "tags": list(record.tags),
        "custom_fields": [{"id": id, "value": value} for id, value in record.custom_fields.items()],
        "satisfaction_rating": dict(record.rating),
        "sharing_agreement_ids": [],
        "custom_status_id": STATUS_IDS[record.status],
        "fields": [{"id": id, "value": value} for id, value in record.custom_fields.items()],
        "followup_ids": list(record.followup_ids),
        "ticket_form_id": record.form_id,
        "brand_id": record.brand_id,
        "allow_channelback": False,
        "allow_attachments": True,
        "from_messaging_channel": record.channel == MESSAGING,
    }


def via(channel: str) -> dict[str, Any]:
    """How something came in."""
    return {"channel": channel, "source": {"from": {}, "to": {}, "rel": None}}


def attachment(each: Attachment, base_url: str) -> dict[str, Any]:
    """A file."""
    name = "redacted.txt" if each.redacted else each.name
    link = f"{base_url.rstrip('/')}/attachments/token/{each.token}/?name={quote(name)}"
    return {
        "url": api_url(base_url, f"attachments/{each.id}.json"),
        "id": each.id,
        "file_name": name,
        "content_url": link,
        "mapped_content_url": link,
        "content_type": each.file.mime,
        "size": 1 if each.redacted else each.file.size_bytes,
        "width": each.file.width,
        "height": each.file.height,
        "inline": False,
        "deleted": False,
        "malware_access_override": False,
        "malware_scan_result": "malware_not_found",
        "thumbnails": [],
    }


def comment(each: Comment, base_url: str) -> dict[str, Any]:
    """A comment."""
    return {
        "id": each.id,
        "type": "Comment",
        "author_id": each.author_id,
        "body": each.body,
        "html_body": each.html,
        "plain_body": each.body,
        "public": each.public,
        "attachments": [attachment(file, base_url) for file in each.attachments],
        "audit_id": each.audit_id,
        "via": via(each.channel),
        "created_at": iso(each.at),
        "metadata": {"system": {}, "custom": dict(each.metadata)},
    }


def audit(each: Audit, number: int) -> dict[str, Any]:
    """One update in the change log."""
    return {
        "id": each.id,
        "ticket_id": number,
        "created_at": iso(each.at),
        "author_id": each.author_id,
        "metadata": {"system": {}, "custom": dict(each.metadata)},
        "events": each.events,
        "via": via(each.channel),
    }


def html_of(text: str) -> str:
    """A plain body as Support shows it."""
    paragraphs = "<br>".join(html.escape(line) for line in text.split("\n"))
    return f'<div class="zd-comment" dir="auto"><p dir="auto">{paragraphs}</p></div>'


def blacked(text: str) -> str:
    """What is left of a redacted text: a block for each character."""
    return _REDACTED * len(text)


def detail(record: Record, actor_id: int) -> dict[str, Any]:
    """A ticket in a webhook: ids are strings, words for kinds are upper case."""
    return {
        "actor_id": str(actor_id),
        "assignee_id": _text(record.assignee_id),
        "brand_id": str(record.brand_id),
        "created_at": iso(record.made_at),
        "custom_status": str(STATUS_IDS[record.status]),
        "description": record.description,
        "external_id": record.external_id,
        "form_id": str(record.form_id),
        "group_id": _text(record.group_id),
        "id": str(record.number),
        "is_public": any(comment.public for comment in record.comments) or not record.comments,
        "organization_id": _text(record.organization_id),
        "priority": (record.priority or "").upper() or None,
        "requester_id": str(record.requester_id),
        "status": record.status.upper(),
        "subject": record.subject,
        "submitter_id": str(record.submitter_id),
        "tags": list(record.tags) or None,
        "type": (record.type or "").upper() or None,
        "updated_at": iso(record.changed_at),
        "via": {"channel": "web_service" if record.channel == "api" else record.channel},
    }


def hooked_comment(state: ZendeskState, each: Comment) -> dict[str, Any]:
    """A comment in a webhook."""
    person = state.people[each.author_id]
    author = {"id": str(person.id), "is_staff": person.is_staff, "name": person.name}
    return {"id": str(each.id), "body": each.body, "is_public": each.public, "author": author}


def _text(id: int | None) -> str | None:
    return None if id is None else str(id)
