"""The numbers of mail, each with where it stands. What a provider sets itself differs from one to the next: these are common ones."""

from __future__ import annotations

from chatdrill.wire import Delivery, Limit, Retry

MIB = 1024 * 1024
MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86_400.0

SIZE_MAX_BYTES = 25 * MIB
HEADERS_MAX_BYTES = 64 * 1024
LINE_MAX_BYTES = 998
COMMAND_MAX_BYTES = 512
PATH_MAX_BYTES, LOCAL_PART_MAX_BYTES, DOMAIN_MAX_BYTES = 256, 64, 255
RECIPIENTS_MAX = 100
HOPS_MAX = 100
DAILY_MAX = 2000
GREYLIST_S = 5 * MINUTE_S
REFERENCES_KEPT = 40

# These are no numbers of anybody's: a report comes a while after the mail was taken.
BOUNCE_AFTER_S, DELIVERED_AFTER_S = 30.0, 5.0

PARSE_POINTS_S = tuple(minutes * MINUTE_S for minutes in (10, 25, 55, 115, 235, 475))
"""When Mailgun tries again, counted from the first attempt: after 10, 15 and 30 minutes, then 1, 2 and 4 hours."""

_SMTP = "RFC 5321 (2008), 4.5.3.1"
_FORMAT = "RFC 5322 (2008), 2.1.1"
_USUAL = "common figure of large providers (2026)"

LIMITS: tuple[Limit, ...] = (
    Limit("message.size", SIZE_MAX_BYTES, "bytes, encoded", "Gmail Help: attachment size limit of 25 MB (2026)"),
    Limit("headers.size", HEADERS_MAX_BYTES, "bytes", _USUAL),
    Limit("line", LINE_MAX_BYTES, "bytes", _FORMAT),
    Limit("command", COMMAND_MAX_BYTES, "bytes", _SMTP),
    Limit("path", PATH_MAX_BYTES, "bytes", _SMTP),
    Limit("local_part", LOCAL_PART_MAX_BYTES, "bytes", _SMTP),
    Limit("domain", DOMAIN_MAX_BYTES, "bytes", _SMTP),
    Limit("recipients", RECIPIENTS_MAX, "recipients of a mail", f"{_SMTP}: servers take at least so many"),
    Limit("hops", HOPS_MAX, "Received headers", "RFC 5321 (2008), 6.3"),
    Limit("daily", DAILY_MAX, "mails in a day", "Google Workspace Admin Help: sending limits (2026)"),
    Limit("greylist", GREYLIST_S, "seconds", "RFC 6647 (2012): a few minutes; Postgrey waits five"),
)

DELIVERY = Delivery(
    ack_timeout_s=600.0,
    success="2xx",
    retry=Retry(delays_s=(300.0, 600.0, 1200.0, 2400.0, 4000.0), give_up_after_s=5 * DAY_S),
    order="first_try",
    concurrency_max=20,
    source="RFC 5321 (2008), 4.5.3.2 and 4.5.4.1; Postfix 3 (2026): minimal_backoff_time 300s, maximal_backoff_time 4000s, "
    "maximal_queue_lifetime 5d, default_destination_concurrency_limit 20",
)
