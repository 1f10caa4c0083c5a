"""Customers' files under links that expire, and what lies at the links of the bot.

Source: developers.viber.com, REST API (2026): media types, sizes and endings; a link to a customer's file works for an hour.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote, urlsplit

import msgspec

from chatdrill.model import File
from chatdrill.wire import Call, Exchange, Fetch, Fetched, Handled, HttpResponse
from chatdrill.wire.files import describe, sniff
from chatdrill_fakes.platforms.viber import limits
from chatdrill_fakes.platforms.viber.objects import AVATAR_PATH
from chatdrill_fakes.platforms.viber.state import Shared, ViberChat, ViberState

PREFIX = "/1/share/2/long/vibes/"
LINK_CACHED_S = 600.0
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "application/pdf": "pdf",
}
_MIMES = {ending: mime for mime, ending in _ENDINGS.items()} | {"jpeg": "image/jpeg"}

# ------------------------------------------------------------------------------------------------- customers' files


def publish(state: ViberState, chat: ViberChat, file: File, at: float) -> str:
    """A link to a customer's file; to where it came from if its bytes were never read."""
    if not file.sha256:
        return file.url or ""
    key, expires_at = state.chance.hex(40), at + limits.LINK_LIFE_S
    state.shared[key] = Shared(file, chat.address, expires_at)
    name = quote(file.name or name_of(file), safe="")
    return f"{state.known_url}{PREFIX}{key}/{name}?Expires={int(expires_at)}&Signature={_seal(state, key, int(expires_at))}"


def name_of(file: File) -> str:
    """A name for a file that has none."""
    return file.name or f"file.{_ENDINGS.get(file.mime, 'bin')}"


def _seal(state: ViberState, key: str, expires_at: int) -> str:
    return sha256(f"{state.token}:{key}:{expires_at}".encode()).hexdigest()[:40]


def is_file(path: str) -> bool:
    """True for the path of a customer's file or picture."""
    return path.startswith(PREFIX) or path == AVATAR_PATH


def key_of(path: str) -> str:
    """What a file is kept under."""
    return path[len(PREFIX) :].partition("/")[0]


def serve(state: ViberState, exchange: Exchange) -> Handled:
    """Answer a download; links need no token. One past its time, or tampered with, is refused as the vendor's store does."""
    request = exchange.request
    if request.method.upper() not in ("GET", "HEAD"):
        return _refused(405, "MethodNotAllowed", None)
    query = dict(request.query)
    if request.path == AVATAR_PATH:
        to = query.get("dlid", "")
        return _content(_face(to), "image/jpeg", to) if to in state.chats else _refused(404, "NoSuchKey", None)
    key = key_of(request.path)
    found = state.shared.get(key)
    chat = None if found is None else state.chats.get(found.to)
    if found is None or chat is None:
        return _refused(404, "NoSuchKey", None)
    expires = int(found.expires_at)
    if query.get("Expires") != str(expires) or query.get("Signature") != _seal(state, key, expires):
        return _refused(403, "SignatureDoesNotMatch", found.to)
    if chat.at(exchange.now) > found.expires_at:
        return _refused(403, "AccessDenied", found.to)
    return _content(state.blobs.get(found.file.sha256), found.file.mime, found.to)


def _content(content: bytes, mime: str, to: str) -> Handled:
    return Handled(HttpResponse(200, (("Content-Type", mime),), content), Call("GET media", to))


def _refused(status: int, code: str, to: str | None) -> Handled:
    body = f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code></Error>".encode()
    response = HttpResponse(status, (("Content-Type", "application/xml"),), body)
    return Handled(response, Call("GET media", to, ok=False, error=code))


@lru_cache(maxsize=256)
def _face(key: str) -> bytes:
    """A plain picture whose colour belongs to the customer."""
    from PIL import Image

    red, green, blue = sha256(key.encode("utf-8", "replace")).digest()[:3]
    out = io.BytesIO()
    Image.new("RGB", (200, 200), (red, green, blue)).save(out, "JPEG")
    return out.getvalue()


# --------------------------------------------------------------------------------------------------- the bot's files


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that a message names: where it lies, what Viber takes there, and how large it may be.

    ``mimes`` and ``endings`` are empty where anything goes.
    """

    field: str
    url: str
    max_bytes: int
    mimes: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()


def to_fetch(state: ViberState, wanted: list[Wanted], fetched: Mapping[str, Fetched], now: float) -> Fetch | None:
    """What must be read before a message can be judged, if anything."""
    missing = [one.url for one in wanted if one.url not in fetched and _known(state, one.url, now) is None]
    return Fetch(tuple(dict.fromkeys(missing)), size_max_bytes=limits.FILE_MAX_BYTES + 1) if missing else None


def take(state: ViberState, wanted: Wanted, fetched: Mapping[str, Fetched], now: float) -> tuple[File, str | None]:
    """The file at a link, and why a customer's app would not show it (``None``: it does).

    What nobody could read because it lies outside this machine is taken on trust.
    """
    path = urlsplit(wanted.url).path
    ending = path.rpartition(".")[2].lower()
    bare = File(
        url=wanted.url, mime=_MIMES.get(ending, "application/octet-stream"), name=path.rpartition("/")[2] or None
    )
    if wanted.endings and not path.lower().endswith(wanted.endings):
        return bare, f"{wanted.field}: the path must end with {' or '.join(wanted.endings)}"
    file = _known(state, wanted.url, now)
    if file is None:
        got = fetched[wanted.url]
        if got.error is not None:
            return bare, None if got.error == "unreachable" else f"{wanted.field} could not be read: {got.error}"
        file = _remember(state, wanted.url, got, bare, now)
    return file, _misfit(state, wanted, file)


def _known(state: ViberState, url: str, now: float) -> File | None:
    known = state.links.get(url)
    return known[0] if known is not None and 0 <= now - known[1] <= LINK_CACHED_S else None


def _remember(state: ViberState, url: str, got: Fetched, bare: File, now: float) -> File:
    file = describe(got.content, state.blobs, name=bare.name, mime=got.content_type or bare.mime)
    kept = msgspec.structs.replace(file, url=url)
    state.links[url] = (kept, now)
    return kept


def _misfit(state: ViberState, wanted: Wanted, file: File) -> str | None:
    content = state.blobs.get(file.sha256) if file.sha256 in state.blobs else b""
    mime = sniff(content) or file.mime
    if wanted.mimes and mime not in wanted.mimes:
        return f"{wanted.field} is {mime}, not one of {', '.join(sorted(wanted.mimes))}"
    if file.size_bytes > wanted.max_bytes:
        return f"{wanted.field} has {file.size_bytes} bytes, {wanted.max_bytes} are allowed"
    return None
