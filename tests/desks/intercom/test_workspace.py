"""The workspace: people, teams, tags, and who is away."""

from __future__ import annotations

from chatdrill.model import PresenceChanged
from desks.intercom.kit import BOT, TEAM, Desk


def test_the_workspace_shows_its_people_teams_and_types(desk: Desk) -> None:
    me = desk.ok("GET", "/me")
    assert (me["id"], me["app"]["id_code"]) == (BOT, "cdrl4711")
    robot, bob, eve = desk.ok("GET", "/admins")["admins"]
    assert robot["id"] == BOT and bob["name"] == "Bob Ray" and bob["team_ids"] == [int(TEAM)]
    assert desk.ok("GET", f"/admins/{bob['id']}") == bob and desk.ok("GET", f"/admins/{BOT}") == robot
    support, billing = desk.ok("GET", "/teams")["teams"]
    assert support["admin_ids"] == [int(bob["id"])] and billing["admin_ids"] == [int(eve["id"])]
    assert desk.ok("GET", f"/teams/{TEAM}") == support
    customer, office = desk.ok("GET", "/ticket_types")["data"]
    assert (customer["category"], office["category"], len(customer["ticket_states"]["data"])) == (
        "Customer",
        "Back-office",
        4,
    )
    assert desk.ok("GET", "/ticket_types/53") == customer and len(desk.ok("GET", "/ticket_states")["data"]) == 4
    assert len(desk.ok("GET", "/away_status_reasons")["data"]) == 3
    tag = desk.ok("POST", "/tags", {"name": "vip"})
    assert desk.ok("GET", "/tags")["data"] == [tag] and desk.ok("GET", f"/tags/{tag['id']}") == tag


def test_what_the_workspace_does_not_have_is_not_found(desk: Desk) -> None:
    assert desk.refused("GET", "/admins/12") == (404, "admin_not_found", "Admin not found")
    assert desk.refused("GET", "/teams/12") == (404, "team_not_found", "Team not found")
    assert desk.refused("GET", "/ticket_types/12")[:2] == (404, "not_found")
    assert desk.refused("GET", "/tags/12")[:2] == (404, "not_found")
    assert desk.refused("POST", "/tags", {}) == (400, "parameter_invalid", "invalid tag parameters")
    assert desk.refused("POST", "/tags", {"name": "vip", "users": [{"id": "1"}]})[0] == 501


def test_away_mode_is_set_told_and_checked(desk: Desk) -> None:
    path = f"/admins/{desk.id()}/away"
    away = {"away_mode_enabled": True, "away_mode_reassign": True, "away_status_reason_id": 12345}
    shown = desk.ok("PUT", path, away)
    assert (shown["away_mode_enabled"], shown["away_mode_reassign"], shown["away_status_reason_id"]) == (
        True,
        True,
        "12345",
    )
    (hook,) = desk.hooks()
    assert (hook["topic"], hook["data"]["item"]) == ("admin.away_mode_updated", shown)
    assert desk.seen == [PresenceChanged(agent="bob", presence="away")]
    desk.ok("PUT", path, {"away_mode_enabled": False, "away_mode_reassign": False})
    assert desk.seen[1:] == [PresenceChanged(agent="bob", presence="online")]
    message = "Admin for admin_id not found"
    assert desk.refused("PUT", "/admins/12/away", away) == (404, "admin_not_found", message)
    assert desk.refused("PUT", path, {"away_mode_enabled": "yes"})[0] == 400
    assert desk.refused("PUT", path, {**away, "away_status_reason_id": 1})[:2] == (400, "parameter_invalid")


def test_a_reason_may_be_mandatory() -> None:
    desk = Desk(away_reason_required="yes")
    body = {"away_mode_enabled": True, "away_mode_reassign": False}
    error = (400, "away_status_reason_mandatory", "Away status reason is mandatory")
    assert desk.refused("PUT", f"/admins/{desk.id()}/away", body) == error
