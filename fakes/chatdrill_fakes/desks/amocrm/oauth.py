"""Tokens: a code is exchanged once, a refresh token once, and a refresh ends the old pair.

Source: amoCRM, "OAuth 2.0" and "Step by step" (2026-01); the hints of refusals as bots have logged them.
"""

from __future__ import annotations

import msgspec

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.amocrm import ids
from chatdrill_fakes.desks.amocrm.errors import oauth_problem, problem
from chatdrill_fakes.desks.amocrm.state import AmoState, Document
from chatdrill_fakes.families.desks import Visit

ACCESS_S = 86_400.0
CODE_S = 1_200.0
REFRESH_S = 90 * 86_400.0


def begin(state: AmoState, now: float) -> None:
    """Count the life of what the user was given from the first request that is seen."""
    tokens = state.tokens
    if tokens.began:
        return
    tokens.began = True
    token, refresh = state.settings["token"], state.settings["refresh_token"]
    tokens.access[token] = float("inf") if state.on("long_lived") else now + ACCESS_S
    tokens.code, tokens.code_until = state.settings["code"], now + CODE_S
    tokens.refresh[refresh] = now + REFRESH_S
    if not state.on("long_lived"):
        tokens.pairs[refresh] = token


def exchange(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /oauth2/access_token``."""
    state, now = visit.state, visit.exchange.now
    given = _body(visit)
    _check_client(state, given)
    kind = given.get("grant_type")
    if kind == "authorization_code":
        _spend_code(state, given, now)
    elif kind == "refresh_token":
        _spend_refresh(state, given, now)
    else:
        raise oauth_problem("The authorization grant type is not supported by the authorization server.")
    return json_response(_new_pair(state, now))


def check_bearer(state: AmoState, header: str | None, now: float) -> None:
    """Raise 401 unless the token is known and has not expired."""
    scheme, _, token = (header or "").partition(" ")
    until = state.tokens.access.get(token.strip())
    if scheme.lower() != "bearer" or until is None:
        raise problem(401, "The access token is missing or unknown")
    if now >= until:
        raise problem(401, "The access token has expired")


def _body(visit: Visit[AmoState]) -> Document:
    if visit.arguments.encoding == "form":
        return dict(visit.values)
    try:
        value = msgspec.json.decode(visit.request.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise oauth_problem("The request body must be a JSON object")
    return value


def _check_client(state: AmoState, given: Document) -> None:
    for name in ("client_id", "client_secret", "redirect_uri"):
        if given.get(name) != state.settings[name]:
            raise oauth_problem(f"Check the `{name}` parameter")


def _spend_code(state: AmoState, given: Document, now: float) -> None:
    tokens, code = state.tokens, given.get("code")
    if code != state.settings["code"]:
        raise oauth_problem("Cannot decrypt the authorization code")
    if tokens.code is None:
        raise oauth_problem("Authorization code has been revoked")
    if now >= tokens.code_until:
        raise oauth_problem("Authorization code has expired")
    tokens.code = None


def _spend_refresh(state: AmoState, given: Document, now: float) -> None:
    tokens, refresh = state.tokens, given.get("refresh_token")
    if not isinstance(refresh, str) or refresh not in tokens.refresh:
        known = isinstance(refresh, str) and refresh in tokens.spent
        raise oauth_problem("Token has been revoked" if known else "Cannot decrypt the refresh token")
    if now >= tokens.refresh[refresh]:
        raise oauth_problem("Token has expired")
    del tokens.refresh[refresh]
    tokens.spent.add(refresh)
    tokens.access.pop(tokens.pairs.pop(refresh, ""), None)


def _new_pair(state: AmoState, now: float) -> Document:
    tokens, client = state.tokens, state.settings["client_id"]
    access = ids.access_token(state.chance, client, state.account_id, state.bot_user, now + ACCESS_S)
    refresh = ids.refresh_token(state.chance)
    tokens.access[access], tokens.refresh[refresh] = now + ACCESS_S, now + REFRESH_S
    tokens.pairs[refresh] = access
    return {
        "token_type": "Bearer",
        "expires_in": int(ACCESS_S),
        "server_time": int(now),
        "access_token": access,
        "refresh_token": refresh,
    }
