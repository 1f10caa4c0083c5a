"""How faithfully each call and each webhook of Chatwoot is emulated, and the test that shows it."""

from __future__ import annotations

from chatdrill.wire import Coverage
from chatdrill_fakes.desks.chatwoot.routes import ROUTES

_T = "tests/desks/chatwoot/test_"
_CLIENT, _API, _HOOKS = f"{_T}client_api.py::test_", f"{_T}application_api.py::test_", f"{_T}webhooks.py::test_"
_ADMIN, _SURVEY, _OWNER = f"{_T}administration.py::test_", f"{_T}survey_and_hours.py::test_", f"{_T}ownership.py::test_"
_AGENTS, _CONTACTS = f"{_T}agents.py::test_", f"{_T}contacts.py::test_"
_REFUSED = f"{_API}what_is_not_emulated_is_refused_loudly"
_I, _S = "/inboxes/{inbox_identifier}", "/inboxes/{inbox_identifier}/contacts/{source_id}"
_C, _M = "/conversations/{conversation_id}", "/conversations/{conversation_id}/messages/{message_id}"
_CC = f"{_S}{_C}"

PROOFS: dict[str, str] = {
    f"GET {_I}": f"{_CLIENT}the_inbox_says_what_it_is",
    f"POST {_I}/contacts": f"{_CLIENT}a_contact_is_filed_with_all_its_keys",
    f"GET {_S}": f"{_CLIENT}a_changed_contact_is_filed_again",
    f"PATCH {_S}": f"{_CLIENT}a_changed_contact_is_filed_again",
    f"POST {_S}/conversations": f"{_CLIENT}a_conversation_is_opened_with_the_keys_of_its_contact",
    f"GET {_S}/conversations": f"{_CLIENT}creating_a_conversation_is_never_idempotent",
    f"GET {_CC}": f"{_CLIENT}typing_and_reading_are_told_and_noted",
    f"POST {_CC}/toggle_status": f"{_OWNER}the_customer_resolves_once_and_cannot_open_again",
    f"POST {_CC}/toggle_typing": f"{_CLIENT}typing_and_reading_are_told_and_noted",
    f"POST {_CC}/update_last_seen": f"{_CLIENT}typing_and_reading_are_told_and_noted",
    f"POST {_CC}/messages": f"{_CLIENT}a_message_is_the_customers_with_the_bots_id",
    f"GET {_CC}/messages": f"{_CLIENT}the_customer_sees_no_notes",
    f"PATCH {_CC}/messages/{{message_id}}": f"{_SURVEY}a_rating_over_the_client_api_counts_too",
    "GET /csat_survey/{uuid}": f"{_SURVEY}a_rating_is_stored_for_the_agent_who_had_the_conversation",
    "PUT /csat_survey/{uuid}": f"{_SURVEY}a_later_rating_replaces_the_first",
    "GET /survey/responses/{uuid}": f"{_SURVEY}the_survey_page_is_a_page",
    "GET /rails/active_storage": f"{_AGENTS}a_picture_of_an_agent_can_be_downloaded",
    "GET /contacts": f"{_CONTACTS}contacts_come_in_pages_of_fifteen",
    "POST /contacts": f"{_CONTACTS}a_contact_is_made_with_its_place_in_the_inbox",
    "GET /contacts/search": f"{_CONTACTS}contacts_are_found_by_parts",
    "POST /contacts/filter": f"{_CONTACTS}contacts_are_found_by_conditions",
    "GET /contacts/{contact_id}": f"{_CONTACTS}a_deleted_contact_takes_the_conversations_along",
    "PUT /contacts/{contact_id}": f"{_CONTACTS}attributes_of_a_contact_are_merged",
    "DELETE /contacts/{contact_id}": f"{_CONTACTS}a_deleted_contact_takes_the_conversations_along",
    "GET /contacts/{contact_id}/conversations": f"{_CONTACTS}a_deleted_contact_takes_the_conversations_along",
    "GET /contacts/{contact_id}/labels": f"{_CONTACTS}labels_of_a_contact_are_replaced",
    "POST /contacts/{contact_id}/labels": f"{_CONTACTS}labels_of_a_contact_are_replaced",
    "POST /contacts/{contact_id}/contact_inboxes": f"{_CONTACTS}a_source_id_of_somebody_else_is_refused",
    "GET /conversations": f"{_API}conversations_are_listed_by_status_and_assignee",
    "POST /conversations": f"{_API}a_conversation_is_made_with_its_first_message",
    "GET /conversations/meta": f"{_API}conversations_are_listed_by_status_and_assignee",
    f"GET {_C}": f"{_API}a_conversation_is_shown_field_by_field",
    f"PATCH {_C}": f"{_API}the_priority_is_one_of_four_or_none",
    f"DELETE {_C}": f"{_API}reading_and_deleting_conversations",
    f"POST {_C}/toggle_status": f"{_API}a_toggled_status_is_answered_as_the_vendor_does",
    f"POST {_C}/toggle_priority": f"{_API}the_priority_is_one_of_four_or_none",
    f"POST {_C}/toggle_typing_status": f"{_HOOKS}typing_of_the_bot_is_told_to_others_only",
    f"POST {_C}/custom_attributes": f"{_API}labels_and_attributes_are_replaced",
    f"POST {_C}/assignments": f"{_API}an_assignment_is_answered_with_whom_it_went_to",
    f"GET {_C}/labels": f"{_API}labels_and_attributes_are_replaced",
    f"POST {_C}/labels": f"{_API}labels_and_attributes_are_replaced",
    f"POST {_C}/update_last_seen": f"{_API}reading_and_deleting_conversations",
    f"POST {_C}/mute": f"{_OWNER}a_muted_conversation_stays_resolved",
    f"POST {_C}/unmute": f"{_OWNER}a_muted_conversation_stays_resolved",
    f"GET {_C}/messages": f"{_API}messages_come_in_pages_of_twenty_oldest_first",
    f"POST {_C}/messages": f"{_API}a_message_is_answered_field_by_field",
    f"PATCH {_M}": f"{_API}the_fate_of_an_answer_is_reported_and_shown",
    f"DELETE {_M}": f"{_API}a_deleted_message_leaves_a_marker_without_files",
    "GET /agents": f"{_AGENTS}presence_is_shown_in_the_list_of_agents",
    "GET /teams": f"{_ADMIN}teams_are_made_once_in_small_letters",
    "POST /teams": f"{_ADMIN}teams_are_made_once_in_small_letters",
    "GET /teams/{team_id}": f"{_ADMIN}teams_are_made_once_in_small_letters",
    "GET /teams/{team_id}/team_members": f"{_AGENTS}hiring_again_changes_nothing",
    "GET /inboxes": f"{_ADMIN}the_inbox_says_its_secrets_to_administrators",
    "GET /inboxes/{inbox_id}": f"{_ADMIN}the_inbox_says_its_secrets_to_administrators",
    "PATCH /inboxes/{inbox_id}": f"{_SURVEY}hours_can_be_changed_by_a_call",
    "GET /inboxes/{inbox_id}/agent_bot": f"{_ADMIN}another_bot_has_a_token_of_its_own_and_hears_once_the_inbox_has_it",
    "POST /inboxes/{inbox_id}/set_agent_bot": f"{_ADMIN}without_a_bot_new_conversations_are_open",
    "GET /agent_bots": f"{_ADMIN}bots_are_listed_shown_and_deleted",
    "POST /agent_bots": f"{_ADMIN}another_bot_has_a_token_of_its_own_and_hears_once_the_inbox_has_it",
    "GET /agent_bots/{bot_id}": f"{_ADMIN}bots_are_listed_shown_and_deleted",
    "PATCH /agent_bots/{bot_id}": f"{_HOOKS}a_bot_says_by_a_call_where_it_listens",
    "DELETE /agent_bots/{bot_id}": f"{_ADMIN}bots_are_listed_shown_and_deleted",
    "GET /webhooks": f"{_HOOKS}webhooks_are_listed_changed_and_deleted",
    "POST /webhooks": f"{_HOOKS}a_webhook_made_by_a_call_hears_only_what_it_wants_under_its_own_secret",
    "PATCH /webhooks/{webhook_id}": f"{_HOOKS}webhooks_are_listed_changed_and_deleted",
    "DELETE /webhooks/{webhook_id}": f"{_HOOKS}webhooks_are_listed_changed_and_deleted",
    "GET /api/v1/profile": f"{_ADMIN}the_profile_is_that_of_the_token",
}

_NOTES = {
    "GET /survey/responses/{uuid}": "a page without the vendor's script; the rating goes to /csat_survey/{uuid}",
    "GET /conversations": "filters status, assignee_type, inbox, team, labels, q, source_id and page only",
    "POST /contacts/filter": "by name, email, phone_number and identifier",
    "PATCH /inboxes/{inbox_id}": "hours, texts, survey, routing and webhook_url only",
    "DELETE /agent_bots/{bot_id}": "the bot that the account begins with stays",
    "POST /conversations/{conversation_id}/messages": "message_type template is refused",
}
_DELIVERED = "every_event_goes_to_those_who_hear_of_it"
_EVENTS: dict[str, str] = {
    "message_created": "a_message_of_the_customer_is_told_field_by_field",
    "message_updated": "a_failing_inbox_hook_shows_the_agent_a_failed_message",
    "conversation_created": _DELIVERED,
    "conversation_updated": "an_assignment_is_told_by_the_users_id",
    "conversation_status_changed": "a_status_is_told_with_what_it_was",
    "conversation_opened": _DELIVERED,
    "conversation_resolved": _DELIVERED,
    "conversation_typing_on": "typing_of_the_bot_is_told_to_others_only",
    "conversation_typing_off": "typing_of_the_bot_is_told_to_others_only",
    "contact_created": _DELIVERED,
    "contact_updated": _DELIVERED,
    "inbox_updated": _DELIVERED,
}


def _calls() -> dict[str, Coverage]:
    """One line for a call; PUT is another word for PATCH where only that has a proof."""
    found: dict[str, Coverage] = {}
    for route in ROUTES:
        if route.handler is None:
            found[route.name] = Coverage(route.name, "refused", _REFUSED, "no part of handing over; answered by 501")
            continue
        proof = PROOFS.get(route.name) or PROOFS.get(_twin(route.name)) or PROOFS["GET /rails/active_storage"]
        note = _NOTES.get(route.name, "")
        found[route.name] = Coverage(route.name, "partial" if note else "supported", proof, note)
    return found


def _twin(name: str) -> str:
    method, _, path = name.partition(" ")
    return f"{'PATCH' if method == 'PUT' else 'PUT'} {path}"


COVERAGE: tuple[Coverage, ...] = (
    *_calls().values(),
    *(Coverage(f"webhook {event}", "supported", f"{_HOOKS}{proof}") for event, proof in _EVENTS.items()),
    Coverage(
        "webhook webwidget_triggered",
        "refused",
        f"{_HOOKS}every_event_goes_to_those_who_hear_of_it",
        "the inbox is an API inbox; it has no widget to open",
    ),
    Coverage(
        "webhook inbox_created",
        "refused",
        f"{_HOOKS}every_event_goes_to_those_who_hear_of_it",
        "the account has its one inbox from the beginning",
    ),
    Coverage(
        "agent bot's second and third attempt",
        "partial",
        f"{_HOOKS}account_and_inbox_hooks_are_tried_once_and_the_bots_three_times",
        "after any failure, where Chatwoot tries again after 429 and 500 only",
    ),
)
