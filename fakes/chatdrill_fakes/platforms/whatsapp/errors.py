"""The errors of the Cloud API: one table, two faces.

A code can come back at once, as the answer to a call, or later, inside a ``failed`` status. Source: Meta, "Error codes"
(November 2025); which of the two faces a code has is evidence from bug reports and judgement, Meta does not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatdrill_fakes.families.meta import GraphError

HREF = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


@dataclass(frozen=True)
class Problem:
    """A code's HTTP status, its title, and whether it comes at once (``S``), later (``A``) or both ways."""

    status: int
    title: str
    where: str


PROBLEMS: dict[int, Problem] = {
    0: Problem(401, "AuthException", "S"),
    1: Problem(400, "API Unknown", "S"),
    2: Problem(503, "Service temporarily unavailable", "S"),
    3: Problem(500, "API Method", "S"),
    4: Problem(400, "Application request limit reached", "S"),
    10: Problem(403, "Application does not have permission for this action", "S"),
    33: Problem(400, "Parameter value is not valid", "S"),
    100: Problem(400, "Invalid parameter", "S"),
    190: Problem(401, "Access token has expired", "S"),
    200: Problem(403, "API Permission", "S"),
    368: Problem(403, "Temporarily blocked for policies violations", "S"),
    80007: Problem(400, "Rate limit issues", "S"),
    130429: Problem(400, "Rate limit hit", "SA"),
    130472: Problem(400, "User's number is part of an experiment", "A"),
    130497: Problem(403, "Business account is restricted from messaging users in this country", "A"),
    131000: Problem(500, "Something went wrong", "SA"),
    131005: Problem(403, "Access denied", "S"),
    131008: Problem(400, "Required parameter is missing", "S"),
    131009: Problem(400, "Parameter value is not valid", "SA"),
    131016: Problem(500, "Service unavailable", "S"),
    131021: Problem(400, "Recipient cannot be sender", "S"),
    131026: Problem(400, "Message undeliverable", "A"),
    131030: Problem(400, "Recipient phone number not in allowed list", "S"),
    131031: Problem(403, "Account has been locked", "SA"),
    131037: Problem(400, "Display name approval required", "SA"),
    131042: Problem(400, "Business eligibility payment issue", "A"),
    131045: Problem(500, "Incorrect certificate", "S"),
    131047: Problem(400, "Re-engagement message", "A"),
    131048: Problem(400, "Spam rate limit hit", "A"),
    131049: Problem(400, "This message was not delivered to maintain healthy ecosystem engagement", "A"),
    131050: Problem(400, "User has stopped marketing messages", "A"),
    131051: Problem(400, "Unsupported message type", "S"),
    131052: Problem(400, "Media download error", "A"),
    131053: Problem(400, "Media upload error", "SA"),
    131055: Problem(400, "Method not allowed", "S"),
    131056: Problem(400, "Pair rate limit hit", "SA"),
    131057: Problem(500, "Account in maintenance mode", "S"),
    131060: Problem(400, "This message is currently unavailable", "A"),
    131062: Problem(400, "Business-scoped user ID recipients are not supported for this message", "S"),
    131063: Problem(400, "Marketing templates are disabled on Cloud API", "S"),
    131064: Problem(400, "Messaging limit reached after template misclassification", "A"),
    132000: Problem(400, "Number of parameters does not match the expected number of params", "S"),
    132001: Problem(404, "Template name does not exist in the translation", "S"),
    132005: Problem(400, "Translated text too long", "S"),
    132007: Problem(400, "Template format character policy violated", "S"),
    132008: Problem(400, "Parameter value is not valid", "S"),
    132012: Problem(400, "Parameter format does not match format in the created template", "S"),
    132015: Problem(400, "Template is paused", "S"),
    132016: Problem(400, "Template is disabled", "S"),
    132068: Problem(400, "Flow is in blocked state", "S"),
    132069: Problem(400, "Flow is in throttled state", "S"),
    133000: Problem(500, "Incomplete deregistration", "S"),
    133004: Problem(503, "Server temporarily unavailable", "S"),
    133005: Problem(400, "Two step verification PIN mismatch", "S"),
    133006: Problem(400, "Phone number re-verification needed", "S"),
    133008: Problem(400, "Too many two step verification PIN guesses", "S"),
    133009: Problem(400, "Two step verification PIN guessed too fast", "S"),
    133010: Problem(400, "Account not registered", "S"),
    133015: Problem(400, "Please wait a few minutes before attempting to register this phone number", "S"),
    133016: Problem(400, "Account register deregister rate limit exceeded", "S"),
    134011: Problem(400, "WhatsApp Payments terms of service has not been accepted", "S"),
    134100: Problem(400, "Only marketing messages supported", "S"),
    134101: Problem(400, "Template is syncing", "S"),
    134102: Problem(400, "Template unavailable for use", "S"),
    135000: Problem(400, "Generic user error", "S"),
    137000: Problem(400, "Recipient identity key hash mismatch", "S"),
    139000: Problem(400, "Blocked by integrity", "S"),
    139001: Problem(400, "Flow cannot be updated", "S"),
    139002: Problem(400, "Flow cannot be published", "S"),
    139003: Problem(400, "Flow cannot be deprecated", "S"),
    139004: Problem(400, "Flow cannot be deleted", "S"),
    139100: Problem(400, "Failed to block/unblock some users", "S"),
    139101: Problem(400, "Blocklist limit reached", "S"),
    139102: Problem(400, "Blocklist concurrent update", "S"),
    139103: Problem(400, "Blocklist internal error", "S"),
}

DETAILS: dict[int, str] = {
    130429: "Cloud API message throughput has been reached.",
    131000: "Message failed to send due to an unknown error.",
    131026: "Message Undeliverable.",
    131030: "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.",
    131047: "Message failed to send because more than 24 hours have passed since the customer last replied to this "
    "number.",
    131049: "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    131050: "The recipient has chosen to stop receiving marketing messages on WhatsApp from your business.",
    131051: "Message type is currently not supported.",
    131056: "Message failed to send because there were too many messages sent from this phone number to the same phone "
    "number in a short period of time.",
    133010: "The account is not registered.",
}


def problem(code: int, details: str | None = None, **more: Any) -> GraphError:
    """The error of a code as the answer to a call; ``more`` overrides fields of ``GraphError``."""
    if code == 190:
        return GraphError(190, "Error validating access token: Session has expired.", subcode=463, status=401)
    known = PROBLEMS.get(code, PROBLEMS[135000])
    data = {"messaging_product": "whatsapp", "details": details or DETAILS.get(code, f"{known.title}.")}
    return GraphError(
        **{"code": code, "message": f"(#{code}) {known.title}", "status": known.status, "data": data, **more}
    )


def status_error(code: int, details: str | None = None) -> dict[str, Any]:
    """The error of a code as an element of ``errors`` in a webhook: title and message carry the same text."""
    title = PROBLEMS.get(code, PROBLEMS[135000]).title
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details or DETAILS.get(code, f"{title}.")},
        "href": HREF,
    }


def parameter_required(name: str) -> GraphError:
    """Error 100 for a missing argument of the call itself."""
    return GraphError(100, f"(#100) The parameter {name} is required.")


def media_unknown(path: str) -> GraphError:
    """Error 100 for a media id that was never given out or has gone."""
    return problem(100, f"Param {path} is not a valid whatsapp business account media attachment ID")
