"""How a request is proved: a token in a header, or an HMAC of what the file says."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from chatdrill_fakes.families.declared.filling import fill_text
from chatdrill_fakes.families.declared.reading import Spot
from chatdrill_fakes.families.declared.templates import template

_KEYS = ("kind", "header", "prefix", "hash", "encoding", "signs", "timestamp_header")
SIGN_NAMES = ("body", "timestamp", "url", "id")


@dataclass(frozen=True)
class Signature:
    """How a request is signed. ``token``: the secret stands in the header; ``hmac``: of ``signs``, in which ``{body}``,
    ``{timestamp}``, ``{url}`` and ``{id}`` are known."""

    kind: Literal["none", "token", "hmac"] = "none"
    header: str = "X-Signature"
    prefix: str = ""
    hash: Literal["sha1", "sha256"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    signs: str = "{body}"
    timestamp_header: str | None = None


def read_signature(spot: Spot) -> Signature:
    """What a file says of a signature; raises ``SettingsError``."""
    keys, usual = spot.table(_KEYS, needed=("kind",)), Signature()
    return Signature(
        kind=keys["kind"].word(("none", "token", "hmac"), "kind of signature"),
        header=keys["header"].text() if "header" in keys else usual.header,
        prefix=keys["prefix"].text() if "prefix" in keys else "",
        hash=keys["hash"].word(("sha1", "sha256"), "hash") if "hash" in keys else usual.hash,
        encoding=keys["encoding"].word(("hex", "base64"), "encoding") if "encoding" in keys else usual.encoding,
        signs=template(keys["signs"], SIGN_NAMES) if "signs" in keys else usual.signs,
        timestamp_header=keys["timestamp_header"].text() if "timestamp_header" in keys else None,
    )


def signed(how: Signature, secret: str, url: str, body: bytes, id: str, now: float) -> tuple[tuple[str, str], ...]:
    """The headers that prove a request; none where nothing is declared, or there is no secret."""
    if how.kind == "none" or not secret:
        return ()
    if how.kind == "token":
        return ((how.header, how.prefix + secret),)
    timestamp = str(int(now))
    stamp = ((how.timestamp_header, timestamp),) if how.timestamp_header else ()
    return (*stamp, (how.header, proof(how, secret, url, body, id, timestamp)))


def proof(how: Signature, secret: str, url: str, body: bytes, id: str, timestamp: str) -> str:
    """The value of a signature's header."""
    mac = hmac.digest(secret.encode(), _string(how.signs, url, body, id, timestamp), how.hash)
    return how.prefix + (mac.hex() if how.encoding == "hex" else base64.b64encode(mac).decode())


def _string(signs: str, url: str, body: bytes, id: str, timestamp: str) -> bytes:
    """What is signed: the body goes in as it is, byte by byte."""
    names = {"url": url, "id": id, "timestamp": timestamp}
    return body.join([fill_text(part, names).encode() for part in _around_body(signs)])


@lru_cache(maxsize=256)
def _around_body(signs: str) -> tuple[str, ...]:
    return tuple(signs.split("{body}"))
