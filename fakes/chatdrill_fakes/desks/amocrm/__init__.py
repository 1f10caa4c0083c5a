"""amoCRM (Kommo): the CRM's API v4, the chats API behind it (amojo), and both kinds of webhooks."""

from chatdrill_fakes.desks.amocrm.state import AmoState, AmoTicket
from chatdrill_fakes.desks.amocrm.wire import AmoCRM, desk

__all__ = ["AmoCRM", "AmoState", "AmoTicket", "desk"]
