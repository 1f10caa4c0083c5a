"""Links to files that need no token but a signature, and that expire: Meta's content delivery network."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from chatdrill.model import File
from chatdrill.wire import Call, Exchange, Handled, HttpResponse

from .limits import DAY_S
from .state import CdnFile, GraphChat, Shared

LINK_LIFE_S = 7 * DAY_S
"""Meta says only that links expire; captured ones carried an ``oe`` some days ahead."""
PREFIX = "/cdn/"
ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/mp4": ".mp4",
    "audio/aac": ".aac",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "application/pdf": ".pdf",
}


def publish(state: Shared, chat: GraphChat, file: File, at: float) -> str:
    """A signed link to ``file``; to where the file came from if its bytes were never fetched."""
    if not file.sha256:
        return file.url or ""
    signature, expires_at = state.chance.hex(32), at + LINK_LIFE_S
    number = f"{state.chance.digits(9)}_{state.chance.digits(15)}"
    name = f"{number}/{quote(file.name)}" if file.name else f"{number}_n{ENDINGS.get(file.mime, '')}"
    state.cdn[f"{PREFIX}{number}"] = CdnFile(file.sha256, file.mime, chat.address, signature, expires_at)
    return f"{state.base_url}{PREFIX}{name}?oh={signature}&oe={int(expires_at):x}"


def portrait_url(state: Shared, chat: GraphChat, at: float) -> str:
    """The link to a customer's profile picture."""
    expires_at = int(at + LINK_LIFE_S)
    return f"{state.base_url}{PREFIX}profilepic?psid={chat.address}&ext={expires_at}&hash={seal(chat, expires_at)}"


def drawing_url(state: Shared, kind: str, key: str) -> str:
    """The link to a picture of which only a number is known: that of a product or of a sticker."""
    return f"{state.base_url}{PREFIX}drawing?{kind}={quote(key, safe='')}"


def serve(state: Shared, exchange: Exchange) -> Handled:
    """Answer a download. Links need no token; a wrong signature or one past its time is refused with 403."""
    request = exchange.request
    if request.method not in ("GET", "HEAD"):
        return refusal(405, "Method Not Allowed", None)
    arguments = dict(request.query)
    if request.path == f"{PREFIX}profilepic":
        told = arguments.get("psid", ""), arguments.get("ext", ""), arguments.get("hash")
        return portrait(state, exchange, *told)
    if request.path == f"{PREFIX}drawing":
        return content(face(next(iter(arguments.values()), "")), "image/jpeg", None)
    return download(state, exchange, key_of(request.path), lambda file: _is_signed(file, arguments))


def _is_signed(file: CdnFile, arguments: dict[str, str]) -> bool:
    return arguments.get("oh") == file.signature and arguments.get("oe") == f"{int(file.expires_at):x}"


def download(state: Shared, exchange: Exchange, key: str, is_signed: Callable[[CdnFile], bool]) -> Handled:
    """A customer's file, as long as its link lives."""
    file = state.cdn.get(key)
    chat = None if file is None else state.chats.get(file.to)
    if file is None or chat is None:
        return refusal(404, "Not Found", None)
    if not is_signed(file):
        return refusal(403, "URL signature mismatch", file.to)
    if chat.at(exchange.now) > file.expires_at:
        return refusal(403, "URL signature expired", file.to)
    return content(state.blobs.get(file.sha256), file.mime, file.to)


def key_of(path: str) -> str:
    """``/cdn/1_2/offer.pdf`` and ``/cdn/1_2_n.jpg`` are both kept under ``/cdn/1_2``."""
    return PREFIX + path[len(PREFIX) :].partition("/")[0].partition("_n")[0]


def portrait(state: Shared, exchange: Exchange, address: str, expires: str, signature: str | None) -> Handled:
    """The picture of a customer, as long as its link lives."""
    chat = state.chats.get(address)
    if chat is None or not expires.isascii() or not expires.isdigit() or len(expires) > 12:
        return refusal(404, "Not Found", None)
    if signature != seal(chat, int(expires)):
        return refusal(403, "URL signature mismatch", chat.address)
    if chat.at(exchange.now) > int(expires):
        return refusal(403, "URL signature expired", chat.address)
    return content(face(chat.address), "image/jpeg", chat.address)


def seal(chat: GraphChat, expires_at: int) -> str:
    """The signature of a link to a portrait."""
    return sha256(f"{chat.thread_id}:{expires_at}".encode()).hexdigest()[:32]


@lru_cache(maxsize=256)
def face(key: str) -> bytes:
    """A plain picture whose colour belongs to the customer, product or sticker."""
    from PIL import Image

    red, green, blue = sha256(key.encode("utf-8", "replace")).digest()[:3]
    out = io.BytesIO()
    Image.new("RGB", (200, 200), (red, green, blue)).save(out, "JPEG")
    return out.getvalue()


def content(data: bytes, mime: str, to: str | None) -> Handled:
    """A download."""
    headers = (("Content-Type", mime), ("Cache-Control", "max-age=1209600"), ("Access-Control-Allow-Origin", "*"))
    return Handled(HttpResponse(200, headers, data), Call("GET /cdn", to))


def refusal(status: int, reason: str, to: str | None) -> Handled:
    """A download that is refused."""
    response = HttpResponse(status, (("Content-Type", "text/plain"),), reason.encode())
    return Handled(response, Call("GET /cdn", to, ok=False, error=reason))
