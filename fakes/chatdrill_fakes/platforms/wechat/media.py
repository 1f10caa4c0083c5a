"""Files under ids that live for three days: those that customers send, and those that the bot uploads.

Source: developers.weixin.qq.com, temporary media (2026). A file is kept as it came: WeChat's own recoding to AMR and JPEG is not done.
"""

from __future__ import annotations

import msgspec

from chatdrill.model import File
from chatdrill.wire import Arguments, HttpResponse, Upload
from chatdrill.wire.files import describe, sniff
from chatdrill_fakes.platforms.wechat import ids, limits
from chatdrill_fakes.platforms.wechat.calls import Answered, Asked
from chatdrill_fakes.platforms.wechat.errors import ApiError
from chatdrill_fakes.platforms.wechat.state import Stored, WeChatChat, WeChatState

PICTURES, CLIPS = "/mmbiz_jpg/", "/snsvideodownload/"
_FORMATS: dict[str, frozenset[str]] = {
    "image": frozenset({"image/png", "image/jpeg", "image/gif", "image/bmp"}),
    "voice": frozenset({"audio/amr", "audio/mpeg"}),
    "video": frozenset({"video/mp4"}),
    "thumb": frozenset({"image/jpeg"}),
}
_TOO_BIG = {"image": 40009, "voice": 40010, "video": 40011, "thumb": 40012}
_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
}

# ------------------------------------------------------------------------------------------------- customers' files


def publish(state: WeChatState, chat: WeChatChat, kind: str, file: File, at: float) -> str:
    """The id of a customer's file."""
    id = ids.media_id(state.chance)
    state.media[id] = Stored(kind, file, at + limits.MEDIA_LIFE_S, chat.address)
    return id


def again(state: WeChatState, id: str) -> str:
    """The id of the same sound at a better rate."""
    other = ids.media_id(state.chance)
    state.media[other] = state.media[id]
    return other


def thumb_of(state: WeChatState, chat: WeChatChat, at: float) -> str:
    """The id of a small picture for a video."""
    return publish(state, chat, "thumb", describe(_PIXEL, state.blobs), at)


def picture_url(state: WeChatState, id: str) -> str:
    """Where a picture lies; nothing need be known to read it."""
    return f"{state.known_url}{PICTURES}{id}/0"


def is_file(path: str) -> bool:
    """True for the path of a picture or a video."""
    return path.startswith((PICTURES, CLIPS))


def key_of(path: str) -> str:
    """The id in such a path."""
    return path.split("/")[2] if is_file(path) else ""


def by_link(asked: Asked) -> Answered:
    """What lies at the address of a picture or a video."""
    stored = asked.state.media.get(key_of(asked.exchange.request.path))
    if stored is None or not _is_alive(asked, stored) or not _content_of(asked.state, stored):
        return Answered(response=HttpResponse(404, (("Content-Type", "text/plain"),), b"not found"))
    return _file(asked.state, stored, {})


def find(asked: Asked, id: object, *kinds: str) -> Stored:
    """A file that a call names. Raises 40007."""
    stored = asked.state.media.get(id) if isinstance(id, str) else None
    if stored is None or not _is_alive(asked, stored):
        raise ApiError(40007, "nobody knows it, or it is older than three days")
    if kinds and stored.kind not in kinds:
        raise ApiError(40007, f"it is a {stored.kind}, not one of {', '.join(kinds)}")
    return stored


def _is_alive(asked: Asked, stored: Stored) -> bool:
    chat = asked.state.chats.get(stored.to)
    return (asked.now if chat is None else chat.at(asked.now)) <= stored.until


def _content_of(state: WeChatState, stored: Stored) -> bytes:
    return state.blobs.get(stored.file.sha256) if stored.file.sha256 in state.blobs else b""


def get(asked: Asked) -> Answered:
    """A file by its id; of a video only where it lies."""
    id = asked.given("media_id", 41006)
    stored = find(asked, id)
    to = stored.to or None
    if stored.kind == "video":
        return Answered({"video_url": f"{asked.state.known_url}{CLIPS}{id}"}, to=to, is_bare=True)
    name = f"{id}.{_ENDINGS.get(stored.file.mime, 'bin')}"
    found = _file(asked.state, stored, {"Content-disposition": f'attachment; filename="{name}"'})
    found.to = to
    return found


def _file(state: WeChatState, stored: Stored, headers: dict[str, str]) -> Answered:
    content = _content_of(state, stored)
    if not content:
        raise ApiError(40007, "its bytes are not here")
    kind = (("Content-Type", stored.file.mime), *headers.items())
    return Answered(response=HttpResponse(200, kind, content), to=stored.to or None)


# ------------------------------------------------------------------------------------------------------- the bot's


def upload(asked: Asked) -> Answered:
    """A file of the bot's, for three days."""
    kind = asked.values.get("type")
    if not isinstance(kind, str) or kind not in _FORMATS:
        raise ApiError(40004)
    file = _measured(asked, kind, _part(asked.arguments))
    id = ids.media_id(asked.state.chance)
    asked.state.media[id] = Stored(kind, file, asked.now + limits.MEDIA_LIFE_S)
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return Answered({"type": kind, name: id, "created_at": int(asked.now)}, label=kind, is_bare=True)


def _part(arguments: Arguments) -> Upload:
    part = arguments.files.get("media") or next(iter(arguments.files.values()), None)
    if part is None:
        raise ApiError(41005, arguments.problem or "there is no multipart file")
    if not part.content:
        raise ApiError(44001)
    return part


def _measured(asked: Asked, kind: str, part: Upload) -> File:
    if len(part.content) > limits.MEDIA_MAX_BYTES[kind]:
        raise ApiError(_TOO_BIG[kind], f"{len(part.content)} bytes, {limits.MEDIA_MAX_BYTES[kind]} are allowed")
    mime = "audio/amr" if part.content.startswith(b"#!AMR") else sniff(part.content)
    if mime not in _FORMATS[kind]:
        raise ApiError(40005, f"{mime or part.content_type or 'an unknown type'} is no {kind}")
    file = describe(part.content, asked.state.blobs, name=part.filename[:200], mime=mime)
    if kind == "voice" and (file.duration_s or 0) > limits.VOICE_MAX_S:
        raise ApiError(45007, f"{file.duration_s} s")
    return file


# ----------------------------------------------------------------------------------------------- several workers


def lend(state: WeChatState, id: str) -> bytes | None:
    """A file of the bot's for another worker."""
    stored = state.media.get(id)
    return None if stored is None else msgspec.msgpack.encode([id, stored.kind, stored.file, stored.until, stored.to, _content_of(state, stored)])  # fmt: skip


def borrow(state: WeChatState, loan: bytes) -> None:
    """Keep what another worker has lent."""
    id, kind, file, until, to, content = msgspec.msgpack.decode(loan, type=tuple[str, str, File, float, str, bytes])
    if content:
        state.blobs.put(content)
    state.media[id] = Stored(kind, file, until, to)


_PIXEL = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d"
    "1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc0000b080001000101011100ffc4001f000001050101"
    "0101010100000000000000000102030405060708090a0bffc400b5100002010303020403050504040000017d010203000411051221314106"
    "13516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455"
    "565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9ba"
    "c2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda0008010100003f00fbd3ffd9"
)
"""A grey JPEG of one pixel: the model has no picture of a video."""
