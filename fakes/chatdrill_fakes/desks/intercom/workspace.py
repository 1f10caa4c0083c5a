"""The workspace: admins, teams, tags, ticket types and states, files."""

from __future__ import annotations

from chatdrill.model import Presence, PresenceChanged
from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.intercom import acting, hooks, shapes, ticket_shapes
from chatdrill_fakes.desks.intercom.errors import invalid, not_found, refuse
from chatdrill_fakes.desks.intercom.reading import Call, text_of
from chatdrill_fakes.desks.intercom.state import AwayMode

AWAY_REASONS = {"12345": ("☕", "On a break"), "12346": ("🍽️", "At lunch"), "12347": ("🏠", "Off for the day")}


def me(visit: Call) -> HttpResponse:
    """GET /me: whose token it is."""
    settings = visit.state.settings
    return json_response(
        {
            "type": "admin",
            "id": visit.state.bot_id,
            "email": settings["admin_email"],
            "name": settings["admin_name"],
            "email_verified": True,
            "app": {
                "type": "app",
                "id_code": settings["app_id"],
                "name": "chatdrill workspace",
                "created_at": int(visit.state.opened_at),
                "secure": False,
                "identity_verification": False,
                "timezone": "UTC",
                "region": "US",
            },
            "avatar": {"type": "avatar", "image_url": None},
            "has_inbox_seat": True,
        }
    )


def admins(visit: Call) -> HttpResponse:
    """GET /admins."""
    found = [shapes.admin(visit.state, key, seat) for key, seat in visit.state.seats.items()]
    return json_response({"type": "admin.list", "admins": [shapes.bot_admin(visit.state), *found]})


def admin(visit: Call) -> HttpResponse:
    """GET /admins/{id}."""
    if visit.params["id"] == visit.state.bot_id:
        return json_response(shapes.bot_admin(visit.state))
    found = visit.state.seat(visit.params["id"])
    if found is None:
        raise refuse(visit.state, 404, "admin_not_found", "Admin not found")
    return json_response(shapes.admin(visit.state, *found))


def set_away(visit: Call) -> HttpResponse:
    """PUT /admins/{id}/away."""
    found = visit.state.seat(visit.params["id"])
    if found is None:
        raise refuse(visit.state, 404, "admin_not_found", "Admin for admin_id not found")
    key, seat = found
    away = _away_mode(visit)
    visit.state.away[key] = away
    was = seat.presence
    now: Presence = "away" if away.enabled else "online"
    seat.presence = now
    item = shapes.admin(visit.state, key, seat)
    hooks.notify(visit.state, None, "admin.away_mode_updated", item, visit.exchange.now)
    if was != now:
        visit.events.append(PresenceChanged(agent=key, presence=now))
        visit.events += acting.back_at_work(visit.state, key, visit.exchange.now)
    return json_response(item)


def _away_mode(visit: Call) -> AwayMode:
    enabled, reassign = (visit.values.get(name) for name in ("away_mode_enabled", "away_mode_reassign"))
    if not isinstance(enabled, bool) or not isinstance(reassign, bool):
        raise invalid(visit.state, "away_mode_enabled and away_mode_reassign must be booleans")
    reason = text_of(visit.values.get("away_status_reason_id")) or None
    if enabled and reason is None and visit.state.on("away_reason_required"):
        raise refuse(visit.state, 400, "away_status_reason_mandatory", "Away status reason is mandatory")
    if reason is not None and reason not in AWAY_REASONS:
        raise invalid(visit.state, "Away status reason not found")
    return AwayMode(enabled, reassign and enabled, reason if enabled else None)


def away_reasons(visit: Call) -> HttpResponse:
    """GET /away_status_reasons."""
    made = int(visit.state.opened_at)
    times = {"deleted": False, "created_at": made, "updated_at": made}
    data = [
        {"type": "away_status_reason", "id": id, "label": label, "emoji": emoji, "order": n, **times}
        for n, (id, (emoji, label)) in enumerate(AWAY_REASONS.items(), 1)
    ]
    return json_response({"type": "list", "data": data})


def teams(visit: Call) -> HttpResponse:
    """GET /teams."""
    found = [shapes.team(visit.state, team) for team in visit.state.teams.values()]
    return json_response({"type": "team.list", "teams": found})


def team(visit: Call) -> HttpResponse:
    """GET /teams/{id}."""
    found = visit.state.teams.get(visit.params["id"])
    if found is None:
        raise refuse(visit.state, 404, "team_not_found", "Team not found")
    return json_response(shapes.team(visit.state, found))


def tags(visit: Call) -> HttpResponse:
    """GET /tags."""
    data = [{"type": "tag", "id": id, "name": name} for id, name in visit.state.tags.items()]
    return json_response({"type": "list", "data": data})


def make_tag(visit: Call) -> HttpResponse:
    """POST /tags: a name is one tag; people and companies are not tagged."""
    if any(name in visit.values for name in ("users", "companies")):
        message = "chatdrill does not emulate tagging users or companies"
        raise refuse(visit.state, 501, "not_implemented_by_chatdrill", message)
    name, id = text_of(visit.values.get("name")).strip(), text_of(visit.values.get("id"))
    if not name or (id and id not in visit.state.tags):
        raise invalid(visit.state, "invalid tag parameters")
    same = next((key for key, known in visit.state.tags.items() if known.lower() == name.lower()), None)
    if id or same is None:
        visit.state.tags[id or visit.state.next_id("tag")] = name
    known = {label.lower(): key for key, label in visit.state.tags.items()}[name.lower()]
    return json_response({"type": "tag", "id": known, "name": visit.state.tags[known]})


def show_tag(visit: Call) -> HttpResponse:
    """GET /tags/{id}."""
    id = visit.params["id"]
    if id not in visit.state.tags:
        raise not_found(visit.state)
    return json_response({"type": "tag", "id": id, "name": visit.state.tags[id]})


def ticket_types(visit: Call) -> HttpResponse:
    """GET /ticket_types."""
    ids = (visit.state.settings["ticket_type_id"], visit.state.settings["back_office_type_id"])
    data = [ticket_shapes.ticket_type(visit.state, id, states=True) for id in ids]
    return json_response({"type": "list", "data": data})


def ticket_type(visit: Call) -> HttpResponse:
    """GET /ticket_types/{id}."""
    id = visit.params["id"]
    if ticket_shapes.type_category(visit.state, id) is None:
        raise not_found(visit.state)
    return json_response(ticket_shapes.ticket_type(visit.state, id, states=True))


def ticket_states(visit: Call) -> HttpResponse:
    """GET /ticket_states."""
    ids = (visit.state.settings["ticket_type_id"], visit.state.settings["back_office_type_id"])
    types = {"type": "list", "data": [ticket_shapes.ticket_type(visit.state, id) for id in ids]}
    states = [ticket_shapes.state_of(category) for category in ticket_shapes.CATEGORIES]
    data = [{**one, "ticket_types": types, "archived": False} for one in states]
    return json_response({"type": "list", "data": data})


def download(visit: Call) -> HttpResponse:
    """GET /downloads/{sha256}/{name}: a file of a message, without a token as at Intercom."""
    sha256 = visit.params["sha256"]
    parts = (part for ticket in visit.state.tickets.values() for part in (ticket.source, *ticket.parts))
    file = next((one for part in parts for one in part.files if one.sha256 == sha256), None)
    if file is None or sha256 not in visit.state.blobs:
        raise not_found(visit.state)
    return HttpResponse(200, (("Content-Type", file.mime),), visit.state.blobs.get(sha256))
