"""The vendor's numbers, each with where it stands. Texts count bytes of UTF-8, titles Unicode code points."""

from __future__ import annotations

from chatdrill.wire import Limit
from chatdrill_fakes.families.graph.limits import ELEMENTS_MAX, delivery, shared

TEXT_MAX_BYTES = 1000
IMAGES_MAX = 10
QUESTION_MAX = 80
DETAILED_MAX = 20
TOKEN_LIFE_S = 60 * 86_400
STORY_LIFE_S = 86_400
EDITABLE_S = 900

_LOGIN_FIELDS = ("message_echoes", "message_edit")
FIELDS = (
    "messages",
    "message_echoes",
    "message_edit",
    "message_reactions",
    "messaging_postbacks",
    "messaging_seen",
    "messaging_referral",
    "messaging_optins",
    "messaging_handover",
    "standby",
    "comments",
    "live_comments",
    "mentions",
)
"""Webhook fields of the object ``instagram`` that chatdrill can send."""
PAGE_FIELDS = tuple(field for field in FIELDS if field not in _LOGIN_FIELDS)
"""Those of an account that is linked to a Page: there echoes come with ``messages``, and edits are not documented."""
SILENT_FIELDS = ("story_insights",)
"""Further fields that an account may be subscribed to; chatdrill takes the subscription and never sends them."""

_DOCS = "developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login"
_IG = "developers.facebook.com/docs/messenger-platform/instagram"
_SEND = f"{_DOCS}/messaging-api, autumn 2026"
_TEMPLATES = f"{_IG}/features/generic-template, autumn 2026"
_PROFILE = f"{_IG}/features/ice-breakers and persistent-menu, autumn 2026"
_RATES = f"{_IG}/overview (rate limiting), autumn 2026"
_HOOKS = f"{_DOCS}/webhooks, autumn 2026"
_ROUTING = f"{_IG}/features/conversation-routing, autumn 2026"
_SAME = "as in the Messenger Platform, for Instagram not re-checked, autumn 2026"

LIMITS = (
    Limit("text", TEXT_MAX_BYTES, "bytes", _SEND),
    Limit("images_in_a_message", IMAGES_MAX, "items", _SEND),
    shared("quick_replies", f"{_IG}/features/quick-replies, autumn 2026"),
    shared("quick_reply_title_shown", f"{_IG}/features/quick-replies, autumn 2026"),
    shared("payload", _SAME),
    shared("metadata", _SAME),
    shared("button_title", _SAME),
    shared("buttons", _TEMPLATES),
    shared("button_template_text", _TEMPLATES),
    shared("generic_elements", _TEMPLATES),
    shared("generic_title", _TEMPLATES),
    shared("generic_subtitle", _TEMPLATES),
    Limit("products", ELEMENTS_MAX, "items", f"{_IG}/features/product-template, autumn 2026"),
    shared("ice_breakers", _PROFILE),
    Limit("ice_breaker_question", QUESTION_MAX, "characters", f"{_PROFILE}, not re-checked"),
    shared("persistent_menu_items", f"{_PROFILE}, by a public SDK"),
    shared("persistent_menu_title", _SAME),
    shared("image_size", _SEND),
    shared("file_size", _SEND),
    shared("attachment_fetch_timeout", _SAME),
    shared("video_fetch_timeout", _SAME),
    shared("attachment_life", _SAME),
    Limit("story_life", STORY_LIFE_S, "seconds since the story was mentioned", _HOOKS),
    shared("edits", f"{_HOOKS}, not re-checked"),
    Limit("editable", EDITABLE_S, "seconds since the message", f"{_HOOKS}, not re-checked"),
    shared("referral", f"{_IG}/features/ig-me-links, autumn 2026, not re-checked"),
    shared("batch", "developers.facebook.com/docs/graph-api/batch-requests, 2026"),
    shared("messaging_window", _SEND),
    shared("human_agent_window", _SEND),
    shared("private_reply_window", f"{_DOCS}/messaging-api/private-replies, autumn 2026"),
    Limit("detailed_messages", DETAILED_MAX, "newest messages of a thread", f"{_DOCS}/conversations-api, autumn 2026"),
    shared("sends_per_second", _RATES, "account"),
    shared("audio_video_sends_per_second", _RATES, "account"),
    shared("conversation_calls_per_second", _RATES, "account"),
    shared("private_replies_per_hour", _RATES, "account"),
    shared("profile_calls", _SAME, "account"),
    shared("thread_idle", _ROUTING),
    shared("thread_extension", _ROUTING),
    shared("calls_per_engaged_user", _RATES),
    Limit("token_life", TOKEN_LIFE_S, "seconds", f"{_DOCS}/business-login, autumn 2026"),
    shared("webhook_ack", _HOOKS),
    shared("webhook_unsubscribed_after", _HOOKS),
)

DELIVERY = delivery(_HOOKS)
