"""What the fake of Chatwoot declares: settings, capabilities, delivery."""

from __future__ import annotations

from chatdrill.wire import Delivery, DeskCapabilities, Retry, Setting
from chatdrill_fakes.desks.chatwoot.limits import BOT_ATTEMPTS_MAX, BOT_RETRY_S, HOOK_TIMEOUT_S

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "api_access_token",
        "cwUserTokenChatdrill",
        "token of a user (administrator)",
        "CHATWOOT_API_ACCESS_TOKEN",
        secret=True,
    ),
    Setting(
        "bot_access_token", "cwBotTokenChatdrill", "token of the agent bot", "CHATWOOT_BOT_ACCESS_TOKEN", secret=True
    ),
    Setting("account_id", "1", "id of the account", "CHATWOOT_ACCOUNT_ID"),
    Setting("account_name", "Acme", "name of the account", "CHATWOOT_ACCOUNT_NAME"),
    Setting("inbox_id", "3", "id of the API inbox", "CHATWOOT_INBOX_ID"),
    Setting("inbox_name", "Messenger", "name of the API inbox", "CHATWOOT_INBOX_NAME"),
    Setting(
        "inbox_identifier", "cwInboxChatdrill", "identifier of the inbox in the client API", "CHATWOOT_INBOX_IDENTIFIER"
    ),
    Setting("hmac_token", "cw-hmac-chatdrill", "proves contacts' identities", "CHATWOOT_HMAC_TOKEN", secret=True),
    Setting("hmac_mandatory", "no", "the client API refuses contacts without a proof", "CHATWOOT_HMAC_MANDATORY"),
    Setting(
        "webhook_secret",
        "cw-webhook-chatdrill",
        "signs webhooks; empty: as before 2026, unsigned",
        "CHATWOOT_WEBHOOK_SECRET",
        secret=True,
    ),
    Setting(
        "webhook_as",
        "agent_bot",
        "what the bot's webhook is, by commas: agent_bot, inbox, account",
        "CHATWOOT_WEBHOOK_AS",
    ),
    Setting(
        "active_bot", "yes", "the inbox has an active agent bot: new conversations are pending", "CHATWOOT_ACTIVE_BOT"
    ),
    Setting(
        "keep_pending_on_bot_failure",
        "no",
        "a failing bot keeps its conversation",
        "CHATWOOT_KEEP_PENDING_ON_BOT_FAILURE",
    ),
    Setting(
        "enable_auto_assignment",
        "no",
        "routing assigns opened conversations in turns",
        "CHATWOOT_ENABLE_AUTO_ASSIGNMENT",
    ),
    Setting(
        "max_assignment_limit",
        "",
        "open conversations at which routing leaves an agent out",
        "CHATWOOT_MAX_ASSIGNMENT_LIMIT",
    ),
    Setting(
        "csat_survey_enabled", "no", "ask for a rating when a conversation is resolved", "CHATWOOT_CSAT_SURVEY_ENABLED"
    ),
    Setting("greeting_message", "", "said to the customer's first message", "CHATWOOT_GREETING_MESSAGE"),
    Setting("working_hours", "", "such as 'mon-fri 09:00-17:00'; empty: always open", "CHATWOOT_WORKING_HOURS"),
    Setting("timezone", "UTC", "of the working hours", "CHATWOOT_TIMEZONE"),
    Setting("out_of_office_message", "", "said out of hours", "CHATWOOT_OUT_OF_OFFICE_MESSAGE"),
    Setting(
        "agent_reply_time_window",
        "",
        "hours in which agents may answer; empty: no window",
        "CHATWOOT_AGENT_REPLY_TIME_WINDOW",
    ),
    Setting("rate_limits", "yes", "refuse what is too fast (429)", "CHATWOOT_RATE_LIMITS"),
)

LACKS = {
    "edit_reply": "a Chatwoot agent cannot change what was sent; they delete the message and write again",
    "set_state.pending": "'pending' is Chatwoot's word for the bot's conversation: say release to give it back, or snoozed "
    "to wait for the customer",
    "set_state.new": "a Chatwoot conversation is never new again; say release to give it back to the bot",
    "presence.heartbeat": "agents stay as they were set; Chatwoot's own expiry, 20 s after the last heartbeat, never comes",
}

CAPABILITIES = DeskCapabilities(
    acts=frozenset(
        {
            "accept",
            "decline",
            "take_over",
            "reply",
            "delete_reply",
            "note",
            "agent_typing",
            "transfer",
            "set_state",
            "close",
            "release",
            "reopen",
            "set_presence",
            "rate",
            "elapse",
        }
    ),
    lacks=LACKS,
    mirrors=True,
    survey="message",
    reopens="same",
    retries_hooks=False,
    media="upload",
)

DELIVERY = Delivery(
    ack_timeout_s=HOOK_TIMEOUT_S,
    success="2xx",
    retry=Retry(delays_s=(BOT_RETRY_S,), attempts_max=BOT_ATTEMPTS_MAX),
    order="first_try",
    concurrency_max=10,
    registered_by="owner",
    source="Chatwoot v4.15.1: lib/webhooks/trigger.rb (5 s; an agent bot's 429 and 500 are tried three times, 3 s apart; "
    "account and inbox hooks once), config/sidekiq.yml (10 threads)",
    id_header="X-Chatwoot-Delivery",
)
