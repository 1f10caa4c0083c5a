"""JSON Web Tokens as the Bot Connector signs them, and the keys that it publishes.

A bot of an SDK asks ``/v1/.well-known/openidconfiguration`` for the keys and checks issuer, audience, dates, ``serviceurl`` and that
the key is endorsed for the channel (Microsoft, Authenticate requests from the Bot Connector service, 2025). The keys of chatdrill are
printed here, so they prove nothing outside of a drill.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import msgspec

ISSUER = "https://api.botframework.com"
_EXPONENT = 65_537
_SIZE_BYTES = 256
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017, 9.2: what stands before the digest
Claims = tuple[tuple[str, str | int], ...]


@dataclass(frozen=True)
class Key:
    """A private key of RSA, by its two primes."""

    p: int
    q: int

    @cached_property
    def modulus(self) -> int:
        """What both sides know."""
        return self.p * self.q

    @cached_property
    def _parts(self) -> tuple[int, int, int]:
        private = pow(_EXPONENT, -1, (self.p - 1) * (self.q - 1))
        return private % (self.p - 1), private % (self.q - 1), pow(self.q, -1, self.p)

    def power(self, number: int) -> int:
        """``number`` to the private exponent, by the Chinese remainder theorem (RFC 8017, 5.1.2)."""
        of_p, of_q, inverse = self._parts
        low = pow(number, of_q, self.q)
        return low + self.q * ((pow(number, of_p, self.p) - low) * inverse % self.p)


FIRST = Key(
    int(
        "d77555160e63fdb4b2ba551386459201f6d576b6c341c21041caff9122aa6ed3e0c278d74ee8b15f7fa2b0cc590f8e56"
        "0d517027a818044d40c3d6856b8e98e48a0da17dd13431791ce80d3e88d53800924767c85051bc93caa0ab487277253d"
        "50a5019bf6d5251338cbc23e0583eb72c968e9957eb8018f06dc3a21f073f543",
        16,
    ),
    int(
        "c686c8570653c88e0fad738835a1c255905c3199e6e78fe86b3f5ca63dde6de4c88b1122deb35304b5ad6c43f9e6e101"
        "0e7af6cdd02917cb02d60aae6dd128b4772b0576c385ac2987e06e1c940c39443e5a7746444280874bebf0079b115a51"
        "271458d56d66b12f0842ccb7ff84e9cedafa1ad88ba30b59f863bdf7a65c0a6d",
        16,
    ),
)
ANOTHER = Key(
    int(
        "f32925b3a483b7a2efe837bb18d35e7b44b48c295a0b33958f67f655f183688f5083904ba8c688c492730ae6aa9a4fd0"
        "9e353c34abde7e15edb1b034b5035f74fc85f348cabaf96a693c585e12b77165b0a1047d09141b14e58f40c43e10f08e"
        "f46044af2a8610feffa0a7674b8ec97a0b53de9338a1d3c5756867a02f76b59b",
        16,
    ),
    int(
        "fb1600f6724b7ad9edaa7c23dfd4bd416492af9fb707c8f4afabca9269d1f74f91329b59725149efce25b4c3a1671791"
        "8e6478f073ab2998b703eadb8bd5c34a8fb32b15e3ade10cd256405b27fd4c20c356f580554abc8b36179d0caca48208"
        "884af828e6e3a482b7f513cc9b16a860a78af6568839eadf867b6bbb3166f0fd",
        16,
    ),
)
"""One that no bot has a reason to believe."""


def claims_of(app_id: str, service_url: str, begins: int, ends: int) -> Claims:
    """What the Connector says of itself to a bot; ``begins`` and ``ends`` are Unix seconds."""
    return (("serviceurl", service_url), ("nbf", begins), ("exp", ends), ("iss", ISSUER), ("aud", app_id))


@lru_cache(maxsize=256)
def signed(claims: Claims, key_id: str, key: Key = FIRST) -> str:
    """A token with these claims under RS256 (RFC 7518, 3.3)."""
    head = {"alg": "RS256", "kid": key_id, "x5t": key_id, "typ": "JWT"}
    text = f"{_base64url(msgspec.json.encode(head))}.{_base64url(msgspec.json.encode(dict(claims)))}"
    signature = key.power(int.from_bytes(_padded(text), "big"))
    return f"{text}.{_base64url(signature.to_bytes(_SIZE_BYTES, 'big'))}"


def read(token: str) -> dict[str, Any] | None:
    """The claims of a token that the first key has signed; ``None`` for any other word."""
    head, _, rest = token.partition(".")
    claims, _, signature = rest.partition(".")
    try:
        number = int.from_bytes(_bytes(signature), "big")
        opened = pow(number, _EXPONENT, FIRST.modulus).to_bytes(_SIZE_BYTES, "big")
        is_good = opened == _padded(f"{head}.{claims}") and msgspec.json.decode(_bytes(head))["alg"] == "RS256"
        found = msgspec.json.decode(_bytes(claims)) if is_good else None
    except (binascii.Error, msgspec.DecodeError, UnicodeError, TypeError, KeyError):
        return None
    return found if isinstance(found, dict) else None


def key_set(key_id: str, endorsements: Sequence[str]) -> dict[str, Any]:
    """The public key as a JSON Web Key Set, endorsed for these channels."""
    size = (_EXPONENT.bit_length() + 7) // 8
    numbers = {
        "n": _base64url(FIRST.modulus.to_bytes(_SIZE_BYTES, "big")),
        "e": _base64url(_EXPONENT.to_bytes(size, "big")),
    }
    about = {"kty": "RSA", "use": "sig", "kid": key_id, "x5t": key_id}
    return {"keys": [{**about, **numbers, "endorsements": list(endorsements)}]}


def _padded(text: str) -> bytes:
    digest = _SHA256 + hashlib.sha256(text.encode()).digest()
    return b"\x00\x01".ljust(_SIZE_BYTES - len(digest) - 1, b"\xff") + b"\x00" + digest


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(word: str) -> bytes:
    return base64.urlsafe_b64decode(word.encode() + b"=" * (-len(word) % 4))
