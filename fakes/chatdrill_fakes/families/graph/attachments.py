"""Attachments that the bot sends or uploads: by address, by id, or as a file in the request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from chatdrill.model import File, Media, MediaKind
from chatdrill.wire import Fetch, Upload
from chatdrill.wire.files import describe, sniff
from chatdrill_fakes.families.meta import GraphError, is_url

from . import errors, limits, reading
from .call import Answered
from .call import Asked as _Asked
from .state import Asset, Shared

Asked = _Asked[Shared]
TYPES = ("image", "audio", "video", "file")
_KINDS: dict[str, MediaKind] = {"image": "photo", "audio": "audio", "video": "video", "file": "document"}
_TRUSTED_MIME = {"image": "image/jpeg", "audio": "audio/mpeg", "video": "video/mp4"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """An attachment as the bot named it: exactly one of ``url``, ``asset_id`` and ``upload`` is set."""

    type: str
    reusable: bool = False
    url: str | None = None
    asset_id: str | None = None
    upload: Upload | None = None


def read_attachment(asked: Asked, attachment: Mapping[str, Any], where: str) -> Wanted:
    """What an ``attachment`` object names. Raises error 100 where it names nothing."""
    kind = reading.text(attachment.get("type"), f"{where}[type]")
    if kind not in TYPES:
        raise errors.invalid(f"Param {where}[type] is not supported. Please check developer docs for details")
    payload = reading.mapping(attachment.get("payload"), f"{where}[payload]")
    reusable = reading.flag(payload.get("is_reusable"))
    if payload.get("attachment_id") is not None:
        return Wanted(kind, asset_id=reading.identifier(payload["attachment_id"], f"{where}[payload][attachment_id]"))
    if payload.get("url") is not None:
        address = reading.text(payload["url"], f"{where}[payload][url]")
        if not is_url(address):
            raise errors.not_url(address[:200])
        return Wanted(kind, reusable, url=address)
    upload = asked.files.get("filedata") or next(iter(asked.files.values()), None)
    if upload is None or not asked.state.product.takes_uploads:
        raise errors.required(f"{where}[payload][url]")
    return Wanted(kind, reusable, upload=upload)


def fetch_for(asked: Asked, wanted: Sequence[Wanted]) -> Fetch | None:
    """What must be read before these attachments can be sent, or ``None``."""
    missing = [one for one in wanted if one.url is not None and one.url not in asked.exchange.fetched]
    if not missing:
        return None
    timeout_s = limits.FETCH_VIDEO_TIMEOUT_S if any(one.type == "video" for one in missing) else limits.FETCH_TIMEOUT_S
    return Fetch(tuple(one.url for one in missing if one.url), timeout_s, limits.FILE_MAX_BYTES)


def resolve(asked: Asked, wanted: Wanted, at: float) -> File:
    """The file of an attachment. Raises the error that Meta answers for one that cannot be had."""
    if wanted.asset_id is not None:
        return _asset(asked, wanted, at).file
    if wanted.upload is not None:
        upload = wanted.upload
        return _described(asked, wanted.type, upload.content, upload.filename or None, upload.content_type)
    return _fetched(asked, wanted.type, wanted.url or "")


def _asset(asked: Asked, wanted: Wanted, at: float) -> Asset:
    asset = asked.state.assets.get(wanted.asset_id or "")
    if asset is None or at - asset.made_at > limits.ATTACHMENT_LIFE_S:
        raise errors.invalid("Invalid attachment ID or you do not own the attachment", 2018074)
    if asset.type != wanted.type:
        raise errors.invalid("Upload attachment failure.", 2018047)
    return asset


def _fetched(asked: Asked, kind: str, address: str) -> File:
    fetched = asked.exchange.fetched[address]
    name = _file_name(address)
    if fetched.error == "unreachable":
        # Outside the loopback nothing is visited: the file is taken for what the bot says it is.
        return File(url=address, name=name, mime=_TRUSTED_MIME.get(kind, "application/octet-stream"))
    if fetched.error == "too big":
        raise _too_large()
    if fetched.error == "timeout" and kind == "video":
        raise errors.invalid("Video upload timed out", 2018294)
    if fetched.error is not None or not fetched.content:
        raise errors.invalid("Failed to fetch the file from the url", 2018008)
    file = _described(asked, kind, fetched.content, name, fetched.content_type)
    return msgspec.structs.replace(file, url=address)


def _described(asked: Asked, kind: str, content: bytes, name: str | None, mime: str) -> File:
    if len(content) > (limits.IMAGE_MAX_BYTES if kind == "image" else limits.FILE_MAX_BYTES):
        raise _too_large()
    file = describe(content, asked.state.blobs, name=name, mime=mime.partition(";")[0].strip().lower() or None)
    seen = sniff(content) or ("" if kind == "image" else file.mime)  # only a real picture can be shown as one
    if not seen.startswith(asked.state.product.accepted[kind]):
        raise errors.invalid("Upload attachment failure.", 2018047)
    return file


def _too_large() -> GraphError:
    return errors.invalid("Attachment size exceeds allowable limit", 2018109)


def _file_name(address: str) -> str | None:
    return PurePosixPath(unquote(urlsplit(address).path)).name or None


def as_media(kind: str, file: File) -> Media:
    """A sent attachment in neutral words."""
    return Media(kind="animation" if file.mime == "image/gif" else _KINDS[kind], file=file)


def store(asked: Asked, kind: str, file: File, at: float) -> str:
    """Keep a file for reuse; returns its ``attachment_id``."""
    key = asked.state.new_id()
    asked.state.assets[key] = Asset(key, kind, file, at)
    return key


def upload(asked: Asked) -> Answered:
    """``POST /me/message_attachments``"""
    message = reading.mapping(asked.values.get("message"), "message")
    attachment = reading.mapping(message.get("attachment"), "message[attachment]")
    wanted = read_attachment(asked, attachment, "message[attachment]")
    if wanted.asset_id is not None:
        raise errors.required("message[attachment][payload][url]")
    wait = fetch_for(asked, [wanted])
    if wait is not None:
        return Answered(wait=wait)
    return Answered({"attachment_id": store(asked, wanted.type, resolve(asked, wanted, asked.now), asked.now)})
