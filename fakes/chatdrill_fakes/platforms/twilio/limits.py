"""The numbers of Twilio, each with where it stands. Characters are code points: Twilio does not say how it counts."""

from __future__ import annotations

from chatdrill.wire import Delivery, Limit, Retry

KIB, MIB = 1024, 1024 * 1024
DAY_S = 86_400.0

BODY_MAX = 1600
MEDIA_MAX, MEDIA_TOTAL_MAX_BYTES = 10, 5 * MIB
VALIDITY_MIN_S, VALIDITY_MAX_S = 1, 36_000
SCHEDULE_MIN_S, SCHEDULE_MAX_S = 300, 35 * DAY_S
QUEUE_S = 36_000
SEGMENTS_PER_S = 1
PAGE_SIZE, PAGE_SIZE_MAX = 50, 1000
TWIML_MAX_BYTES, TWIML_MESSAGES_MAX, REDIRECTS_MAX = 64 * KIB, 10, 10
LOOP_MAX, LOOP_PAUSE_S = 30, 30.0
SENDER_NAME_MAX = 11
RETRIES_MAX = 5
QUEUE_NAME_MAX, QUEUE_SIZE_MAX, QUEUE_SIZE_TOP = 64, 1000, 5000
GATHER_TIMEOUT_S, LOOPS_MAX, CALL_TWIML_MAX = 5.0, 1000, 4000

# These are no numbers of Twilio's; what becomes of a message only must be told after the answer to the call, in this order.
SENT_AFTER_S, FATE_AFTER_S = 0.1, 0.2
# Nor are these: how fast a voice speaks (characters a second, about 150 words a minute), how long a sound plays, how much time a
# round in a queue takes at the least, and a redirect.
SPOKEN_PER_S, PLAY_S, ROUND_MIN_S, ASKS_AFTER_S = 15.0, 30.0, 1.0, 0.1

_MESSAGE = "twilio.com/docs, Messaging: Message resource (2026)"
_TWIML = "twilio.com/docs, TwiML for Programmable Messaging (2026)"
_ERRORS = "twilio.com/docs, Error and warning dictionary (2026)"
_VOICE = "twilio.com/docs, TwiML for Programmable Voice"
_OVERRIDES = "twilio.com/docs, Webhooks: connection overrides (2026)"

LIMITS: tuple[Limit, ...] = (
    Limit("body", BODY_MAX, "characters", f"{_MESSAGE}; 21617"),
    Limit("media", MEDIA_MAX, "MediaUrl", f"{_MESSAGE}; 21623"),
    Limit("media.total", MEDIA_TOTAL_MAX_BYTES, "bytes", f"{_MESSAGE}; 30019"),
    Limit("validity", VALIDITY_MAX_S, "number", _MESSAGE),
    Limit("schedule.least", SCHEDULE_MIN_S, "seconds ahead", _MESSAGE),
    Limit("schedule.most", SCHEDULE_MAX_S, "seconds ahead", _MESSAGE),
    Limit("queue", QUEUE_S, "segments of one sender that wait, at one a second", f"{_ERRORS}; 21611"),
    Limit("page_size", PAGE_SIZE_MAX, "messages in a page; more counts as this", _MESSAGE),
    Limit("twiml", TWIML_MAX_BYTES, "bytes", f"{_ERRORS}; 11750"),
    Limit("twiml.messages", TWIML_MESSAGES_MAX, "Message verbs in an answer", f"{_ERRORS}; 14109"),
    Limit("twiml.redirects", REDIRECTS_MAX, "Redirect verbs one after the other", _TWIML),
    Limit("loop", LOOP_MAX, "replies in a row, each less than 30 s after the one before", f"{_ERRORS}; 14107"),
    Limit("retries", RETRIES_MAX, "of a webhook, by #rc= in its address", _OVERRIDES),
    Limit("queue.name", QUEUE_NAME_MAX, "characters", f"{_VOICE}: Enqueue (2026)"),
    Limit("queue.size", QUEUE_SIZE_TOP, "number", f"{_VOICE}: Enqueue (2026); {QUEUE_SIZE_MAX} unless MaxSize says otherwise"),
    Limit("call.twiml", CALL_TWIML_MAX, "characters", "twilio.com/docs, Voice API: Call resource (2026)"),
    Limit("sender.name", SENDER_NAME_MAX, "characters", "twilio.com/docs, alphanumeric sender id (2026)"),
)  # fmt: skip

DELIVERY = Delivery(
    ack_timeout_s=15.0,
    success="2xx",
    # How often is said by read_ack: the address of a webhook decides.
    retry=Retry(delays_s=(0.5,), attempts_max=RETRIES_MAX + 1),
    order="first_try",
    concurrency_max=100,
    registered_by="owner",
    source=f"{_OVERRIDES}: 15 s in all; only a connection that fails is tried again, once, unless #rc= and #rp= in the address say "
    "otherwise; the pause before that is not published. What fails in the end goes to the fallback address",
)
