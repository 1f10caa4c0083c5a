"""What happens in one ticket: the events of it, and the hooks that tell the bot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import Assigned, DeskEvent, Entry, EntryAdded, StateChanged, TicketState
from chatdrill_fakes.desks.amocrm import hooks
from chatdrill_fakes.desks.amocrm.state import (
    DECIDING,
    FINAL,
    LOST,
    STAGES,
    UNSORTED,
    WAITING,
    WON,
    AmoState,
    AmoTicket,
)

TICKET_STATES: dict[int, TicketState] = {
    UNSORTED: "new",
    WAITING: "pending",
    DECIDING: "open",
    WON: "solved",
    LOST: "closed",
}


@dataclass
class Scene:
    """One act or call, while it takes effect in ``ticket`` at its drill time ``now``. ``by`` is the user who does it."""

    state: AmoState
    ticket: AmoTicket
    now: float
    by: int
    events: list[DeskEvent] = field(default_factory=list)

    def tell(self, *events: DeskEvent) -> None:
        """Something became true."""
        self.ticket.changed_at = self.now
        self.events.extend(events)

    def hook(self, event: str, group: str, action: str, item: dict[str, Any]) -> None:
        """Tell the subscribers of the CRM."""
        hooks.tell_crm(self.state, event, {group: {action: [item]}}, to=self.ticket.address, now=self.now)

    def entry(self, entry: Entry) -> None:
        """A message or note stands in the ticket."""
        self.ticket.entries.append(entry)
        self.tell(EntryAdded(ticket=self.ticket.address, entry=entry))

    def becomes(self, state: TicketState, word: str) -> None:
        """The ticket's status, if that is another one."""
        if self.ticket.state != state:
            self.ticket.state = state
            self.tell(StateChanged(ticket=self.ticket.address, state=state, word=word))

    def stage(self, status: int) -> None:
        """The ticket's status after its lead came to a stage of the pipeline."""
        self.becomes(TICKET_STATES.get(status, "open"), STAGES.get(status, str(status)))

    def assigned(self, agent: str | None, *, bot: bool = False) -> None:
        """Whose the ticket is now."""
        self.ticket.assignee = agent
        self.ticket.served_by = agent or self.ticket.served_by
        self.tell(Assigned(ticket=self.ticket.address, agent=agent, bot=bot))

    @property
    def lead_is_open(self) -> bool:
        """True if the ticket has a lead that somebody can still work on."""
        lead = self.state.lead_of(self.ticket)
        return lead is not None and not lead["is_deleted"] and lead["status_id"] not in FINAL
