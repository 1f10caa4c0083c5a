"""Messenger's and Instagram's "Download your information" as JSON: ``message_1.json`` and its followers, newest message first.

Meta writes each byte of UTF-8 as a character of its own (``\\u00d0\\u009f`` for П); that is mended here. The download of end-to-end
encrypted chats has other names for the same and is read too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import Any

import msgspec

from chatdrill.importing.dialog import Attached, Dialog, Turn
from chatdrill.importing.exports import Export
from chatdrill.importing.jsontext import document, items
from chatdrill.importing.kinds import attached
from chatdrill.importing.reader import Options, Reader
from chatdrill.model import MediaKind

_NUMBER = re.compile(r"message_(\d+)\.json$")
_LISTS: dict[str, MediaKind] = {
    "photos": "photo",
    "videos": "video",
    "audio_files": "voice",
    "files": "document",
    "gifs": "animation",
}


class _Media(msgspec.Struct):
    uri: str = ""


class _Reaction(msgspec.Struct):
    reaction: str = ""
    actor: str = ""


class _Message(msgspec.Struct):
    timestamp_ms: int | None = None
    timestamp: int | None = None
    sender_name: str | None = None
    sender: str | None = msgspec.field(default=None, name="senderName")
    content: str | None = None
    text: str | None = None
    photos: list[_Media] = []
    videos: list[_Media] = []
    audio_files: list[_Media] = []
    files: list[_Media] = []
    gifs: list[_Media] = []
    media: list[_Media] = []
    sticker: _Media | None = None
    share: dict[str, Any] | None = None
    reactions: list[_Reaction] = []
    is_unsent: bool = False
    isUnsent: bool = False
    call_duration: float | None = None


class _Document(msgspec.Struct):
    messages: list[msgspec.Raw]
    participants: list[dict[str, str] | str] = []
    title: str | None = None
    threadName: str | None = None
    thread_path: str = ""


def mended(text: str) -> str:
    """The text that Meta meant: each character of the export is a byte of UTF-8. Text that is not so stays."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _sniff(name: str, head: str) -> bool:
    is_old = '"sender_name"' in head or ('"participants"' in head and '"timestamp_ms"' in head)
    return name.lower().endswith(".json") and (is_old or '"senderName"' in head)


def _read(export: Export, names: Sequence[str], _: Options) -> Iterator[Dialog]:
    threads: dict[str, list[str]] = {}
    for name in names:
        threads.setdefault(str(PurePosixPath(name).parent) if _NUMBER.search(name) else name, []).append(name)
    for parts in threads.values():
        parts.sort(
            key=lambda name: -int(found[1]) if (found := _NUMBER.search(name)) else 0
        )  # the last part is the oldest
        with document(export, parts[0], _Document) as made:
            title = mended(made.title or re.sub(r"_\d+$", "", made.threadName or "")) or "Messenger chat"
            path = made.thread_path
        is_instagram = "instagram" in f"{export.path} {parts[0]} {path}".lower()
        yield Dialog(
            title=title,
            format="meta",
            where=export.where(parts[0]),
            turns=partial(_turns, export, parts),
            platform="instagram" if is_instagram else "messenger",
        )


def _turns(export: Export, parts: Sequence[str]) -> Iterator[Turn]:
    for name in parts:
        with document(export, name, _Document) as made:
            numbered = list(enumerate(made.messages, start=1))
            ends = [_at(message) for message in items((*numbered[:1], *numbered[-1:]), _Message, export, name)]
            if len(ends) == 2 and ends[0] >= ends[1]:
                numbered.reverse()
            for message in items(numbered, _Message, export, name):
                yield from _turn(message)


def _at(message: _Message) -> float:
    stamp = message.timestamp_ms if message.timestamp_ms is not None else message.timestamp
    if stamp is None:
        raise msgspec.ValidationError("it has no timestamp_ms")
    return stamp / 1000


def _turn(message: _Message) -> Iterator[Turn]:
    if message.is_unsent or message.isUnsent or message.call_duration is not None:
        return
    at, who = _at(message), mended(message.sender_name or message.sender or "?")
    text, files = mended(message.content or message.text or ""), _files(message)
    link = (message.share or {}).get("link")
    if isinstance(link, str) and link not in text:
        text = f"{text}\n{mended(link)}".strip()
    if message.reactions and text.startswith("Reacted "):  # what the app shows in the list of chats
        return
    if text or files:
        yield Turn(at=at, who=who, text=text, files=files)


def _files(message: _Message) -> tuple[Attached, ...]:
    found = [attached(one.uri, kind) for field, kind in _LISTS.items() for one in getattr(message, field)]
    found += [attached(one.uri) for one in message.media]
    found += [attached(message.sticker.uri, "sticker")] if message.sticker else []
    return tuple(found)


META = Reader("meta", "Messenger and Instagram: Download your information (JSON)", _sniff, _read)
