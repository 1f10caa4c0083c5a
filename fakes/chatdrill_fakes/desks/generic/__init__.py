"""A helpdesk that is declared in a file: its requests, answers, errors, webhooks, and whose a conversation is."""

from chatdrill_fakes.desks.generic.state import GenericState
from chatdrill_fakes.desks.generic.wire import Generic, declare, desk

__all__ = ["Generic", "GenericState", "declare", "desk"]
