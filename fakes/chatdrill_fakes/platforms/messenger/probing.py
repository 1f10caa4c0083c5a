"""What Meta prescribes for the bot's side of a Messenger webhook, and webhooks that were never seen."""

from __future__ import annotations

from chatdrill.wire import Matter, Rule
from chatdrill_fakes.families import meta

from .limits import DELIVERY

RULES: dict[Matter, Rule] = {
    **meta.WEBHOOK_RULES,
    "acknowledgement": Rule(
        "success is status 200 within 5 seconds; after an hour of failures the app is unsubscribed from the Page",
        DELIVERY.source,
    ),
    "unknown": Rule(
        "fields and kinds of events are added at any time; what is not answered 200 is sent again, and after an hour of"
        " failures the app is unsubscribed from the Page",
        DELIVERY.source,
    ),
    "text": Rule(
        "a text is UTF-8, of any script; what the bot itself sends has up to 2000 characters",
        "developers.facebook.com/docs/messenger-platform/reference/send-api, 2026",
    ),
}
