"""Instagram among the products that share the Graph API's messaging, by the two ways to log in."""

from __future__ import annotations

from dataclasses import replace

from chatdrill_fakes.families.graph.limits import HUMAN_AGENT_S
from chatdrill_fakes.families.graph.product import Product

from . import errors
from .ids import INBOX_APP
from .limits import FIELDS, PAGE_FIELDS, SILENT_FIELDS

_ACCEPTED = {
    "image": ("image/png", "image/jpeg", "image/gif"),
    # M4A and MP4 are one container, which looks like video; what nobody recognises is left to the customer's phone.
    "audio": (
        *("audio/aac", "audio/x-aac", "audio/mp4", "audio/m4a", "audio/x-m4a"),
        *("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave", "video/mp4", "application/octet-stream"),
    ),
    "video": (
        *("video/mp4", "video/ogg", "video/x-msvideo", "video/avi", "video/quicktime", "video/webm", "video/x-m4v"),
        "application/octet-stream",
    ),
    "file": ("application/pdf",),
}

LOGIN = Product(
    title="Instagram",
    object="instagram",
    inbox=INBOX_APP,
    fields=FIELDS,
    silent_fields=SILENT_FIELDS,
    standby=frozenset({"messages", "message_echoes", "messaging_seen", "messaging_postbacks", "message_reactions"}),
    always=frozenset({"messaging_handover"}),
    tags={"HUMAN_AGENT": HUMAN_AGENT_S},
    removed_tags=("ACCOUNT_UPDATE", "CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "NON_PROMOTIONAL_SUBSCRIPTION"),
    accepted=_ACCEPTED,
    refusals=errors,
    budget="instagram",
    takes_uploads=False,
)
"""Instagram API with Instagram Login, at graph.instagram.com."""

PAGE = replace(LOGIN, fields=PAGE_FIELDS, echo_field="messages")
"""Messenger API for Instagram, by the token of a linked Page, at graph.facebook.com."""
