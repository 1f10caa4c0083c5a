"""Files of messages: they lie under links of the account, whoever brought them."""

from __future__ import annotations

import re
from urllib.parse import quote

from chatdrill.model import File
from chatdrill.wire import HttpResponse
from chatdrill_fakes.desks.amocrm import ids
from chatdrill_fakes.desks.amocrm.errors import chat_problem
from chatdrill_fakes.desks.amocrm.state import AmoState
from chatdrill_fakes.families.desks import Visit

_SAFE = re.compile(r"[^A-Za-z0-9._-]+")
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
    "application/pdf": "pdf",
}


def name_of(file: File) -> str:
    """A name for a file, also for one that has none."""
    return file.name or f"file.{_ENDINGS.get(file.mime, 'bin')}"


def publish(state: AmoState, file: File, base_url: str) -> str:
    """Serve a file; returns its link."""
    name = _SAFE.sub("_", name_of(file)) or "file"
    path = f"{state.settings['amojo_id']}/{ids.uuid(state.chance)}/{name}"
    state.files[path] = (file.sha256, file.mime)
    return f"{base_url.rstrip('/')}/attachments/{quote(path)}"


def download(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /attachments/{path}``: anybody who has the link may read."""
    found = visit.state.files.get(visit.params["path"])
    if found is None or found[0] not in visit.state.blobs:
        raise chat_problem(404, "there is no such file")
    return HttpResponse(200, (("Content-Type", found[1]),), visit.state.blobs.get(found[0]))
