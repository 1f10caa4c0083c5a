"""Messenger among the products that share the Graph API's messaging."""

from __future__ import annotations

from chatdrill_fakes.families.graph.limits import HUMAN_AGENT_S
from chatdrill_fakes.families.graph.product import Product

from . import errors
from .ids import PAGE_INBOX_APP
from .limits import FIELDS, SILENT_FIELDS

_ACCEPTED = {
    # Meta's lists, not re-checked; whether WebP and OGG are taken is not sure, here they are.
    "image": ("image/png", "image/jpeg", "image/gif", "image/webp"),
    # Sound in an MP4 or OGG container looks like video; what nobody recognises is left to the customer's phone.
    "audio": (
        *("audio/mpeg", "audio/mp3", "audio/mp4", "audio/m4a", "audio/x-m4a", "audio/aac", "audio/x-aac"),
        *("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave", "audio/ogg", "audio/opus"),
        *("video/", "application/ogg", "application/octet-stream"),
    ),
    "video": ("video/", "application/octet-stream"),
    "file": ("",),
}

PRODUCT = Product(
    title="Messenger",
    object="page",
    inbox=PAGE_INBOX_APP,
    fields=FIELDS,
    silent_fields=SILENT_FIELDS,
    standby=frozenset({"messages", "message_echoes", "message_reads", "message_deliveries", "messaging_postbacks"}),
    always=frozenset({"messaging_handovers", "messaging_policy_enforcement"}),
    tags={"HUMAN_AGENT": HUMAN_AGENT_S, "CUSTOMER_FEEDBACK": HUMAN_AGENT_S},
    removed_tags=("ACCOUNT_UPDATE", "CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "NON_PROMOTIONAL_SUBSCRIPTION"),
    accepted=_ACCEPTED,
    refusals=errors,
    budget="messenger",
    delivery_field="message_deliveries",
)
