"""Twilio Programmable Messaging: SMS and MMS."""

from chatdrill_fakes.platforms.twilio.state import TwilioState
from chatdrill_fakes.platforms.twilio.wire import Twilio, platform

__all__ = ["Twilio", "TwilioState", "platform"]
