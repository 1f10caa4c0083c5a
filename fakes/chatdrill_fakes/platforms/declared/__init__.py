"""A messenger that is declared in a file: a company's own chat, or the inbound API of a helpdesk."""

from chatdrill_fakes.platforms.declared.state import DeclaredState
from chatdrill_fakes.platforms.declared.wire import Declared, declare, platform

__all__ = ["Declared", "DeclaredState", "declare", "platform"]
