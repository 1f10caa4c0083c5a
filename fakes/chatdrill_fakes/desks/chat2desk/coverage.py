"""How faithfully each call and webhook is emulated, and the test that shows it."""

from __future__ import annotations

from collections.abc import Iterable

from chatdrill.wire import Coverage
from chatdrill_fakes.desks.chat2desk.hooks import EVENTS
from chatdrill_fakes.desks.chat2desk.routes import ROUTES


def _proof(file: str, test: str) -> str:
    return f"tests/desks/chat2desk/test_{file}.py::test_{test}"


_SENT = _proof("messages", "each_type_of_message_is_for_its_eyes")
_HEARD = _proof("messages", "a_message_in_an_external_channel_makes_client_dialog_and_request")
_MOVED = _proof("dialogs", "a_call_that_names_an_operator_gives_them_the_dialog")
_READ = _proof("messages", "messages_are_listed_by_filter_page_and_order")
_LISTS = _proof("account", "lists_have_their_shape")
_HOOKS = _proof("webhooks", "a_webhook_is_made_listed_changed_and_deleted")
_TICKETS = _proof("tasks", "a_ticket_is_made_changed_and_deleted_and_told")
_TAGS = _proof("tasks", "tags_are_put_on_clients_and_requests_and_taken_off")

_PROOFS = {
    "GET /clients": _proof("clients", "clients_are_found_by_phone"),
    "POST /clients": _proof("clients", "a_second_client_is_refused_with_the_first_as_json_text"),
    "GET /clients/{id}": _proof("clients", "a_client_has_its_golden_shape"),
    "PUT /clients/{id}": _proof("clients", "a_changed_client_is_told_without_a_wrapper"),
    "GET /clients/{id}/dialogs": _proof("clients", "a_client_leads_to_dialog_transport_and_last_question"),
    "GET /clients/{id}/transport": _proof("clients", "a_client_leads_to_dialog_transport_and_last_question"),
    "GET /clients/{id}/last_question": _proof("clients", "a_client_leads_to_dialog_transport_and_last_question"),
    "POST /messages": _SENT,
    "POST /messages/inbox": _HEARD,
    "GET /messages": _READ,
    "GET /messages/{id}": _proof("messages", "a_message_has_its_golden_shape"),
    "GET /messages/{id}/read": _proof("messages", "a_message_is_marked_read_and_unread"),
    "GET /messages/{id}/unread": _proof("messages", "a_message_is_marked_read_and_unread"),
    "GET /messages/{id}/assign": _MOVED,
    "POST /messages/{id}/assign": _MOVED,
    "POST /messages/{id}/transfer": _MOVED,
    "POST /messages/{id}/transfer_to_group": _proof("dialogs", "a_group_gets_the_dialog_into_its_queue"),
    "GET /dialogs": _proof("dialogs", "dialogs_are_listed_by_operator_and_state"),
    "GET /dialogs/unanswered": _proof("dialogs", "dialogs_are_listed_by_operator_and_state"),
    "GET /dialogs/{id}": _proof("dialogs", "a_dialog_has_its_golden_shape"),
    "PUT /dialogs/{id}": _proof("dialogs", "the_owner_follows_state_and_operator"),
    "PUT /requests/close": _proof("dialogs", "closing_a_request_tells_both_ends"),
    "GET /requests/{id}/messages": _READ,
    "GET /operators": _LISTS,
    "PUT /operators/{id}": _proof("account", "a_status_says_whether_an_operator_is_there"),
    "GET /operators_groups": _LISTS,
    "GET /tags": _TAGS,
    "GET /tag_groups": _TAGS,
    "POST /tags/assign_to": _TAGS,
    "DELETE /tags/{id}/delete_from": _TAGS,
    "GET /webhooks": _HOOKS,
    "POST /webhooks": _HOOKS,
    "PUT /webhooks/{id}": _HOOKS,
    "DELETE /webhooks/{id}": _HOOKS,
    "POST /companies/web_hook": _proof("webhooks", "the_single_hooks_of_old_hear_messages_and_endings"),
    "POST /companies/chat_close_web_hook": _proof("webhooks", "the_single_hooks_of_old_hear_messages_and_endings"),
}
_NOTES = {
    "PUT /operators/{id}": "what the numbers of statuses mean is not published: 1 online, 2 away, 3 offline here",
    "GET /templates": "an account without templates",
    "GET /scenarios": "an account without scenarios",
}
_TICKET_NOTE = "kept and told by webhooks; fields beyond reporter_id are not published, and no operator works on it"

_TOLD = _proof("webhooks", "every_event_has_its_golden_shape")
_REFUSED = {
    "new_tag": "no call that makes tags is known",
    "new_qr_code": "no call that makes QR codes is known",
    "imported_message": "no call that imports messages is known",
}
_PARTIAL = {
    "outbox_status": "only where a scenario lets it elapse: an external channel has no receipts",
    "client_added_to_blacklist": "only where a scenario lets it elapse",
    "new_ticket": _TICKET_NOTE,
    "ticket_updated": _TICKET_NOTE,
    "ticket_deleted": _TICKET_NOTE,
}


def _calls() -> Iterable[Coverage]:
    for each in ROUTES:
        is_ticket = "/tickets" in each.name and "/help" not in each.name
        note = _TICKET_NOTE if is_ticket else _NOTES.get(each.name, "")
        yield Coverage(each.name, "partial" if note else "supported", _PROOFS.get(each.name, _other(each.path)), note)


def _other(path: str) -> str:
    return _TICKETS if path.startswith("/tickets") else _LISTS


def _events() -> Iterable[Coverage]:
    for event in EVENTS:
        if event in _REFUSED:
            proof = _proof("webhooks", "an_event_that_never_comes_may_be_subscribed_to")
            yield Coverage(event, "refused", proof, _REFUSED[event])
        else:
            yield Coverage(event, "partial" if event in _PARTIAL else "supported", _TOLD, _PARTIAL.get(event, ""))


COVERAGE: tuple[Coverage, ...] = (*_calls(), *_events())
