"""The numbers of a page that speaks to Rasa. Rasa itself has none: whoever calls decides how long to wait."""

from __future__ import annotations

from chatdrill.wire import Delivery, Limit, Retry

ANSWER_TIMEOUT_S = 30.0
ANSWER_MAX_BYTES = 1024 * 1024
TIMEOUT_S = 10.0

_CHANNELS = "rasa.com/docs, Your own website: REST and callback channels (3.x, 2025)"
LIMITS: tuple[Limit, ...] = (
    Limit("answer", ANSWER_MAX_BYTES, "bytes", "a bound of chatdrill's own, so that no answer goes on for ever (2026)"),
)
DELIVERY = Delivery(
    ack_timeout_s=ANSWER_TIMEOUT_S,
    success="2xx",
    retry=Retry(delays_s=(0.0,), attempts_max=1),
    order="strict",
    concurrency_max=100,
    registered_by="owner",
    source=f"{_CHANNELS}: messages have no id, so nothing may be sent again, and the next one of a sender waits for the answer to the one "
    "before; how long, the page decides: 30 s here",
)
