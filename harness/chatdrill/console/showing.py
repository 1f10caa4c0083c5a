"""An exchange with the bot as the page shows it: every byte, and nothing taken for markup."""

from __future__ import annotations

import base64
from typing import Any

from chatdrill.serve.heads import BadUrl, target_of
from chatdrill.serve.wiretap import Exchange
from chatdrill.wire import HttpRequest, HttpResponse

_SHOWN_MAX_BYTES = 512 * 1024
_SIGNED = ("signature", "secret", "hmac", "authorization", "token", "digest")


def shown(exchange: Exchange) -> dict[str, Any]:
    """Request and answer; ``can_repeat`` for what chatdrill sends."""
    answer = exchange.answer
    return {
        "request": {**_request(exchange.request), **_body(exchange.request.body)},
        "answer": (
            {"status": answer.status, "headers": list(answer.headers), **_body(answer.body)}
            if isinstance(answer, HttpResponse)
            else {"failure": answer.kind, "detail": answer.detail}
        ),
        "updates": [{"id": update.id, "kind": update.kind} for update in exchange.updates],
        "can_repeat": exchange.account is not None,
    }


def _request(request: HttpRequest) -> dict[str, Any]:
    return {
        "method": request.method,
        "url": request.url,
        "line": f"{request.method} {_path(request.url)} HTTP/1.1",
        "headers": list(request.headers),
        "signed_by": [name for name, _ in request.headers if any(word in name.lower() for word in _SIGNED)],
    }


def _path(url: str) -> str:
    try:
        return url if url.startswith("/") else target_of(url).path
    except BadUrl:
        return url


def _body(body: bytes) -> dict[str, Any]:
    """The bytes as text where they are some, else in base64; of a very long body the beginning."""
    head = body[:_SHOWN_MAX_BYTES]
    about = {"size": len(body), "cut": len(body) > len(head)}
    try:
        return {**about, "text": head.decode("utf-8", "strict" if len(head) == len(body) else "ignore")}
    except UnicodeDecodeError:
        return {**about, "base64": base64.b64encode(head).decode()}
