"""How faithfully each call and event is emulated, and the test that shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from chatdrill.wire import Coverage
from chatdrill_fakes.desks.zendesk.routes import ROUTES
from chatdrill_fakes.desks.zendesk.sunco.administration import TRIGGERS

_TESTS = "tests/desks/zendesk/test_{}.py::test_{}"


def _proof(file: str, test: str) -> str:
    return _TESTS.format(file, test)


_LOUD = _proof("gate", "what_is_not_emulated_answers_loudly")
_TICKET = _proof("tickets", "a_new_ticket_has_the_vendors_shape")
_USERS = _proof("people", "users_are_shown_changed_and_listed")
_TAGS = _proof("tickets", "tags_are_added_set_and_removed")
_UPLOAD = _proof("people", "a_file_comes_back_byte_by_byte")
_AGENTS = _proof("people", "the_presence_of_agents_is_shown")
_HOURS = _proof("people", "the_hours_are_minutes_since_sunday")
_SUBSCRIPTION = _proof("hooks", "a_subscription_is_shown_changed_and_removed")
_RATING = _proof("tickets", "only_the_requester_rates_and_only_after_solving")
_MERGE = _proof("tickets", "merged_tickets_are_closed_and_a_job_tells_of_it")
_USER = _proof("sunco", "a_user_exists_once")
_USER_CHANGED = _proof("sunco", "a_user_is_found_changed_and_deleted")
_TALKS = _proof("sunco", "conversations_are_listed_changed_and_deleted")
_TALK = _proof("sunco", "a_conversation_has_the_vendors_shape_and_begins_with_the_bot")
_GROUPS = _proof("sunco", "only_groups_are_joined_and_left")
_PAGES = _proof("sunco", "messages_are_paged_backwards_and_a_deleted_one_keeps_its_place")
_STATION = _proof("switchboard", "a_switchboard_integration_is_made_changed_and_removed")
_BOARD = _proof("switchboard", "a_switchboard_has_at_most_ten_integrations_and_an_app_one_switchboard")
_OFFER = _proof("switchboard", "an_offer_is_accepted_once")
_INTEGRATIONS = _proof("switchboard", "integrations_are_listed_and_only_custom_ones_made")
_SUNCO_HOOK = _proof("hooks", "a_webhook_of_sunshine_is_shown_changed_and_removed")
_MEDIA = _proof("sunco", "an_attachment_is_uploaded_shown_and_downloaded")

_SUPPORT_PROOFS: dict[str, str] = {
    "GET users/me": _USERS,
    "GET users/show_many": _proof("people", "several_are_shown_by_their_ids"),
    "GET tickets/show_many": _proof("people", "several_are_shown_by_their_ids"),
    "GET users/search": _proof("people", "a_user_is_found"),
    "POST users/create_or_update": _proof("people", "a_user_is_made_once_and_then_updated"),
    "GET users": _USERS,
    "POST users": _proof("people", "what_names_a_user_is_nobody_elses"),
    "GET users/{id}": _USERS,
    "PUT users/{id}": _USERS,
    "GET users/{user}/tickets/requested": _proof("tickets", "the_tickets_of_a_requester_are_listed"),
    "GET groups": _USERS,
    "GET groups/{id}": _USERS,
    "GET tickets": _proof("tickets", "an_external_id_does_not_make_a_ticket_unique"),
    "POST tickets": _TICKET,
    "GET tickets/{id}": _proof("tickets", "a_customers_public_comment_opens_a_waiting_ticket"),
    "PUT tickets/{id}": _proof("tickets", "the_author_of_a_comment_says_whose_it_is"),
    "DELETE tickets/{id}": _proof("tickets", "a_deleted_ticket_is_gone"),
    "POST imports/tickets": _proof("tickets", "an_imported_ticket_keeps_its_times_and_tells_no_webhook"),
    "GET tickets/{id}/comments": _proof("tickets", "comments_are_listed_in_order_by_page_and_by_cursor"),
    "PUT tickets/{id}/comments/{comment}/make_private": _proof("tickets", "a_comment_can_be_made_private"),
    "GET tickets/{id}/audits": _proof("tickets", "every_update_is_in_the_change_log_and_time_only_grows"),
    "GET tickets/{id}/conversation_log": _proof("switchboard", "both_ids_mean_the_same_ticket"),
    **dict.fromkeys([f"{method} tickets/{{id}}/tags" for method in ("GET", "PUT", "POST", "DELETE")], _TAGS),
    "POST tickets/{id}/merge": _MERGE,
    "GET job_statuses/{id}": _MERGE,
    "PUT comment_redactions/{id}": _proof("tickets", "redaction_leaves_blocks"),
    "POST uploads": _proof("people", "an_upload_waits_for_a_comment_and_is_used_up_by_it"),
    "DELETE uploads/{token}": _proof("people", "an_upload_can_be_taken_back"),
    "GET attachments/{id}": _UPLOAD,
    "POST tickets/{id}/satisfaction_rating": _RATING,
    "GET satisfaction_ratings": _RATING,
    "GET agent_availabilities": _AGENTS,
    "GET agent_availabilities/{id}": _AGENTS,
    "GET business_hours/schedules": _HOURS,
    "GET business_hours/schedules/{id}/holidays": _HOURS,
    "POST webhooks": _proof("hooks", "several_subscriptions_get_the_same_event_each_with_its_own_secret"),
    "GET webhooks": _SUBSCRIPTION,
    **dict.fromkeys([f"{method} webhooks/{{id}}" for method in ("GET", "PUT", "PATCH", "DELETE")], _SUBSCRIPTION),
    "GET webhooks/{id}/signing_secret": _proof(
        "hooks", "several_subscriptions_get_the_same_event_each_with_its_own_secret"
    ),
    "POST webhooks/{id}/signing_secret": _proof("hooks", "a_new_signing_secret_replaces_the_old"),
}
_TALK_PATH, _BOARD_PATH = "conversations/{cid}", "switchboards/{sid}"
_STATIONS, _HOOKS = f"{_BOARD_PATH}/switchboardIntegrations", "integrations/{iid}/webhooks"
_SUNCO_PROOFS: dict[str, str] = {
    "GET ": _proof("sunco", "the_older_host_has_the_same_paths"),
    "POST users": _USER,
    "GET users": _USER_CHANGED,
    "GET users/{user}": _USER,
    "PATCH users/{user}": _USER_CHANGED,
    "DELETE users/{user}": _USER_CHANGED,
    "POST conversations": _TALK,
    "GET conversations": _TALKS,
    f"GET {_TALK_PATH}": _TALK,
    f"PATCH {_TALK_PATH}": _TALKS,
    f"DELETE {_TALK_PATH}": _TALKS,
    f"GET {_TALK_PATH}/participants": _GROUPS,
    f"POST {_TALK_PATH}/join": _GROUPS,
    f"POST {_TALK_PATH}/leave": _GROUPS,
    f"POST {_TALK_PATH}/messages": _proof("sunco", "a_message_has_the_vendors_shape"),
    f"GET {_TALK_PATH}/messages": _PAGES,
    f"DELETE {_TALK_PATH}/messages": _PAGES,
    f"DELETE {_TALK_PATH}/messages/{{mid}}": _PAGES,
    f"POST {_TALK_PATH}/activity": _proof(
        "sunco", "typing_and_reading_of_the_user_are_told_and_the_business_only_reads"
    ),
    f"POST {_TALK_PATH}/passControl": _proof("switchboard", "passing_control_to_the_workspace_makes_the_ticket"),
    f"POST {_TALK_PATH}/offerControl": _OFFER,
    f"POST {_TALK_PATH}/acceptControl": _OFFER,
    f"POST {_TALK_PATH}/releaseControl": _proof(
        "switchboard", "released_control_goes_to_the_default_with_the_next_message"
    ),
    "POST attachments": _MEDIA,
    "POST attachments/remove": _proof("sunco", "an_attachment_can_be_removed"),
    "GET switchboards": _BOARD,
    "POST switchboards": _BOARD,
    f"PATCH {_BOARD_PATH}": _proof("switchboard", "nobody_has_a_conversation_whose_default_is_the_workspace"),
    f"DELETE {_BOARD_PATH}": _BOARD,
    f"GET {_STATIONS}": _proof("switchboard", "a_target_is_found_by_id_name_type_or_place"),
    f"POST {_STATIONS}": _STATION,
    f"PATCH {_STATIONS}/{{siid}}": _STATION,
    f"DELETE {_STATIONS}/{{siid}}": _STATION,
    "GET integrations": _INTEGRATIONS,
    "POST integrations": _INTEGRATIONS,
    "GET integrations/{iid}": _INTEGRATIONS,
    f"GET {_HOOKS}": _SUNCO_HOOK,
    f"POST {_HOOKS}": _proof("hooks", "a_webhook_of_sunshine_has_its_own_secret_and_triggers"),
    **dict.fromkeys([f"{method} {_HOOKS}/{{wid}}" for method in ("GET", "PATCH", "DELETE")], _SUNCO_HOOK),
}
_FILES = {
    "GET /attachments/token/{token}": _UPLOAD,
    "GET /sc/attachments/v2/{id}/{name}": _MEDIA,
}
_NOTES: dict[str, str] = {
    "/imports/tickets": "solved_at and archive_immediately are ignored",
    "/comments": "of a conversation's ticket only comments are listed, not the transcript that Zendesk adds at its end",
    "/audits": "audits hold comments and changes of fields, no notifications",
    "/conversation_log": "comments and messages; the exact shape of the events was not verified",
    "/merge": "the job is done when it is first asked for",
    "/satisfaction_ratings": "start_time and end_time are ignored",
    "/agent_availabilities": "no filters; versions stay 1",
    "/agent_availabilities/{id}": "versions stay 1",
    "/schedules": "one schedule, Monday to Friday 9 to 17 UTC; it has no effect",
    "/holidays": "there are none",
    "/api/v2/webhooks": "a webhook for triggers is kept but never called, for triggers are not emulated; no circuit breaker",
    "/messages": "destination and override are ignored: a message goes to no channel, so no delivery events follow",
    "/integrations": "custom integrations only",
    "/integrations/{iid}/webhooks": "includeFullSource is kept and has no effect: calls of the API have no client or device",
}


def _proof_of(name: str) -> str:
    method, _, path = name.partition(" ")
    if path.startswith("/api/v2/"):
        return _SUPPORT_PROOFS[f"{method} {path.removeprefix('/api/v2/')}"]
    if path.startswith("/sc/v2/apps/{app}"):
        return _SUNCO_PROOFS[f"{method} {path.removeprefix('/sc/v2/apps/{app}').lstrip('/')}"]
    return _FILES[name]


def _note_of(name: str) -> str:
    fitting = [end for end in _NOTES if name.endswith(end)]
    return _NOTES[max(fitting, key=len)]


def _calls() -> Iterable[Coverage]:
    for route in ROUTES:
        if route.support == "refused":
            yield Coverage(route.name, "refused", _LOUD, "answered 501, in the trace as refused")
        elif route.support == "partial":
            yield Coverage(route.name, "partial", _proof_of(route.name), _note_of(route.name))
        else:
            yield Coverage(route.name, "supported", _proof_of(route.name))


# --------------------------------------------------------------------------------------------------------- events

_CHANGE = _proof("hooks", "every_change_has_its_event")
_ACTS = _proof("agents", "each_act_has_its_events_its_webhooks_and_its_owner")
_UNVERIFIED = "the name stands in no page that could be read; treat it as a guess"
Status = Literal["supported", "partial", "refused"]
EVENTS: dict[str, tuple[Status, str, str]] = {
    "ticket.created": ("supported", _proof("hooks", "messages_of_a_conversation_are_an_event_of_support_too"), ""),
    "ticket.comment_added": ("supported", _proof("hooks", "an_event_of_support_has_the_vendors_shape"), ""),
    **{
        f"ticket.{name}_changed": ("supported", _CHANGE, "")
        for name in ("status", "priority", "subject", "type", "external_id", "tags", "custom_field")
    },
    "ticket.agent_assignment_changed": ("supported", _ACTS, ""),
    "ticket.group_assignment_changed": ("supported", _ACTS, ""),
    "ticket.merged": ("supported", _MERGE, ""),
    "ticket.soft_deleted": ("supported", _proof("tickets", "a_deleted_ticket_is_gone"), ""),
    "ticket.comment_redacted": ("supported", _proof("tickets", "redaction_leaves_blocks"), ""),
    "ticket.comment_made_private": ("supported", _proof("tickets", "a_comment_can_be_made_private"), ""),
    "ticket.attachment_linked_to_comment": (
        "supported",
        _proof("agents", "an_agents_file_can_be_downloaded_by_the_bot"),
        "",
    ),
    "ticket.csat_requested": (
        "partial",
        _proof("tickets", "the_survey_is_asked_for_a_day_after_solving_where_it_is_on"),
        _UNVERIFIED,
    ),
    "ticket.csat_received": ("partial", _ACTS, _UNVERIFIED),
    "messaging_ticket.message_added": (
        "supported",
        _proof("hooks", "messages_of_a_conversation_are_an_event_of_support_too"),
        "",
    ),
    "agent.unified_state_changed": (
        "partial",
        _proof("agents", "presence_is_told_to_whom_wants_to_know"),
        "the fields inside event were not verified",
    ),
    **dict.fromkeys(
        (
            "ticket.custom_status_changed",
            "ticket.brand_changed",
            "ticket.permanently_deleted",
            "ticket.undeleted",
            "ticket.attachment_redacted_from_comment",
            "agent.state_changed",
            "agent.work_item_added",
            "agent.work_item_removed",
            "agent.max_capacity_changed",
        ),
        ("refused", _LOUD, "never sent: nothing that is emulated causes it"),
    ),
}
_MEMBERS = _proof("hooks", "group_members_and_removals_are_told")
_TRIGGER_PROOFS = {
    "conversation:create": _MEMBERS,
    "conversation:join": _MEMBERS,
    "conversation:leave": _MEMBERS,
    "conversation:remove": _MEMBERS,
    "user:remove": _MEMBERS,
    "conversation:message": _proof("hooks", "an_event_of_sunshine_has_the_vendors_shape"),
    "conversation:typing": _proof("sunco", "typing_and_reading_of_the_user_are_told_and_the_business_only_reads"),
    "conversation:read": _proof("sunco", "typing_and_reading_of_the_user_are_told_and_the_business_only_reads"),
    "switchboard:passControl": _proof("hooks", "who_gives_and_who_gets_control_hear_of_it_even_on_standby"),
    "switchboard:passControl:failure": _proof("switchboard", "a_wrong_target_is_answered_200_and_reported_by_an_event"),
    "switchboard:offerControl": _proof("hooks", "who_is_offered_control_hears_again"),
    "switchboard:offerControl:failure": _proof("switchboard", "control_is_not_offered_to_whom_has_it"),
    "switchboard:acceptControl": _OFFER,
    "switchboard:acceptControl:failure": _OFFER,
    "switchboard:releaseControl": _proof("agents", "the_end_is_said_in_the_conversation_and_by_the_switchboard"),
}


def _events() -> Iterable[Coverage]:
    for name, (status, proof, note) in EVENTS.items():
        yield Coverage(f"event {name}", status, proof, note)
    for name in sorted(TRIGGERS):
        known = _TRIGGER_PROOFS.get(name)
        if known is not None:
            yield Coverage(f"event {name}", "supported", known)
        else:
            yield Coverage(
                f"event {name}", "refused", _LOUD, "may be subscribed to, never sent: no channel is emulated"
            )


COVERAGE: tuple[Coverage, ...] = (*_calls(), *_events())
