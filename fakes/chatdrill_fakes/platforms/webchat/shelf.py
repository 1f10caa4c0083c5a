"""Files of both sides: behind links of the bot's, inside of them, or uploaded.

Source: learn.microsoft.com, Bot Connector REST API reference: attachments (2025).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

import msgspec

from chatdrill.model import File, Media
from chatdrill.model.parts import MediaKind
from chatdrill.wire import Fetched, HttpResponse, json_response
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.webchat import limits
from chatdrill_fakes.platforms.webchat.activities import Attachment
from chatdrill_fakes.platforms.webchat.calls import Asked, refuse
from chatdrill_fakes.platforms.webchat.state import Stored

_KINDS: dict[str, MediaKind] = {"image": "photo", "video": "video", "audio": "audio"}


def media_of(asked: Asked, attachments: Sequence[Attachment]) -> list[Media]:
    """The files behind attachments. Links of the network are read first, so call it before anything is changed."""
    if not attachments:
        return []
    own = f"{asked.base_url}/v3/attachments/"
    urls = [each.content_url or "" for each in attachments]
    for url in urls:
        if not url.startswith(("http://", "https://", "data:")):
            raise refuse(400, "BadArgument", "contentUrl must be an absolute URL")
    outside = [url for url in urls if not url.startswith(("data:", own))]
    fetched = dict(zip(outside, asked.read(*outside), strict=True))
    return [_media(asked, each, fetched.get(each.content_url or ""), own) for each in attachments]


def _media(asked: Asked, attachment: Attachment, fetched: Fetched | None, own: str) -> Media:
    url = attachment.content_url or ""
    if fetched is not None:
        file = _fetched(asked, attachment, fetched, url)
    elif url.startswith("data:"):
        file = _inside(asked, attachment, url)
    else:
        stored = asked.state.files.get(url.removeprefix(own).partition("/")[0])
        if stored is None:
            raise refuse(400, "BadArgument", "Unknown attachment id")
        file = stored.file
    mime = attachment.content_type or file.mime
    kind = "animation" if mime == "image/gif" else _KINDS.get(mime.partition("/")[0], "document")
    return Media(kind=kind, file=file)


def _fetched(asked: Asked, attachment: Attachment, fetched: Fetched, url: str) -> File:
    """What cannot be read is a broken picture for the customer, and no error."""
    mime = attachment.content_type or "application/octet-stream"
    if fetched.error is not None:
        if fetched.error != "unreachable":
            asked.remarks.append(f"the customer sees a broken file: {url[:200]} is {fetched.error}")
        return File(url=url, name=attachment.name, mime=mime)
    name = attachment.name or url.partition("?")[0].rpartition("/")[2]
    file = describe(fetched.content, asked.state.blobs, name=name, mime=mime)
    return msgspec.structs.replace(file, url=url)


def _inside(asked: Asked, attachment: Attachment, url: str) -> File:
    head, _, body = url[len("data:") :].partition(",")
    mime, *flags = head.split(";")
    content = _decoded(body) if "base64" in flags else unquote_to_bytes(body)
    return describe(content, asked.state.blobs, name=attachment.name, mime=mime or attachment.content_type)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise refuse(400, "BadArgument", "invalid base64") from None


# ------------------------------------------------------------------------------------------------------------- calls


def upload(asked: Asked) -> HttpResponse:
    """POST .../attachments: a file in base64 gets an id."""
    asked.chat()
    file = _given(asked, "originalBase64")
    if file is None:
        raise refuse(400, "MissingProperty", "The 'OriginalBase64' property is required")
    return json_response({"id": asked.state.keep(file, _given(asked, "thumbnailBase64")).id}, status=201)


def _given(asked: Asked, name: str) -> File | None:
    text, kind, label = (asked.values.get(each) for each in (name, "type", "name"))
    if not text:
        return None
    if not all(isinstance(each, str | None) for each in (text, kind, label)):
        raise refuse(400, "BadArgument", "type, name and base64 are texts")
    content = _decoded(str(text))
    if len(content) > limits.UPLOAD_MAX_BYTES:
        raise refuse(413, "MessageSizeTooBig", "The attachment is larger than 4 MB")
    return describe(content, asked.state.blobs, name=label, mime=kind)


def _stored(asked: Asked) -> Stored:
    stored = asked.state.files.get(asked.params["id"])
    if stored is None:
        raise refuse(404, "NotFound", "Unknown attachment id")
    return stored


def info(asked: Asked) -> HttpResponse:
    """GET /v3/attachments/{id}."""
    stored = _stored(asked)
    views = [{"viewId": "original", "size": stored.file.size_bytes}]
    if stored.thumbnail is not None:
        views.append({"viewId": "thumbnail", "size": stored.thumbnail.size_bytes})
    return json_response({"name": stored.file.name, "type": stored.file.mime, "views": views})


def view(asked: Asked) -> HttpResponse:
    """GET /v3/attachments/{id}/views/{view}: the bytes."""
    stored = _stored(asked)
    file = {"original": stored.file, "thumbnail": stored.thumbnail}.get(asked.params["view"])
    if file is None or file.sha256 not in asked.state.blobs:
        raise refuse(404, "NotFound", "Unknown view id")
    return HttpResponse(200, (("Content-Type", file.mime),), asked.state.blobs.get(file.sha256))
