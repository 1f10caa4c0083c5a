"""What Meta's messengers share: the signed webhook, its handshake, and the manners of the Graph API.

Sources: Meta for Developers, "Webhooks: getting started" and "Graph API: handle errors" (read autumn 2026); the escaped
form of the body and the older SHA-1 header are taken from captured traffic.
"""

from __future__ import annotations

import codecs
import hashlib
import hmac
import re
from binascii import b2a_base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec

from chatdrill.seeds import Stream
from chatdrill.wire import Arguments, HttpFailure, HttpRequest, HttpResponse, Matter, Rule
from chatdrill.wire.http import Headers

USER_AGENT = "facebookexternalua"
GRAPH_VERSIONS = tuple(f"v{number}.0" for number in range(19, 27))
"""Graph API versions that a strict fake accepts: those in service in autumn 2026."""

_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_VERSION = re.compile(r"v\d{1,3}\.\d{1,2}")
_BRACKETED = re.compile(r"\[([^\[\]]*)\]")
_BRACKETS_MAX = 20

# ------------------------------------------------------------------------------------------- the signed body


# From the first to the last non-ASCII character of a string: one match for a sentence, not one for each word.
_NOT_ASCII = re.compile(r'[^\x00-\x7f](?:[^"\\\x7f]*[^\x00-\x7f])?')


def _escape_non_ascii(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    run = _NOT_ASCII.match(error.object, error.start)
    assert run is not None
    return encode_basestring_ascii(run[0])[1:-1], run.end()


codecs.register_error("chatdrill-json-escape", _escape_non_ascii)


def escaped_json(value: object) -> bytes:
    r"""JSON as PHP writes it: compact, ``/`` as ``\/``, every non-ASCII code unit as ``\uXXXX`` in lower case.

    The signature covers these bytes, so a bot that parses and re-serialises before it checks the signature fails here
    as it does at Meta.
    """
    body = msgspec.json.encode(value)
    if not body.isascii():
        body = body.decode().encode("ascii", "chatdrill-json-escape")
    return body.replace(b"/", b"\\/")


@lru_cache(maxsize=64)
def _keyed(secret: str, digest: str) -> hmac.HMAC:
    return hmac.new(secret.encode(), digestmod=digest)


def signature(secret: str, body: bytes, digest: str = "sha256") -> str:
    """``sha256=<hex>`` (or ``sha1=``) of the raw body under the app secret."""
    mac = _keyed(secret, digest).copy()
    mac.update(body)
    return f"{digest}={mac.hexdigest()}"


def webhook_request(url: str, body: bytes, app_secret: str) -> HttpRequest:
    """The POST that carries ``body``, with both signature headers."""
    headers = (
        ("Accept", "*/*"),
        ("Content-Type", "application/json"),
        ("User-Agent", USER_AGENT),
        ("X-Hub-Signature", signature(app_secret, body, "sha1")),
        ("X-Hub-Signature-256", signature(app_secret, body)),
    )
    return HttpRequest("POST", url, headers, body)


_STARTED = "developers.facebook.com/docs/graph-api/webhooks/getting-started, 2026"
WEBHOOK_RULES: dict[Matter, Rule] = {
    "handshake": Rule(
        "the callback compares hub.verify_token with its own, and only then answers 200 with hub.challenge", _STARTED
    ),
    "signature": Rule(
        "X-Hub-Signature-256 is the HMAC-SHA256 of the raw body, with its escaped characters, under the app secret",
        _STARTED,
    ),
    "redelivery": Rule("what failed is sent again, byte for byte; the callback recognises it by its id", _STARTED),
    "batch": Rule("up to 1000 updates come in one webhook, as elements of entry", _STARTED),
}
"""What both products say of webhooks."""


# --------------------------------------------------------------------------------------------- the handshake


def handshake_url(url: str, verify_token: str, challenge: str) -> str:
    """The callback's address with the three ``hub.`` arguments."""
    parts = urlsplit(url)
    hub = urlencode({"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token})
    return urlunsplit(parts._replace(query=f"{parts.query}&{hub}" if parts.query else hub))


def handshake_request(url: str, verify_token: str, challenge: str) -> HttpRequest:
    """The GET by which Meta asks whether a callback is the bot's."""
    return HttpRequest("GET", handshake_url(url, verify_token, challenge), (("User-Agent", USER_AGENT),))


def handshake_problem(answer: HttpResponse | HttpFailure, challenge: str) -> str | None:
    """What is wrong with the bot's answer, or ``None``: Meta wants status 200 and the challenge, nothing else."""
    if isinstance(answer, HttpFailure):
        return f"the callback did not answer the handshake: {answer.kind} {answer.detail}".rstrip()
    if answer.status != 200:
        return f"the callback answered the handshake with status {answer.status}, not 200 (is the verify token right?)"
    got = answer.body.decode("utf-8", "replace")
    if got != challenge:
        return f"the callback answered the handshake with {got[:60]!r}, not with the challenge {challenge!r}"
    return None


# ------------------------------------------------------------------------------------------------ Graph API


@dataclass(frozen=True)
class GraphPath:
    """A path of the Graph API: ``/v25.0/me/messages`` is version ``v25.0``, segments ``("me", "messages")``."""

    version: str | None
    segments: tuple[str, ...]

    @classmethod
    @lru_cache(maxsize=256)
    def read(cls, path: str) -> GraphPath:
        """Split a path; any version is taken, and none."""
        segments = tuple(segment for segment in path.split("/") if segment)
        if segments and _VERSION.fullmatch(segments[0]):
            return cls(segments[0], segments[1:])
        return cls(None, segments)


def access_token(request: HttpRequest, arguments: Arguments) -> str | None:
    """The token a call carries, in its ``Authorization`` header or as the argument ``access_token``."""
    token = _told_token(request.header("authorization") or "")
    if token:
        return token
    value = arguments.values.get("access_token")
    return str(value) if value else None


@lru_cache(maxsize=256)
def _told_token(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() in ("bearer", "oauth") else ""


def is_url(address: str) -> bool:
    """True for an absolute http(s) URL."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in address
    except ValueError:
        return False


def object_argument(value: Any) -> Any:
    """An argument that may have come as JSON in a string (forms, multipart, query), as the value it stands for.

    A string that is not JSON stays what it is.
    """
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError):
        return value


def unbracketed(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """``recipient[id]=1&message[text]=hi`` as objects and lists: so PHP and Node write them into forms."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        base, *keys = [name.partition("[")[0], *_BRACKETED.findall(name)]
        if not base or not 0 < len(keys) <= _BRACKETS_MAX:
            found[name] = value
            continue
        place = found
        for key in (base, *keys[:-1]):
            inner = place.get(key)
            place[key] = place = inner if isinstance(inner, dict) else {}
        place[keys[-1]] = value
    return {name: _as_list(value) for name, value in found.items()}


def _as_list(value: Any) -> Any:
    """An object whose keys count up from 0 is a list."""
    if not isinstance(value, dict):
        return value
    inner = {key: _as_list(one) for key, one in value.items()}
    counts_up = inner and all(key in (str(n), "") for n, key in enumerate(inner))
    return list(inner.values()) if counts_up else inner


@dataclass(eq=False)
class GraphError(Exception):
    """An error of the Graph API, raised inside a wire and answered as the vendor does.

    ``message`` is the full text, with its ``(#code)`` prefix where Meta writes one. ``data`` becomes ``error_data``.
    """

    code: int
    message: str
    subcode: int | None = None
    status: int = 400
    data: Mapping[str, Any] | None = None
    transient: bool = False
    user_title: str | None = None
    user_message: str | None = None
    type: str = "OAuthException"
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message

    def body(self, trace_id: str) -> dict[str, Any]:
        """The JSON body; optional keys are absent, never null."""
        error: dict[str, Any] = {"message": self.message, "type": self.type, "code": self.code}
        optional = {
            "error_subcode": self.subcode,
            "is_transient": True if self.transient else None,
            "error_user_title": self.user_title,
            "error_user_msg": self.user_message,
            "error_data": dict(self.data) if self.data is not None else None,
        }
        error.update({key: value for key, value in optional.items() if value is not None})
        error["fbtrace_id"] = trace_id
        return {"error": error}


@lru_cache(maxsize=64)
def _fixed_headers(version: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Content-Type", "application/json; charset=UTF-8"),
        ("Access-Control-Allow-Origin", "*"),
        ("Cache-Control", "private, no-cache, no-store, must-revalidate"),
        ("facebook-api-version", version),
        ("x-fb-rev", "1030104728"),
    )


def graph_headers(version: str | None, chance: Stream) -> tuple[tuple[str, str], ...]:
    """The headers that every answer of the Graph API carries."""
    # One draw for all of them: this is a hot path.
    drawn = b2a_base64(chance.getrandbits(528).to_bytes(66, "big"), newline=False).translate(_URL_SAFE).decode()
    return (
        *_fixed_headers(version or GRAPH_VERSIONS[-1]),
        ("x-fb-request-id", "A" + drawn[:22]),
        ("x-fb-trace-id", drawn[22:33]),
        ("X-FB-Debug", drawn),
    )


def graph_response(value: object, chance: Stream, *, version: str | None = None, extra: Headers = ()) -> HttpResponse:
    """A successful answer. Meta escapes slashes and non-ASCII in answers as it does in webhooks."""
    return HttpResponse(200, graph_headers(version, chance) + extra, escaped_json(value))


def error_response(
    error: GraphError, chance: Stream, *, version: str | None = None, extra: Headers = ()
) -> HttpResponse:
    """The answer to a call that failed; 190 also names the scheme in ``WWW-Authenticate``."""
    headers = graph_headers(version, chance) + tuple(error.headers.items()) + extra
    if error.code == 190:
        headers += (("WWW-Authenticate", f'OAuth "Facebook Platform" "invalid_token" "{error.message}"'),)
    return HttpResponse(error.status, headers, escaped_json(error.body(f"A{chance.base64url(21)}")))


def unknown_token() -> GraphError:
    """Error 190 for a token that Meta never gave out."""
    return GraphError(190, "Invalid OAuth access token - Cannot parse access token", status=401)


def missing_token() -> GraphError:
    """Error 104 for a call without a token."""
    return GraphError(104, "An access token is required to request this resource.", status=401)


def unknown_object(node: str, method: str) -> GraphError:
    """Error 100/33 for an id that does not exist or is not the token's."""
    return GraphError(
        100,
        f"Unsupported {method.lower()} request. Object with ID '{node}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api",
        subcode=33,
        type="GraphMethodException",
    )


_REFUSALS = {
    401: (190, "Error validating access token: Session has expired."),
    403: (10, "(#10) Application does not have permission for this action"),
    500: (1, "An unknown error has occurred."),
}
_BUSY = (2, "Service temporarily unavailable")
_INVALID = (100, "(#100) Invalid parameter")


def any_refusal(status: int, limited: GraphError, retry_after_s: int | None) -> GraphError:
    """The error of an HTTP ``status``, whatever was called; ``limited`` is the product's own for too many calls."""
    code, text = _REFUSALS.get(status, _INVALID if status < 500 else _BUSY)
    error = GraphError(code, text, transient=status >= 500) if status != 429 else limited
    headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
    return replace(error, status=status, headers=headers)


def not_emulated(method: str) -> GraphError:
    """What a fake answers for a call that chatdrill does not emulate: loud, and impossible to take for Meta's."""
    return GraphError(
        3, f"(#3) Not Implemented: chatdrill does not emulate {method}", status=501, type="NotImplementedByChatdrill"
    )


def unknown_version(version: str) -> GraphError:
    """What a strict fake answers for a Graph version that is not in service."""
    return GraphError(2500, f"Unknown path components: /{version}")


def proof_is_wrong(arguments: Arguments, token: str, app_secret: str) -> bool:
    """True if the call carries an ``appsecret_proof`` that does not fit its token."""
    proof = arguments.values.get("appsecret_proof")
    if proof is None:
        return False
    expected = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    return not hmac.compare_digest(expected, str(proof))


def ids_under(key: str, value: object) -> Iterator[str]:
    """The ids that stand under a key, however deep in a value."""
    left = [value]  # and no recursion: what a bot sends may be nested as deep as it likes
    while left:
        item = left.pop()
        if isinstance(item, Mapping):
            id = item.get(key)
            if isinstance(id, str | int):
                yield str(id)
            left.extend(item.values())
        elif isinstance(item, list):
            left.extend(item)
