"""Chat2Desk (chat24), API v1."""

from chatdrill_fakes.desks.chat2desk.state import Chat2DeskState, Dialog
from chatdrill_fakes.desks.chat2desk.wire import Chat2Desk, desk

__all__ = ["Chat2Desk", "Chat2DeskState", "Dialog", "desk"]
