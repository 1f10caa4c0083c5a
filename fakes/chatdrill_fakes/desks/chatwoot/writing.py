"""Messages that calls bring: built, checked, deleted, reported as delivered or failed.

Source: Chatwoot v4.15.1, app/builders/messages/message_builder.rb and messages/status_update_service.rb.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill.model import EntryChanged, EntryDelivered, EntryFailed
from chatdrill_fakes.desks.chatwoot import templates
from chatdrill_fakes.desks.chatwoot.files import attach
from chatdrill_fakes.desks.chatwoot.life import Work
from chatdrill_fakes.desks.chatwoot.limits import ATTACHMENTS_MAX, CONTENT_MAX, MESSAGES_PER_MIN
from chatdrill_fakes.desks.chatwoot.state import AgentBot, Author, Conversation, Message
from chatdrill_fakes.families.desks import Visit, uploaded_file

CONTENT_TYPES = (
    "text",
    "input_text",
    "input_textarea",
    "input_email",
    "input_select",
    "cards",
    "form",
    "article",
    "incoming_email",
    "input_csat",
    "integrations",
    "sticker",
    "voice_call",
)
STATUSES = ("sent", "delivered", "read", "failed")


class Invalid(Exception):
    """A record that the vendor would not save: what is wrong, and which attribute it is about (``base``: the whole)."""

    def __init__(self, problem: str, attribute: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.attribute = attribute


def check_flood(talk: Conversation, now: float) -> None:
    """Refuse the message after the 200th within a minute."""
    recent = 0
    for each in reversed(talk.messages):
        if now - each.at >= 60:
            break
        recent += 1
    if recent >= MESSAGES_PER_MIN:
        raise Invalid("Too many messages", "base")


def check_content(content: str | None) -> None:
    """Refuse a text that is too long."""
    if content is not None and len(content) > CONTENT_MAX:
        raise Invalid(f"Content is too long (maximum is {CONTENT_MAX} characters)", "content")


def write(work: Work, talk: Conversation, visit: Visit[Any], values: Mapping[str, Any], kind: str) -> Message:
    """Save the message of a call; raises ``Invalid`` for what cannot be saved."""
    content = values.get("content")
    text = None if content is None else content if isinstance(content, str) else str(content)
    uploads = [upload for upload in visit.arguments.files.values() if upload.name.partition("[")[0] == "attachments"]
    check_flood(talk, work.now)
    check_content(text)
    if len(uploads) > ATTACHMENTS_MAX:
        raise Invalid("Attachments exceeded maximum allowed", "attachments")
    message = Message(
        id=work.state.next_id("message"),
        content=text,
        message_type="incoming" if kind == "incoming" else "outgoing",
        at=work.now,
        sender=_sender(work, talk, values, kind),
        private=values.get("private") in (True, "true", "1"),
        content_type=str(values.get("content_type") or "text"),
        content_attributes=_attributes(values),
        source_id=_word(values.get("source_id")),
        echo_id=_word(values.get("echo_id")),
        attachments=attach(work.state, [uploaded_file(upload, work.state.blobs) for upload in uploads]),
    )
    return work.add(talk, message)


def _sender(work: Work, talk: Conversation, values: Mapping[str, Any], kind: str) -> Author:
    """The contact for what comes in; for what goes out the caller, or the bot that a user's call names."""
    if kind == "incoming":
        return talk.person
    named = values.get("sender_id")
    if values.get("sender_type") == "AgentBot" and isinstance(named, int | str):
        bot: AgentBot | None = work.state.bots.get(int(named)) if str(named).isdecimal() else None
        return bot or work.by
    return work.by


def _attributes(values: Mapping[str, Any]) -> dict[str, Any]:
    """``content_attributes``, which a multipart body has as JSON text, with the time that an import states."""
    given = values.get("content_attributes")
    if isinstance(given, str):
        try:
            given = msgspec.json.decode(given)
        except (msgspec.DecodeError, RecursionError):
            given = None
    found = dict(given) if isinstance(given, Mapping) else {}
    if values.get("external_created_at"):
        found["external_created_at"] = values["external_created_at"]
    return found


def _word(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) and value != "" else None


def delete(work: Work, talk: Conversation, message: Message) -> None:
    """Put the marker in the place of a message; its files go."""
    message.attachments = []
    work.rewrite(talk, message, content=templates.DELETED, content_type="text", content_attributes={"deleted": True})
    work.events.append(EntryChanged(ticket=talk.address, entry_id=str(message.id), deleted=True))


def report_status(work: Work, talk: Conversation, message: Message, status: str, error: str | None) -> bool:
    """Note what became of an agent's message; false for a status that it cannot have now. What was read stays read."""
    if status not in STATUSES or (message.status == "read" and status == "delivered"):
        return False
    attributes = {key: value for key, value in message.content_attributes.items() if key != "external_error"}
    if status == "failed":
        attributes["external_error"] = error
    if message.message_type != "incoming":
        work.events.append(_status_event(talk.address, str(message.id), status, error or ""))
    work.rewrite(talk, message, status=status, content_attributes=attributes)
    return True


def _status_event(ticket: str, entry_id: str, status: str, error: str) -> EntryFailed | EntryDelivered:
    if status == "failed":
        return EntryFailed(ticket=ticket, entry_id=entry_id, reason=error)
    return EntryDelivered(ticket=ticket, entry_id=entry_id, status=_DELIVERED[status])


_DELIVERED: dict[str, Any] = {"sent": "sent", "delivered": "delivered", "read": "read"}
