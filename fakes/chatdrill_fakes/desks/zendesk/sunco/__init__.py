"""The calls of Sunshine Conversations v2."""
