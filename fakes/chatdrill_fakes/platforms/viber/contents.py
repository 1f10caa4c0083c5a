"""What a bot sends, type by type: the fields that must be there, their limits, and what the customer sees.

Source: developers.viber.com, REST API: send message (2026). What a schema can tell is refused at once (status 3 or 4); what only
the customer's app finds out about a file is accepted and reported as ``failed``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msgspec

from chatdrill.model import Contact, File, Location, Media, MediaKind, Part, Span, Text
from chatdrill_fakes.platforms.viber import keyboards, limits
from chatdrill_fakes.platforms.viber.errors import ApiError, bad, missing
from chatdrill_fakes.platforms.viber.shelf import Wanted
from chatdrill_fakes.platforms.viber.state import Json, Pressable

_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif"})
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif")
_VIDEOS = frozenset({"video/mp4"})
FORBIDDEN_ENDINGS = frozenset(
    {
        "app", "apk", "bat", "bin", "cmd", "com", "cpl", "csh", "exe", "gadget", "inx", "ipa", "job", "jse", "ksh", "lnk",
        "msc", "msi", "msp", "mst", "osx", "pif", "ps1", "reg", "run", "scr", "sh", "vb", "vbe", "vbs", "workflow", "ws",
    }
)  # fmt: skip
"""Files that run: Viber refuses "executables and scripts", its own list is not verified."""


@dataclass(slots=True)
class Draft:
    """A message on its way.

    ``parts`` are what the customer sees, a media part's file as the bot described it; ``wanted`` are the files to look at, the first of
    which is that of the media part. ``problem`` is why the app would not show it.
    """

    type: str
    level: int
    parts: tuple[Part, ...] = ()
    wanted: list[Wanted] = field(default_factory=list)
    problem: str | None = None
    pressables: list[Pressable] = field(default_factory=list)
    has_keyboard: bool = False
    input_field: str = "regular"
    tracking: str | None = None
    sender: str | None = None


@dataclass(slots=True)  # not frozen: two are made for every message, and freezing takes half of the time
class Body:
    """The JSON of a message; ``null`` counts as not there, for the official SDKs send it. ``os`` is that of the customer's device."""

    values: Mapping[str, Any]
    os: str = "android"
    path: str = ""

    def get(self, name: str) -> Any:
        """A field, or ``None``."""
        return self.values.get(name)

    def at(self, name: str) -> str:
        """A field's name with where it stands."""
        return f"{self.path}{name}"

    def text(self, name: str, most: int | None = None, *, empty: bool = False) -> str:
        """A string that must be there. Raises status 4 without it, 3 for another type or one that is too long."""
        value = self.get(name)
        if value is None or (value == "" and not empty):
            raise missing(self.at(name))
        return self.checked(name, value, most)

    def optional(self, name: str, most: int | None = None) -> str | None:
        """A string that may be there."""
        value = self.get(name)
        return None if value is None else self.checked(name, value, most)

    def checked(self, name: str, value: Any, most: int | None) -> str:
        """A value that must be a string of at most so many characters."""
        if not isinstance(value, str):
            raise bad(f"{self.at(name)} is no string")
        if most is not None and len(value) > most:
            raise bad(f"{self.at(name)} has {len(value)} characters, {most} are allowed")
        return value

    def number(self, name: str, least: float, most: float) -> float:
        """A number that must be there, in JSON or as text."""
        value = self.get(name)
        if value is None:
            raise missing(self.at(name))
        number = _as_float(value)
        if number is None or not least <= number <= most:
            raise bad(f"{self.at(name)} is no number from {least:g} to {most:g}")
        return number

    def inner(self, name: str) -> Body:
        """An object that must be there."""
        value = self.get(name)
        if value is None:
            raise missing(self.at(name))
        if not isinstance(value, dict):
            raise bad(f"{self.at(name)} is no object")
        return Body(value, self.os, f"{self.at(name)}.")

    def url(self, name: str) -> str:
        """An address that must be there."""
        return self._url(name, self.text(name, limits.URL_MAX))

    def optional_url(self, name: str) -> str | None:
        """An address that may be there."""
        value = self.optional(name, limits.URL_MAX)
        return self._url(name, value) if value else None

    def _url(self, name: str, value: str) -> str:
        if scheme_of(value) is None:
            raise bad(f"{self.at(name)} is no http or https address: {value[:80]!r}")
        return value


def scheme_of(url: str) -> str | None:
    """``http`` or ``https``; ``None`` for what is no address of either."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.scheme if parts.scheme in ("http", "https") and parts.hostname else None


def _as_float(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e15 else None


# -------------------------------------------------------------------------------------------------------------- types


def _say(body: Body, draft: Draft) -> None:
    draft.parts = (Text(text=body.text("text", limits.TEXT_MAX)),)


def _picture(body: Body, draft: Draft) -> None:
    url, caption = body.url("media"), body.optional("text", limits.CAPTION_MAX)
    most = limits.PICTURE_MAX_BYTES[body.os]
    _media(body, draft, "photo", Wanted("media", url, most, _PICTURES, _PICTURE_ENDINGS), caption)


def _video(body: Body, draft: Draft) -> None:
    url, caption = body.url("media"), body.optional("text", limits.CAPTION_MAX)
    size = body.number("size", 1, 1e15)
    if body.get("duration") is not None and body.number("duration", 0, 1e9) > limits.VIDEO_MAX_S:
        draft.problem = f"duration is over {limits.VIDEO_MAX_S} seconds"
    if size > limits.VIDEO_MAX_BYTES:
        draft.problem = f"size is over {limits.VIDEO_MAX_BYTES} bytes"
    _media(body, draft, "video", Wanted("media", url, limits.VIDEO_MAX_BYTES, _VIDEOS, (".mp4",)), caption)


def _file(body: Body, draft: Draft) -> None:
    url, name = body.url("media"), body.text("file_name", limits.FILE_NAME_MAX)
    if body.number("size", 1, 1e15) > limits.FILE_MAX_BYTES:
        draft.problem = f"size is over {limits.FILE_MAX_BYTES} bytes"
    if name.rpartition(".")[2].lower() in FORBIDDEN_ENDINGS:
        draft.problem = f"files with the ending of {name[-40:]!r} are not let through"
    _media(body, draft, "document", Wanted("media", url, limits.FILE_MAX_BYTES), None, name)


def _media(
    body: Body, draft: Draft, kind: MediaKind, wanted: Wanted, caption: str | None, name: str | None = None
) -> None:
    words = Text(text=caption) if caption else None
    draft.parts = (Media(kind=kind, file=File(url=wanted.url, name=name), caption=words),)
    draft.wanted.append(wanted)
    thumbnail = body.optional_url("thumbnail")
    if thumbnail is not None:
        draft.wanted.append(Wanted("thumbnail", thumbnail, limits.THUMBNAIL_MAX_BYTES, _PICTURES))


def _contact(body: Body, draft: Draft) -> None:
    inner = body.inner("contact")
    name = inner.text("name", limits.CONTACT_NAME_MAX)
    draft.parts = (Contact(name=name, phone=inner.text("phone_number", limits.CONTACT_PHONE_MAX)),)


def _location(body: Body, draft: Draft) -> None:
    inner = body.inner("location")
    draft.parts = (Location(latitude=inner.number("lat", -90, 90), longitude=inner.number("lon", -180, 180)),)


def _url(body: Body, draft: Draft) -> None:
    """A link with its preview; one that leads to a GIF is how a bot sends a moving picture."""
    url = body.url("media")
    if urlsplit(url).path.lower().endswith(".gif"):
        draft.parts = (Media(kind="animation", file=File(url=url, mime="image/gif")),)
    else:
        draft.parts = (Text(text=url, spans=(Span(0, len(url), "link", url),)),)


def _sticker(body: Body, draft: Draft) -> None:
    number = body.number("sticker_id", 0, 1e12)
    draft.parts = (Media(kind="sticker", file=File(name=f"{number:.0f}", mime="image/png")),)


def _rich_media(body: Body, draft: Draft) -> None:
    if body.get("rich_media") is None:
        raise missing("rich_media")
    raw = keyboards.check(body.get("rich_media"), draft.level, rich=True)
    if draft.level < limits.RICH_MEDIA_LEVEL:
        raise ApiError(14, f"rich_media needs min_api_version {limits.RICH_MEDIA_LEVEL}, the message has {draft.level}")
    body.optional("alt_text", limits.TEXT_MAX)
    part, pressables = keyboards.carousel(raw)
    draft.parts = (part,)
    draft.pressables += pressables


TYPES: dict[str, Callable[[Body, Draft], None]] = {
    "text": _say,
    "picture": _picture,
    "video": _video,
    "file": _file,
    "contact": _contact,
    "location": _location,
    "url": _url,
    "sticker": _sticker,
    "rich_media": _rich_media,
}


# ----------------------------------------------------------------------------------------------------------- the whole


def read(values: Mapping[str, Any], *, os: str, require_sender: bool) -> Draft:
    """A message as it will be shown. Raises ``ApiError``: status 3, 4 or 14."""
    body = Body(values, os)
    kind = body.get("type")
    if kind is None and body.get("keyboard") is None:
        raise missing("type")
    draft = Draft("keyboard" if kind is None else str(kind), _level(body), sender=_sender(body, require_sender))
    draft.tracking = body.optional("tracking_data", limits.TRACKING_MAX)
    if kind is not None:
        reader = TYPES.get(kind) if isinstance(kind, str) else None
        if reader is None:
            raise bad(f"{str(kind)[:40]!r} is no type of message; known are {', '.join(TYPES)}")
        reader(body, draft)
    if body.get("keyboard") is not None:
        _add_keyboard(body.get("keyboard"), draft)
    return draft


def _level(body: Body) -> int:
    if body.get("min_api_version") is None:
        return 1
    return int(body.number("min_api_version", 1, 1000))


def _sender(body: Body, required: bool) -> str | None:
    if body.get("sender") is None:
        if required:
            raise missing("sender.name")
        return None
    sender = body.inner("sender")
    sender.optional_url("avatar")
    return sender.text("name", limits.SENDER_MAX) if required else sender.optional("name", limits.SENDER_MAX)


def _add_keyboard(value: Json, draft: Draft) -> None:
    raw = keyboards.check(value, draft.level)
    part, pressables = keyboards.keyboard(raw)
    draft.parts = (*draft.parts, part)
    draft.pressables += pressables
    draft.has_keyboard, draft.input_field = True, raw.get("InputFieldState") or "regular"


def fill_in(values: Mapping[str, Any], placeholders: Mapping[str, str]) -> dict[str, Any]:
    """A broadcast's message for one receiver: the placeholders in all its strings are replaced."""
    text = msgspec.json.encode(values).decode()
    if "replace_me_with_" not in text:
        return dict(values)
    for name, value in placeholders.items():
        text = text.replace(name, msgspec.json.encode(value).decode()[1:-1])
    filled: dict[str, Any] = msgspec.json.decode(text)
    return filled


def with_file(parts: tuple[Part, ...], file: File) -> tuple[Part, ...]:
    """The parts with the file as it was found; the name that the bot gave stays."""
    first, *rest = parts
    assert isinstance(first, Media)
    found = msgspec.structs.replace(file, name=first.file.name or file.name)
    return (msgspec.structs.replace(first, file=found), *rest)
