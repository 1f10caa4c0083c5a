"""What agents do, and what Zendesk's servers do then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from chatdrill.errors import Unsupported, UsageError, did_you_mean
from chatdrill.model import (
    Accept,
    Accepted,
    AgentAct,
    AgentTyped,
    AgentTyping,
    Close,
    DeleteReply,
    DeskEvent,
    Elapse,
    EntryChanged,
    File,
    Media,
    Note,
    Part,
    PresenceChanged,
    Rate,
    Release,
    Reopen,
    Reply,
    SetPresence,
    SetState,
    SurveyAsked,
    TakeOver,
    Text,
    Transfer,
)
from chatdrill_fakes.desks.zendesk import changing, commenting, hooks, ids, shapes, switchboard, talking
from chatdrill_fakes.desks.zendesk.changing import ASK_RATING, CLOSE_SOLVED
from chatdrill_fakes.desks.zendesk.declared import LACKS
from chatdrill_fakes.desks.zendesk.scene import Scene, begin, finish
from chatdrill_fakes.desks.zendesk.state import ENDED, Attachment, Message, Person, Record, ZendeskState, ZendeskTicket
from chatdrill_fakes.desks.zendesk.sunco.messages import keep
from chatdrill_fakes.desks.zendesk.support.more import UNIFIED, store_rating

_WORDS = {"open": "open", "pending": "pending", "snoozed": "hold", "solved": "solved"}


def act(state: ZendeskState, address: str, act: AgentAct, now: float) -> list[DeskEvent]:
    """See ``Desk.act``."""
    if isinstance(act, SetPresence):
        return _set_presence(state, act, now)
    ticket = state.tickets.get(address)
    if ticket is None or ticket.record is None:
        raise UsageError(f"zendesk has no ticket {address!r}{did_you_mean(address, state.tickets)}")
    perform = _ACTS.get(type(act))
    if perform is None:
        raise Unsupported(LACKS[str(act.__struct_config__.tag)])
    scene = Scene(state, ticket, _actor(state, ticket, act), now, "web")
    perform(scene, act)
    return scene.events


def _actor(state: ZendeskState, ticket: ZendeskTicket, act: AgentAct) -> Person:
    if isinstance(act, Rate):
        assert ticket.record is not None
        return state.people[ticket.record.requester_id]
    if isinstance(act, Elapse):
        return state.api_user
    if act.agent not in state.seats:
        raise UsageError(f"zendesk has no agent {act.agent!r}{did_you_mean(act.agent, state.seats)}")
    return state.person_of(act.agent)


def _need_open(scene: Scene) -> Record:
    """The ticket, which can still change."""
    if scene.record.status == "closed":
        raise UsageError(f"zendesk: ticket {scene.record.number} is closed, and a closed ticket never changes")
    return scene.record


def _need_control(scene: Scene) -> None:
    """Nobody but the bot writes while the bot has control."""
    if scene.ticket.talk is not None and not switchboard.has_agents(scene.state, scene.ticket.talk):
        raise UsageError(f"zendesk: the bot has control of {scene.address}: {LACKS['take_over']}")


# -------------------------------------------------------------------------------------------------------- taking


def _accept(scene: Scene, act: Accept) -> None:
    record = _need_open(scene)
    _need_control(scene)
    if record.status in ENDED or record.assignee_id not in (None, scene.actor.id):
        raise UsageError(f"zendesk: there is nothing to accept in {scene.address}: it is {_whose(scene)}")
    if record.assignee_id == scene.actor.id:
        scene.events.append(Accepted(ticket=scene.address, agent=act.agent))
        return
    _give(scene, scene.actor)


def _whose(scene: Scene) -> str:
    return scene.record.status if scene.record.status in ENDED else f"{scene.ticket.assignee or 'the bot'}'s"


def _take_over(scene: Scene, act: TakeOver) -> None:
    del act
    record = _need_open(scene)
    if scene.ticket.talk is not None and not switchboard.has_agents(scene.state, scene.ticket.talk):
        raise Unsupported(f"zendesk: {LACKS['take_over']}")
    if record.assignee_id != scene.actor.id:
        _give(scene, scene.actor)


def _give(scene: Scene, person: Person) -> None:
    """The ticket is this agent's, in a group that they belong to."""
    group = scene.record.group_id
    if group not in person.group_ids:
        group = next(iter(person.group_ids), group)
    step = begin(scene)
    changing.assign(step, assignee_id=person.id, group_id=group)
    finish(step)


def _transfer(scene: Scene, act: Transfer) -> None:
    record = _need_open(scene)
    _need_control(scene)
    if act.to_agent is not None:
        if act.to_agent not in scene.state.seats:
            raise UsageError(f"zendesk has no agent {act.to_agent!r}{did_you_mean(act.to_agent, scene.state.seats)}")
        _give(scene, scene.state.person_of(act.to_agent))
        return
    groups = {group.name: group.id for group in scene.state.groups.values()}
    if act.to_team not in groups:
        raise UsageError(f"zendesk has no group {act.to_team!r}{did_you_mean(str(act.to_team), groups)}")
    step = begin(scene, record)
    changing.assign(step, assignee_id=None, group_id=groups[act.to_team])
    finish(step)


# -------------------------------------------------------------------------------------------------------- writing


def _reply(scene: Scene, act: Reply) -> None:
    record = _need_open(scene)
    _need_control(scene)
    if act.reply_to is not None:
        raise Unsupported(f"zendesk: {LACKS['reply_to']}")
    for part in act.parts:
        if not isinstance(part, Text | Media):
            raise Unsupported(f"zendesk: {LACKS['parts']}; not {part.__struct_config__.tag}")
    if scene.ticket.talk is None:
        _comment(scene, act.parts)
        return
    if record.assignee_id is None:  # the composer is shown to whoever has the conversation
        _give(scene, scene.actor)
    for part in act.parts:
        talking.post(scene, _message(scene, part))


def _message(scene: Scene, part: Part) -> Message:
    state, agent = scene.state, scene.actor
    content: dict[str, Any] = {"type": "text", "text": part.text} if isinstance(part, Text) else {}
    files: tuple[File, ...] = ()
    if isinstance(part, Media):
        url = keep(state, part.file, scene.now, state.base_url, owner=scene.address)
        files = (msgspec.structs.replace(part.file, url=url),)
        kind = "image" if part.file.mime.startswith("image/") else "file"
        content = {"type": kind, "mediaUrl": url, "mediaType": part.file.mime, "mediaSize": part.file.size_bytes}
        content |= {"text": part.caption.text} if part.caption is not None else {}
    return Message(
        id=ids.object_id(state.chance, scene.now),
        author={"type": "business", "displayName": agent.name, "subtypes": ["agent"]},
        content=content,
        source=dict(talking.WORKSPACE_SOURCE),
        at=scene.now,
        agent=agent.id,
        metadata={talking.AGENT_ID: str(agent.id)},
        files=files,
    )


def _comment(scene: Scene, parts: tuple[Part, ...]) -> None:
    """A public comment; whoever answers a new ticket opens it."""
    texts = [
        part.text if isinstance(part, Text) else part.caption.text if part.caption else "" for part in _said(parts)
    ]
    files = [_attached(scene, part) for part in parts if isinstance(part, Media)]
    step = begin(scene)
    commenting.add_comment(step, scene.actor, "\n".join(filter(None, texts)), attachments=files)
    if scene.record.status == "new":
        changing.set_status(step, "open")
    finish(step)


def _said(parts: tuple[Part, ...]) -> list[Text | Media]:
    return [part for part in parts if isinstance(part, Text | Media)]


def _attached(scene: Scene, part: Media) -> Attachment:
    state = scene.state
    name = part.file.name or "file"
    made = Attachment(id=ids.number(state.chance), name=name, file=part.file, token=state.chance.base64url(26))
    state.attachments[made.token] = made
    return made


def _note(scene: Scene, act: Note) -> None:
    _need_open(scene)
    step = begin(scene)
    commenting.add_comment(step, scene.actor, act.text, public=False)
    finish(step)


def _delete(scene: Scene, act: DeleteReply) -> None:
    """Redaction: of a comment blocks are left, of a message nothing. The bot hears of the first only."""
    entry = next((each for each in scene.ticket.entries if each.id == act.entry_id), None)
    if entry is None or entry.author != "agent":
        raise UsageError(f"zendesk: {scene.address} has no entry {act.entry_id!r} of an agent")
    _need_open(scene)
    for message in scene.ticket.talk.messages if scene.ticket.talk is not None else ():
        message.deleted |= message.id == act.entry_id
    comment = next((each for each in scene.record.comments if str(each.id) == act.entry_id), None)
    if comment is not None:
        comment.body = shapes.blacked(comment.body)
        comment.html = shapes.html_of(comment.body)
        step = begin(scene)
        step.hooked.append(("ticket.comment_redacted", {"comment": {"id": act.entry_id}}))
        finish(step)
    scene.events.append(EntryChanged(ticket=scene.address, entry_id=act.entry_id, deleted=True))


def _type(scene: Scene, act: AgentTyping) -> None:
    """Sunshine tells of users who type, not of agents."""
    _need_control(scene)
    scene.events.append(AgentTyped(ticket=scene.address, agent=act.agent))


# --------------------------------------------------------------------------------------------------------- status


def _set_state(scene: Scene, act: SetState) -> None:
    _need_open(scene)
    if act.state not in _WORDS:
        raise Unsupported(f"zendesk: {LACKS['closed'] if act.state == 'closed' else 'a ticket is new only once'}")
    _become(scene, _WORDS[act.state])


def _become(scene: Scene, status: str) -> None:
    """Another status; whoever solves what nobody has, has it."""
    if status == "solved" and scene.record.assignee_id is None:
        _give(scene, scene.actor)
    step = begin(scene)
    changing.set_status(step, status)
    finish(step)


def _close(scene: Scene, act: Close) -> None:
    """Agents solve. Where only ``closed`` gives control back, a rule of the account closes a conversation's ticket at once."""
    del act
    record = _need_open(scene)
    if record.status not in ENDED:
        _become(scene, "solved")
    if scene.ticket.talk is not None and scene.state.settings["handback"] == "closed":
        _become(scene, "closed")


def _release(scene: Scene, act: Release) -> None:
    del act
    if scene.ticket.talk is None:
        raise Unsupported(f"zendesk: {LACKS['release']}")
    _need_open(scene)
    _need_control(scene)
    switchboard.hand_back(scene, "transferToEmail")


def _reopen(scene: Scene, act: Reopen) -> None:
    del act
    _need_open(scene)
    if scene.record.status != "solved":
        raise UsageError(f"zendesk: {scene.address} is {scene.record.status}; only a solved ticket is reopened")
    _become(scene, "open")


def _rate(scene: Scene, act: Rate) -> None:
    if not scene.record.was_solved:
        raise UsageError(f"zendesk: {scene.address} was never solved, so there is nothing to rate")
    store_rating(scene, scene.record, "good" if act.score >= 3 else "bad", act.comment)


def _elapse(scene: Scene, act: Elapse) -> None:
    """The standard automations: a solved ticket is closed, a rating is asked for."""
    scene.automatic, scene.channel = True, "rule"
    record = scene.record
    if act.what == CLOSE_SOLVED:
        if record.status == "solved":
            _become(scene, "closed")
    elif act.what == ASK_RATING:
        if record.was_solved and record.rating["score"] == "unoffered":
            _ask_rating(scene, record)
    else:
        raise UsageError(f"zendesk plans no {act.what!r}{did_you_mean(act.what, (CLOSE_SOLVED, ASK_RATING))}")


def _ask_rating(scene: Scene, record: Record) -> None:
    record.rating = {"score": "offered"}
    step = begin(scene)
    step.changed("satisfaction_score", "unoffered", "offered")
    step.hooked.append(("ticket.csat_requested", {}))
    finish(step)
    scene.events.append(SurveyAsked(ticket=scene.address))


# ------------------------------------------------------------------------------------------------------- presence


def _set_presence(state: ZendeskState, act: SetPresence, now: float) -> list[DeskEvent]:
    if act.agent not in state.seats:
        raise UsageError(f"zendesk has no agent {act.agent!r}{did_you_mean(act.agent, state.seats)}")
    seat = state.seats[act.agent]
    before, seat.presence = seat.presence, act.presence
    detail = {"account_id": state.settings["account_id"], "agent_id": seat.id, "version": "1"}
    event = {
        "new_unified_state": UNIFIED[act.presence][1],
        "previous_unified_state": UNIFIED[before][1],
        "updated_at": ids.iso_ms(now),
    }
    subject = f"zen:agent:{seat.id}"
    hooks.tell_support(state, None, "agent.unified_state_changed", subject, detail, event, now)
    return [PresenceChanged(agent=act.agent, presence=act.presence)]


_ACTS: dict[type, Callable[[Scene, Any], None]] = {
    Accept: _accept,
    TakeOver: _take_over,
    Transfer: _transfer,
    Reply: _reply,
    Note: _note,
    DeleteReply: _delete,
    AgentTyping: _type,
    SetState: _set_state,
    Close: _close,
    Release: _release,
    Reopen: _reopen,
    Rate: _rate,
    Elapse: _elapse,
}
