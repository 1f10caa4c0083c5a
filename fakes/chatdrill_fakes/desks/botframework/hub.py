"""What the hub tells the bot, and how a conversation passes between bot, queue and agents."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import msgspec

from chatdrill.model import (
    Accepted,
    Assigned,
    DeskEvent,
    HandoffFailed,
    StateChanged,
    TicketClosed,
)
from chatdrill.wire import HttpRequest, Update
from chatdrill_fakes.desks.botframework import tokens
from chatdrill_fakes.desks.botframework.state import BotFrameworkState, Conversation

NOBODY = "No agent is available"
HUB = {"id": "hub", "name": "Agent hub"}


def tell(
    state: BotFrameworkState,
    conversation: Conversation,
    kind: str,
    now: float,
    *,
    agent: str | None = None,
    about: str | None = None,
    **fields: Any,
) -> str:
    """Post an activity of the hub or of an agent to the bot; returns its id. ``about`` is that of an earlier one, which is
    changed or deleted."""
    id = about or conversation.new_id()
    if state.webhook_url is None:
        return id
    activity = {
        "type": kind,
        "id": id,
        "timestamp": f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%S.%f}0Z",
        "serviceUrl": f"{state.known_url}/",
        "channelId": state.settings["channel_id"],
        "from": HUB if agent is None else account_of(state, agent),
        "conversation": {"id": conversation.address},
        "recipient": bot_account(state),
        **fields,
    }
    state.edits += about is not None
    name = fields["name"] if kind == "event" else kind
    body = msgspec.json.encode(activity)
    key = id if about is None else f"{id}#{state.edits}"
    state.outbox.put(Update(key, name, conversation.address, conversation.address, body, now))
    return id


def account_of(state: BotFrameworkState, agent: str) -> dict[str, str]:
    """An agent's account."""
    seat = state.seats[agent]
    return {"id": seat.id, "name": seat.agent.name, "role": "user"}


def bot_account(state: BotFrameworkState) -> dict[str, str]:
    """The bot's account."""
    return {"id": state.bot_id, "name": state.settings["bot_name"], "role": "bot"}


def tell_status(state: BotFrameworkState, conversation: Conversation, word: str, now: float, message: str = "") -> None:
    """``handoff.status``: accepted, failed, completed, or a word of the hub's own."""
    value = {"state": word, "message": message} if message else {"state": word}
    tell(state, conversation, "event", now, name="handoff.status", value=value)


def request(state: BotFrameworkState, update: Update) -> HttpRequest:
    """The POST to the bot's messaging endpoint, with the hub's token, if it shows one."""
    token = tokens.token_of(state, state.known_url)
    headers = (
        ("Content-Type", "application/json; charset=utf-8"),
        *((("Authorization", f"Bearer {token}"),) if token else ()),
        ("User-Agent", "BF-AgentHub (Microsoft-BotFramework/3.2 +https://botframework.com/ua)"),
        ("x-ms-conversation-id", quote(update.to or "")),
    )
    return HttpRequest("POST", state.webhook_url or "", headers, update.body)


# ---------------------------------------------------------------------------------------------------- moving


def enqueue(state: BotFrameworkState, conversation: Conversation, skill: str | None, now: float) -> list[DeskEvent]:
    """A person is asked for: the conversation waits, is offered to somebody, or fails at once."""
    conversation.phase, conversation.assignee, conversation.state = "queue", None, "new"
    conversation.declined.clear()
    if state.settings["extra_state"]:
        tell_status(state, conversation, state.settings["extra_state"], now)
    if state.on("skills") and skill and not any(_has(seat.agent.team, skill) for seat in state.seats.values()):
        return fail(state, conversation, now, "Cannot find agent with requested skill")
    if not any(seat.presence == "online" for seat in state.seats.values()) and _gives_up(state):
        return fail(state, conversation, now, NOBODY)
    return offer(state, conversation)


def _has(team: str | None, skill: str) -> bool:
    return (team or "").casefold() == skill.casefold()


def _gives_up(state: BotFrameworkState) -> bool:
    return state.settings["when_nobody"] == "fail"


def offer(state: BotFrameworkState, conversation: Conversation) -> list[DeskEvent]:
    """Routing picks who is asked first; the bot is told nothing of it."""
    if not state.on("auto_assign"):
        return []
    free = [
        key
        for key, seat in state.seats.items()
        if seat.presence == "online"
        and key not in conversation.declined
        and conversation.team in (None, seat.agent.team)
        and state.load_of(key) < seat.agent.capacity
    ]
    conversation.assignee = min(free, key=state.load_of, default=None)
    if conversation.assignee is None:
        return []
    return [Assigned(ticket=conversation.address, agent=conversation.assignee, automatic=True)]


def refused(state: BotFrameworkState, conversation: Conversation, agent: str, now: float) -> list[DeskEvent]:
    """An agent does not want it: the next is asked; with nobody left a strict hub gives up."""
    conversation.declined.add(agent)
    if conversation.assignee == agent:
        conversation.assignee = None
    online = {key for key, seat in state.seats.items() if seat.presence == "online"}
    if online <= conversation.declined and _gives_up(state):
        return fail(state, conversation, now, NOBODY)
    return offer(state, conversation) if conversation.assignee is None else []


def fail(state: BotFrameworkState, conversation: Conversation, now: float, reason: str) -> list[DeskEvent]:
    """Nobody takes it: the bot has it again."""
    conversation.phase, conversation.assignee, conversation.changed_at = "bot", None, now
    tell_status(state, conversation, "failed", now, reason)
    return [HandoffFailed(ticket=conversation.address, reason=reason)]


def take(state: BotFrameworkState, conversation: Conversation, agent: str, now: float) -> list[DeskEvent]:
    """An agent has it; the bot hears ``accepted`` unless an agent had it already."""
    was_agents, was_theirs = conversation.phase == "agent", conversation.assignee == agent
    conversation.phase, conversation.assignee, conversation.changed_at = "agent", agent, now
    ticket, events = conversation.address, list[DeskEvent]()
    if not was_theirs:
        events.append(Assigned(ticket=ticket, agent=agent))
    if not was_agents:
        conversation.state = "open"
        tell_status(state, conversation, "accepted", now)
        events.append(StateChanged(ticket=ticket, state="open", word="accepted"))
    return [*events, Accepted(ticket=ticket, agent=agent)]


def complete(state: BotFrameworkState, conversation: Conversation, now: float) -> list[DeskEvent]:
    """The human part is over."""
    conversation.phase, conversation.assignee, conversation.team = "bot", None, None
    conversation.state, conversation.ended, conversation.changed_at = "solved", True, now
    tell_status(state, conversation, "completed", now)
    ticket = conversation.address
    return [StateChanged(ticket=ticket, state="solved", word="completed"), TicketClosed(ticket=ticket)]
