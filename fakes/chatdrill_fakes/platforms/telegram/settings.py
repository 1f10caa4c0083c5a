"""What a user may set for the bot's account."""

from __future__ import annotations

from chatdrill.wire import Setting

SETTINGS = (
    Setting(
        "token",
        # A token is the bot's id, a colon and 35 characters.
        "7012345678:AAchatdrillDrillDrillDrillDrillDril",
        "the bot's token: <bot id>:<35 characters>",
        "TELEGRAM_BOT_TOKEN",
        secret=True,
    ),
    Setting(
        "webhook_secret",
        "chatdrill-secret",
        "offered to the bot for setWebhook; also sent where the webhook's address comes from the settings",
        "TELEGRAM_WEBHOOK_SECRET",
        secret=True,
    ),
    Setting("username", "acme_help_bot", "the bot's @username, without the @", "TELEGRAM_BOT_USERNAME"),
    Setting("name", "Acme Help", "the bot's name", "TELEGRAM_BOT_NAME"),
    Setting(
        "strict",
        "no",
        "'yes': setWebhook insists on https, the ports 443, 80, 88, 8443 and a public address; malformed tokens get the "
        "cloud's 404",
        "TELEGRAM_STRICT",
    ),
    Setting(
        "rate_limits",
        "yes",
        "'yes': 1 message/s in a chat and 20/min in a group, with a burst of 20; 'strict': also 30/s over all chats; "
        "'no': none",
        "TELEGRAM_RATE_LIMITS",
    ),
    Setting(
        "privacy_mode",
        "yes",
        "'yes': in groups the bot is told only of commands, mentions of it, replies to it and service messages",
        "TELEGRAM_PRIVACY_MODE",
    ),
    Setting(
        "private_reactions",
        "yes",
        "'yes': reactions in private chats are told too (the documentation speaks of groups only)",
        "TELEGRAM_PRIVATE_REACTIONS",
    ),
    Setting(
        "contact_plus",
        "no",
        "'yes': phone numbers of shared contacts begin with +, as some clients write them",
        "TELEGRAM_CONTACT_PLUS",
    ),
    Setting(
        "contact_replies",
        "no",
        "'yes': a contact shared by a button replies to the message with the button, as some clients do",
        "TELEGRAM_CONTACT_REPLIES",
    ),
)

_YES = frozenset(("yes", "true", "1", "on"))


def is_on(value: str) -> bool:
    """True for the words that switch a setting on."""
    return value.strip().lower() in _YES
