"""The vendor's numbers, each with where it stands. Lengths count Unicode code points."""

from __future__ import annotations

from chatdrill.wire import Delivery, Limit, Retry

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

DAY_S = 86_400
MEGABYTE = 1024 * 1024

WINDOW_S = DAY_S
HUMAN_AGENT_S = 7 * DAY_S
PRIVATE_REPLY_S = 7 * DAY_S
ATTACHMENT_LIFE_S = 90 * DAY_S
LINKING_TOKEN_LIFE_S = 300
THREAD_IDLE_S = DAY_S
THREAD_EXTENSION_MAX_S = 7 * DAY_S

TEXT_MAX = 2000
METADATA_MAX = 1000
PAYLOAD_MAX = 1000
QUICK_REPLIES_MAX = 13
QUICK_REPLY_TITLE_SHOWN = 20
BUTTON_TITLE_MAX = 20
BUTTONS_MAX = 3
BUTTON_TEXT_MAX = 640
ELEMENTS_MAX = 10
ELEMENT_TITLE_MAX = 80
ELEMENT_SUBTITLE_MAX = 80
RECEIPT_ELEMENTS_MAX = 100
GRID_TITLE_MAX = 45
GRID_IMAGES_MAX = 6
QUESTION_TITLE_MAX = 85
PLACEHOLDER_MAX = 65
FEEDBACK_DAYS_MAX = 7
EDITS_MAX = 5
ATTACHMENTS_MAX = 30
IMAGE_MAX_BYTES = 8 * MEGABYTE
FILE_MAX_BYTES = 25 * MEGABYTE
FETCH_TIMEOUT_S = 10.0
FETCH_VIDEO_TIMEOUT_S = 75.0
PERSONA_NAME_MAX = 50
MENU_ITEMS_MAX = 20
MENU_TITLE_MAX = 30
ICE_BREAKERS_MAX = 4
GREETING_MAX = 160
COMMANDS_MAX = 100
COMMAND_NAME_MAX = 32
COMMAND_DESCRIPTION_MAX = 64
DOMAINS_MAX = 50
BATCH_MAX = 50
REF_MAX = 2083
SENDS_PER_S = 300.0
HEAVY_SENDS_PER_S = 10.0
PROFILE_CALLS = 10
PROFILE_PERIOD_S = 600
CONVERSATION_CALLS_PER_S = 2.0
PRIVATE_REPLIES_PER_HOUR = 750
DAILY_CALLS_PER_ENGAGED_USER = 200
ACK_TIMEOUT_S = 5.0
UNSUBSCRIBED_AFTER_S = 3600.0

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

DELIVERY = Delivery(
    ack_timeout_s=ACK_TIMEOUT_S,
    success="200",
    # "Retried at once, then a few more times within minutes": the first four delays are those of a published fake.
    retry=Retry(delays_s=(0.0, 0.0, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0), give_up_after_s=600.0),
    order="first_try",
    concurrency_max=100,
    # The Graph API's own maximum; `entry` then has one element for each update.
    batch_max=1000,
    source=f"{_HOOKS}; developers.facebook.com/docs/graph-api/webhooks/getting-started, 2026",
)
