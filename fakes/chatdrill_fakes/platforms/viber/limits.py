"""The numbers of Viber, each with where it stands. Characters are code points: Viber does not say how it counts."""

from __future__ import annotations

from chatdrill.wire import Delivery, Limit, Retry

KIB, MIB = 1024, 1024 * 1024
HOUR_S, DAY_S = 3600.0, 86_400.0

BODY_MAX_BYTES = 30 * KIB
TEXT_MAX, CAPTION_MAX, TRACKING_MAX, URL_MAX = 7000, 512, 4000, 2000
SENDER_MAX, CONTACT_NAME_MAX, CONTACT_PHONE_MAX, FILE_NAME_MAX = 28, 28, 18, 256
PICTURE_MAX_BYTES = {"ios": 1 * MIB, "android": 3 * MIB}
VIDEO_MAX_BYTES, FILE_MAX_BYTES, THUMBNAIL_MAX_BYTES = 26 * MIB, 50 * MIB, 100 * KIB
VIDEO_MAX_S = 180
UNANSWERED_MAX = 100
BROADCAST_MAX, BROADCASTS_MAX, BROADCASTS_PERIOD_S = 300, 500, 10.0
DETAILS_MAX, DETAILS_PERIOD_S = 2, 12 * HOUR_S
ONLINE_MAX = 100
LINK_LIFE_S = HOUR_S
UNDELIVERED_LIFE_S = 14 * DAY_S
API_VERSION_MAX = 10
COLUMNS_MAX, ROWS_MAX, RICH_ROWS_MAX = 6, 2, 7
RICH_MEDIA_LEVEL = 2
BROWSER_TITLE_MAX = 15

# These two are no numbers of Viber's; receipts only must come after the answer to the call.
DELIVERED_AFTER_S, FAILED_AFTER_S = 0.1, 0.1

_API = "developers.viber.com, REST API (2026)"
_BUTTONS = "developers.viber.com, Keyboards (2026)"
_FAQ = "developers.viber.com, FAQ (2026)"
_CREATORS = "creators.viber.com, Bots API (2026)"

LIMITS: tuple[Limit, ...] = (
    Limit("body", BODY_MAX_BYTES, "bytes", _API),
    Limit("text", TEXT_MAX, "characters", _API),
    Limit("caption", CAPTION_MAX, "characters", f"{_CREATORS}; older pages say 120"),
    Limit("tracking_data", TRACKING_MAX, "characters", _API),
    Limit("sender.name", SENDER_MAX, "characters", _API),
    Limit("contact.name", CONTACT_NAME_MAX, "characters", _API),
    Limit("contact.phone_number", CONTACT_PHONE_MAX, "characters", _API),
    Limit("file_name", FILE_NAME_MAX, "characters", _API),
    Limit("url", URL_MAX, "characters", _API),
    Limit("picture.size.android", PICTURE_MAX_BYTES["android"], "bytes", _API),
    Limit("picture.size.ios", PICTURE_MAX_BYTES["ios"], "bytes", _API),
    Limit("thumbnail.size", THUMBNAIL_MAX_BYTES, "bytes", _API),
    Limit("video.size", VIDEO_MAX_BYTES, "bytes", f"{_CREATORS}; older pages say 50 MB"),
    Limit("video.duration", VIDEO_MAX_S, "seconds", _API),
    Limit("file.size", FILE_MAX_BYTES, "bytes", _API),
    Limit("unanswered", UNANSWERED_MAX, "messages to one customer in a clock hour", _FAQ),
    Limit("broadcast_list", BROADCAST_MAX, "receivers", _API),
    Limit("broadcasts", BROADCASTS_MAX, "calls in 10 seconds", _API),
    Limit("get_user_details", DETAILS_MAX, "calls for one customer in 12 hours", _API),
    Limit("get_online", ONLINE_MAX, "ids", _API),
    Limit("keyboard.columns", COLUMNS_MAX, "columns", _BUTTONS),
    Limit("button.rows", ROWS_MAX, "rows; 7 in rich media", _BUTTONS),
    Limit("browser.title", BROWSER_TITLE_MAX, "characters", _BUTTONS),
    Limit("min_api_version", API_VERSION_MAX, "level", _API),
    Limit("media.link", LINK_LIFE_S, "seconds", _API),
    Limit("undelivered", UNDELIVERED_LIFE_S, "seconds", _API),
)

DELIVERY = Delivery(
    ack_timeout_s=10.0,
    success="200",
    retry=Retry(delays_s=(5.0, 30.0, 120.0, 600.0, 1200.0, 1800.0), attempts_max=7),
    order="first_try",
    concurrency_max=100,
    registered_by="bot",
    source=f"{_CREATORS}: what is not answered 200 comes again several times within an hour. The pauses and the time-out are a "
    "guess: users of nyaruka/courier saw the first attempt after some 5 s, Viber publishes neither",
)
