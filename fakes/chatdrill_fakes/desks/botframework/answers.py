"""Errors of the connector, and what a call must bring before it is looked at."""

from __future__ import annotations

from chatdrill_fakes.desks.botframework.state import BotFrameworkState, Conversation
from chatdrill_fakes.families.connector.errors import error
from chatdrill_fakes.families.desks import Refused, Visit

At = Visit[BotFrameworkState]


def refuse(status: int, code: str, message: str) -> Refused:
    """To be raised."""
    return Refused(error(status, code, message), f"{code}: {message}")


def conversation_of(visit: At) -> Conversation:
    """The conversation of the path; raises ``Refused``."""
    conversation = visit.state.tickets.get(visit.params["conversation"])
    if conversation is None:
        raise refuse(404, "ConversationNotFound", "Unknown conversation id")
    visit.to = conversation.address
    return conversation
