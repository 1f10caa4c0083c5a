"""Which platform a request is for: by the vendor's host name, the first part of the path, the port, or what it says."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urlsplit

from chatdrill.errors import did_you_mean
from chatdrill.serve.answers import Answer, Handler
from chatdrill.serve.channel import Account
from chatdrill.serve.heads import host_of
from chatdrill.serve.notes import Notes
from chatdrill.serve.reception import Receiver
from chatdrill.wire import HttpRequest, HttpResponse, json_response

CONTROL = "_chatdrill"


class Control(Protocol):
    """Answers what is asked under ``/_chatdrill/``."""

    def handle(self, request: HttpRequest, path: str) -> Answer | Awaitable[Answer]:
        """``path`` is what follows the prefix."""


class Listener:
    """Routes requests; ``main`` is the handler of the main port, ``mounted`` makes those of the platforms' own ports."""

    def __init__(
        self, channels: Mapping[str, Account[Any]], reception: Receiver, notes: Notes, control: Control | None
    ) -> None:
        self._channels = channels
        self._reception = reception
        self._notes = notes
        self._control = control
        self._vendors: dict[str, list[Account[Any]]] = {}
        for channel in channels.values():
            for host in channel.service.hosts:
                self._vendors.setdefault(host.lower(), []).append(channel)
        self._is_wild = any(host.startswith("*.") for host in self._vendors)

    def main(self, request: HttpRequest) -> Answer | Awaitable[Answer]:
        """Answer a request that came in on the main port."""
        scheme, host, url = _where(request)
        vendors = self._standing_for(host_of(host))
        if vendors is not None:
            inner = HttpRequest(request.method, url, request.headers, request.body, request.came_at)
            return self._reception.take(self._claimant(vendors, inner), inner, base_url=f"{scheme}://{host}")
        name, rest = _first_part(url)
        channel = self._channels.get(name)
        if channel is None:
            if name == CONTROL and self._control is not None:
                return self._control.handle(request, rest)
            channel, rest = self._unprefixed(request, url), url
        if channel is None:
            return self._lost(request, name)
        base_url = f"{scheme}://{host}/{channel.name}" if host else channel.base_url
        return self._visit(channel, request, rest, base_url)

    def knows(self, host: str) -> bool:
        """True for a vendor's host name that a fake stands for."""
        return self._standing_for(host) is not None

    @property
    def hosts(self) -> tuple[str, ...]:
        """The vendors' host names that fakes stand for, as they declare them."""
        return tuple(self._vendors)

    def _standing_for(self, host: str) -> list[Account[Any]] | None:
        found = self._vendors.get(host)
        return self._vendors.get(f"*.{host.partition('.')[2]}") if found is None and self._is_wild else found

    def _unprefixed(self, request: HttpRequest, url: str) -> Account[Any] | None:
        """The platform that claims a request without a prefix.

        Many SDKs take another host, but no path in front of the vendor's own (telegraf drops it).
        """
        inner = HttpRequest(request.method, url, request.headers, request.body, request.came_at)
        claiming = (channel for channel in self._channels.values() if channel.service.claims(inner, channel.state))
        return next(claiming, None)

    def mounted(self, channel: Account[Any]) -> Handler:
        """The handler of a platform's own port."""
        return _Mounted(self, channel)

    def at_root(self, channel: Account[Any], request: HttpRequest) -> Answer | Awaitable[Answer]:
        """Answer a request that came in on the platform's own port."""
        scheme, host, url = _where(request)
        return self._visit(channel, request, url, f"{scheme}://{host}" if host else channel.base_url)

    def _visit(
        self, channel: Account[Any], request: HttpRequest, url: str, base_url: str
    ) -> Answer | Awaitable[Answer]:
        inner = HttpRequest(request.method, url, request.headers, request.body, request.came_at)
        return self._reception.take(channel, inner, base_url=base_url)

    def _claimant(self, vendors: list[Account[Any]], request: HttpRequest) -> Account[Any]:
        """Of the platforms behind one vendor host the one that knows the request, else the first: it can say no."""
        if len(vendors) == 1:
            return vendors[0]
        claiming = (channel for channel in vendors if channel.service.claims(request, channel.state))
        return next(claiming, vendors[0])

    def _lost(self, request: HttpRequest, name: str) -> HttpResponse:
        prefixes = [f"/{known}/" for known in self._channels]
        if not name and request.method in ("GET", "HEAD"):
            return json_response({"chatdrill": "the fakes of these platforms and desks are here", "prefixes": prefixes})
        error = f"no platform or desk under /{name}{did_you_mean(name, self._channels)}"
        self._notes.trouble("bot", f"{request.method} {request.url[:200]}: {error}")
        return json_response({"error": error, "prefixes": prefixes}, status=404)


class _Mounted:
    def __init__(self, listener: Listener, channel: Account[Any]) -> None:
        self._listener = listener
        self._channel = channel

    def __call__(self, request: HttpRequest) -> Answer | Awaitable[Answer]:
        return self._listener.at_root(self._channel, request)


def _where(request: HttpRequest) -> tuple[str, str, str]:
    """Scheme and host as the bot wrote them, and the path with its query."""
    if not request.url.startswith("/"):
        parts = urlsplit(request.url)
        if parts.netloc:
            path = parts.path or "/"
            return parts.scheme, parts.netloc.rpartition("@")[2], f"{path}?{parts.query}" if parts.query else path
    scheme, host = "http", ""
    for name, value in request.headers:
        length = len(name)
        if length == 4 and name.lower() == "host":
            host = value
        elif length == 17 and name.lower() == "x-forwarded-proto" and value in ("http", "https"):
            scheme = value
    return scheme, host, request.url


@lru_cache(maxsize=256)
def _first_part(url: str) -> tuple[str, str]:
    """``/telegram/bot1/x?y`` as ``telegram`` and ``/bot1/x?y``; further slashes in between do not count."""
    part, slash, rest = url.lstrip("/").partition("/")
    name, question, query = part.partition("?")
    if question:
        return name, f"/?{query}{slash}{rest}"
    return name, "/" + rest.lstrip("/")
