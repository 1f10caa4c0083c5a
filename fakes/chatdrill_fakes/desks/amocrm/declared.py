"""What the fake of amoCRM declares: settings, capabilities, delivery."""

from __future__ import annotations

from chatdrill.wire import Delivery, DeskCapabilities, Retry, Setting

HOSTS = ("*.amocrm.ru", "*.amocrm.com", "*.kommo.com")

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "token", "eyJ0eXAiOiJKV1QifQ.chatdrill.amocrm", "access token of the CRM", "AMOCRM_ACCESS_TOKEN", secret=True
    ),
    Setting("long_lived", "yes", "the token never expires (no: 24 hours, then it is refreshed)", "AMOCRM_LONG_LIVED"),
    Setting("client_id", "5a1c2f4e-7d0b-4c36-9a55-3f0e8b1d6c21", "id of the integration", "AMOCRM_CLIENT_ID"),
    Setting(
        "client_secret", "chatdrill-amocrm-client", "secret of the integration", "AMOCRM_CLIENT_SECRET", secret=True
    ),
    Setting("redirect_uri", "https://bot.example/oauth", "redirect address of the integration", "AMOCRM_REDIRECT_URI"),
    Setting("code", "def502chatdrillcode", "authorization code, good for 20 minutes", "AMOCRM_CODE", secret=True),
    Setting("refresh_token", "def502chatdrillrefresh", "refresh token, good once", "AMOCRM_REFRESH_TOKEN", secret=True),
    Setting("subdomain", "chatdrill", "subdomain of the account", "AMOCRM_SUBDOMAIN"),
    Setting("account_id", "30990011", "id of the account in the CRM", "AMOCRM_ACCOUNT_ID"),
    Setting("user_id", "8100200", "user in whose name the integration calls: the bot", "AMOCRM_USER_ID"),
    Setting(
        "amojo_id", "af9945ff-1490-4cad-807d-945c15d88bec", "id of the account in the chats API", "AMOJO_ACCOUNT_ID"
    ),
    Setting("channel_id", "f90ba33d-c9d9-44da-b76c-c349b0ecbe41", "id of the channel", "AMOJO_CHANNEL_ID"),
    Setting(
        "channel_secret",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "signs calls and hooks of the chats API",
        "AMOJO_CHANNEL_SECRET",
        secret=True,
    ),
    Setting("channel_code", "amo.ext.chatdrill", "code of the channel, the origin of its talks", "AMOJO_CHANNEL_CODE"),
    Setting("bot_id", "f1910c7f-b1e0-4184-bd09-c7def2a9109a", "the channel's bot, as sender.ref_id", "AMOJO_BOT_ID"),
    Setting("connected", "yes", "the channel is connected from the start (no: the bot does it)", "AMOJO_CONNECTED"),
    Setting("hook_version", "v2", "version of the channel's hooks; v1 is not emulated", "AMOJO_HOOK_VERSION"),
    Setting(
        "typing_hooks", "no", "tell the bot that an agent types (the vendor does on request)", "AMOJO_TYPING_HOOKS"
    ),
    Setting("write_first", "yes", "agents may begin a chat by a phone number", "AMOJO_WRITE_FIRST"),
    Setting("reply_window_s", "0", "agents may write so long after the customer; 0: always", "AMOJO_REPLY_WINDOW_S"),
    Setting("lag_s", "0", "seconds between accepting a message and showing it", "AMOJO_LAG_S"),
    Setting("date_window_s", "900", "how old the Date of a signed call may be; 0: any age", "AMOJO_DATE_WINDOW_S"),
    Setting("nps", "no", "the rating bot asks before a talk is closed", "AMOCRM_NPS"),
    Setting(
        "nps_wait_s", "86400", "a talk whose rating nobody gives is closed after this (API only)", "AMOCRM_NPS_WAIT_S"
    ),
    Setting("missed_after_s", "0", "a talk not answered for so long is missed; 0: never", "AMOCRM_MISSED_AFTER_S"),
    Setting("crm_webhook", "", "address of the CRM's webhooks, as set by hand in the account", "AMOCRM_WEBHOOK_URL"),
    Setting("duplicate_control", "no", "leads/complex joins contacts of the same phone or e-mail", "AMOCRM_DUPLICATES"),
    Setting("custom_fields", "", "ids of the custom fields, by commas; empty: any id is taken", "AMOCRM_CUSTOM_FIELDS"),
    Setting("rate_limits", "yes", "refuse what is too fast (429)", "AMOCRM_RATE_LIMITS"),
    Setting("block_after", "0", "refusals in a row until the account is blocked (403); 0: never", "AMOCRM_BLOCK_AFTER"),
    Setting("paid", "yes", "no: every call of the CRM is answered with 402", "AMOCRM_PAID"),
)
FOR_BOTS = frozenset(
    {
        "token",
        "client_id",
        "client_secret",
        "redirect_uri",
        "code",
        "refresh_token",
        "subdomain",
        "account_id",
        "user_id",
        "amojo_id",
        "channel_id",
        "channel_secret",
        "bot_id",
        "nps",
    }
)

CAPABILITIES = DeskCapabilities(
    acts=frozenset(
        {
            "accept",
            "decline",
            "take_over",
            "reply",
            "note",
            "agent_typing",
            "transfer",
            "set_state",
            "close",
            "release",
            "reopen",
            "set_presence",
            "elapse",
        }
    ),
    lacks={
        "edit_reply": "amoCRM has no way to change a sent message; the agent writes another one",
        "delete_reply": "amoCRM has no way to delete a sent message, and no hook that would tell of it",
        "rate": "amoCRM has no page for ratings: its rating bot asks in the chat (setting 'nps'), and the answer is the "
        "customer's next message",
        "transfer.team": "amoCRM makes one user responsible, never a group; name an agent",
        "set_state.snoozed": "amoCRM has no snoozing; set 'pending', which is a stage of the pipeline here",
        "set_state.new": "amoCRM never moves a lead back to the incoming ones",
        "part": "an agent's message has text, files, buttons or a template; write the rest out",
    },
    mirrors=True,
    survey="message",
    reopens="same",
    retries_hooks=False,
    media="url",
)

ONCE = Retry(delays_s=(0.0,), attempts_max=1)
CRM_RETRY = Retry(delays_s=(300.0, 900.0, 900.0, 3600.0), attempts_max=5)
CRM_ATTEMPTS_MAX = 3
"""Unless the last answer was 499 or 5xx."""
CRM_TIMEOUT_S = 2.0

DELIVERY = Delivery(
    ack_timeout_s=5.0,
    success="200",
    retry=ONCE,
    order="first_try",
    concurrency_max=50,
    source="amoCRM, Chats webhooks (2026-01): a hook of the channel is sent once and never repeated, success is status 200, "
    "the time for the answer is limited without a number (5 s is this fake's). Webhooks of the CRM: 2 s, success is 100 to "
    "299, repeated after 5 and 15 minutes, and after another 15 minutes and an hour where the answer was 499 or 5xx",
)
