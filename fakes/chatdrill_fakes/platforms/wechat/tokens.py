"""Access tokens: how they are fetched, how they end, and the account's daily quotas.

Source: developers.weixin.qq.com, access_token, stable_token, call limits (2026).
"""

from __future__ import annotations

from chatdrill_fakes.platforms.wechat import ids, limits
from chatdrill_fakes.platforms.wechat.calls import Answered, Asked
from chatdrill_fakes.platforms.wechat.errors import ApiError
from chatdrill_fakes.platforms.wechat.state import Token, WeChatState

_LEAST = 16  # characters; what is shorter is no token at all


def plain(asked: Asked) -> Answered:
    """A new token each time; the one before counts for five minutes more."""
    _check_owner(asked)
    state = asked.state
    _retire(state, state.plain_token, asked.now)
    state.plain_token = _issue(state, asked.now)
    return _told(state.plain_token, int(limits.TOKEN_LIFE_S))


def stable(asked: Asked) -> Answered:
    """The same token until its last five minutes; a forced refresh ends it at once."""
    _check_owner(asked)
    state, now = asked.state, asked.now
    if state.limited and state.minute.take(now):
        raise ApiError(45011)
    if asked.values.get("force_refresh") in (True, "true"):
        _refresh(state, now)
    known = state.tokens.get(state.stable_token)
    if known is None or known.until - now <= limits.TOKEN_GRACE_S:
        state.stable_token = _issue(state, now)  # the one before lives out its five minutes
        known = state.tokens[state.stable_token]
    return _told(state.stable_token, int(known.until - now))


def _refresh(state: WeChatState, now: float) -> None:
    if state.limited and now - state.refreshed_at < limits.REFRESH_PAUSE_S:
        raise ApiError(45011, "forced refreshes are 30 s apart")
    if not state.take("refresh", now, limits.REFRESHES_MAX):
        raise ApiError(45009, f"{limits.REFRESHES_MAX} forced refreshes a day")
    if state.stable_token:
        state.tokens[state.stable_token] = Token(float("-inf"), 40001)
    state.refreshed_at, state.stable_token = now, ""


def _retire(state: WeChatState, token: str, now: float) -> None:
    known = state.tokens.get(token)
    if known is not None:
        known.until, known.code = min(known.until, now + limits.TOKEN_GRACE_S), 40001


def _issue(state: WeChatState, now: float) -> str:
    token = ids.access_token(state.chance)
    state.tokens[token] = Token(now + limits.TOKEN_LIFE_S)
    return token


def _told(token: str, life_s: int) -> Answered:
    return Answered({"access_token": token, "expires_in": life_s}, is_bare=True)


def _check_owner(asked: Asked) -> None:
    """The account's own id and secret. Raises what is missing or wrong."""
    values, state = asked.values, asked.state
    if values.get("grant_type") != "client_credential":
        raise ApiError(40002, "grant_type is client_credential")
    for name, wanted, missing, wrong in (
        ("appid", state.app_id, 41002, 40013),
        ("secret", state.settings["secret"], 41004, 40125),
    ):
        given = values.get(name)
        if given is None or given == "":
            raise ApiError(missing)
        if given != wanted:
            raise ApiError(wrong if name == "appid" or len(str(given)) != len(wanted) else 40001)


def check(state: WeChatState, token: str | None, now: float) -> None:
    """Raises 41001, 40014, 40001 or 42001 for what is no token that counts now."""
    if not token:
        raise ApiError(41001)
    known = state.tokens.get(token)
    if known is None:
        raise ApiError(40001 if len(token) >= _LEAST else 40014)
    if now > known.until:
        raise ApiError(known.code)


def clear_quota(asked: Asked) -> Answered:
    """All daily counters at zero; ten times a month."""
    if asked.given("appid", 41002) != asked.state.app_id:
        raise ApiError(40013)
    if not asked.state.take("clear_quota", asked.now, limits.CLEARS_MAX, period="month"):
        raise ApiError(48006)
    kept = {name: count for name, count in asked.state.used.items() if name.startswith("clear_quota:")}
    asked.state.used.clear()
    asked.state.used.update(kept)
    return Answered()
