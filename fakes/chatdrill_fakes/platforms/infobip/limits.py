"""The numbers of Infobip, each with where it stands."""

from __future__ import annotations

from chatdrill.wire import Delivery, Limit, Retry

HOUR_S, DAY_S = 3600.0, 86_400.0

TEXT_MAX_BYTES, SEGMENTS_MAX = 4000, 25
TO_MAX, MESSAGE_ID_MAX, BULK_ID_MAX, CALLBACK_MAX, PLATFORM_MAX = 64, 200, 100, 4000, 255
SENDER_MAX = 11
VALIDITY_MIN_S, VALIDITY_MAX_S = 5, 48 * 3600
SEND_AT_MAX_S = 180 * DAY_S
FLOOD_MAX, FLOOD_PERIOD_S = 20, HOUR_S
REQUESTS_PER_S = 100
REPORTS_MAX = 100
PAGE, PAGE_MAX = 50, 1000
LOGS_KEPT_S = 48 * HOUR_S
TOKEN_LIFE_S = HOUR_S

# These are no numbers of Infobip's; what becomes of a message only must be told after the answer to the call, in this order.
OPERATOR_AFTER_S, FATE_AFTER_S = 0.1, 0.2

_SMS = "infobip.com/docs/api, SMS (3.210.0, 2026)"
_HELP = "infobip.com/docs, SMS: sending and errors (2026)"

LIMITS: tuple[Limit, ...] = (
    Limit("text", TEXT_MAX_BYTES, "bytes", f"{_HELP}; status 25"),
    Limit("segments", SEGMENTS_MAX, "segments of a text", f"{_HELP}; status 25"),
    Limit("to", TO_MAX, "characters", _SMS),
    Limit("sender", SENDER_MAX, "characters", f"{_SMS}; of an alphanumeric sender"),
    Limit("messageId", MESSAGE_ID_MAX, "characters", _SMS),
    Limit("bulkId", BULK_ID_MAX, "characters", _SMS),
    Limit("callbackData", CALLBACK_MAX, "characters", _SMS),
    Limit("platform", PLATFORM_MAX, "characters", _SMS),
    Limit("validityPeriod", VALIDITY_MAX_S, "number", f"{_SMS}; in seconds"),
    Limit("sendAt", SEND_AT_MAX_S, "seconds ahead", _SMS),
    Limit("flood", FLOOD_MAX, "equal messages to one number in an hour", f"{_HELP}; status 20, the window is a guess"),
    Limit("requests", REQUESTS_PER_S, "calls a second", f"{_HELP}: tens to hundreds, by account"),
    Limit("reports", REPORTS_MAX, "delivery reports in a webhook", _SMS),
    Limit("page", PAGE_MAX, "messages, reports or logs in an answer; more counts as this", _SMS),
)

DELIVERY = Delivery(
    ack_timeout_s=30.0,
    success="2xx",
    retry=Retry(delays_s=tuple(60.0 + 60.0 * n * n for n in range(1, 17)), give_up_after_s=DAY_S),
    order="first_try",
    concurrency_max=100,
    batch_max=REPORTS_MAX,
    registered_by="owner",
    source="infobip.com/docs, Webhooks: retries (2026): after the n-th failure 1 min + 1 min * n * n, for 24 to 48 hours; the time-out is "
    "set by subscription (1 to 90 s), 30 s is a guess",
)
