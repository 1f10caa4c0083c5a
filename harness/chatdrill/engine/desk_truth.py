"""A ticket's messages, in the words in which conversations are expected and compared."""

from __future__ import annotations

import msgspec

from chatdrill.model import Entry, EntryChanged, Media, MediaKind, Message, Part, Text

_KINDS: tuple[tuple[str, MediaKind], ...] = (
    ("image/", "photo"),
    ("audio/ogg", "voice"),
    ("audio/", "audio"),
    ("video/", "video"),
)


def entry_message(entry: Entry) -> Message:
    """An entry as a message, so that expectations can be held against it."""
    words: tuple[Part, ...] = (Text(text=entry.text),) if entry.text else ()
    files = tuple(Media(kind=_kind(file.mime), file=file) for file in entry.files)
    author = "platform" if entry.author == "system" else entry.author
    return Message(ids=(entry.id,), author=author, parts=(*words, *files), at=entry.at, sender=entry.said_by)


def seen(entry: Entry, change: EntryChanged) -> Entry:
    """An entry after it was changed."""
    return msgspec.structs.replace(entry, text=change.text)


def _kind(mime: str) -> MediaKind:
    return next((kind for prefix, kind in _KINDS if mime.startswith(prefix)), "document")
