"""The numbers of WeChat, each with where it stands."""

from __future__ import annotations

from chatdrill.wire import Delivery, Limit, Retry

KIB, MIB = 1024, 1024 * 1024
MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86_400.0

TEXT_MAX_BYTES = 2048
ARTICLES_PASSIVE_MAX = 8
SENT_QUOTA, SENT_WINDOW_S = 5, 48 * HOUR_S
CLICK_QUOTA, CLICK_WINDOW_S = 3, MINUTE_S
TOKEN_LIFE_S, TOKEN_GRACE_S = 7200.0, 300.0
REFRESHES_MAX, REFRESH_PAUSE_S = 20, 30.0
TYPING_AFTER_S, TYPING_LIFE_S = 30.0, 15.0
MEDIA_LIFE_S = 3 * DAY_S
MEDIA_MAX_BYTES = {"image": 10 * MIB, "voice": 2 * MIB, "video": 10 * MIB, "thumb": 64 * KIB}
VOICE_MAX_S = 60
USERS_MAX, PAGE_MAX, REMARK_MAX = 100, 10_000, 29
KF_ACCOUNTS_MAX, KF_IDLE_S, RECORDS_MAX_S = 100, 30 * MINUTE_S, DAY_S
QR_LIFE_MAX_S, QR_LIFE_S, SCENE_MAX, LASTING_MAX = 2_592_000, 60, 64, 100_000
BUTTONS_MAX, SUB_BUTTONS_MAX = 3, 5
BUTTON_NAME_MAX_BYTES, SUB_NAME_MAX_BYTES = 16, 60
TAGS_MAX, TAG_NAME_MAX_BYTES = 100, 30
CLEARS_MAX = 10
BODY_MAX_BYTES = MIB
"""No number of WeChat's: its longest message has 2048 bytes."""

DAILY: dict[str, tuple[int, int]] = {
    "token": (2000, 200),
    "message/custom/send": (500_000, 50_000),
    "media/upload": (5000, 500),
    "media/get": (10_000, 1000),
    "user/info": (5_000_000, 500_000),
    "user/get": (500, 100),
    "qrcode/create": (100_000, 10_000),
    "menu/create": (1000, 100),
    "menu/get": (10_000, 1000),
    "menu/delete": (1000, 100),
    "stable_token": (500_000, 500_000),
}
"""Calls a day, of an ordinary account and of a test account."""
STABLE_PER_MINUTE = 10_000

# No number of WeChat's; what it does by itself only must come after the answer to the call.
SOON_S = 0.1

_SEND = "developers.weixin.qq.com, customer messages (2026)"
_QUOTA = "developers.weixin.qq.com, notice on reply quotas of 12 June 2023"
_MEDIA = "developers.weixin.qq.com, temporary media (2026)"
_TOKEN = "developers.weixin.qq.com, access_token and stable_token (2026)"
_TYPING = "developers.weixin.qq.com, typing (2026)"
_USERS = "developers.weixin.qq.com, user management (2026)"
_QR = "developers.weixin.qq.com, QR codes with parameters (2026)"
_MENU = "developers.weixin.qq.com, custom menu (2026)"
_KF = "developers.weixin.qq.com, customer service management (2026)"
_CALLS = "developers.weixin.qq.com, call limits (2026)"
_TAGS = "developers.weixin.qq.com, tags (2026)"

_CALLS_UNIT = "customer messages a day; {}; in brackets those of a test account".format(
    ", ".join(f"{name} {most} ({test})" for name, (most, test) in DAILY.items())
)

LIMITS: tuple[Limit, ...] = (
    Limit("text", TEXT_MAX_BYTES, "bytes", _SEND),
    Limit("passive.text", TEXT_MAX_BYTES, "bytes", "developers.weixin.qq.com, passive replies (2026)"),
    Limit("passive.articles", ARTICLES_PASSIVE_MAX, "articles; 1 after most messages", "developers.weixin.qq.com, passive replies (2026)"),
    Limit("msgmenu", TEXT_MAX_BYTES, "bytes", f"{_SEND}; not documented for menus, the same as of a text"),
    Limit("articles", 1, "articles", _SEND),
    Limit("window", SENT_WINDOW_S, "seconds", _QUOTA),
    Limit("window.messages", SENT_QUOTA, "messages after one of the customer's", _QUOTA),
    Limit("click", CLICK_WINDOW_S, "seconds", _QUOTA),
    Limit("click.messages", CLICK_QUOTA, "messages after a click, a scan or a subscription", _QUOTA),
    Limit("token", TOKEN_LIFE_S, "seconds", _TOKEN),
    Limit("token.grace", TOKEN_GRACE_S, "seconds for which the token before still counts", _TOKEN),
    Limit("token.refreshes", REFRESHES_MAX, "forced refreshes a day, 30 s apart", _TOKEN),
    Limit("typing", TYPING_AFTER_S, "seconds", _TYPING),
    Limit("typing.shown", TYPING_LIFE_S, "seconds in which it must not be repeated", _TYPING),
    Limit("media", MEDIA_LIFE_S, "seconds", _MEDIA),
    *(Limit(f"{kind}.size", size, "bytes", f"{_MEDIA}{'; other pages say 2 MB' if kind == 'image' else ''}")
      for kind, size in MEDIA_MAX_BYTES.items()),
    Limit("voice.duration", VOICE_MAX_S, "seconds", _MEDIA),
    Limit("user_list", USERS_MAX, "openids", _USERS),
    Limit("remark", REMARK_MAX, "characters", _USERS),
    Limit("openids", PAGE_MAX, "openids on a page", _USERS),
    Limit("scene_str", SCENE_MAX, "characters", _QR),
    Limit("scene_id", LASTING_MAX, "number of a code that lasts", _QR),
    Limit("expire_seconds", QR_LIFE_MAX_S, "seconds that a code may be valid", _QR),
    Limit("menu.buttons", BUTTONS_MAX, "buttons", _MENU),
    Limit("menu.sub_buttons", SUB_BUTTONS_MAX, "buttons", _MENU),
    Limit("menu.name", BUTTON_NAME_MAX_BYTES, "bytes", f"{_MENU}: 4 Chinese characters are shown"),
    Limit("menu.sub_name", SUB_NAME_MAX_BYTES, "bytes", f"{_MENU}: 8 Chinese characters are shown"),
    Limit("kf.accounts", KF_ACCOUNTS_MAX, "accounts", _KF),
    Limit("kf.idle", KF_IDLE_S, "seconds without a word after which a session ends", _KF),
    Limit("kf.records", RECORDS_MAX_S, "seconds between starttime and endtime", _KF),
    Limit("tags", TAGS_MAX, "tags", _TAGS),
    Limit("tag.name", TAG_NAME_MAX_BYTES, "bytes", _TAGS),
    Limit("clear_quota", CLEARS_MAX, "calls a month", _CALLS),
    Limit("calls", DAILY["message/custom/send"][0], _CALLS_UNIT, _CALLS),
    Limit("calls.stable_token.minute", STABLE_PER_MINUTE, "calls a minute", _TOKEN),
)  # fmt: skip

DELIVERY = Delivery(
    ack_timeout_s=5.0,
    success="200",
    retry=Retry(delays_s=(0.0,), attempts_max=3),
    order="first_try",
    concurrency_max=100,
    registered_by="owner",
    source="developers.weixin.qq.com, receiving messages (2026): after five seconds the connection is cut, and the same is sent again, "
    "three times in all. That the next try begins at once, and what else counts as a failure than silence, is what is observed",
    dated=True,
)
