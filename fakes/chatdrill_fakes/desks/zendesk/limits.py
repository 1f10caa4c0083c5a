"""The numbers of Zendesk, each with where it stands."""

from __future__ import annotations

from chatdrill.wire import Limit

MIB = 1024 * 1024
PLANS = {"team": 200, "growth": 400, "professional": 400, "enterprise": 700, "high-volume": 2500}
MINUTE_S = 60.0
UPDATES_PER_MIN = 100
UPDATES_PER_TICKET = 30
UPDATES_PER_TICKET_S = 600.0
IDEMPOTENCY_KEY_MAX = 255
IDEMPOTENCY_KEPT_S = 2 * 3600.0
PAGE_MAX = 100
UPLOAD_MAX_BYTES = 50 * MIB
UPLOAD_KEPT_S = 3600.0
SUPPORT_TIMEOUT_S = 12.0
SUPPORT_RETRIES = 5
SUPPORT_CONFLICTS_MAX = 3
SUPPORT_RETRY_AFTER_MAX_S = 60.0
CLOSES_AFTER_S = 96 * 3600.0
SURVEY_AFTER_S = 24 * 3600.0
JSON_MAX_BYTES = 100 * 1024
TEXT_MAX = 4096
METADATA_MAX_BYTES = 4096
MESSAGES_MAX = 30_000
SUNCO_PAGE = 25
MESSAGES_PAGE = 100
WEBHOOKS_MAX = 10
STATIONS_MAX = 10
STATION_NAME_MAX = 128
HISTORY_MAX = 10
EXTERNAL_ID_MAX = 1024
ALT_TEXT_MAX = 128
PARTICIPANTS_MAX = 10
SUNCO_TIMEOUT_S = 20.0
SUNCO_ATTEMPTS = 5
SUNCO_WINDOW_S = 900.0

_RATES = "Zendesk, Rate limits (2025)"
_TICKETS = "Zendesk, Tickets API (2025)"
_HOOKS = "Zendesk, Creating and monitoring webhooks (2025)"
_SUNCO = "Zendesk, Sunshine Conversations API 17.12.1 (2026-06)"
_SWITCHBOARD = "Zendesk, Switchboard guide (2025)"

LIMITS: tuple[Limit, ...] = (
    *(Limit(f"requests.{plan}", count, "in a minute", _RATES) for plan, count in PLANS.items()),
    Limit("ticket_updates", UPDATES_PER_MIN, "in a minute and account", _RATES),
    Limit("ticket_updates.one_ticket", UPDATES_PER_TICKET, "in ten minutes by one user", _RATES),
    Limit("idempotency_key", IDEMPOTENCY_KEY_MAX, "characters", _TICKETS),
    Limit("idempotency_key.kept", IDEMPOTENCY_KEPT_S, "seconds", _TICKETS),
    Limit("page", PAGE_MAX, "objects", "Zendesk, Pagination (2025)"),
    Limit("upload", UPLOAD_MAX_BYTES, "bytes", "Zendesk, Attachments (2025)"),
    Limit("upload.kept", UPLOAD_KEPT_S, "seconds", "Zendesk, Attachments (2025)"),
    Limit("webhook.timeout", SUPPORT_TIMEOUT_S, "seconds", _HOOKS),
    Limit("webhook.retries", SUPPORT_RETRIES, "after time-outs", _HOOKS),
    Limit("webhook.conflicts", SUPPORT_CONFLICTS_MAX, "retries after status 409", _HOOKS),
    Limit("webhook.retry_after", SUPPORT_RETRY_AFTER_MAX_S, "seconds", _HOOKS),
    Limit("solved.closes_after", CLOSES_AFTER_S, "seconds", "Zendesk, Standard automations (2025)"),
    Limit("survey.after", SURVEY_AFTER_S, "seconds after solving", "Zendesk, Standard automations (2025)"),
    Limit("sunco.json", JSON_MAX_BYTES, "bytes", _SUNCO),
    Limit("sunco.text", TEXT_MAX, "characters", _SUNCO),
    Limit("sunco.alt_text", ALT_TEXT_MAX, "characters", _SUNCO),
    Limit("sunco.metadata", METADATA_MAX_BYTES, "bytes", _SUNCO),
    Limit("sunco.external_id", EXTERNAL_ID_MAX, "characters", _SUNCO),
    Limit("sunco.participants", PARTICIPANTS_MAX, "users of a new conversation", _SUNCO),
    Limit("sunco.messages", MESSAGES_MAX, "in a conversation", _SUNCO),
    Limit("sunco.page", SUNCO_PAGE, "objects unless asked otherwise", _SUNCO),
    Limit("sunco.messages.page", MESSAGES_PAGE, "messages", _SUNCO),
    Limit("sunco.webhooks", WEBHOOKS_MAX, "of an app", _SUNCO),
    Limit("sunco.webhook.timeout", SUNCO_TIMEOUT_S, "seconds", _SUNCO),
    Limit("sunco.webhook.attempts", SUNCO_ATTEMPTS, "attempts", _SUNCO),
    Limit("sunco.webhook.window", SUNCO_WINDOW_S, "seconds", _SUNCO),
    Limit("switchboard.integrations", STATIONS_MAX, "of a switchboard", _SUNCO),
    Limit("switchboard.name", STATION_NAME_MAX, "characters", _SWITCHBOARD),
    Limit("switchboard.history", HISTORY_MAX, "messages", _SUNCO),
)
