"""Who owns a conversation. Intercom has no flag for third-party bots: the assignee tells."""

from __future__ import annotations

from chatdrill.model import Owner
from chatdrill_fakes.desks.intercom.state import IntercomState

HELD: frozenset[Owner] = frozenset({"queue", "agent"})


def owner(state: IntercomState, id: str) -> Owner:
    """Closed, or assigned to the bot's seat: the bot. A human assignee or a human reply: the agent. A team: its queue.

    A team that was assigned after the bot's seat counts as the queue, a seat assigned after the team as the bot. A ticket is
    made for people: without an assignee it waits in the queue.
    """
    ticket = state.conversation(id)
    if ticket is None or ticket.status == "closed":
        return "bot"
    if ticket.admin_id == state.bot_id:
        return "queue" if ticket.team_id and not ticket.to_admin else "bot"
    if ticket.admin_id or ticket.human:
        return "agent"
    return "queue" if ticket.team_id or ticket.face else "bot"
