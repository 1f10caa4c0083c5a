"""Secrets of real traffic: what is named like one, looks like one, or was seen where one stands, is left out of a trace."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chatdrill.serve.masks import Mask
from chatdrill.wire import HttpRequest

_BLANK = "***"
_WORD = (
    r"token|secret|passw(?:or)?d|passphrase|api[_-]?key|apikey|auth(?:orization|_key)?|credentials?|signature|"
    r"appsecret_proof|cookie|session[_-]?(?:id|key)|private[_-]?key|pin|otp|hub\.verify_token"
)
_NAME = rf"(?:[\w.\[\]-]*[_.\[-])?(?:{_WORD})\]?"
# A name and its string in JSON, which may itself stand in a string; a number (Viber's message_token) is an id.
_IN_JSON = re.compile(rf'(\\*"(?P<name>{_NAME})\\*"\s*:\s*\\*")(?:[^"\\]|\\[^"])+', re.IGNORECASE)
_IN_FORM = re.compile(rf'((?:^|[?&\s"])(?P<name>{_NAME})=)[^&\s"]+', re.IGNORECASE)
_SHAPES = re.compile(
    r"\d{6,12}:[A-Za-z0-9_-]{30,}"  # Telegram's tokens
    r"|\bEAA[A-Za-z0-9]{20,}|\bIGQ[A-Za-z0-9_-]{20,}"  # Meta's
    r"|\bxox[abeprs]-[A-Za-z0-9-]{10,}|\bxapp-[A-Za-z0-9-]{10,}"  # Slack's
    r"|\bsk-[A-Za-z0-9_-]{20,}"  # of several providers of models
    r"|\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+"  # a JSON Web Token
    r"|(?<=[Bb]earer )[A-Za-z0-9._~+/=-]{8,}"
)
_HARMLESS = frozenset(("message_token", "page_token", "next_page_token", "continuation_token"))
_HEADERS = re.compile(r"authorization|token|secret|signature|api-?key|cookie", re.IGNORECASE)
_IN_PATH = re.compile(r"/bot(\d+(?::|%3A)[^/?]+)", re.IGNORECASE)


class Blanks(Mask):
    """A mask that also knows secrets by their names and looks, and learns them from the requests that carry them."""

    def learn(self, request: HttpRequest) -> None:
        """Hide what this request proves itself by, wherever it comes up again."""
        self.add(_proofs(request))

    def text(self, text: str) -> str:
        """``text`` without secrets."""
        text = super().text(text)
        text = _IN_JSON.sub(_without_value, text)
        text = _IN_FORM.sub(_without_value, text)
        return _SHAPES.sub(_BLANK, text)


def _without_value(found: re.Match[str]) -> str:
    return found[0] if found["name"].lower() in _HARMLESS else found[1] + _BLANK


def _proofs(request: HttpRequest) -> Iterable[str]:
    for name, value in request.headers:
        if _HEADERS.search(name):
            yield from value.split()[-1:]  # behind the scheme: Bearer, Basic
    yield from _IN_PATH.findall(request.url)
