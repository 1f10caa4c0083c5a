"""Whether a customer's file is a picture: its first bytes decide, not its name or declared type."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from .model import Event, Media, PhotoVerdict


def is_picture(content: bytes) -> bool:
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")):
        return True
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return True
    return content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"avif")


def wanted(event: Event) -> bool:
    """Photos, and pictures which were sent as files; nothing else is worth a download."""
    media = event.media
    return media is not None and (
        event.kind == "photo" or (event.kind == "document" and media.mime.startswith("image/"))
    )


def examined(media: Media, content: bytes) -> Media:
    verdict: PhotoVerdict = "image" if is_picture(content) else "not_image"
    return replace(media, verdict=verdict, sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))
