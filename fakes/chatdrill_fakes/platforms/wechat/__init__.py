"""WeChat's official accounts (service accounts)."""

from chatdrill_fakes.platforms.wechat.state import WeChatState
from chatdrill_fakes.platforms.wechat.wire import WeChat, platform

__all__ = ["WeChat", "WeChatState", "platform"]
