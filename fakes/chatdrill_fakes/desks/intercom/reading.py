"""What handlers read from a call: the conversation, the admin, the contact, the files it is about."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from chatdrill.model import File
from chatdrill.wire.files import describe
from chatdrill_fakes.desks.intercom import bodies
from chatdrill_fakes.desks.intercom.doing import Said, Scene
from chatdrill_fakes.desks.intercom.errors import invalid, not_found, refuse
from chatdrill_fakes.desks.intercom.state import Author, Contact, IntercomState, IntercomTicket
from chatdrill_fakes.families.desks import Visit, fetched_file

ATTACHMENTS_MAX = 10
"""Files of one message, by link and by content each. Source: attachment_urls, attachment_files, 2.14."""

Call = Visit[IntercomState]


def text_of(value: Any) -> str:
    """A value as text; what is neither text nor number is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def moment(visit: Call, name: str) -> float | None:
    """A Unix time of the call; raises 400 for what is none."""
    value = visit.values.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise invalid(visit.state, f"{name} must be a valid Unix timestamp")
    try:
        return float(int(value))
    except (ValueError, OverflowError):
        raise invalid(visit.state, f"{name} must be a valid Unix timestamp") from None


def mapping(visit: Call, name: str) -> dict[str, Any]:
    """An object of the call; raises 400 for what is none."""
    value = visit.values.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid(visit.state, f"{name} must be an object")
    return value


def conversation(visit: Call, id: object = None) -> IntercomTicket:
    """The conversation of the path (or ``id``); raises 404. The visit is about it from now on."""
    found = visit.state.conversation(visit.params.get("id", "") if id is None else id)
    if found is None:
        raise not_found(visit.state)
    visit.to = found.address
    return found


def ticket(visit: Call) -> IntercomTicket:
    """The ticket of the path; raises 404."""
    found = visit.state.conversation(visit.params["id"])
    if found is None or found.face is None:
        raise refuse(visit.state, 404, "ticket_not_found", "Ticket not found")
    visit.to = found.address
    return found


def admin(visit: Call, name: str = "admin_id") -> Author:
    """The admin that a call names; raises 404."""
    found = visit.state.admin(text_of(visit.values.get(name)))
    if found is None:
        raise refuse(visit.state, 404, "admin_not_found", "Admin for admin_id not found")
    return found


def contact_named(state: IntercomState, names: Mapping[str, Any]) -> Contact | None:
    """A contact by ``intercom_user_id``, ``user_id`` (its external id) or ``email``, in this order."""
    if wanted := text_of(names.get("intercom_user_id")):
        return state.contact(wanted)
    for name, field in (("user_id", "external_id"), ("email", "email")):
        if wanted := text_of(names.get(name)):
            live = (one for one in state.contacts.values() if not one.archived)
            return next((one for one in live if getattr(one, field) == wanted), None)
    return None


def scene(visit: Call, about: IntercomTicket, by: Author) -> Scene:
    """A deed of this call."""
    return Scene(visit.state, about, about.at(visit.exchange.now), by, True, visit.events)


def said(visit: Call, *, markup: bool, needs_words: bool = True) -> Said:
    """What a call says. Raises 400 for neither words nor files; asks for the links to be read."""
    body = text_of(visit.values.get("body"))
    files = (*_linked(visit), *_enclosed(visit))
    if needs_words and not body.strip() and not files:
        raise invalid(visit.state, "Body is required")
    if not body.strip():
        return Said(files=files, stated_at=moment(visit, "created_at"))
    html, text = bodies.from_markup(body) if markup else bodies.from_words(body)
    return Said(html, text, files, moment(visit, "created_at"))


def _linked(visit: Call) -> tuple[File, ...]:
    urls = _list(visit, "attachment_urls")
    if not all(isinstance(url, str) and url.startswith(("http://", "https://")) for url in urls):
        raise invalid(visit.state, "attachment_urls must be valid URLs")
    blobs = visit.state.blobs
    return tuple(fetched_file(got, blobs, url=url) for url, got in zip(urls, visit.read(*urls), strict=True))


def _enclosed(visit: Call) -> tuple[File, ...]:
    return tuple(_decoded(visit, file) for file in _list(visit, "attachment_files"))


def _decoded(visit: Call, file: Any) -> File:
    if not isinstance(file, dict) or not isinstance(file.get("data"), str):
        raise invalid(visit.state, "attachment_files must have data, name and content_type")
    try:
        content = base64.b64decode(file["data"], validate=True)
    except (binascii.Error, ValueError):
        raise invalid(visit.state, "attachment_files data must be base64 encoded") from None
    name, mime = text_of(file.get("name")) or None, text_of(file.get("content_type")) or None
    return describe(content, visit.state.blobs, name=name, mime=mime)


def _list(visit: Call, name: str) -> list[Any]:
    value = visit.values.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise invalid(visit.state, f"{name} must be a list")
    if len(value) > ATTACHMENTS_MAX:
        raise invalid(visit.state, f"{name} exceeds the maximum of {ATTACHMENTS_MAX}")
    return value
