"""The inbox of a Page as a helpdesk: ``desk`` is what the entry point names."""

from chatdrill.wire import Desk

from .state import InboxState, InboxThread
from .wire import PageInbox

desk: Desk[InboxState] = PageInbox()

__all__ = ["InboxState", "InboxThread", "PageInbox", "desk"]
