"""Assignment, and how a team's queue is given out. Source: Intercom's OpenAPI description 2.14, team and admin objects."""

from __future__ import annotations

from typing import Literal

from chatdrill.model import Assigned
from chatdrill_fakes.desks.intercom import hooks, shapes
from chatdrill_fakes.desks.intercom.doing import SILENT, Said, Scene, add_part, set_status, settled, tell
from chatdrill_fakes.desks.intercom.state import AwayMode, IntercomState, IntercomTicket, Part, Team

_KINDS = {"open": "assignment", "closed": "assign_and_reopen", "snoozed": "assign_and_unsnooze"}


def assign(
    scene: Scene,
    to: Literal["admin", "team"],
    id: str | None,
    said: Said = SILENT,
    *,
    asks: bool = False,
    automatic: bool = False,
    keep_admin: bool = True,
    kind: str | None = None,
) -> Part:
    """Give it to an admin or a team (``None``: to nobody). Agents who pass it to a team let go of it (``keep_admin``)."""
    ticket, was = scene.ticket, scene.ticket.status
    with settled(scene, asks=asks):
        set_status(scene, "open")
        _put(scene, to, id, keep_admin)
        part = add_part(scene, kind or _KINDS[was], said, assigned_to=_reference(to, id))
        scene.events.append(
            Assigned(
                ticket=ticket.address,
                agent=ticket.assignee,
                team=ticket.team,
                bot=ticket.admin_id == scene.state.bot_id and ticket.to_admin,
                automatic=automatic,
            )
        )
    _tell(scene, to, part, reopened=was == "closed")
    if to == "team" and ticket.admin_id in (None, scene.state.bot_id):
        give_out(scene)
    return part


def _put(scene: Scene, to: str, id: str | None, keep_admin: bool) -> None:
    ticket = scene.ticket
    if to == "admin":
        ticket.admin_id, ticket.to_admin = id, id is not None
        ticket.human = ticket.human and id not in (None, scene.state.bot_id)
    else:
        ticket.team_id, ticket.to_admin = id, False
        ticket.team = scene.state.teams[id].name if id else None
        ticket.human = ticket.human and keep_admin
        ticket.admin_id = ticket.admin_id if keep_admin else None
    found = scene.state.seat(ticket.admin_id)
    ticket.assignee = found and found[0]


def _reference(to: str, id: str | None) -> tuple[str, str | None]:
    return (to, id) if id else ("nobody_admin", None)


def _tell(scene: Scene, to: str, part: Part, *, reopened: bool) -> None:
    if scene.ticket.face is not None:
        hooks.tell_ticket(scene.state, scene.ticket, f"ticket.{to}.assigned", scene.at, part)
    else:
        tell(scene, "conversation.admin.open.assigned" if reopened else "conversation.admin.assigned", (part,))


# ------------------------------------------------------------------------------------------------ the queue


def give_out(scene: Scene) -> None:
    """Assign a waiting conversation of a team to whoever is next, if the team's inbox is given out."""
    team = scene.state.teams.get(scene.ticket.team_id or "")
    key = team and _next(scene.state, team)
    if team is not None and key:
        team.last = key
        assign(scene.as_operator(), "admin", scene.state.seats[key].id, automatic=True)


def _next(state: IntercomState, team: Team) -> str | None:
    free = [key for key in shapes.members(state, team) if _takes(state, team, key)]
    if not free or team.distribution == "manual":
        return None
    if team.distribution == "load_balanced":
        return min(free, key=lambda key: load(state, key))
    after = free.index(team.last) + 1 if team.last in free else 0
    return free[after % len(free)]


def _takes(state: IntercomState, team: Team, key: str) -> bool:
    seat = state.seats[key]
    if seat.presence != "online" or state.away.get(key, AwayMode()).enabled:
        return False
    limit = seat.agent.capacity if team.limit is None else min(team.limit, seat.agent.capacity)
    return team.distribution != "load_balanced" or load(state, key) < limit


def load(state: IntercomState, key: str) -> int:
    """The open conversations that an agent has: snoozed ones do not count."""
    tickets = state.tickets.values()
    return sum(ticket.assignee == key and ticket.status == "open" and not ticket.deleted for ticket in tickets)


def drain(scene: Scene) -> None:
    """Somebody has room again: give out what waits longest."""
    for ticket in sorted(_waiting(scene.state), key=lambda one: one.changed_at):
        # A conversation may run ahead of the one that made room.
        at = scene.at - scene.ticket.ahead_s + ticket.ahead_s
        give_out(Scene(scene.state, ticket, at, scene.state.operator, False, scene.events))


def _waiting(state: IntercomState) -> list[IntercomTicket]:
    unclaimed = (None, state.bot_id)
    return [
        ticket
        for ticket in state.tickets.values()
        if ticket.team_id
        and ticket.admin_id in unclaimed
        and not ticket.to_admin
        and ticket.status == "open"
        and not (ticket.human or ticket.deleted)
    ]


def reassign_if_away(scene: Scene) -> None:
    """A customer's reply to an agent in away mode with ``reassign`` goes to the team's inbox."""
    key = scene.ticket.assignee
    away = scene.state.away.get(key or "", AwayMode())
    if not (away.enabled and away.reassign):
        return
    team = scene.ticket.team_id or scene.state.settings["team_id"]
    assign(scene.as_operator(), "team", team, automatic=True, keep_admin=False, kind="away_mode_assignment")
