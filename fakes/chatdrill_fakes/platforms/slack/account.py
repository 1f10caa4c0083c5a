"""Who the bot is, how it is installed, and where it connects to.

Source: docs.slack.dev, auth.test, Installing with OAuth, Using Socket Mode (2026-08).
"""

from __future__ import annotations

from urllib.parse import urlencode

from chatdrill.wire import Call, Exchange, Handled, HttpResponse
from chatdrill_fakes.platforms.slack import limits
from chatdrill_fakes.platforms.slack.calls import Answered, Asked
from chatdrill_fakes.platforms.slack.errors import ApiError
from chatdrill_fakes.platforms.slack.state import Json, SlackState

AUTHORIZE, LINK = "/oauth/v2/authorize", "/link"
WSS_HOST = "wss-primary.slack.com"


def test(asked: Asked) -> Answered:
    """Nothing but the arguments, back."""
    if asked.has("error"):
        raise ApiError(asked.optional("error")[:100], args=_told(asked))
    return Answered({"args": _told(asked)} if asked.values else {})


def _told(asked: Asked) -> Json:
    return {name: value for name, value in asked.values.items() if name != "token"}


def auth_test(asked: Asked) -> Answered:
    """Whose token this is."""
    state, get = asked.state, asked.state.settings.__getitem__
    return Answered(
        {
            "url": f"https://{get('team_domain')}.slack.com/",
            "team": get("team_domain").title(),
            "user": get("name"),
            "team_id": state.team,
            "user_id": state.bot_user,
            "bot_id": state.bot,
            "is_enterprise_install": False,
        }
    )


def revoke(asked: Asked) -> Answered:
    """The token is worth nothing any more."""
    if asked.flag("test"):
        return Answered({"revoked": False})
    asked.state.trouble = "token_revoked"
    return Answered({"revoked": True})


def access(asked: Asked) -> Answered:
    """A code of an installation becomes the token."""
    state, get = asked.state, asked.state.settings.__getitem__
    id, secret = asked.optional("client_id"), asked.optional("client_secret")
    if not id:  # they may stand in the header, as those of a login
        id, secret = _basic(asked.exchange)
    if id != get("client_id"):
        raise ApiError("invalid_client_id")
    if secret != get("client_secret"):
        raise ApiError("bad_client_secret")
    until = state.codes.pop(asked.optional("code"), None)
    if until is None or asked.now > until:
        raise ApiError("invalid_code")
    state.trouble = ""
    return Answered(
        {
            "access_token": state.token,
            "token_type": "bot",
            "scope": ",".join(sorted(state.scopes)),
            "bot_user_id": state.bot_user,
            "app_id": state.app,
            "team": {"id": state.team, "name": get("team_domain").title()},
            "enterprise": None,
            "authed_user": {"id": "U0INSTALLER"},
            "is_enterprise_install": False,
        }
    )


def _basic(exchange: Exchange) -> tuple[str, str]:
    from base64 import b64decode

    scheme, _, given = (exchange.request.header("authorization") or "").partition(" ")
    try:
        id, _, secret = b64decode(given if scheme.lower() == "basic" else "").decode().partition(":")
    except (ValueError, UnicodeDecodeError):
        return "", ""
    return id, secret


def authorize(state: SlackState, exchange: Exchange) -> Handled:
    """The page on which somebody agrees to the installation; here everybody does at once."""
    query = dict(exchange.request.query)
    if query.get("client_id") != state.settings["client_id"] or "redirect_uri" not in query:
        call = Call("GET authorize", ok=False, error="client_id or redirect_uri is wrong")
        return Handled(HttpResponse(400, (("Content-Type", "text/plain"),), b"Invalid client_id parameter"), call)
    code = f"{state.chance.digits(13)}.{state.chance.digits(13)}.{state.chance.hex(64)}"
    state.codes[code] = exchange.now + limits.CODE_LIFE_S
    back = urlencode({"code": code, "state": query.get("state", "")})
    address = query["redirect_uri"]
    location = f"{address}{'&' if '?' in address else '?'}{back}"
    return Handled(HttpResponse(302, (("Location", location),)), Call("GET authorize", support="partial"))


def open_connection(asked: Asked) -> Answered:
    """Where to open a WebSocket, soon and once."""
    state, ticket = asked.state, asked.state.chance.hex(32)
    state.tickets = {key: until for key, until in state.tickets.items() if until > asked.now}
    state.tickets[ticket] = asked.now + limits.TICKET_LIFE_S
    base = asked.exchange.base_url or state.known_url
    scheme, _, rest = base.partition("://")
    if scheme == "https":
        rest = WSS_HOST if rest.endswith("slack.com") else rest
    return Answered(
        {"url": f"{'wss' if scheme == 'https' else 'ws'}://{rest}{LINK}/?ticket={ticket}&app_id={state.app}"}
    )


def emoji(asked: Asked) -> Answered:  # noqa: ARG001 (a method like the others)
    """A workspace without signs of its own."""
    return Answered({"emoji": {}, "cache_ts": "1790000000.000000"})


def set_presence(asked: Asked) -> Answered:
    """Nobody sees whether a bot is there."""
    if asked.text("presence") not in ("auto", "away"):
        raise ApiError("invalid_presence")
    return Answered({})
