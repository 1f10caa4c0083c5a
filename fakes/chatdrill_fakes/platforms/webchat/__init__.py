"""The fake ``webchat``: the Bot Connector between a site's chat and a bot, and Direct Line on its other side."""

from chatdrill_fakes.platforms.webchat.state import WebChatState
from chatdrill_fakes.platforms.webchat.wire import platform

__all__ = ["WebChatState", "platform"]
