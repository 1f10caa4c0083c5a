"""Calls about the account: company, channels, operators, and the lists of words."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Presence, PresenceChanged
from chatdrill.wire import HttpResponse
from chatdrill_fakes.desks.chat2desk import declared, shapes
from chatdrill_fakes.desks.chat2desk.answers import At, number, page, refuse, success, text
from chatdrill_fakes.desks.chat2desk.clients import TRANSPORTS
from chatdrill_fakes.desks.chat2desk.webhooks import legacy_url

STATUSES: dict[int, Presence] = {1: "online", 2: "away", 3: "offline"}
HELP: dict[str, Any] = {
    "api_modes": [{"name": mode} for mode in declared.MODES],
    "roles": ["unconfirmed", "operator", "supervisor", "admin", "disabled", "deleted"],
    "dialog_states": ["open", "closed"],
    "transports": {name: {"from_client": {"text": "yes"}, "to_client": {"text": "yes"}} for name in TRANSPORTS},
    "tickets": {"statuses": ["new", "in_progress", "done"]},
}


def help_about(visit: At) -> HttpResponse:
    """GET /help/{topic}."""
    return success(HELP[visit.request.path.rstrip("/").rpartition("/")[2]])


def api_info(visit: At) -> HttpResponse:
    """GET /companies/api_info."""
    settings = visit.state.settings
    return success(
        {
            "mode": settings["mode"],
            "hook": legacy_url(visit, "web_hook"),
            "chat_close_web_hook": legacy_url(visit, "chat_close_web_hook"),
            "current_version": 1,
            "requests_this_month": visit.state.calls_this_month,
            "channels": 1,
            "company_name": settings["company_name"],
            "write_first_option": True,
        }
    )


def company(visit: At) -> HttpResponse:
    """GET /companies/info."""
    return success({"company_name": visit.state.settings["company_name"], "channels": [_channel(visit)]})


def channels(visit: At) -> HttpResponse:
    """GET /channels."""
    return page(visit, [_channel(visit)])


def _channel(visit: At) -> dict[str, Any]:
    settings = visit.state.settings
    return {
        "id": int(settings["channel_id"]),
        "name": settings["company_name"],
        "phone": None,
        "transports": [settings["transport"]],
    }


def operators(visit: At) -> HttpResponse:
    """GET /operators; ``online=1`` gives those who are there."""
    online = text(visit, "online")
    found = [shapes.operator(visit.state, seat) for seat in visit.state.seats.values()]
    return page(visit, [each for each in found if online in (None, str(each["online"]))])


def change_operator(visit: At) -> HttpResponse:
    """PUT /operators/{id}: ``status_id`` says whether they are there."""
    agent = visit.state.agent_by_id(visit.params["id"])
    if agent is None:
        raise refuse(404, "Operator not found")
    status, seat = number(visit, "status_id"), visit.state.seats[agent]
    if status is not None:
        visit.state.statuses[agent] = status
        presence = STATUSES.get(status, seat.presence)
        if presence != seat.presence:
            seat.presence = presence
            visit.events.append(PresenceChanged(agent=agent, presence=presence))
    return success(shapes.operator(visit.state, seat))


def groups(visit: At) -> HttpResponse:
    """GET /operators_groups."""
    seats = visit.state.seats.values()
    return page(
        visit,
        [
            {
                "id": at,
                "name": team,
                "operator_ids": [int(seat.id) for seat in seats if seat.agent.team == team],
            }
            for at, team in enumerate(visit.state.teams(), 1)
        ],
    )


def nothing(visit: At) -> HttpResponse:
    """GET /templates, /scenarios: an account without any."""
    return page(visit, [])
