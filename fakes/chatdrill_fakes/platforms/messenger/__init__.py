"""Facebook Messenger as a wire: ``platform`` is what the entry point names."""

from chatdrill.wire import Platform

from .state import MessengerChat, MessengerState
from .wire import Messenger

platform: Platform[MessengerState] = Messenger()

__all__ = ["Messenger", "MessengerChat", "MessengerState", "platform"]
