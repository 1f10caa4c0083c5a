"""How faithfully each call and event is emulated, and the test that shows it."""

from __future__ import annotations

from chatdrill.wire import Coverage
from chatdrill_fakes.platforms.twilio.voice.document import DIAL_NOT_EMULATED, NOT_DIALED, NOT_EMULATED


def _proof(file: str, test: str) -> str:
    return f"tests/sms_twilio/test_{file}.py::test_{test}"


def _voice(file: str, test: str) -> str:
    return f"tests/sms_twilio/voice/test_{file}.py::test_{test}"


VERBS_REFUSED = (
    *sorted(NOT_EMULATED),
    "Enqueue workflowSid",
    *(f"Dial {what}" for what in (*sorted(NOT_DIALED), *DIAL_NOT_EMULATED)),
    "Record transcribe",
)
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
    Coverage("TwiML call", "partial", _voice("documents", "a_document_is_played_in_order"), "Say, Play, Pause, Gather, Enqueue, Leave, Dial (Number, Sip, Client, Queue; no timeLimit), Record, Redirect, Hangup, Reject; how long speech takes is a guess, and no sound is fetched"),
    *(Coverage(f"TwiML call {verb}", "refused", _voice("documents", "what_is_not_emulated_ends_the_call_loudly"), "a verb of a call") for verb in VERBS_REFUSED),
    Coverage("POST Calls", "refused", _voice("rest", "a_bot_cannot_call_anybody"), "calls that the bot makes"),
    Coverage("GET Calls", "partial", _voice("rest", "a_call_is_read_led_elsewhere_and_ended"), "the newest fifty, by To, From and Status"),
    Coverage("GET Call", "supported", _voice("rest", "a_call_is_read_led_elsewhere_and_ended")),
    Coverage("POST Call", "supported", _voice("rest", "a_call_is_read_led_elsewhere_and_ended")),
    Coverage("GET Recordings", "partial", _voice("recordings", "a_recording_is_read_heard_and_deleted"), "the newest fifty, by CallSid"),
    Coverage("GET Recording", "partial", _voice("recordings", "a_recording_is_read_heard_and_deleted"), "its sound is silence as long as what was said"),
    Coverage("DELETE Recording", "supported", _voice("recordings", "a_recording_is_read_heard_and_deleted")),
    Coverage("GET Queues", "supported", _voice("rest", "a_queue_and_its_members_are_read")),
    Coverage("POST Queues", "supported", _voice("rest", "a_queue_is_made_resized_and_removed")),
    Coverage("POST Queue", "supported", _voice("rest", "a_queue_is_made_resized_and_removed")),
    Coverage("DELETE Queue", "supported", _voice("rest", "a_queue_is_made_resized_and_removed")),
    Coverage("GET Queue", "supported", _voice("rest", "a_queue_and_its_members_are_read")),
    Coverage("GET Members", "supported", _voice("rest", "a_queue_and_its_members_are_read")),
    Coverage("GET Member", "supported", _voice("rest", "a_queue_and_its_members_are_read")),
    Coverage("POST Member", "supported", _voice("rest", "the_first_in_line_is_taken_out")),
    Coverage("call", "supported", _voice("callers", "a_call_is_told_with_twilios_fields")),
    Coverage("call.gather", "supported", _voice("callers", "keys_are_told_where_the_gather_says")),
    Coverage("call.wait", "partial", _voice("queues", "the_music_is_asked_for_in_rounds"), "customers of a drill do not wait behind each other; strangers do, by the event queue"),
    Coverage("call.left", "supported", _voice("queues", "who_leaves_is_told_why")),
    Coverage("call.dialed", "supported", _voice("dialing", "the_action_is_told_how_a_dial_ended")),
    Coverage("call.recorded", "supported", _voice("recordings", "what_a_caller_says_is_recorded_and_told")),
    Coverage("call.recording", "supported", _voice("recordings", "a_recordings_fate_is_told_where_somebody_wants_it")),
    Coverage("call.redirect", "supported", _voice("documents", "a_redirect_asks_for_another_document")),
    Coverage("call.status", "supported", _voice("callers", "the_end_of_a_call_is_told")),
    Coverage("message.sms", "supported", _proof("inbound", "a_text_is_told_with_twilios_fields")),
    Coverage("message.mms", "supported", _proof("inbound", "files_are_told_by_address_and_type")),
    Coverage("status.sent", "supported", _LIFE),
    Coverage("status.delivered", "supported", _LIFE),
    Coverage("status.undelivered", "supported", _proof("statuses", "a_fate_is_told_with_its_code")),
    Coverage("status.failed", "supported", _proof("statuses", "a_fate_is_told_with_its_code")),
    Coverage("event_stream", "partial", _proof("webhooks", "json_is_signed_by_its_hash_in_the_address"), "one kind of event, as a sample"),
    Coverage("event api_error", "supported", _proof("errors", "every_code_can_be_met")),
    Coverage("event calls", "supported", _voice("callers", "a_call_is_told_with_twilios_fields")),
    Coverage("event keys", "partial", _voice("callers", "keys_are_told_where_the_gather_says"), "what is keyed in one go is complete: the pause after it is not waited for"),
    Coverage("event speaks", "supported", _voice("callers", "words_are_told_where_somebody_listens")),
    Coverage("event hangs up", "supported", _voice("callers", "the_end_of_a_call_is_told")),
    Coverage("event agent answers", "partial", _voice("queues", "an_agent_answers_and_hangs_up"), "the agent's own call is not told, unless a caller of the drill dials the queue"),
    Coverage("event agent is busy", "supported", _voice("dialing", "the_action_is_told_how_a_dial_ended")),
    Coverage("event agent hangs up", "supported", _voice("queues", "an_agent_answers_and_hangs_up")),
    Coverage("event queue", "supported", _voice("queues", "strangers_wait_ahead")),
    Coverage("event fate", "supported", _proof("statuses", "a_fate_is_told_with_its_code")),
)  # fmt: skip
