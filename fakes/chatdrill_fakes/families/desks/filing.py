"""Files that bots bring to a desk: uploaded, or by a link that the desk reads."""

from __future__ import annotations

import msgspec

from chatdrill.model import Blobs, File
from chatdrill.wire import Fetched, Upload
from chatdrill.wire.files import describe


def uploaded_file(upload: Upload, blobs: Blobs) -> File:
    """The file of a multipart body, kept in ``blobs``."""
    return describe(upload.content, blobs, name=upload.filename, mime=upload.content_type or None)


def fetched_file(fetched: Fetched, blobs: Blobs, *, url: str, name: str | None = None) -> File:
    """The file behind a link. One that could not be read has no ``sha256``: the agent sees a broken link."""
    if fetched.error is not None:
        return File(url=url, name=name, mime=fetched.content_type or File().mime)
    mime = fetched.content_type.partition(";")[0].strip() or None
    file = describe(fetched.content, blobs, name=name or url.partition("?")[0].rpartition("/")[2], mime=mime)
    return msgspec.structs.replace(file, url=url)
