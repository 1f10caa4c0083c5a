"""Message tags and types, and what in Messenger they go together with."""

from __future__ import annotations

from chatdrill_fakes.families.graph import gate
from chatdrill_fakes.families.graph.drafts import Draft
from chatdrill_fakes.families.graph.errors import invalid

from .call import Asked

_MESSAGING_TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY")


def read_tag(asked: Asked, draft: Draft) -> str | None:
    """The tag of a message, checked together with its type and what it holds. Raises error 100."""
    tag = gate.read_tag(asked, _MESSAGING_TYPES)
    if (asked.values.get("messaging_type") == "UTILITY") != draft.free:
        raise invalid("messaging_type UTILITY and message[template] must be used together")
    if asked.values.get("tag") == "CUSTOMER_FEEDBACK" and draft.kind != "template.customer_feedback":
        raise invalid("The tag CUSTOMER_FEEDBACK can only be used with the customer feedback template")
    return tag
