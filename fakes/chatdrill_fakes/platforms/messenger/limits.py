"""The vendor's numbers, each with where it stands. Lengths count Unicode code points."""

from __future__ import annotations

from chatdrill.wire import Limit
from chatdrill_fakes.families.graph.limits import delivery, shared

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
    shared("metadata", _SEND),
    shared("quick_replies", f"{_DOCS}/send-messages/quick-replies, 2026-06-25"),
    shared("quick_reply_title_shown", f"{_DOCS}/send-messages/quick-replies, 2026-06-25"),
    shared("payload", f"{_DOCS}/reference/buttons/postback, 2026-06-25"),
    shared("button_title", f"{_DOCS}/reference/buttons, 2026-06-25"),
    shared("buttons", _TEMPLATES),
    shared("button_template_text", _TEMPLATES),
    shared("generic_elements", _TEMPLATES),
    shared("generic_title", _TEMPLATES),
    shared("generic_subtitle", _TEMPLATES),
    Limit("receipt_elements", RECEIPT_ELEMENTS_MAX, "items", _TEMPLATES),
    Limit("image_grid_images", GRID_IMAGES_MAX, "items", _TEMPLATES),
    Limit("image_grid_title", GRID_TITLE_MAX, "characters", _TEMPLATES),
    Limit("question_title", QUESTION_TITLE_MAX, "characters", _TEMPLATES),
    Limit("feedback_placeholder", PLACEHOLDER_MAX, "characters", _TEMPLATES),
    Limit("feedback_days", FEEDBACK_DAYS_MAX, "days", _TEMPLATES),
    Limit("images_in_a_message", ATTACHMENTS_MAX, "items", f"{_DOCS}/send-messages (autumn 2026, not re-checked)"),
    shared("referral", f"{_DOCS}/discovery/m-me-links, 2026-06-25"),
    shared("edits", _HOOKS),
    shared("image_size", f"{_DOCS}/send-messages/saving-assets, 2026-06-25"),
    shared("file_size", f"{_DOCS}/send-messages/saving-assets, 2026-06-25"),
    shared("attachment_fetch_timeout", _SEND),
    shared("video_fetch_timeout", _SEND),
    shared("attachment_life", f"{_DOCS}/reference/attachment-upload-api, 2026-06-25"),
    Limit("persona_name", PERSONA_NAME_MAX, "characters", f"{_DOCS}/send-messages/personas, 2026-06-25"),
    shared("persistent_menu_items", _PROFILE),
    shared("persistent_menu_title", _PROFILE),
    shared("ice_breakers", _PROFILE),
    Limit("greeting", GREETING_MAX, "characters", f"{_PROFILE} (autumn 2026, not re-checked)"),
    Limit("commands", COMMANDS_MAX, "items", _PROFILE),
    Limit("command_name", COMMAND_NAME_MAX, "characters", _PROFILE),
    Limit("command_description", COMMAND_DESCRIPTION_MAX, "characters", _PROFILE),
    Limit("whitelisted_domains", DOMAINS_MAX, "items", f"{_PROFILE} (autumn 2026, not re-checked)"),
    shared("batch", "developers.facebook.com/docs/graph-api/batch-requests, 2026"),
    shared("messaging_window", _WINDOWS),
    shared("human_agent_window", _WINDOWS),
    shared("private_reply_window", f"{_DOCS}/discovery/private-replies, autumn 2026"),
    shared("sends_per_second", _RATES, "Page"),
    shared("audio_video_sends_per_second", _RATES, "Page"),
    shared("conversation_calls_per_second", _RATES, "Page"),
    shared("private_replies_per_hour", _RATES, "Page"),
    shared("profile_calls", _PROFILE, "Page, or customer"),
    Limit(
        "linking_token_life", LINKING_TOKEN_LIFE_S, "seconds", f"{_DOCS}/account-linking (autumn 2026, not re-checked)"
    ),
    shared("thread_idle", f"{_DOCS}/conversation-routing, autumn 2026"),
    shared("thread_extension", f"{_DOCS}/conversation-routing, autumn 2026"),
    shared("calls_per_engaged_user", _RATES),
    shared("webhook_ack", _HOOKS),
    shared("webhook_unsubscribed_after", _HOOKS),
)

DELIVERY = delivery(_HOOKS)
