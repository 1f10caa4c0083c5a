"""How faithfully each method and event is emulated, and the test that shows it."""

from __future__ import annotations

from collections.abc import Iterable

from chatdrill.wire import Coverage
from chatdrill_fakes.platforms.whatsapp.events import CHAT_EVENTS
from chatdrill_fakes.platforms.whatsapp.interactive import KINDS
from chatdrill_fakes.platforms.whatsapp.management import FREE_FIELDS, STANDARD
from chatdrill_fakes.platforms.whatsapp.routes import NUMBER, REFUSED_EDGES, REFUSED_NODES, ROUTES, UNAVAILABLE
from chatdrill_fakes.platforms.whatsapp.sending import READERS

_SEND = f"POST /{NUMBER}/messages"
_TESTS = "tests/whatsapp/test_{}.py::test_{}"
_LAWS = "tests/conformance/test_platforms.py::test_the_law_holds"


def _proof(file: str, test: str) -> str:
    return _TESTS.format(file, test)


_SENT = _proof("sending", "every_type_of_message_is_sent_and_named")
_ROUTE_PROOFS: dict[str, str] = {
    "messages": _SENT,
    "media": _proof("media", "an_upload_gets_an_id_and_comes_back_byte_by_byte"),
    "{media-id}": _proof("media", "a_deleted_file_is_gone"),
    "attachments": _proof("media", "a_link_works_for_five_minutes"),
    "{phone-number-id}": _proof("account", "the_number_shows_the_fields_that_are_asked_for"),
    "register": _proof("account", "registering_needs_the_pin_and_is_counted"),
    "deregister": _proof("account", "a_number_that_is_not_registered_cannot_send"),
    "request_code": _proof("account", "a_code_is_asked_for_and_verified"),
    "verify_code": _proof("account", "a_code_is_asked_for_and_verified"),
    "whatsapp_business_profile": _proof("account", "the_profile_is_read_and_changed"),
    "block_users": _proof("account", "a_blocked_customer_is_not_heard_and_gets_nothing"),
    "conversational_automation": _proof("account", "conversational_automation_is_kept_and_checked"),
    "whatsapp_commerce_settings": _proof("account", "other_settings_are_remembered"),
    "settings": _proof("account", "other_settings_are_remembered"),
    "message_qrdls": _proof("account", "short_links_are_made_listed_and_deleted"),
    "{business-account-id}": _proof("account", "the_account_lists_its_number"),
    "phone_numbers": _proof("account", "the_account_lists_its_number"),
    "subscribed_apps": _proof("subscriptions", "an_override_is_listed_and_taken_back"),
    "message_templates": _proof("templates", "templates_are_listed_by_filter_field_and_page"),
    "{template-id}": _proof("templates", "a_template_is_read_changed_and_deleted"),
    "subscriptions": _proof("subscriptions", "a_callback_that_answers_well_is_stored_and_listed"),
    "access_token": _proof("subscriptions", "the_app_token_is_given_for_id_and_secret_and_subscribes"),
}
_NOTES = {
    "verify_code": "any six digits are right",
    "settings": "remembered and read back, without effect",
    "whatsapp_commerce_settings": "remembered and read back, without effect",
    "{template-id}": "edits are not counted (Meta: one in 24 hours, ten in 30 days)",
    "message_templates": "a deleted name is free at once (Meta: after 30 days)",
    "message_qrdls": "the picture's address leads nowhere",
}
_MESSAGE_PROOFS = {
    "template": _proof("templates", "a_template_is_read_with_its_parameters_and_buttons"),
    "reaction": _proof("sending", "reactions_reach_the_message_and_an_empty_one_takes_it_back"),
    "read": _proof("sending", "reading_and_typing_are_seen_by_the_customer"),
}


def _messages() -> Iterable[Coverage]:
    kinds = [
        *(kind for kind in READERS if kind != "interactive"),
        "contacts",
        *(f"interactive.{kind}" for kind in KINDS),
    ]
    for kind in (*kinds, "read"):
        yield Coverage(f"{_SEND} {kind}", "supported", _MESSAGE_PROOFS.get(kind, _SENT))


def _routes() -> Iterable[Coverage]:
    for name, route in ROUTES.items():
        edge = name.rpartition("/")[2]
        if route.support == "partial":
            yield Coverage(name, "partial", _ROUTE_PROOFS[edge], _NOTES[edge])
        else:
            yield Coverage(name, "supported", _ROUTE_PROOFS[edge])


def _refused() -> Iterable[Coverage]:
    proof, note = _proof("api", "what_is_not_emulated_answers_loudly"), "answered 501, in the trace as refused"
    polite = "answered with error 131055, in the trace as refused"
    names = [f"/{node}/{edge}" for node, edges in REFUSED_EDGES.items() for edge in edges]
    for name in (*names, *(f"/{node}" for node in REFUSED_NODES)):
        yield Coverage(name, "refused", proof, polite if name.rpartition("/")[2] in UNAVAILABLE else note)


def _events() -> Iterable[Coverage]:
    shapes = _LAWS
    kinds = ("text", "image", "video", "document", "audio", "sticker", "location", "contacts", "interactive", "button")
    for kind in (*kinds, "order", "reaction", "system", "unsupported", "request_welcome"):
        yield Coverage(f"messages.{kind}", "supported", shapes)
    yield Coverage(
        "messages.edit", "supported", _proof("inbound", "an_edit_on_a_coexistence_number_carries_the_new_text")
    )
    yield Coverage("messages.revoke", "supported", _proof("inbound", "a_deletion_is_told_on_coexistence_numbers_only"))
    yield Coverage("messages.errors", "supported", _proof("inbound", "an_account_error_comes_without_messages"))
    yield Coverage("smb_message_echoes", "supported", _proof("inbound", "an_echo_exists_on_coexistence_numbers_only"))
    for status in ("sent", "delivered", "read", "played"):
        proof = _proof("statuses", "pricing_comes_with_sent_and_with_one_of_delivered_and_read")
        yield Coverage(f"statuses.{status}", "supported", proof)
    failed = _proof("statuses", "a_text_outside_the_window_is_accepted_and_fails_later")
    yield Coverage("statuses.failed", "supported", failed)
    yield Coverage(
        "statuses.deleted", "supported", _proof("events", "the_legacy_status_of_a_deletion_names_the_last_message")
    )
    for name in STANDARD:
        yield Coverage(name, "supported", _LAWS)
    for name in FREE_FIELDS:
        proof = _proof("events", "a_field_without_a_standard_payload_carries_the_given_one")
        yield Coverage(name, "partial", proof, "the scenario gives the whole payload")
    for name in CHAT_EVENTS:
        yield Coverage(f"event {name}", "supported", _EVENT_PROOFS.get(name, shapes))


_EVENT_PROOFS = {
    "message": _proof("api", "a_raw_message_may_hold_anything"),
    "message_echo": _proof("events", "an_echo_of_any_type_can_be_made"),
    "status_deleted": _proof("events", "the_legacy_status_of_a_deletion_names_the_last_message"),
    "next_send_fails": _proof("statuses", "an_injected_error_shows_at_once_or_later_as_its_code_does"),
}

COVERAGE: tuple[Coverage, ...] = (*_messages(), *_routes(), *_refused(), *_events())
