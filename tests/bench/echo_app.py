"""The echo bot as an ASGI application, for a drill in one process: it acknowledges each webhook and echoes the text by one
API call over a kept-alive connection."""

from __future__ import annotations

from typing import Any

from tests.bench.echo_bot import META, TELEGRAM, Api, decode

_api = Api()


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """One webhook."""
    if scope["type"] != "http":
        return
    body = (await receive())["body"]
    challenge = scope["query_string"].partition(b"hub.challenge=")[2].partition(b"&")[0]
    await send({"type": "http.response.start", "status": 200, "headers": ()})
    await send({"type": "http.response.body", "body": challenge})
    if body:
        calls = TELEGRAM(decode(body)) if b'"update_id"' in body[:20] else META(decode(body))
        _api.send(b"".join(calls))
