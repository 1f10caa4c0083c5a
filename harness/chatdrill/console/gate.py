"""Who may use the console: whoever was given its address, from its own page, and nobody else."""

from __future__ import annotations

import hmac
import secrets
from http.cookies import CookieError, SimpleCookie

from chatdrill.wire import HttpRequest, HttpResponse, json_response

TOKEN_HEADER = "X-Chatdrill-Token"
_COOKIE = "chatdrill_console"
_TOKEN_BYTES = 24
_OWN_SITES = ("same-origin", "none")  # `none`: a person typed the address


class Gate:
    """Holds the token of one console. The page has it in the fragment of its address, which no request carries, and trades it for a
    cookie that no script and no other site gets to see: pictures and event streams cannot send a header."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(_TOKEN_BYTES)

    def enter(self, request: HttpRequest) -> HttpResponse:
        """Trade the token for the cookie."""
        if not self._is(request.header(TOKEN_HEADER)):
            return json_response({"error": "this is not the token that chatdrill serve has printed"}, status=403)
        # Cookies know no ports: the name has it, so that two consoles on one machine leave each other alone.
        cookie = f"{_name(request)}={self.token}; Path=/_chatdrill/console/; HttpOnly; SameSite=Strict"
        return json_response({"ok": True}, headers=(("Set-Cookie", cookie),))

    def is_stranger(self, request: HttpRequest) -> bool:
        """True for a request that another page has caused, also one of this machine."""
        origin, site = request.header("origin"), request.header("sec-fetch-site")
        if origin is not None and origin != f"http://{request.header('host')}":
            return True
        return site is not None and site not in _OWN_SITES

    def admits(self, request: HttpRequest) -> bool:
        """True for a request with the token."""
        return self._is(request.header(TOKEN_HEADER)) or self._is(_cookie(request))

    def _is(self, given: str | None) -> bool:
        return given is not None and hmac.compare_digest(given.encode(), self.token.encode())


def _name(request: HttpRequest) -> str:
    port = (request.header("host") or "").rpartition(":")[2]
    return f"{_COOKIE}_{port}" if port.isdecimal() else _COOKIE


def _cookie(request: HttpRequest) -> str | None:
    try:
        found = SimpleCookie(request.header("cookie") or "").get(_name(request))
    except CookieError:
        return None
    return None if found is None else found.value
