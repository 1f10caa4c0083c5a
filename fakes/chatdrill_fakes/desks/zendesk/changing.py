"""What can be changed at a ticket of Support: status, assignee, group, tags, fields.

Every function takes the ``Step`` it is part of, changes the record, and notes audit, webhooks and events. What is
refused is refused before (``support.tickets``), so these do not fail.
"""

from __future__ import annotations

from typing import Any

from chatdrill.model import Accepted, Assigned, StateChanged, TicketClosed, TicketReopened
from chatdrill_fakes.desks.zendesk import switchboard
from chatdrill_fakes.desks.zendesk.limits import CLOSES_AFTER_S, SURVEY_AFTER_S
from chatdrill_fakes.desks.zendesk.scene import Step
from chatdrill_fakes.desks.zendesk.state import ENDED, STATES

CLOSE_SOLVED, ASK_RATING = "close_solved", "ask_rating"
_SIMPLE: dict[str, str | None] = {
    "subject": "ticket.subject_changed",
    "priority": "ticket.priority_changed",
    "type": "ticket.type_changed",
    "external_id": "ticket.external_id_changed",
}


def set_status(step: Step, status: str) -> None:
    """Another status, and what follows from it: the end of the human part, the return of control."""
    record, scene = step.record, step.scene
    before = record.status
    if status == before:
        return
    record.status = status
    record.was_solved |= status in ENDED
    step.changed("status", before, status, type="ticket.status_changed", shown=str.upper)
    ticket = scene.ticket
    if ticket.record is record:
        ticket.state = STATES[status]
        scene.events.append(StateChanged(ticket=scene.address, state=ticket.state, word=status))
        _end_or_reopen(step, before, status)
    if status == "solved":
        scene.after(CLOSES_AFTER_S, CLOSE_SOLVED)
        if scene.state.on("csat") and record.rating["score"] == "unoffered":
            scene.after(SURVEY_AFTER_S, ASK_RATING)


def _end_or_reopen(step: Step, before: str, status: str) -> None:
    """A ticket is over once it is solved; a conversation is over when control goes back."""
    scene = step.scene
    if scene.ticket.talk is not None:
        handback = ENDED if scene.state.settings["handback"] == "solved" else {"closed"}
        if status in handback:
            switchboard.hand_back(scene, "ticketClosed")
    elif status in ENDED and before not in ENDED:
        scene.events.append(TicketClosed(ticket=scene.address))
    elif before == "solved" and status not in ENDED:
        scene.events.append(TicketReopened(ticket=scene.address))


def set_group(step: Step, group_id: int | None) -> None:
    """Another group; the caller says what becomes of the assignee."""
    record = step.record
    if group_id == record.group_id:
        return
    before, record.group_id = record.group_id, group_id
    group = step.scene.state.groups.get(group_id or 0)
    step.scene.ticket.team = None if group is None else group.name
    step.changed("group_id", _text(before), _text(group_id), type="ticket.group_assignment_changed")


def set_assignee(step: Step, person_id: int | None) -> None:
    """Another assignee. A new ticket that is assigned becomes open. Source: Zendesk, About ticket statuses (2025)."""
    record, scene = step.record, step.scene
    if person_id == record.assignee_id:
        return
    before, record.assignee_id = record.assignee_id, person_id
    step.changed("assignee_id", _text(before), _text(person_id), type="ticket.agent_assignment_changed")
    scene.ticket.assignee = scene.state.agent_of(person_id)
    tell_assigned(step)
    if person_id is not None and record.status == "new":
        set_status(step, "open")


def tell_assigned(step: Step) -> None:
    """Say whose the ticket is now."""
    scene, record = step.scene, step.record
    agent = scene.state.agent_of(record.assignee_id)
    is_bot = record.assignee_id == scene.state.api_user_id
    team = scene.ticket.team
    scene.events.append(Assigned(ticket=scene.address, agent=agent, team=team, bot=is_bot, automatic=scene.automatic))
    if agent is not None and scene.actor.id == record.assignee_id:
        scene.events.append(Accepted(ticket=scene.address, agent=agent))


def assign(step: Step, *, assignee_id: int | None, group_id: int | None) -> None:
    """Assignee and group together, as one decision."""
    had = (step.record.assignee_id, step.record.group_id)
    if assignee_id is None and had != (assignee_id, group_id):
        step.record.agent_spoke = False  # it waits for somebody again
    set_group(step, group_id)
    set_assignee(step, assignee_id)
    if had[0] == assignee_id and had[1] != group_id:
        tell_assigned(step)


def set_tags(step: Step, tags: list[str]) -> None:
    """The whole set of tags."""
    record = step.record
    tags = list(dict.fromkeys(tags))
    if tags == record.tags:
        return
    before, record.tags = record.tags, tags
    added, removed = [tag for tag in tags if tag not in before], [tag for tag in before if tag not in tags]
    step.changed("tags", before, tags)
    step.hooked.append(("ticket.tags_changed", {"tags_added": added, "tags_removed": removed}))


def set_field(step: Step, id: int, value: Any) -> None:
    """A custom field."""
    record = step.record
    before = record.custom_fields.get(id)
    if before != value:
        record.custom_fields[id] = value
        step.changed(str(id), before, value)
        event = {"field": {"id": str(id)}, "current": value, "previous": before}
        step.hooked.append(("ticket.custom_field_changed", event))


def set_simple(step: Step, name: str, value: Any) -> None:
    """Subject, priority, type, external id."""
    before = getattr(step.record, name)
    if before != value:
        setattr(step.record, name, value)
        upper = str.upper if name in ("priority", "type") else str
        step.changed(name, before, value, type=_SIMPLE[name], shown=lambda text: upper(text) if text else None)


def _text(id: int | None) -> str | None:
    return None if id is None else str(id)
