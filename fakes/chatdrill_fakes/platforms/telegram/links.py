"""What Telegram takes for a link, and how it spells it. Source: tdlib/td, HttpUrl and LinkManager, commit 022d602."""

from __future__ import annotations

import re

_URL = re.compile(r"(?:(?P<scheme>[^:/?#@\[\]]*)://)?(?P<place>[^/?#]*)(?P<rest>.*)", re.DOTALL)
_HOST = re.compile(r"(?:[A-Za-z0-9._!$,~*'();&+=-]|%[0-9A-Fa-f]{2}|[^\x00-\x7f])+")
_IPV6 = re.compile(r"\[[0-9a-f:.]+\]")
_APP_LINK = re.compile(r"(?i:(tg|ton|tonsite):)(?://)?([A-Za-z0-9_.-]+)([/?#].*)?", re.DOTALL)
_USER_LINK = re.compile(r"(?i:tg:(?://)?user)\?(?:[^#]*&)?id=([0-9]{1,15})(?:&|#|$)")
_CONTROL = re.compile(r"[\x00-\x20]")


class BadLink(ValueError):
    """Not a link; the text is the vendor's reason."""


def check_link(link: str) -> str:
    """``link`` as the vendor spells it (``http://`` and ``/`` added where missing); raises ``BadLink``."""
    if app := _APP_LINK.fullmatch(link):
        rest = app[3] or "/"
        if rest.startswith("/?"):
            rest = rest[1:]
        return f"{app[1].lower()}://{app[2]}{'/' if rest.startswith('#') else ''}{rest}"
    scheme, place, rest = parse_url(link, "http")
    host = place.rpartition("@")[2]
    if "." not in host and not host.startswith("["):
        raise BadLink("Wrong HTTP URL")
    return f"{scheme}://{place}{rest}"


def parse_url(url: str, default_scheme: str) -> tuple[str, str, str]:
    """Scheme, ``[user@]host[:port]`` and path of an http(s) URL; raises ``BadLink``."""
    found = _URL.fullmatch(url)
    assert found is not None  # every part may be empty
    scheme = (found["scheme"] or "").lower()
    if found["scheme"] is not None and scheme not in ("http", "https"):
        raise BadLink("Unsupported URL protocol")
    user, at, address = found["place"].rpartition("@")
    host, colon, port = address.rpartition(":") if not address.endswith("]") else (address, "", "")
    if not colon:
        host = address
    if colon and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= 65535 and len(port.lstrip("0")) < 6):
        raise BadLink("Wrong port number specified in the URL")
    _check_host(host.lower(), user)
    rest = found["rest"].rstrip()
    rest = _CONTROL.sub(lambda char: f"%{ord(char[0]):02X}", rest if rest.startswith("/") else f"/{rest}")
    place = f"{user}{at}{host.lower()}" + (f":{int(port)}" if colon else "")
    return scheme or default_scheme, place, rest


def _check_host(host: str, user: str) -> None:
    if not host:
        raise BadLink("URL host is empty")
    if host == ".":
        raise BadLink("Host is invalid")
    if not (_HOST.fullmatch(host) or _IPV6.fullmatch(host)):
        raise BadLink("Disallowed character in URL host")
    if user and not _HOST.fullmatch(user.replace(":", "")):
        raise BadLink("Disallowed character in URL userinfo")


def checked_link(link: str) -> str | None:
    """``check_link``, with ``None`` for what is no link."""
    try:
        return check_link(link)
    except BadLink:
        return None


def linked_user(link: str) -> int | None:
    """The id in ``tg://user?id=...``, or ``None``."""
    found = _USER_LINK.match(link)
    return int(found[1]) if found else None
