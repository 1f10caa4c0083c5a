"""Ids in the shapes that Messenger gives out. Every one is drawn from the channel's own stream of chance."""

from __future__ import annotations

from binascii import b2a_base64

from chatdrill.seeds import Stream

PAGE_INBOX_APP = "263902037430900"
"""The app that owns a thread while a person answers in the Page Inbox (Meta: conversation routing)."""
PAGE_INBOX_ECHO_APP = 26390203743090
"""The ``app_id`` in echoes of what people write in the Page Inbox; Meta uses another number than for the thread."""

_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_MID_BYTES = 66  # 88 characters of base64, as in ids of 2024-26


def mid(chance: Stream) -> str:
    """A message id: ``m_`` and 88 characters of URL-safe base64."""
    drawn = chance.getrandbits(_MID_BYTES * 8).to_bytes(_MID_BYTES, "big")
    return chance.marked("m_" + b2a_base64(drawn, newline=False).translate(_URL_SAFE).decode())


def thread_id(chance: Stream) -> str:
    """A conversation id: ``t_`` and 17 digits."""
    return f"t_{chance.digits(17)}"
