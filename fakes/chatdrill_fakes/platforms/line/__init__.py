"""The LINE Messaging API."""

from chatdrill_fakes.platforms.line.state import LineState
from chatdrill_fakes.platforms.line.wire import Line, platform

__all__ = ["Line", "LineState", "platform"]
