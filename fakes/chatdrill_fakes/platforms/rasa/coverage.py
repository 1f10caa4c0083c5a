"""How faithfully each call and event is emulated, and the test that shows it."""

from __future__ import annotations

from chatdrill.wire import Coverage


def _proof(file: str, test: str) -> str:
    return f"tests/rasa/test_{file}.py::test_{test}"


COVERAGE: tuple[Coverage, ...] = (
    Coverage("answer", "supported", _proof("answers", "every_kind_of_answer_is_shown")),
    Coverage("callback", "supported", _proof("answers", "callbacks_are_for_whom_they_name")),
    Coverage("message", "supported", _proof("inbound", "a_message_says_who_and_what")),
    Coverage("message start", "supported", _proof("inbound", "a_start_is_the_intent_that_begins")),
    Coverage("message press", "supported", _proof("inbound", "a_press_is_the_buttons_payload")),
    Coverage("socket.io", "refused", _proof("answers", "what_is_not_emulated_is_loud"), "the socket.io channel: use REST or callback, which bring the same messages"),
    Coverage("tracker", "refused", _proof("answers", "what_is_not_emulated_is_loud"), "the HTTP API of the bot's server: tracker events, trigger_intent"),
)  # fmt: skip
