"""What people and bots can say and do on Messenger, and what becomes of the rest."""

from __future__ import annotations

from chatdrill.wire import Capabilities

from .inbound.events import EVENT_NAMES

_MEDIA = ("photo", "video", "voice", "audio", "document", "sticker", "animation", "video_note")

CAPABILITIES = Capabilities(
    customer_parts=frozenset(
        {"text", "location", "contact", "order", "products", "form", "other", *(f"media.{kind}" for kind in _MEDIA)}
    ),
    bot_parts=frozenset(
        {
            "text",
            "media.photo",
            "media.animation",
            "media.video",
            "media.audio",
            "media.document",
            "media.sticker",
            "keyboard.quick_replies",
            "keyboard.inline",
            "carousel",
            "template",
            "order",
            "products",
            "form",
            "other",
        }
    ),
    acts=frozenset(
        {
            "write",
            "press",
            "edit",
            "delete",
            "react",
            "start",
            "typing",
            "read",
            "block",
            "unblock",
            "receipt",
            "echo",
            "event",
        }
    ),
    events=EVENT_NAMES,
    lacks={
        "text.spans": "formatting is not transmitted: the words arrive plain",
        "media.caption": "attachments have no caption: it follows as a message of its own",
        "contact": "there are no contact cards; the own number goes by the quick reply user_phone_number",
        "location": "only old clients send a location; the bot cannot ask for one",
        "forwarded": "the bot is not told that a message was forwarded",
        "delete": "the bot is not told that a message was taken back; reading it gives error 9000001",
        "typing": "the bot is not told that a customer types",
        "block": "the bot is not told; its next message fails with 551/1545041",
        "receipt": "delivered and read are told; that a message was sent or failed, the answer to the call says",
        "keyboard.reply": "there is no keyboard in place of the keys: use quick replies",
        "keyboard.list": "there are no lists: use a generic template",
        "start": "ice breakers take the place of Get Started: where the Page has them, opening the chat tells nothing",
        "rate of one thread": "Meta publishes no figure for it (613/2018338), so a single thread has no limit of its own",
        "bot.edit": "a Page cannot edit or delete what it has sent",
    },
)
