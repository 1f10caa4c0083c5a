"""Reading the files that a bot names by URL: on this machine only."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from chatdrill.serve.client import Client
from chatdrill.serve.heads import is_loopback
from chatdrill.serve.link import TOO_LONG
from chatdrill.wire import Fetch, Fetched, HttpFailure, HttpRequest, HttpResponse

_UNREACHABLE = Fetched(error="unreachable")
_HEADERS = (("Accept", "*/*"), ("User-Agent", "chatdrill"))


async def fetch(client: Client, wanted: Fetch) -> dict[str, Fetched]:
    """Read every URL, side by side; what lies outside the loopback is ``unreachable``."""
    urls = tuple(dict.fromkeys(wanted.urls))
    found = await asyncio.gather(*(_fetch_one(client, url, wanted) for url in urls))
    return dict(zip(urls, found, strict=True))


async def _fetch_one(client: Client, url: str, wanted: Fetch) -> Fetched:
    if not _is_near(url):
        return _UNREACHABLE
    request = HttpRequest("GET", url, _HEADERS)
    answer = await client.send(request, wanted.timeout_s, answer_max_bytes=wanted.size_max_bytes)
    return _read(answer, wanted.size_max_bytes)


def _is_near(url: str) -> bool:
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


def _read(answer: HttpResponse | HttpFailure, size_max_bytes: int) -> Fetched:
    if isinstance(answer, HttpFailure):
        return Fetched(error="too big" if answer.detail.startswith(TOO_LONG) else answer.kind)
    if not 200 <= answer.status < 300:
        return Fetched(error=f"status {answer.status}")
    if len(answer.body) > size_max_bytes:
        return Fetched(error="too big")
    return Fetched(answer.body, (answer.header("content-type") or "").partition(";")[0].strip())
