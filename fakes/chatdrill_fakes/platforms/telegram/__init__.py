"""The fake of Telegram: Bot API 10.1, webhooks and long polling."""

from __future__ import annotations

from chatdrill.wire import Platform
from chatdrill_fakes.platforms.telegram.state import TelegramState
from chatdrill_fakes.platforms.telegram.wire import Telegram

platform: Platform[TelegramState] = Telegram()

__all__ = ["Telegram", "TelegramState", "platform"]
