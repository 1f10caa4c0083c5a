"""Reactions that both messengers have a word for; each of them has a few of its own."""

from __future__ import annotations

WORDS = {"👍": "like", "❤": "love", "😍": "love", "😮": "wow", "😢": "sad", "😭": "sad", "😠": "angry", "😡": "angry"}
"""By the bare sign of a customer's."""
SIGNS = {"angry": "😠", "sad": "😢", "wow": "😮", "love": "❤️", "like": "👍"}
"""By the word that the bot sends."""
OTHER = "other"
"""Any other sign."""
