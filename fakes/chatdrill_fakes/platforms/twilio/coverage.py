"""How faithfully each call and event is emulated, and the test that shows it."""

from __future__ import annotations

from chatdrill.wire import Coverage


def _proof(file: str, test: str) -> str:
    return f"tests/sms_twilio/test_{file}.py::test_{test}"


_LIFE = _proof("statuses", "a_message_goes_from_queued_to_delivered")
COVERAGE: tuple[Coverage, ...] = (
    Coverage("POST Messages SMS", "supported", _proof("sending", "an_sms_is_answered_as_twilio_does")),
    Coverage("POST Messages MMS", "supported", _proof("sending", "files_are_read_and_shown"), "files are not adapted to carriers"),
    Coverage("POST Messages scheduled", "supported", _proof("sending", "a_scheduled_message_is_shown_when_it_is_due")),
    Coverage("POST Messages ContentSid", "refused", _proof("errors", "what_is_not_emulated_is_loud"), "content templates"),
    Coverage("POST Messages channel", "refused", _proof("errors", "what_is_not_emulated_is_loud"), "WhatsApp, Messenger and RCS by way of Twilio"),
    Coverage("GET Messages", "partial", _proof("messages", "lists_are_paged_and_filtered"), "PageToken is not needed: pages go by number"),
    Coverage("GET Message", "supported", _proof("messages", "a_message_can_be_read_redacted_and_deleted")),
    Coverage("POST Message", "supported", _proof("messages", "a_message_can_be_read_redacted_and_deleted")),
    Coverage("DELETE Message", "supported", _proof("messages", "a_message_can_be_read_redacted_and_deleted")),
    Coverage("GET Media", "supported", _proof("messages", "files_need_credentials")),
    Coverage("GET file", "partial", _proof("messages", "files_need_credentials"), "the bytes come at once, not by a redirect to a store"),
    Coverage("DELETE Media", "supported", _proof("messages", "files_need_credentials")),
    Coverage("POST Feedback", "supported", _proof("messages", "feedback_is_kept")),
    Coverage("GET IncomingPhoneNumbers", "supported", _proof("numbers", "a_number_tells_and_changes_its_webhooks")),
    Coverage("GET IncomingPhoneNumber", "supported", _proof("numbers", "a_number_tells_and_changes_its_webhooks")),
    Coverage("POST IncomingPhoneNumber", "supported", _proof("numbers", "a_number_tells_and_changes_its_webhooks")),
    Coverage("TwiML", "partial", _proof("twiml", "message_verbs_are_sent"), "in the answer to a webhook: Message, Sms, Redirect; a redirect by HTTP status is not followed"),
    Coverage("message.sms", "supported", _proof("inbound", "a_text_is_told_with_twilios_fields")),
    Coverage("message.mms", "supported", _proof("inbound", "files_are_told_by_address_and_type")),
    Coverage("status.sent", "supported", _LIFE),
    Coverage("status.delivered", "supported", _LIFE),
    Coverage("status.undelivered", "supported", _proof("statuses", "a_fate_is_told_with_its_code")),
    Coverage("status.failed", "supported", _proof("statuses", "a_fate_is_told_with_its_code")),
    Coverage("event_stream", "partial", _proof("webhooks", "json_is_signed_by_its_hash_in_the_address"), "one kind of event, as a sample"),
    Coverage("event api_error", "supported", _proof("errors", "every_code_can_be_met")),
    Coverage("event fate", "supported", _proof("statuses", "a_fate_is_told_with_its_code")),
)  # fmt: skip
