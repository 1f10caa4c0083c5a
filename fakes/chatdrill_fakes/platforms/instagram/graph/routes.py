"""Every path of the Graph API that chatdrill answers for Instagram, and those that it refuses by name."""

from __future__ import annotations

import re

from chatdrill_fakes.families.graph import subscriptions, threads
from chatdrill_fakes.families.graph.attachments import upload
from chatdrill_fakes.families.graph.call import Route
from chatdrill_fakes.families.graph.sending import detail
from chatdrill_fakes.families.graph.target import Api, Key, below, route

from . import conversations, nodes, profile, send, tokens
from .target import locate

PLACES = {
    "page": "/me",
    "app": "/{app-id}",
    "user": "/{igsid}",
    "message": "/{message-id}",
    "conversation": "/{conversation-id}",
    "root": "",
}
_NO_USER_TOKEN = "chatdrill has no user tokens: the Page's token answers"

ROUTES: dict[Key, Route] = dict(
    (
        route(PLACES, "page", "messages", "POST", send.send, detail=detail),
        route(PLACES, "page", "message_attachments", "POST", upload),
        route(PLACES, "page", "", "GET", nodes.read_account),
        route(PLACES, "page", "accounts", "GET", nodes.accounts, partial=_NO_USER_TOKEN),
        *below(PLACES, "page", subscriptions.OF_BUSINESS),
        route(PLACES, "page", "messenger_profile", "POST", profile.set_profile),
        route(PLACES, "page", "messenger_profile", "GET", profile.get_profile),
        route(PLACES, "page", "messenger_profile", "DELETE", profile.delete_profile),
        *below(PLACES, "page", threads.CONTROL),
        route(PLACES, "page", "conversations", "GET", conversations.CONVERSATIONS.list_threads),
        *below(PLACES, "conversation", conversations.CONVERSATIONS.endpoints),
        route(PLACES, "message", "", "GET", conversations.CONVERSATIONS.read_message),
        route(PLACES, "user", "", "GET", nodes.read_user),
        route(PLACES, "root", "debug_token", "GET", nodes.debug_token, token="any"),
        route(PLACES, "root", "oauth/access_token", "POST", tokens.give, token="none", partial=tokens.ANY_CODE),
        route(PLACES, "root", "access_token", "GET", tokens.exchange, partial=tokens.SAME),
        route(PLACES, "root", "refresh_access_token", "GET", tokens.refresh, partial=tokens.SAME),
        *below(PLACES, "app", subscriptions.OF_APP, token="app"),
    )
)
_POSTS = "the account's posts are not simulated"
REFUSED: dict[tuple[str, str], str] = {
    ("page", "media"): _POSTS,
    ("page", "media_publish"): _POSTS,
    ("page", "stories"): _POSTS,
    ("page", "tags"): _POSTS,
    ("page", "mentions"): "public answers to mentions",
    ("page", "mentioned_comment"): "public comments",
    ("page", "mentioned_media"): _POSTS,
    ("page", "insights"): "insights are not simulated",
    ("page", "content_publishing_limit"): _POSTS,
    ("page", "business_discovery"): "other accounts",
    ("page", "personas"): "Instagram has no personas",
    ("page", "custom_labels"): "Instagram has no labels",
    ("page", "welcome_message_flows"): "advertisements' welcome messages",
    ("page", "catalog_product_search"): "the catalogue is not simulated",
    ("page", "moderate_conversations"): "people are blocked in the app",
    ("message", "reactions"): "reactions reach the webhook; ask for the field of the message",
    ("message", "attachments"): "ask for the field attachments of the message",
    ("app", "roles"): "people of the app",
    ("root", "oauth/authorize"): "logging in is not simulated: the tokens are settings",
    ("root", "search"): "public search was removed by Meta",
}
"""Paths of Meta's that exist (or did) and that chatdrill does not emulate, and why."""

_IDS = re.compile(r"\d{5,30}|aWdf[A-Za-z0-9]{8,250}")
API = Api(PLACES, ROUTES, REFUSED, send.PARTIAL, locate, _IDS)
