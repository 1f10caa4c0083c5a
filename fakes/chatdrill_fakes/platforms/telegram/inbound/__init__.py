"""From acts to updates: what the bot is told of what customers and the vendor do."""

from chatdrill_fakes.platforms.telegram.inbound.table import encode_act

__all__ = ["encode_act"]
