"""What the fake page declares: its settings, and what visitors and bots can say."""

from __future__ import annotations

from chatdrill.wire import Capabilities, Setting

SETTINGS: tuple[Setting, ...] = (
    Setting("callback_token", "chatdrill-rasa-callback", "stands in the address of the callback channel, so that nobody else finds it", "RASA_CALLBACK_TOKEN", secret=True),
    Setting("proxy_token", "chatdrill-rasa-proxy", "the bearer's word that a proxy before the bot asks for, as the channels look at nothing; empty for none", "RASA_PROXY_TOKEN", secret=True),
    Setting("start", "/session_start", "what is sent as a visitor opens the chat; '/greet' is usual, too", "RASA_START"),
    Setting("page", "/shoes", "the page that the visitor is on, in metadata", "RASA_PAGE"),
    Setting("stream", "no", "ask for ?stream=true: the answers come as lines, one message each", "RASA_STREAM"),
)  # fmt: skip

_NO_FILES = "the REST channel takes no files: describe it in words"
LACKS = {
    "block": "a visitor closes the page, and the bot is not told",
    "read": "there are no read receipts",
    "receipt": "the bot is not told what becomes of its messages",
    "echo": "a bot is never shown its own messages",
    "typing": "the bot is not told that a visitor types",
    "edit": "what was sent stays as it is",
    "delete": "what was sent stays as it is",
    "react": "there are no reactions",
    "event": "the channel has nothing but messages",
    "media": _NO_FILES,
    "location": "the REST channel takes no locations: write the address",
    "contact": "there are no contact cards: write the number",
    "order": "there are no baskets",
    "products": "there is no catalogue",
    "form": "there are no forms that a visitor fills in: the bot asks",
    "template": "nothing needs approval",
    "keyboard.quick_replies": "buttons stand under a message",
    "keyboard.reply": "buttons stand under a message",
    "keyboard.list": "buttons stand under a message",
    "text.spans": "what visitors type has no formatting",
    "forwarded": "nothing can be forwarded",
    "reply_to": "a visitor cannot answer to one message",
    "bot.edit": "a bot cannot change or delete what it said",
}

CAPABILITIES = Capabilities(
    customer_parts=frozenset({"text"}),
    bot_parts=frozenset({"text", "keyboard.inline", "carousel", "media.photo", "media.video", "media.audio", "media.document", "media.animation", "other"}),
    acts=frozenset({"write", "press", "start"}),
    lacks=LACKS,
)  # fmt: skip
