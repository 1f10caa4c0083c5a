"""One account whose conversations several workers hold: whose a call is."""

from __future__ import annotations

import msgspec

from chatdrill.wire import HttpRequest
from chatdrill_fakes.platforms.webchat import sending
from chatdrill_fakes.platforms.webchat.routes import find
from chatdrill_fakes.platforms.webchat.state import WebChatState


def owner_of(state: WebChatState, request: HttpRequest) -> str | None:
    """See ``chatdrill.wire.doors.Divisible``."""
    path = request.path_in_parts
    found = find(request.method, path.removeprefix(f"/{state.region}") if state.region else path)
    params = {} if found is None else found[1]
    if found is not None and found[0].handler is sending.begin:
        return _member(request)
    return params.get("conversation") or params.get("id")


def _member(request: HttpRequest) -> str | None:
    """With whom a conversation is to begin: a customer's account ends in the mark, too."""
    try:
        return str(msgspec.json.decode(request.body)["members"][0]["id"])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, IndexError, TypeError):
        return None
