"""How faithfully each method and event is emulated, and the test that shows it."""

from __future__ import annotations

from collections.abc import Iterable

from chatdrill.wire import Coverage
from chatdrill_fakes.platforms.viber.contents import TYPES


def _proof(file: str, test: str) -> str:
    return f"tests/viber/test_{file}.py::test_{test}"


_SENT = _proof("sending", "every_type_of_message_is_sent_and_named")
_SHAPE = _proof("golden", "a_callback_has_the_shape_of_its_golden_payload")

_METHODS: tuple[Coverage, ...] = (
    Coverage("set_webhook", "supported", _proof("webhooks", "an_address_that_answers_well_is_stored")),
    Coverage("broadcast_message", "supported", _proof("sending", "a_broadcast_lists_those_who_cannot_get_it")),
    Coverage(
        "get_account_info",
        "partial",
        _proof("account", "the_account_tells_its_webhook_and_counts_subscribers"),
        "category, place and members are samples",
    ),
    Coverage("get_user_details", "supported", _proof("account", "details_come_twice_in_twelve_hours")),
    Coverage(
        "get_online",
        "partial",
        _proof("account", "who_wrote_in_the_last_minute_is_online"),
        "Viber does not say when somebody counts as online; 'undisclosed' and 'tryLater' never come",
    ),
    Coverage("GET media", "supported", _proof("media", "a_link_gives_the_file_for_an_hour")),
    Coverage(
        "post", "refused", _proof("account", "there_is_no_public_chat_to_post_to"), "status 18, as of bots without one"
    ),
)
_EVENTS: tuple[Coverage, ...] = (
    Coverage("webhook", "supported", _proof("webhooks", "an_address_that_answers_well_is_stored")),
    Coverage(
        "conversation_started", "supported", _proof("welcome", "a_message_in_the_answer_to_an_opening_is_shown_once")
    ),
    Coverage("subscribed", "supported", _proof("inbound", "leaving_and_coming_back_are_told_once")),
    Coverage("unsubscribed", "supported", _proof("inbound", "leaving_and_coming_back_are_told_once")),
    Coverage("delivered", "supported", _proof("receipts", "delivered_comes_from_every_device")),
    Coverage("seen", "supported", _proof("receipts", "seen_is_told_of_the_last_unread_message")),
    Coverage("failed", "supported", _proof("media", "a_file_that_the_app_cannot_show_fails_later")),
    Coverage(
        "client_status",
        "partial",
        _proof("events", "every_declared_event_is_told"),
        "the payload is not documented",
    ),
    Coverage("action", "partial", _proof("events", "every_declared_event_is_told"), "the payload is not documented"),
    Coverage("event api_error", "supported", _proof("errors", "every_status_can_be_met")),
    Coverage("event account_status", "supported", _proof("errors", "a_standing_of_the_account_meets_every_send")),
)
_INBOUND_NOTES = {
    "file": "voice notes and sounds, too: how those arrive is not documented",
    "picture": "moving pictures, too: how those arrive is not documented",
    "sticker": "the id is a number; some clients have seen text",
}


def _messages() -> Iterable[Coverage]:
    for kind in (*TYPES, "keyboard"):
        proof = _proof("keyboards", "rich_media_is_cards_side_by_side") if kind == "rich_media" else _SENT
        yield Coverage(f"send_message {kind}", "supported", proof)


def _inbound() -> Iterable[Coverage]:
    for kind in ("text", "picture", "video", "file", "sticker", "contact", "url", "location"):
        note = _INBOUND_NOTES.get(kind, "")
        yield Coverage(f"message.{kind}", "partial" if note else "supported", _SHAPE, note)


COVERAGE: tuple[Coverage, ...] = (*_METHODS, *_messages(), *_inbound(), *_EVENTS)
