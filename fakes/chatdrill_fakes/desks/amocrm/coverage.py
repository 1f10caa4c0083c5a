"""How faithfully each call and webhook is emulated, and the test that shows it."""

from __future__ import annotations

from collections.abc import Iterable

from chatdrill.wire import Coverage
from chatdrill_fakes.desks.amocrm.crm.webhooks import EVENTS
from chatdrill_fakes.desks.amocrm.routes import ROUTES

_CRM, _CHATS = "/api/v4", "/v2/origin/custom"


def _proof(file: str, test: str) -> str:
    return f"tests/desks/amocrm/test_{file}.py::test_{test}"


_CONTACT = _proof("crm", "a_contact_is_made_found_and_changed")
_LINKED = _proof("crm", "a_chat_is_linked_to_a_contact_before_its_first_message")
_LEAD = _proof("crm", "a_lead_alone_is_a_ticket_that_waits_for_somebody")
_LEAD_CHANGED = _proof("crm", "responsible_user_and_stage_are_changed_and_told")
_NOTE = _proof("notes", "a_note_of_the_bot_stands_in_the_ticket_privately")
_NOTES_READ = _proof("notes", "notes_are_read_back")
_TASK = _proof("notes", "a_task_is_made_changed_and_listed")
_INCOMING = _proof("unsorted", "an_incoming_lead_of_a_chat_is_read")
_USERS = _proof("crm", "users_have_an_id_in_the_chats")
_PIPELINE = _proof("crm", "the_pipeline_has_the_final_stages")
_REFUSED = _proof("contract", "what_is_not_emulated_answers_loudly")

_CALLS: dict[str, str] = {
    "POST /oauth2/access_token": _proof("oauth", "a_refresh_ends_the_old_pair"),
    "GET /attachments/{path*}": _proof("channel", "a_file_is_read_kept_and_served"),
    f"POST {_CHATS}/{{channel}}/connect": _proof("channel", "connecting_gives_the_scope"),
    f"DELETE {_CHATS}/{{channel}}/disconnect": _proof("channel", "a_disconnected_channel_sends_no_hooks"),
    f"POST {_CHATS}/{{scope}}/chats": _proof("channel", "the_same_conversation_is_the_same_chat"),
    f"POST {_CHATS}/{{scope}}/typing": _proof("statuses", "typing_is_accepted_without_an_answer"),
    f"POST {_CHATS}/{{scope}}/react": _proof("statuses", "a_reaction_needs_its_message"),
    f"POST {_CHATS}/{{scope}}": _proof("channel", "an_accepted_message_is_named_by_both_ids"),
    f"POST {_CHATS}/{{scope}}/{{msgid}}/delivery_status": _proof("statuses", "delivery_is_shown_to_the_agent"),
    f"GET {_CHATS}/{{scope}}/chats/{{conversation}}/history": _proof(
        "statuses", "history_recovers_a_reply_whose_hook_was_lost"
    ),
    f"GET {_CRM}/account": _proof("crm", "the_account_tells_its_id_in_the_chats"),
    f"GET {_CRM}/users": _USERS,
    f"GET {_CRM}/users/{{id}}": _USERS,
    f"GET {_CRM}/leads/pipelines": _PIPELINE,
    f"GET {_CRM}/leads/pipelines/{{id}}": _PIPELINE,
    f"GET {_CRM}/leads/unsorted": _INCOMING,
    f"GET {_CRM}/leads/unsorted/{{uid}}": _INCOMING,
    f"GET {_CRM}/leads/unsorted/summary": _proof("unsorted", "the_summary_counts"),
    f"POST {_CRM}/leads/unsorted/forms": _proof("unsorted", "a_form_is_an_incoming_lead_without_a_chat"),
    f"POST {_CRM}/leads/unsorted/sip": _proof("unsorted", "a_call_is_an_incoming_lead"),
    f"POST {_CRM}/leads/unsorted/{{uid}}/accept": _proof("unsorted", "a_bot_may_accept_in_the_name_of_a_user"),
    f"DELETE {_CRM}/leads/unsorted/{{uid}}/decline": _proof("unsorted", "a_bot_may_take_its_request_back"),
    f"POST {_CRM}/leads/unsorted/{{uid}}/link": _proof("unsorted", "a_chat_is_linked_to_a_lead_that_is_there"),
    f"GET {_CRM}/contacts/chats": _LINKED,
    f"POST {_CRM}/contacts/chats": _LINKED,
    f"GET {_CRM}/contacts": _CONTACT,
    f"POST {_CRM}/contacts": _CONTACT,
    f"PATCH {_CRM}/contacts": _CONTACT,
    f"GET {_CRM}/contacts/{{id}}": _CONTACT,
    f"PATCH {_CRM}/contacts/{{id}}": _CONTACT,
    f"POST {_CRM}/leads/complex": _proof("crm", "lead_and_contact_are_made_at_once"),
    f"GET {_CRM}/leads": _proof("crm", "leads_are_found_by_filter"),
    f"POST {_CRM}/leads": _LEAD,
    f"PATCH {_CRM}/leads": _proof("crm", "the_bot_may_give_a_silent_chats_lead_to_an_agent"),
    f"GET {_CRM}/leads/{{id}}": _LEAD,
    f"PATCH {_CRM}/leads/{{id}}": _LEAD_CHANGED,
    **{
        f"{method} {_CRM}/{entity}/{path}": proof
        for entity in ("leads", "contacts")
        for method, path, proof in (
            ("POST", "notes", _NOTES_READ),
            ("POST", "{id}/notes", _NOTE),
            ("GET", "{id}/notes", _NOTES_READ),
            ("GET", "{id}/notes/{note}", _NOTES_READ),
        )
    },
    f"GET {_CRM}/tasks": _TASK,
    f"POST {_CRM}/tasks": _TASK,
    f"GET {_CRM}/tasks/{{id}}": _TASK,
    f"PATCH {_CRM}/tasks/{{id}}": _TASK,
    f"GET {_CRM}/talks/{{id}}": _proof("unsorted", "a_talk_is_read"),
    f"POST {_CRM}/talks/{{id}}/close": _proof("unsorted", "closing_a_talk_gives_control_back_once"),
    f"GET {_CRM}/webhooks": _proof("webhooks", "subscribing_again_changes_the_settings"),
    f"POST {_CRM}/webhooks": _proof("webhooks", "an_address_subscribes_to_events"),
    f"DELETE {_CRM}/webhooks": _proof("webhooks", "an_address_is_taken_off_the_list"),
}
_NOTES = {
    f"POST {_CHATS}/{{channel}}/connect": "hooks of version v1 (the vendor's outdated default) are refused",
    f"POST {_CHATS}/{{scope}}": "comments and shared posts are taken as messages; forwarded ones are not shown as such",
    f"GET {_CRM}/account": "names of things, formats of dates and the service of files are left out",
    f"GET {_CRM}/leads/unsorted/summary": "its filters are not applied",
    f"POST {_CRM}/leads/unsorted/{{uid}}/link": "to leads only, not to customers (the vendor's buyers)",
    f"GET {_CRM}/contacts": "filters by query and id; no order",
    f"GET {_CRM}/leads": "filters by query, id, stage, pipeline and responsible user; no order",
    f"GET {_CRM}/tasks": "filters by id, thing, responsible user and completion; no order",
    f"POST {_CRM}/leads/complex": "no companies, and no incoming leads by metadata",
}
_WEBHOOKS = {
    "add_lead": _proof("webhooks", "acceptance_and_refusal_are_deletions_of_an_incoming_lead"),
    "add_contact": _proof("webhooks", "acceptance_and_refusal_are_deletions_of_an_incoming_lead"),
    "delete_unsorted": _proof("webhooks", "acceptance_and_refusal_are_deletions_of_an_incoming_lead"),
    "add_unsorted": _proof("unsorted", "a_loud_message_asks_for_a_person"),
    "add_talk": _proof("webhooks", "the_form_is_what_the_vendor_sends"),
    "update_talk": _proof("agents", "closing_ends_the_human_part_once"),
    "add_message": _proof("webhooks", "a_message_is_told_in_brackets"),
    "update_lead": _proof("crm", "a_change_of_a_lead_and_a_contact_is_told"),
    "update_contact": _proof("crm", "a_change_of_a_lead_and_a_contact_is_told"),
    "status_lead": _LEAD_CHANGED,
    "responsible_lead": _LEAD_CHANGED,
    "note_lead": _NOTE,
    "note_contact": _proof("agents", "without_a_lead_a_note_is_the_contacts"),
    "add_task": _TASK,
    "update_task": _TASK,
}
_CHANNEL_HOOKS = {
    "message": _proof("agents", "a_reply_is_the_hook_of_the_channel"),
    "typing": _proof("agents", "typing_is_told_on_request_and_every_five_seconds_at_most"),
}
_NEVER = "can be subscribed to and is never sent: nothing here causes it"


def _calls() -> Iterable[Coverage]:
    for route in ROUTES:
        if route.support == "refused":
            yield Coverage(route.name, "refused", _REFUSED, "answered 501, in the trace as refused")
        elif route.support == "partial":
            yield Coverage(route.name, "partial", _CALLS[route.name], _NOTES[route.name])
        else:
            yield Coverage(route.name, "supported", _CALLS[route.name])


def _events() -> Iterable[Coverage]:
    silent = _proof("webhooks", "every_event_that_can_be_subscribed_to_is_declared")
    for name in EVENTS:
        if name in _WEBHOOKS:
            yield Coverage(f"webhook {name}", "supported", _WEBHOOKS[name])
        else:
            yield Coverage(f"webhook {name}", "refused", silent, _NEVER)
    for name, proof in _CHANNEL_HOOKS.items():
        yield Coverage(f"channel hook {name}", "supported", proof)
    for name in ("reaction", "comment"):
        yield Coverage(f"channel hook {name}", "refused", silent, "agents have no act that would cause it")


COVERAGE: tuple[Coverage, ...] = (*_calls(), *_events())
