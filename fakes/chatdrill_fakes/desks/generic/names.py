"""The names that templates may use."""

from __future__ import annotations

NAMES = (
    "ticket",
    "ticket_number",
    "contact",
    "contact_name",
    "status",
    "previous_status",
    "message",
    "text",
    "author",
    "public",
    "files",
    "origin",
    "reply_to",
    "agent",
    "agent_id",
    "agent_name",
    "agent_email",
    "team",
    "entries",
    "subject",
    "event",
    "id",
    "at",
    "now",
    "now_ms",
    "now_iso",
)
"""In answers and hooks. ``id`` is the delivery's; ``message`` and what belongs to it are those of the last message it is
about; ``now`` is whole Unix seconds."""

ENTRY_NAMES = ("message", "author", "text", "public", "files", "at", "origin", "said_by")
