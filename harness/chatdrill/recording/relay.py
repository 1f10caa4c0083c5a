"""The proxy both ways: the platform's webhooks go on to the bot as they came, the bot's calls to the vendor.

Webhooks come to ``/hooks/{platform}``, calls to ``/{platform}/...``, where the fakes would have them. Body, headers and query of a webhook
stay as they are, ``Host`` included, so that whatever proves it still does.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import msgspec

from chatdrill.errors import did_you_mean
from chatdrill.recording.scribe import Scribe
from chatdrill.serve.answers import Answer
from chatdrill.serve.client import Client
from chatdrill.serve.errands import Outcome
from chatdrill.serve.heads import Target
from chatdrill.serve.homes import Homes
from chatdrill.wire import HttpFailure, HttpRequest, HttpResponse, json_response, wants_socket
from chatdrill.wire.http import Headers

HOOKS = "hooks"
TIMEOUT_S = 120.0
"""Real seconds for an answer; the longest poll that a vendor here holds is 50 s long (Telegram, getUpdates)."""
_OF_A_CONNECTION = frozenset(
    (
        "connection", "keep-alive", "proxy-connection", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
        "content-length", "expect",
    )
)  # fmt: skip
_READ_AS = ("gzip", "deflate")


@dataclass(frozen=True)
class Ways:
    """Where one platform's traffic goes on: ``webhook`` is the bot's address, ``vendor`` the root of the vendor's API."""

    webhook: str
    vendor: str


class Everywhere(Homes):
    """Recording is not a drill: what it passes on is meant to reach the vendor."""

    def way(self, target: Target) -> Target:
        """There."""
        return target


class Relay:
    """Answers every request by passing it on. ``complain`` is told, in a sentence, of what could not be passed on."""

    def __init__(
        self, ways: Mapping[str, Ways], scribe: Scribe, monotonic: Callable[[], float], complain: Callable[[str], None]
    ) -> None:
        self._ways = ways
        self._scribe = scribe
        self._complain = complain
        self._client = Client(monotonic, homes=Everywhere())

    def close(self) -> None:
        """Cut what is under way."""
        self._client.close()

    def __call__(self, request: HttpRequest) -> Answer | Awaitable[Answer]:
        """Pass a request on; see ``chatdrill.serve.answers.Handler``."""
        if wants_socket(request):
            return self._lost("WebSockets are not recorded")
        name, rest = _first_part(request.url)
        if name == HOOKS:
            name, rest = self._named(rest)
            return self._webhook(name, rest, request) if name in self._ways else self._unknown(name)
        return self._call(name, rest, request) if name in self._ways else self._unknown(name)

    def _named(self, url: str) -> tuple[str, str]:
        """The first part of a path that names a platform, and what follows: bots that register their webhook put words of their own
        before it."""
        found = _first_part(url)
        part, rest = found
        while part and part not in self._ways:
            part, rest = _first_part(rest)
        return (part, rest) if part else found

    def _unknown(self, name: str) -> HttpResponse:
        hint = did_you_mean(name, self._ways) if name else f"; known: {', '.join(self._ways)}"
        return self._lost(f"no platform {name!r} is recorded{hint}", 404)

    def _lost(self, why: str, status: int = 501) -> HttpResponse:
        self._complain(why)
        return json_response({"error": f"chatdrill record: {why}"}, status=status)

    async def _webhook(self, name: str, rest: str, request: HttpRequest) -> HttpResponse:
        updates = self._scribe.webhook_came(name, request)
        url = _joined(self._ways[name].webhook, rest)
        outcome = await self._send(HttpRequest(request.method, url, _kept(request.headers), request.body))
        self._scribe.webhook_answered(name, msgspec.structs.replace(request, url=url), updates, outcome)
        return self._answer(outcome, f"the bot at {self._ways[name].webhook}")

    async def _call(self, name: str, rest: str, request: HttpRequest) -> HttpResponse:
        self._scribe.call_came(request)
        headers = tuple(
            (key, value) for key, value in _kept(request.headers) if key.lower() not in ("host", "accept-encoding")
        )
        url = _joined(self._ways[name].vendor, rest)
        sent = HttpRequest(request.method, url, (*headers, ("Accept-Encoding", "identity")), request.body)
        outcome = await self._send(sent)
        inner = HttpRequest(request.method, rest, request.headers, request.body)
        seen = outcome.answer if isinstance(outcome.answer, HttpResponse) else HttpResponse(502)
        self._scribe.called(name, inner, _readable(seen), outcome.took_s)
        return self._answer(outcome, f"the vendor at {self._ways[name].vendor}")

    async def _send(self, request: HttpRequest) -> Outcome:
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        errand = self._client.start(request, TIMEOUT_S, future.set_result)
        try:
            return await future
        finally:
            errand.cancel()

    def _answer(self, outcome: Outcome, whose: str) -> HttpResponse:
        answer = outcome.answer
        if isinstance(answer, HttpFailure):
            return self._lost(f"{whose} gave no answer: {answer.kind} {answer.detail}".rstrip(), 502)
        headers = tuple((key, value) for key, value in _kept(answer.headers) if key.lower() != "date")
        return HttpResponse(answer.status, headers, answer.body)


def _first_part(url: str) -> tuple[str, str]:
    """``/telegram/bot1/x?y`` as ``telegram`` and ``/bot1/x?y``; nothing is left of ``/telegram?y`` but ``?y``."""
    path, question, query = url.partition("?")
    part, slash, rest = path.lstrip("/").partition("/")
    return part, f"{slash}{rest}{question}{query}"


def _joined(root: str, rest: str) -> str:
    """An address with what stood behind the platform's name; the query of either, or of both."""
    base, _, own = root.partition("?")
    path, _, query = rest.partition("?")
    whole = base.rstrip("/") + path if path else base
    both = "&".join(filter(None, (own, query)))
    return f"{whole}?{both}" if both else whole


def _kept(headers: Headers) -> Headers:
    """The headers that concern who speaks, and no single connection."""
    named = {word.strip().lower() for key, value in headers if key.lower() == "connection" for word in value.split(",")}
    return tuple((key, value) for key, value in headers if key.lower() not in _OF_A_CONNECTION | named)


def _readable(response: HttpResponse) -> HttpResponse:
    """The answer as it can be read, if it came packed although nobody asked for that."""
    if (response.header("content-encoding") or "").lower() not in _READ_AS:
        return response
    try:
        return HttpResponse(response.status, response.headers, zlib.decompress(response.body, zlib.MAX_WBITS | 32))
    except zlib.error:
        return response
