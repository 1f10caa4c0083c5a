"""The Viber REST Bot API."""

from chatdrill_fakes.platforms.viber.state import ViberState
from chatdrill_fakes.platforms.viber.wire import Viber, platform

__all__ = ["Viber", "ViberState", "platform"]
