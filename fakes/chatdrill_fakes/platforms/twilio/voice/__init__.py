"""Programmable Voice: callers, keys, queues. A part of the same account as the messages."""
