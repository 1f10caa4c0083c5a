"""Instagram messaging as a wire: ``platform`` is what the entry point names."""

from chatdrill.wire import Platform

from .state import InstagramChat, InstagramState
from .wire import Instagram

platform: Platform[InstagramState] = Instagram()

__all__ = ["Instagram", "InstagramChat", "InstagramState", "platform"]
