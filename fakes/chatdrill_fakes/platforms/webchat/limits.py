"""The numbers of the Bot Connector and of Direct Line, each with where it stands."""

from __future__ import annotations

from chatdrill.wire import Delivery, Limit, Retry

KIB, MIB = 1024, 1024 * 1024
ACTIVITY_MAX_BYTES = 256 * KIB
UPLOAD_MAX_BYTES = 4 * MIB
ACK_TIMEOUT_S = 15.0
TOKEN_LIFE_S, TOKEN_STEP_S, SKEW_S = 3600, 600, 300
PAGE_SIZE, PAGE_MAX = 50, 500
ACTIVITIES_KEPT = 1000
STREAM_OPENS_S = 60.0
DIRECTLINE_TOKEN_S = 3600

_DIRECTLINE = "learn.microsoft.com, Direct Line API 3.0 reference (2025)"
_CONNECTOR = "learn.microsoft.com, Bot Connector REST API reference (2025)"
_AUTHENTICATION = "learn.microsoft.com, Authenticate requests from the Bot Connector service (2025)"

LIMITS: tuple[Limit, ...] = (
    Limit("activity", ACTIVITY_MAX_BYTES, "bytes", f"{_DIRECTLINE}: an activity as JSON"),
    Limit("attachment", UPLOAD_MAX_BYTES, "bytes of the file", f"{_DIRECTLINE}: upload"),
    Limit("members.page", PAGE_MAX, "members in a page; more counts as this", f"{_CONNECTOR}: paged members"),
    Limit("token.skew", SKEW_S, "seconds that clocks may differ", _AUTHENTICATION),
    Limit("stream.opens", STREAM_OPENS_S, "seconds in which a streamUrl must be opened", f"{_DIRECTLINE}: receive activities"),
)  # fmt: skip

DELIVERY = Delivery(
    ack_timeout_s=ACK_TIMEOUT_S,
    success="2xx",
    retry=Retry(delays_s=(0.0,), attempts_max=1),
    order="first_try",
    concurrency_max=100,
    registered_by="owner",
    source=f"{_DIRECTLINE}: 15 s, then the sender is told 504; what the bot does not take is not sent again: the customer reads "
    "that it was not sent. 200, 201 and 202 are success",
)
