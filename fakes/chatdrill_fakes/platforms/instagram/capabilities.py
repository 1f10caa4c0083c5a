"""What people and bots can say and do on Instagram, and what becomes of the rest."""

from __future__ import annotations

from chatdrill.model.messages import ACT_NAMES
from chatdrill.wire import Capabilities

from .inbound.events import EVENT_NAMES
from .inbound.writing import TYPES

_UNSEEN = "the bot is told is_unsupported and nothing more: send {other: unsupported}"
_NO_WEBHOOK = "produces no webhook at all"

CAPABILITIES = Capabilities(
    customer_parts=frozenset({"text", "contact", "other", *(f"media.{kind}" for kind in TYPES)}),
    bot_parts=frozenset(
        {
            "text",
            "media.photo",
            "media.animation",
            "media.video",
            "media.audio",
            "media.document",
            "keyboard.quick_replies",
            "keyboard.inline",
            "carousel",
            "products",
            "other",
        }
    ),
    acts=frozenset(ACT_NAMES),
    events=EVENT_NAMES,
    lacks={
        "text.spans": "formatting is not transmitted: the words arrive plain",
        "media.caption": "attachments have no caption: it follows as a message of its own",
        "media.sticker": f"a sticker {_NO_WEBHOOK}",
        "media.animation": f"a GIF {_NO_WEBHOOK}",
        "media.video_note": "there are no round videos",
        "location": _UNSEEN,
        "contact": "there are no contact cards; the own number goes by the quick reply user_phone_number",
        "order": "there are no baskets",
        "products": "a product page that somebody writes from is a referral of source product",
        "form": "there are no forms",
        "forwarded": "the bot is not told that a message was forwarded",
        "edit.window": "within 15 minutes; told only where the account logs in without a Page (login instagram)",
        "typing": "the bot is not told that a customer types",
        "block": "the bot is not told; its next message fails with 100/2534029",
        "receipt": "only that a message was seen is told: there are no delivery events",
        "keyboard.reply": "there is no keyboard in place of the keys: use quick replies",
        "keyboard.list": "there are no lists: use a generic template",
        "start": "there is no Get Started: an ice breaker is pressed, and a link is told with the first message",
        "bot.edit": "an account cannot edit or unsend by API what it has sent",
        "bot.upload": "files of the bot's are fetched from an address: uploads in the request are refused",
    },
)
