"""Checks of a customer who goes on elsewhere: by a link of the bot's from one channel into another."""

from chatdrill.checks.switching import laws  # noqa: F401
