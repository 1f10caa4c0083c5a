"""SMTP in the values of HTTP: an envelope with a mail is a request, and a reply is an answer.

A call of the bot comes in steps, each a request of the method ``SMTP``: ``/AUTH``, ``/MAIL`` and ``/RCPT``, which the service may refuse,
and ``/DATA`` with the whole envelope and the mail. The envelope stands in the headers. The answer's body is the reply as it goes over
the line (``550 5.1.1 User unknown``); its status is what comes nearest to that in HTTP, where 4yz means "again later" and 5yz "never".
What is delivered to the bot is such a ``/DATA``, and its answer has the reply's own code as status.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

import msgspec

from chatdrill.wire.http import HttpRequest, HttpResponse
from chatdrill.wire.state import ChannelState
from chatdrill.wire.transports import Transported

S = TypeVar("S", bound=ChannelState[Any])

SCHEME, METHOD = "smtp", "SMTP"
AUTH, MAIL, RCPT, DATA = "/AUTH", "/MAIL", "/RCPT", "/DATA"
MAIL_TYPE = "message/rfc822"
_REPLY = re.compile(rb"[2-5][0-9][0-9][ -]")
_LATER, _NEVER = "451 4.3.0", "554 5.0.0"
_UNKNOWN_USER = frozenset((530, 534, 535, 538))


@dataclass(frozen=True)
class Terms:
    """What a fake tells whoever connects: its ``hostname``, the largest mail in bytes, further ``extensions`` (``DSN``), and whether TLS
    is offered, or demanded before anything else. ``refusal`` is a reply in the place of the greeting."""

    hostname: str
    size_max_bytes: int
    extensions: tuple[str, ...] = ()
    tls: Literal["no", "offered", "required"] = "no"
    refusal: str = ""


@runtime_checkable
class Posting(Transported[S], Protocol[S]):
    """A service that takes mail by SMTP."""

    def terms(self, state: S) -> Terms:
        """What it tells whoever connects."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """Who sends a mail and who gets it, as far as that was said.

    ``options`` are the parameters of ``MAIL FROM`` (``SIZE=2048``), ``notices`` those of each ``RCPT TO``, joined by spaces. ``user``,
    ``password`` and ``token`` are what the client has proved itself by; ``helo`` is how it calls itself, ``peer`` its address.
    """

    sender: str = ""
    recipients: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    user: str = ""
    password: str = ""
    token: str = ""
    helo: str = ""
    peer: str = ""
    secure: bool = False

    def option(self, name: str) -> str | None:
        """The value of a parameter of ``MAIL FROM``, empty for one without; ``None`` if it is not there."""
        for option in self.options:
            key, _, value = option.partition("=")
            if key.upper() == name:
                return value
        return None


_SINGLE = {
    "Mail-From": "sender",
    "User": "user",
    "Password": "password",
    "Token": "token",
    "Helo": "helo",
    "Peer": "peer",
}
_SEVERAL = {"Mail-Option": "options", "Rcpt-To": "recipients", "Rcpt-Option": "notices"}
_SINGLE_OF = {name.lower(): field for name, field in _SINGLE.items()}
_SEVERAL_OF = {name.lower(): field for name, field in _SEVERAL.items()}


def asked(step: str, envelope: Envelope, body: bytes = b"", *, at: str = "") -> HttpRequest:
    """A step as a request; ``at`` is the address that it goes to, where it leaves."""
    headers = [(name, value) for name, field in _SINGLE.items() if (value := getattr(envelope, field))]
    headers += [(name, value) for name, field in _SEVERAL.items() for value in getattr(envelope, field)]
    if envelope.secure:
        headers.append(("Tls", "yes"))
    if body:
        headers.append(("Content-Type", MAIL_TYPE))
    return HttpRequest(METHOD, at + step, tuple(headers), body)


def envelope_in(request: HttpRequest) -> Envelope:
    """The envelope of a step."""
    single: dict[str, Any] = {}
    several: dict[str, list[str]] = {}
    for name, value in request.headers:
        lower = name.lower()
        if lower in _SINGLE_OF:
            single.setdefault(_SINGLE_OF[lower], value)
        elif lower in _SEVERAL_OF:
            several.setdefault(_SEVERAL_OF[lower], []).append(value)
        elif lower == "tls":
            single["secure"] = value == "yes"
    return Envelope(**{**single, **{field: tuple(values) for field, values in several.items()}})


def is_step(request: HttpRequest) -> bool:
    """True for a step before the mail itself: what is accepted there has no effect yet."""
    return request.method == METHOD and request.path != DATA


def reply(code: int, text: str) -> HttpResponse:
    """A reply as an answer; ``text`` begins with the enhanced code, where there is one."""
    lines = text.split("\n")
    body = "\r\n".join([*(f"{code}-{line}" for line in lines[:-1]), f"{code} {lines[-1]}"])
    return HttpResponse(_status(code), (("Content-Type", "text/plain; charset=utf-8"),), body.encode())


def _status(code: int) -> int:
    if code < 400:
        return 200
    if code < 500:
        return 429
    return 401 if code in _UNKNOWN_USER else 400


def reply_in(response: HttpResponse) -> str:
    """The reply of an answer, as it goes over the line; an answer that is none (a fault with words of its own) becomes one."""
    if _REPLY.match(response.body):
        return response.body.decode("utf-8", "replace")
    words = " ".join(response.body[:400].decode("utf-8", "replace").split())
    code = (
        "250 2.0.0" if response.status < 300 else _LATER if response.status == 429 or response.status >= 500 else _NEVER
    )
    return f"{code} {words}".rstrip()
