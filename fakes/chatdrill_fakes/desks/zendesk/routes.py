"""Which function answers which call; without one the vendor has the call and chatdrill does not emulate it."""

from __future__ import annotations

from chatdrill_fakes.desks.zendesk.sunco import administration, control, conversations, messages
from chatdrill_fakes.desks.zendesk.sunco import users as sunco_users
from chatdrill_fakes.desks.zendesk.support import comments, more, people, tickets, webhooks
from chatdrill_fakes.families.desks import Route, route

_API, _APP = "/api/v2", "/sc/v2/apps/{app}"
_TALK = f"{_APP}/conversations/{{cid}}"
_BOARD = f"{_APP}/switchboards/{{sid}}"
_HOOKS = f"{_APP}/integrations/{{iid}}/webhooks"

SUPPORT: tuple[Route, ...] = (
    *(
        route(method, f"{_API}/{path}", None)
        for method, path in (
            ("GET", "search"),
            ("GET", "triggers"),
            ("POST", "triggers"),
            ("GET", "automations"),
            ("GET", "macros"),
            ("GET", "ticket_fields"),
            ("GET", "ticket_forms"),
            ("GET", "custom_statuses"),
            ("GET", "organizations"),
            ("GET", "brands"),
            ("GET", "views"),
            ("POST", "tickets/create_many"),
            ("PUT", "tickets/update_many"),
            ("GET", "incremental/tickets"),
            ("GET", "incremental/tickets/cursor"),
            ("GET", "webhooks/{id}/invocations"),
            ("POST", "webhooks/test"),
            ("POST", "users/create_or_update_many"),
            ("PUT", "users/{id}/merge"),
            ("DELETE", "users/{id}"),
            ("GET", "users/count"),
            ("POST", "users/create_many"),
            ("PUT", "users/update_many"),
            ("DELETE", "users/destroy_many"),
            ("GET", "users/{id}/identities"),
            ("GET", "users/{id}/groups"),
            ("GET", "groups/assignable"),
            ("GET", "tickets/count"),
            ("GET", "tickets/recent"),
            ("DELETE", "tickets/destroy_many"),
        )
    ),
    route("GET", f"{_API}/users/me", people.me),
    route("GET", f"{_API}/users/search", people.search),
    route("POST", f"{_API}/users/create_or_update", people.create_or_update),
    route("GET", f"{_API}/users", people.index),
    route("POST", f"{_API}/users", people.create),
    route("GET", f"{_API}/users/show_many", people.show_many),
    route("GET", f"{_API}/users/{{id}}", people.show),
    route("PUT", f"{_API}/users/{{id}}", people.update),
    route("GET", f"{_API}/users/{{user}}/tickets/requested", tickets.index),
    route("GET", f"{_API}/groups", people.groups),
    route("GET", f"{_API}/groups/{{id}}", people.show_group),
    route("GET", f"{_API}/tickets", tickets.index),
    route("POST", f"{_API}/tickets", tickets.create),
    route("GET", f"{_API}/tickets/show_many", tickets.show_many),
    route("GET", f"{_API}/tickets/{{id}}", tickets.show),
    route("PUT", f"{_API}/tickets/{{id}}", tickets.update),
    route("DELETE", f"{_API}/tickets/{{id}}", tickets.delete),
    route("POST", f"{_API}/imports/tickets", tickets.import_ticket, support="partial"),
    route("GET", f"{_API}/tickets/{{id}}/comments", comments.index, support="partial"),
    route("PUT", f"{_API}/tickets/{{id}}/comments/{{comment}}/make_private", comments.make_private),
    route("GET", f"{_API}/tickets/{{id}}/audits", tickets.audits, support="partial"),
    route("GET", f"{_API}/tickets/{{id}}/conversation_log", comments.conversation_log, support="partial"),
    route("GET", f"{_API}/tickets/{{id}}/tags", more.tags),
    route("PUT", f"{_API}/tickets/{{id}}/tags", more.add_tags),
    route("POST", f"{_API}/tickets/{{id}}/tags", more.set_tags),
    route("DELETE", f"{_API}/tickets/{{id}}/tags", more.remove_tags),
    route("POST", f"{_API}/tickets/{{id}}/merge", more.merge, support="partial"),
    route("GET", f"{_API}/job_statuses/{{id}}", more.job),
    route("PUT", f"{_API}/comment_redactions/{{id}}", comments.redact),
    route("POST", f"{_API}/uploads", comments.upload),
    route("DELETE", f"{_API}/uploads/{{token}}", comments.forget_upload),
    route("GET", f"{_API}/attachments/{{id}}", comments.show_attachment),
    route("POST", f"{_API}/tickets/{{id}}/satisfaction_rating", more.rate),
    route("GET", f"{_API}/satisfaction_ratings", more.ratings, support="partial"),
    route("GET", f"{_API}/agent_availabilities", more.availabilities, support="partial"),
    route("GET", f"{_API}/agent_availabilities/{{id}}", more.availability, support="partial"),
    route("GET", f"{_API}/business_hours/schedules", more.schedules, support="partial"),
    route("GET", f"{_API}/business_hours/schedules/{{id}}/holidays", more.holidays, support="partial"),
    route("GET", f"{_API}/webhooks", webhooks.index),
    route("POST", f"{_API}/webhooks", webhooks.create, support="partial"),
    route("GET", f"{_API}/webhooks/{{id}}", webhooks.show),
    route("PUT", f"{_API}/webhooks/{{id}}", webhooks.change),
    route("PATCH", f"{_API}/webhooks/{{id}}", webhooks.change),
    route("DELETE", f"{_API}/webhooks/{{id}}", webhooks.remove),
    route("GET", f"{_API}/webhooks/{{id}}/signing_secret", webhooks.secret),
    route("POST", f"{_API}/webhooks/{{id}}/signing_secret", webhooks.new_secret),
    route("GET", "/attachments/token/{token}", comments.download),
)

SUNCO: tuple[Route, ...] = (
    *(
        route(method, f"/sc/v2/{path}", None)
        for method, path in (
            ("GET", "apps"),
            ("POST", "apps"),
            ("PATCH", "apps/{app}"),
            ("DELETE", "apps/{app}"),
            ("GET", "apps/{app}/keys"),
            ("POST", "apps/{app}/keys"),
            ("PATCH", "apps/{app}/integrations/{iid}"),
            ("DELETE", "apps/{app}/integrations/{iid}"),
            ("GET", "apps/{app}/integrations/{iid}/keys"),
            ("POST", "apps/{app}/integrations/{iid}/keys"),
            ("POST", "apps/{app}/conversations/{cid}/download"),
            ("POST", "apps/{app}/conversations/{cid}/conversionEvents"),
            ("GET", "apps/{app}/users/{user}/clients"),
            ("POST", "apps/{app}/users/{user}/clients"),
            ("DELETE", "apps/{app}/users/{user}/clients/{client}"),
            ("GET", "apps/{app}/users/{user}/devices"),
            ("DELETE", "apps/{app}/users/{user}/personalinformation"),
            ("POST", "apps/{app}/users/{user}/sync"),
            ("GET", "tokenInfo"),
        )
    ),
    route("GET", _APP, administration.app),
    route("POST", f"{_APP}/users", sunco_users.create),
    route("GET", f"{_APP}/users", sunco_users.index),
    route("GET", f"{_APP}/users/{{user}}", sunco_users.show),
    route("PATCH", f"{_APP}/users/{{user}}", sunco_users.update),
    route("DELETE", f"{_APP}/users/{{user}}", sunco_users.remove),
    route("POST", f"{_APP}/conversations", conversations.create),
    route("GET", f"{_APP}/conversations", conversations.index),
    route("GET", _TALK, conversations.show),
    route("PATCH", _TALK, conversations.update),
    route("DELETE", _TALK, conversations.remove),
    route("GET", f"{_TALK}/participants", conversations.participants),
    route("POST", f"{_TALK}/join", conversations.join),
    route("POST", f"{_TALK}/leave", conversations.leave),
    route("POST", f"{_TALK}/messages", messages.post, support="partial"),
    route("GET", f"{_TALK}/messages", messages.index),
    route("DELETE", f"{_TALK}/messages", messages.remove_all),
    route("DELETE", f"{_TALK}/messages/{{mid}}", messages.remove),
    route("POST", f"{_TALK}/activity", messages.activity),
    route("POST", f"{_TALK}/passControl", control.pass_control),
    route("POST", f"{_TALK}/offerControl", control.offer_control),
    route("POST", f"{_TALK}/acceptControl", control.accept_control),
    route("POST", f"{_TALK}/releaseControl", control.release_control),
    route("POST", f"{_APP}/attachments", messages.upload),
    route("POST", f"{_APP}/attachments/remove", messages.remove_file),
    route("GET", "/sc/attachments/v2/{id}/{name}", messages.download),
    route("GET", f"{_APP}/switchboards", administration.switchboards),
    route("POST", f"{_APP}/switchboards", administration.create_switchboard),
    route("PATCH", _BOARD, administration.update_switchboard),
    route("DELETE", _BOARD, administration.remove_switchboard),
    route("GET", f"{_BOARD}/switchboardIntegrations", administration.stations),
    route("POST", f"{_BOARD}/switchboardIntegrations", administration.create_station),
    route("PATCH", f"{_BOARD}/switchboardIntegrations/{{siid}}", administration.update_station),
    route("DELETE", f"{_BOARD}/switchboardIntegrations/{{siid}}", administration.remove_station),
    route("GET", f"{_APP}/integrations", administration.integrations),
    route("POST", f"{_APP}/integrations", administration.create_integration, support="partial"),
    route("GET", f"{_APP}/integrations/{{iid}}", administration.show_integration),
    route("GET", _HOOKS, administration.webhooks),
    route("POST", _HOOKS, administration.create_webhook, support="partial"),
    route("GET", f"{_HOOKS}/{{wid}}", administration.show_webhook),
    route("PATCH", f"{_HOOKS}/{{wid}}", administration.update_webhook),
    route("DELETE", f"{_HOOKS}/{{wid}}", administration.remove_webhook),
)
ROUTES = (*SUPPORT, *SUNCO)
HIDDEN = frozenset({"webhook", "target"})
"""Addresses of webhooks often have a token in them."""


def path_of(path: str) -> str:
    """A path as the table has it: without ``.json``, and Sunshine's under ``/sc`` also where the bot calls its older host."""
    if path.startswith("/v2/"):
        return f"/sc{path}"
    return path.removesuffix(".json") if path.startswith("/api/") else path
