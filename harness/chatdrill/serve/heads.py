"""The first lines of HTTP/1.1 messages, as bytes: what our server answers and our client asks."""

from __future__ import annotations

import base64
import email.utils
import http
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

from msgspec import structs

from chatdrill.wire import HttpRequest, HttpResponse
from chatdrill.wire.http import Headers

_REASONS = {status.value: status.phrase for status in http.HTTPStatus}
_OWN = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})  # the server decides these
_BODILESS = frozenset({204, 304})
_HTTP_PORTS = {"http": 80, "https": 443}


class BadUrl(ValueError):
    """A URL that no request can be sent to; the text says why."""


@dataclass(frozen=True)
class Target:
    """Where a URL leads: ``host_header`` and ``path`` as they are written into the request."""

    scheme: str
    host: str
    port: int
    host_header: str
    path: str
    authorization: str | None = None

    @property
    def origin(self) -> tuple[str, str, int]:
        """What decides whether a connection can be used again."""
        return self.scheme, self.host, self.port


@lru_cache(maxsize=1024)
def target_of(url: str) -> Target:
    """Take a URL apart; raises ``BadUrl``."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
        host = host.encode("idna").decode() if not host.isascii() else host
    except ValueError as error:
        raise BadUrl(f"{url!r} is not a URL: {error}") from error
    if scheme not in _HTTP_PORTS or not host:
        raise BadUrl(f"{url!r} is not an http:// or https:// URL")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/?%:@!$&()*+,;=~-._[]')}" if parts.query else ""
    bracketed = f"[{host}]" if ":" in host else host
    host_header = bracketed if port in (None, _HTTP_PORTS[scheme]) else f"{bracketed}:{port}"
    return Target(
        scheme, host, port or _HTTP_PORTS[scheme], host_header, path + query, _basic(parts.username, parts.password)
    )


def _basic(user: str | None, password: str | None) -> str | None:
    if user is None:
        return None
    return "Basic " + base64.b64encode(f"{unquote(user)}:{unquote(password or '')}".encode()).decode()


TIME_HEADER = "X-Chatdrill-Time"
"""Drill time in Unix seconds, in what a bot gets while time is virtual."""

_LOCAL_NAMES = (".localhost", ".local", ".internal", ".test", ".lan", ".home.arpa", ".svc")


@lru_cache(maxsize=1024)
def is_near(host: str) -> bool:
    """True for this machine and its own network: private addresses, names without a dot (as containers have) and names
    under the endings that the internet does not resolve."""
    if is_loopback(host) or ("." not in host.rstrip(".") and ":" not in host):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.lower().rstrip(".").endswith(_LOCAL_NAMES)
    return address.is_private or address.is_link_local


@lru_cache(maxsize=512)
def header_text(name: bytes, value: bytes) -> tuple[str, str]:
    """A header that was read, as text. A bot sends the same few with every request."""
    return name.decode("latin-1"), value.decode("latin-1")


@lru_cache(maxsize=256)
def host_of(host_header: str) -> str:
    """The name in a ``Host`` header, without the port, in lower case."""
    name, colon, port = host_header.rpartition(":")
    return (name if colon and port.isdigit() else host_header).lower()


def is_loopback(host: str) -> bool:
    """True for an address that stays on this machine: ``127.0.0.0/8``, ``::1``, ``localhost``."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def request_bytes(request: HttpRequest, target: Target) -> bytes:
    """The exact bytes of a request: its headers as they are, completed by ``Host`` and ``Content-Length``."""
    lines = [f"{request.method} {target.path} HTTP/1.1"]
    given = {name.lower() for name, _ in request.headers}
    if "host" not in given:
        lines.append(f"Host: {target.host_header}")
    lines += [f"{name}: {value}" for name, value in request.headers]
    if "authorization" not in given and target.authorization is not None:
        lines.append(f"Authorization: {target.authorization}")
    if "content-length" not in given and (request.body or request.method in ("POST", "PUT", "PATCH")):
        lines.append(f"Content-Length: {len(request.body)}")
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + request.body


def stamped(request: HttpRequest, now: float) -> HttpRequest:
    """The request with the drill time in a header."""
    return structs.replace(request, headers=(*request.headers, (TIME_HEADER, f"{now:.6f}")))


class Heads:
    """Writes answers. The ``Date`` is the drill's: ``now`` gives it in Unix seconds. ``stamp``: so does a header, precisely."""

    def __init__(self, now: Callable[[], float], *, stamp: bool = False) -> None:
        self._now = now
        self._stamp = stamp
        self._second = -1
        self._date = b""

    def answer(self, response: HttpResponse, *, keep: bool = True, old: bool = False, bodiless: bool = False) -> bytes:
        """The bytes of an answer; ``old`` for a client that speaks HTTP/1.0, ``bodiless`` for one that asked by HEAD."""
        head = _head(response.status, response.headers, keep, old) + self._date_line()
        if response.status in _BODILESS or response.status < 200:
            return head + b"\r\n"
        head += b"Content-Length: %d\r\n\r\n" % len(response.body)
        return head if bodiless else head + response.body

    def stream(self, headers: Headers) -> bytes:
        """The head of an answer that ends with its connection."""
        return _head(200, headers, False, False) + self._date_line() + b"\r\n"

    def switch(self, proof: str, protocol: str | None) -> bytes:
        """The head of the answer to a WebSocket's handshake."""
        lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
        lines.append(f"Sec-WebSocket-Accept: {proof}")
        lines += [f"Sec-WebSocket-Protocol: {protocol}"] if protocol is not None else []
        return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n" + self._date_line() + b"\r\n"

    def _date_line(self) -> bytes:
        second = int(self._now())
        if second != self._second:
            self._second = second
            self._date = b"Date: %b\r\n" % email.utils.formatdate(second, usegmt=True).encode()
        if self._stamp:
            return self._date + b"%b: %.6f\r\n" % (TIME_HEADER.encode(), self._now())
        return self._date


@lru_cache(maxsize=512)
def _head(status: int, headers: Headers, keep: bool, old: bool) -> bytes:
    lines = [f"{name}: {value}" for name, value in headers if name.lower() not in _OWN]
    together = " ".join(lines)
    if " ".join(together.split()) != together:
        # A line break in a value (a file name that the bot chose) must not become a header of its own.
        lines = [" ".join(line.split()) for line in lines]
    if not keep:
        lines.append("Connection: close")
    elif old:
        lines.append("Connection: keep-alive")
    return "\r\n".join((f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}", *lines, "")).encode(
        "latin-1", "replace"
    )
