"""JSON exactly as the Bot API server writes it: compact, ASCII only, floats with six decimals.

The server escapes every non-ASCII character as ``\\uXXXX`` (lower-case hex, surrogate pairs above the BMP), leaves ``/``
alone and prints doubles as ``%.6f``. Source: tdlib/td, tdutils JsonBuilder and StringBuilder, commit 022d602, 2026-07-17.
"""

from __future__ import annotations

from json.encoder import encode_basestring_ascii
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode


def dumps(value: Any) -> bytes:
    """``value`` as ASCII JSON. Strings must not hold lone surrogates (see ``clean``)."""
    encoded = _encode(value)
    return encoded if encoded.isascii() else _escaped(encoded)


def _escaped(encoded: bytes) -> bytes:
    # Escaping the whole document as if it were one string treats its quotes and backslashes too; both are undone, which
    # costs a tenth of walking the document in Python.
    whole = encode_basestring_ascii(encoded.decode())[1:-1]
    return whole.replace('\\"', '"').replace("\\\\", "\\").encode()


def fragment(value: Any) -> msgspec.Raw:
    """``value`` encoded once, to be put into many documents."""
    return msgspec.Raw(dumps(value))


def text(value: str) -> str | msgspec.Raw:
    """A string ready for ``dumps``: what is not ASCII is escaped here, where it is cheapest."""
    return value if value.isascii() else msgspec.Raw(encode_basestring_ascii(value).encode())


def decimal(value: float) -> msgspec.Raw:
    """A number with the six decimals of the real server."""
    return msgspec.Raw(b"%.6f" % value)


def clean(value: str) -> str:
    """``value`` without lone surrogates, which no JSON document can carry."""
    if value.isascii():
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
