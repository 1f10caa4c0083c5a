"""What customers and bots can say and do on Telegram, and what they cannot."""

from __future__ import annotations

from chatdrill.model import MEDIA_KINDS
from chatdrill.wire import Capabilities
from chatdrill_fakes.platforms.telegram.state import UPDATE_NAMES

_MEDIA = frozenset(f"media.{kind}" for kind in MEDIA_KINDS)

# Updates beside those of plain acts that an event can bring, by the vendor's names; service messages by their field.
SERVICE_MESSAGES = (
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "successful_payment",
    "users_shared",
    "chat_shared",
    "write_access_allowed",
    "web_app_data",
    "forum_topic_created",
)

CAPABILITIES = Capabilities(
    customer_parts=frozenset(("text", "location", "contact", "other")) | _MEDIA,
    bot_parts=frozenset(
        (
            "text",
            "location",
            "contact",
            "keyboard.inline",
            "keyboard.reply",
            "keyboard_removed",
            "reply_forced",
            "other",
        )
    )
    | _MEDIA,
    acts=frozenset(
        ("write", "press", "edit", "delete", "react", "start", "typing", "read", "block", "unblock", "event")
    ),
    events=frozenset((*UPDATE_NAMES, *SERVICE_MESSAGES)),
    lacks={
        "typing": "the bot is never told that a customer types",
        "read": "the bot is never told that a customer has read",
        "delete": "the bot is not told of deleted messages (in a business chat: event deleted_business_messages)",
        "receipt": "Telegram reports no delivery and no reading to bots; a blocked bot gets 403 when it sends",
        "echo": "the bot's own messages never come back",
        "keyboard": "a customer has no buttons to send; press one of the bot's instead",
        "keyboard_removed": "only a bot removes keyboards",
        "reply_forced": "only a bot forces a reply",
        "keyboard.quick_replies": "there are no quick replies; use a reply keyboard with one_time",
        "keyboard.list": "there are no list messages; use an inline keyboard",
        "carousel": "there are no carousels; send photos with inline keyboards one after the other",
        "template": "there are no templates; within the rate limits a bot writes whenever it likes",
        "order": "there are no baskets; use the event successful_payment or web_app_data",
        "products": "there is no catalogue; send photos with inline keyboards",
        "form": "there are no forms; use the event web_app_data",
        "postback": "there are no postback buttons; press a button of kind 'callback'",
        "request_email": "no button asks for an e-mail address; the bot has to ask in words",
        "call": "no button dials a number; the bot sends a contact",
    },
)
