"""The names that templates may use."""

from __future__ import annotations

from chatdrill_fakes.families.declared.ids import ID_NAMES
from chatdrill_fakes.families.declared.spec import FILE_NAMES

__all__ = ["ANSWER_NAMES", "FILE_NAMES", "ID_NAMES", "TELL_NAMES"]

_PERSON = ("customer", "name", "first_name", "last_name", "phone", "email", "username", "locale", "language")
_TIME = ("now", "now_ms", "now_iso")
TELL_NAMES = (
    *_PERSON,
    *_TIME,
    *FILE_NAMES,
    "files",
    "file_urls",
    "image_url",
    "video_url",
    "audio_url",
    "document_url",
    "text",
    "message",
    "reply_to",
    "part",
    "latitude",
    "longitude",
    "place_name",
    "address",
    "contact_name",
    "contact_phone",
    "payload",
    "title",
    "emoji",
    "status",
    "id",
    "key",
    "token",
)
"""In what goes out. ``id`` is the request's own, ``message`` the message's that it is about; ``key`` the setting."""
ANSWER_NAMES = (*_TIME, "customer", "message", "id")
"""In answers: ``message`` is the last one that was shown."""
