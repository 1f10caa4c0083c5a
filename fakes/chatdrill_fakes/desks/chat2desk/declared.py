"""What the fake of Chat2Desk declares: settings, capabilities, delivery."""

from __future__ import annotations

from chatdrill.wire import Delivery, DeskCapabilities, Retry, Setting

MODES = ("demo", "read-only", "full")

SETTINGS: tuple[Setting, ...] = (
    Setting("token", "c2d0f3b1a5e84d7c92b6e0a4f8d13c", "API token", "CHAT2DESK_TOKEN", secret=True),
    Setting("channel_id", "15", "id of the channel", "CHAT2DESK_CHANNEL_ID"),
    Setting("transport", "external", "transport of the channel", "CHAT2DESK_TRANSPORT"),
    Setting("company_name", "Atelier", "the company", "CHAT2DESK_COMPANY_NAME"),
    Setting("mode", "full", f"what the token may do: {', '.join(MODES)}", "CHAT2DESK_MODE"),
    # The change log of June 2025 brings signatures by HMAC; who does not read the header misses nothing.
    Setting(
        "webhook_secret",
        "c2d-webhook-chatdrill",
        "signs the webhooks; empty: they are not signed",
        "CHAT2DESK_WEBHOOK_SECRET",
        secret=True,
    ),
    Setting("signature_header", "X-Signature", "header of the signature", "CHAT2DESK_SIGNATURE_HEADER"),
    Setting("signature_hash", "sha256", "hash of the signature: sha1, sha256, sha512", "CHAT2DESK_SIGNATURE_HASH"),
    Setting("rate_limits", "yes", "refuse more than 300 calls in a minute", "CHAT2DESK_RATE_LIMITS"),
    Setting("calls_per_month", "0", "calls of the tariff in a month; 0: no limit", "CHAT2DESK_CALLS_PER_MONTH"),
    Setting(
        "inbox_opens", "no", "a customer's message opens the dialog, as without a scenario", "CHAT2DESK_INBOX_OPENS"
    ),
    Setting("auto_assign", "no", "give an opened dialog to the operator with the least", "CHAT2DESK_AUTO_ASSIGN"),
    Setting("max_open_dialogs", "0", "of one operator; 0: each agent's own capacity", "CHAT2DESK_MAX_OPEN_DIALOGS"),
    Setting("office_hours", "", "UTC hours when somebody works, 9-18; empty: always", "CHAT2DESK_OFFICE_HOURS"),
    Setting("away_message", "", "automatic answer outside the office hours", "CHAT2DESK_AWAY_MESSAGE"),
    Setting("survey", "", "question after a request is closed; empty: none", "CHAT2DESK_SURVEY"),
    Setting("tags", "vip,handoff,complaint", "tags of the account, by commas", "CHAT2DESK_TAGS"),
)
FOR_BOTS = frozenset(
    {"token", "channel_id", "transport", "webhook_secret", "signature_header", "signature_hash", "survey"}
)

LACKS = {
    "decline": "chat2desk offers a dialog to nobody in particular: it stays in the queue until somebody takes it",
    "edit_reply": "chat2desk lets nobody change a message that was sent; write another",
    "delete_reply": "chat2desk lets nobody take back a message that was sent",
    "rate": "chat2desk has no survey page: the customer answers the question with a digit in the chat",
    "pending": "a dialog of chat2desk is open or closed, nothing between",
    "snoozed": "a dialog of chat2desk is open or closed, nothing between",
    "parts": "an operator of chat2desk sends words and files",
}
CAPABILITIES = DeskCapabilities(
    acts=frozenset(
        {"accept", "take_over", "reply", "note", "agent_typing", "transfer", "set_state", "close", "release", "reopen"}
        | {"set_presence", "elapse"}
    ),
    lacks=LACKS,
    mirrors=True,
    survey="message",
    reopens="same",
    retries_hooks=False,
    media="url",
)

DELIVERY = Delivery(
    ack_timeout_s=10.0,
    success="2xx",
    retry=Retry(delays_s=(0.0,), attempts_max=1),
    order="first_try",
    concurrency_max=10,
    source="Chat2Desk publishes neither a time-out nor a retry (API v1 collection, January 2026): one attempt and 10 s "
    "are the cautious reading",
)
