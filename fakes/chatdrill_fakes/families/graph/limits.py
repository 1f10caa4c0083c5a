"""Numbers that hold for both messengers alike. Where each of them stands is said in the limits of the platforms."""

from __future__ import annotations

from chatdrill.wire import Delivery, Limit, Retry

DAY_S = 86_400
MEGABYTE = 1024 * 1024

WINDOW_S = DAY_S
HUMAN_AGENT_S = 7 * DAY_S
PRIVATE_REPLY_S = 7 * DAY_S
ATTACHMENT_LIFE_S = 90 * DAY_S
THREAD_IDLE_S = DAY_S
THREAD_EXTENSION_MAX_S = 7 * DAY_S

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
EDITS_MAX = 5
IMAGE_MAX_BYTES = 8 * MEGABYTE
FILE_MAX_BYTES = 25 * MEGABYTE
FETCH_TIMEOUT_S = 10.0
FETCH_VIDEO_TIMEOUT_S = 75.0
MENU_ITEMS_MAX = 20
MENU_TITLE_MAX = 30
ICE_BREAKERS_MAX = 4
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

_CHARACTERS, _ITEMS, _BYTES, _SECONDS = "characters", "items", "bytes", "seconds"
_SINCE_ACT = "seconds since the customer's last act"
_PER_SECOND = "calls per second and {whose}"
_SHARED: dict[str, tuple[float, str]] = {
    "metadata": (METADATA_MAX, _CHARACTERS),
    "quick_replies": (QUICK_REPLIES_MAX, _ITEMS),
    "quick_reply_title_shown": (QUICK_REPLY_TITLE_SHOWN, _CHARACTERS),
    "payload": (PAYLOAD_MAX, _CHARACTERS),
    "button_title": (BUTTON_TITLE_MAX, _CHARACTERS),
    "buttons": (BUTTONS_MAX, _ITEMS),
    "button_template_text": (BUTTON_TEXT_MAX, _CHARACTERS),
    "generic_elements": (ELEMENTS_MAX, _ITEMS),
    "generic_title": (ELEMENT_TITLE_MAX, _CHARACTERS),
    "generic_subtitle": (ELEMENT_SUBTITLE_MAX, _CHARACTERS),
    "referral": (REF_MAX, _CHARACTERS),
    "edits": (EDITS_MAX, "edits of one message"),
    "image_size": (IMAGE_MAX_BYTES, _BYTES),
    "file_size": (FILE_MAX_BYTES, _BYTES),
    "attachment_fetch_timeout": (FETCH_TIMEOUT_S, _SECONDS),
    "video_fetch_timeout": (FETCH_VIDEO_TIMEOUT_S, _SECONDS),
    "attachment_life": (ATTACHMENT_LIFE_S, _SECONDS),
    "persistent_menu_items": (MENU_ITEMS_MAX, _ITEMS),
    "persistent_menu_title": (MENU_TITLE_MAX, _CHARACTERS),
    "ice_breakers": (ICE_BREAKERS_MAX, _ITEMS),
    "batch": (BATCH_MAX, "calls"),
    "messaging_window": (WINDOW_S, _SINCE_ACT),
    "human_agent_window": (HUMAN_AGENT_S, _SINCE_ACT),
    "private_reply_window": (PRIVATE_REPLY_S, "seconds since the comment"),
    "sends_per_second": (SENDS_PER_S, _PER_SECOND),
    "audio_video_sends_per_second": (HEAVY_SENDS_PER_S, _PER_SECOND),
    "conversation_calls_per_second": (CONVERSATION_CALLS_PER_S, _PER_SECOND),
    "private_replies_per_hour": (PRIVATE_REPLIES_PER_HOUR, "calls per hour and {whose}"),
    "profile_calls": (PROFILE_CALLS, "calls in 10 minutes and {whose}"),
    "thread_idle": (THREAD_IDLE_S, _SINCE_ACT),
    "thread_extension": (THREAD_EXTENSION_MAX_S, _SECONDS),
    "calls_per_engaged_user": (DAILY_CALLS_PER_ENGAGED_USER, "calls in 24 hours"),
    "webhook_ack": (ACK_TIMEOUT_S, _SECONDS),
    "webhook_unsubscribed_after": (UNSUBSCRIBED_AFTER_S, "seconds of continuous failure"),
}


def shared(name: str, source: str, whose: str = "") -> Limit:
    """A limit that holds for both, with the product's ``source``; a rate also says ``whose`` calls it counts."""
    value, unit = _SHARED[name]
    return Limit(name, value, unit.format(whose=whose), source)


def delivery(source: str) -> Delivery:
    """How webhooks are delivered, and what the product's ``source`` is."""
    return Delivery(
        ack_timeout_s=ACK_TIMEOUT_S,
        success="200",
        # "Retried at once, then a few more times within minutes": the first four delays are those of a published fake.
        retry=Retry(delays_s=(0.0, 0.0, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0), give_up_after_s=600.0),
        order="first_try",
        concurrency_max=100,
        # The Graph API's own maximum; `entry` then has one element for each update.
        batch_max=1000,
        source=f"{source}; developers.facebook.com/docs/graph-api/webhooks/getting-started, 2026",
    )
