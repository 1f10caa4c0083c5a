"""What Meta prescribes for the bot's side of an Instagram webhook."""

from __future__ import annotations

from chatdrill.wire import Matter, Rule
from chatdrill_fakes.families import meta

from .limits import DELIVERY

RULES: dict[Matter, Rule] = {
    **meta.WEBHOOK_RULES,
    "acknowledgement": Rule(
        "success is status 200 within 5 seconds; after an hour of failures the app is unsubscribed from the account",
        DELIVERY.source,
    ),
    "unknown": Rule(
        "fields and kinds of events are added at any time (posts came as share until spring 2026, then as ig_post); what is not"
        " answered 200 is sent again, and after an hour of failures the app is unsubscribed from the account",
        DELIVERY.source,
    ),
    "text": Rule(
        "a text is UTF-8, of any script; what the bot itself sends has up to 1000 bytes",
        "developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api, 2026",
    ),
}
