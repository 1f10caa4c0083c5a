"""Who calls: access tokens, incoming webhooks, and the OAuth server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.bitrix24 import hooks, values
from chatdrill_fakes.desks.bitrix24.calls import Caller, Failure
from chatdrill_fakes.desks.bitrix24.state import Bitrix24State

_EVENT_TOKEN = re.compile(r"[0-9a-f]{32}")
REFRESH_S = 180 * 86_400  # OAuth documentation: a refresh token lives for 180 days


def by_webhook(state: Bitrix24State, user: str, code: str) -> Caller:
    """The user of an incoming webhook."""
    if (user, code) != (state.settings["user_id"], state.settings["webhook_code"]):
        raise Failure("NO_AUTH_FOUND", "Wrong authorization data", 401)
    return Caller(user, is_app=False)


def by_token(state: Bitrix24State, token: str, now: float) -> Caller:
    """The user of an access token, in the application's name."""
    if token not in state.tokens and _EVENT_TOKEN.fullmatch(token) and state.chance.is_anothers(token):
        return Caller(state.settings["user_id"], is_app=True)  # an event of another worker's brought it to the bot
    if token not in state.tokens:
        raise Failure("NO_AUTH_FOUND", "Wrong authorization data", 401)
    until, user = state.tokens[token]
    if until is None and state.on("tokens_expire"):
        until = now + hooks.TOKEN_S
        state.tokens[token] = (until, user)
    if until is not None and now >= until:
        raise Failure("expired_token", "The access token provided has expired.", 401)
    return Caller(user, is_app=True)


def token_of(args: Mapping[str, Any], authorization: str | None) -> str:
    """The access token of a call: ``auth``, or a bearer's header."""
    bearer = authorization[7:].strip() if authorization and authorization[:7].lower() == "bearer " else ""
    return values.text(args.get("AUTH")) or bearer


def oauth(state: Bitrix24State, args: Mapping[str, Any], now: float) -> HttpResponse:
    """``/oauth/token/``: tokens for a refresh token, or for the code that an installation gave."""
    settings = state.settings
    if values.text(args.get("CLIENT_ID")) != settings["client_id"]:
        return _problem("invalid_client", "client not found")
    if values.text(args.get("CLIENT_SECRET")) != settings["client_secret"]:
        return _problem("invalid_client", "wrong client secret", 401)
    grant = values.text(args.get("GRANT_TYPE"))
    if grant not in ("refresh_token", "authorization_code"):
        return _problem("unsupported_grant_type", "grant type is not supported")
    if grant == "authorization_code":
        return _problem("invalid_grant", "the code is unknown or older than 30 seconds")
    user = state.refreshers.pop(values.text(args.get("REFRESH_TOKEN")), None)
    if user is None:
        return _problem("invalid_grant", "Wrong refresh token")
    return json_response(_granted(state, user, now))


def _problem(code: str, words: str, status: int = 400) -> HttpResponse:
    return json_response({"error": code, "error_description": words}, status=status)


def _granted(state: Bitrix24State, user: str, now: float) -> dict[str, Any]:
    token, refresh = state.chance.hex(32), state.chance.hex(32)
    state.tokens[token] = (now + hooks.TOKEN_S, user)
    state.refreshers[refresh] = user
    domain = state.settings["domain"]
    return {
        "access_token": token,
        "expires": int(now) + hooks.TOKEN_S,
        "expires_in": hooks.TOKEN_S,
        "scope": state.settings["scope"],
        "domain": domain,
        "server_endpoint": hooks.SERVER,
        "status": "L",
        "client_endpoint": f"https://{domain}/rest/",
        "member_id": state.settings["member_id"],
        "user_id": int(user),
        "refresh_token": refresh,
    }
