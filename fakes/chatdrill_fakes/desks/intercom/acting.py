"""What agents do in the inbox, with what Intercom tells the bot of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chatdrill.errors import Unsupported, UsageError, did_you_mean
from chatdrill.model import (
    Accept,
    Accepted,
    AgentAct,
    AgentTyped,
    AgentTyping,
    Close,
    Decline,
    Declined,
    DeleteReply,
    DeskEvent,
    EditReply,
    Elapse,
    Media,
    Note,
    Presence,
    PresenceChanged,
    Rate,
    Rated,
    Release,
    Reopen,
    Reply,
    SetPresence,
    SetState,
    TakeOver,
    Text,
    Transfer,
)
from chatdrill_fakes.desks.intercom import assigning, bodies, doing, hooks, shapes, ticketing
from chatdrill_fakes.desks.intercom.declared import CAPABILITIES
from chatdrill_fakes.desks.intercom.doing import Said, Scene
from chatdrill_fakes.desks.intercom.state import NEUTRAL_CATEGORY, Author, AwayMode, IntercomState

SNOOZE_S = 86_400
"""How long an agent snoozes: until tomorrow, the first choice of the inbox."""


def act(state: IntercomState, ticket: str, what: AgentAct, now: float) -> Sequence[DeskEvent]:
    """See ``Desk.act``."""
    if isinstance(what, EditReply):
        raise Unsupported(CAPABILITIES.lacks["edit_reply"])
    if isinstance(what, SetPresence):
        return _set_presence(state, what, now)
    if isinstance(what, Elapse) and what.what == "ping":
        hooks.notify(state, None, "ping", {"type": "ping", "message": "something something interzen"}, now)
        return ()
    found = state.conversation(ticket)
    if found is None:
        raise UsageError(f"intercom has no conversation {ticket!r}{did_you_mean(ticket, state.tickets)}")
    scene = Scene(state, found, now, _author(state, what))
    _DEEDS[type(what)](scene, what)
    return tuple(scene.events)


def _author(state: IntercomState, what: AgentAct) -> Author:
    if isinstance(what, Rate | Elapse):
        return state.operator
    if what.agent not in state.seats:
        raise UsageError(f"intercom has no agent {what.agent!r}{did_you_mean(what.agent, state.seats)}")
    author = state.admin(state.seats[what.agent].id)
    assert author is not None
    return author


# ------------------------------------------------------------------------------------------------- ownership


def _accept(scene: Scene, what: Accept) -> None:
    if scene.owner == "queue":
        assigning.assign(scene, "admin", scene.by.id)
    elif scene.ticket.assignee != what.agent or scene.ticket.status == "closed":
        raise UsageError(f"nothing waits for {what.agent}: conversation {scene.ticket.address} is not in a queue")
    scene.events.append(Accepted(ticket=scene.ticket.address, agent=what.agent))


def _decline(scene: Scene, what: Decline) -> None:
    if scene.ticket.assignee != what.agent or scene.ticket.status == "closed":
        raise UsageError(f"conversation {scene.ticket.address} was not assigned to {what.agent}")
    scene.events.append(Declined(ticket=scene.ticket.address, agent=what.agent))
    assigning.assign(scene, "admin", None)


def _take_over(scene: Scene, what: TakeOver) -> None:
    assigning.assign(scene, "admin", scene.by.id)
    scene.events.append(Accepted(ticket=scene.ticket.address, agent=what.agent))


def _transfer(scene: Scene, what: Transfer) -> None:
    if what.to_agent is not None:
        if what.to_agent not in scene.state.seats:
            raise UsageError(f"intercom has no agent {what.to_agent!r}{did_you_mean(what.to_agent, scene.state.seats)}")
        assigning.assign(scene, "admin", scene.state.seats[what.to_agent].id)
    elif what.to_team is not None:
        team = scene.state.team_named(what.to_team)
        if team is None:
            names = [one.name for one in scene.state.teams.values()]
            raise UsageError(f"intercom has no team {what.to_team!r}{did_you_mean(what.to_team, names)}")
        assigning.assign(scene, "team", team.id, keep_admin=False)
    else:
        raise UsageError("a transfer needs to_agent or to_team")


def _release(scene: Scene, what: Release) -> None:  # noqa: ARG001
    assigning.assign(scene, "admin", scene.state.bot_id)


# ----------------------------------------------------------------------------------------------------- words


def _reply(scene: Scene, what: Reply) -> None:
    if what.reply_to is not None:
        raise Unsupported(CAPABILITIES.lacks["reply_to"])
    words: list[str] = []
    files = []
    for part in what.parts:
        if isinstance(part, Text):
            words.append(part.text)
        elif isinstance(part, Media):
            files.append(part.file)
            words += [part.caption.text] if part.caption else []
        else:
            raise Unsupported(CAPABILITIES.lacks["reply.part"])
    if not words and not files:
        raise UsageError("a reply needs text or a file")
    body, text = bodies.from_words("\n".join(words)) if words else (None, "")
    doing.admin_says(scene, "comment", Said(body, text, tuple(files)))


def _note(scene: Scene, what: Note) -> None:
    doing.admin_says(scene, "note", Said(*bodies.from_words(what.text)))


def _typing(scene: Scene, what: AgentTyping) -> None:
    scene.events.append(AgentTyped(ticket=scene.ticket.address, agent=what.agent))


def _delete(scene: Scene, what: DeleteReply) -> None:
    own = [part for part in scene.ticket.parts if part.author.id == scene.by.id and part.body is not None]
    for part in own:
        if part.id == what.entry_id and not part.redacted:
            doing.redact(scene, part)
            return
    raise UsageError(f"{what.agent} has written no {what.entry_id!r}{did_you_mean(what.entry_id, [p.id for p in own])}")


# ----------------------------------------------------------------------------------------------------- states


def _set_state(scene: Scene, what: SetState) -> None:
    if scene.ticket.face is not None and what.state not in ("snoozed", "closed"):
        categories = {neutral: category for category, neutral in NEUTRAL_CATEGORY.items()}
        doing.open_again(scene)
        ticketing.set_category(scene, categories[what.state])
    elif what.state == "snoozed":
        doing.snooze(scene, int(scene.at) + SNOOZE_S)
    elif what.state == "closed":
        _close(scene, Close(agent=what.agent))
    elif what.state == "open":
        doing.open_again(scene)
    else:
        raise Unsupported(CAPABILITIES.lacks["state.conversation"])


def _close(scene: Scene, what: Close) -> None:  # noqa: ARG001
    if scene.ticket.status == "closed":
        raise UsageError(f"conversation {scene.ticket.address} is closed already")
    scene.ticket.rated_admin = scene.ticket.assignee or scene.state.agent_by_id(scene.by.id)
    doing.close(scene)
    assigning.drain(scene)


def _reopen(scene: Scene, what: Reopen) -> None:  # noqa: ARG001
    if scene.ticket.status == "open":
        raise UsageError(f"conversation {scene.ticket.address} is open already")
    doing.open_again(scene)


def _elapse(scene: Scene, what: Elapse) -> None:
    if what.what != "unsnooze":
        raise UsageError(f"intercom has no timer {what.what!r}: {CAPABILITIES.lacks['elapse']}")
    until = what.data.get("until", scene.ticket.snoozed_until)
    if scene.ticket.status == "snoozed" and scene.ticket.snoozed_until == until:
        doing.open_again(scene, kind="timer_unsnooze")


def _rate(scene: Scene, what: Rate) -> None:
    ticket, state = scene.ticket, scene.state
    agent = ticket.rated_admin or ticket.assignee
    if not 1 <= what.score <= 5:
        raise UsageError(f"intercom's ratings go from 1 to 5, not to {what.score}")
    if agent is None:
        raise UsageError(f"nobody asks for a rating of {ticket.address}: no agent had it")
    contact = state.contacts.get(ticket.contact or "")
    ticket.rating = {
        "rating": what.score,
        "remark": what.comment,
        "created_at": int(scene.at),
        "updated_at": int(scene.at),
        "contact": contact and shapes.contact_reference(contact),
        "teammate": {"type": "admin", "id": state.seats[agent].id},
    }
    part = doing.add_part(scene, "conversation_rating_changed")
    scene.events.append(
        Rated(ticket=ticket.address, score=what.score, word=str(what.score), agent=agent, comment=what.comment)
    )
    doing.tell(scene, "conversation.rating.added", (part,))


# --------------------------------------------------------------------------------------------------- presence

_PRESENCE: Mapping[Presence, tuple[str, bool]] = {
    "online": ("admin.away_mode_updated", False),
    "away": ("admin.away_mode_updated", True),
    "offline": ("admin.logged_out", False),
}


def _set_presence(state: IntercomState, what: SetPresence, now: float) -> Sequence[DeskEvent]:
    _author(state, what)
    seat = state.seats[what.agent]
    was, seat.presence = seat.presence, what.presence
    if was == what.presence:
        return ()
    topic, away = _PRESENCE[what.presence]
    state.away.setdefault(what.agent, AwayMode()).enabled = away
    topic = "admin.logged_in" if was == "offline" and what.presence == "online" else topic
    hooks.notify(state, None, topic, shapes.admin(state, what.agent, seat), now)
    events: list[DeskEvent] = [PresenceChanged(agent=what.agent, presence=what.presence)]
    return (*events, *back_at_work(state, what.agent, now))


def back_at_work(state: IntercomState, key: str, now: float) -> list[DeskEvent]:
    """Give out what waits, now that somebody may take it."""
    events: list[DeskEvent] = []
    if state.seats[key].presence == "online":
        for ticket in list(state.tickets.values())[:1]:
            assigning.drain(Scene(state, ticket, ticket.at(now), state.operator, False, events))
    return events


_DEEDS: Mapping[type, Callable[[Scene, Any], None]] = {
    Accept: _accept,
    Decline: _decline,
    TakeOver: _take_over,
    Transfer: _transfer,
    Release: _release,
    Reply: _reply,
    Note: _note,
    AgentTyping: _typing,
    DeleteReply: _delete,
    SetState: _set_state,
    Close: _close,
    Reopen: _reopen,
    Elapse: _elapse,
    Rate: _rate,
}
