"""What the fake of Viber declares: its settings, and what people and bots can say."""

from __future__ import annotations

from chatdrill.wire import Capabilities, Setting
from chatdrill_fakes.platforms.viber.events import EVENT_NAMES

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "token",
        "5217a3b4c6d8e0f1-9a8b7c6d5e4f3021-1122334455667788",
        "token of the bot; it also signs the webhooks",
        "VIBER_TOKEN",
        secret=True,
    ),
    Setting("name", "Acme Help", "name of the bot", "VIBER_BOT_NAME"),
    Setting("uri", "acmehelp", "address of the bot in links", "VIBER_BOT_URI"),
    Setting("id", "pa:5123456789012345678", "id of the bot", "VIBER_BOT_ID"),
    Setting("send_name", "no", "tell customers' names; set_webhook may say otherwise", "VIBER_SEND_NAME"),
    Setting("send_photo", "no", "tell customers' pictures; set_webhook may say otherwise", "VIBER_SEND_PHOTO"),
    Setting("personalization", "yes", "customers let bots know their name and picture", "VIBER_PERSONALIZATION"),
    Setting("api_version", "10", "highest API level of the customers' devices, 1 to 10", "VIBER_API_VERSION"),
    Setting("devices", "1", "devices of a customer: 'delivered' comes from each", "VIBER_DEVICES"),
    Setting("device_os", "android", "android or ios: how large a picture may be", "VIBER_DEVICE_OS"),
    Setting("receipts", "yes", "report delivered and seen", "VIBER_RECEIPTS"),
    Setting("seen", "last", "'seen' for the last unread message, or for 'all'", "VIBER_SEEN"),
    Setting("delivered_inbound", "no", "report customers' own messages as delivered, too", "VIBER_DELIVERED_INBOUND"),
    Setting("require_sender", "no", "refuse messages without sender.name", "VIBER_REQUIRE_SENDER"),
    Setting("billing_status", "1", "what the answer to a send says of its price", "VIBER_BILLING_STATUS"),
    Setting("rate_limits", "yes", "refuse what is too much (status 12)", "VIBER_RATE_LIMITS"),
    Setting("strict", "no", "refuse webhooks that are not https", "VIBER_STRICT"),
)
FOR_BOTS = frozenset({"token", "name", "uri", "id"})

LACKS = {
    "text.spans": "formatting is not transmitted: the bot gets the plain words",
    "media.voice": "a voice note arrives as a file (Viber does not document it)",
    "media.audio": "a sound arrives as a file",
    "media.animation": "a moving picture arrives as a picture (Viber does not document it)",
    "media.caption": "only pictures and videos have a caption; any other follows as a message of its own",
    "albums": "pictures that were chosen together arrive one by one",
    "reply_to": "the bot is not told what a message answers",
    "forwarded": "the bot is not told that a message was forwarded",
    "referral": "a link carries a context when the chat is opened, a message carries nothing",
    "edit": "the bot is not told that a message was edited",
    "delete": "the bot is not told that a message was deleted",
    "react": "the bot is not told of reactions",
    "echo": "a bot is never shown its own messages",
    "typing": "the bot is not told that a customer types, and cannot show that it does",
    "order": "Viber has no orders",
    "form": "Viber has no forms",
    "products": "Viber has no products",
    "template": "bots have no templates: they write whenever the customer is subscribed",
    "keyboard.inline": "Viber has no buttons under a message: send a keyboard or rich media",
    "keyboard.quick_replies": "Viber has no quick replies: send a keyboard",
    "keyboard.list": "Viber has no lists: send a keyboard or rich media",
    "bot.edit": "a bot cannot edit, delete or react to anything",
    "bot.formatting": "marks of bold and italic in the bot's words are left as they stand",
}

CAPABILITIES = Capabilities(
    customer_parts=frozenset(
        {
            "text",
            "media.photo",
            "media.video",
            "media.voice",
            "media.audio",
            "media.document",
            "media.sticker",
            "media.animation",
            "media.video_note",
            "location",
            "contact",
            "other",
        }
    ),
    bot_parts=frozenset(
        {
            "text",
            "media.photo",
            "media.video",
            "media.document",
            "media.sticker",
            "media.animation",
            "location",
            "contact",
            "keyboard.reply",
            "carousel",
        }
    ),
    acts=frozenset(
        {"write", "press", "edit", "delete", "react", "start", "typing", "read", "block", "unblock", "receipt", "event"}
    ),
    events=EVENT_NAMES,
    lacks=LACKS,
)
