"""The numbers of amoCRM, each with where it stands."""

from __future__ import annotations

from chatdrill.wire import Limit
from chatdrill_fakes.desks.amocrm import acts, declared, gate, hooks, oauth
from chatdrill_fakes.desks.amocrm.chats import messages, reading, signature, statuses
from chatdrill_fakes.desks.amocrm.crm import leads, webhooks
from chatdrill_fakes.desks.amocrm.crm.reading import LIST_MAX

_OAUTH = "amoCRM, OAuth 2.0 and Step by step (2026-01)"
_CRM = "amoCRM, API v4 reference (2026-01)"
_CHATS = "amoCRM, Chats API reference (2026-01)"
_HOOKS = "amoCRM, Webhooks format (2026-01)"

LIMITS: tuple[Limit, ...] = (
    Limit("oauth.code", oauth.CODE_S, "seconds", _OAUTH),
    Limit("oauth.access_token", oauth.ACCESS_S, "seconds", _OAUTH),
    Limit("oauth.refresh_token", oauth.REFRESH_S, "seconds (3 months)", _OAUTH),
    Limit("crm.calls", gate.CALLS_PER_S, "calls per second", "commonly quoted, not published by amoCRM (2026-01)"),
    Limit("crm.list", LIST_MAX, "things per page", _CRM),
    Limit("crm.batch", LIST_MAX, "things per call", _CRM),
    Limit("leads.complex", leads.COMPLEX_MAX, "leads per call", _CRM),
    Limit("leads.complex.fields", leads.COMPLEX_FIELDS_MAX, "values of custom fields", _CRM),
    Limit("webhooks", webhooks.WEBHOOKS_MAX, "in an account", _CRM),
    Limit("webhooks.timeout", declared.CRM_TIMEOUT_S, "seconds", _HOOKS),
    Limit("webhooks.bad_answers", hooks.BAD_ANSWERS_MAX, "in two hours", _HOOKS),
    Limit("webhooks.bad_answers.window", hooks.BAD_ANSWERS_S, "seconds", _HOOKS),
    Limit("chats.date", signature.DATE_WINDOW_S, "seconds", _CHATS),
    Limit("chats.history", statuses.HISTORY_MAX, "messages per call", _CHATS),
    Limit("chats.source", reading.SOURCE_ID_MAX, "characters", _CHATS),
    Limit("chats.forwards", messages.FORWARDS_MAX, "messages", _CHATS),
    Limit("chats.typing", acts.TYPING_S, "seconds between two hooks", "amoCRM, Chats webhooks (2026-01)"),
)
