"""How faithfully each call and event is emulated, and the test that shows it."""

from __future__ import annotations

from chatdrill.wire import Coverage


def _proof(file: str, test: str) -> str:
    return f"tests/sms_infobip/test_{file}.py::test_{test}"


_BULKS = _proof("queries", "a_bulk_can_be_moved_paused_and_canceled")
_ONCE = _proof("queries", "what_waits_is_handed_out_once")
_REPORT = _proof("reports", "a_report_has_the_shape_of_its_api")
_LOGS = _proof("queries", "logs_show_what_was_sent")
COVERAGE: tuple[Coverage, ...] = (
    Coverage("POST /sms/3/messages", "partial", _proof("sending", "the_newer_api_is_answered_as_infobip_does"),
             "deliveryTimeWindow, sendingSpeedLimit and regional options are read and not kept to; no XML reports, no binary content"),
    Coverage("POST /sms/2/text/advanced", "supported", _proof("sending", "the_older_api_is_answered_as_infobip_does")),
    Coverage("POST /sms/2/text/single", "supported", _proof("sending", "the_older_api_is_answered_as_infobip_does")),
    Coverage("GET /sms/1/text/query", "supported", _proof("sending", "a_message_can_stand_in_the_address")),
    Coverage("GET /sms/3/text/query", "supported", _proof("sending", "a_message_can_stand_in_the_address")),
    Coverage("POST /sms/2/binary/advanced", "refused", _proof("errors", "what_is_not_emulated_is_loud"), "binary messages"),
    Coverage("POST /mms/2/messages", "partial", _proof("sending", "an_mms_shows_its_links"), "segments TEXT and LINK only"),
    Coverage("POST /sms/1/preview", "partial", _proof("queries", "a_preview_counts_segments"), "nothing is transliterated"),
    Coverage("GET /sms/3/reports", "supported", _ONCE),
    Coverage("GET /sms/1/reports", "supported", _ONCE),
    Coverage("GET /sms/3/logs", "partial", _LOGS, "no cursor and no search by time"),
    Coverage("GET /sms/1/logs", "partial", _LOGS, "no search by time"),
    Coverage("GET /sms/1/inbox/reports", "supported", _ONCE),
    Coverage("GET /sms/1/bulks", "supported", _BULKS),
    Coverage("PUT /sms/1/bulks", "supported", _BULKS),
    Coverage("GET /sms/1/bulks/status", "supported", _BULKS),
    Coverage("PUT /sms/1/bulks/status", "supported", _BULKS),
    Coverage("POST /ct/1/log/end", "supported", _proof("queries", "a_conversion_is_taken")),
    Coverage("POST /auth/1/session", "supported", _proof("doors", "every_kind_of_credentials_opens")),
    Coverage("POST /auth/1/oauth2/token", "supported", _proof("doors", "every_kind_of_credentials_opens")),
    Coverage("GET /mms/1/inbound/media", "supported", _proof("inbound", "a_file_is_fetched_with_credentials")),
    Coverage("POST /subscriptions/1/subscription", "refused", _proof("errors", "what_is_not_emulated_is_loud"),
             "where webhooks go is set by --webhook and the settings of the platform"),
    Coverage("inbound.sms", "supported", _proof("inbound", "a_text_is_told_with_infobips_fields")),
    Coverage("inbound.mms", "supported", _proof("inbound", "a_file_is_fetched_with_credentials")),
    Coverage("report.DELIVERED_TO_OPERATOR", "supported", _REPORT),
    Coverage("report.DELIVERED_TO_HANDSET", "supported", _REPORT),
    Coverage("report.UNDELIVERABLE_NOT_DELIVERED", "supported", _REPORT),
    Coverage("report.UNDELIVERABLE_REJECTED_OPERATOR", "supported", _REPORT),
    Coverage("report.EXPIRED_EXPIRED", "supported", _REPORT),
    Coverage("clicked", "partial", _proof("reports", "a_click_goes_to_its_address"), "links are not shortened"),
    Coverage("event rejected", "supported", _proof("errors", "every_rejection_can_be_met")),
    Coverage("event fate", "supported", _proof("reports", "a_fate_is_told_with_its_error")),
)  # fmt: skip
