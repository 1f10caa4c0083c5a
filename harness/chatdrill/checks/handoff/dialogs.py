"""A case seen from the helpdesk: whose every moment was, what stood in the tickets, and what the bot said of itself.

Everything here is derived from the records of the desk (``Filed``), the customers (``Acted``) and the platform (``Took``);
nothing is taken from what the bot claims. Record numbers give the order, drill times the distances.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from chatdrill.checks.evidence import CaseEvidence, Heard, is_spoken
from chatdrill.checks.handoff.matching import Replies
from chatdrill.checks.handoff.notices import Notices
from chatdrill.model import (
    Accepted,
    Assigned,
    ContactFiled,
    Declined,
    DeskEvent,
    Entry,
    EntryAdded,
    EntryChanged,
    HandoffAsked,
    HandoffFailed,
    Owner,
    OwnerChanged,
    Sent,
    TicketClosed,
    TicketOpened,
)
from chatdrill.trace import Acted, Called, Filed, Took

OutKind = Literal["agent", "notice", "bot"]


@dataclass
class TicketFile:
    """One ticket: every record about it, in order. ``opened`` is missing where it was there before the trace began."""

    id: str
    conv: str
    desk: str
    records: list[Filed] = field(default_factory=list)
    opened: Filed | None = None

    def events(self, *kinds: type[DeskEvent]) -> list[Filed]:
        """The records of these kinds of events."""
        return [record for record in self.records if isinstance(record.event, kinds)]

    def entries(self, *authors: str, public: bool | None = None) -> list[tuple[Filed, Entry]]:
        """The messages that were added by these authors (none named: by anybody), with their records."""
        return [
            (record, record.event.entry)
            for record in self.records
            if isinstance(record.event, EntryAdded)
            and (not authors or record.event.entry.author in authors)
            and public in (None, record.event.entry.public)
        ]


@dataclass
class Span:
    """A stretch of a dialog with one owner: from the record ``since`` (``None``: the beginning) to ``until`` (``None``: the
    end). ``agent`` is the key of the agent who has it."""

    owner: Owner
    since: Filed | None
    until: Filed | None = None
    agent: str | None = None

    def holds(self, number: int) -> bool:
        """True if the record with this number lies in the stretch, the one that ends it excluded."""
        return (self.since is None or self.since.n < number) and (self.until is None or number < self.until.n)


@dataclass
class Episode:
    """One handover, from the moment somebody other than the bot is in charge until the bot is again, or the case is over.

    ``asked`` is the record with which it began (t_req), ``accepted`` the first with an agent in charge (t_acc), ``closed``
    the desk's word that the human part is over, ``returned`` the first with the bot (or nobody) in charge again (t_ret).
    ``by_agent``: no bot asked, an agent took over.
    """

    number: int
    ticket: str
    asked: Filed
    accepted: Filed | None = None
    closed: Filed | None = None
    returned: Filed | None = None
    by_agent: bool = False

    @property
    def ends_n(self) -> float:
        """The number of the record that ends it; infinite where none does."""
        return float("inf") if self.returned is None else self.returned.n

    def holds(self, number: int) -> bool:
        """True if the record with this number lies in the episode."""
        return self.asked.n <= number < self.ends_n


@dataclass(frozen=True)
class Out:
    """A message that the customer saw. ``reply`` is the agent's entry that it carries, if it carries one."""

    heard: Heard
    kind: OutKind
    reply: Filed | None = None

    @property
    def record(self) -> Took:
        """The record of it."""
        return self.heard.record

    @property
    def text(self) -> str:
        """Its words."""
        return self.heard.message.text


@dataclass
class Dialog:
    """One customer's conversation: what they said, what they saw, their tickets, who owned it when.

    ``agent_replies`` are the agents' public messages in order, ``outs`` all messages that the customer saw, each with its class.
    """

    conv: str
    case: CaseEvidence
    tickets: dict[str, TicketFile] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    said: list[Acted] = field(default_factory=list)
    outs: list[Out] = field(default_factory=list)
    contacts: list[Filed] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)

    def owner_at(self, number: int) -> Owner:
        """Who owned the dialog when the record with this number was made."""
        return self.span_at(number).owner

    def span_at(self, number: int) -> Span:
        """The stretch in which the record with this number lies; a record that changes the owner begins the new one."""
        return self.spans[max(0, bisect_right(self._starts, number) - 1)]

    def episode_at(self, number: int) -> Episode | None:
        """The episode in which a record lies."""
        return next((episode for episode in self.episodes if episode.holds(number)), None)

    def records(self, *kinds: type[DeskEvent]) -> list[Filed]:
        """The desk's records of these kinds, over all tickets, in order."""
        found = [record for ticket in self.tickets.values() for record in ticket.events(*kinds)]
        return sorted(found, key=lambda record: record.n)

    @property
    def agent_replies(self) -> list[tuple[Filed, Entry]]:
        """The agents' public messages, in order."""
        found = [item for ticket in self.tickets.values() for item in ticket.entries("agent", public=True)]
        return sorted(found, key=lambda item: item[0].n)

    def outs_between(self, after: int, before: float) -> Iterator[Out]:
        """What the customer saw between two records."""
        return (out for out in self.outs if after < out.record.n < before)

    @property
    def refused(self) -> Iterator[Called]:
        """The calls for this customer that the platform refused, in order."""
        is_messenger = self.case.began.is_messenger
        return (
            call for call in self.case.calls if call.conv == self.conv and is_messenger(call.platform) and not call.ok
        )

    @property
    def doubtful(self) -> Iterator[Called]:
        """Those of them over which the platform broke down: the bot cannot know whether the customer saw it."""
        return (call for call in self.refused if call.status == 0 or call.status >= _BREAKDOWN)

    def outs_of(self, reply: Filed) -> list[Out]:
        """The messages that carry an agent's reply."""
        return [out for out in self.outs if out.reply is not None and out.reply.n == reply.n]


def dialogs(case: CaseEvidence) -> list[Dialog]:
    """The dialogs of a case for which the desk has a ticket or a contact. Kept until the case has more records."""
    kept = case.memo.get("dialogs")
    if kept is None or kept[0] != len(case.records):
        kept = case.memo["dialogs"] = (len(case.records), list(_build(case)))
    found: list[Dialog] = kept[1]
    return found


def all_dialogs(case: CaseEvidence) -> list[Dialog]:
    """The dialogs of a case, those included of which the desk does not know."""
    known = dialogs(case)
    others = dict.fromkeys(act.conv for act in case.acts if act.conv is not None)
    for dialog in known:
        others.pop(dialog.conv, None)
    return [*known, *(_dialog(case, conv, ()) for conv in others)]


def _build(case: CaseEvidence) -> Iterator[Dialog]:
    filed: dict[str, list[Filed]] = defaultdict(list)
    for record in case.filed:
        if record.conv is not None:
            filed[record.conv].append(record)
    for conv, records in filed.items():
        yield _dialog(case, conv, records)


def _dialog(case: CaseEvidence, conv: str, records: Sequence[Filed]) -> Dialog:
    dialog = Dialog(conv, case)
    _sort(dialog, records)
    _own(dialog)
    dialog.said = [act for act in case.acts if act.conv == conv and is_spoken(act)]
    dialog.outs = list(_outs(dialog))
    return dialog


def _sort(dialog: Dialog, records: Sequence[Filed]) -> None:
    for record in records:
        if isinstance(record.event, ContactFiled):
            dialog.contacts.append(record)
        if record.event.ticket is None:
            continue
        ticket = dialog.tickets.setdefault(
            record.event.ticket, TicketFile(record.event.ticket, dialog.conv, record.desk)
        )
        ticket.records.append(record)
        if isinstance(record.event, TicketOpened):
            ticket.opened = record


# ----------------------------------------------------------------------------------------------- owner and episodes


def _own(dialog: Dialog) -> None:
    """The owner of the dialog is that of the ticket whose owner changed last."""
    dialog.spans = [Span("bot", None)]
    dialog._starts = [-1]
    for record in dialog.records(OwnerChanged, TicketClosed, Accepted):
        event = record.event
        if isinstance(event, OwnerChanged):
            _change(dialog, record, event)
        elif isinstance(event, TicketClosed) and dialog.episodes and dialog.episodes[-1].closed is None:
            dialog.episodes[-1].closed = record


def _change(dialog: Dialog, record: Filed, event: OwnerChanged) -> None:
    dialog.spans[-1].until = record
    dialog.spans.append(Span(event.owner, record, agent=event.agent))
    dialog._starts.append(record.n)
    open_one = dialog.episodes[-1] if dialog.episodes and dialog.episodes[-1].returned is None else None
    if event.owner in ("queue", "agent"):
        if open_one is None:
            by_agent = record.by == "agent"
            open_one = Episode(len(dialog.episodes) + 1, event.ticket or "", record, by_agent=by_agent)
            dialog.episodes.append(open_one)
        if event.owner == "agent" and open_one.accepted is None:
            open_one.accepted = record
    elif open_one is not None:
        open_one.returned = record


# --------------------------------------------------------------------------------------------- what was said by whom


_BREAKDOWN = 500  # HTTP statuses from here on, and none at all
_TRANSITIONS = (
    TicketOpened,
    HandoffAsked,
    HandoffFailed,
    OwnerChanged,
    Accepted,
    Declined,
    Assigned,
    TicketClosed,
)


def _outs(dialog: Dialog) -> Iterator[Out]:
    seconds_between = dialog.case.seconds_between
    replies = Replies(dialog.agent_replies, seconds_between, _changed_texts(dialog))
    desk_words = Replies(_desk_words(dialog), seconds_between)
    notices, changes = Notices.of(dialog.case), dialog.records(*_TRANSITIONS)
    spoken = [act.n for act in dialog.said]
    answered_n = -1
    refused = deque(dialog.refused)
    for heard in dialog.case.heard:
        while refused and refused[0].n < heard.record.n:
            replies.refused(refused.popleft())
        if heard.record.conv != dialog.conv or not isinstance(heard.record.effect, Sent):
            continue
        number = heard.record.n
        reply = replies.carried_by(heard)
        if reply is not None:
            yield Out(heard, "agent", reply)
            answered_n = number
            continue
        waiting = dialog.owner_at(number) == "queue"
        newest = bisect_right(spoken, number) - 1
        is_open = newest >= 0 and spoken[newest] > answered_n
        passed_on = desk_words.carried_by(heard) is not None
        if passed_on or notices.is_notice(heard, changes, waiting=waiting, open_question=is_open):
            yield Out(heard, "notice")
        else:
            yield Out(heard, "bot")
        answered_n = number


def _changed_texts(dialog: Dialog) -> dict[str, list[str]]:
    """What agents have made of their messages, by the id of the entry."""
    texts: dict[str, list[str]] = defaultdict(list)
    for record in dialog.records(EntryChanged):
        if isinstance(record.event, EntryChanged) and not record.event.deleted:
            texts[record.event.entry_id].append(record.event.text)
    return texts


def _desk_words(dialog: Dialog) -> list[tuple[Filed, Entry]]:
    """What the desk itself says to the customer: a greeting, a survey (at the act of an agent, too), the news that somebody came."""
    found = [item for ticket in dialog.tickets.values() for item in ticket.entries("system", "bot", public=True)]
    return sorted((item for item in found if item[0].by != "bot"), key=lambda item: item[0].n)
