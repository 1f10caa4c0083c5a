"""Files: which ones WhatsApp takes, and how a message's ``id`` or ``link`` becomes one.

Source of the table: Meta, "Media: supported media types" (2025).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from chatdrill.model import File, MediaKind
from chatdrill.wire import Fetch, Fetched
from chatdrill.wire.files import describe, sniff
from chatdrill_fakes.families.meta import is_url
from chatdrill_fakes.platforms.whatsapp.errors import media_unknown, problem
from chatdrill_fakes.platforms.whatsapp.reading import Node
from chatdrill_fakes.platforms.whatsapp.state import WhatsAppState

MIB = 1024 * 1024
CAPTION_MAX = 1024
LINK_CACHED_S = 600.0
INBOUND_MAX_BYTES = 100 * MIB
_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Sort:
    """One sort of media: the neutral kind, the MIME types taken and the largest file."""

    kind: MediaKind
    mimes: frozenset[str]
    max_bytes: int
    caption: bool = False


SORTS: dict[str, Sort] = {
    "image": Sort("photo", frozenset({"image/jpeg", "image/png"}), 5 * MIB, caption=True),
    "video": Sort("video", frozenset({"video/mp4", "video/3gpp"}), 16 * MIB, caption=True),
    "audio": Sort("audio", frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}), 16 * MIB),
    "sticker": Sort("sticker", frozenset({"image/webp"}), 500 * 1024),
    "document": Sort(
        "document",
        frozenset(
            {
                "text/plain",
                "application/pdf",
                "application/msword",
                "application/vnd.ms-excel",
                "application/vnd.ms-powerpoint",
                _OFFICE + "wordprocessingml.document",
                _OFFICE + "spreadsheetml.sheet",
                _OFFICE + "presentationml.presentation",
            }
        ),
        100 * MIB,
        caption=True,
    ),
}
STATIC_STICKER_MAX_BYTES = 100 * 1024
# An MP4 that holds nothing but sound looks like a video from its first bytes.
_ALSO_SEEN = {"audio": frozenset({"video/mp4", "video/3gpp"})}
MIMES = frozenset().union(*(sort.mimes for sort in SORTS.values()))
# What file sniffers and mimetypes call by another name than Meta.
_SAME_MIME = {
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "audio/mp3": "audio/mpeg",
    "video/3gp": "video/3gpp",
}


_BY_EXTENSION = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "mp4": "video/mp4",
    "3gp": "video/3gpp", "mp3": "audio/mpeg", "m4a": "audio/mp4", "aac": "audio/aac", "amr": "audio/amr",
    "ogg": "audio/ogg", "opus": "audio/ogg", "pdf": "application/pdf", "txt": "text/plain",
}  # fmt: skip


def _mime_by_name(path: str) -> str:
    return _BY_EXTENSION.get(path.rpartition(".")[2].lower(), "application/octet-stream")


def plain_mime(mime: str) -> str:
    """A MIME type without parameters, by the name Meta uses."""
    bare = mime.partition(";")[0].strip().lower()
    return _SAME_MIME.get(bare, bare)


def animated(content: bytes) -> bool:
    """True for a WebP file with an animation chunk."""
    return content[:4] == b"RIFF" and b"ANIM" in content[:64]


def _is_mono_opus(content: bytes) -> bool:
    head = content.find(b"OpusHead", 0, 64)
    return head >= 0 and content[head + 9 : head + 10] <= b"\x01"


def largest(sort_name: str, content: bytes) -> int:
    """The most bytes that a file of a sort may have."""
    still_sticker = sort_name == "sticker" and not animated(content)
    return STATIC_STICKER_MAX_BYTES if still_sticker else SORTS[sort_name].max_bytes


def misfit(sort_name: str, file: File, content: bytes = b"") -> str | None:
    """Why WhatsApp would not deliver a file as this sort of media, or ``None``. What the bytes show counts first."""
    sort, mime = SORTS[sort_name], plain_mime(sniff(content) or file.mime)
    if sort_name != "document" and mime not in sort.mimes | _ALSO_SEEN.get(sort_name, frozenset()):
        return f"Unsupported {sort_name} mime type {mime}. Please use one of {', '.join(sorted(sort.mimes))}."
    if mime == "audio/ogg" and sort_name == "audio" and not _is_mono_opus(content):
        return "Unsupported audio codec: audio/ogg must hold one channel of Opus."
    most = largest(sort_name, content)
    if file.size_bytes > most:
        return f"{sort_name.capitalize()} file size too big: {file.size_bytes} bytes. Max file size: {most} bytes."
    return None


class Shelf(msgspec.Struct):
    """The files that one call may use.

    ``missing`` are links to fetch before the call can be answered; ``problem`` is what will make the message fail
    later, because a file turned out unfit.
    """

    state: WhatsAppState
    fetched: Mapping[str, Fetched]
    now: float
    missing: list[str] = []
    problem: tuple[int, str] | None = None

    def take(self, node: Node, sort_name: str) -> File:
        """The file behind an object with ``id`` or ``link`` (exactly one of them)."""
        by_id, by_link = node.has("id"), node.has("link")
        if by_id == by_link:
            raise problem(131008 if not by_id else 131009, f"Param {node.path} must have exactly one of id or link.")
        file = self._stored(node) if by_id else self._linked(node.text("link", 2048))
        content = self.state.blobs.get(file.sha256) if file.sha256 in self.state.blobs else b""
        if content and (why := misfit(sort_name, file, content)):
            self.problem = (131053, why)
        return file

    def fetch(self) -> Fetch | None:
        """What must be fetched first, if anything."""
        return Fetch(tuple(dict.fromkeys(self.missing)), size_max_bytes=INBOUND_MAX_BYTES) if self.missing else None

    def _stored(self, node: Node) -> File:
        stored = self.state.media.get(node.text("id"))
        if stored is None or self.state.media_time(stored, self.now) > stored.uploaded_at + stored.keep_s:
            raise media_unknown(node.at("id"))
        return stored.file

    def _linked(self, url: str) -> File:
        if not is_url(url):
            raise problem(131009, f"Param link: {url[:80]!r} is not a valid URI.")
        known = self.state.links.get(url)
        if known is not None and 0 <= self.now - known[1] <= LINK_CACHED_S:
            return known[0]
        got = self.fetched.get(url)
        if got is None:
            self.missing.append(url)
        elif not got.error:
            return self._remember(url, got)
        elif got.error != "unreachable":
            self.problem = (131053, f"Downloading media from weblink failed: {url[:200]}: {got.error}")
        return File(url=url, mime=_mime_by_name(urlsplit(url).path))

    def _remember(self, url: str, got: Fetched) -> File:
        name = urlsplit(url).path.rpartition("/")[2] or None
        seen = describe(got.content, self.state.blobs, name=name, mime=plain_mime(got.content_type) or None)
        file = msgspec.structs.replace(seen, url=url)
        self.state.links[url] = (file, self.now)
        return file
