"""The page and its files, as they go out: nothing in them leads anywhere else."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path

from chatdrill.wire import HttpResponse, json_response
from chatdrill.wire.http import Headers

_FOLDER = Path(__file__).with_name("assets")
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_MODULES = {
    "preact": "./assets/vendor/preact.mjs",
    "preact/hooks": "./assets/vendor/hooks.mjs",
    "htm": "./assets/vendor/htm.mjs",
    "@preact/signals-core": "./assets/vendor/signals-core.mjs",
    "@preact/signals": "./assets/vendor/signals.mjs",
}
_IMPORTS = json.dumps({"imports": _MODULES})
_IMPORTS_HASH = base64.b64encode(hashlib.sha256(_IMPORTS.encode()).digest()).decode()
_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' 'sha256-{_IMPORTS_HASH}'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
SAFETY: Headers = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)


def page() -> HttpResponse:
    """The page itself. It holds nothing that is worth a token."""
    html = (_FOLDER / "index.html").read_text("utf-8").replace("{imports}", _IMPORTS)
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", _POLICY), *SAFETY)
    return HttpResponse(200, headers, html.encode())


def asset(name: str) -> HttpResponse:
    """One of the page's files; 404 for anything that is none."""
    path = _assets().get(name)
    if path is None:
        return json_response({"error": f"the console has no file {name!r}"}, status=404)
    return HttpResponse(200, (("Content-Type", _TYPES[path.suffix]), *SAFETY), path.read_bytes())


@cache
def _assets() -> dict[str, Path]:
    """The files by their names below ``assets``: only what is listed can be asked for."""
    found = (path for path in _FOLDER.rglob("*") if path.suffix in _TYPES)
    return {path.relative_to(_FOLDER).as_posix(): path for path in found}


_SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "audio/", "video/")


def blob(content: bytes, mime: str) -> HttpResponse:
    """The bytes of a file that somebody has sent. Only what a browser cannot run is shown; the rest is for saving."""
    is_shown = mime.startswith(_SHOWN)
    kind = mime if is_shown else "application/octet-stream"
    disposition = "inline" if is_shown else "attachment"
    headers = (("Content-Type", kind), ("Content-Disposition", disposition), ("Content-Security-Policy", "sandbox"))
    return HttpResponse(200, (*headers, *(pair for pair in SAFETY if pair[0] != "Cache-Control")), content)
