"""Media: upload, look up, download, delete. Meta, "Media" reference (2025)."""

from __future__ import annotations

import hmac

import msgspec

from chatdrill.model import File
from chatdrill.wire import HttpResponse, Upload
from chatdrill.wire.files import describe
from chatdrill_fakes.families.meta import GraphError, access_token, missing_token, unknown_object, unknown_token
from chatdrill_fakes.platforms.whatsapp import ids
from chatdrill_fakes.platforms.whatsapp.calls import SUCCESS, Reply, Request
from chatdrill_fakes.platforms.whatsapp.errors import parameter_required, problem
from chatdrill_fakes.platforms.whatsapp.library import MIMES, SORTS, largest, plain_mime
from chatdrill_fakes.platforms.whatsapp.state import Stored


def upload(request: Request) -> Reply:
    """``POST /{phone-number-id}/media``: a multipart body with ``file``, ``type`` and ``messaging_product``."""
    if request.text("messaging_product") != "whatsapp":
        raise parameter_required("messaging_product")
    given = request.arguments.files.get("file")
    if given is None:
        raise parameter_required("file")
    mime = plain_mime(request.text("type") or given.content_type)
    if mime not in MIMES:
        listed = ", ".join(sorted(MIMES))
        raise problem(100, f"Param file must be a file with one of the following types: {listed}. Received {mime!r}.")
    file = _file(request, given, mime)
    stored = Stored(request.state.chance.digits(16), file, uploaded_at=request.now)
    request.state.media[stored.id] = stored
    return Reply(body={"id": stored.id})


def _file(request: Request, given: Upload, mime: str) -> File:
    """Describe an upload; the type the bot declared is what WhatsApp goes by."""
    sort = next(name for name, each in SORTS.items() if mime in each.mimes)
    most = largest(sort, given.content)
    if len(given.content) > most:
        raise problem(131053, f"The file has {len(given.content)} bytes; the most for {mime} is {most}.")
    seen = describe(given.content, request.state.blobs, name=given.filename, mime=mime)
    return msgspec.structs.replace(seen, mime=mime)


def look_up(request: Request) -> Reply:
    """``GET /{media-id}``: what the file is, and a link that works for five minutes."""
    stored = _stored(request)
    at = request.state.media_time(stored, request.now)
    secret = request.state.settings["app_secret"]
    body = {
        "messaging_product": "whatsapp",
        "url": ids.media_url(request.base_url(), secret, stored.id, at),
        "mime_type": _mime(stored),
        "sha256": stored.file.sha256,
        "file_size": stored.file.size_bytes,
        "id": stored.id,
    }
    return Reply(body=body, to=stored.address)


def delete(request: Request) -> Reply:
    """``DELETE /{media-id}``"""
    stored = _stored(request)
    del request.state.media[stored.id]
    return Reply(body=SUCCESS, to=stored.address)


def download(request: Request) -> Reply:
    """``GET`` of a media link: the bytes, for the account's token only and not after the link's end."""
    state = request.state
    token = access_token(request.exchange.request, request.arguments)
    if token is None:
        raise missing_token()
    if token != state.settings["token"]:
        raise unknown_token()
    media_id, expires = request.text("mid") or "", request.text("ext") or ""
    stored = state.media.get(media_id)
    if stored is None or not expires.isascii() or not expires.isdecimal() or len(expires) > 12:
        raise _gone(media_id)
    real = ids.media_hash(state.settings["app_secret"], media_id, int(expires))
    if not hmac.compare_digest(real.encode(), (request.text("hash") or "").encode("utf-8", "replace")):
        raise _gone(media_id)
    if request.state.media_time(stored, request.now) > int(expires):
        raise _gone(media_id, "the link has expired")
    if stored.file.sha256 not in state.blobs:
        raise _gone(media_id, "the scenario gave this file no content")
    content = state.blobs.get(stored.file.sha256)
    headers = (("Content-Type", _mime(stored)), ("Cache-Control", "private"))
    return Reply(to=stored.address, response=HttpResponse(200, headers, content))


def _mime(stored: Stored) -> str:
    return "audio/ogg; codecs=opus" if stored.voice and stored.file.mime == "audio/ogg" else stored.file.mime


def _gone(media_id: str, why: str = "there is no such file") -> GraphError:
    return GraphError(100, f"Media {media_id[:40]} cannot be downloaded: {why}", subcode=33, status=404)


def _stored(request: Request) -> Stored:
    stored = request.state.media.get(request.node)
    if stored is None or request.state.media_time(stored, request.now) > stored.uploaded_at + stored.keep_s:
        raise unknown_object(request.node, request.exchange.request.method)
    asked = request.text("phone_number_id")
    if asked is not None and asked != request.state.settings["phone_number_id"]:
        raise unknown_object(request.node, request.exchange.request.method)
    return stored
