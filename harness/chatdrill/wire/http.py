"""HTTP as values: what a wire encodes, reads and answers. Nothing here opens a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

Headers = tuple[tuple[str, str], ...]
T = TypeVar("T")
SLASH = "%2F"
"""A slash that is a character of a name in a path, and no border between two."""


class Once(Generic[T]):
    """A property that is worked out once; ``functools.cached_property`` takes a lock each time before Python 3.12."""

    def __init__(self, read: Callable[[Any], T]) -> None:
        self.__doc__ = read.__doc__
        self._read, self._name = read, read.__name__

    def __get__(self, instance: object, owner: type) -> T:
        value = instance.__dict__[self._name] = self._read(instance)
        return value


def find_header(headers: Headers, name: str) -> str | None:
    """The first value of a header, whatever its letter case."""
    wanted, size = name.lower(), len(name)
    for key, value in headers:  # a plain loop: every request asks several times
        if len(key) == size and key.lower() == wanted:
            return value
    return None


@lru_cache(maxsize=256)
def media_type(header: str) -> str:
    """The media type of a ``Content-Type``, without parameters, in lower case."""
    return header.partition(";")[0].strip().lower()


def _split(url: str) -> tuple[str, str]:
    """Path and query. What came in need not be a URL (``//[``, ``http://[``), so it is only cut. No wire carries half of a surrogate
    pair, and no answer could quote it: the sign for what is no character stands in its place."""
    if not url.isascii():
        url = url.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if not url.startswith("/"):
        try:
            parts = urlsplit(url)
            return parts.path, parts.query
        except ValueError:
            pass
    path, _, query = url.partition("#")[0].partition("?")
    return path, query


class HttpRequest(msgspec.Struct, frozen=True, dict=True):
    """A request. ``url`` is absolute for a request that leaves, ``/path?query`` for one that came in; ``came_at`` is when it was all
    there, by the monotonic clock of whoever took it (0: nobody looked)."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""
    came_at: float = 0.0

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever its letter case."""
        return find_header(self.headers, name)

    @Once
    def path(self) -> str:
        """The path, percent-decoded."""
        url = self.url
        if url[:1] == "/" and url.isascii() and not ("?" in url or "%" in url or "#" in url):  # what most calls are
            return url
        path = _split(url)[0]
        return unquote(path) if "%" in path else path

    @Once
    def path_in_parts(self) -> str:
        """The path, percent-decoded part by part: a slash inside a part stays ``%2F``."""
        if "%2" not in self.url:
            return self.path
        parts = _split(self.url)[0].split("/")
        return "/".join(unquote(part).replace("/", SLASH) for part in parts)

    @Once
    def query(self) -> tuple[tuple[str, str], ...]:
        """The arguments of the query string, in order."""
        query = _split(self.url)[1]
        if "%" in query or "+" in query:
            return tuple(parse_qsl(query, keep_blank_values=True))
        # Nothing is quoted, which is what most bots send: cutting gives the same in a third of the time.
        return tuple((name, value) for name, _, value in (pair.partition("=") for pair in query.split("&") if pair))

    @Once
    def content_type(self) -> str:
        """The media type without parameters, in lower case; empty if there is none."""
        return media_type(find_header(self.headers, "content-type") or "")


class HttpResponse(msgspec.Struct, frozen=True):
    """An answer."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever its letter case."""
        return find_header(self.headers, name)


@dataclass(frozen=True)
class HttpFailure:
    """A request that got no answer; ``kind`` says how."""

    kind: str = field(metadata={"values": ("timeout", "refused", "reset", "garbage")})
    detail: str = ""


def json_response(value: object, *, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> HttpResponse:
    """An answer with compact JSON in UTF-8."""
    return HttpResponse(status, (("Content-Type", "application/json"), *headers), msgspec.json.encode(value))
