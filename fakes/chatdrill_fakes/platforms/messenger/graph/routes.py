"""Every path of the Graph API that chatdrill answers, and those that it refuses by name.

A key is the kind of the node in the path, the edge below it and the HTTP method; the node's own id stands for itself in
a call's name (``POST /me/messages``, ``GET /{psid}``).
"""

from __future__ import annotations

from . import nodes, people, profile, send, stickers, subscriptions, threads, utility
from .attachments import upload
from .call import Detail, Handler, Route

Key = tuple[str, str, str]

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


def _route(
    place: str,
    edge: str,
    method: str,
    handler: Handler,
    *,
    token: str = "page",
    detail: Detail | None = None,
    partial: str | None = None,
) -> tuple[Key, Route]:
    name = f"{method} {PLACES[place]}{'/' + edge if edge else ''}"
    return (place, edge, method), Route(name, handler, token, detail, partial)


ROUTES: dict[Key, Route] = dict(
    (
        _route("page", "messages", "POST", send.send, detail=send.detail),
        _route("page", "message_attachments", "POST", upload),
        _route("page", "", "GET", nodes.read_page),
        _route("page", "", "POST", nodes.read_page),
        _route("page", "accounts", "GET", nodes.accounts, partial=_NO_USER_TOKEN),
        _route("page", "subscribed_apps", "POST", subscriptions.subscribe_page),
        _route("page", "subscribed_apps", "GET", subscriptions.list_apps),
        _route("page", "subscribed_apps", "DELETE", subscriptions.unsubscribe_page),
        _route("page", "messenger_profile", "POST", profile.set_profile),
        _route("page", "messenger_profile", "GET", profile.get_profile),
        _route("page", "messenger_profile", "DELETE", profile.delete_profile),
        _route("page", "custom_user_settings", "POST", profile.set_menu),
        _route("page", "custom_user_settings", "GET", profile.get_menu),
        _route("page", "custom_user_settings", "DELETE", profile.delete_menu),
        _route("page", "pass_thread_control", "POST", threads.pass_control),
        _route("page", "take_thread_control", "POST", threads.take_control),
        _route("page", "request_thread_control", "POST", threads.request_control),
        _route("page", "release_thread_control", "POST", threads.release_control),
        _route("page", "extend_thread_control", "POST", threads.extend_control),
        _route("page", "thread_owner", "GET", threads.thread_owner),
        _route("page", "secondary_receivers", "GET", threads.secondary_receivers),
        _route("page", "personas", "POST", people.create_persona, partial=_NO_PICTURE),
        _route("page", "personas", "GET", people.list_personas, partial=_NO_PICTURE),
        _route("persona", "", "GET", people.read_persona),
        _route("persona", "", "DELETE", people.delete_persona),
        _route("page", "custom_labels", "POST", people.create_label),
        _route("page", "custom_labels", "GET", people.list_labels),
        _route("label", "", "GET", people.read_label),
        _route("label", "", "DELETE", people.delete_label),
        _route("label", "label", "POST", people.put_label),
        _route("label", "label", "DELETE", people.take_label),
        _route("user", "custom_labels", "GET", people.labels_of),
        _route("page", "moderate_conversations", "POST", people.moderate, partial=_NO_SPAM),
        _route("page", "message_templates", "POST", utility.create_template, partial=_APPROVED),
        _route("page", "message_templates", "GET", utility.list_templates, partial=_APPROVED),
        _route("page", "message_templates", "DELETE", utility.delete_template),
        _route("page", "unlink_accounts", "POST", nodes.unlink),
        _route("page", "conversations", "GET", nodes.conversations),
        _route("conversation", "", "GET", nodes.read_conversation),
        _route("conversation", "messages", "GET", nodes.conversation_messages),
        _route("message", "", "GET", nodes.read_message),
        _route("user", "", "GET", nodes.read_user),
        _route("root", "debug_token", "GET", nodes.debug_token, token="any"),
        _route("root", "sticker_packs", "GET", stickers.packs, token="app", partial="one pack: the like thumbs"),
        _route("pack", "stickers", "GET", stickers.stickers, token="app"),
        _route("root", "sticker_search", "GET", stickers.search, token="app", partial="finds the like thumbs only"),
        _route("app", "subscriptions", "POST", subscriptions.subscribe_app, token="app"),
        _route("app", "subscriptions", "GET", subscriptions.list_subscriptions, token="app"),
        _route("app", "subscriptions", "DELETE", subscriptions.unsubscribe_app, token="app"),
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
