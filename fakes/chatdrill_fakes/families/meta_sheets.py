"""What the sheets of Meta's messengers share; no run needs it."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from chatdrill.wire import Fetched, HttpRequest
from chatdrill.wire.sheets import Refused


def is_signed(request: HttpRequest, app_secret: str) -> bool:
    """What a correct bot checks: the HMAC of the raw body, as it came, under the app secret."""
    told = request.header("X-Hub-Signature-256") or ""
    wanted = "sha256=" + hmac.new(app_secret.encode(), request.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(told.encode(), wanted.encode())


def heeded_handshake(url: str) -> Fetched:
    """What a correct callback answers to a handshake; nothing for any other address."""
    challenge = dict(parse_qsl(urlsplit(url).query)).get("hub.challenge")
    return Fetched(error="status 404") if challenge is None else Fetched(challenge.encode(), "text/plain")


def wrong(status: int, code: int, subcode: int | None = None, **error: Any) -> Refused:
    """An error of the Graph API as a sheet expects it."""
    more = {} if subcode is None else {"error_subcode": subcode}
    return Refused(status, {"error": {"code": code, **more, **error}})
