"""The numbers of the Bot Connector, each with where it stands."""

from __future__ import annotations

from chatdrill.wire import Limit
from chatdrill_fakes.desks.botframework import declared, routes, serving, state

LIMITS: tuple[Limit, ...] = (
    Limit("activity", routes.ACTIVITY_MAX_BYTES, "bytes", "Microsoft, Bot Framework: activity size (2025)"),
    Limit("upload", serving.UPLOAD_MAX_BYTES, "bytes", "Microsoft, Direct Line: upload (2025)"),
    Limit("token", serving.TOKEN_VALID_S, "seconds", "Microsoft, Bot Connector authentication (2025)"),
    Limit("members.page", serving.PAGE_MAX, "members", "not published (2025); a round number"),
    Limit("calls", state.CALLS_PER_S, "in a second", "not published (2025): tens of calls in a second"),
    Limit("webhook.timeout", declared.DELIVERY.ack_timeout_s, "seconds", "Microsoft, Bot Connector (2025)"),
)
