"""What the fake of LINE declares: its settings, and what people and bots can say."""

from __future__ import annotations

from chatdrill.wire import Capabilities, Setting

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "token",
        "chatdrillLineAccessToken0123456789abcdefghijklmnopqrstuvwxyz+/ABCDEFGHIJKLMNOPQRSTUVWXYZ=",
        "channel access token, as the console gives it",
        "LINE_CHANNEL_ACCESS_TOKEN",
        secret=True,
    ),
    Setting(
        "secret",
        "3f9a1c77d2e84b60a5c1f0b29e6d7a84",
        "channel secret: it signs the webhooks",
        "LINE_CHANNEL_SECRET",
        secret=True,
    ),
    Setting("channel_id", "1656789012", "id of the channel", "LINE_CHANNEL_ID"),
    Setting(
        "user_id",
        "U0d3f5a7b9c1e2f4a6b8d0c2e4f6a8b1c",
        "id of the account, to which webhooks are addressed",
        "LINE_BOT_USER_ID",
    ),
    Setting("basic_id", "@acme", "address of the account in links", "LINE_BASIC_ID"),
    Setting("name", "Acme Help", "name of the account", "LINE_BOT_NAME"),
    Setting("friends", "yes", "customers have added the account before they write", "LINE_FRIENDS"),
    Setting(
        "redelivery",
        "no",
        "send webhooks again that failed; a switch in the console, off there, too",
        "LINE_REDELIVERY",
    ),
    Setting("webhook", "yes", "what 'Use webhook' in the console says to the bot", "LINE_USE_WEBHOOK"),
    Setting("quota", "none", "counted messages in a month, or none: no limit", "LINE_QUOTA"),
    Setting("verified", "no", "a verified account: it may list its friends", "LINE_VERIFIED"),
    Setting(
        "preparing_s",
        "3",
        "seconds until a customer's sound or film of a megabyte and more can be fetched",
        "LINE_PREPARING_S",
    ),
    Setting("rate_limits", "yes", "refuse what is too much (429)", "LINE_RATE_LIMITS"),
    Setting("strict", "no", "take no plain http, not even on this machine", "LINE_STRICT"),
)
FOR_BOTS = frozenset({"token", "secret", "channel_id", "user_id", "basic_id", "name"})

LACKS = {
    "text.spans": "formatting is not transmitted; only emojis of LINE's own and mentions are",
    "media.caption": "nothing has a caption: the words follow as a message of their own",
    "media.voice": "a voice note arrives as a sound",
    "media.animation": "a moving picture arrives as an image (LINE does not document it)",
    "media.sticker.file": "a sticker's picture cannot be fetched, its numbers are told",
    "contact": "no message event carries a contact card",
    "order": "LINE has no orders",
    "form": "LINE has no forms",
    "products": "LINE has no products",
    "template": "nothing has to be approved: the account writes to its friends whenever it likes",
    "forwarded": "the bot is not told that a message was forwarded",
    "referral": "a link carries words which the customer sends as a message; an account that is added tells of no link",
    "edit": "the bot is told of edits in groups only (the event messageEdited)",
    "react": "the bot is not told of reactions",
    "typing": "the bot is not told that a customer types",
    "read": "the bot is not told what was read",
    "receipt": "the bot is not told what becomes of its messages: LINE counts them once a day",
    "echo": "the bot is never shown its own messages",
    "keyboard.reply": "LINE has no keyboard in place of the keys: send quick replies, a template or a rich menu",
    "keyboard.list": "LINE has no lists: send a carousel",
    "bot.document": "the account cannot send files: send a link",
    "bot.contact": "the account cannot send contact cards",
    "bot.edit": "the account cannot edit or delete what it sent",
}

_PARTS = (
    "text", "media.photo", "media.video", "media.voice", "media.audio", "media.document", "media.sticker", "media.animation",
    "media.video_note", "location",
)  # fmt: skip
_SHOWN = (
    "text", "media.photo", "media.video", "media.audio", "media.sticker", "location", "keyboard.inline", "keyboard.quick_replies",
    "carousel",
)  # fmt: skip
_ACTS = ("write", "press", "edit", "delete", "react", "start", "typing", "read", "block", "unblock", "event")


def capabilities(events: frozenset[str]) -> Capabilities:
    """All of it, with the names of the events."""
    return Capabilities(
        customer_parts=frozenset(_PARTS), bot_parts=frozenset(_SHOWN), acts=frozenset(_ACTS), events=events, lacks=LACKS
    )
