"""Routing: which agent gets a conversation that opens, in turns.

Source: Chatwoot v4.15.1, app/services/auto_assignment and concerns/auto_assignment_handler.rb.
"""

from __future__ import annotations

from chatdrill_fakes.desks.chatwoot.state import ChatwootState


def load_of(state: ChatwootState, agent: str) -> int:
    """How many open conversations are assigned to an agent."""
    return sum(talk.assignee == agent and talk.status == "open" for talk in state.tickets.values())


def next_agent(state: ChatwootState) -> str | None:
    """The next agent in line who is online and below the inbox's limit; nobody while routing is off."""
    if not state.inbox.enable_auto_assignment:
        return None
    limit = state.inbox.max_assignment_limit
    for agent in state.line:
        if state.seats[agent].presence == "online" and (limit is None or load_of(state, agent) < limit):
            state.line.remove(agent)
            state.line.append(agent)
            return agent
    return None
