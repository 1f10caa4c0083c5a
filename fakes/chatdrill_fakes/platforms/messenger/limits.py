"""The vendor's numbers, each with where it stands. Lengths count Unicode code points."""

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

FIELDS = (
    "messages",
    "messaging_postbacks",
    "messaging_referrals",
    "messaging_optins",
    "messaging_optouts",
    "messaging_account_linking",
    "messaging_handovers",
    "standby",
    "messaging_policy_enforcement",
    "messaging_feedback",
    "response_feedback",
    "messaging_in_thread_lead_form_submit",
    "messaging_game_plays",
    "send_cart",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "message_template_status_update",
    "inbox_labels",
    "feed",
)
"""Webhook fields of the object ``page`` that chatdrill can send."""
SILENT_FIELDS = (
    *("messaging_customer_information", "message_context", "business_integrity", "messaging_integrity"),
    *("marketing_message_deliveries", "marketing_message_reads", "marketing_message_echoes"),
    *("marketing_message_clicks", "marketing_message_delivery_failed", "calls"),
    *("messaging_payments", "messaging_checkout_updates", "messaging_pre_checkouts", "messaging_appointments"),
    *("messaging_direct_sends", "messaging_fblogin_account_linking", "message_mention", "group_feed", "mention"),
    *("conversations", "leadgen", "ratings", "live_videos", "videos", "name", "picture", "category", "description"),
    *("email", "phone", "website", "location", "hours", "general_info", "feature_access_list"),
)
"""Further fields that a Page may be subscribed to; chatdrill takes the subscription and never sends them."""


LINKING_TOKEN_LIFE_S = 300

TEXT_MAX = 2000
RECEIPT_ELEMENTS_MAX = 100
GRID_TITLE_MAX = 45
GRID_IMAGES_MAX = 6
QUESTION_TITLE_MAX = 85
PLACEHOLDER_MAX = 65
FEEDBACK_DAYS_MAX = 7
ATTACHMENTS_MAX = 30
PERSONA_NAME_MAX = 50
GREETING_MAX = 160
COMMANDS_MAX = 100
COMMAND_NAME_MAX = 32
COMMAND_DESCRIPTION_MAX = 64
DOMAINS_MAX = 50

_DOCS = "developers.facebook.com/docs/messenger-platform"
_SEND = f"{_DOCS}/reference/send-api, 2026-06-25"
_TEMPLATES = f"{_DOCS}/send-messages/templates, 2026-06-25"
_PROFILE = f"{_DOCS}/reference/messenger-profile-api, 2026-06-25"
_RATES = f"{_DOCS}/overview (rate limiting), 2026-06-25"
_WINDOWS = f"{_DOCS}/policy/policy-overview, 2026-06-25"
_HOOKS = f"{_DOCS}/webhooks, 2026-06-25"

LIMITS = (
    Limit("text", TEXT_MAX, "characters", _SEND),
    Limit("metadata", METADATA_MAX, "characters", _SEND),
    Limit("quick_replies", QUICK_REPLIES_MAX, "items", f"{_DOCS}/send-messages/quick-replies, 2026-06-25"),
    Limit(
        "quick_reply_title_shown",
        QUICK_REPLY_TITLE_SHOWN,
        "characters",
        f"{_DOCS}/send-messages/quick-replies, 2026-06-25",
    ),
    Limit("payload", PAYLOAD_MAX, "characters", f"{_DOCS}/reference/buttons/postback, 2026-06-25"),
    Limit("button_title", BUTTON_TITLE_MAX, "characters", f"{_DOCS}/reference/buttons, 2026-06-25"),
    Limit("buttons", BUTTONS_MAX, "items", _TEMPLATES),
    Limit("button_template_text", BUTTON_TEXT_MAX, "characters", _TEMPLATES),
    Limit("generic_elements", ELEMENTS_MAX, "items", _TEMPLATES),
    Limit("generic_title", ELEMENT_TITLE_MAX, "characters", _TEMPLATES),
    Limit("generic_subtitle", ELEMENT_SUBTITLE_MAX, "characters", _TEMPLATES),
    Limit("receipt_elements", RECEIPT_ELEMENTS_MAX, "items", _TEMPLATES),
    Limit("image_grid_images", GRID_IMAGES_MAX, "items", _TEMPLATES),
    Limit("image_grid_title", GRID_TITLE_MAX, "characters", _TEMPLATES),
    Limit("question_title", QUESTION_TITLE_MAX, "characters", _TEMPLATES),
    Limit("feedback_placeholder", PLACEHOLDER_MAX, "characters", _TEMPLATES),
    Limit("feedback_days", FEEDBACK_DAYS_MAX, "days", _TEMPLATES),
    Limit("images_in_a_message", ATTACHMENTS_MAX, "items", f"{_DOCS}/send-messages (autumn 2026, not re-checked)"),
    Limit("referral", REF_MAX, "characters", f"{_DOCS}/discovery/m-me-links, 2026-06-25"),
    Limit("edits", EDITS_MAX, "edits of one message", _HOOKS),
    Limit("image_size", IMAGE_MAX_BYTES, "bytes", f"{_DOCS}/send-messages/saving-assets, 2026-06-25"),
    Limit("file_size", FILE_MAX_BYTES, "bytes", f"{_DOCS}/send-messages/saving-assets, 2026-06-25"),
    Limit("attachment_fetch_timeout", FETCH_TIMEOUT_S, "seconds", _SEND),
    Limit("video_fetch_timeout", FETCH_VIDEO_TIMEOUT_S, "seconds", _SEND),
    Limit("attachment_life", ATTACHMENT_LIFE_S, "seconds", f"{_DOCS}/reference/attachment-upload-api, 2026-06-25"),
    Limit("persona_name", PERSONA_NAME_MAX, "characters", f"{_DOCS}/send-messages/personas, 2026-06-25"),
    Limit("persistent_menu_items", MENU_ITEMS_MAX, "items", _PROFILE),
    Limit("persistent_menu_title", MENU_TITLE_MAX, "characters", _PROFILE),
    Limit("ice_breakers", ICE_BREAKERS_MAX, "items", _PROFILE),
    Limit("greeting", GREETING_MAX, "characters", f"{_PROFILE} (autumn 2026, not re-checked)"),
    Limit("commands", COMMANDS_MAX, "items", _PROFILE),
    Limit("command_name", COMMAND_NAME_MAX, "characters", _PROFILE),
    Limit("command_description", COMMAND_DESCRIPTION_MAX, "characters", _PROFILE),
    Limit("whitelisted_domains", DOMAINS_MAX, "items", f"{_PROFILE} (autumn 2026, not re-checked)"),
    Limit("batch", BATCH_MAX, "calls", "developers.facebook.com/docs/graph-api/batch-requests, 2026"),
    Limit("messaging_window", WINDOW_S, "seconds since the customer's last act", _WINDOWS),
    Limit("human_agent_window", HUMAN_AGENT_S, "seconds since the customer's last act", _WINDOWS),
    Limit(
        "private_reply_window",
        PRIVATE_REPLY_S,
        "seconds since the comment",
        f"{_DOCS}/discovery/private-replies, autumn 2026",
    ),
    Limit("sends_per_second", SENDS_PER_S, "calls per second and Page", _RATES),
    Limit("audio_video_sends_per_second", HEAVY_SENDS_PER_S, "calls per second and Page", _RATES),
    Limit("conversation_calls_per_second", CONVERSATION_CALLS_PER_S, "calls per second and Page", _RATES),
    Limit("private_replies_per_hour", PRIVATE_REPLIES_PER_HOUR, "calls per hour and Page", _RATES),
    Limit("profile_calls", PROFILE_CALLS, "calls in 10 minutes and Page, or customer", _PROFILE),
    Limit(
        "linking_token_life", LINKING_TOKEN_LIFE_S, "seconds", f"{_DOCS}/account-linking (autumn 2026, not re-checked)"
    ),
    Limit(
        "thread_idle",
        THREAD_IDLE_S,
        "seconds since the customer's last act",
        f"{_DOCS}/conversation-routing, autumn 2026",
    ),
    Limit("thread_extension", THREAD_EXTENSION_MAX_S, "seconds", f"{_DOCS}/conversation-routing, autumn 2026"),
    Limit("calls_per_engaged_user", DAILY_CALLS_PER_ENGAGED_USER, "calls in 24 hours", _RATES),
    Limit("webhook_ack", ACK_TIMEOUT_S, "seconds", _HOOKS),
    Limit("webhook_unsubscribed_after", UNSUBSCRIBED_AFTER_S, "seconds of continuous failure", _HOOKS),
)

DELIVERY = delivery(_HOOKS)
