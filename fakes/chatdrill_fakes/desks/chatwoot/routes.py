"""The table of calls, and what comes before each: who calls, whether they may, and how fast.

Source: Chatwoot v4.15.1, config/routes.rb, concerns/access_token_auth_helper.rb (what a bot's token may call).
"""

from __future__ import annotations

from chatdrill.wire import Exchange, Handled, HttpRequest, HttpResponse, json_response
from chatdrill_fakes.desks.chatwoot import (
    administration,
    contacts,
    conversations,
    errors,
    files,
    filtering,
    messages,
    public,
)
from chatdrill_fakes.desks.chatwoot.common import Call, caller, is_too_deep, number
from chatdrill_fakes.desks.chatwoot.limits import NESTING_MAX
from chatdrill_fakes.desks.chatwoot.state import AgentBot, ChatwootState
from chatdrill_fakes.families.desks import Route, answer, route

_A = "/api/v1/accounts/{account_id}"
_P = "/public/api/v1/inboxes/{inbox_identifier}"
_PC = _P + "/contacts/{source_id}"
_PCC = _PC + "/conversations/{conversation_id}"
_SURVEY = "/public/api/v1/csat_survey/{uuid}"
_HIDDEN = frozenset({"identifier_hash", "access_token", "secret", "hmac_token"})
_SEARCH = "GET /contacts/search"

BOTS_MAY = frozenset(
    {
        "POST /conversations",
        "GET /conversations/{conversation_id}",
        "PATCH /conversations/{conversation_id}",
        "PUT /conversations/{conversation_id}",
        "POST /conversations/{conversation_id}/toggle_status",
        "POST /conversations/{conversation_id}/toggle_typing_status",
        "POST /conversations/{conversation_id}/toggle_priority",
        "POST /conversations/{conversation_id}/custom_attributes",
        "POST /conversations/{conversation_id}/messages",
        "POST /conversations/{conversation_id}/assignments",
        "GET /conversations/{conversation_id}/labels",
        "POST /conversations/{conversation_id}/labels",
    }
)


def _api(method: str, path: str, handler: object, support: str = "supported") -> Route:
    """A line of the application API, named without the account."""
    return route(method, _A + path, handler, name=f"{method} {path}", support=support)  # type: ignore[arg-type]


def _client(method: str, path: str, handler: object) -> Route:
    """A line of the client API, named by its path behind ``/public/api/v1``."""
    name = f"{method} {path.removeprefix('/public/api/v1')}"
    return route(method, path, handler, name=name)  # type: ignore[arg-type]


_TALK, _MESSAGE = "/conversations/{conversation_id}", "/conversations/{conversation_id}/messages/{message_id}"

ROUTES: tuple[Route, ...] = (
    # The client API
    _client("GET", _P, public.show_inbox),
    _client("POST", _P + "/contacts", public.create_contact),
    _client("GET", _PC, public.show_contact),
    _client("PATCH", _PC, public.update_contact),
    _client("PUT", _PC, public.update_contact),
    _client("POST", _PC + "/conversations", public.create_conversation),
    _client("GET", _PC + "/conversations", public.list_conversations),
    _client("GET", _PCC, public.show_conversation),
    _client("POST", _PCC + "/toggle_status", public.toggle_status),
    _client("POST", _PCC + "/toggle_typing", public.toggle_typing),
    _client("POST", _PCC + "/update_last_seen", public.update_last_seen),
    _client("POST", _PCC + "/messages", public.create_message),
    _client("GET", _PCC + "/messages", public.list_messages),
    _client("PATCH", _PCC + "/messages/{message_id}", public.update_message),
    _client("PUT", _PCC + "/messages/{message_id}", public.update_message),
    _client("GET", _SURVEY, public.show_survey),
    _client("PUT", _SURVEY, public.answer_survey),
    _client("PATCH", _SURVEY, public.answer_survey),
    route("GET", "/survey/responses/{uuid}", public.survey_page, support="partial"),
    # Files
    route("GET", "/rails/active_storage/blobs/redirect/{key}/{name}", files.redirect),
    route("GET", "/rails/active_storage/representations/redirect/{key}/{name}", files.redirect),
    route("GET", "/rails/active_storage/disk/{key}/{name}", files.content),
    route("GET", "/rails/active_storage/thumb/{key}/{name}", files.thumbnail),
    # Contacts
    _api("GET", "/contacts", contacts.index),
    _api("POST", "/contacts", contacts.create),
    _api("GET", "/contacts/search", contacts.search),
    _api("POST", "/contacts/filter", filtering.filter_contacts, "partial"),
    _api("POST", "/contacts/import", None),
    _api("GET", "/contacts/{contact_id}", contacts.show),
    _api("PUT", "/contacts/{contact_id}", contacts.update),
    _api("PATCH", "/contacts/{contact_id}", contacts.update),
    _api("DELETE", "/contacts/{contact_id}", contacts.destroy),
    _api("GET", "/contacts/{contact_id}/conversations", contacts.conversations),
    _api("GET", "/contacts/{contact_id}/labels", contacts.labels),
    _api("POST", "/contacts/{contact_id}/labels", contacts.labels),
    _api("POST", "/contacts/{contact_id}/contact_inboxes", contacts.create_link),
    _api("GET", "/contacts/{contact_id}/contactable_inboxes", None),
    _api("POST", "/actions/contact_merge", None),
    # Conversations
    _api("GET", "/conversations", conversations.index, "partial"),
    _api("POST", "/conversations", conversations.create),
    _api("GET", "/conversations/meta", conversations.meta),
    _api("GET", "/conversations/search", None),
    _api("POST", "/conversations/filter", None),
    _api("GET", _TALK, conversations.show),
    _api("PATCH", _TALK, conversations.update),
    _api("PUT", _TALK, conversations.update),
    _api("DELETE", _TALK, conversations.destroy),
    _api("POST", _TALK + "/toggle_status", conversations.toggle_status),
    _api("POST", _TALK + "/toggle_priority", conversations.toggle_priority),
    _api("POST", _TALK + "/toggle_typing_status", conversations.toggle_typing),
    _api("POST", _TALK + "/custom_attributes", conversations.custom_attributes),
    _api("POST", _TALK + "/assignments", conversations.assign),
    _api("GET", _TALK + "/labels", conversations.labels),
    _api("POST", _TALK + "/labels", conversations.labels),
    _api("POST", _TALK + "/update_last_seen", conversations.update_last_seen),
    _api("POST", _TALK + "/mute", conversations.mute),
    _api("POST", _TALK + "/unmute", conversations.unmute),
    _api("POST", _TALK + "/transcript", None),
    _api("GET", _TALK + "/participants", None),
    _api("GET", _TALK + "/reporting_events", None),
    _api("GET", _TALK + "/messages", messages.index),
    _api("POST", _TALK + "/messages", messages.create),
    _api("PATCH", _MESSAGE, messages.update),
    _api("PUT", _MESSAGE, messages.update),
    _api("DELETE", _MESSAGE, messages.destroy),
    _api("POST", _MESSAGE + "/retry", None),
    _api("POST", _MESSAGE + "/translate", None),
    _api("POST", "/upload", None),
    # The account's own side
    _api("GET", "/agents", administration.list_agents),
    _api("POST", "/agents", None),
    _api("GET", "/teams", administration.list_teams),
    _api("POST", "/teams", administration.create_team),
    _api("GET", "/teams/{team_id}", administration.show_team),
    _api("GET", "/teams/{team_id}/team_members", administration.team_members),
    _api("GET", "/inboxes", administration.list_inboxes),
    _api("POST", "/inboxes", None),
    _api("GET", "/inboxes/{inbox_id}", administration.show_inbox),
    _api("PATCH", "/inboxes/{inbox_id}", administration.update_inbox, "partial"),
    _api("GET", "/inboxes/{inbox_id}/agent_bot", administration.inbox_bot),
    _api("POST", "/inboxes/{inbox_id}/set_agent_bot", administration.set_inbox_bot),
    _api("GET", "/agent_bots", administration.list_bots),
    _api("POST", "/agent_bots", administration.create_bot),
    _api("GET", "/agent_bots/{bot_id}", administration.show_bot),
    _api("PATCH", "/agent_bots/{bot_id}", administration.update_bot),
    _api("DELETE", "/agent_bots/{bot_id}", administration.delete_bot),
    _api("GET", "/webhooks", administration.list_webhooks),
    _api("POST", "/webhooks", administration.create_webhook),
    _api("PATCH", "/webhooks/{webhook_id}", administration.update_webhook),
    _api("PUT", "/webhooks/{webhook_id}", administration.update_webhook),
    _api("DELETE", "/webhooks/{webhook_id}", administration.delete_webhook),
    _api("GET", "/canned_responses", None),
    _api("GET", "/labels", None),
    _api("GET", "/automation_rules", None),
    _api("GET", "/custom_attribute_definitions", None),
    _api("GET", "/reporting_events", None),
    route("GET", "/api/v1/profile", administration.profile),
    route("GET", "/api/v2/accounts/{account_id}/reports", None),
    route("POST", "/platform/api/v1/accounts", None),
    route("POST", "/platform/api/v1/users", None),
    route("POST", "/platform/api/v1/agent_bots", None),
)


def _before(visit: Call, found: Route | None) -> None:
    """Rates first, then the token, the bot's rights, the account."""
    state, now = visit.state, visit.exchange.now
    if state.on("rate_limits") and _is_too_fast(state, found, now):
        raise errors.too_fast()
    _check_body(visit)
    if visit.request.path.startswith("/public/"):
        public.check_inbox(visit)
    if found is None or not found.path.startswith("/api/"):
        return
    who = caller(visit)
    if isinstance(who, AgentBot) and found.name not in BOTS_MAY:
        raise errors.refused(401, "Access to this endpoint is not authorized for bots")
    if "account_id" in visit.params and number(visit.params["account_id"]) != state.account_id:
        whose = "Bot is" if isinstance(who, AgentBot) else "You are"
        raise errors.refused(401, f"{whose} not authorized to access this account")


def _check_body(visit: Call) -> None:
    """Refuse what Rails cannot parse; JSON that is no object and unknown kinds of content are just no arguments."""
    problem = visit.arguments.problem or ""
    if problem.startswith(("invalid JSON", "broken multipart")) or is_too_deep(visit.values):
        raise errors.bad_request(problem or f"nested deeper than {NESTING_MAX} levels")


def _is_too_fast(state: ChatwootState, found: Route | None, now: float) -> bool:
    is_search = found is not None and found.name == _SEARCH
    return state.requests.take(now) > 0 or (is_search and state.searches.take(now) > 0)


def _unknown(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return json_response({"error": errors.NOT_FOUND}, status=404)


def _unemulated(name: str) -> HttpResponse:
    return json_response({"error": f"chatdrill does not emulate {name}"}, status=501)


def handle(state: ChatwootState, exchange: Exchange) -> Handled:
    """Answer a call of the bot. Never raises."""
    return answer(
        state,
        exchange,
        ROUTES,
        path=exchange.request.path_in_parts,
        unknown=_unknown,
        refused=_unemulated,
        before=_before,
        hidden=_HIDDEN,
    )
