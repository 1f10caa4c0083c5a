"""What the fake of the Bot Connector declares: its settings, and what people and bots can say."""

from __future__ import annotations

from chatdrill.wire import Capabilities, Setting
from chatdrill_fakes.platforms.webchat.events import EVENT_NAMES

SETTINGS: tuple[Setting, ...] = (
    Setting("app_id", "5b1f3c5e-9a0d-4c8b-8f27-6d0f4e2a7c11", "the bot's app id; without one neither side shows a token, as with the Emulator", "MicrosoftAppId"),
    Setting("app_password", "chatdrill~app~password", "the app's secret, for the login service", "MicrosoftAppPassword", secret=True),
    Setting("token", "chatdrill-webchat-connector-token", "a token that is good for ever, for bots that do not log in", "WEBCHAT_TOKEN", secret=True),
    Setting("token_valid_s", "86399", "seconds for which a token of the login service is good", "WEBCHAT_TOKEN_VALID_S"),
    Setting("signing_key", "k#first", "stands for the key that signs what the bot is told; any other word for one that the bot must not believe", "WEBCHAT_SIGNING_KEY", secret=True),
    Setting("channel_id", "webchat", "webchat, directline, emulator, msteams ...: in the first two a bot cannot change what it said, nor begin", "WEBCHAT_CHANNEL_ID"),
    Setting("region", "", "what stands behind the address in serviceUrl (emea): only there the conversation is known", "WEBCHAT_REGION"),
    Setting("bot_id", "stepwell@chatdrill", "the bot's account in the channel", "WEBCHAT_BOT_ID"),
    Setting("bot_name", "Stepwell Shoes", "its name", "WEBCHAT_BOT_NAME"),
    Setting("delivery_mode", "normal", "normal, or expectReplies: the bot answers in its answer", "WEBCHAT_DELIVERY_MODE"),
    Setting("directline_secret", "chatdrill.directline.secret", "for clients of Direct Line", "WEBCHAT_DIRECTLINE_SECRET", secret=True),
)  # fmt: skip
FOR_BOTS = frozenset({"app_id", "app_password", "token", "channel_id", "directline_secret"})
DELIVERY_MODES = ("normal", "expectReplies")

_MEDIA = ("photo", "video", "voice", "audio", "document", "animation")
LACKS = {
    "block": "nobody can block a bot in a web chat: they close the page, and the bot is not told",
    "read": "there are no read receipts",
    "receipt": "the bot is not told what becomes of its messages",
    "echo": "a bot is never shown its own messages",
    "media.sticker": "there are no stickers in a web chat: send a picture",
    "media.video_note": "there are no round videos in a web chat: send a video",
    "location": "the page sends no location: write the address",
    "contact": "there are no contact cards: write the number",
    "order": "there are no baskets in a web chat",
    "products": "there is no catalogue in a web chat",
    "template": "nothing needs approval: write whenever the conversation is there",
    "keyboard.reply": "buttons stand under a message, or are suggested actions",
    "keyboard.list": "there are no lists behind a button: use a card or suggested actions",
    "text.spans": "what customers type has no formatting",
    "forwarded": "nothing can be forwarded in a web chat",
    "reply_to": "a customer cannot answer to one message",
    "referral": "what the page knows comes as the event webchat/join",
    "bot.edit": "a bot cannot change or delete what it said in webchat and directline; in other channels (setting channel_id) it can",
}

CAPABILITIES = Capabilities(
    customer_parts=frozenset({"text", "form", *(f"media.{kind}" for kind in _MEDIA)}),
    bot_parts=frozenset(
        {
            "text",
            "carousel",
            "keyboard.inline",
            "keyboard.quick_replies",
            "order",
            "form",
            "other",
            "media.photo",
            "media.video",
            "media.audio",
            "media.document",
            "media.animation",
        }
    ),
    acts=frozenset({"write", "press", "edit", "delete", "react", "start", "typing", "event"}),
    events=EVENT_NAMES,
    lacks=LACKS,
)
