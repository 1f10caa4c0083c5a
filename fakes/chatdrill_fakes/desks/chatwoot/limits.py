"""The numbers of Chatwoot, each with where it stands."""

from __future__ import annotations

from chatdrill.wire import Limit

_ATTACK = "Chatwoot v4.15.1, config/initializers/rack_attack.rb (2026)"
_MESSAGE = "Chatwoot v4.15.1, app/models/message.rb (2026)"
_HOOKS = "Chatwoot v4.15.1, lib/webhooks/trigger.rb (2026)"

REQUESTS_PER_MIN = 3000
SEARCHES_PER_MIN = 100
MESSAGES_PER_MIN = 200
CONTENT_MAX = 150_000
ATTACHMENTS_MAX = 15
SOURCE_ID_MAX = 255
CONTACTS_PER_PAGE = 15
CONVERSATIONS_PER_PAGE = 25
MESSAGES_PER_PAGE = 20
HOOK_TIMEOUT_S = 5.0
BOT_ATTEMPTS_MAX = 3
BOT_RETRY_S = 3.0
BOT_RETRIED = (429, 500)
"""What a bot's webhook is tried again after; anything else, time-outs included, is final at once."""
CSAT_OPEN_DAYS = 14
OUT_OF_OFFICE_QUIET_S = 300
DAY_S = 86_400.0
NESTING_MAX = 100

LIMITS: tuple[Limit, ...] = (
    Limit("requests", REQUESTS_PER_MIN, "in a minute from one address", _ATTACK),
    Limit("contact_searches", SEARCHES_PER_MIN, "in a minute", _ATTACK),
    Limit("messages", MESSAGES_PER_MIN, "in a minute and conversation", _MESSAGE),
    Limit("message.content", CONTENT_MAX, "characters", _MESSAGE),
    Limit("message.attachments", ATTACHMENTS_MAX, "files", _MESSAGE),
    Limit("json.nesting", NESTING_MAX, "levels", "Chatwoot v4.15.1 on Ruby: JSON.parse, max_nesting (2026)"),
    Limit("source_id", SOURCE_ID_MAX, "characters", "Chatwoot v4.15.1, db/schema.rb (2026)"),
    Limit("contacts.page", CONTACTS_PER_PAGE, "contacts", "Chatwoot v4.15.1, contacts_controller.rb (2026)"),
    Limit(
        "conversations.page", CONVERSATIONS_PER_PAGE, "conversations", "Chatwoot v4.15.1, conversation_finder.rb (2026)"
    ),
    Limit("messages.page", MESSAGES_PER_PAGE, "messages", "Chatwoot v4.15.1, message_finder.rb (2026)"),
    Limit("webhook.timeout", HOOK_TIMEOUT_S, "seconds", _HOOKS),
    Limit("webhook.bot_attempts", BOT_ATTEMPTS_MAX, "attempts", _HOOKS),
    Limit("webhook.bot_pause", BOT_RETRY_S, "seconds", _HOOKS),
    Limit("csat.open", CSAT_OPEN_DAYS, "days", "Chatwoot v4.15.1, csat_survey_controller.rb (2026)"),
    Limit(
        "out_of_office.quiet",
        OUT_OF_OFFICE_QUIET_S,
        "seconds after an agent's message",
        "Chatwoot v4.15.1, hook_execution_service.rb (2026)",
    ),
)
