"""Intercom: contacts, conversations and tickets over REST, signed notifications to the bot."""

from chatdrill_fakes.desks.intercom.state import IntercomState
from chatdrill_fakes.desks.intercom.wire import Intercom, desk

__all__ = ["Intercom", "IntercomState", "desk"]
