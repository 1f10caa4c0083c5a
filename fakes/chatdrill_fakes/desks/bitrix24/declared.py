"""What the fake of Bitrix24 declares: settings, capabilities, delivery."""

from __future__ import annotations

from chatdrill.wire import Delivery, DeskCapabilities, Retry, Setting

SCOPE = "imconnector,imopenlines,imbot,im,crm,user,timeman"
PRIMARY_EVENTS = (
    "ONIMCONNECTORMESSAGEADD,ONIMCONNECTORMESSAGEUPDATE,ONIMCONNECTORMESSAGEDELETE,"
    "ONIMCONNECTORDIALOGSTART,ONIMCONNECTORDIALOGFINISH"
)

SETTINGS: tuple[Setting, ...] = (
    Setting("access_token", "c978b990071b0008440001b0895f697a", "access token", "BITRIX24_ACCESS_TOKEN", secret=True),
    Setting("refresh_token", "4s386p3q0tr8dy89xvmt96234v3dljg8", "refreshes it", "BITRIX24_REFRESH_TOKEN", secret=True),
    Setting("client_id", "local.67d1a2b3c4d5e6.12345678", "id of the application", "BITRIX24_CLIENT_ID"),
    Setting("client_secret", "chatdrillclientsecret", "its secret", "BITRIX24_CLIENT_SECRET", secret=True),
    Setting(
        "application_token",
        "831c76b092f9f135d9b6b36c3a720757",
        "proves that an event is the portal's",
        "BITRIX24_APPLICATION_TOKEN",
        secret=True,
    ),
    Setting("user_id", "1", "the administrator who installed the application", "BITRIX24_USER_ID"),
    Setting("webhook_code", "chatdrillwebhook", "code of the incoming webhook", "BITRIX24_WEBHOOK_CODE", secret=True),
    Setting("member_id", "bac1cd5c8940947a75e0d71b1a84e348", "id of the portal", "BITRIX24_MEMBER_ID"),
    Setting("domain", "chatdrill.bitrix24.com", "the portal", "BITRIX24_DOMAIN"),
    Setting("connector", "chatdrill", "code of the custom connector, registered and active", "BITRIX24_CONNECTOR"),
    Setting("line", "107", "id of the open line", "BITRIX24_LINE"),
    Setting("scope", SCOPE, "what the application and the webhook may call", "BITRIX24_SCOPE"),
    Setting("events", PRIMARY_EVENTS, "events that the application bound when installed", "BITRIX24_EVENTS"),
    Setting("chat_group", "no", "the connector keys dialogs by chat.id, not by user.id", "BITRIX24_CHAT_GROUP"),
    Setting("welcome_bot", "no", "put the first open-line bot on the line when it registers", "BITRIX24_WELCOME_BOT"),
    Setting("rate_limits", "yes", "refuse what is too fast (503)", "BITRIX24_RATE_LIMITS"),
    Setting("enterprise", "no", "the Enterprise plan: 5 calls a second, 250 at once", "BITRIX24_ENTERPRISE"),
    Setting("tokens_expire", "no", "the first access token too is over after an hour", "BITRIX24_TOKENS_EXPIRE"),
    Setting("dedupe_messages", "no", "a message.id that was sent already is not added again", "BITRIX24_DEDUPE"),
    Setting("strict_names", "no", "refuse names the documentation forbids", "BITRIX24_STRICT_NAMES"),
    Setting("vote", "no", "ask the customer for a rating (1 or 0) when a dialog is finished", "BITRIX24_VOTE"),
)
FOR_BOTS = frozenset(
    {
        "access_token", "refresh_token", "client_id", "client_secret", "application_token", "user_id", "webhook_code",
        "member_id", "domain", "connector", "line",
    }
)  # fmt: skip

CAPABILITIES = DeskCapabilities(
    acts=frozenset(
        {
            "accept", "decline", "take_over", "reply", "edit_reply", "delete_reply", "note", "agent_typing", "transfer",
            "close", "reopen", "set_presence", "elapse",
        }
    ),
    lacks={
        "set_state": "bitrix24 has no statuses that an operator sets: a dialog is taken, skipped, transferred, finished",
        "release": "bitrix24 gives nothing back to a bot but by finishing: the next session may begin with it",
        "rate": "bitrix24 asks in the chat: the customer answers 1 or 0 as a message (setting 'vote')",
        "parts": "an operator of bitrix24 sends text and files",
        "edits": "an edit or deletion reaches the connector only for a message whose delivery was confirmed",
        "typing": "bitrix24 tells a custom connector nothing of typing",
        "stale": "an event of bitrix24 carries no signed time; its application_token never grows old",
    },
    survey="message",
    reopens="same",
    retries_hooks=False,
    media="url",
)  # fmt: skip

ONCE = Retry(delays_s=(0.0,), attempts_max=1)
DELIVERY = Delivery(
    ack_timeout_s=30.0,
    success="2xx",
    retry=ONCE,
    order="first_try",
    concurrency_max=10,
    registered_by="bot",
    source="Bitrix24 REST documentation, events (2026-08): an event that was not taken is lost; the time-out, the number "
    "of connections and the order are published nowhere and assumed here",
)
