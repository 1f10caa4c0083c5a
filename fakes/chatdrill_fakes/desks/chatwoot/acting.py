"""What agents do in Chatwoot's dashboard, and the customer on the survey page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import (
    Accept,
    Accepted,
    AgentAct,
    AgentTyped,
    AgentTyping,
    Close,
    Contact,
    Decline,
    Declined,
    DeleteReply,
    DeskEvent,
    EditReply,
    Elapse,
    Location,
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
    TakeOver,
    Text,
    Transfer,
    part_text,
)
from chatdrill_fakes.desks.chatwoot import hooks, shapes
from chatdrill_fakes.desks.chatwoot.declared import LACKS
from chatdrill_fakes.desks.chatwoot.files import attach
from chatdrill_fakes.desks.chatwoot.life import Work, author_of
from chatdrill_fakes.desks.chatwoot.rating import rate
from chatdrill_fakes.desks.chatwoot.state import ChatwootState, Conversation, Message, Status
from chatdrill_fakes.desks.chatwoot.writing import delete

_STATES: dict[str, Status] = {"open": "open", "snoozed": "snoozed", "solved": "resolved", "closed": "resolved"}


def act(state: ChatwootState, ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
    """See ``Desk.act``."""
    if isinstance(act, SetPresence):
        return _presence(state, act)
    if isinstance(act, EditReply):
        raise Unsupported(LACKS["edit_reply"])
    talk = state.tickets.get(ticket)
    if talk is None:
        raise UsageError(f"chatwoot has no conversation {ticket!r}")
    user = state.user_of(act.agent) if act.agent in state.seats else None
    if user is None and not isinstance(act, Rate | Elapse):
        raise UsageError(f"chatwoot has no agent {act.agent!r}")
    work = Work(state, now, user)
    _ACTS[type(act)](work, talk, act)
    return work.events


def _presence(state: ChatwootState, act: SetPresence) -> list[DeskEvent]:
    if act.agent not in state.seats:
        raise UsageError(f"chatwoot has no agent {act.agent!r}")
    state.seats[act.agent].presence = act.presence
    return [PresenceChanged(agent=act.agent, presence=act.presence)]


# ------------------------------------------------------------------------------------------------ taking, giving


def _accept(work: Work, talk: Conversation, act: Accept) -> None:
    """``Assign to me``; for one that routing has assigned, the agent only looks into it."""
    own = talk.assignee == act.agent
    if talk.status != "open" or (talk.in_hands and not own):
        why = f"it is {talk.status}" if talk.status != "open" else f"{talk.assignee or 'somebody'} has it"
        raise UsageError(f"chatwoot: there is nothing to accept in conversation {talk.address}: {why}")
    _look(work, talk)
    if own:
        talk.in_hands = True
    else:
        work.assign(talk, _me(work))
    work.events.append(Accepted(ticket=talk.address, agent=act.agent))


def _look(work: Work, talk: Conversation) -> None:
    talk.agent_seen_at = work.now
    if talk.assignee and talk.assignee == _me(work).key:
        talk.assignee_seen_at = work.now


def _decline(work: Work, talk: Conversation, act: Decline) -> None:
    """There is no button for it: who was assigned by routing unassigns themselves."""
    if talk.assignee != act.agent or talk.status != "open":
        raise UsageError(
            f"chatwoot: conversation {talk.address} is not assigned to {act.agent}; what routing has not given "
            "(enable_auto_assignment) is not declined, it is left in the queue"
        )
    work.events.append(Declined(ticket=talk.address, agent=act.agent))
    work.assign(talk, None)


def _take_over(work: Work, talk: Conversation, act: TakeOver) -> None:
    """The agent opens the bot's conversation, or one that is resolved, which assigns it to them; an open one they assign to
    themselves."""
    _open(work, talk)
    if not (talk.in_hands and talk.assignee == act.agent):
        work.assign(talk, _me(work))
        work.events.append(Accepted(ticket=talk.address, agent=act.agent))


def _open(work: Work, talk: Conversation) -> None:
    """``Open``: whoever opens has it."""
    if talk.status == "open":
        return
    work.set_status(talk, "open")
    work.assign(talk, _me(work))
    work.events.append(Accepted(ticket=talk.address, agent=_me(work).key))


def _transfer(work: Work, talk: Conversation, act: Transfer) -> None:
    if act.to_agent is not None:
        if act.to_agent not in work.state.seats:
            raise UsageError(f"chatwoot has no agent {act.to_agent!r}")
        work.assign(talk, work.state.user_of(act.to_agent))
        return
    team = next((team for team in work.state.teams.values() if team.name == (act.to_team or "").lower()), None)
    if team is None:
        raise UsageError(f"chatwoot has no team {act.to_team!r}; agents' teams are made when they are hired")
    work.assign_team(talk, team.id)
    if talk.assignee == act.agent:  # who passes it on although they are of that team does not keep it
        work.assign(talk, None)


def _set_state(work: Work, talk: Conversation, act: SetState) -> None:
    if act.state not in _STATES:
        raise Unsupported(LACKS[f"set_state.{act.state}"])
    if act.state == "open":
        _open(work, talk)
    else:
        work.set_status(talk, _STATES[act.state])


def _close(work: Work, talk: Conversation, act: Close) -> None:  # noqa: ARG001
    if talk.status == "resolved":
        raise UsageError(f"chatwoot: conversation {talk.address} is resolved already")
    work.set_status(talk, "resolved")


def _release(work: Work, talk: Conversation, act: Release) -> None:  # noqa: ARG001
    """``Mark as pending``."""
    if talk.status not in ("open", "snoozed"):
        raise UsageError(f"chatwoot: conversation {talk.address} is {talk.status}, so nobody can give it back")
    work.set_status(talk, "pending")


def _reopen(work: Work, talk: Conversation, act: Reopen) -> None:  # noqa: ARG001
    if talk.status != "resolved":
        raise UsageError(f"chatwoot: conversation {talk.address} is {talk.status}, not resolved")
    _open(work, talk)


# --------------------------------------------------------------------------------------------------- speaking


def _reply(work: Work, talk: Conversation, act: Reply) -> None:
    """One message, with all its files; in an open conversation it takes it on."""
    message = _message(work, "\n".join(filter(None, map(_words, act.parts))))
    files = [part.file for part in act.parts if isinstance(part, Media)]
    if act.reply_to is not None:
        message.content_attributes["in_reply_to"] = int(act.reply_to) if act.reply_to.isdecimal() else act.reply_to
    message.attachments = attach(work.state, files)
    _look(work, talk)
    talk.in_hands = talk.in_hands or talk.status in ("open", "snoozed")
    work.add(talk, message)


def _words(part: Part) -> str:
    if isinstance(part, Text | Media):
        return part_text(part)
    kind = {Location: "a location", Contact: "a contact card"}.get(type(part), f"{type(part).__name__.lower()} parts")
    raise Unsupported(f"a Chatwoot agent cannot send {kind}; they write text and attach files")


def _note(work: Work, talk: Conversation, act: Note) -> None:
    message = _message(work, act.text)
    message.private = True
    work.add(talk, message)


def _message(work: Work, text: str) -> Message:
    id = work.state.next_id("message")
    return Message(id=id, content=text or None, message_type="outgoing", at=work.now, sender=work.by)


def _delete_reply(work: Work, talk: Conversation, act: DeleteReply) -> None:
    message = talk.seen(int(act.entry_id)) if act.entry_id.isdecimal() else None
    if message is None or author_of(message) != "agent":
        raise UsageError(f"chatwoot: no agent has written a message {act.entry_id!r} in conversation {talk.address}")
    delete(work, talk, message)


def _typing(work: Work, talk: Conversation, act: AgentTyping) -> None:
    payload = {
        "user": shapes.hooked(work.state, work.by),
        "conversation": work.payload(talk),
        "is_private": False,
    }
    hooks.publish(work.state, "conversation_typing_on", payload, work.now, talk)
    work.events.append(AgentTyped(ticket=talk.address, agent=act.agent))


def _rate(work: Work, talk: Conversation, act: Rate) -> None:
    survey = next((each for each in talk.messages if each.content_type == "input_csat"), None)
    if survey is None:
        raise UsageError(f"chatwoot: nobody was asked to rate conversation {talk.address} (csat_survey_enabled)")
    work.by = talk.person
    values = {"csat_survey_response": {"rating": act.score, "feedback_message": act.comment}}
    if (problem := rate(work, talk, survey, values)) is not None:
        raise UsageError(f"chatwoot: {problem}")


def _elapse(work: Work, talk: Conversation, act: Elapse) -> None:
    """``reopen_snoozed``: the time of a snooze is over, if it is still that snooze."""
    if act.what != "reopen_snoozed":
        raise Unsupported(f"chatwoot plans nothing called {act.what!r}; it plans reopen_snoozed")
    if talk.status == "snoozed" and talk.snoozed_until is not None and talk.snoozed_until <= work.now:
        work.set_status(talk, "open")


def _me(work: Work) -> Any:
    return work.by


_ACTS: dict[type, Callable[[Work, Conversation, Any], None]] = {
    Accept: _accept,
    Decline: _decline,
    TakeOver: _take_over,
    Transfer: _transfer,
    SetState: _set_state,
    Close: _close,
    Release: _release,
    Reopen: _reopen,
    Reply: _reply,
    Note: _note,
    DeleteReply: _delete_reply,
    AgentTyping: _typing,
    Rate: _rate,
    Elapse: _elapse,
}
