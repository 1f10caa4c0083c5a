"""Something that the bot has shown, to act upon."""

from __future__ import annotations

from chatdrill.model import Keyboard, Message, Template, Text
from whatsapp.kit import NOW, Account

WEBP_ANIMATED = (
    b"RIFF\x24\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00ANIM\x06\x00\x00\x00"
    + b"\0" * 12
)
BOT_MESSAGE = "wamid.HBgNNDkxNTE1NTUwMTIzNBUCABEYEjVGNDI1QTc0RjEzMDMzNDkyQQA="


def bot_says(account: Account, *parts: Text | Keyboard | Template) -> str:
    message = Message(ids=(BOT_MESSAGE,), author="bot", parts=parts, at=NOW)
    account.chat.messages[BOT_MESSAGE] = message
    return BOT_MESSAGE
