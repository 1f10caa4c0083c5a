"""Links into messengers, wherever a bot sends them: which messenger, what they carry, and whether they can be opened.

A link stands in a message on another channel, so no platform sees it: what its messenger takes is told here. Sources: core.telegram.org/api/links
(``start``: 1 to 64 of ``A-Z a-z 0-9 _ -``); developers.facebook.com, m.me links (``ref``: letters, digits and ``-_=``, up to 2083 characters)
and ig.me links; faq.whatsapp.com, click to chat (a number of digits, in full, and ``text``); developers.viber.com, deep links (``context``);
developers.line.biz, LINE URL scheme (2026).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

_LINK = re.compile(r"(?:https?|viber)://[^\s<>\"']+")
_TOKEN = re.compile(r"(?<![\w-])[\w-]{16,64}(?![\w-])", re.ASCII)
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
_REF = re.compile(r"[A-Za-z0-9_=-]{1,2083}")
_NUMBER = re.compile(r"[1-9]\d{6,14}")
_TRAILING = ".,;:!?)»”"


@dataclass(frozen=True, slots=True)
class Link:
    """A link into a messenger. ``carried`` is what arrives there, ``wrong`` why it cannot be opened (nothing: it can)."""

    platform: str
    url: str
    carried: str
    wrong: str = ""

    @property
    def token(self) -> str | None:
        """What in it looks drawn by chance, so that it is for one person: long, with letters and digits in no order that a word has."""
        return next((word for word in _TOKEN.findall(self.carried) if is_drawn(word)), None)


def is_drawn(word: str) -> bool:
    """True for a word that nobody would have written: capitals, small letters and digits in one, or nothing but hexadecimal digits."""
    mixed = any(map(str.isupper, word)) and any(map(str.islower, word)) and any(map(str.isdigit, word))
    return mixed or (re.fullmatch(r"[0-9a-f-]+", word) is not None and any(map(str.isdigit, word)))


def links_in(text: str) -> Iterator[Link]:
    """The links into messengers in a text."""
    if "://" not in text:
        return
    for found in _LINK.findall(text):
        url = found.rstrip(_TRAILING)
        try:
            parts = urlsplit(url)
        except ValueError:
            continue
        host = "viber" if parts.scheme == "viber" else (parts.hostname or "").removeprefix("www.")
        reader = _READERS.get(host)
        link = reader(url, parts.path.strip("/"), parse_qs(parts.query), parts.query) if reader else None
        if link is not None:
            yield link


Query = Mapping[str, list[str]]


def _first(query: Query, name: str) -> str:
    return query.get(name, [""])[0]


def _telegram(url: str, _path: str, query: Query, _raw: str) -> Link | None:
    if "start" not in query:
        return None
    carried = _first(query, "start")
    return Link("telegram", url, carried, "" if _START.fullmatch(carried) else "start takes 1 to 64 of A-Z a-z 0-9 _ -")


def _whatsapp(url: str, path: str, query: Query, _raw: str) -> Link | None:
    number = _first(query, "phone") or path
    wrong = "" if _NUMBER.fullmatch(number) else f"{number[:20]!r} is no number in full, of digits alone"
    return Link("whatsapp", url, _first(query, "text"), wrong)


def _by_ref(platform: str) -> Callable[[str, str, Query, str], Link | None]:
    def read(url: str, path: str, query: Query, _raw: str) -> Link | None:
        carried = _first(query, "ref")
        wrong = "" if not carried or _REF.fullmatch(carried) else "ref takes letters, digits, - _ and ="
        return Link(platform, url, carried, wrong) if path else None

    return read


def _viber(url: str, _path: str, query: Query, _raw: str) -> Link | None:
    return Link("viber", url, _first(query, "context"), "" if _first(query, "chatURI") else "chatURI is missing")


def _line(url: str, path: str, _query: Query, raw: str) -> Link | None:
    return Link("line", url, unquote(raw)) if path.startswith("R/oaMessage/") else None


_READERS: Mapping[str, Callable[[str, str, Query, str], Link | None]] = {
    "t.me": _telegram,
    "telegram.me": _telegram,
    "wa.me": _whatsapp,
    "api.whatsapp.com": _whatsapp,
    "m.me": _by_ref("messenger"),
    "ig.me": _by_ref("instagram"),
    "viber": _viber,
    "line.me": _line,
}
