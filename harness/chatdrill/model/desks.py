"""What happens at a helpdesk, in words that no vendor owns.

An *agent act* is what a simulated person of the helpdesk does; a desk's wire turns it into whatever the vendor's servers do
then. A *desk event* is what became true at the desk, by whatever cause: a call of the bot, an act of an agent, the desk by
itself. Events are the desk's truth: who owns a conversation, what the agent can see, and what the customer was promised
is judged from them alone.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from chatdrill.model.parts import File, Part

Owner = Literal["bot", "queue", "agent", "none"]
"""Who may speak to the customer. ``none``: nobody, the conversation is over or was never handed to anybody."""

TicketState = Literal["new", "open", "pending", "snoozed", "solved", "closed"]
"""A ticket's status, whatever the vendor calls it: ``pending`` waits for the customer, ``solved`` may be reopened by the
customer, ``closed`` cannot."""

Presence = Literal["online", "away", "offline"]


class Agent(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A simulated person of the helpdesk. ``key`` is the name in the scenario (``bob``); ``languages`` are subtags, the mother
    tongue first; ``zone`` an IANA time zone; ``capacity`` the conversations held at once; ``team`` the group they work in."""

    key: str
    first_name: str
    last_name: str = ""
    email: str = ""
    languages: tuple[str, ...] = ("en",)
    zone: str = "UTC"
    team: str | None = None
    capacity: int = 5

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


class Entry(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One message in a ticket, as an agent sees it.

    ``public`` is false for a private note. ``text`` is without the vendor's markup. ``files`` have a ``sha256`` where the
    desk holds the bytes; ``origin_id`` is the id that the bot gave the message (the platform's message id, its own), if it
    gave one, and ``origin_at`` the time of writing that it stated (drill time, Unix seconds). ``said_by`` is the name shown
    to the agents. ``kind`` is the vendor's kind where that is no text and no file (``location``, ``input_csat``).
    """

    id: str
    author: Literal["customer", "bot", "agent", "system"]
    at: float
    text: str = ""
    public: bool = True
    files: tuple[File, ...] = ()
    kind: str | None = None
    origin_id: str | None = None
    origin_at: float | None = None
    reply_to: str | None = None
    said_by: str | None = None


# ----------------------------------------------------------------------------------------------- what agents do


class _AgentAct(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, tag_field="act"):
    """Base of the agent acts; ``agent`` is the key of who does it."""

    agent: str


class Accept(_AgentAct, frozen=True, kw_only=True, tag="accept"):
    """The agent takes the conversation that was offered to them."""


class Decline(_AgentAct, frozen=True, kw_only=True, tag="decline"):
    """The agent refuses it; it stays in the queue."""


class TakeOver(_AgentAct, frozen=True, kw_only=True, tag="take_over"):
    """The agent takes a conversation although nobody asked for a person."""


class Reply(_AgentAct, frozen=True, kw_only=True, tag="reply"):
    """The agent writes to the customer. ``reply_to`` is the id of the entry that is quoted."""

    parts: tuple[Part, ...]
    reply_to: str | None = None


class EditReply(_AgentAct, frozen=True, kw_only=True, tag="edit_reply"):
    """The agent changes the text of an own entry."""

    entry_id: str
    text: str


class DeleteReply(_AgentAct, frozen=True, kw_only=True, tag="delete_reply"):
    """The agent deletes an own entry."""

    entry_id: str


class Note(_AgentAct, frozen=True, kw_only=True, tag="note"):
    """The agent writes a private note."""

    text: str


class AgentTyping(_AgentAct, frozen=True, kw_only=True, tag="agent_typing"):
    """The agent types."""


class Transfer(_AgentAct, frozen=True, kw_only=True, tag="transfer"):
    """The agent passes the conversation to another agent (by key), or to a team's queue."""

    to_agent: str | None = None
    to_team: str | None = None


class SetState(_AgentAct, frozen=True, kw_only=True, tag="set_state"):
    """The agent sets the ticket's status: ``pending`` or ``snoozed`` while they wait, ``solved``, ``open``."""

    state: TicketState


class Close(_AgentAct, frozen=True, kw_only=True, tag="close"):
    """The agent ends the conversation as this helpdesk does it; control goes back to the bot where it gives control back."""


class Release(_AgentAct, frozen=True, kw_only=True, tag="release"):
    """The agent gives the conversation back to the bot without closing the ticket."""


class Reopen(_AgentAct, frozen=True, kw_only=True, tag="reopen"):
    """The agent opens a closed ticket again, if the vendor lets them."""


class SetPresence(_AgentAct, frozen=True, kw_only=True, tag="set_presence"):
    """The agent comes, goes, or takes a break; this is about no ticket."""

    presence: Presence


class Rate(_AgentAct, frozen=True, kw_only=True, tag="rate"):
    """The *customer* answers the desk's own survey page (``agent`` is empty): ``score`` from 1 (worst) to 5 (best)."""

    score: int
    comment: str = ""


class Elapse(_AgentAct, frozen=True, kw_only=True, tag="elapse"):
    """Time is up for something the desk itself had planned, by the vendor's name (``agent`` is empty)."""

    what: str
    data: dict[str, Any] = {}


AgentAct = (
    Accept
    | Decline
    | TakeOver
    | Reply
    | EditReply
    | DeleteReply
    | Note
    | AgentTyping
    | Transfer
    | SetState
    | Close
    | Release
    | Reopen
    | SetPresence
    | Rate
    | Elapse
)


# --------------------------------------------------------------------------------------------- what became true


class _DeskEvent(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, tag_field="event"):
    """Base of the desk events; ``ticket`` is the desk's id of the conversation or ticket that agents work in."""

    ticket: str | None = None


class ContactFiled(_DeskEvent, frozen=True, kw_only=True, tag="contact_filed"):
    """A contact was made or changed. ``keys`` are all the texts by which the bot names the person: external id, phone,
    e-mail, custom fields."""

    contact: str
    keys: tuple[str, ...] = ()
    name: str = ""
    made: bool = True


class TicketOpened(_DeskEvent, frozen=True, kw_only=True, tag="ticket_opened"):
    """A ticket was made. ``keys`` are the contact's and the ticket's own; ``fields`` what the bot filled in besides;
    ``request_key`` the idempotency or correlation key that the bot sent; ``follows`` the closed ticket it continues.

    A ticket in the sense of the rules is what a handed-over conversation is worked on in; where a desk lets the bot mirror
    every conversation from its first word (Chatwoot, amoCRM chats), it opens with ``owner`` bot.
    """

    contact: str | None
    keys: tuple[str, ...] = ()
    name: str = ""
    subject: str = ""
    fields: dict[str, Any] = {}
    locale: str | None = None
    priority: str | None = None
    team: str | None = None
    request_key: str | None = None
    follows: str | None = None


class HandoffAsked(_DeskEvent, frozen=True, kw_only=True, tag="handoff_asked"):
    """The bot asked the desk for a person: by making the ticket, or by moving one to the queue."""

    fields: dict[str, Any] = {}


class HandoffFailed(_DeskEvent, frozen=True, kw_only=True, tag="handoff_failed"):
    """The desk could not hand over; ``reason`` in the vendor's word."""

    reason: str


class EntryAdded(_DeskEvent, frozen=True, kw_only=True, tag="entry_added"):
    """A message stands in the ticket."""

    entry: Entry


class EntryChanged(_DeskEvent, frozen=True, kw_only=True, tag="entry_changed"):
    """A message of the ticket has another text, or is marked deleted."""

    entry_id: str
    text: str = ""
    deleted: bool = False


class EntryFailed(_DeskEvent, frozen=True, kw_only=True, tag="entry_failed"):
    """The agents were shown that a message did not reach the customer."""

    entry_id: str
    reason: str = ""


class EntryDelivered(_DeskEvent, frozen=True, kw_only=True, tag="entry_delivered"):
    """The bot confirmed an agent's message; ``origin_id`` is the id it got on the platform, if the bot said."""

    entry_id: str
    status: Literal["sent", "delivered", "read"] = "delivered"
    origin_id: str | None = None


class Assigned(_DeskEvent, frozen=True, kw_only=True, tag="assigned"):
    """The ticket is somebody's: an ``agent``'s (key), a ``team``'s, the bot's, or (all empty) nobody's. ``automatic``: the
    desk's routing did it, which is no takeover."""

    agent: str | None = None
    team: str | None = None
    bot: bool = False
    automatic: bool = False


class Accepted(_DeskEvent, frozen=True, kw_only=True, tag="accepted"):
    """An agent has the conversation now."""

    agent: str


class Declined(_DeskEvent, frozen=True, kw_only=True, tag="declined"):
    """An agent refused it."""

    agent: str


class StateChanged(_DeskEvent, frozen=True, kw_only=True, tag="state_changed"):
    """The ticket's status. ``word`` is the vendor's."""

    state: TicketState
    word: str = ""


class TicketClosed(_DeskEvent, frozen=True, kw_only=True, tag="ticket_closed"):
    """The human part is over: the desk gives control back."""


class TicketReopened(_DeskEvent, frozen=True, kw_only=True, tag="ticket_reopened"):
    """A ticket that was over is worked on again."""


class OwnerChanged(_DeskEvent, frozen=True, kw_only=True, tag="owner_changed"):
    """Somebody else may speak now; chatdrill derives it from the desk's state after every act and call."""

    owner: Owner
    agent: str | None = None


class SurveyAsked(_DeskEvent, frozen=True, kw_only=True, tag="survey_asked"):
    """The desk asks the customer how it was."""


class Rated(_DeskEvent, frozen=True, kw_only=True, tag="rated"):
    """A rating is stored. ``score`` from 1 (worst) to 5 (best), ``word`` the vendor's; ``agent`` whom it is attributed to."""

    score: float
    word: str = ""
    agent: str | None = None
    comment: str = ""


class PresenceChanged(_DeskEvent, frozen=True, kw_only=True, tag="presence_changed"):
    """An agent came, went or takes a break."""

    agent: str
    presence: Presence


class AgentTyped(_DeskEvent, frozen=True, kw_only=True, tag="agent_typed"):
    """An agent types."""

    agent: str


DeskEvent = (
    ContactFiled
    | TicketOpened
    | HandoffAsked
    | HandoffFailed
    | EntryAdded
    | EntryChanged
    | EntryFailed
    | EntryDelivered
    | Assigned
    | Accepted
    | Declined
    | StateChanged
    | TicketClosed
    | TicketReopened
    | OwnerChanged
    | SurveyAsked
    | Rated
    | PresenceChanged
    | AgentTyped
)
