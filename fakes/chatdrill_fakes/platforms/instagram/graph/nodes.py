"""What can be read of people: the account itself, the profiles of those who wrote, tokens."""

from __future__ import annotations

from hashlib import sha256

from chatdrill_fakes.families.graph import tokens
from chatdrill_fakes.families.graph.call import Answered
from chatdrill_fakes.families.graph.selection import page, read_fields, select
from chatdrill_fakes.families.graph.state import Json
from chatdrill_fakes.families.meta import unknown_object

from .. import cdn, errors
from ..state import username_of
from .call import Asked

_USER_FIELDS = (
    "name,username,profile_pic,follower_count,is_user_follow_business,is_business_follow_user,is_verified_user"
)
_ROUTING = {"hop_v2": True, "msgr_multi_app": True, "ig_multi_app": True}
_FOLLOWERS_MAX = 2000


def read_account(asked: Asked) -> Answered:
    """``GET /me``: the account; where it is reached by a Page, the Page with the account that is linked to it."""
    state, fields = asked.state, asked.values.get("fields")
    username = state.settings["username"]
    values: Json = {
        "user_id": state.own_id,
        "username": username,
        "name": username,
        "account_type": "BUSINESS",
        "profile_picture_url": cdn.stand_in(state, "account"),
        "followers_count": 1204,
        "messaging_feature_status": _ROUTING,
    }
    if not state.by_page:
        return Answered(select({"id": state.scoped_id, **values}, read_fields(fields, "id")))
    if asked.exchange.request.path.rstrip("/").endswith(f"/{state.own_id}"):
        return Answered(select({"id": state.own_id, **values}, read_fields(fields, "id")))
    values |= {"id": state.page_id, "instagram_business_account": {"id": state.own_id}}
    return Answered(select(values, read_fields(fields, "name,id")))


def read_user(asked: Asked) -> Answered:
    """``GET /{igsid}``: after the person has written or tapped, and not while they block the account."""
    chat = asked.chat
    if chat.profile_failures:
        raise chat.profile_failures.pop(0)
    fields = read_fields(asked.values.get("fields"), _USER_FIELDS)
    if not chat.consented:
        raise errors.no_consent()
    if chat.blocked:
        raise unknown_object(asked.node, "GET")
    values: Json = {
        "id": chat.address,
        "name": chat.customer.name,
        "username": username_of(chat),
        "profile_pic": cdn.portrait_url(asked.state, chat, chat.at(asked.now)),
        "follower_count": int.from_bytes(sha256(chat.address.encode()).digest()[:2], "big") % _FOLLOWERS_MAX,
        "is_user_follow_business": True,
        "is_business_follow_user": False,
        "is_verified_user": False,
    }
    return Answered(select(values, fields))


def accounts(asked: Asked) -> Answered:
    """``GET /me/accounts``: the Page with its token and the linked account; without a Page there is none."""
    state = asked.state
    if not state.by_page:
        return Answered(page([], asked))
    linked = {"id": state.own_id}
    account = {
        "access_token": state.page_token,
        "name": state.settings["username"],
        "id": state.page_id,
        "instagram_business_account": linked,
        "tasks": ["MESSAGING", "MODERATE"],
    }
    return Answered(page([account], asked))


def debug_token(asked: Asked) -> Answered:
    """``GET /debug_token?input_token=``"""
    state = asked.state
    basic = "instagram_basic,instagram_manage_messages,pages_manage_metadata"
    own = "instagram_business_basic,instagram_business_manage_messages"
    told: Json = {
        "type": "PAGE" if state.by_page else "USER",
        "is_valid": True,
        "expires_at": 0,
        "scopes": (basic if state.by_page else own).split(","),
        "profile_id": state.page_id or state.own_id,
    }
    return tokens.debug_token(asked, told)
