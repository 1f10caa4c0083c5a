"""The numbers of Chat2Desk, each with where it stands."""

from __future__ import annotations

from chatdrill.wire import Limit
from chatdrill_fakes.desks.chat2desk import answers, declared, state

_COLLECTION = "Chat2Desk, API v1 collection (change log up to January 2026)"

LIMITS: tuple[Limit, ...] = (
    Limit("list.default", answers.PAGE, "items in a page", _COLLECTION),
    Limit("list.max", answers.PAGE_MAX, "items in a page", _COLLECTION),
    Limit(
        "calls", state.CALLS_PER_MIN, "in a minute", "AlexanderMokeichuk/chat2desk-order-bot @4a7ce89, a client (2025)"
    ),
    Limit("webhook.attempts", declared.DELIVERY.retry.attempts_max or 0, "attempts", "no retry published (2026)"),
)
