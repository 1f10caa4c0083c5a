"""What agents do at the hub."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import (
    AgentAct,
    AgentTyped,
    Assigned,
    Declined,
    DeskEvent,
    Entry,
    EntryAdded,
    EntryChanged,
    File,
    Media,
    PresenceChanged,
    StateChanged,
    Text,
)
from chatdrill.model import desks as acts
from chatdrill_fakes.desks.botframework import hub
from chatdrill_fakes.desks.botframework.declared import LACKS
from chatdrill_fakes.desks.botframework.state import BotFrameworkState, Conversation

Events = list[DeskEvent]


def act(state: BotFrameworkState, ticket: str, done: AgentAct, now: float) -> Sequence[DeskEvent]:
    """See ``Desk.act``."""
    if done.agent and done.agent not in state.seats:
        raise UsageError(f"the hub has no agent {done.agent!r}")
    if isinstance(done, acts.SetPresence):
        state.seats[done.agent].presence = done.presence
        return [PresenceChanged(agent=done.agent, presence=done.presence)]
    conversation = state.tickets.get(ticket)
    if conversation is None:
        raise UsageError(f"the hub has no conversation {ticket!r}")
    handler = _ACTS.get(type(done))
    if handler is None:
        word = str(done.__struct_config__.tag)
        raise Unsupported(f"an agent of the hub cannot {word.replace('_', ' ')}: {LACKS[word]}")
    return handler(state, conversation, done, now)


def _queued(conversation: Conversation) -> None:
    if conversation.phase != "queue":
        raise UsageError(f"conversation {conversation.address} waits for nobody: the {conversation.phase} has it")


def _accept(state: BotFrameworkState, conversation: Conversation, done: acts.Accept, now: float) -> Events:
    _queued(conversation)
    if conversation.assignee not in (None, done.agent):
        raise UsageError(f"conversation {conversation.address} is offered to {conversation.assignee}")
    return hub.take(state, conversation, done.agent, now)


def _decline(state: BotFrameworkState, conversation: Conversation, done: acts.Decline, now: float) -> Events:
    _queued(conversation)
    refusal = Declined(ticket=conversation.address, agent=done.agent)
    return [refusal, *hub.refused(state, conversation, done.agent, now)]


def _take_over(state: BotFrameworkState, conversation: Conversation, done: acts.TakeOver, now: float) -> Events:
    return hub.take(state, conversation, done.agent, now)


def _reply(state: BotFrameworkState, conversation: Conversation, done: acts.Reply, now: float) -> Events:
    """Whoever answers what no agent has takes it."""
    odd = [part for part in done.parts if not isinstance(part, Text | Media)]
    if odd:
        raise Unsupported(f"{LACKS['parts']}, no {type(odd[0]).__name__.lower()}")
    events = [] if conversation.phase == "agent" else hub.take(state, conversation, done.agent, now)
    said = [part.caption if isinstance(part, Media) else part for part in done.parts]
    text = "\n".join(words.text for words in said if isinstance(words, Text) and words.text)
    fields: dict[str, Any] = {"text": text, "textFormat": "plain"} if text else {}
    files = tuple(part.file for part in done.parts if isinstance(part, Media))
    if files:
        fields["attachments"] = [_attached(state, file) for file in files]
    if done.reply_to is not None:
        fields["replyToId"] = done.reply_to
    id = hub.tell(state, conversation, "message", now, agent=done.agent, **fields)
    return [
        *events,
        _added(state, conversation, done.agent, Entry(id=id, author="agent", at=now, text=text, files=files)),
    ]


def _attached(state: BotFrameworkState, file: File) -> dict[str, str]:
    url = state.url_of(state.keep(file)) if file.sha256 else file.url or ""
    return {"contentType": file.mime, "contentUrl": url, "name": file.name or "file"}


def _added(state: BotFrameworkState, conversation: Conversation, agent: str, entry: Entry) -> EntryAdded:
    entry = msgspec.structs.replace(entry, said_by=state.seats[agent].agent.name)
    conversation.entries.append(entry)
    conversation.changed_at = entry.at
    return EntryAdded(ticket=conversation.address, entry=entry)


def _own(conversation: Conversation, agent: str, entry_id: str, state: BotFrameworkState) -> int:
    name = state.seats[agent].agent.name
    for at, entry in enumerate(conversation.entries):
        if (entry.id, entry.author, entry.said_by, entry.public) == (entry_id, "agent", name, True):
            return at
    raise UsageError(f"{agent} wrote no message {entry_id!r} in conversation {conversation.address}")


def _edit(state: BotFrameworkState, conversation: Conversation, done: acts.EditReply, now: float) -> Events:
    at = _own(conversation, done.agent, done.entry_id, state)
    conversation.entries[at] = msgspec.structs.replace(conversation.entries[at], text=done.text)
    told = {"about": done.entry_id, "text": done.text, "textFormat": "plain"}
    hub.tell(state, conversation, "messageUpdate", now, agent=done.agent, **told)
    return [EntryChanged(ticket=conversation.address, entry_id=done.entry_id, text=done.text)]


def _delete(state: BotFrameworkState, conversation: Conversation, done: acts.DeleteReply, now: float) -> Events:
    del conversation.entries[_own(conversation, done.agent, done.entry_id, state)]
    hub.tell(state, conversation, "messageDelete", now, agent=done.agent, about=done.entry_id)
    return [EntryChanged(ticket=conversation.address, entry_id=done.entry_id, deleted=True)]


def _note(state: BotFrameworkState, conversation: Conversation, done: acts.Note, now: float) -> Events:
    """Notes stay at the hub."""
    entry = Entry(id=conversation.new_id(), author="agent", at=now, text=done.text, public=False)
    return [_added(state, conversation, done.agent, entry)]


def _typing(state: BotFrameworkState, conversation: Conversation, done: acts.AgentTyping, now: float) -> Events:
    hub.tell(state, conversation, "typing", now, agent=done.agent)
    return [AgentTyped(ticket=conversation.address, agent=done.agent)]


def _transfer(state: BotFrameworkState, conversation: Conversation, done: acts.Transfer, now: float) -> Events:
    """The bot is told nothing; the next agent of a team accepts anew."""
    if conversation.phase == "bot":
        raise UsageError(f"conversation {conversation.address} is the bot's: there is nothing to transfer")
    conversation.changed_at = now
    if done.to_agent is not None:
        if done.to_agent not in state.seats:
            raise UsageError(f"the hub has no agent {done.to_agent!r}")
        conversation.assignee = done.to_agent
        return [Assigned(ticket=conversation.address, agent=done.to_agent, team=conversation.team)]
    if done.to_team not in {seat.agent.team for seat in state.seats.values()}:
        raise UsageError(f"the hub has no team {done.to_team!r}")
    conversation.team, conversation.assignee, conversation.phase = done.to_team, None, "queue"
    return [Assigned(ticket=conversation.address, team=done.to_team), *hub.offer(state, conversation)]


def _set_state(state: BotFrameworkState, conversation: Conversation, done: acts.SetState, now: float) -> Events:
    if done.state in LACKS:
        raise Unsupported(LACKS[done.state])
    return _close(state, conversation, done, now)


def _close(state: BotFrameworkState, conversation: Conversation, done: AgentAct, now: float) -> Events:  # noqa: ARG001
    if conversation.phase == "bot":
        raise UsageError(f"conversation {conversation.address} is the bot's: there is nothing to complete")
    return hub.complete(state, conversation, now)


def _release(state: BotFrameworkState, conversation: Conversation, done: acts.Release, now: float) -> Events:
    """The bot hears the same as at the end; the hub keeps the conversation open."""
    events = _close(state, conversation, done, now)
    conversation.state = "open"
    return [event for event in events if not isinstance(event, StateChanged)]


def _elapse(state: BotFrameworkState, conversation: Conversation, done: acts.Elapse, now: float) -> Events:
    """``accept_timeout``: nobody took the request in time; a later one has a time of its own."""
    if done.what != "accept_timeout":
        raise Unsupported(f"the hub plans no {done.what!r}; known: accept_timeout")
    is_late = done.data.get("episode", conversation.episode) != conversation.episode
    return (
        []
        if is_late or conversation.phase != "queue"
        else hub.fail(state, conversation, now, "Nobody accepted in time")
    )


_ACTS: dict[type, Callable[[BotFrameworkState, Conversation, Any, float], Events]] = {
    acts.Accept: _accept,
    acts.Decline: _decline,
    acts.TakeOver: _take_over,
    acts.Reply: _reply,
    acts.EditReply: _edit,
    acts.DeleteReply: _delete,
    acts.Note: _note,
    acts.AgentTyping: _typing,
    acts.Transfer: _transfer,
    acts.SetState: _set_state,
    acts.Close: _close,
    acts.Release: _release,
    acts.Elapse: _elapse,
}
