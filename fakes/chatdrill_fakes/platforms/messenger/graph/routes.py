"""Every path of the Graph API that chatdrill answers, and those that it refuses by name.

A key is the kind of the node in the path, the edge below it and the HTTP method; the node's own id stands for itself in
a call's name (``POST /me/messages``, ``GET /{psid}``).
"""

from __future__ import annotations

import re

from chatdrill_fakes.families.graph import subscriptions, threads
from chatdrill_fakes.families.graph.attachments import upload
from chatdrill_fakes.families.graph.call import Route
from chatdrill_fakes.families.graph.sending import detail
from chatdrill_fakes.families.graph.target import Api, Key, below, route

from . import nodes, people, profile, send, stickers, utility
from .target import locate

PLACES = {
    "page": "/me",
    "app": "/{app-id}",
    "user": "/{psid}",
    "message": "/{message-id}",
    "conversation": "/{conversation-id}",
    "persona": "/{persona-id}",
    "label": "/{label-id}",
    "pack": "/sticker_packs/{pack-id}",
    "root": "",
}
_NO_USER_TOKEN = "chatdrill has no user tokens: the Page's token answers"
_NO_SPAM = "MOVE_TO_SPAM is taken and changes nothing"
_APPROVED = "every template is approved at once"
_NO_PICTURE = "the picture is not fetched"


ROUTES: dict[Key, Route] = dict(
    (
        route(PLACES, "page", "messages", "POST", send.send, detail=detail),
        route(PLACES, "page", "message_attachments", "POST", upload),
        route(PLACES, "page", "", "GET", nodes.read_page),
        route(PLACES, "page", "", "POST", nodes.read_page),
        route(PLACES, "page", "accounts", "GET", nodes.accounts, partial=_NO_USER_TOKEN),
        *below(PLACES, "page", subscriptions.OF_BUSINESS),
        route(PLACES, "page", "messenger_profile", "POST", profile.set_profile),
        route(PLACES, "page", "messenger_profile", "GET", profile.get_profile),
        route(PLACES, "page", "messenger_profile", "DELETE", profile.delete_profile),
        route(PLACES, "page", "custom_user_settings", "POST", profile.set_menu),
        route(PLACES, "page", "custom_user_settings", "GET", profile.get_menu),
        route(PLACES, "page", "custom_user_settings", "DELETE", profile.delete_menu),
        *below(PLACES, "page", threads.CONTROL),
        route(PLACES, "page", "personas", "POST", people.create_persona, partial=_NO_PICTURE),
        route(PLACES, "page", "personas", "GET", people.list_personas, partial=_NO_PICTURE),
        route(PLACES, "persona", "", "GET", people.read_persona),
        route(PLACES, "persona", "", "DELETE", people.delete_persona),
        route(PLACES, "page", "custom_labels", "POST", people.create_label),
        route(PLACES, "page", "custom_labels", "GET", people.list_labels),
        route(PLACES, "label", "", "GET", people.read_label),
        route(PLACES, "label", "", "DELETE", people.delete_label),
        route(PLACES, "label", "label", "POST", people.put_label),
        route(PLACES, "label", "label", "DELETE", people.take_label),
        route(PLACES, "user", "custom_labels", "GET", people.labels_of),
        route(PLACES, "page", "moderate_conversations", "POST", people.moderate, partial=_NO_SPAM),
        route(PLACES, "page", "message_templates", "POST", utility.create_template, partial=_APPROVED),
        route(PLACES, "page", "message_templates", "GET", utility.list_templates, partial=_APPROVED),
        route(PLACES, "page", "message_templates", "DELETE", utility.delete_template),
        route(PLACES, "page", "unlink_accounts", "POST", nodes.unlink),
        route(PLACES, "page", "conversations", "GET", nodes.CONVERSATIONS.list_threads),
        *below(PLACES, "conversation", nodes.CONVERSATIONS.endpoints),
        route(PLACES, "message", "", "GET", nodes.CONVERSATIONS.read_message),
        route(PLACES, "user", "", "GET", nodes.read_user),
        route(PLACES, "root", "debug_token", "GET", nodes.debug_token, token="any"),
        route(PLACES, "root", "sticker_packs", "GET", stickers.packs, token="app", partial="one pack: the like thumbs"),
        route(PLACES, "pack", "stickers", "GET", stickers.stickers, token="app"),
        route(
            PLACES, "root", "sticker_search", "GET", stickers.search, token="app", partial="finds the like thumbs only"
        ),
        *below(PLACES, "app", subscriptions.OF_APP, token="app"),
    )
)

REFUSED: dict[tuple[str, str], str] = {
    ("page", "broadcast_messages"): "broadcasts were removed by Meta in 2020",
    ("page", "message_creatives"): "broadcasts were removed by Meta in 2020",
    ("page", "message_insights"): "insights are not simulated",
    ("page", "insights"): "insights are not simulated",
    ("page", "notification_message_tokens"): "list of marketing opt-ins",
    ("page", "notification_messages_dev_support"): "marketing messages for developers",
    ("page", "marketing_messages"): "marketing campaigns",
    ("page", "nlp_configs"): "built-in language processing was removed by Meta",
    ("page", "messaging_feature_review"): "review of the app",
    ("page", "welcome_message_flows"): "advertisements' welcome messages",
    ("page", "messenger_lead_forms"): "lead form management",
    ("page", "messenger_call_settings"): "calls",
    ("page", "calls"): "calls",
    ("page", "call_permissions"): "calls",
    ("page", "feed"): "the Page's posts are not simulated",
    ("page", "posts"): "the Page's posts are not simulated",
    ("page", "published_posts"): "the Page's posts are not simulated",
    ("page", "photos"): "the Page's posts are not simulated",
    ("page", "videos"): "the Page's posts are not simulated",
    ("page", "tagged"): "the Page's posts are not simulated",
    ("page", "picture"): "the Page's picture",
    ("page", "roles"): "the Page's people",
    ("page", "assigned_users"): "the Page's people",
    ("page", "blocked"): "use moderate_conversations",
    ("page", "settings"): "the Page's settings",
    ("page", "instagram_accounts"): "Instagram",
    ("page", "leadgen_forms"): "lead form management",
    ("user", "ids_for_pages"): "one Page only is simulated",
    ("user", "ids_for_apps"): "one app only is simulated",
    ("user", "picture"): "read profile_pic of the profile instead",
    ("app", "accounts"): "test users",
    ("app", "roles"): "people of the app",
    ("app", "message_templates"): "templates belong to the Page",
    ("root", "oauth"): "logging in is not simulated: the tokens are settings",
    ("root", "search"): "public search was removed by Meta",
    ("message", "reactions"): "reactions reach the webhook",
    ("message", "attachments"): "ask for the field attachments of the message",
}
"""Paths of Meta's that exist (or did) and that chatdrill does not emulate, and why."""

_IDS = re.compile(r"\d{5,30}(_\d{1,30}){0,2}|[mt]_[\w$:.=-]+|mid\.[\w$:.=-]+")
API = Api(PLACES, ROUTES, REFUSED, send.PARTIAL, locate, _IDS)
