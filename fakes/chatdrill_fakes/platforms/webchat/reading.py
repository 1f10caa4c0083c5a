"""The rest of the connector: members, conversations, tokens."""

from __future__ import annotations

import hashlib
import hmac

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.families.connector import login, tokens
from chatdrill_fakes.platforms.webchat import limits, webhooks
from chatdrill_fakes.platforms.webchat.calls import Asked, refuse
from chatdrill_fakes.platforms.webchat.state import Json, WebChat, WebChatState


def _members(asked: Asked, chat: WebChat) -> list[Json]:
    return [chat.user, asked.state.bot]


def conversations(asked: Asked) -> HttpResponse:
    """GET /v3/conversations."""
    found = [
        {"id": each.address, "members": _members(asked, each)} for each in asked.state.chats.values() if each.introduced
    ]
    return json_response({"conversations": found, "continuationToken": ""})


def members(asked: Asked) -> HttpResponse:
    """GET .../members, of the conversation or of one activity."""
    return json_response(_members(asked, asked.chat()))


def member(asked: Asked) -> HttpResponse:
    """GET .../members/{member}."""
    found = {each["id"]: each for each in _members(asked, asked.chat())}
    if asked.params["member"] not in found:
        raise refuse(404, "NotFound", "The member is not in the conversation")
    return json_response(found[asked.params["member"]])


def paged_members(asked: Asked) -> HttpResponse:
    """GET .../pagedmembers?pageSize=&continuationToken=; the token is the number of those seen."""
    found = _members(asked, asked.chat())
    size, seen = (
        str(asked.values.get(name) or usual) for name, usual in (("pageSize", "50"), ("continuationToken", "0"))
    )
    if not (size.isdecimal() and seen.isdecimal() and len(size + seen) < 19):
        raise refuse(400, "BadArgument", "pageSize or continuationToken is invalid")
    end = int(seen) + min(max(1, int(size)), limits.PAGE_MAX)
    return json_response({"members": found[int(seen) : end], "continuationToken": str(end) if end < len(found) else ""})


# ------------------------------------------------------------------------------------------------------------ tokens


def token(asked: Asked) -> HttpResponse:
    """POST {tenant}/oauth2/v2.0/token: a token that says when it was given, so that any worker knows how long it is good."""
    state, valid_s = asked.state, int(asked.state.settings["token_valid_s"])
    problem = login.problem(asked.values, state.app_id, state.settings["app_password"])
    return problem or login.granted(issued(state, asked.exchange.now), valid_s)


def issued(state: WebChatState, now: float) -> str:
    """A token that is given now."""
    at = str(int(now))
    return f"eyJ.{at}.{_proof(state, at)}"


def _proof(state: WebChatState, at: str) -> str:
    return hmac.new(state.settings["app_password"].encode(), at.encode(), hashlib.sha256).hexdigest()


def problem_with(state: WebChatState, word: str, now: float) -> str | None:
    """Why a bearer's word is not believed, if it is not."""
    if hmac.compare_digest(word.encode(), state.token):
        return None
    at, _, proof = word.removeprefix("eyJ.").partition(".")
    if not hmac.compare_digest(proof.encode(), _proof(state, at).encode()):
        return "the token is not one that the login service gave"
    if int(at) + int(state.settings["token_valid_s"]) <= now:
        return f"the token ran out {now - int(at) - int(state.settings['token_valid_s']):.0f} s ago"
    return "the token was revoked" if int(at) <= state.revoked_at else None


def metadata(asked: Asked) -> HttpResponse:
    """GET /v1/.well-known/openidconfiguration."""
    return login.metadata(asked.base_url)


def keys(asked: Asked) -> HttpResponse:
    """GET /v1/.well-known/keys."""
    return json_response(tokens.key_set(webhooks.KEY_ID, webhooks.endorsed(asked.state.channel)))


def tenant(asked: Asked) -> HttpResponse:
    """GET {tenant}/v2.0/.well-known/openid-configuration."""
    return login.tenant(asked.base_url, asked.params["tenant"])


def instances(asked: Asked) -> HttpResponse:
    """GET /common/discovery/instance."""
    return login.instances(asked.base_url)
