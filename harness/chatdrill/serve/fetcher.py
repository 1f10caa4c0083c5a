"""Reading the files that a bot names by URL: on this machine only."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from urllib.parse import urlsplit

from chatdrill.serve.client import Client
from chatdrill.serve.errands import Outcome
from chatdrill.serve.heads import is_loopback
from chatdrill.serve.link import TOO_LONG
from chatdrill.serve.parcels import Bot
from chatdrill.wire import Fetch, Fetched, HttpFailure, HttpRequest, HttpResponse

_UNREACHABLE = Fetched(error="unreachable")
_HEADERS = (("Accept", "*/*"), ("User-Agent", "chatdrill"))


async def fetch(
    client: Client, wanted: Fetch, app: Bot | None = None, doors: Collection[str] = ()
) -> dict[str, Fetched]:
    """Read every URL and make every request, side by side, by their URLs; what lies outside the loopback is ``unreachable``.

    ``app`` is a bot in this process: what lies beside its ``doors``, the URLs of its webhooks, is asked of it, for no socket
    leads there; so is every request, for its webhooks go to it wherever it says it is.
    """
    requests = {url: HttpRequest("GET", url, _HEADERS) for url in wanted.urls}
    requests |= {request.url: request for request in wanted.requests}
    hosts = frozenset(map(_host, (*doors, *(one.url for one in wanted.requests)))) if app is not None else frozenset()
    found = await asyncio.gather(
        *(_fetch_one(client, one, wanted, app if _host(one.url) in hosts else None) for one in requests.values())
    )
    return dict(zip(requests, found, strict=True))


async def _fetch_one(client: Client, request: HttpRequest, wanted: Fetch, app: Bot | None) -> Fetched:
    if app is not None:
        return _read(await _ask(app, request, wanted.timeout_s), wanted.size_max_bytes)
    if not _is_near(request.url, client):
        return _UNREACHABLE
    answer = await client.send(request, wanted.timeout_s, answer_max_bytes=wanted.size_max_bytes)
    return _read(answer, wanted.size_max_bytes)


async def _ask(app: Bot, request: HttpRequest, timeout_s: float) -> HttpResponse | HttpFailure:
    future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
    errand = app.start(request, timeout_s, future.set_result)
    try:
        return (await future).answer
    finally:
        errand.cancel()


def _host(url: str) -> str:
    """Host and port; nothing for what has none."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _is_near(url: str, client: Client) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return is_loopback(host) or client.homes.knows(host)


def _read(answer: HttpResponse | HttpFailure, size_max_bytes: int) -> Fetched:
    if isinstance(answer, HttpFailure):
        return Fetched(error="too big" if answer.detail.startswith(TOO_LONG) else answer.kind)
    if not 200 <= answer.status < 300:
        return Fetched(error=f"status {answer.status}", status=answer.status)
    if len(answer.body) > size_max_bytes:
        return Fetched(error="too big", status=answer.status)
    kind = (answer.header("content-type") or "").partition(";")[0].strip()
    return Fetched(answer.body, kind, status=answer.status)
