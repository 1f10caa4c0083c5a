"""The numbers of LINE, each with where it stands. Texts are counted in UTF-16 units, labels in what a reader takes for one sign."""

from __future__ import annotations

from chatdrill.wire import Delivery, Limit, Retry

KB, MB = 1000, 1000 * 1000
MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86_400.0

BODY_MAX_BYTES = 2 * MB
MESSAGES_MAX, MULTICAST_MAX, BULK_MAX = 5, 500, 500
TEXT_MAX, ALT_TEXT_MAX, EMOJIS_MAX = 5000, 1500, 20
SUBSTITUTIONS_MAX, SUBSTITUTION_KEY_MAX, MENTIONS_MAX = 100, 20, 20
URL_MAX, ENDPOINT_MAX, LINK_MAX = 2000, 500, 1000
SENDER_MAX, TRACKING_MAX, PLACE_MAX = 20, 100, 100
IMAGE_MAX_BYTES, PREVIEW_MAX_BYTES, VIDEO_MAX_BYTES, AUDIO_MAX_BYTES = 10 * MB, MB, 200 * MB, 200 * MB
QUICK_REPLIES_MAX, IMAGEMAP_ACTIONS_MAX = 13, 50
TITLE_MAX, BUTTONS_TEXT_MAX, BUTTONS_TEXT_WITH_MAX, BUTTONS_ACTIONS_MAX = 40, 160, 60, 4
CONFIRM_TEXT_MAX, CONFIRM_ACTIONS = 240, 2
COLUMNS_MAX, COLUMN_TEXT_MAX, COLUMN_TEXT_WITH_MAX, COLUMN_ACTIONS_MAX = 10, 120, 60, 3
BUBBLE_MAX_BYTES, CAROUSEL_MAX_BYTES, BUBBLES_MAX = 30 * KB, 50 * KB, 12
ACTION_TEXT_MAX, DATA_MAX, CLIPBOARD_MAX = 300, 300, 1000
LABEL_MAX = {"template": 20, "image_carousel": 12, "quickReply": 20, "richmenu": 20, "flex": 40, "imagemap": 50}
REPLY_TOKEN_S, REPLY_TOKEN_REDELIVERED_S = MINUTE_S, 20 * MINUTE_S
WROTE_S = 7 * DAY_S
RETRY_KEY_S = DAY_S
LINK_TOKEN_S = 10 * MINUTE_S
LOADING_MIN_S, LOADING_MAX_S, LOADING_STEP_S, LOADING_S = 5, 60, 5, 20
TOKENS_MAX, TOKEN_S, STATELESS_S = 30, 30 * DAY_S, 900.0
MENUS_MAX, MENU_AREAS_MAX, MENU_NAME_MAX, MENU_BAR_MAX, MENU_ALIAS_MAX = 1000, 20, 300, 14, 32
MENU_WIDTHS, MENU_HEIGHT_MIN, MENU_RATIO_MIN, MENU_IMAGE_MAX_BYTES = (800, 2500), 250, 1.45, MB
PREPARED_FROM_BYTES = MB
"""How large a sound or film is that has to be prepared; LINE says "large"."""

RATES: dict[str, tuple[int, float]] = {
    "narrowcast": (60, HOUR_S),
    "broadcast": (60, HOUR_S),
    "GET delivery": (60, HOUR_S),
    "webhook test": (60, HOUR_S),
    "set webhook endpoint": (1000, MINUTE_S),
    "GET webhook endpoint": (1000, MINUTE_S),
    "create richmenu": (100, HOUR_S),
    "delete richmenu": (100, HOUR_S),
    "delete richmenu alias": (100, HOUR_S),
    "GET richmenu list": (10, 1.0),
    "multicast": (200, 1.0),
    "loading": (100, 1.0),
    "issue token": (370, 1.0),
}
"""Calls in seconds, by the name of the call; a bucket each."""
RATE_ELSE = (2000, 1.0)

_API = "developers.line.biz, Messaging API reference (2026-08)"
_TEXTS = "developers.line.biz, character counting in a text (2026-08)"
_RECEIVING = "developers.line.biz, receive messages (2026-08)"
_RETRY = "developers.line.biz, retrying an API request (2026-08)"
_MENUS = "developers.line.biz, rich menus (2026-08)"
_U16 = "UTF-16 units"
_SIGNS = "characters"

LIMITS: tuple[Limit, ...] = (
    Limit("body", BODY_MAX_BYTES, "bytes", _API),
    Limit("messages", MESSAGES_MAX, "messages", _API),
    Limit("multicast.to", MULTICAST_MAX, "people", _API),
    Limit("text", TEXT_MAX, _U16, _TEXTS),
    Limit("text.emojis", EMOJIS_MAX, "emojis", _API),
    Limit("textV2.text", TEXT_MAX, _U16, _TEXTS),
    Limit("textV2.substitution", SUBSTITUTIONS_MAX, "substitutions", _API),
    Limit("altText", ALT_TEXT_MAX, _U16, _API),
    Limit("url", URL_MAX, "characters", _API),
    Limit("sender.name", SENDER_MAX, _U16, _API),
    Limit("video.trackingId", TRACKING_MAX, "characters", _API),
    Limit("location.title", PLACE_MAX, _U16, _API),
    Limit("location.address", PLACE_MAX, _U16, _API),
    Limit("quickReply.items", QUICK_REPLIES_MAX, "buttons", _API),
    Limit("quickReply.label", LABEL_MAX["quickReply"], _SIGNS, f"{_API}: grapheme clusters"),
    Limit("imagemap.actions", IMAGEMAP_ACTIONS_MAX, "actions", _API),
    Limit("image.size", IMAGE_MAX_BYTES, "bytes", _API),
    Limit("preview.size", PREVIEW_MAX_BYTES, "bytes", _API),
    Limit("video.size", VIDEO_MAX_BYTES, "bytes", _API),
    Limit("audio.size", AUDIO_MAX_BYTES, "bytes", _API),
    Limit("template.label", LABEL_MAX["template"], _SIGNS, f"{_API}: grapheme clusters"),
    Limit("buttons.title", TITLE_MAX, _U16, _API),
    Limit("buttons.text", BUTTONS_TEXT_MAX, _U16, f"{_API}; 60 beside an image or a title"),
    Limit("buttons.actions", BUTTONS_ACTIONS_MAX, "actions", _API),
    Limit("confirm.text", CONFIRM_TEXT_MAX, _U16, _API),
    Limit("confirm.actions", CONFIRM_ACTIONS, "actions, and no fewer", _API),
    Limit("carousel.columns", COLUMNS_MAX, "columns", _API),
    Limit("carousel.text", COLUMN_TEXT_MAX, _U16, f"{_API}; 60 beside an image or a title"),
    Limit("carousel.actions", COLUMN_ACTIONS_MAX, "actions in each column", _API),
    Limit("image_carousel.columns", COLUMNS_MAX, "columns", _API),
    Limit("image_carousel.label", LABEL_MAX["image_carousel"], _SIGNS, f"{_API}: grapheme clusters"),
    Limit("flex.bubbles", BUBBLES_MAX, "bubbles", _API),
    Limit("flex.bubble", BUBBLE_MAX_BYTES, "bytes", _API),
    Limit("flex.carousel", CAROUSEL_MAX_BYTES, "bytes", _API),
    Limit("flex.label", LABEL_MAX["flex"], _SIGNS, f"{_API}: grapheme clusters"),
    Limit("action.data", DATA_MAX, _U16, _API),
    Limit("action.text", ACTION_TEXT_MAX, _U16, _API),
    Limit("action.uri", LINK_MAX, "characters", _API),
    Limit("action.clipboardText", CLIPBOARD_MAX, _U16, _API),
    Limit("reply token", REPLY_TOKEN_S, "seconds", f"{_API}: about one minute"),
    Limit("reply token again", REPLY_TOKEN_REDELIVERED_S, "seconds since the event, where it was redelivered", _API),
    Limit("wrote", WROTE_S, "seconds in which a stranger who wrote can be written to", _API),
    Limit("retry key", RETRY_KEY_S, "seconds", _RETRY),
    Limit("link token", LINK_TOKEN_S, "seconds", "developers.line.biz, account link (2026-08)"),
    Limit("loadingSeconds", LOADING_MAX_S, "seconds of an animation, in steps of five", _API),
    Limit("webhook endpoint", ENDPOINT_MAX, "characters", _API),
    Limit("tokens", TOKENS_MAX, "access tokens at a time", "developers.line.biz, channel access tokens (2026-08)"),
    Limit("richmenus", MENUS_MAX, "rich menus", _MENUS),
    Limit("richmenu.areas", MENU_AREAS_MAX, "areas", _MENUS),
    Limit("richmenu.name", MENU_NAME_MAX, _U16, _MENUS),
    Limit("richmenu.chatBarText", MENU_BAR_MAX, _U16, _MENUS),
    Limit("richmenu.image", MENU_IMAGE_MAX_BYTES, "bytes", _MENUS),
    Limit("richmenu.alias", MENU_ALIAS_MAX, "characters", _MENUS),
    Limit("narrowcast rate", RATES["narrowcast"][0], "calls in an hour", f"{_API}: rate limits"),
    Limit("multicast rate", RATES["multicast"][0], "calls in a second", f"{_API}: rate limits"),
    Limit("rate", RATE_ELSE[0], "calls in a second, of each other kind", f"{_API}: rate limits"),
)

DELIVERY = Delivery(
    ack_timeout_s=2.0,
    success="2xx",
    retry=Retry(delays_s=(10.0, 60.0, 300.0, 900.0), attempts_max=5),
    order="first_try",
    concurrency_max=100,
    batch_max=100,
    source=f"{_RECEIVING}: two seconds; nothing comes again unless redelivery is switched on (the setting redelivery). How often, after "
    "how long, and how many events a webhook holds at most, LINE does not tell: these numbers are choices",
)
