"""How faithfully each call and notification is emulated, and the test that shows it."""

from __future__ import annotations

from collections.abc import Iterable

from chatdrill.wire import Coverage
from chatdrill_fakes.desks.intercom.declared import NEVER_SENT, TOPICS
from chatdrill_fakes.desks.intercom.routes import REFUSED, ROUTES


def _proof(file: str, test: str) -> str:
    return f"tests/desks/intercom/test_{file}.py::test_{test}"


_CONTACT = _proof("contacts", "a_contact_has_the_shape_of_the_api")
_LISTS = _proof("contacts", "contacts_are_searched_and_listed_by_page")
_ARCHIVED = _proof("contacts", "an_archived_contact_does_not_resolve_and_still_takes_its_place")
_TAGS = _proof("managing", "a_tag_is_hung_on_and_taken_off")
_PEOPLE = _proof("managing", "participants_come_and_go_but_not_the_last_one")
_TICKET = _proof("tickets", "a_ticket_has_the_shape_of_the_api_and_waits_for_people")
_WORKSPACE = _proof("workspace", "the_workspace_shows_its_people_teams_and_types")
_JOB = _proof("tickets", "an_enqueued_ticket_is_a_job_and_a_second_call_makes_a_second_ticket")
_GOLDEN = _proof("conversations", "a_conversation_has_the_shape_of_the_api")

_PROOFS = {
    "POST /contacts": _CONTACT,
    "GET /contacts": _LISTS,
    "POST /contacts/search": _LISTS,
    "POST /contacts/merge": _proof("contacts", "a_merged_lead_stops_to_resolve_and_its_conversations_move"),
    "GET /contacts/find_by_external_id/{external_id}": _CONTACT,
    "GET /contacts/{id}": _CONTACT,
    "PUT /contacts/{id}": _proof("contacts", "a_contact_is_changed_and_deleted"),
    "DELETE /contacts/{id}": _proof("contacts", "a_contact_is_changed_and_deleted"),
    "POST /contacts/{id}/archive": _ARCHIVED,
    "POST /contacts/{id}/unarchive": _ARCHIVED,
    "POST /contacts/{id}/block": _ARCHIVED,
    "POST /conversations": _proof("conversations", "the_answer_names_the_message_and_the_conversation_apart"),
    "GET /conversations": _proof("conversations", "conversations_are_searched_and_listed_by_page"),
    "POST /conversations/search": _proof("conversations", "conversations_are_searched_and_listed_by_page"),
    "POST /conversations/redact": _proof("managing", "a_redacted_part_keeps_its_place_without_its_words"),
    "GET /conversations/{id}": _GOLDEN,
    "PUT /conversations/{id}": _proof("conversations", "title_and_attributes_are_kept_and_leave_parts"),
    "DELETE /conversations/{id}": _proof("managing", "a_deleted_conversation_is_gone_and_told_in_its_short_form"),
    "POST /conversations/{id}/reply": _proof("conversations", "every_kind_of_reply_is_a_part_with_its_author"),
    "POST /conversations/{id}/parts": _proof("managing", "states_change_as_the_vendor_changes_them"),
    "POST /conversations/{id}/convert": _proof("tickets", "a_converted_conversation_keeps_its_id"),
    "POST /conversations/{id}/tags": _TAGS,
    "DELETE /conversations/{id}/tags/{tag_id}": _TAGS,
    "POST /conversations/{id}/customers": _PEOPLE,
    "DELETE /conversations/{id}/customers/{contact_id}": _PEOPLE,
    "POST /tickets": _TICKET,
    "POST /tickets/search": _proof("tickets", "tickets_are_searched"),
    "POST /tickets/enqueue": _JOB,
    "GET /tickets/{id}": _TICKET,
    "PUT /tickets/{id}": _proof("tickets", "a_ticket_changes_state_attributes_and_assignee"),
    "DELETE /tickets/{id}": _proof("tickets", "a_deleted_ticket_is_gone"),
    "POST /tickets/{id}/reply": _proof("tickets", "replies_to_a_ticket_are_ticket_parts"),
    "POST /tickets/{id}/tags": _TAGS,
    "DELETE /tickets/{id}/tags/{tag_id}": _TAGS,
    "GET /jobs/status/{id}": _JOB,
    "PUT /admins/{id}/away": _proof("workspace", "away_mode_is_set_told_and_checked"),
    "POST /tags": _TAGS,
    "GET /downloads/{sha256}/{name}": _proof("conversations", "files_of_links_and_of_base64_can_be_downloaded"),
}
_NOTES = {
    "POST /contacts/{id}/block": "the contact's conversations stay",
    "POST /conversations/search": "source.body is compared as a whole; statistics cannot be searched",
    "POST /tickets/search": "every field of the ticket object, by its JSON path",
    "POST /tickets/enqueue": "the job is pending in the answer, and its ticket is made at once",
    "GET /jobs/status/{id}": "a job never fails",
    "POST /tags": "makes and renames tags; users and companies are answered 501",
}
_TOPIC_PROOF = _proof("hooks", "every_topic_is_sent_when_its_thing_happens")
_PARTIAL = {
    "ping": "sent when a scenario lets 'ping' elapse",
    "admin.logged_in": "an agent who was offline comes back",
    "admin.logged_out": "an agent goes offline",
    **{
        topic: "the wrapper of ticket and ticket part is not verified"
        for topic in TOPICS
        if topic.startswith("ticket.") and topic not in ("ticket.created", "ticket.resolved")
    },
}


def _calls() -> Iterable[Coverage]:
    for route in ROUTES:
        note = _NOTES.get(route.name, "")
        yield Coverage(route.name, "partial" if note else "supported", _PROOFS.get(route.name, _WORKSPACE), note)


def _refused() -> Iterable[Coverage]:
    proof = _proof("transport", "what_is_not_emulated_answers_loudly")
    for name in REFUSED:
        yield Coverage(name, "refused", proof, "answered 501, in the trace as refused")


def _topics() -> Iterable[Coverage]:
    for topic in TOPICS:
        note = _PARTIAL.get(topic, "")
        yield Coverage(topic, "partial" if note else "supported", _TOPIC_PROOF, note)
    for topic in NEVER_SENT:
        yield Coverage(topic, "refused", _TOPIC_PROOF, "never sent: nothing emulated causes it")


_DELIVERY = Coverage(
    "webhook delivery",
    "partial",
    _proof("hooks", "a_redelivery_is_the_same_notification"),
    "delivery_attempts stays 1 in the second attempt; pauses after 1,000 errors and suspension after 7 days are left out",
)

COVERAGE: tuple[Coverage, ...] = (*_calls(), *_refused(), *_topics(), _DELIVERY)
