"""What the fake of Zendesk declares: settings, capabilities, delivery."""

from __future__ import annotations

from chatdrill.wire import Delivery, DeskCapabilities, Retry, Setting
from chatdrill_fakes.desks.zendesk.limits import PLANS, SUNCO_ATTEMPTS, SUNCO_TIMEOUT_S, SUNCO_WINDOW_S, SUPPORT_RETRIES

WEBHOOK_KINDS = ("auto", "sunco", "support", "both")
HANDBACKS = ("closed", "solved")
ROUTINGS = ("manual", "auto")

SETTINGS: tuple[Setting, ...] = (
    Setting("subdomain", "chatdrill", "subdomain of the account", "ZENDESK_SUBDOMAIN"),
    Setting("email", "bot@chatdrill.example", "e-mail of the API user", "ZENDESK_EMAIL"),
    Setting("api_token", "zdChatdrillApiTokenZdChatdrillApiToken00", "API token", "ZENDESK_API_TOKEN", secret=True),
    Setting("oauth_token", "zdchatdrilloauth1f60ffbd4d8a", "OAuth token", "ZENDESK_OAUTH_TOKEN", secret=True),
    Setting("account_id", "22129848", "id of the account", "ZENDESK_ACCOUNT_ID"),
    Setting("group", "Support", "the default group of agents", "ZENDESK_GROUP"),
    Setting(
        "webhook_secret",
        "zdChatdrillSigningSecret1234567890",
        "signs Support's webhooks",
        "ZENDESK_WEBHOOK_SECRET",
        True,
    ),
    Setting("app_id", "5ebee0975ac5304b664a12fa", "app of Sunshine Conversations", "SUNCO_APP_ID"),
    Setting("key_id", "app_5f4eaef81e3dcc117c7ba48a", "id of the app's API key", "SUNCO_KEY_ID"),
    Setting("key_secret", "scChatdrillKeySecretScChatdrillKeySecret", "API key", "SUNCO_KEY_SECRET", secret=True),
    Setting("integration_id", "5f11a650e4e987667c2051d1", "the bot's own integration", "SUNCO_INTEGRATION_ID"),
    Setting(
        "integration_token",
        "scChatdrillIntegrationToken9a4c",
        "token of that scope",
        "SUNCO_INTEGRATION_TOKEN",
        secret=True,
    ),
    Setting(
        "sunco_webhook_secret",
        "8564b3e6a8b20a4bdb68b05ce9bc5936",
        "X-API-Key of webhooks",
        "SUNCO_WEBHOOK_SECRET",
        True,
    ),
    Setting("switchboard_name", "bot", "name of the bot on the switchboard", "SUNCO_SWITCHBOARD_NAME"),
    Setting("workspace_name", "zd-agentWorkspace", "name of the agent workspace there", "SUNCO_WORKSPACE_NAME"),
    Setting("deliver_standby_events", "yes", "the bot hears what is said while agents have control", "SUNCO_STANDBY"),
    Setting("webhook_as", "auto", f"what the bot's webhook is: {', '.join(WEBHOOK_KINDS)}", "ZENDESK_WEBHOOK_AS"),
    Setting("handback", "closed", "the status that gives control back: closed, solved", "ZENDESK_HANDBACK"),
    Setting("routing", "manual", "who assigns a ticket: manual, auto (omnichannel routing)", "ZENDESK_ROUTING"),
    Setting("csat", "no", "ask for a rating a day after a ticket was solved", "ZENDESK_CSAT"),
    Setting("plan", "professional", f"sets the rate limit: {', '.join(PLANS)}", "ZENDESK_PLAN"),
    Setting("rate_limits", "yes", "refuse what is too fast (429)", "ZENDESK_RATE_LIMITS"),
)
LACKS = {
    "decline": "zendesk offers a conversation to a whole group; an agent who does not want it leaves it in the queue",
    "edit_reply": "zendesk lets nobody change a comment or a message; write another, or delete_reply to redact it",
    "take_over": "while the bot has control no agent can write; the bot gives it by passControl",
    "reply_to": "an agent of zendesk cannot quote",
    "release": "only a conversation can be given back (it goes on by e-mail); a ticket without one is solved",
    "closed": "no agent sets 'closed': the desk does, after 'solved'; use close",
    "parts": "an agent of zendesk sends words and files",
}
CAPABILITIES = DeskCapabilities(
    acts=frozenset(
        {"accept", "take_over", "reply", "delete_reply", "note", "agent_typing", "transfer", "set_state", "close"}
        | {"release", "reopen", "set_presence", "rate", "elapse"}
    ),
    lacks=LACKS,
    mirrors=False,
    survey="page",
    reopens="new",
    retries_hooks=True,
    media="both",
)

SUNCO_RETRY = Retry(delays_s=(10.0, 60.0, 180.0, 480.0), attempts_max=SUNCO_ATTEMPTS, give_up_after_s=SUNCO_WINDOW_S)
SUPPORT_RETRY = Retry(delays_s=(1.0, 2.0, 4.0, 8.0, 16.0), attempts_max=1 + SUPPORT_RETRIES)
DELIVERY = Delivery(
    ack_timeout_s=SUNCO_TIMEOUT_S,
    success="2xx",
    retry=SUNCO_RETRY,
    order="first_try",
    concurrency_max=20,
    source="Zendesk, Sunshine Conversations API 17.12.1 (2026-06): 20 s, up to 5 attempts in 15 minutes, exponentially; the "
    "pauses of 10, 60, 180 and 480 s are a reading of that. Support's webhooks: 12 s, up to 5 retries after time-outs, "
    "up to 3 after status 409, after 429 and 503 if Retry-After is below 60 s (partly readable in 2025), pauses unpublished",
    id_header="X-Zendesk-Webhook-Invocation-Id",
)
