"""What the bot may call. Each method is one function of a ``MethodCall``; ``HANDLERS`` is the table of them."""

from chatdrill_fakes.platforms.telegram.methods.table import HANDLERS

__all__ = ["HANDLERS"]
