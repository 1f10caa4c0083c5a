"""Chatwoot: client API of an API inbox, application API, agent bots and webhooks."""

from chatdrill_fakes.desks.chatwoot.state import ChatwootState
from chatdrill_fakes.desks.chatwoot.wire import Chatwoot, desk

__all__ = ["Chatwoot", "ChatwootState", "desk"]
