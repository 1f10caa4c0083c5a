"""What the hub declares: settings, capabilities, delivery."""

from __future__ import annotations

from chatdrill.wire import Delivery, DeskCapabilities, Retry, Setting

WHEN_NOBODY = ("queue", "fail")

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "app_id", "5b1f3c5e-9a0d-4c8b-8f27-6d0f4e2a7c11", "the bot's app id; empty: without tokens", "MicrosoftAppId"
    ),
    Setting("app_password", "chatdrill~app~password", "the bot's password", "MicrosoftAppPassword", secret=True),
    Setting("token", "chatdrill-connector-token", "token the bot shows the hub", "BOTFRAMEWORK_TOKEN", secret=True),
    Setting(
        "hub_token", "", "what the hub shows the bot; empty: a signed token", "BOTFRAMEWORK_HUB_TOKEN", secret=True
    ),
    Setting("channel_id", "agenthub", "channelId of the hub's activities", "BOTFRAMEWORK_CHANNEL_ID"),
    Setting("bot_name", "Bot", "name of the bot's account", "BOTFRAMEWORK_BOT_NAME"),
    Setting("extra_state", "", "a state of the hub's own, told after each request", "BOTFRAMEWORK_EXTRA_STATE"),
    Setting("when_nobody", "queue", "with no agent online: queue, or fail at once", "BOTFRAMEWORK_WHEN_NOBODY"),
    Setting("skills", "no", "fail at once if no team is named like value.Skill", "BOTFRAMEWORK_SKILLS"),
    Setting("auto_assign", "no", "offer each request to the agent with the least", "BOTFRAMEWORK_AUTO_ASSIGN"),
    Setting(
        "accept_timeout_s", "0", "fail after so many seconds in the queue; 0: never", "BOTFRAMEWORK_ACCEPT_TIMEOUT_S"
    ),
    Setting("rate_limits", "no", "refuse more than 50 calls in a second", "BOTFRAMEWORK_RATE_LIMITS"),
)
FOR_BOTS = frozenset({"app_id", "app_password", "token", "hub_token", "channel_id"})

LACKS = {
    "reopen": "a hand-off that was completed is over: the agent takes over, or the bot initiates another",
    "rate": "the protocol has no survey; the bot asks, if anybody does",
    "pending": "the protocol knows accepted, failed and completed only",
    "snoozed": "the protocol knows accepted, failed and completed only",
    "open": "the protocol knows accepted, failed and completed only: the agent takes over",
    "new": "the protocol knows accepted, failed and completed only",
    "parts": "an agent of the hub sends words and files",
}
CAPABILITIES = DeskCapabilities(
    acts=frozenset(
        {"accept", "decline", "take_over", "reply", "edit_reply", "delete_reply", "note", "agent_typing", "transfer"}
        | {"set_state", "close", "release", "set_presence", "elapse"}
    ),
    lacks=LACKS,
    survey="none",
    reopens="new",
    retries_hooks=False,
    media="both",
)

DELIVERY = Delivery(
    ack_timeout_s=15.0,
    success="2xx",
    retry=Retry(delays_s=(0.0,), attempts_max=1),
    order="first_try",
    concurrency_max=100,
    source="Microsoft, Bot Connector (2025): 200, 201 or 202 within 15 s; the service does not try again and promises no "
    "order between activities",
)
