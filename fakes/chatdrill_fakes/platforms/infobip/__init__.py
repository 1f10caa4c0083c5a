"""Infobip: SMS and MMS."""

from chatdrill_fakes.platforms.infobip.state import InfobipState
from chatdrill_fakes.platforms.infobip.wire import Infobip, platform

__all__ = ["Infobip", "InfobipState", "platform"]
