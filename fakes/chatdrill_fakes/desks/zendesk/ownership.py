"""Who may speak: the switchboard's word for a conversation, status and assignee for other tickets."""

from __future__ import annotations

from chatdrill.model import Owner
from chatdrill_fakes.desks.zendesk import switchboard
from chatdrill_fakes.desks.zendesk.state import AGENT_WORKSPACE, ENDED, Record, Talk, ZendeskState, ZendeskTicket


def owner(state: ZendeskState, ticket: ZendeskTicket | None) -> Owner:
    """A conversation that was never handed over is the bot's."""
    if ticket is None or ticket.record is None:
        return "bot"
    return _of_record(state, ticket.record) if ticket.talk is None else _of_talk(state, ticket.talk, ticket.record)


def _of_talk(state: ZendeskState, talk: Talk, record: Record) -> Owner:
    if switchboard.has_agents(state, talk):
        return "agent" if _has_human(state, record) else "queue"
    default = switchboard.default(state)
    nobody = talk.active is None and (default is None or default.integration_type == AGENT_WORKSPACE)
    return "none" if nobody else "bot"


def _of_record(state: ZendeskState, record: Record) -> Owner:
    """A ticket that is solved, or the API user's own, is the bot's."""
    if record.is_deleted or record.status in ENDED:
        return "bot"
    if _has_human(state, record):
        return "agent"
    return "bot" if record.assignee_id == state.api_user_id else "queue"


def _has_human(state: ZendeskState, record: Record) -> bool:
    return state.agent_of(record.assignee_id) is not None or record.agent_spoke
