"""What SMS has not, whoever carries it."""

from __future__ import annotations

from chatdrill.wire import NO_BUTTONS

MEDIA = ("photo", "video", "voice", "audio", "document", "sticker", "animation", "video_note")
ACTS = frozenset({"write", "press", "start", "typing", "read", "block", "unblock", "receipt", "event"})
LACKS = {
    "text.spans": "an SMS has no formatting: the bot gets the plain words",
    "reply_to": "the bot is not told what a message answers",
    "forwarded": "the bot is not told that a message was forwarded",
    "referral": "an SMS carries no reference but its words",
    "start": "there is no start: it is a text, the one that a link fills in or a greeting",
    "edit": "an SMS cannot be edited once it is sent",
    "delete": "an SMS cannot be taken back once it is sent",
    "react": "there are no reactions in SMS",
    "echo": "a bot is never shown its own messages",
    "typing": "the bot is not told that a customer types, and cannot show that it does",
    "read": "there are no read receipts in SMS",
    "location": "an SMS carries no location: send the address as words",
    "contact": "a contact is a vCard in an MMS: send it as a document",
    "order": "there are no orders in SMS",
    "form": "there are no forms in SMS",
    "products": "there are no products in SMS",
    "carousel": "there are no cards in SMS",
    "keyboard.inline": NO_BUTTONS,
    "keyboard.reply": NO_BUTTONS,
    "keyboard.quick_replies": NO_BUTTONS,
    "keyboard.list": NO_BUTTONS,
    "bot.edit": "a bot cannot edit, delete or react to anything on the customer's phone",
}
GREETING = "Hi"
"""What somebody writes who opens the chat by a link without words."""
