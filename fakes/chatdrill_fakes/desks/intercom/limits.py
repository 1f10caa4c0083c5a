"""The numbers of Intercom, each with where it stands."""

from __future__ import annotations

from chatdrill.wire import Limit
from chatdrill_fakes.desks.intercom import reading, routes, searching, shapes

THROTTLE_S = 60.0
"""How long Intercom waits after a 429 of the bot's; it would go on up to two hours."""

_SPEC = "Intercom's OpenAPI description 2.14"
_WEBHOOKS = "Intercom, Webhooks: delivering notifications (autumn 2026)"

LIMITS: tuple[Limit, ...] = (
    Limit("attachments", reading.ATTACHMENTS_MAX, "files of a message", _SPEC),
    Limit("parts", shapes.PARTS_MAX, "parts in a conversation object", _SPEC),
    Limit("per_page", searching.PER_PAGE_MAX, "objects on a page", _SPEC),
    Limit("search.filters", searching.FILTERS_MAX, "filters of a group", _SPEC),
    Limit("search.nested", searching.NESTED_MAX, "groups inside each other", _SPEC),
    Limit("calls", 10_000, "calls of an app in a minute", "Intercom, Rate limiting (autumn 2026)"),
    Limit("calls.window", routes.WINDOW_S, "seconds", "Intercom, Rate limiting (autumn 2026)"),
    Limit("webhook.timeout", 5, "seconds", _WEBHOOKS),
    Limit("webhook.attempts", 2, "attempts, a minute apart", _WEBHOOKS),
    Limit("webhook.throttle", THROTTLE_S, "seconds after a 429", _WEBHOOKS),
)
