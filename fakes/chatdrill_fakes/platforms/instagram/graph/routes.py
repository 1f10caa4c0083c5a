"""Every path of the Graph API that chatdrill answers for Instagram, and those that it refuses by name."""

from __future__ import annotations

import re

from chatdrill_fakes.families.graph import subscriptions, threads
from chatdrill_fakes.families.graph.attachments import upload
from chatdrill_fakes.families.graph.call import Route
from chatdrill_fakes.families.graph.sending import detail
from chatdrill_fakes.families.graph.target import Api, Key, route

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
        route(PLACES, "page", "subscribed_apps", "POST", subscriptions.subscribe_page),
        route(PLACES, "page", "subscribed_apps", "GET", subscriptions.list_apps),
        route(PLACES, "page", "subscribed_apps", "DELETE", subscriptions.unsubscribe_page),
        route(PLACES, "page", "messenger_profile", "POST", profile.set_profile),
        route(PLACES, "page", "messenger_profile", "GET", profile.get_profile),
        route(PLACES, "page", "messenger_profile", "DELETE", profile.delete_profile),
        route(PLACES, "page", "pass_thread_control", "POST", threads.pass_control),
        route(PLACES, "page", "take_thread_control", "POST", threads.take_control),
        route(PLACES, "page", "request_thread_control", "POST", threads.request_control),
        route(PLACES, "page", "release_thread_control", "POST", threads.release_control),
        route(PLACES, "page", "extend_thread_control", "POST", threads.extend_control),
        route(PLACES, "page", "thread_owner", "GET", threads.thread_owner),
        route(PLACES, "page", "secondary_receivers", "GET", threads.secondary_receivers),
        route(PLACES, "page", "conversations", "GET", conversations.conversations),
        route(PLACES, "conversation", "", "GET", conversations.read_conversation),
        route(PLACES, "conversation", "messages", "GET", conversations.conversation_messages),
        route(PLACES, "message", "", "GET", conversations.read_message),
        route(PLACES, "user", "", "GET", nodes.read_user),
        route(PLACES, "root", "debug_token", "GET", nodes.debug_token, token="any"),
        route(PLACES, "root", "oauth/access_token", "POST", tokens.give, token="none", partial=tokens.ANY_CODE),
        route(PLACES, "root", "access_token", "GET", tokens.exchange, partial=tokens.SAME),
        route(PLACES, "root", "refresh_access_token", "GET", tokens.refresh, partial=tokens.SAME),
        route(PLACES, "app", "subscriptions", "POST", subscriptions.subscribe_app, token="app"),
        route(PLACES, "app", "subscriptions", "GET", subscriptions.list_subscriptions, token="app"),
        route(PLACES, "app", "subscriptions", "DELETE", subscriptions.unsubscribe_app, token="app"),
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
