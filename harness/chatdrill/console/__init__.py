"""The console: a web page over a running stage, for people who chat with their bot by hand."""

from chatdrill.console.doors import Console

__all__ = ["Console"]
