"""The calls of the bot."""
