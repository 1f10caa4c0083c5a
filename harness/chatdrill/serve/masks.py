"""Keeping secrets out of what is recorded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus

import msgspec

_SHORTEST = 4  # a shorter "secret" would blank out half of every text
_MASK = "***"

T = TypeVar("T")
_encode = msgspec.json.Encoder().encode


class Mask:
    """Replaces secret values by ``***``, also where they are percent-encoded or escaped as JSON.

    Every form of a secret holds its longest run of letters and digits; a text without that *core* needs no closer look.
    """

    def __init__(self) -> None:
        self._forms: dict[str, tuple[str, ...]] = {}  # by core
        self._cores: tuple[str, ...] = ()

    def add(self, secrets: Iterable[str]) -> None:
        """Hide these values from now on."""
        for secret in secrets:
            if len(secret) >= _SHORTEST:
                core = max(re.findall(r"[A-Za-z0-9]*", secret), key=len)
                known = self._forms.get(core, ())
                self._forms[core] = tuple(sorted({*known, *_forms(secret)}, key=len, reverse=True))
        self._cores = tuple(self._forms)

    def text(self, text: str) -> str:
        """``text`` without secrets."""
        for core in self._cores:
            if core in text:
                for form in self._forms[core]:
                    text = text.replace(form, _MASK)
        return text

    def value(self, value: T, kind: Any) -> T:
        """A value of type ``kind`` without secrets in any of its strings; the same object if there are none."""
        text = _encode(value).decode()  # looking into a text takes a third of looking into bytes
        masked = self.text(text)
        return value if masked == text else _decode(masked, kind)


def _decode(text: str, kind: Any) -> Any:
    return msgspec.json.decode(text, type=kind)


def _forms(secret: str) -> tuple[str, ...]:
    escaped = json.dumps(secret)[1:-1]
    return secret, quote(secret, safe=""), quote(secret), quote_plus(secret), escaped, escaped.replace("/", "\\/")
