"""E-mail: the rest of the mail world around a bot, over SMTP in both directions."""

from chatdrill_fakes.platforms.email.wire import platform

__all__ = ["platform"]
