"""How an app comes to its token where it logs in without a Page. chatdrill has one token, which the settings name."""

from __future__ import annotations

from chatdrill_fakes.families.graph import reading
from chatdrill_fakes.families.graph.call import Answered
from chatdrill_fakes.families.meta import GraphError

from ..limits import TOKEN_LIFE_S
from .call import Asked

ANY_CODE = "any code is taken; the token is the one of the settings"
SAME = "the token stays what it is, and does not expire by itself: api_error 190/463 lets it"
_SCOPES = "instagram_business_basic,instagram_business_manage_messages"


def give(asked: Asked) -> Answered:
    """``POST /oauth/access_token`` at api.instagram.com, a form: the code of a login for a token of an hour."""
    values, state = asked.values, asked.state
    reading.one_of(values.get("grant_type"), "grant_type", ("authorization_code",))
    reading.text(values.get("code"), "code")
    reading.url(values.get("redirect_uri"), "redirect_uri")
    if str(values.get("client_id")) != state.app_id:
        raise GraphError(101, "Error validating application. Cannot get application info due to a system error.")
    _check_secret(asked)
    token = {"access_token": state.page_token, "user_id": int(state.scoped_id), "permissions": _SCOPES}
    return Answered(token)


def exchange(asked: Asked) -> Answered:
    """``GET /access_token``: a token of an hour for one of 60 days."""
    reading.one_of(asked.values.get("grant_type"), "grant_type", ("ig_exchange_token",))
    _check_secret(asked)
    return _long_lived(asked)


def refresh(asked: Asked) -> Answered:
    """``GET /refresh_access_token``: 60 more days."""
    reading.one_of(asked.values.get("grant_type"), "grant_type", ("ig_refresh_token",))
    return _long_lived(asked)


def _long_lived(asked: Asked) -> Answered:
    token = {"access_token": asked.state.page_token, "token_type": "bearer", "expires_in": TOKEN_LIFE_S}
    return Answered(token)


def _check_secret(asked: Asked) -> None:
    if str(asked.values.get("client_secret")) != asked.state.settings["app_secret"]:
        raise GraphError(1, "Error validating client secret.")
