"""The vendor's numbers, each with where it stands. Texts count bytes of UTF-8, titles Unicode code points."""

from __future__ import annotations

from chatdrill.wire import Limit
from chatdrill_fakes.families.graph.limits import (
    ACK_TIMEOUT_S,
    ATTACHMENT_LIFE_S,
    BATCH_MAX,
    BUTTON_TEXT_MAX,
    BUTTON_TITLE_MAX,
    BUTTONS_MAX,
    CONVERSATION_CALLS_PER_S,
    DAILY_CALLS_PER_ENGAGED_USER,
    EDITS_MAX,
    ELEMENT_SUBTITLE_MAX,
    ELEMENT_TITLE_MAX,
    ELEMENTS_MAX,
    FETCH_TIMEOUT_S,
    FETCH_VIDEO_TIMEOUT_S,
    FILE_MAX_BYTES,
    HEAVY_SENDS_PER_S,
    HUMAN_AGENT_S,
    ICE_BREAKERS_MAX,
    IMAGE_MAX_BYTES,
    MENU_ITEMS_MAX,
    MENU_TITLE_MAX,
    METADATA_MAX,
    PAYLOAD_MAX,
    PRIVATE_REPLIES_PER_HOUR,
    PRIVATE_REPLY_S,
    PROFILE_CALLS,
    QUICK_REPLIES_MAX,
    QUICK_REPLY_TITLE_SHOWN,
    REF_MAX,
    SENDS_PER_S,
    THREAD_EXTENSION_MAX_S,
    THREAD_IDLE_S,
    UNSUBSCRIBED_AFTER_S,
    WINDOW_S,
    delivery,
)

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
    Limit("quick_replies", QUICK_REPLIES_MAX, "items", f"{_IG}/features/quick-replies, autumn 2026"),
    Limit(
        "quick_reply_title_shown", QUICK_REPLY_TITLE_SHOWN, "characters", f"{_IG}/features/quick-replies, autumn 2026"
    ),
    Limit("payload", PAYLOAD_MAX, "characters", _SAME),
    Limit("metadata", METADATA_MAX, "characters", _SAME),
    Limit("button_title", BUTTON_TITLE_MAX, "characters", _SAME),
    Limit("buttons", BUTTONS_MAX, "items", _TEMPLATES),
    Limit("button_template_text", BUTTON_TEXT_MAX, "characters", _TEMPLATES),
    Limit("generic_elements", ELEMENTS_MAX, "items", _TEMPLATES),
    Limit("generic_title", ELEMENT_TITLE_MAX, "characters", _TEMPLATES),
    Limit("generic_subtitle", ELEMENT_SUBTITLE_MAX, "characters", _TEMPLATES),
    Limit("products", ELEMENTS_MAX, "items", f"{_IG}/features/product-template, autumn 2026"),
    Limit("ice_breakers", ICE_BREAKERS_MAX, "items", _PROFILE),
    Limit("ice_breaker_question", QUESTION_MAX, "characters", f"{_PROFILE}, not re-checked"),
    Limit("persistent_menu_items", MENU_ITEMS_MAX, "items", f"{_PROFILE}, by a public SDK"),
    Limit("persistent_menu_title", MENU_TITLE_MAX, "characters", _SAME),
    Limit("image_size", IMAGE_MAX_BYTES, "bytes", _SEND),
    Limit("file_size", FILE_MAX_BYTES, "bytes", _SEND),
    Limit("attachment_fetch_timeout", FETCH_TIMEOUT_S, "seconds", _SAME),
    Limit("video_fetch_timeout", FETCH_VIDEO_TIMEOUT_S, "seconds", _SAME),
    Limit("attachment_life", ATTACHMENT_LIFE_S, "seconds", _SAME),
    Limit("story_life", STORY_LIFE_S, "seconds since the story was mentioned", _HOOKS),
    Limit("edits", EDITS_MAX, "edits of one message", f"{_HOOKS}, not re-checked"),
    Limit("editable", EDITABLE_S, "seconds since the message", f"{_HOOKS}, not re-checked"),
    Limit("referral", REF_MAX, "characters", f"{_IG}/features/ig-me-links, autumn 2026, not re-checked"),
    Limit("batch", BATCH_MAX, "calls", "developers.facebook.com/docs/graph-api/batch-requests, 2026"),
    Limit("messaging_window", WINDOW_S, "seconds since the customer's last act", _SEND),
    Limit("human_agent_window", HUMAN_AGENT_S, "seconds since the customer's last act", _SEND),
    Limit(
        "private_reply_window",
        PRIVATE_REPLY_S,
        "seconds since the comment",
        f"{_DOCS}/messaging-api/private-replies, autumn 2026",
    ),
    Limit("detailed_messages", DETAILED_MAX, "newest messages of a thread", f"{_DOCS}/conversations-api, autumn 2026"),
    Limit("sends_per_second", SENDS_PER_S, "calls per second and account", _RATES),
    Limit("audio_video_sends_per_second", HEAVY_SENDS_PER_S, "calls per second and account", _RATES),
    Limit("conversation_calls_per_second", CONVERSATION_CALLS_PER_S, "calls per second and account", _RATES),
    Limit("private_replies_per_hour", PRIVATE_REPLIES_PER_HOUR, "calls per hour and account", _RATES),
    Limit("profile_calls", PROFILE_CALLS, "calls in 10 minutes and account", _SAME),
    Limit("thread_idle", THREAD_IDLE_S, "seconds since the customer's last act", _ROUTING),
    Limit("thread_extension", THREAD_EXTENSION_MAX_S, "seconds", _ROUTING),
    Limit("calls_per_engaged_user", DAILY_CALLS_PER_ENGAGED_USER, "calls in 24 hours", _RATES),
    Limit("token_life", TOKEN_LIFE_S, "seconds", f"{_DOCS}/business-login, autumn 2026"),
    Limit("webhook_ack", ACK_TIMEOUT_S, "seconds", _HOOKS),
    Limit("webhook_unsubscribed_after", UNSUBSCRIBED_AFTER_S, "seconds of continuous failure", _HOOKS),
)

DELIVERY = delivery(_HOOKS)
